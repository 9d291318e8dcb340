#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/document/json_document.hpp"
#include "lib/schema/plan.hpp"

// How schemas and values are put into words.
namespace launchgate::schema {

inline constexpr std::size_t longest_shown = 60;  // bytes of a value
inline constexpr std::size_t longest_pointer = 200;

// Patterns by which schemas ask for text and for a path; spelt out, since readers need not know them.
inline constexpr std::string_view non_blank = "\\S";
inline constexpr std::string_view relative_path = R"(^[^/\\\s]([^\\]*[^/\\\s])?$)";

// What a pattern asks for, after "must": `match ^[a-z]+$`, `contain "a phrase"` where it is one without any operator.
std::string demand_of(std::string_view pattern);

// Printable, and cut with "…" past `longest` bytes.
std::string shortened(std::string_view text, std::size_t longest = longest_shown);
std::string quoted(std::string_view text);  // shortened, in double quotes

// The value as the reader wrote it, where it is short: `the string "10"`, `the number 5`, `true`, `an empty array`.
std::string describe_value(const document::JsonValue& value);
// The same without the kind, beside a list of allowed values: `"10"`, `5`.
std::string show_value(const document::JsonValue& value);

// What a subschema asks of the value itself: "an integer of at least 1", "a non-empty string", `"a" or "b"`. "anything"
// where it asks nothing.
std::string describe_node(const Plan& plan, NodeIndex index);
// Up to ten of the values, then how many more.
std::string list_values(const Plan& plan, std::span<const Value> values);

// "must have at least 2 elements" and the like; `unit` in the singular.
std::string describe_size(const SizeLimits& limits, std::string_view unit);
std::string counted(std::uint64_t count, std::string_view unit);

std::string join(const std::vector<std::string>& parts, std::string_view last);

// What to call an unknown key of the object: "threshold" inside "thresholds", where its declared members are all of one
// scalar type; else "key".
std::string noun_for_key(const Plan& plan, const ObjectRules& rules, std::string_view container);

// The title in quotes, or the description of the node.
std::string label_of(const Plan& plan, NodeIndex index);
// The description of the node or of what it refers to; cut to a sentence's length.
std::string help_of(const Plan& plan, NodeIndex index);

}  // namespace launchgate::schema
