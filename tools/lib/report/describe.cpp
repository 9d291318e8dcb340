#include "lib/report/describe.hpp"

#include <algorithm>
#include <utility>

#include "lib/base/utf8.hpp"

namespace launchgate::report {

std::string remedy(const finding::Finding& finding) {
  std::string text;
  const auto add = [&](const std::string& part) {
    if (part.empty()) return;
    if (!text.empty()) text += "; ";
    text += part;
  };
  if (!finding.json_pointer.empty()) add("at " + base::printable(finding.json_pointer));
  add(base::printable(finding.help));
  if (finding.waiver) {
    add("waived by " + base::printable(finding.waiver->owner) + " until " + finding.waiver->expires + ": " +
        base::printable(finding.waiver->reason));
  } else if (finding.status == finding::Status::baselined) {
    add("known from the baseline");
  }
  return text;
}

std::string one_paragraph(const finding::Finding& finding) {
  const std::string below = remedy(finding);
  const std::string message = base::printable(finding.message);
  return below.empty() ? message : message + " (" + below + ")";
}

std::string place(const finding::Finding& finding) {
  std::string text = base::printable(finding.file);
  if (finding.span.begin.line > 0)
    text += ":" + std::to_string(finding.span.begin.line) + ":" + std::to_string(finding.span.begin.column);
  return text;
}

std::string not_shown(const Report& report) {
  const std::size_t more = report.more.total();
  if (more == 0) return "";
  return std::to_string(more) + (more == 1 ? " more finding is" : " more findings are") + " counted and not shown";
}

std::vector<std::string> left_out(const Report& report) {
  constexpr std::size_t most_names = 5;
  std::vector<std::string> excluded;
  std::vector<std::string> by_comment;
  std::vector<std::string> by_configuration;
  std::vector<std::string> baselined;
  std::vector<std::string> waived;
  for (const Skipped& one : report.skipped)
    if (one.reason == finding::excluded_by_configuration) excluded.push_back(base::printable(one.file));
  for (const finding::Allowed& one : report.allowed) {
    const std::string name = base::printable(one.rule) + " in " + base::printable(one.file);
    if (one.line > 0) {
      by_comment.push_back(name + ":" + std::to_string(one.line));
    } else {
      by_configuration.push_back(name);
    }
  }
  for (const finding::Finding& one : report.findings) {
    if (one.status == finding::Status::open) continue;
    const std::string name = base::printable(one.rule_id) + " in " + place(one);
    (one.status == finding::Status::waived ? waived : baselined).push_back(name);
  }
  std::vector<std::string> lines;
  for (const auto& [what, names] :
       {std::pair("excluded by the configuration", &excluded),
        std::pair("allowed by the configuration", &by_configuration), std::pair("allowed by comments", &by_comment),
        std::pair("known from the baseline", &baselined), std::pair("waived", &waived)}) {
    if (names->empty()) continue;
    std::string line = std::string(what) + ": " + std::to_string(names->size()) + " (";
    for (std::size_t i = 0; i < std::min(names->size(), most_names); ++i) line += (i > 0 ? ", " : "") + (*names)[i];
    if (names->size() > most_names) line += " and " + std::to_string(names->size() - most_names) + " more";
    lines.push_back(line + ")");
  }
  return lines;
}

}  // namespace launchgate::report
