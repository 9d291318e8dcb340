#pragma once

#include <string>

#include "load/core/run_record.hpp"

namespace launchgate::load {

// One line on how a run goes: elapsed of total, rate against target, percentile against threshold, errors, streams, in
// flight.
std::string progress_line(const RunPlan& run, const Engine& engine, const Measurements& measurements, Nanoseconds now);

}  // namespace launchgate::load
