#include <catch2/catch.hpp>

#include "lib/signing/base64.hpp"
#include "lib/signing/der.hpp"
#include "lib/signing/envelope.hpp"
#include "lib/signing/keys.hpp"

using namespace launchgate::signing;

namespace {

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (const char byte : bytes) {
    hex += "0123456789abcdef"[static_cast<unsigned char>(byte) >> 4U];
    hex += "0123456789abcdef"[static_cast<unsigned char>(byte) & 15U];
  }
  return hex;
}

std::string pem(std::string_view label, std::string_view bytes) {
  return "-----BEGIN " + std::string(label) + "-----\n" + to_base64(bytes) + "\n-----END " + std::string(label) +
         "-----\n";
}

// The seed of RFC 8032, section 7.1, TEST 2, as PKCS #8.
PrivateKey ed25519() {
  const std::string seed = from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  auto key = PrivateKey::from_pem("k", pem("PRIVATE KEY", from_hex("302e020100300506032b657004220420") + seed));
  REQUIRE(key);
  return std::move(*key);
}

// The key of RFC 6979, section A.2.5, as PKCS #8 without the public key.
PrivateKey p256() {
  const std::string scalar = from_hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
  const std::string inner = der(der_sequence, from_hex("020101") + der(der_octet_string, scalar));
  const std::string algorithm = der(der_sequence, from_hex("06072a8648ce3d020106082a8648ce3d030107"));
  auto key = PrivateKey::from_pem(
      "k", pem("PRIVATE KEY", der(der_sequence, from_hex("020100") + algorithm + der(der_octet_string, inner))));
  REQUIRE(key);
  return std::move(*key);
}

}  // namespace

TEST_CASE("base64 has one text for some bytes") {
  for (const auto& [bytes, text] : {std::pair("", ""), std::pair("f", "Zg=="), std::pair("fo", "Zm8="),
                                    std::pair("foo", "Zm9v"), std::pair("foobar", "Zm9vYmFy")}) {
    CHECK(to_base64(bytes) == text);
    CHECK(from_base64(text) == bytes);
  }
  for (const char* text : {"Zg", "Zg=", "Zh==", "Zm9=", "Z===", "Zm9v\n", "Zm 9v", "====", "Zg==Zg=="})
    CHECK_FALSE(from_base64(text));
}

TEST_CASE("DER lengths and integers have one form") {
  for (const std::size_t size : {0U, 127U, 128U, 255U, 256U, 1000U}) {
    const std::string element = der(der_octet_string, std::string(size, 'x'));
    DerReader reader(element);
    CHECK(reader.next(der_octet_string)->size() == size);
    CHECK(reader.done());
  }
  CHECK_FALSE(DerReader(from_hex("04810141")).next(der_octet_string));  // a length of one byte would do
  CHECK_FALSE(DerReader(from_hex("0402")).next(der_octet_string));
  CHECK_FALSE(DerReader(from_hex("0480")).next(der_octet_string));
  CHECK(to_hex(der_unsigned(from_hex("000080"))) == "02020080");
  CHECK_FALSE(unsigned_of(from_hex("0001"), 4));
  CHECK_FALSE(unsigned_of(from_hex("80"), 4));
  CHECK(unsigned_of(from_hex("0080"), 2) == from_hex("0080"));
}

TEST_CASE("Ed25519 signs as RFC 8032 shows") {
  const PrivateKey key = ed25519();
  CHECK(to_hex(key.sign("\x72")) ==
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302a"
        "eeb00d291612bb0c00");
  CHECK(key.public_key().verify("\x72", key.sign("\x72")));
  CHECK_FALSE(key.public_key().verify("\x73", key.sign("\x72")));
  CHECK_FALSE(key.public_key().verify("\x72", key.sign("\x72") + "x"));
}

TEST_CASE("ECDSA takes its nonce as RFC 6979 shows") {
  const PrivateKey key = p256();
  const std::string r = from_hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716");
  const std::string s = from_hex("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
  CHECK(to_hex(key.sign("sample")) == to_hex(der(der_sequence, der_unsigned(r) + der_unsigned(s))));
  CHECK(key.public_key().verify("sample", key.sign("sample")));
  CHECK_FALSE(key.public_key().verify("Sample", key.sign("sample")));
  CHECK_FALSE(key.public_key().verify("sample", key.sign("sample") + '\0'));
  CHECK_FALSE(key.public_key().verify("sample", ""));
  CHECK_FALSE(ed25519().public_key().verify("sample", key.sign("sample")));
}

TEST_CASE("what is no key is refused without quoting it") {
  for (const std::string& text : {std::string(), std::string("SENTINEL"), pem("PRIVATE KEY", "SENTINEL"),
                                  pem("RSA PRIVATE KEY", "SENTINEL"), pem("ENCRYPTED PRIVATE KEY", "SENTINEL"),
                                  pem("EC PRIVATE KEY", "SENTINEL"), std::string("-----BEGIN PRIVATE KEY-----\n")}) {
    const auto key = PrivateKey::from_pem("k.pem", text);
    REQUIRE_FALSE(key);
    CHECK(key.error().category == launchgate::base::ErrorCategory::content);
    CHECK(to_string(key.error()).find("SENTINEL") == std::string::npos);
    CHECK_FALSE(PublicKey::from_pem("k.pem", text));
  }
}

TEST_CASE("an envelope opens with its key and not once a byte is changed") {
  const std::string payload = R"({"_type":"https://in-toto.io/Statement/v1"})";
  CHECK(pre_authentication("a/b", "xyz") == "DSSEv1 3 a/b 3 xyz");
  const PrivateKey ed = ed25519();
  const PrivateKey ec = p256();
  for (const PrivateKey* key : {&ed, &ec}) {
    const std::string envelope = seal(*key, in_toto_type, payload);
    CHECK(envelope == seal(*key, in_toto_type, payload));
    const auto opened = open("e", envelope, key->public_key());
    REQUIRE(opened);
    CHECK(*opened == payload);
    CHECK_FALSE(open("e", envelope, (key == &ed ? ec : ed).public_key()));
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < envelope.size(); ++i) {
      std::string changed = envelope;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      if (open("e", changed, key->public_key())) ++accepted;
    }
    CHECK(accepted == 0);
    CHECK_FALSE(open("e", envelope + " ", key->public_key()));
    CHECK_FALSE(open("e", envelope.substr(0, envelope.size() - 1), key->public_key()));
  }
}
