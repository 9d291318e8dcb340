#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "lib/document/json_document.hpp"
#include "lib/evidence/policy.hpp"

// What makes a value believable or not, one question each. Nothing here reports; each function answers for one value.
namespace launchgate::evidence {

// Stands for a value to come: "TBD", "{…}", all zeros, "artifact:aaaaaaaa" and what else the policy lists.
bool is_placeholder(const Placeholders& rules, std::string_view text);
// Whether a text that a go needs is only a word for nothing ("none", "see above").
bool says_nothing(const Placeholders& rules, std::string_view text);
// Whether `pointer` fits one of the pointer patterns, in which a segment "*" is any one.
bool pointer_fits(const std::vector<std::string>& patterns, std::string_view pointer);

// Whether a sentence of `text` says `word` without a negation, before or behind it, in that sentence.
bool affirms(const Affirmations& rules, const Matcher& word, std::string_view text);
// Whether a value of a report's field says yes: true, a text without a negation that is no placeholder, an object or a
// list with such a value.
bool affirms(const Affirmations& rules, const Placeholders& placeholders, const document::JsonValue& value);
// Whether a field says no outright: false, null, or a text with a negation.
bool denies(const Affirmations& rules, const document::JsonValue& value);

// `name` as a word of its own in `text`: what stands around it cannot be part of a command's name.
bool names(std::string_view text, std::string_view name);

// Whether an object is the report of a run with its figures (schemas/load-report.schema.json), rather than one that
// only says how it ended.
bool shows_figures(const document::JsonValue& report);

// Visits every value below `root` in document order; `visit` gets the key of a member, and answers whether to go
// deeper.
using Visit = std::function<bool(const std::optional<document::JsonValue>& key, const document::JsonValue& value)>;
void walk(const document::JsonValue& root, const Visit& visit);

// Keys are compared without case, blanks, hyphens and underscores: "dry_run" and "dryRun" are one.
std::string fold_key(std::string_view key);

}  // namespace launchgate::evidence
