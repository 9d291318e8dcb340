#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/document/json_document.hpp"
#include "lib/document/object_reader.hpp"
#include "lib/evidence/duration.hpp"
#include "lib/rules/pattern.hpp"

// The tier ladder and the promotion policy (schemas/tier-ladder.schema.json), read into shapes that checks can use. All
// names, places and limits come from that document; nothing here knows a product. Pointers are RFC 6901, relative to
// what the schema says.
namespace launchgate::evidence {

// A regular expression that is known to compile.
class Matcher {
 public:
  Matcher() = default;
  static base::Result<Matcher> compile(const document::JsonValue& text);
  // The same, of a whole text.
  static base::Result<Matcher> whole(const document::JsonValue& text);
  // What any of a list of expressions finds.
  static base::Result<Matcher> any_of(const document::JsonValue& list);

  bool found_in(std::string_view text) const { return find(text, 0).has_value(); }
  // Begin and end of the first match at or after `from`: of its first group where there is one that took part, else of
  // the whole.
  std::optional<std::pair<std::size_t, std::size_t>> find(std::string_view text, std::size_t from) const;

 private:
  static base::Result<Matcher> compile(const document::JsonValue& text, std::string expression);
  explicit Matcher(rules::Pattern pattern) : pattern_(std::move(pattern)) {}
  std::optional<rules::Pattern> pattern_;
};

struct Rung {
  std::string claim;
  std::string matrix_tier;
  std::string evidence_profile;
  std::optional<std::string> record_tier;
  bool hosted = false;
  bool require_pins = false;
  bool require_figures = false;  // of the items that a run proves
  bool require_signature = false;
  bool remote = false;                   // whether the deployment is not on the machine or in its network
  std::optional<Matcher> allowed_hosts;  // that are remote all the same
  std::optional<std::int64_t> max_age_days;
  std::int64_t stale_after_days = 90;  // evidence older than that is told
  bool requires_below = false;
};

struct Ladder {
  std::vector<Rung> rungs;  // lowest first
  std::vector<std::string> profiles;
  std::string accepted_status;
  std::string evidence_status;
  std::string closed_status;

