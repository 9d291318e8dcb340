#include "standin/net/certificate.hpp"

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace launchgate::standin {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

constexpr long day = 24L * 60 * 60;

Key make_key() { return {EVP_EC_gen("P-256"), &EVP_PKEY_free}; }

bool add_extension(X509* certificate, X509* issuer, int name, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, name, value.c_str());
  if (extension == nullptr) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

struct Subject {
  std::string common_name;
  std::string alternative_names;  // empty: an authority
  bool authority = false;
  long from = -day;  // seconds from now
  long until = 30 * day;
};

// Signed by `issuer`, or by itself when there is none.
Certificate make_certificate(const Subject& subject, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  Certificate made(X509_new(), &X509_free);
  if (!made) return made;
  X509* x = made.get();
  unsigned char serial[8] = {};
  RAND_bytes(serial, sizeof serial);
  serial[0] &= 0x7f;
  BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
  X509_NAME* name = X509_get_subject_name(x);
  const auto* common = reinterpret_cast<const unsigned char*>(subject.common_name.c_str());
  bool good = number != nullptr && X509_set_version(x, 2) == 1 &&
              BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x)) != nullptr &&
              X509_gmtime_adj(X509_getm_notBefore(x), subject.from) != nullptr &&
              X509_gmtime_adj(X509_getm_notAfter(x), subject.until) != nullptr && X509_set_pubkey(x, key) == 1 &&
              X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, common, -1, -1, 0) == 1 &&
              X509_set_issuer_name(x, issuer != nullptr ? X509_get_subject_name(issuer) : name) == 1;
  BN_free(number);
  X509* signer = issuer != nullptr ? issuer : x;
  good = good && add_extension(x, signer, NID_basic_constraints, subject.authority ? "critical,CA:TRUE" : "CA:FALSE") &&
         add_extension(x, signer, NID_key_usage,
                       subject.authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature") &&
         add_extension(x, signer, NID_subject_key_identifier, "hash");
  if (good && !subject.alternative_names.empty()) {
    good = add_extension(x, signer, NID_subject_alt_name, subject.alternative_names) &&
           add_extension(x, signer, NID_ext_key_usage, "serverAuth");
  }
  if (!good || X509_sign(x, issuer_key, EVP_sha256()) == 0) made.reset();
  return made;
}

std::string to_pem(X509* certificate) {
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, certificate);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  return pem;
}

base::Error failure() {
  char text[256] = "unknown";
  ERR_error_string_n(ERR_get_error(), text, sizeof text);
  return {base::ErrorCategory::configuration, "", {}, fmt::format("cannot make a certificate: {}", text), ""};
}

}  // namespace

const std::vector<std::string>& certificate_kinds() {
  static const std::vector<std::string> names = {"valid", "self-signed", "expired", "not-yet-valid", "wrong-host"};
  return names;
}

base::Result<TlsIdentity> make_identity(const TlsSettings& settings) {
  Subject leaf{"launchgate stand-in", "IP:127.0.0.1,IP:::1,DNS:localhost", false};
  if (settings.kind == CertificateKind::expired) leaf.from = -30 * day, leaf.until = -day;
  if (settings.kind == CertificateKind::not_yet_valid) leaf.from = 10 * day;
  if (settings.kind == CertificateKind::wrong_host) leaf.alternative_names = "DNS:elsewhere.invalid";

  const Key key = make_key();
  const Key authority_key = make_key();
  if (!key || !authority_key) return failure();
  const bool self_signed = settings.kind == CertificateKind::self_signed;
  const Certificate authority =
      make_certificate({"launchgate stand-in authority", "", true}, authority_key.get(), nullptr, authority_key.get());
  if (!authority) return failure();
  const Certificate certificate = self_signed ? make_certificate(leaf, key.get(), nullptr, key.get())
                                              : make_certificate(leaf, key.get(), authority.get(), authority_key.get());
  if (!certificate) return failure();

  TlsIdentity identity;
  identity.context = {SSL_CTX_new(TLS_server_method()), &SSL_CTX_free};
  SSL_CTX* context = identity.context.get();
  if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
      (settings.only_tls_1_2 && SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION) != 1) ||
      SSL_CTX_use_certificate(context, certificate.get()) != 1 || SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    return failure();
  }
  // Idle streams hold no buffers; a partial write goes on from wherever the rest was moved to.
  SSL_CTX_set_mode(context,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  identity.authority = to_pem(self_signed ? certificate.get() : authority.get());
  return identity;
}

}  // namespace launchgate::standin
