#include "load/core/transport.hpp"

namespace launchgate::load {

namespace {

struct FailureText {
  std::string_view name;
  std::string_view text;
};

constexpr std::array<FailureText, failure_count> texts = {{
    {"none", "no failure"},
    {"resolve-failed", "the host name has no address"},
    {"connection-refused", "the connection was refused"},
    {"unreachable", "the host cannot be reached"},
    {"connect-timeout", "no connection in time"},
    {"tls-failed", "the TLS handshake failed"},
    {"certificate-invalid", "the certificate is not valid"},
    {"tls-timeout", "no TLS handshake in time"},
    {"connection-reset", "the connection was reset"},
    {"connection-closed", "the connection was closed before a response"},
    {"header-timeout", "no response in time"},
    {"body-timeout", "the response was not complete in time"},
    {"truncated", "the response ended early"},
    {"oversized", "the response is larger than 8 MiB"},
    {"malformed-http", "the response is no HTTP/1.1"},
    {"bad-encoding", "the response's content encoding cannot be decoded"},
    {"idle-close", "the idle connection was closed as the request went out"},
    {"local-limit", "this machine ran out of descriptors, ports or memory"},
    {"canceled", "the run ended first"},
}};

}  // namespace

std::string_view name(Failure failure) { return texts[static_cast<std::size_t>(failure)].name; }
std::string_view describe(Failure failure) { return texts[static_cast<std::size_t>(failure)].text; }

}  // namespace launchgate::load
