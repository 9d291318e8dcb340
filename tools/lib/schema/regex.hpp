#pragma once

#include <re2/re2.h>

#include <string_view>

namespace launchgate::schema {

inline RE2::Options quiet_options() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

// Patterns are searched for, not anchored (draft-07 validation, section 6.3.3).
inline bool found_in(const RE2& regex, std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), regex);
}

}  // namespace launchgate::schema
