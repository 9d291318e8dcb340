#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "lib/document/json_document.hpp"
#include "lib/evidence/policy.hpp"
#include "record/run_entry.hpp"

// Runs that are withdrawn: they stay in the record, with the reason, and count no longer. Pure.
namespace launchgate::record {

// A run of an item: one that counts, or an earlier one.
struct ItemRun {
  document::JsonValue run;
  bool counts = false;
};

// Those that are not withdrawn, the oldest first; numbers in messages count from 1.
std::vector<ItemRun> runs_of_item(const evidence::Policy& policy, const document::JsonValue& item);

struct Withdrawal {
  std::size_t run = 0;  // index into runs_of_item()
  std::string reason;
  std::string at;  // RFC 3339
};

struct Withdrawn {
  std::string report;                          // the item's new report, as JSON
  std::optional<document::JsonValue> counted;  // the run that its fields are about now; none: no run counts
};

// `scratch` keeps what the result refers to.
base::Result<Withdrawn> withdraw(const evidence::Policy& policy, const document::JsonValue& item,
                                 const evidence::Rung* rung, const Withdrawal& withdrawal,
                                 std::optional<document::JsonDocument>& scratch);

}  // namespace launchgate::record
