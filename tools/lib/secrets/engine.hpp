#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/secrets/literal_set.hpp"
#include "lib/secrets/secret_rule.hpp"
#include "lib/secrets/windows.hpp"

// Finds what the rules of kind `secret` describe, in bytes.
//
// Method: the keywords of all rules form one LiteralSet. Each occurrence of a keyword opens a window for its rule: the
// piece of text in which any match that holds this keyword must lie, as PatternShape bounds it. Overlapping windows of
// a rule are joined, and RE2 searches them alone, with the whole text as context of its assertions. Since every match
// holds a keyword, and a window is never too small, the result equals that of RE2 searching the whole text for match
// after match; tests/unit/secrets compares the two on random rules and texts. The first windows of a rule are shown to
// a regex::PatternFilter, because most hold no match and compiling a pattern takes a millisecond. A rule without
// keywords may say how long a run of base64 characters stands in its matches (`runs`), or gets literals from its
// pattern; where that has none, RE2 searches the whole text. Patterns are compiled and analysed when first needed.
//
// Rules may come in parts that have a LiteralSet each, so that a text to which only the first parts apply pays nothing
// for the others.
namespace launchgate::secrets {

// A text, or a piece of one: matches that begin in [begin, end) are wanted, what stands around is their context.
struct Piece {
  std::string_view text;
  std::size_t begin = 0;
  std::size_t end = std::string_view::npos;
  std::size_t rules = static_cast<std::size_t>(-1);  // only the first so many of the engine's
  const std::vector<LiteralPlace>* runs = nullptr;   // all runs of find_long_run(), where the caller knows them
};

// What a thread keeps between calls.
class Scratch {
 public:
  // Where the search of each rule goes on in the next piece of the same text; empty unless pieces are searched one
  // after another.
  std::vector<std::size_t> resume;
  // Where the marker of inline allowances stands in the last piece, ascending.
  std::vector<std::size_t> markers;

 private:
  friend class Engine;
  std::vector<LiteralHit> hits_;
  std::vector<std::vector<LiteralPlace>> places_;  // per rule, of its keywords
  std::vector<std::uint32_t> touched_;             // rules with such places, or that need none
  std::vector<Window> windows_;
};

class Engine {
 public:
  // `parts`: where in `rules` new parts begin. What RE2 refuses shows when the pattern is first needed; prepare() asks
  // for all of them.
  explicit Engine(std::vector<SecretRule> rules, const std::vector<std::size_t>& parts = {});
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
  struct Part;

  void prepare_part(Part& part) const;
  void collect(const Piece& piece, Scratch& scratch) const;
  const SecretRule& complete(std::uint32_t rule) const;
  const Compiled& analysed(std::uint32_t rule) const;
  base::Result<void> compile(std::uint32_t rule) const;
  base::Result<void> find_rule(std::uint32_t rule, const Piece& piece, std::string_view path, Scratch& scratch,
                               std::vector<Match>& matches) const;
  void collect_runs(const Part& part, const Piece& piece, Scratch& scratch) const;
  base::Result<void> take(const SecretRule& rule, const Match& match, std::string_view judged, std::string_view text,
                          std::string_view path, std::vector<Match>& matches) const;
  base::Result<void> take_each(const SecretRule& rule, const Match& outer, std::string_view text, std::string_view path,
                               std::vector<Match>& matches) const;
  base::Result<void> search(std::uint32_t rule, const Piece& piece, std::string_view path, Scratch& scratch,
                            std::vector<Match>& matches) const;

  std::vector<SecretRule> rules_;
  std::unique_ptr<Compiled[]> compiled_;
  std::vector<std::unique_ptr<Part>> parts_;  // at least one
  std::vector<std::uint32_t> path_only_;      // rules without a pattern
};

}  // namespace launchgate::secrets
