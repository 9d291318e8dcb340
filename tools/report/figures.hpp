#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/finding/finding.hpp"
#include "lib/markdown/markdown_document.hpp"

// Whether the figures that a filled report names are those of the attached JSON reports.
//
// Which list field shows which value is data (rules/report-figures.json). Numbers agree when the measured one, in the unit that the
// report uses, rounds to the written one: "742 ms" agrees with 741.6 ms, "0.74 s" too, "0.7 s" as well. Texts agree when the value stands in the field as a whole word.
namespace launchgate::report_tool {

std::vector<finding::RuleInfo> figure_rules();

// `figures` says where each figure stands; a mistake in it is a `configuration` error. A field that the report does not have is left to its template.
base::Result<std::vector<finding::Finding>> check_figures(const markdown::MarkdownDocument& filled, const document::JsonDocument& figures,
                                                          const std::vector<const document::JsonDocument*>& reports);

// A number as people write it, in base units: milliseconds for durations, a fraction for ratios.
struct WrittenNumber {
  double value = 0;
  double precision = 0;  // half a unit of the last digit written, in base units
  bool has_unit = false;
};

enum class Quantity : std::uint8_t { count, duration_ms, ratio };

// The first number of a text; none where there is none, or where its unit is not one of the quantity.
std::optional<WrittenNumber> read_number(std::string_view text, Quantity quantity);

}  // namespace launchgate::report_tool
