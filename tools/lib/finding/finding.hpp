#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/base/source_text.hpp"

namespace launchgate::finding {

enum class Severity : std::uint8_t { note, warning, error };
enum class Status : std::uint8_t { open, waived, baselined };

std::string_view name(Severity severity);
std::string_view name(Status status);
std::optional<Severity> severity_from(std::string_view text);

// The source line as shown below a finding, cut to a window around the place; safe to print. Offsets count code points
// from 0.
struct Excerpt {
  std::string line;
  std::uint32_t caret_begin = 0;
  std::uint32_t caret_end = 0;  // 0: nothing to show
};

// Control characters are escaped; lines longer than the window are cut on both sides and marked with "…".
Excerpt make_excerpt(const base::SourceText& source, const base::Span& span);

struct Waiver {
  std::string owner;
  std::string reason;
  std::string expires;  // YYYY-MM-DD
};

// One thing that is wrong, at one place. The texts are plain UTF-8; they never hold a secret: what finds one masks it
// first.
struct Finding {
  std::string rule_id;  // "<pack>/<rule>"
  std::string item;     // the evidence item that it is about; empty: none
  Severity severity = Severity::error;
  std::string file;  // relative to the root, forward slashes
  base::Span span;   // line 0: the whole file
  std::string json_pointer;
  std::string message;
  std::string help;
  Excerpt excerpt;
  // What the fingerprint is made of beside rule and path: stable when lines move. Empty: pointer, else the excerpt's
  // line.
  std::string context;
  std::string fingerprint;  // 32 hexadecimal digits, set by assign_fingerprints()
  Status status = Status::open;
  std::optional<Waiver> waiver;
};

// Why a file was not looked at, where the repository's own word is the reason.
inline constexpr const char* excluded_by_configuration = "excluded by the configuration";

// A private value that an allowance leaves out: it is no finding, and named all the same.
struct Allowed {
  std::string rule;
  std::string file;        // relative to the root
  std::uint32_t line = 0;  // of the comment that allows it; 0: the configuration does
  friend auto operator<=>(const Allowed&, const Allowed&) = default;
};

// Findings that are counted and not kept.
struct Tally {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t notes = 0;

  void add(Severity severity) {
    ++(severity == Severity::error ? errors : severity == Severity::warning ? warnings : notes);
  }
  void add(const Tally& other) {
    errors += other.errors;
    warnings += other.warnings;
    notes += other.notes;
  }
  std::size_t total() const { return errors + warnings + notes; }
};

// Whether both say the same about the same place.
bool says_the_same(const Finding& a, const Finding& b);

// What --list-rules, --explain and the SARIF rule table show of a rule.
struct RuleInfo {
  std::string id;
  Severity severity = Severity::error;
  std::string summary;
  std::string help;
  std::string why;
  std::string wrong;  // an example that is found
  std::string right;  // one that is not
};

// A finding at `span` of `source`.
Finding make_finding(const RuleInfo& rule, const base::SourceText& source, const base::Span& span, std::string message,
                     std::string help);

// By file, position, rule, message.
void sort_findings(std::vector<Finding>& findings);

// First 128 bits of SHA-256 over rule, path, normalised context and the ordinal among equals; neither line number nor
// secret goes in. Expects sorted findings.
void assign_fingerprints(std::vector<Finding>& findings);

}  // namespace launchgate::finding
