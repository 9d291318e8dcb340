#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/regex/pattern_shape.hpp"
#include "lib/regex/required_words.hpp"

namespace launchgate::regex {

// What analysing a pattern yields, as data: the build writes it beside the packs that are built in, so that no run
// works it out again: the words that a match must hold, and what may stand around a literal in it. Automata
// (PatternFilter) are not among it, since those of all patterns would take a megabyte and a run needs few. Numbers of
// 16 bits as the machine has them, sets of bytes as they are in memory.
class PatternFacts {
 public:
  // `literals`: what around() is to be relative to; none for patterns that are not looked for around literals.
  static std::string write(std::string_view pattern, bool ignore_case, bool bytes,
                           const std::vector<std::string>& literals);

  PatternFacts() = default;
  // Of what write() has made, which must outlive it.
  explicit PatternFacts(std::string_view data);

  RequiredWords words() const;
  std::optional<Surroundings> around() const;

 private:
  std::string_view words_;
  std::string_view around_;
};

// How a match reaches around one of the literals that stand in it, wherever these are in the pattern. None where the
// pattern is not understood.
std::optional<Surroundings> surroundings(const PatternShape& shape, const std::vector<std::string>& literals);

}  // namespace launchgate::regex
