#include "lib/judgement/timeline.hpp"

#include <fmt/format.h>

#include <array>

#include "lib/document/equality.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/finding/digest.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::judgement {
namespace {

using document::JsonKind;
using document::JsonValue;

constexpr std::string_view report_ending = "-report.json";
constexpr std::string_view timeline_ending = "-timeline.jsonl";
constexpr std::size_t most_told = 5;  // of the figures that differ

// What the last line of a timeline knows as well as the report. Times of the wall clock, the generator's own work and
// the words of gates are not among it.
constexpr std::array<std::string_view, 12> compared = {"/targets",
                                                       "/summary",
                                                       "/metrics",
                                                       "/streams",
                                                       "/attained",
                                                       "/profileName",
                                                       "/mode",
                                                       "/run/measuredMs",
                                                       "/run/concurrency",
                                                       "/run/requestCount",
                                                       "/generator/lateness",
                                                       "/evidence/environmentProfile"};

class Comparison {
 public:
  Comparison(const std::string& item, evidence::Findings& findings) : item_(item), findings_(findings) {}

  void compare(const JsonValue& said, const JsonValue& measured) {
    if (told_ == most_told) return;
    if (said.is(JsonKind::object) && measured.is(JsonKind::object)) {
      for (const JsonValue::Member member : measured.members()) {
        if (const auto own = said.find(member.name())) {
          compare(*own, member.value);
        } else {
          tell(said, fmt::format("{} is missing", member.name()));
        }
      }
      for (const JsonValue::Member member : said.members()) {
        if (!measured.find(member.name())) tell(member.value, "the timeline has no such value");
      }
    } else if (!document::equal(said, measured)) {
      tell(said, fmt::format("is {}; the timeline makes it {}", rules::shown(said), rules::shown(measured)));
    }
  }

 private:
  void tell(const JsonValue& at, const std::string& text) {
    if (told_++ < most_told) findings_.add("timeline-disagrees", item_, at, text);
  }

  const std::string& item_;
  evidence::Findings& findings_;
  std::size_t told_ = 0;
};

}  // namespace

std::string timeline_path(const std::string& report_path) {
  if (!report_path.ends_with(report_ending)) return {};
  return report_path.substr(0, report_path.size() - report_ending.size()) + std::string(timeline_ending);
}

void compare_timeline(const std::string& item, const JsonValue& report, const std::string& path,
                      std::string_view timeline, const Recompute& recompute, evidence::Findings& findings) {
  const auto named = evidence::find_at(report, "/inputs/timelineSha256");
  if (named && named->string() != finding::sha256_hex(timeline))
    findings.add("timeline-disagrees", item, *named, "the timeline beside the report is another one");
  const auto text = recompute(path, timeline);
  if (!text) {
    findings.add("timeline-disagrees", item, report, "the timeline cannot be read: " + text.error().message);
    return;
  }
  const auto measured = document::JsonDocument::parse(path, *text);
  if (!measured) return;
  Comparison comparison(item, findings);
  for (const std::string_view pointer : compared) {
    const auto said = evidence::find_at(report, pointer);
    const auto made = measured->at(pointer);
    if (said && made) comparison.compare(*said, *made);
    if (!said && made)
      findings.add("timeline-disagrees", item, report, fmt::format("the report has no {}", pointer.substr(1)));
  }
}

}  // namespace launchgate::judgement
