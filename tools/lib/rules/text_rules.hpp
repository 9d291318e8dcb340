#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/rules/fields.hpp"
#include "lib/rules/name_words.hpp"
#include "lib/rules/pattern.hpp"
#include "lib/rules/token_format.hpp"

// Rules over text, as read from a pack. They are matched elsewhere: those over Markdown by lib/prose, secrets by the
// leak scanner.
namespace launchgate::rules {

enum class Scope : std::uint8_t { text, heading, paragraph, code, table_cell, list_item, link, raw };
std::string_view name(Scope scope);

// What a rule looks for: all of `phrases`, one of `any`, or `pattern`; exactly one of the three is set.
struct Wanted {
  struct Phrase {
    std::string text;   // a run of white space is one blank
    Pattern pattern;    // of the phrase, for raw text and without case
    bool plain = true;  // compared byte by byte
  };
  std::vector<Phrase> phrases;
  std::vector<Phrase> any;
  std::optional<Pattern> pattern;
  Scope scope = Scope::text;
  std::string section;  // empty: the whole document
  std::optional<Pattern> when;
};

struct Require {
  Wanted wanted;
  std::uint32_t min = 1;
  std::optional<std::uint32_t> max;
};

struct Forbid {
  Wanted wanted;
  std::optional<Pattern> unless;
  std::uint32_t unless_window = 0;  // lines before and after the match
  std::optional<std::string> replacement;
};

struct Order {
  std::vector<std::string> headings;
};

struct Table {
  std::vector<std::string> columns;
  std::vector<std::string> rows;  // first cells
};

struct Structure {
  std::string section;
  std::vector<Table> tables;
  std::vector<std::string> fields;
  std::vector<std::string> checkboxes;
  std::vector<std::string> links;
  std::vector<std::string> headings;
};

// Words that take a claim back, or do not.
struct Boundary {
  std::optional<Pattern> bounds;      // words that negate or bound a claim in their clause, on either side of it
  std::optional<Pattern> before;      // words that negate or bound only what comes after them
  std::optional<Pattern> affirms;     // words that hold such a word and affirm all the same
  std::optional<Pattern> clauses;     // where a clause begins that a bound before it does not reach
  std::optional<Pattern> introduces;  // marks over which only a governing bound reaches forward
  std::optional<Pattern> asides;      // insertions, which bound nothing outside and are bounded by nothing outside
  // Bounds that reach from a lead-in, a heading or the sentence before; `bounds` unless given.
  std::optional<Pattern> governs;
  std::optional<Pattern> answers;  // how a sentence begins that answers the question before it with yes
  std::optional<Pattern> cells;    // a table cell that bounds its row
};

struct Claim {
  std::optional<Pattern> pattern;     // always set
  std::vector<std::string> keywords;  // lower case; one of them stands in every match, compared without case
  std::optional<Boundary> boundary;   // the rule's, else its pack's
  std::vector<std::string> tiers;     // the lowest tiers at which the claim is right
};

struct Secret {
  std::optional<Pattern> pattern;  // always set; matches bytes
  std::uint32_t group = 0;         // which group is the secret
  // Which group says whether it is one: entropy, placeholders and allow.values look at it; none: the secret itself.
  std::uint32_t judged = 0;
  std::optional<Pattern> each;        // searched in every match: each of its first groups is a secret
  std::vector<std::uint32_t> runs;    // in place of keywords: how long a run of base64 characters in every match is
  std::vector<std::string> keywords;  // lower case; one of them stands in every match, compared without case
  double min_entropy = 0;             // bits per character, Shannon
  std::optional<double> randomness;   // the secret must be likelier random than text by more bits
  Names names;
  std::optional<std::uint32_t> name_group;  // of the name; none: the name in which the match begins
  std::vector<Pattern> allow_paths;
  std::vector<Pattern> allow_values;
  std::vector<Pattern> allow_lines;
  std::vector<Pattern> allow_matches;
  std::optional<Pattern> needs;      // must match within `needs_window` lines
  std::uint32_t needs_window = 0;    // lines before and after
  std::vector<TokenFormat> formats;  // of tokens that are known by their own form
};

Require load_require(Fields& fields);
Forbid load_forbid(Fields& fields);
Order load_order(Fields& fields);
Structure load_structure(Fields& fields);
Claim load_claim(Fields& fields);
// The member "boundary" of a rule or a pack.
std::optional<Boundary> load_boundary(Fields& fields);
Secret load_secret(Fields& fields);
// The member "keywords": lower-case literals; none when there is no such member.
std::vector<std::string> load_keywords(Fields& fields);

}  // namespace launchgate::rules
