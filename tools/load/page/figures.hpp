#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/document/json_document.hpp"
#include "load/page/timeline.hpp"

// What a page shows of a run is taken from its JSON report, which is redacted, and from its timeline.
namespace launchgate::load {

struct ReportSource {
  document::JsonValue report;
  const Catalogue& catalogue;
  const Timeline* timeline = nullptr;  // null: there is none, and so no charts
};

double number_in(const document::JsonValue& object, std::string_view key);
// The member of a member of …; none when one of them is missing.
std::optional<document::JsonValue> at(const document::JsonValue& value, std::initializer_list<std::string_view> keys);
std::string text_at(const document::JsonValue& value, std::initializer_list<std::string_view> keys);

// A check with both of its numbers.
struct Margin {
  std::string check;
  double actual = 0;
  double limit = 0;
  bool at_least = false;
  std::string unit;
  bool failed = false;
  std::optional<double> moment;  // seconds into the run: where it was worst
  std::string chart;             // id of the chart that shows it; empty: none

  // 1 is all that is allowed.
  double share() const;
  std::string sentence() const;  // "312 of at most 350 ms"
};

// Those whose numbers are known, the worst first.
std::vector<Margin> margins(const ReportSource& source);

std::string latency_chart(Index category);
std::string metric_chart(Index series);
inline constexpr std::string_view rate_chart = "c-rate";
inline constexpr std::string_view error_chart = "c-errors";
inline constexpr std::string_view stream_chart = "c-streams";
inline constexpr std::string_view generator_chart = "c-lateness";

// The middle of a column, in seconds.
double middle(const Timeline& timeline, std::size_t column);

}  // namespace launchgate::load
