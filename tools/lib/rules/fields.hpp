#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/rules/harmless.hpp"
#include "lib/rules/pattern.hpp"
#include "lib/rules/pointer_pattern.hpp"

namespace launchgate::rules {

struct Boundary;

// What all rules of a pack share while it is read.
struct PackReading {
  std::shared_ptr<const Harmless> harmless = std::make_shared<const Harmless>();
  std::shared_ptr<const Boundary> boundary;  // of claims that have none of their own; may be null
  std::vector<Pattern> patterns;             // all that were read, in their order
  std::vector<std::string_view> facts;       // of the patterns that will be read, where they are known
  std::vector<std::size_t> ends;             // in `patterns`, of those of the pack itself and of each rule
  std::set<std::string> kinds;               // of documents that are referred to
};

// Reads the members of one object strictly. Every accessor notes the name that it asks for; finish() refuses what
// nobody asked for. The first error, with its position, is kept and all later reads give empty values, so that a loader
// reads straight on and looks once.
class Fields {
 public:
  // `what` is for messages: "rule", "reference rule", "boundary".
  // Patterns, and the kinds of documents that pointers name, are noted in `pack`.
  Fields(document::JsonValue object, std::string what, std::optional<base::Error>& error, PackReading* pack = nullptr);

  bool has(std::string_view name);
  std::optional<document::JsonValue> value(std::string_view name);
  std::optional<document::JsonValue> value(std::string_view name, document::JsonKind kind, bool required);

  std::string text(std::string_view name);           // required, not blank
  std::string optional_text(std::string_view name);  // "" when absent
  bool flag(std::string_view name);                  // false when absent
  std::optional<std::uint32_t> count(std::string_view name);
  std::vector<std::string> texts(std::string_view name,
                                 bool required);  // at least one when present, none blank, all different
  // Index into `words`; `fallback` when absent, an error when absent without one.
  std::size_t one_of(std::string_view name, const std::vector<std::string>& words, std::optional<std::size_t> fallback);
  PointerPattern pointer(std::string_view name);  // required
  std::optional<PointerPattern> optional_pointer(std::string_view name);
  Pattern pattern(std::string_view name, Pattern::Options options = {});  // required
  std::optional<Pattern> optional_pattern(std::string_view name, Pattern::Options options = {});
  std::vector<Pattern> patterns(std::string_view name, Pattern::Options options = {});
  // One pattern, or a list of which any may match.
  std::optional<Pattern> any_pattern(std::string_view name, Pattern::Options options = {});
  // One for each string of texts().
  std::vector<Pattern> literals(std::string_view name, Pattern::Options options);

  // A nested object; `read` is not called when it is absent.
  void object(std::string_view name, std::string what, const std::function<void(Fields&)>& read);
  void objects(std::string_view name, std::string what, bool required, const std::function<void(Fields&)>& read);

  void finish();

  const PackReading& pack() const;
  // Notes that documents of a kind are referred to; a pointer does so when it is read.
  void refer_to(std::string_view kind);

  // Keeps an error at `at` unless there is one already.
  void refuse(const document::JsonValue& at, std::string message, std::string help = {});
  // Refuses a field that looks like one of those that are missing; whether there is one. "It lacks pattern" would hide
  // the "patern" that stands there.
  bool refuse_misspelt(const std::vector<std::string>& missing);
  bool failed() const { return error_->has_value(); }
  const document::JsonValue& object() const { return object_; }

 private:
  // Every pattern of a pack passes here.
  Pattern noted(Pattern pattern);
  Pattern pattern_at(const document::JsonValue& value, Pattern::Options options);
  void refuse_unknown(const document::JsonValue& key, std::string_view name, std::string help);

  document::JsonValue object_;
  std::string what_;
  std::optional<base::Error>* error_;
  PackReading* pack_;
  std::vector<std::string> known_;
};

}  // namespace launchgate::rules
