#include "lib/rules/json_rule.hpp"

#include "lib/base/utf8.hpp"

namespace launchgate::rules {

using document::JsonKind;
using document::JsonValue;

namespace {
constexpr std::size_t longest_shown = 100;
}

void Reporter::add(const JsonValue& at, const base::Span& span, const std::string& pointer, const std::string& detail,
                   const std::string& hint) {
  std::string message = rule_.summary;
  if (!detail.empty()) message += ": " + detail;
  std::string help = hint;
  if (!help.empty() && !rule_.help.empty()) help += help.back() == '?' ? " " : "; ";
  help += rule_.help;
  finding::Finding found =
      finding::make_finding(rule_, at.document().source(), span, std::move(message), std::move(help));
  found.json_pointer = pointer;
  findings_.push_back(std::move(found));
}

std::vector<JsonValue> roots_of(const PointerPattern& pattern, const JsonSubject& subject) {
  if (pattern.kind().empty()) return {subject.root};
  const auto found = subject.documents.find(pattern.kind());
  return found == subject.documents.end() ? std::vector<JsonValue>() : found->second;
}

std::string quoted(std::string_view text) {
  const std::string_view start = base::utf8_prefix(text, longest_shown);
  return '"' + base::printable(start) + (start.size() < text.size() ? "…\"" : "\"");
}

std::string shown(const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::string:
      return quoted(value.string());
    case JsonKind::object:
      return "an object";
    case JsonKind::array:
      return "an array";
    default:
      return base::printable(base::utf8_prefix(value.raw(), longest_shown));
  }
}

}  // namespace launchgate::rules
