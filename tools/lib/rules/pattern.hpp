#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/base/source_text.hpp"
#include "lib/regex/pattern_shape.hpp"

namespace re2 {
class RE2;
}

namespace launchgate::rules {

// A regular expression (RE2 syntax) of a rule pack, compiled on first use, once, whichever thread comes first: a pack
// of hundreds of rules loads without compiling any. Cheap to copy; copies share the compiled form.
class Pattern {
 public:
  struct Options {
    bool ignore_case = false;
    bool bytes = false;  // Latin-1: every byte is a character, so that any input can be searched
  };

  // `path` and `position` are those of the string in the pack; an error carries them.
  Pattern(std::string text, std::string path, base::Position position, Options options);
  Pattern(std::string text, std::string path, base::Position position)
      : Pattern(std::move(text), std::move(path), position, Options()) {}

  // The same for a string at `offset` of a source, whose line is looked up only when there is an error to show.
  Pattern(std::string text, std::shared_ptr<const base::SourceText> source, std::size_t offset, Options options);

  // Exactly this text, with any run of white space for a blank.
  static Pattern literal(std::string_view phrase, std::shared_ptr<const base::SourceText> source, std::size_t offset,
                         Options options);

  // What any of `parts`, written with these options, matches: as the regular expression (?:PART)|(?:PART)|… would, the
  // first part of those that match at a place.
  static Pattern any_of(std::vector<Pattern> parts, std::shared_ptr<const base::SourceText> source, std::size_t offset,
                        Options options);

  const std::string& text() const;
  const Options& options() const;
  // Empty but for a pattern made by any_of().
  const std::vector<Pattern>& parts() const;
  // What RE2 refuses is a configuration error at the position of the string.
  base::Result<const re2::RE2*> compiled() const;

  // False when no match lies within `text` (with `anchored`, none that begins there). Says so of most short texts
  // without compiling the pattern, which takes a millisecond; where that would no longer pay, the answer is true.
  // Thread-safe.
  bool may_match(std::string_view text, bool anchored = false) const;
  // Whether the pattern has seen so little text that its parts, of which few are compiled, cost less than the whole.
  // Counts `text` as seen. Thread-safe.
  bool prefers_parts(std::string_view text) const;

  // Literals one of which stands in every match, in lower case: around them the pattern is looked for.
  void set_literals(std::vector<std::string> literals);
  // How a match reaches around one of `literals`; none where regex::PatternShape does not understand the pattern.
  std::optional<regex::Surroundings> around(const std::vector<std::string>& literals) const;

  // What regex::PatternFacts says of it, for set_facts() of the same pattern; empty for one that any_of() made.
  std::string facts() const;
  // Must outlive the pattern.
  void set_facts(std::string_view facts);

  // Null where regex::PatternShape does not understand the pattern. Read on first use.
  const regex::PatternShape* shape() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace launchgate::rules
