#include <algorithm>

#include "lib/schema/plan.hpp"
#include "lib/schema/schema.hpp"
#include "lib/schema/walk.hpp"

namespace launchgate::schema {
namespace {

using document::JsonDocument;
using document::JsonValue;

finding::Finding to_finding(const Violation& violation, const base::SourceText& source, std::string_view rule_prefix) {
  finding::Finding finding;
  finding.rule_id = std::string(rule_prefix) + "/" + std::string(name(violation.kind));
  finding.file = source.path();
  finding.span = source.span(violation.begin, violation.end);
  finding.json_pointer = violation.pointer;
  finding.message = violation.message;
  finding.help = violation.help;
  finding.excerpt = finding::make_excerpt(source, finding.span);
  return finding;
}

// "1,234".
std::string grouped(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

// Parts of allOf may say the same about one value.
void drop_repeated(std::vector<Violation>& violations) {
  const auto key = [](const Violation& violation) {
    return std::tie(violation.begin, violation.kind, violation.pointer, violation.message);
  };
  std::stable_sort(violations.begin(), violations.end(),
                   [&](const Violation& a, const Violation& b) { return key(a) < key(b); });
  violations.erase(std::unique(violations.begin(), violations.end(),
                               [&](const Violation& a, const Violation& b) { return key(a) == key(b); }),
                   violations.end());
}

// Calls `run` with the step that stands for `value`: a chain of steps from the root of its document, found by position.
template <typename Run>
void with_step(const JsonValue& at, const JsonValue& value, const Step& step, const Run& run) {
  if (at == value) {
    run(step);
    return;
  }
  const auto holds = [&](const JsonValue& outer) {
    return outer.node() <= value.node() && value.node() < outer.document().node(outer.node()).next;
  };
  for (const auto member : at.members()) {
    if (holds(member.value)) return with_step(member.value, value, step.member(member.name(), member.key.node()), run);
  }
  std::uint32_t index = 0;
  for (const JsonValue element : at.elements()) {
    if (holds(element)) return with_step(element, value, step.element(index), run);
    ++index;
  }
}

}  // namespace

std::vector<finding::Finding> validate(const Schema& schema, const JsonDocument& document,
                                       std::string_view rule_prefix) {
  return validate(schema, document.root(), rule_prefix);
}

std::vector<finding::Finding> validate(const Schema& schema, const JsonValue& value, std::string_view rule_prefix) {
  const JsonDocument& document = value.document();
  Walk walk(schema.plan(), document);
  Sink sink(findings_shown);
  with_step(document.root(), value, Step{},
            [&](const Step& step) { walk.check(schema.plan().root(), value, step, &sink); });

  std::vector<Violation>& violations = sink.violations();
  if (walk.limit()) violations.push_back(*walk.limit());
  drop_repeated(violations);
  std::vector<finding::Finding> findings;
  findings.reserve(violations.size() + 1);
  for (const Violation& violation : violations) {
    findings.push_back(to_finding(violation, document.source(), rule_prefix));
  }
  const std::size_t left_out = sink.dropped() + violations.size() - findings.size();
  finding::sort_findings(findings);
  if (left_out > 0) {
    Violation more;
    more.kind = Class::limit;
    more.begin = static_cast<std::uint32_t>(value.begin_offset());
    more.end = more.begin + 1;
    more.message = grouped(left_out) + " more findings of this schema are not listed";
    more.help = "correct those above first, then check again";
    findings.push_back(to_finding(more, document.source(), rule_prefix));
    findings.back().severity = finding::Severity::note;
  }
  return findings;
}

}  // namespace launchgate::schema
