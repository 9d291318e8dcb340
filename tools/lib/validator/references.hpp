#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/suite/check.hpp"
#include "lib/suite/commands.hpp"

// What the parts of references_check() share.
namespace launchgate::validator {

using Names = std::vector<std::string>;

inline constexpr std::string_view catalogue_kind = "harness";
inline constexpr std::string_view profiles_kind = "target-profiles";
inline constexpr std::string_view record_kind = "evidence-record";

// The documents of a suite as far as they are there, and what is found about the names in them.
class References {
 public:
  explicit References(const suite::SuiteContext& context);

  // `name` must be one of `known`, or it is told at `at`. `what` is for the message: "target profile".
  void must_be(const document::JsonValue& at, std::string_view name, const Names& known, std::string_view what);
  // The same, but for names that may be anything: only one that is a slip of a known name is told.
  void may_be(const document::JsonValue& at, std::string_view name, const Names& known, std::string_view what);
  void tell(const document::JsonValue& at, std::string message, std::string help);
  // A command that can be run here.
  void must_run(const document::JsonValue& command);

  // The value at a place that the ladder names, such as ("matrix", "tiers"); of `root`, or none.
  std::optional<document::JsonValue> placed(const std::optional<document::JsonValue>& root, std::string_view section,
                                            std::string_view member) const;
  // The ladder's own word for it.
  std::optional<document::JsonValue> word(std::string_view section, std::string_view member) const;

  const suite::SuiteContext& context() const { return context_; }
  std::vector<finding::Finding> take() { return std::move(findings_); }

  document::JsonValue ladder;
  document::JsonValue catalogue;
  std::optional<document::JsonValue> matrix;
  std::optional<document::JsonValue> record;
  std::optional<document::JsonValue> targets;

 private:
  const suite::SuiteContext& context_;
  suite::Commands commands_;
  std::vector<finding::Finding> findings_;
};

finding::RuleInfo unknown_name_rule();

Names keys_of(const std::optional<document::JsonValue>& object);
Names strings_of(const std::optional<document::JsonValue>& list);
bool is_one_of(const Names& names, std::string_view name);
// Whether `name` looks like a slip of one of `known`, which it is not: one letter more, less, other or swapped.
std::optional<std::string> slip_of(std::string_view name, const Names& known);

// The members of that name of the ladder's steps.
Names steps(const References& references, std::string_view member);

// What the ladder calls the statuses of an item.
inline constexpr std::array<std::string_view, 4> statuses = {"passStatus", "notApplicableStatus", "failStatus",
                                                             "pendingStatus"};

void check_ladder_references(References& references);
void check_matrix_references(References& references);
void check_record_references(References& references);
void check_catalogue_references(References& references);

}  // namespace launchgate::validator
