#pragma once

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
// A place where the rule's pattern matches is a claim unless something bounds it: a bound (a word that negates or limits) in the same clause of the
// same sentence, or a governing bound in the sentence before. Words that hold a bound but affirm ("not only … but", a double negation) take
// their bounds away. All of these words are the rule's data.
namespace launchgate::prose {

// The compiled patterns of a claim rule; all but `claim` may be null.
struct ClaimPatterns {
  const re2::RE2* claim = nullptr;
  const re2::RE2* bounds = nullptr;
  const re2::RE2* affirms = nullptr;
  const re2::RE2* clauses = nullptr;
  const re2::RE2* governs = nullptr;
};

base::Result<ClaimPatterns> compile(const rules::Claim& rule);

// Matches that do not reach over a line feed.
std::vector<markdown::Range> all_matches(const re2::RE2* regex, std::string_view text);

// Whether a text bounds what it introduces.
bool is_governing(const ClaimPatterns& patterns, std::string_view text);

// Whether the sentence that holds the claim, or the one before, bounds it. `claim` is relative to `block`.
bool is_bounded_in_block(const ClaimPatterns& patterns, std::string_view block, markdown::Range claim);

std::string claim_message(const std::string& summary, std::string_view words, const AcceptedTier* accepted);

// Claims in those strings of a document that the ladder's `matrix.claims` point at; `documents` hold the ladder and the matrix.
base::Result<std::vector<finding::Finding>> check_json_claims(const rules::Pack& pack, const document::JsonValue& root,
                                                               const rules::Documents& documents);

}  // namespace launchgate::prose
