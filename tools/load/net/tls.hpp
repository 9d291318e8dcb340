#pragma once

#include <memory>
#include <string>

#include "lib/base/result.hpp"
#include "load/net/url.hpp"

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace launchgate::load {

struct TlsSettings {
  bool verify = true;
  std::string ca_file;  // empty: the system's authorities
};

struct SslDeleter {
  void operator()(SSL* ssl) const;
};
using SslPtr = std::unique_ptr<SSL, SslDeleter>;

// Client side of TLS 1.2 and 1.3. Certificates and host names are verified unless the settings say otherwise.
class TlsContext {
 public:
  static base::Result<TlsContext> create(const TlsSettings& settings);
  TlsContext(TlsContext&&) noexcept = default;
  TlsContext& operator=(TlsContext&&) noexcept = default;
  ~TlsContext() = default;

  // A session over a connected non-blocking socket; null when memory is short.
  SslPtr open(int socket, const Url& url) const;

 private:
  struct ContextDeleter {
    void operator()(SSL_CTX* context) const;
  };
  explicit TlsContext(std::unique_ptr<SSL_CTX, ContextDeleter> context, bool verify)
      : context_(std::move(context)), verify_(verify) {}

  std::unique_ptr<SSL_CTX, ContextDeleter> context_;
  bool verify_;
};

// Why the peer's certificate was refused; empty when it was not.
std::string certificate_problem(const SSL* ssl);
// The newest error of this thread's queue, which is emptied.
std::string take_tls_error();

}  // namespace launchgate::load
