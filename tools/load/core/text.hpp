#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace launchgate::load {

// Shortest text of at most `digits` decimals, without trailing zeros: 12, 0.5, 0.0025.
std::string number(double value, int digits = 3);
double rounded(double value, int digits);
// "350 ms", "1.8 s", "4 h 5 min".
std::string human_duration(std::int64_t milliseconds);

}  // namespace launchgate::load
