#include "lib/signing/keys.hpp"

#include <nettle/bignum.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include <nettle/eddsa.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>

#include <array>
#include <cstring>
#include <optional>

#include "lib/finding/digest.hpp"
#include "lib/signing/base64.hpp"
#include "lib/signing/der.hpp"

namespace launchgate::signing {
namespace {

constexpr std::size_t scalar_size = 32;
constexpr std::string_view oid_ed25519 = "\x2b\x65\x70";
constexpr std::string_view oid_ec = "\x2a\x86\x48\xce\x3d\x02\x01";
constexpr std::string_view oid_p256 = "\x2a\x86\x48\xce\x3d\x03\x01\x07";

const std::uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }
std::uint8_t* bytes_of(std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }

// The decoded block of this label, or none. Other blocks, such as EC PARAMETERS, are passed over.
std::optional<std::string> pem_block(std::string_view text, std::string_view label) {
  const std::string begin = "-----BEGIN " + std::string(label) + "-----";
  const std::string end = "-----END " + std::string(label) + "-----";
  const std::size_t start = text.find(begin);
  if (start == std::string_view::npos) return std::nullopt;
  const std::size_t stop = text.find(end, start);
  if (stop == std::string_view::npos) return std::nullopt;
  std::string body;
  for (const char c : text.substr(start + begin.size(), stop - start - begin.size())) {
    if (c != '\n' && c != '\r' && c != ' ') body += c;
  }
  return from_base64(body);
}

std::optional<Algorithm> read_algorithm(DerReader& outer) {
  const auto sequence = outer.next(der_sequence);
  if (!sequence) return std::nullopt;
  DerReader inner(*sequence);
  const auto algorithm = inner.next(der_object_id);
  if (algorithm == oid_ed25519 && inner.done()) return Algorithm::ed25519;
  if (algorithm == oid_ec && inner.next(der_object_id) == oid_p256 && inner.done()) return Algorithm::ecdsa_p256_sha256;
  return std::nullopt;
}

std::optional<std::string> sec1_scalar(std::string_view bytes) {
  DerReader outer(bytes);
  const auto sequence = outer.next(der_sequence);
  if (!sequence || !outer.done()) return std::nullopt;
  DerReader inner(*sequence);
  const auto version = inner.next(der_integer);
  const auto scalar = inner.next(der_octet_string);
  if (version != std::string_view("\x01", 1) || !scalar || scalar->size() != scalar_size) return std::nullopt;
  return std::string(*scalar);
}

// The curve is named by the optional parameters, [0].
bool sec1_is_p256(std::string_view bytes) {
  DerReader outer(bytes);
  const auto sequence = outer.next(der_sequence);
  if (!sequence) return false;
  DerReader inner(*sequence);
  if (!inner.skip() || !inner.skip()) return false;
  const auto parameters = inner.next(0xa0);
  if (!parameters) return false;
  DerReader named(*parameters);
  return named.next(der_object_id) == oid_p256;
}

class Scalar {
 public:
  explicit Scalar(std::string_view big_endian) {
    nettle_ecc_scalar_init(&scalar_, nettle_get_secp_256r1());
    mpz_t number;
    nettle_mpz_init_set_str_256_u(number, big_endian.size(), bytes_of(big_endian));
    valid_ = nettle_ecc_scalar_set(&scalar_, number) == 1;
    mpz_clear(number);
  }
  Scalar(const Scalar&) = delete;
  Scalar& operator=(const Scalar&) = delete;
  ~Scalar() { nettle_ecc_scalar_clear(&scalar_); }
  bool valid() const { return valid_; }
  const ecc_scalar* get() const { return &scalar_; }

 private:
  ecc_scalar scalar_{};
  bool valid_ = false;
};

class Point {
 public:
  Point() { nettle_ecc_point_init(&point_, nettle_get_secp_256r1()); }
  Point(const Point&) = delete;
  Point& operator=(const Point&) = delete;
  ~Point() { nettle_ecc_point_clear(&point_); }
  ecc_point* get() { return &point_; }