  const Rung* by_claim(std::string_view claim) const;  // exact
  const Rung* by_record_tier(std::string_view tier) const;
  std::vector<std::string> claims() const;
};

struct MatrixPlaces {
  std::string tiers;
  std::string claim_status;
  std::string items;
  std::string item_commands;
};

struct RecordPlaces {
  std::string scope;
  std::vector<std::string> template_scopes;
  std::string private_scope;
  std::string target_tier;
  std::string required_report_fields;
  std::string items;
  std::string id;
  std::string blocking;
  std::string status;
  std::string pass_status;
  std::string fail_status;
  std::string pending_status;
  std::string not_applicable_status;
  std::string rationale;
  std::string command;
  std::string report;
  std::string checksum;
  std::string evidence;
  std::string summary;
  std::string owner;
  std::vector<std::string> complete;
  std::vector<std::string> published;  // that go into the public summary
};

struct ReportPlaces {
  std::string command;
  std::string evidence_commands;
  std::string commit_sha;
  std::string image_digests;
  std::string started_at;
  std::string finished_at;
  std::string duration_ms;
  std::string status;
  std::string environment_profile;
  std::vector<std::string> profile_keys;
  std::vector<std::string> tier_keys;
};

struct Contradictions {
  // Keys are folded (see fold_key).
  std::vector<std::string> verdict_keys;
  std::vector<std::string> pass_values;  // lower case
  std::vector<std::string> fail_values;  // lower case
  std::vector<std::string> failure_lists;
  std::vector<std::string> failure_counts;
  std::vector<std::string> check_lists;
  std::vector<std::string> status_keys;
  std::vector<std::string> zero_keys;
  std::vector<std::string> false_keys;
  std::vector<std::string> true_keys;
  std::string history;
  // Words of values.
  std::vector<std::string> none_values;
  std::vector<std::string> false_values;
  Matcher denials;      // a word that denies
  Matcher failures;     // a word of a sentence that tells a failure
  Matcher failed_line;  // a line of a result that does
  // Words that keys are made of.
  std::vector<std::string> fail_words;
  std::vector<std::string> pass_words;
  std::vector<std::string> status_words;
  std::vector<std::string> result_words;
  std::vector<std::string> neutral_words;  // a key with one of them tells no failure
  std::vector<std::string> negating_words;
  std::vector<std::string> tolerated_counts;  // words whose number is no verdict
  std::vector<std::string> measures;          // keys of an object that measures; folded
  std::vector<std::string> passed_counts;     // folded
  std::vector<std::string> totals;            // folded
};

struct DryRun {
  std::vector<std::string> keys;    // folded
  std::vector<std::string> fields;  // folded
  Matcher pattern;
  Matcher output;                        // what a dry run prints
  std::vector<std::string> flags;        // folded; only true says it
  std::vector<std::string> mode_keys;    // folded
  std::vector<std::string> modes;        // lower case
  std::vector<std::string> true_values;  // lower case
  std::vector<std::string> false_values;
};

struct Placeholders {
  Matcher pattern;
  std::vector<std::string> repeated_prefixes;
  std::size_t repeated_length = 0;
  Matcher empty_words;                  // of the fields that a go needs
  std::vector<std::string> exempt;      // pointer patterns
  std::optional<Matcher> exempt_forms;  // of what may stand there; none: every placeholder
  Matcher implausible;                  // of checksums, digests and commits
};

struct SecretKeys {
  Matcher pattern;
  std::vector<std::string> allowed_suffixes;  // of keys whose value is a boolean
};

struct PrivateValue {
  std::string name;
  Matcher pattern;
  std::optional<Matcher> allow;
};

struct ItemPolicy {
  std::vector<std::string> must_name;
  std::string duration_field;  // empty: none
  std::string figures;         // mode of the run that proves it; empty: none
  std::vector<std::string> must_affirm;
};

// How long a run of a command must last.
struct RunLength {
  std::string names;  // the command
  std::string field;  // of the target profile, in milliseconds
};

struct Affirmation {
  Matcher pattern;
  std::string field;  // empty: none
};

struct Affirmations {
  std::vector<std::string> in;
  Matcher neutral;              // left out before a sentence is judged: "without errors"
  Matcher struck;               // left out before anything is read
  std::optional<Matcher> verb;  // of a sentence that states something; none: every sentence does
  Matcher negated_before;
  Matcher negated_after;
  std::map<std::string, Affirmation> words;
};

struct AttachPlaces {
  std::vector<std::string> reports;
  std::vector<std::string> environment_profile;
  std::vector<std::string> verdicts;
  std::string checks;
};

struct Policy {
  Ladder ladder;
  std::optional<Matcher> may_vary;  // words of a command beside those that the matrix names; none: no word
  std::vector<std::string> images;
  MatrixPlaces matrix;
  RecordPlaces record;
  ReportPlaces report;
  std::vector<std::string> pass_statuses;
  Contradictions contradictions;
  DryRun dry_run;
  Placeholders placeholders;
  SecretKeys secret_keys;
  std::vector<PrivateValue> private_values;
  std::vector<std::string> address_places;  // of the addresses of the deployment, in the report of a run
  Matcher local_hosts;                      // that are no remote deployment
  base::Milliseconds duration_tolerance = 0;
  base::Milliseconds future_tolerance = 0;
  std::optional<base::Milliseconds> longest_run;
  std::vector<RunLength> run_lengths;
  std::string target_profiles;
  AttachPlaces attach;
  std::map<std::string, ItemPolicy> items;
  Affirmations affirmations;
};

// `tiers` satisfies its schema; what is missing all the same, or is no regular expression, is a `configuration` error
// with its position.
inline constexpr document::ReadOptions tier_ladder_options = {
    .guide = "schemas/tier-ladder.schema.json describes the tier ladder", .leave_unknown = true};

base::Result<Policy> load_policy(const document::JsonDocument& tiers);

// What stands for a value to come, alone.
base::Result<Placeholders> load_placeholders(const document::JsonDocument& tiers);

// The value at a pointer relative to `value`; "" is the value itself.
std::optional<document::JsonValue> find_at(const document::JsonValue& value, std::string_view pointer);
// The string there, or "".
std::string_view string_at(const document::JsonValue& value, std::string_view pointer);

// Whether `run` is the command that the matrix names as `named`: the same words, in order, but for words that may vary;
// "{…}" in a named word stands for anything.
bool same_command(const Policy& policy, std::string_view named, std::string_view run);
// Whether one of `run` is.
bool was_run(const Policy& policy, std::string_view named, const std::vector<std::string>& run);

bool contains(const std::vector<std::string>& words, std::string_view word);

}  // namespace launchgate::evidence
