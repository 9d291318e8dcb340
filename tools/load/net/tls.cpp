#include "load/net/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace launchgate::load {

namespace {

// Where distributions keep their bundle of authorities; a static OpenSSL knows only where its own build put them.
constexpr std::array<const char*, 5> bundles = {
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"};

bool load_system_authorities(SSL_CTX* context) {
  if (std::getenv("SSL_CERT_FILE") == nullptr) {
    for (const char* bundle : bundles) {
      if (access(bundle, R_OK) == 0 && SSL_CTX_load_verify_file(context, bundle) == 1) return true;
    }
  }
  return SSL_CTX_set_default_verify_paths(context) == 1;
}

}  // namespace

void SslDeleter::operator()(SSL* ssl) const { SSL_free(ssl); }
void TlsContext::ContextDeleter::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

std::string take_tls_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  if (code == 0) return {};
  const char* reason = ERR_reason_error_string(code);
  return reason == nullptr ? "TLS error " + std::to_string(ERR_GET_REASON(code)) : reason;
}

base::Result<TlsContext> TlsContext::create(const TlsSettings& settings) {
  std::unique_ptr<SSL_CTX, ContextDeleter> context(SSL_CTX_new(TLS_client_method()));
  const auto fail = [&](base::ErrorCategory category, std::string what) {
    const std::string reason = take_tls_error();
    return base::Error{category, settings.ca_file, {}, std::move(what) + (reason.empty() ? "" : ": " + reason), {}};
  };
  if (!context) return fail(base::ErrorCategory::input, "TLS cannot start");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  // Idle streams by the thousand must not own a record buffer each.
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  // A peer that closes without saying so is seen by HTTP as a truncated body.
  SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  static constexpr std::array<unsigned char, 9> protocols = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_CTX_set_alpn_protos(context.get(), protocols.data(), protocols.size());
  if (settings.verify) {
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    if (!settings.ca_file.empty()) {
      if (SSL_CTX_load_verify_file(context.get(), settings.ca_file.c_str()) != 1) {
        return fail(base::ErrorCategory::input, "no certificates of authorities can be read");
      }
    } else {
      load_system_authorities(context.get());
    }
  }
  return TlsContext(std::move(context), settings.verify);
}

SslPtr TlsContext::open(int socket, const Url& url) const {
  SslPtr ssl(SSL_new(context_.get()));
  if (!ssl || SSL_set_fd(ssl.get(), socket) != 1) return nullptr;
  SSL_set_connect_state(ssl.get());
  if (!url.host_is_address) {
    // Not the macro of OpenSSL, which holds a C cast.
    SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(url.host.c_str()));
  }
  if (verify_) {
    X509_VERIFY_PARAM* param = SSL_get0_param(ssl.get());
    // The common name of a certificate's subject is no host name (RFC 6125, section 6.4.4).
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    const int set = url.host_is_address ? X509_VERIFY_PARAM_set1_ip_asc(param, url.host.c_str())
                                        : X509_VERIFY_PARAM_set1_host(param, url.host.c_str(), url.host.size());
    if (set != 1) return nullptr;
  }
  return ssl;
}

std::string certificate_problem(const SSL* ssl) {
  const long result = SSL_get_verify_result(ssl);
  return result == X509_V_OK ? std::string() : X509_verify_cert_error_string(result);
}

}  // namespace launchgate::load
