#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate::base {

// Optimal string alignment distance in bytes, case folded (ASCII); stops counting above `limit` and returns limit + 1.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

// The candidate a person most likely meant, or none: at most a third of the longer word may differ. Ties go to the
// first.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

// `did you mean "x"?`, or empty.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

// `"a", "b" and "c"`; at most `most` of them, then "… (N more)".
std::string quoted_list(const std::vector<std::string>& words, std::string_view conjunction, std::size_t most = 8);

}  // namespace launchgate::base
