#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate::schema {

// The last part of the rule id.
enum class Class : std::uint8_t {
  unknown_key,
  missing_key,
  wrong_type,
  wrong_value,
  out_of_range,
  pattern,
  format,
  size,
  duplicate_item,
  no_variant,
  not_allowed,
  limit,
};

std::string_view name(Class kind);

struct Violation {
  Class kind = Class::not_allowed;
  std::uint32_t begin = 0;  // byte offsets in the document
  std::uint32_t end = 0;
  std::uint32_t depth = 0;  // of the value at fault below the root
  std::string pointer;
  std::string message;
  std::string help;
};

// Collects violations up to a bound and counts the rest.
class Sink {
 public:
  explicit Sink(std::size_t most) : most_(most) {}

  bool full() const { return violations_.size() >= most_; }
  std::size_t room() const { return most_ - violations_.size(); }
  void add(Violation violation) {
    if (full()) {
      ++dropped_;
    } else {
      violations_.push_back(std::move(violation));
    }
  }
  void drop(std::size_t count) { dropped_ += count; }

  const std::vector<Violation>& violations() const { return violations_; }
  std::vector<Violation>& violations() { return violations_; }
  std::size_t dropped() const { return dropped_; }

 private:
  std::size_t most_;
  std::size_t dropped_ = 0;
  std::vector<Violation> violations_;
};

}  // namespace launchgate::schema
