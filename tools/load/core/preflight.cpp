#include "load/core/preflight.hpp"

#include "lib/base/http_date.hpp"

namespace launchgate::load {

Preflight::Preflight(const Catalogue& catalogue, const Settings& settings, const Redactor& redact, const Clock& clock)
    : catalogue_(catalogue),
      settings_(settings),
      redact_(redact),
      clock_(clock),
      prepared_(prepare(catalogue, settings)),
      clocks_(catalogue.targets.size()) {
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
  sent_wall_ms_ = clock_.wall_ms();
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
  const std::int64_t now = clock_.wall_ms();
  if (const auto date = base::parse_http_date(exchange.response.date, now))
    clocks_[op.target].add(*date, sent_wall_ms_, now);
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
