#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/result.hpp"

struct ssl_ctx_st;

namespace launchgate::standin {

enum class CertificateKind : std::uint8_t { valid, self_signed, expired, not_yet_valid, wrong_host };

// In the order of the enumeration.
const std::vector<std::string>& certificate_kinds();

struct TlsSettings {
  CertificateKind kind = CertificateKind::valid;
  bool only_tls_1_2 = false;
};

struct TlsIdentity {
  std::shared_ptr<ssl_ctx_st> context;
  // PEM. Trusting it makes a `valid` or `self_signed` certificate pass; the other kinds still fail, for their own
  // reason.
  std::string authority;
};

// Keys are made anew each time (P-256) and never leave the process. Valid for 127.0.0.1, ::1 and localhost.
base::Result<TlsIdentity> make_identity(const TlsSettings& settings);

}  // namespace launchgate::standin
