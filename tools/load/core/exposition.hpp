#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace launchgate::load {

// One sample line; the views are valid during the call. Labels are not unescaped.
struct ExpositionSample {
  std::string_view name;
  std::string_view labels;  // between the braces
  double value = 0;
};

// Reads the Prometheus text format 0.0.4 and OpenMetrics 1.0 as far as they agree: `name{labels} value [timestamp] [#
// exemplar]`, comments skipped. NaN and infinities are no values: such samples are not reported. Returns the number of
// lines that are neither a comment nor a sample; 0 for a well-formed exposition.
std::size_t parse_exposition(std::string_view text, const std::function<void(const ExpositionSample&)>& on_sample);

}  // namespace launchgate::load
