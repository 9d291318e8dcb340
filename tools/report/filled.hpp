#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/finding/finding.hpp"
#include "lib/markdown/markdown_document.hpp"

// Whether a filled report keeps its template's structure and completes it.
//
// Every section, list field, table, table row and task item of the template must stand in the report, under the same heading. A field whose
// value the template leaves open (empty, a placeholder) needs a value; one that offers a choice (`a`, `b`, or `c`, or {a|b}) needs exactly one of the
// words on offer; what else the template says may stay. In tables every cell needs a value; a column in which the template
// offers a choice needs exactly one of its words in each row. Task items are ticked.
namespace launchgate::report_tool {

std::vector<finding::Finding> check_filled(const markdown::MarkdownDocument& filled, const markdown::MarkdownDocument& form);

std::vector<finding::RuleInfo> filled_rules();

// The words that a text offers to choose from, or none. `spans` are the ranges of code inside it.
std::vector<std::string> choices(const markdown::MarkdownDocument& document, markdown::Range text);

// Whether a value still waits to be written: it is empty or a placeholder, or holds one.
bool is_open(std::string_view value);

}  // namespace launchgate::report_tool
