#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/finding/finding.hpp"
#include "lib/rules/pointer_pattern.hpp"

// What matchers of rules over JSON documents see, and how they report.
namespace launchgate::rules {

// The names by which rules know the tier ladder, the package scripts, and the document that says which tier is
// accepted.
inline constexpr std::string_view tiers_kind = "tiers";
inline constexpr std::string_view scripts_kind = "package-scripts";
inline constexpr std::string_view matrix_kind = "evidence-matrix";

enum class PathState : std::uint8_t { file, folder, missing, outside, other };

// What rules may ask about the repository; the paths are relative to its root and taken literally.
class Repository {
 public:
  virtual ~Repository() = default;
  // `file` for a regular file inside the root, also behind a link that stays inside; `outside` for what leaves the
  // root.
  virtual PathState state(std::string_view path) const = 0;
  // Paths that a person may have meant, for "did you mean".
  virtual std::vector<std::string> candidates(std::string_view path) const = 0;
};

// The other documents of the suite by kind, several of a kind in configuration order; "tiers" is the tier ladder.
using Documents = std::map<std::string, std::vector<document::JsonValue>, std::less<>>;

struct JsonSubject {
  document::JsonValue root;
  const Documents& documents;
  const Repository& repository;
  std::string path = {};  // where it stands, in place of the document's path
};

// Collects the findings of one rule.
class Reporter {
 public:
  Reporter(const finding::RuleInfo& rule, std::vector<finding::Finding>& findings) : rule_(rule), findings_(findings) {}

  // The message is the rule's, followed by `detail`; the help is `hint`, followed by the rule's.
  void add(const document::JsonValue& at, const base::Span& span, const std::string& pointer, const std::string& detail,
           const std::string& hint = {});
  void add(const Place& place, const std::string& detail, const std::string& hint = {}) {
    add(place.value, pointing_span(place), place.pointer, detail, hint);
  }

 private:
  const finding::RuleInfo& rule_;
  std::vector<finding::Finding>& findings_;
};

class JsonMatcher {
 public:
  virtual ~JsonMatcher() = default;
  // An error is one of the rule, for example a pattern that RE2 refuses.
  virtual base::Result<void> match(const JsonSubject& subject, Reporter& reporter) const = 0;
};

// The roots that a pattern searches: those of the kind it names, or the document under check.
std::vector<document::JsonValue> roots_of(const PointerPattern& pattern, const JsonSubject& subject);

// `"text"`, shortened and safe to print; numbers and words as written; "an object" for what is longer.
std::string shown(const document::JsonValue& value);
std::string quoted(std::string_view text);

}  // namespace launchgate::rules
