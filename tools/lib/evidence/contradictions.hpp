#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/document/json_document.hpp"
#include "lib/evidence/policy.hpp"

// What beside a passing status says otherwise. Keys are judged with their values, by the words that they are made of:
// "numFailed", "failed_count" and "is-failed" are one. All words are data (Contradictions, DryRun).
namespace launchgate::evidence {

// The words of a key in lower case: "timedOut", "timed_out" and "Timed Out" are {timed, out}.
std::vector<std::string> key_words(std::string_view key);

// What is wrong with a member of a report that claims to pass, or none. An empty key asks what an object says by
// itself.
std::optional<std::string> contradiction(const Contradictions& rules, std::string_view key,
                                         const document::JsonValue& value);
// Whether an object is a rate and the two counts that make it, whose names say nothing by themselves.
bool is_rate(const Contradictions& rules, const document::JsonValue& value);
// How a member says that it was a dry run, or none. `is_command` for members that hold commands whatever their name.
std::optional<std::string> dry_run(const DryRun& rules, std::string_view key, const document::JsonValue& value,
                                   bool is_command);

}  // namespace launchgate::evidence
