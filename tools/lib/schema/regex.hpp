#pragma once

#include <re2/re2.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace launchgate::schema {

inline RE2::Options quiet_options() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

// Every pattern of a schema, compiled once. Patterns are searched for, not anchored (draft-07 validation,
// section 6.3.3).
class RegexCache {
 public:
  // Also for a pattern that RE2 refuses: see ok() and error() of the result, which lives as long as the cache.
  const RE2& get(std::string_view pattern) {
    auto found = compiled_.find(pattern);
    if (found == compiled_.end()) {
      found = compiled_
                  .emplace(std::string(pattern),
                           std::make_unique<RE2>(re2::StringPiece(pattern.data(), pattern.size()), quiet_options()))
                  .first;
    }
    return *found->second;
  }

 private:
  std::map<std::string, std::unique_ptr<RE2>, std::less<>> compiled_;
};

inline bool found_in(const RE2& regex, std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), regex);
}

}  // namespace launchgate::schema
