#include "load/core/preflight.hpp"

namespace launchgate::load {

Preflight::Preflight(const Catalogue& catalogue, const Settings& settings, const Redactor& redact)
    : catalogue_(catalogue), settings_(settings), redact_(redact), prepared_(prepare(catalogue, settings)) {
  for (Index i = 0; i < catalogue.targets.size(); ++i) {
    const TargetSpec& target = catalogue.targets[i];
    if (settings.targets[i].skipped) continue;
    probes_.push_back({target.probe, false});
    if (target.token && target.token->probe && !settings.targets[i].token.empty())
      probes_.push_back({*target.token->probe, true});
  }
}

void Preflight::start(Transport& transport) {
  pending_ = probes_.size();
  for (std::uint32_t i = 0; i < probes_.size(); ++i) {
    transport.send(request_of(catalogue_, probes_[i].operation, prepared_[probes_[i].operation]), *this, i);
  }
}

void Preflight::on_exchange(std::uint32_t slot, const Exchange& exchange, Nanoseconds) {
  --pending_;
  const Probe& probe = probes_[slot];
  const OperationSpec& op = catalogue_.operations[probe.operation];
  Finding finding;
  finding.target = op.target;
  finding.operation = probe.operation;
  const std::string request = op.request.method + " " + op.request.shape;
  // A server that can be reached and answers badly is measured, not refused.
  const bool unreachable = (exchange.failure > Failure::none && exchange.failure <= Failure::tls_timeout) ||
                           exchange.failure == Failure::local;
  if (unreachable) {
    finding.unreachable = true;
    finding.message = request + ": " + std::string(describe(exchange.failure));
    if (!exchange.detail.empty()) finding.message += " (" + std::string(exchange.detail) + ")";
  } else if (probe.for_token && exchange.response.status == 401) {
    finding.token_refused = true;
    finding.message = request + " answered 401";
  } else {
    return;
  }
  finding.message = redact_(finding.message);
  findings_.push_back(std::move(finding));
}

}  // namespace launchgate::load