  // Coordinates of 32 bytes each; false when they are not on the curve.
  bool set(std::string_view coordinates) {
    mpz_t x;
    mpz_t y;
    nettle_mpz_init_set_str_256_u(x, scalar_size, bytes_of(coordinates));
    nettle_mpz_init_set_str_256_u(y, scalar_size, bytes_of(coordinates.substr(scalar_size)));
    const bool on_curve = nettle_ecc_point_set(&point_, x, y) == 1;
    mpz_clear(x);
    mpz_clear(y);
    return on_curve;
  }
  std::string coordinates() const {
    mpz_t x;
    mpz_t y;
    mpz_init(x);
    mpz_init(y);
    nettle_ecc_point_get(&point_, x, y);
    std::string bytes(2 * scalar_size, '\0');
    nettle_mpz_get_str_256(scalar_size, bytes_of(bytes), x);
    nettle_mpz_get_str_256(scalar_size, bytes_of(bytes) + scalar_size, y);
    mpz_clear(x);
    mpz_clear(y);
    return bytes;
  }

 private:
  ecc_point point_{};
};

class Signature {
 public:
  Signature() { nettle_dsa_signature_init(&signature_); }
  Signature(const Signature&) = delete;
  Signature& operator=(const Signature&) = delete;
  ~Signature() { nettle_dsa_signature_clear(&signature_); }
  dsa_signature* get() { return &signature_; }

  bool set(std::string_view text) {
    DerReader outer(text);
    const auto sequence = outer.next(der_sequence);
    if (!sequence || !outer.done()) return false;
    DerReader inner(*sequence);
    const auto r = inner.next(der_integer);
    const auto s = inner.next(der_integer);
    if (!r || !s || !inner.done()) return false;
    const auto r_bytes = unsigned_of(*r, scalar_size);
    const auto s_bytes = unsigned_of(*s, scalar_size);
    if (!r_bytes || !s_bytes) return false;
    nettle_mpz_set_str_256_u(signature_.r, r_bytes->size(), bytes_of(std::string_view(*r_bytes)));
    nettle_mpz_set_str_256_u(signature_.s, s_bytes->size(), bytes_of(std::string_view(*s_bytes)));
    return true;
  }
  std::string text() const {
    std::string r(scalar_size, '\0');
    std::string s(scalar_size, '\0');
    nettle_mpz_get_str_256(scalar_size, bytes_of(r), signature_.r);
    nettle_mpz_get_str_256(scalar_size, bytes_of(s), signature_.s);
    return der(der_sequence, der_unsigned(r) + der_unsigned(s));
  }

