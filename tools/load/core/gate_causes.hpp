#pragma once

#include <optional>
#include <string>
#include <vector>

#include "load/core/run_record.hpp"

// What stands behind a gate that failed or had nothing to judge, in words; pure functions of plan and record.
namespace launchgate::load {

// What the operations of a target that was missed were answered other than success: "60 × 403, 2 × header-timeout".
std::string other_answers(const RunRecord& record, const std::vector<Index>& operations);

// Scrapes that were refused or failed: then what metrics are missing is not the deployment's exporter's doing.
std::optional<Warning> scrapes_refused(const RunPlan& run, const RunRecord& record);

// Thresholds that no gate uses, gates without a threshold, and gates over categories of which nothing was planned.
std::vector<Warning> idle_gates(const RunPlan& run);

// What this client was refused by limits, by policy code, and what the server counted.
Check expected_rejections(const RunPlan& run, const RunRecord& record);

// Requests and streams that failed because this machine ran out of ports, descriptors or memory.
std::uint64_t exhausted_here(const RunRecord& record);

}  // namespace launchgate::load
