#include "matrix/show.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/utf8.hpp"
#include "lib/report/table.hpp"

namespace launchgate::matrix {
namespace {

using document::JsonValue;
using report::Cell;
using report::Tone;

bool is_below(std::string_view pointer, const std::string& folder) {
  return pointer == folder || (pointer.starts_with(folder) && pointer[folder.size()] == '/');
}

std::size_t count_below(const std::vector<finding::Finding>& findings, const std::string& pointer) {
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(), [&](const finding::Finding& finding) {
    return finding.severity == finding::Severity::error && is_below(finding.json_pointer, pointer);
  }));
}

Cell problems(std::size_t number) { return {fmt::format("{} missing", number), Tone::bad, false}; }

}  // namespace

std::string show(const JsonValue& matrix, const JsonValue& tiers, const std::vector<finding::Finding>& findings,
                 bool color) {
  const auto section = tiers.find("matrix");
  if (!section) return "";
  const auto place = [&](std::string_view name) { return matrix.document().at(section->string_member(name)); };
  const auto categories = place("categories");
  const auto tier_entries = place("tiers");
  const auto items = place("items");
  if (!categories || !tier_entries) return "";
  const std::string accepted(tiers.string_member("acceptedStatus"));
  const auto status_of = [&](const JsonValue& tier) {
    const auto status = matrix.document().at(tier.pointer() + std::string(section->string_member("claimStatus")));
    return status ? std::string(status->string()) : std::string("?");
  };

  std::vector<std::vector<Cell>> rows(2);
  rows[0].push_back({"category", Tone::strong, false});
  rows[1].push_back({"", Tone::faint, false});
  for (const JsonValue::Member tier : tier_entries->members()) {
    rows[0].push_back({base::printable(tier.name()), Tone::strong, false});
    const std::string status = status_of(tier.value);
    rows[1].push_back({base::printable(status), status == accepted ? Tone::good : Tone::faint, false});
  }
  for (const JsonValue::Member category : categories->members()) {
    std::vector<Cell> row = {{base::printable(category.name()), Tone::plain, false}};
    const std::size_t public_problems = count_below(findings, category.value.pointer());
    std::size_t item_count = 0;
    std::size_t item_problems = 0;
    if (items) {
      for (const JsonValue::Member item : items->members()) {
        const auto of =
            matrix.document().at(item.value.pointer() + std::string(section->string_member("itemCategory")));
        if (!of || of->string() != category.name()) continue;
        ++item_count;
        item_problems += count_below(findings, item.value.pointer());
      }
    }
    for (const JsonValue::Member tier : tier_entries->members()) {
      if (status_of(tier.value) == accepted) {
        row.push_back(public_problems > 0 ? problems(public_problems) : Cell{"covered", Tone::good, false});
      } else if (public_problems + item_problems > 0) {
        row.push_back(problems(public_problems + item_problems));
      } else {
        row.push_back({fmt::format("{} private item{}", item_count, item_count == 1 ? "" : "s"), Tone::plain, false});
      }
    }
    rows.push_back(std::move(row));
  }
  std::string out = report::print_table(rows, color);
  for (const finding::Finding& finding : findings) {
    if (finding.severity != finding::Severity::error) continue;
    out += fmt::format("{}missing{} {}:{}: {}\n", color ? "\x1b[1;31m" : "", color ? "\x1b[0m" : "",
                       base::printable(finding.file), finding.span.begin.line, base::printable(finding.message));
  }
  return out;
}

}  // namespace launchgate::matrix
