#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/document/object_reader.hpp"
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

// Reads the fields of a pack's objects: an ObjectReader that knows patterns and pointers.
class Fields : public document::ObjectReader {
 public:
  // Patterns, and the kinds of documents that pointers name, are noted in `pack`.
  Fields(const document::JsonValue& object, std::string what, std::optional<base::Error>& error,
         PackReading* pack = nullptr);

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
  void object(std::string_view name, const std::string& what, const std::function<void(Fields&)>& read);
  // At least one when present.
  void objects(std::string_view name, const std::string& what, bool required, const std::function<void(Fields&)>& read);
  using ObjectReader::object;

  const PackReading& pack() const;
  // Notes that documents of a kind are referred to; a pointer does so when it is read.
  void refer_to(std::string_view kind);

 private:
  // Every pattern of a pack passes here.
  Pattern noted(Pattern pattern);
  Pattern pattern_at(const document::JsonValue& value, Pattern::Options options);
  void read_nested(const document::JsonValue& at, const std::string& what, const std::function<void(Fields&)>& read);

  PackReading* pack_;
};

}  // namespace launchgate::rules
