#pragma once

#include <optional>
#include <string>
#include <vector>

#include "load/core/clock_offset.hpp"
#include "load/core/plan.hpp"
#include "load/core/prepared.hpp"
#include "load/core/redact.hpp"
#include "load/core/transport.hpp"

namespace launchgate::load {

// One request to each target before any load: whether it can be reached, and whether it takes the token.
class Preflight final : public ExchangeHandler {
 public:
  struct Finding {
    Index target = 0;
    Index operation = 0;
    bool unreachable = false;  // no response at all
    bool token_refused = false;
    std::string message;  // redacted
  };

  Preflight(const Catalogue& catalogue, const Settings& settings, const Redactor& redact, const Clock& clock);

  void start(Transport& transport);
  bool done() const { return pending_ == 0; }
  std::uint64_t requests() const { return probes_.size(); }
  const std::vector<Finding>& findings() const { return findings_; }
  // By target.
  const std::vector<ClockOffset>& clocks() const { return clocks_; }
  // Statuses of the answers, for people.
  void on_exchange(std::uint32_t slot, const Exchange& exchange, Nanoseconds now) override;

 private:
  struct Probe {
    Index operation = 0;
    bool for_token = false;
  };
  const Catalogue& catalogue_;
  const Settings& settings_;
  const Redactor& redact_;
  const Clock& clock_;
  std::vector<PreparedOperation> prepared_;
  std::vector<Probe> probes_;
  std::vector<Finding> findings_;
  std::vector<ClockOffset> clocks_;
  std::int64_t sent_wall_ms_ = 0;
  std::size_t pending_ = 0;
};

}  // namespace launchgate::load
