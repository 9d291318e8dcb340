#include "lib/evidence/findings.hpp"

#include "lib/base/utf8.hpp"

namespace launchgate::evidence {
namespace {

std::string with_item(const std::string& item, std::string text) {
  return item.empty() ? std::move(text) : item + ": " + text;
}

}  // namespace

finding::Finding& Findings::add(std::string_view rule, const std::string& item, const document::JsonValue& at,
                                std::string text, std::string help) {
  const finding::RuleInfo& info = evidence_rule(rule);
  finding::Finding& found =
      all_.emplace_back(finding::make_finding(info, at.document().source(), at.span(), with_item(item, std::move(text)),
                                              help.empty() ? info.help : std::move(help)));
  found.item = item;
  found.json_pointer = at.pointer();
  // Two findings at one place differ by their item; the value at fault stays out of the fingerprint, because it may be
  // private.
  found.context = item + " " + found.json_pointer;
  return found;
}

finding::Finding& Findings::add_file(std::string_view rule, const std::string& item, const std::string& file,
                                     std::string text, std::string help) {
  const finding::RuleInfo& info = evidence_rule(rule);
  finding::Finding& found = all_.emplace_back();
  found.rule_id = info.id;
  found.item = item;
  found.severity = info.severity;
  found.file = file;
  found.message = with_item(item, std::move(text));
  found.help = help.empty() ? info.help : std::move(help);
  found.context = found.message;
  return found;
}

std::string_view text_beside_item(const finding::Finding& finding) {
  std::string_view text = finding.message;
  if (!finding.item.empty() && text.starts_with(finding.item + ": ")) text.remove_prefix(finding.item.size() + 2);
  return text;
}

void mask(Findings& findings, const std::function<std::string(std::string_view)>& masked) {
  for (finding::Finding& found : findings.all()) {
    found.message = masked(found.message);
    std::string line = masked(found.excerpt.line);
    if (base::count_code_points(line) != base::count_code_points(found.excerpt.line)) {
      found.excerpt.caret_begin = 0;
      found.excerpt.caret_end = 0;
    }
    found.excerpt.line = std::move(line);
  }
}

}  // namespace launchgate::evidence