 private:
  dsa_signature signature_{};
};

std::array<std::uint8_t, SHA256_DIGEST_SIZE> sha256(std::string_view message) {
  sha256_ctx context;
  nettle_sha256_init(&context);
  nettle_sha256_update(&context, message.size(), bytes_of(message));
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
  nettle_sha256_digest(&context, digest.size(), digest.data());
  return digest;
}

// The nonces of RFC 6979, section 3.2, for a 256-bit group and SHA-256. ecdsa_sign() asks for 32 bytes at a time and
// asks again when they are no number of the group, which is what steps h.2 and h.3 do.
class Nonces {
 public:
  Nonces(std::string_view key, const std::array<std::uint8_t, SHA256_DIGEST_SIZE>& digest) {
    value_.fill(1);
    key_.fill(0);
    // bits2octets: the digest modulo the group's order.
    mpz_t number;
    mpz_t order;
    nettle_mpz_init_set_str_256_u(number, digest.size(), digest.data());
    mpz_init_set_str(order, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    mpz_mod(number, number, order);
    std::array<std::uint8_t, scalar_size> reduced{};
    nettle_mpz_get_str_256(reduced.size(), reduced.data(), number);
    mpz_clear(number);
    mpz_clear(order);
    for (const std::uint8_t step : {std::uint8_t{0}, std::uint8_t{1}}) {
      hmac_sha256_ctx context;
      nettle_hmac_sha256_set_key(&context, key_.size(), key_.data());
      nettle_hmac_sha256_update(&context, value_.size(), value_.data());
      nettle_hmac_sha256_update(&context, 1, &step);
      nettle_hmac_sha256_update(&context, key.size(), bytes_of(key));
      nettle_hmac_sha256_update(&context, reduced.size(), reduced.data());
      nettle_hmac_sha256_digest(&context, key_.size(), key_.data());
      next_value();
    }
  }

  static void give(void* self, std::size_t length, std::uint8_t* out) { static_cast<Nonces*>(self)->fill(length, out); }

 private:
  void next_value() {
    hmac_sha256_ctx context;
    nettle_hmac_sha256_set_key(&context, key_.size(), key_.data());
    nettle_hmac_sha256_update(&context, value_.size(), value_.data());
    nettle_hmac_sha256_digest(&context, value_.size(), value_.data());
  }

  void fill(std::size_t length, std::uint8_t* out) {
    if (given_) {
      const std::uint8_t zero = 0;
      hmac_sha256_ctx context;
      nettle_hmac_sha256_set_key(&context, key_.size(), key_.data());
      nettle_hmac_sha256_update(&context, value_.size(), value_.data());
      nettle_hmac_sha256_update(&context, 1, &zero);
      nettle_hmac_sha256_digest(&context, key_.size(), key_.data());
      next_value();
    }
    given_ = true;
    while (length > 0) {
      next_value();
      const std::size_t count = std::min(length, value_.size());
      std::memcpy(out, value_.data(), count);
      out += count;
      length -= count;
    }
  }

  std::array<std::uint8_t, SHA256_DIGEST_SIZE> value_{};
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> key_{};
  bool given_ = false;
};

base::Error wrong_key(const std::string& path, std::string message) {
  return {base::ErrorCategory::content,
          path,
          {},
          std::move(message),
          "make one with `openssl genpkey -algorithm ed25519` or `-algorithm EC -pkeyopt ec_paramgen_curve:P-256`"};
}

}  // namespace

base::Result<PublicKey> PublicKey::from_pem(const std::string& path, std::string_view text) {
  const auto block = pem_block(text, "PUBLIC KEY");
  if (!block) return wrong_key(path, "holds no PEM block PUBLIC KEY");
  DerReader outer(*block);
  const auto info = outer.next(der_sequence);
  if (!info || !outer.done()) return wrong_key(path, "is no well-formed public key");
  DerReader inner(*info);
  const auto algorithm = read_algorithm(inner);
  const auto bits = inner.next(der_bit_string);
  if (!algorithm) return wrong_key(path, "is neither an Ed25519 nor a P-256 key");
  if (!bits || !inner.done() || bits->empty() || bits->front() != 0)
    return wrong_key(path, "is no well-formed public key");
  std::string_view bytes = bits->substr(1);
  if (*algorithm == Algorithm::ed25519) {
    if (bytes.size() != ED25519_KEY_SIZE) return wrong_key(path, "is no well-formed Ed25519 key");
  } else {
    if (bytes.size() != 1 + 2 * scalar_size || bytes.front() != 4)
      return wrong_key(path, "is no uncompressed P-256 key");
    bytes.remove_prefix(1);
    if (!Point().set(bytes)) return wrong_key(path, "is no point of P-256");
  }
  return PublicKey(*algorithm, std::string(bytes));
}

bool PublicKey::verify(std::string_view message, std::string_view signature) const {
  if (algorithm_ == Algorithm::ed25519) {
    return signature.size() == ED25519_SIGNATURE_SIZE &&
           nettle_ed25519_sha512_verify(bytes_of(std::string_view(bytes_)), message.size(), bytes_of(message),
                                        bytes_of(signature)) == 1;
  }
  Point point;
  Signature parsed;
  if (!point.set(bytes_) || !parsed.set(signature)) return false;
  const auto digest = sha256(message);
  return nettle_ecdsa_verify(point.get(), digest.size(), digest.data(), parsed.get()) == 1;
}

std::string PublicKey::id() const {
  std::string algorithm;
  std::string bits(1, '\0');
  if (algorithm_ == Algorithm::ed25519) {
    algorithm = der(der_object_id, oid_ed25519);
  } else {
    algorithm = der(der_object_id, oid_ec) + der(der_object_id, oid_p256);
    bits += '\x04';
  }
  return finding::sha256_hex(der(der_sequence, der(der_sequence, algorithm) + der(der_bit_string, bits + bytes_)));
}

base::Result<PrivateKey> PrivateKey::from_pem(const std::string& path, std::string_view text) {
  if (text.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") != std::string_view::npos ||
      text.find("Proc-Type: 4,ENCRYPTED") != std::string_view::npos) {
    return wrong_key(path, "is encrypted; only plain keys can be read");
  }
  if (const auto sec1 = pem_block(text, "EC PRIVATE KEY")) {
    auto scalar = sec1_scalar(*sec1);
    if (!scalar || !sec1_is_p256(*sec1) || !Scalar(*scalar).valid()) return wrong_key(path, "is no P-256 key");
    return PrivateKey(Algorithm::ecdsa_p256_sha256, std::move(*scalar));
  }
  const auto block = pem_block(text, "PRIVATE KEY");
  if (!block) return wrong_key(path, "holds no PEM block PRIVATE KEY");
  DerReader outer(*block);
  const auto info = outer.next(der_sequence);
  if (!info || !outer.done()) return wrong_key(path, "is no well-formed private key");
  DerReader inner(*info);
  const auto version = inner.next(der_integer);
  const auto algorithm = version ? read_algorithm(inner) : std::nullopt;
  const auto key = inner.next(der_octet_string);
  if (!algorithm) return wrong_key(path, "is neither an Ed25519 nor a P-256 key");
  if (!key) return wrong_key(path, "is no well-formed private key");
  std::optional<std::string> scalar;
  if (*algorithm == Algorithm::ed25519) {
    DerReader seed(*key);
    if (const auto bytes = seed.next(der_octet_string); bytes && bytes->size() == ED25519_KEY_SIZE && seed.done())
      scalar = std::string(*bytes);
  } else {
    scalar = sec1_scalar(*key);
    if (scalar && !Scalar(*scalar).valid()) scalar.reset();
  }
  if (!scalar) return wrong_key(path, "is no well-formed private key");
  return PrivateKey(*algorithm, std::move(*scalar));
}

PublicKey PrivateKey::public_key() const {
  if (algorithm_ == Algorithm::ed25519) {
    std::string bytes(ED25519_KEY_SIZE, '\0');
    nettle_ed25519_sha512_public_key(bytes_of(bytes), bytes_of(std::string_view(bytes_)));
    return {algorithm_, std::move(bytes)};
  }
  const Scalar scalar(bytes_);
  Point point;
  nettle_ecc_point_mul_g(point.get(), scalar.get());
  return {algorithm_, point.coordinates()};
}

std::string PrivateKey::sign(std::string_view message) const {
  if (algorithm_ == Algorithm::ed25519) {
    const PublicKey own = public_key();
    std::string signature(ED25519_SIGNATURE_SIZE, '\0');
    nettle_ed25519_sha512_sign(bytes_of(std::string_view(own.bytes_)), bytes_of(std::string_view(bytes_)),
                               message.size(), bytes_of(message), bytes_of(signature));
    return signature;
  }
  const Scalar scalar(bytes_);
  const auto digest = sha256(message);
  Nonces nonces(bytes_, digest);
  Signature signature;
  nettle_ecdsa_sign(scalar.get(), &nonces, Nonces::give, digest.size(), digest.data(), signature.get());
  return signature.text();
}

PrivateKey::~PrivateKey() { explicit_bzero(bytes_.data(), bytes_.size()); }

}  // namespace launchgate::signing
