#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lib/document/json_document.hpp"
#include "lib/schema/path.hpp"
#include "lib/schema/plan.hpp"
#include "lib/schema/violation.hpp"

namespace launchgate::schema {

// Which of an object's required keys are there.
class SeenKeys {
 public:
  explicit SeenKeys(std::uint32_t required) : missing_(required) {
    if (required > 64) many_.resize(required);
  }
  void mark(std::uint32_t number) {
    if (has(number)) return;
    --missing_;
    if (many_.empty()) {
      few_ |= std::uint64_t{1} << number;
    } else {
      many_[number] = true;
    }
  }
  bool has(std::uint32_t number) const { return many_.empty() ? ((few_ >> number) & 1U) != 0 : many_[number]; }
  bool all() const { return missing_ == 0; }

 private:
  std::uint32_t missing_;
  std::uint64_t few_ = 0;
  std::vector<bool> many_;
};

// Walks one document and the plan together.
//
// Without a sink a check stops at the first violation; branches of anyOf and oneOf, "if", "not" and "contains" are
// tried that way, and only where no branch fits are they tried again to learn why. Alternatives inside alternatives can
// multiply, so the number of (subschema, value) pairs looked at is bounded in proportion to the document; so is the
// depth, since the walk recurses. Past a bound everything fails and one violation says so.
class Walk {
 public:
  Walk(const Plan& plan, const document::JsonDocument& document);

  // Whether the value satisfies the node; violations go to `sink` unless it is null.
  bool check(NodeIndex index, const document::JsonValue& value, const Step& step, Sink* sink);

  // Set once a bound was reached.
  const std::optional<Violation>& limit() const { return limit_; }

 private:
  using Value = document::JsonValue;

  bool within_bounds(const Value& value, const Step& step);
  [[gnu::noinline]] void give_up(const Value& value, const Step& step);
  bool check_constraints(const Node& node, NodeIndex index, const Value& value, const Step& step, Sink* sink);
  [[gnu::noinline]] bool check_number(const Node& node, NodeIndex index, const Value& value, const Step& step,
                                      Sink* sink);
  [[gnu::noinline]] bool check_string(const Node& node, NodeIndex index, const Value& value, const Step& step,
                                      Sink* sink);
  bool check_array(const Node& node, const Value& value, const Step& step, Sink* sink);
  bool check_elements(const ArrayRules& rules, const Value& value, const Step& step, Sink* sink);
  bool check_contains(const ArrayRules& rules, const Value& value, const Step& step, Sink* sink);
  [[gnu::noinline]] bool check_unique(const Value& value, const Step& step, Sink* sink);
  bool check_object(const Node& node, const Value& value, const Step& step, Sink* sink);
  bool check_member(const ObjectRules& rules, const Property* property, const Value::Member& member, const Step& step,
                    Sink* sink, bool& known);
  [[gnu::noinline]] bool check_key(const ObjectRules& rules, const Value::Member& member, const Step& step, Sink* sink);
  [[gnu::noinline]] bool check_dependencies(const ObjectRules& rules, const Value& value, const Step& step, Sink* sink);
  bool check_combined(const Node& node, const Value& value, const Step& step, Sink* sink);

  // branches.cpp
  bool check_alternatives(const Alternatives& alternatives, const Value& value, const Step& step, Sink* sink);
  [[gnu::noinline]] bool check_by_discriminator(const Discriminator& discriminator, const Value& value,
                                                const Step& step, Sink* sink, bool& decided);
  [[gnu::noinline]] void report_several(const Alternatives& alternatives, const Value& value, const Step& step,
                                        Sink& sink);
  [[gnu::noinline]] void report_none(const Alternatives& alternatives, const Value& value, const Step& step,
                                     Sink& sink);

  // reports.cpp; kept out of line, since the strings they make would swell every frame of the recursion
  [[gnu::noinline]] void report(Sink& sink, Class kind, const Value& value, const Step& step, std::string message,
                                std::string help) const;
  [[gnu::noinline]] void report_type(const Node& node, NodeIndex index, const Value& value, const Step& step,
                                     Sink& sink) const;
  [[gnu::noinline]] void report_value(Class kind, const Node& node, NodeIndex index, const Value& value,
                                      const Step& step, Sink& sink) const;
  [[gnu::noinline]] void report_nothing(NodeIndex index, const Value& value, const Step& step, Sink& sink) const;
  [[gnu::noinline]] void report_contains(NodeIndex index, const Value& value, const Step& step, Sink& sink) const;
  [[gnu::noinline]] void report_dependency(const ObjectRules& rules, const Dependency& dependency,
                                           std::string_view name, const Value& value, const Step& step,
                                           Sink& sink) const;
  [[gnu::noinline]] void report_discriminator(const Discriminator& discriminator, const Value::Member* member,
                                              const Value& value, const Step& step, Sink& sink) const;
  [[gnu::noinline]] void report_size(const SizeLimits& limits, std::uint64_t actual, std::string_view unit,
                                     const Value& value, const Step& step, Sink& sink) const;
  [[gnu::noinline]] void report_keys(const ObjectRules& rules, const Value& value, const Step& step,
                                     const std::vector<Value::Member>& unknown, const SeenKeys& seen, Sink& sink) const;
  [[gnu::noinline]] void report_missing(std::string_view key, NodeIndex index, const std::string& why,
                                        const std::string& guess, const Value& value, const Step& step,
                                        Sink& sink) const;
  [[gnu::noinline]] void report_forbidden(const Node& node, const Value& value, const Step& step, Sink& sink) const;

  const Plan& plan_;
  std::uint64_t work_left_;
  std::uint32_t depth_ = 0;
  std::optional<Violation> limit_;
};

}  // namespace launchgate::schema
