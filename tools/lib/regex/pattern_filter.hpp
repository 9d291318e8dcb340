#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "lib/regex/pattern_shape.hpp"

namespace launchgate::regex {

// Says of a short text that a pattern cannot match in it, for a hundredth of the time that RE2 takes to compile the
// pattern: in most files no candidate of a rule is a match, and then its pattern need not be compiled at all.
//
// A position automaton (Glushkov, The abstract theory of automata, 1961) of the bytes that a match consumes. It is
// never stricter than the pattern: assertions hold everywhere, but for an edge of a word that every match begins at,
// and a repetition of large parts may repeat more often or less.
class PatternFilter {
 public:
  // None where the automaton would be large. `bytes`: of a pattern over bytes; otherwise over UTF-8.
  static std::unique_ptr<const PatternFilter> make(const PatternShape& shape, bool bytes);

  // False only when no match lies within `text`; with `anchored`, none that begins at its start. Takes time in
  // proportion to the text and to the places in the pattern where a match may stand, a few for most. Thread-safe.
  bool may_match(std::string_view text, bool anchored) const;

 private:
  friend class FilterBuilder;
  struct Position {
    ByteSet bytes;
    std::uint32_t begin = 0;  // in next_
    std::uint32_t followers = 0;
    bool last = false;
  };

  PatternFilter() = default;

  // The next place at or after `from` where a match may begin; the end of the text when there is none.
  std::size_t next_first(std::string_view text, std::size_t from) const;
  bool may_begin(std::string_view text, std::size_t at) const;

  std::vector<Position> positions_;
  std::vector<std::uint32_t> next_;
  std::vector<std::uint32_t> first_;
  ByteSet first_bytes_;
  bool nullable_ = false;
  bool at_word_edge_ = false;
};

}  // namespace launchgate::regex
