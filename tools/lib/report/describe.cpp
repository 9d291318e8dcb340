#include "lib/report/describe.hpp"

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

}  // namespace launchgate::report
