#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/finding/finding.hpp"
#include "lib/rules/pack.hpp"
#include "lib/rules/pattern.hpp"

// A rule of kind `secret`, and which matches of its pattern are secrets.
namespace launchgate::secrets {

// Places where a rule does not apply. With `all`, every list that is not empty must agree; else one suffices.
struct Allowance {
  std::vector<rules::Pattern> paths;
  std::vector<rules::Pattern> values;   // searched in the secret
  std::vector<rules::Pattern> matches;  // in the whole match
  std::vector<rules::Pattern> lines;    // in the line (4 KiB to either side at most)
  std::vector<std::string> stopwords;   // lower case; stand in the secret
  bool all = false;
};

struct SecretRule {
  finding::RuleInfo info;
  std::optional<rules::Pattern> pattern;  // none: the path alone is found (`only_paths`)
  std::uint32_t group = 0;                // which group is the secret; where it took no part, the whole match
  bool first_group = false;               // instead of `group`: the first group that took part and is not empty
  // Which group entropy, what is harmless, and `Allowance::values` look at; 0: the secret.
  std::uint32_t judged = 0;
  std::optional<rules::Pattern> each;  // searched in every match: each of its first groups is a secret
  // Lengths of runs of base64 characters (`find_long_run`), one of which stands in every match: in place of keywords.
  std::vector<std::uint32_t> runs;
  std::vector<std::string> keywords;
  bool keywords_in_match = true;            // else they need only stand somewhere in the text
  double min_entropy = 0;                   // bits per byte of the secret
  std::optional<double> randomness;         // see rules::randomness(): the secret must have more
  rules::Names names;                       // what the name beside it must say
  std::optional<std::uint32_t> name_group;  // none: the name in which the match begins
  bool entropy_above = false;               // the entropy must be above `min_entropy`, not only reach it
  std::vector<Allowance> allow;
  std::optional<rules::Pattern> only_paths;
  std::optional<rules::Pattern> needs;  // must match within `needs_window` lines (64 KiB to either side at most)
  std::uint32_t needs_window = 0;
  std::shared_ptr<const rules::Harmless> harmless;  // never secrets
  // Reads the rule when one of its keywords first shows; until then nothing but `info.id` and `keywords` is known of
  // it.
  std::function<SecretRule()> rest;
};

// The rules of kind `secret` in a pack, in its order.
std::vector<SecretRule> secret_rules(const rules::Pack& pack);
// The same, each read when it is needed.
std::vector<SecretRule> lazy_secret_rules(const rules::Pack& pack);

// What a rule's pattern matched. Offsets in the text; the secret lies inside the match.
struct Match {
  std::uint32_t rule = 0;
  std::size_t begin = 0;  // of the secret
  std::size_t end = 0;
  std::size_t match_begin = 0;
  std::size_t match_end = 0;
  std::size_t name_begin = 0;  // of the name beside it, where the rule asks for one
  std::size_t name_end = 0;
  friend bool operator==(const Match&, const Match&) = default;
};

// Whether what the rule matched counts: entropy, what the pack calls harmless, allowances, what must stand nearby. The
// error is one of a pattern. `judged` is the text of the rule's group of that name.
base::Result<bool> is_secret(const SecretRule& rule, const Match& match, std::string_view judged, std::string_view text,
                             std::string_view path);

base::Result<bool> matches_any(const std::vector<rules::Pattern>& patterns, std::string_view text);

double shannon_entropy(std::string_view bytes);  // bits per byte

}  // namespace launchgate::secrets
