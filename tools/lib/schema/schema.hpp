#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/finding/finding.hpp"

// JSON Schema draft-07 (draft-handrews-json-schema-validation-01): a schema document is linted and compiled once, then
// validates any number of documents into findings that a person can act on. docs/schemas.md is the user's view of it.
//
// Regular expressions are RE2, numbers are compared exactly, work and depth are bounded: no document and no schema can
// make validation crash, hang or overflow the stack; what cannot be decided within the bounds is a finding, never a
// pass.
namespace launchgate::schema {

// A document that `$ref` may name, by `uri` or by an `$id` inside it. It is needed until compile() or lint() returns.
struct Resource {
  std::string uri;
  const document::JsonDocument* document = nullptr;
};

struct SchemaSettings {
  // Beyond what draft-07 asks of a schema: unknown keywords, formats that are not enforced, another dialect in
  // `$schema`, keywords that `$ref` overrides and limits that nothing can meet are errors.
  bool strict = true;
  // Whether `format` is enforced or an annotation.
  bool formats = true;
  // Where the schema was found; relative references and a relative `$id` are resolved against it.
  std::string base_uri;
  // JSON pointer of the subschema that documents are validated against; empty: the whole.
  std::string entry;
  std::vector<Resource> resources;
};

class Plan;

// Immutable, independent of the documents it was compiled from, and safe to share between threads.
class Schema {
 public:
  explicit Schema(std::vector<std::uint64_t> words);
  // A plan that was compiled before (Plan::words()) and stays where it is.
  explicit Schema(std::span<const std::uint64_t> words);
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;
  ~Schema();

  const Plan& plan() const { return *plan_; }
  // The `title` of the root, or "".
  std::string_view title() const;

 private:
  std::unique_ptr<const Plan> plan_;
};

// Everything that is wrong with a schema, by position; empty: compile() will accept it. The errors are of category
// configuration.
std::vector<base::Error> lint(const document::JsonDocument& schema, const SchemaSettings& settings = {});

// The first error of lint(), if there is one; its help counts the others.
base::Result<std::shared_ptr<const Schema>> compile(const document::JsonDocument& schema,
                                                    const SchemaSettings& settings = {});

// Findings listed one by one; a last one, of severity note, says how many more there are.
inline constexpr std::size_t findings_shown = 1000;

// All that is wrong with the document, sorted by position. Rule ids are `<rule_prefix>/<class>`, the classes those of
// rule_infos(). Time is linear in the document for schemas without alternatives; memory beside the document is that of
// the findings, plus 16 bytes an element for arrays under `uniqueItems`.
std::vector<finding::Finding> validate(const Schema& schema, const document::JsonDocument& document,
                                       std::string_view rule_prefix);

// The same for one value of a document; pointers and names start at the document's root.
std::vector<finding::Finding> validate(const Schema& schema, const document::JsonValue& value,
                                       std::string_view rule_prefix);

// The classes of findings as rules, for --list-rules and --explain.
std::vector<finding::RuleInfo> rule_infos(std::string_view rule_prefix);

}  // namespace launchgate::schema
