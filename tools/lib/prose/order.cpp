#include "lib/prose/kinds.hpp"

// `order`: headings that must come in this order. One that is missing is left to `structure`.
namespace launchgate::prose {

base::Result<void> match(const rules::Order& rule, const Subject& subject, Reporter& reporter) {
  const auto& document = subject.document;
  std::uint32_t last = 0;
  for (const std::string& heading : rule.headings) {
    const auto sections = document.sections_named(heading);
    if (sections.empty()) continue;
    const std::uint32_t section = sections.front();
    if (last != 0 && section < last) {
      const auto& after = document.sections()[last];
      reporter.add(document.heading_span(document.sections()[section]),
                   "section " + quoted(heading) + " stands before section " + quoted(document.title(after)),
                   {"move it below line " + std::to_string(document.heading_span(after).begin.line)}, heading);
      continue;
    }
    last = section;
  }
  return {};
}

}  // namespace launchgate::prose
