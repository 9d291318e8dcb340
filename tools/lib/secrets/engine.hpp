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
#include "lib/rules/outline.hpp"
#include "lib/rules/pack.hpp"
#include "lib/rules/pattern.hpp"
#include "lib/secrets/literal_set.hpp"

// Finds what the rules of kind `secret` describe, in bytes.
//
// Method: the keywords of all rules form one LiteralSet. Each occurrence of a keyword opens a window for its rule: the
// piece of text in which any match that holds this keyword must lie, as PatternShape bounds it. Overlapping windows of
// a rule are joined, and RE2 searches them alone, with the whole text as context of its assertions. Since every match
// holds a keyword, and a window is never too small, the result equals that of RE2 searching the whole text for match
// after match; tests/unit/secrets compares the two on random rules and texts. The first windows of a rule are shown to
// a regex::PatternFilter, because most hold no match and compiling a pattern takes a millisecond. A rule without
// keywords gets literals from its pattern; where that has none, RE2 searches the whole text. Patterns are compiled and
// analysed when first needed.
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
  std::vector<std::string> keywords;
  bool keywords_in_match = true;  // else they need only stand somewhere in the text
  double min_entropy = 0;         // bits per byte of the secret
  bool entropy_above = false;     // the entropy must be above `min_entropy`, not only reach it
  std::vector<Allowance> allow;
  std::optional<rules::Pattern> only_paths;
  std::optional<rules::Pattern> needs;  // must match within `needs_window` lines (64 KiB to either side at most)
  std::uint32_t needs_window = 0;
  std::shared_ptr<const rules::Harmless> harmless;  // never secrets
  // Reads the rule when one of its keywords first shows; until then nothing but `info.id` and `keywords` is known of
  // it.
  std::function<base::Result<SecretRule>()> rest;
};

// The rules of kind `secret` in a pack, in its order.
std::vector<SecretRule> secret_rules(const rules::Pack& pack);
// They are read when needed, from the outline that they share.
std::vector<SecretRule> secret_rules(const std::shared_ptr<const rules::PackOutline>& outline);

double shannon_entropy(std::string_view bytes);  // bits per byte

// Offsets in the text. The secret lies inside the match.
struct Match {
  std::uint32_t rule = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t match_begin = 0;
  std::size_t match_end = 0;
  friend bool operator==(const Match&, const Match&) = default;
};

// A text, or a piece of one: matches that begin in [begin, end) are wanted, what stands around is their context.
struct Piece {
  std::string_view text;
  std::size_t begin = 0;
  std::size_t end = std::string_view::npos;
  std::size_t rules = static_cast<std::size_t>(-1);  // only the first so many of the engine's
};

// What a thread keeps between calls.
class Scratch {
 public:
  // Where the search of each rule goes on in the next piece of the same text; empty unless pieces are searched one
  // after another.
  std::vector<std::size_t> resume;
  // Where the marker of inline allowances stands in the last piece.
  std::vector<std::size_t> markers;

 private:
  friend class Engine;
  std::vector<LiteralHit> hits_;
  std::vector<std::vector<std::uint64_t>>
      places_;  // per rule: positions of its keywords' occurrences, their lengths from bit 32 on
  std::vector<std::uint32_t> touched_;
};

class Engine {
 public:
  // What RE2 refuses shows when the pattern is first needed; prepare() asks for all of them.
  explicit Engine(std::vector<SecretRule> rules);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  // As given: of those with a `rest`, the ids and keywords.
  const std::vector<SecretRule>& rules() const { return rules_; }
  // All of a rule that was found.
  const SecretRule& rule(std::uint32_t index) const;

  // All matches by position; those of a rule do not overlap, those of several may. `path` is what allowances of paths
  // look at. Thread-safe with one Scratch per thread. The error is one of a rule's pattern.
  base::Result<void> find(const Piece& piece, std::string_view path, Scratch& scratch,
                          std::vector<Match>& matches) const;

  // Rules whose path alone is a finding.
  base::Result<std::vector<std::uint32_t>> find_path(std::string_view path) const;

  base::Result<void> prepare() const;

  // Written in comments: `launchgate:allow RULE reason`.
  static constexpr std::string_view marker = "launchgate:allow";

 private:
  struct Compiled;
  struct Window {
    std::size_t begin;
    std::size_t end;
    bool anchored;  // a match can only begin at `begin`
  };

  base::Result<const SecretRule*> complete(std::uint32_t rule) const;
  const Compiled& analysed(std::uint32_t rule) const;
  base::Result<void> compile(std::uint32_t rule) const;
  // Removes windows in which there cannot be a match.
  static void narrow(const rules::Pattern& pattern, std::string_view text, std::vector<Window>& windows);
  void windows(const Compiled& compiled, const Piece& piece, const std::vector<std::uint64_t>& places,
               std::vector<Window>& out) const;
  base::Result<void> search(std::uint32_t rule, const Piece& piece, std::string_view path,
                            const std::vector<Window>& windows, Scratch& scratch, std::vector<Match>& matches) const;
  base::Result<bool> counts(const SecretRule& rule, const Match& match, std::string_view text,
                            std::string_view path) const;

  std::vector<SecretRule> rules_;
  std::unique_ptr<Compiled[]> compiled_;
  std::vector<std::vector<std::uint32_t>> rules_of_literal_;
  std::vector<std::uint32_t> literal_lengths_;
  std::vector<std::uint32_t> always_;     // rules that no literal stands for
  std::vector<std::uint32_t> path_only_;  // rules without a pattern
  std::uint32_t marker_literal_ = 0;
  std::unique_ptr<LiteralSet> literals_;
};

// Of overlapping secrets the one of the earlier rule stays; a pack lists specific rules first. Sorted by position.
void drop_overlapping(std::vector<Match>& matches);

}  // namespace launchgate::secrets
