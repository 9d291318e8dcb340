#include "lib/prose/report.hpp"

#include <iterator>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/prose/search.hpp"

namespace launchgate::prose {

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!out.empty()) out += out.back() == '?' ? " " : "; ";
    out += part;
  }
  return out;
}

void Reporter::add(const base::Span& span, std::string message, const std::vector<std::string>& help,
                   std::string context) {
  // What is to be written comes last, so that nothing stands behind it.
  std::vector<std::string> parts(help.begin(), help.empty() ? help.end() : std::prev(help.end()));
  parts.push_back(rule_.help);
  if (!help.empty()) parts.push_back(help.back());
  finding::Finding finding = finding::make_finding(rule_, document_.source(), span, std::move(message), join(parts));
  finding.context = std::move(context);
  findings_.push_back(std::move(finding));
}

std::string quoted(std::string_view words) {
  constexpr std::size_t longest = 100;
  const std::string_view start = base::utf8_prefix(words, longest);
  return '"' + base::printable(start) + (start.size() < words.size() ? "…\"" : "\"");
}

std::string place_name(const markdown::MarkdownDocument& document, std::uint32_t section) {
  return section == 0 ? "the document" : "section " + quoted(document.title(document.sections()[section]));
}

std::vector<std::string> titles(const markdown::MarkdownDocument& document) {
  std::vector<std::string> out;
  for (std::uint32_t i = 1; i < document.sections().size(); ++i)
    out.emplace_back(document.title(document.sections()[i]));
  return out;
}

void report_missing_section(Reporter& reporter, const std::string& title) {
  const std::string near = base::did_you_mean(title, titles(reporter.document()));
  reporter.add(reporter.document().heading_span(reporter.document().sections()[0]),
               "there is no section " + quoted(title), {near, "add the heading:  ## " + title}, title);
}

}  // namespace launchgate::prose
