#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/result.hpp"

// Signatures with keys as `openssl genpkey` writes them: Ed25519 (RFC 8032) and ECDSA over P-256 with SHA-256 (FIPS
// 186-4).
namespace launchgate::signing {

enum class Algorithm : std::uint8_t { ed25519, ecdsa_p256_sha256 };

class PublicKey {
 public:
  // PEM "PUBLIC KEY" (SubjectPublicKeyInfo). Anything else, or another algorithm or curve, is a `content` error.
  static base::Result<PublicKey> from_pem(const std::string& path, std::string_view text);

  // Whether `signature` (64 bytes for Ed25519, a DER SEQUENCE of two INTEGERs for ECDSA) is one of `message`.
  bool verify(std::string_view message, std::string_view signature) const;
  // SHA-256 of the SubjectPublicKeyInfo, 64 hexadecimal digits: what `openssl pkey -pubin -outform DER | sha256sum`
  // prints.
  std::string id() const;

 private:
  friend class PrivateKey;
  PublicKey(Algorithm algorithm, std::string bytes) : algorithm_(algorithm), bytes_(std::move(bytes)) {}
  Algorithm algorithm_;
  std::string bytes_;  // 32 bytes, or the coordinates x and y of 32 bytes each
};

class PrivateKey {
 public:
  // PEM "PRIVATE KEY" (PKCS #8) or "EC PRIVATE KEY" (SEC 1), not encrypted. Errors never quote the text.
  static base::Result<PrivateKey> from_pem(const std::string& path, std::string_view text);

  // Deterministic: Ed25519 is by its nature, ECDSA takes its nonce from key and message (RFC 6979).
  std::string sign(std::string_view message) const;
  PublicKey public_key() const;

  PrivateKey(PrivateKey&&) = default;
  PrivateKey& operator=(PrivateKey&&) = default;
  PrivateKey(const PrivateKey&) = delete;
  PrivateKey& operator=(const PrivateKey&) = delete;
  ~PrivateKey();

 private:
  PrivateKey(Algorithm algorithm, std::string bytes) : algorithm_(algorithm), bytes_(std::move(bytes)) {}
  Algorithm algorithm_;
  std::string bytes_;  // 32 bytes
};

}  // namespace launchgate::signing
