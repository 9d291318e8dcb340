#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/markdown/text_map.hpp"
#include "lib/prose/subject.hpp"
#include "lib/rules/json_rule.hpp"
#include "lib/rules/pack.hpp"

// Claims in plain text; needs no Markdown.
//
// A place where the rule's pattern matches is a claim unless something bounds it: a bound (a word that negates or
// limits) in the same clause of the same sentence, a governing bound in the sentence before, or a question mark that no
// yes follows. Words that hold a bound but affirm ("not only … but", a double negation) take their bounds away. All of
// these words are the rule's data; docs/rule-packs.md says what each pattern is for.
namespace launchgate::prose {

// The patterns of a claim rule; all but `claim` may be null. Each is compiled when a text may match it: most texts do
// not, and together they take longer to compile than a run has.
struct ClaimPatterns {
  const rules::Pattern* claim = nullptr;
  const rules::Pattern* bounds = nullptr;
  const rules::Pattern* before = nullptr;
  const rules::Pattern* affirms = nullptr;
  const rules::Pattern* clauses = nullptr;
  const rules::Pattern* introduces = nullptr;
  const rules::Pattern* asides = nullptr;
  const rules::Pattern* governs = nullptr;
  const rules::Pattern* answers = nullptr;
  const rules::Pattern* cells = nullptr;
};

ClaimPatterns patterns_of(const rules::Claim& rule);

// In lower case, ASCII letters alone.
std::string folded(std::string_view text);
// Whether one of the rule's keywords stands in a folded text: only then is its pattern worth compiling and running.
bool may_match(const rules::Claim& rule, std::string_view folded_text);

// Matches that do not reach over a line feed; none of no pattern. A pack is refused where it is loaded when a pattern
// does not compile.
std::vector<markdown::Range> all_matches(const rules::Pattern* pattern, std::string_view text);

// Whether a text bounds what it introduces.
bool is_governing(const ClaimPatterns& patterns, std::string_view text);

// One block of text, in which claims are judged. Each sentence is read once, however many claims it holds; one of more
// than two kilobytes is read in pieces, so that the cost stays in proportion to the length.
class ClaimBlock {
 public:
  ClaimBlock(const ClaimPatterns& patterns, std::string_view text);

  // Whether the sentence that holds the claim, or the one before, bounds it; `claim` is relative to the text. Quickest
  // when claims are asked for in their order.
  bool is_bounded(markdown::Range claim);

 private:
  // What the patterns find in one sentence, relative to it.
  struct Reading {
    std::vector<markdown::Range> bounds;
    std::vector<markdown::Range> before;
    std::vector<markdown::Range> clauses;
    std::vector<markdown::Range> introduces;
    std::vector<markdown::Range> asides;
    bool question = false;  // not answered with yes
    bool governed = false;  // by the sentence before
  };

  std::string_view sentence(std::size_t index) const;
  void read(std::size_t index);
  bool is_bounded_in_sentence(markdown::Range claim) const;

  ClaimPatterns patterns_;
  std::string_view text_;
  std::vector<markdown::Range> sentences_;
  std::size_t at_ = 0;
  std::optional<std::size_t> read_;  // the sentence that `reading_` is about
  Reading reading_;
};

std::string claim_message(const std::string& summary, std::string_view words, const AcceptedTier* accepted);

// Claims in those strings of a document that the ladder's `matrix.claims` point at; `documents` hold the ladder and the
// matrix.
base::Result<std::vector<finding::Finding>> check_json_claims(const rules::Pack& pack, const document::JsonValue& root,
                                                              const rules::Documents& documents);

}  // namespace launchgate::prose
