#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "load/core/request_template.hpp"

// The operation catalogue: all that the engine knows about the product it measures. Its format is
// schemas/operation-catalogue.schema.json.
namespace launchgate::load {

enum class Auth : std::uint8_t { none, optional, required };
enum class BodyKind : std::uint8_t { json, text, event_stream };
enum class Switch : std::uint8_t { mutations, sse, operator_checks };
inline constexpr std::size_t switch_count = 3;
std::string_view name(Switch value);

// Places of operations, targets and so on in the lists of their catalogue.
using Index = std::uint32_t;

struct TokenSpec {
  std::string name;  // the flag, without dashes
  std::string title;
  std::vector<std::string> fallback_environment;
  std::string provided_key;
  std::optional<Index> probe;
};

struct TargetSpec {
  std::string name;
  std::string title;
  std::string default_url;
  std::vector<std::string> fallback_environment;
  std::string url_key;
  Index probe = 0;
  std::optional<TokenSpec> token;
};

struct VariableSpec {
  std::string name;
  std::string title;
  std::optional<std::string> default_value;
  std::string report_key;  // empty: not reported
  std::string pattern;     // RE2 over the whole value; empty: anything
};

struct IdSpec {
  std::string name;
  std::string title;
  std::string count_key;
};

struct LimitSpec {
  std::string name;
  std::string title;
  std::uint64_t floor = 1;
};

struct Capture {
  Index id = 0;
  std::vector<std::string> pointers;
};

struct RateSpec {
  std::string capacity_target;
  double per_seconds = 60;
};

struct StreamSpec {
  std::string capacity_target;
  std::int64_t heartbeat_interval_ms = 0;
  std::int64_t silent_after_ms = 0;
  std::string resume_query;
  std::string group_pointer;  // empty: gaps are not looked for
  std::string number_pointer;
};

struct OperationSpec {
  std::string name;
  std::string title;
  Index target = 0;
  Index category = 0;
  Auth auth = Auth::none;
  BodyKind body_kind = BodyKind::text;
  RequestTemplate request;
  std::vector<int> success;
  std::vector<int> lenient;
  std::vector<int> without_token;
  bool needs_token = false;
  std::vector<Switch> switches;
  std::vector<Index> variables;
  std::vector<Capture> captures;
  std::vector<Index> capture_with;
  std::vector<Index> needs;
  std::optional<RateSpec> rate;
  std::optional<Index> limit;
  std::optional<StreamSpec> stream;
};

struct SeriesSpec {
  std::string key;
  std::string title;
  std::string metric;
  std::optional<Index> target;
  bool counter = false;
  bool sum = false;  // over label sets; else the largest
  std::string unit;
  bool first_seen_from_zero = false;
  bool growth = false;
  double negligible = 0;  // growth of less is none
};

// A trouble that a soak is to reveal, by what of it is seen over time. Any of its signs is the trouble.
struct SoakCheckSpec {
  struct Excess {
    Index series = 0;
    double most = 0;
  };
  std::string check;
  std::string title;
  std::vector<Index> grows;        // series with a trend
  std::vector<Index> recurs;       // counters that go on counting, but for the time around a restart
  std::vector<Excess> exceeds;     // gauges that go above again and again
  bool beside_streams = false;     // growth is none where the streams of this run grow alike
  bool stale_streams = false;      // streams that are open and get no events while others do, numbers that jump
  std::vector<Index> unconcerned;  // operations that no quota concerns, and yet are slower while it refuses others
};

enum class Measure : std::uint8_t { error_rate, latency, worst, delta, delta_per_minute };

struct GateSpec {
  std::string check;
  std::string title;
  Measure measure = Measure::error_rate;
  std::string threshold;
  std::string worst_window_threshold;  // empty: that of the whole run, as a warning
  bool per_operation = false;
  double percentile = 95;
  std::vector<Index> categories;
  Index series = 0;
  bool expectable = false;
};

struct WarningSpec {
  std::string id;
  std::string message;
  std::string help;
  std::optional<Index> target_skipped;
  std::optional<Index> target_used;
  std::optional<Index> token_missing;
  std::optional<Switch> switch_off;
  std::optional<Switch> switch_on;
  std::optional<Index> variable_missing;
  std::optional<Switch> none_planned;
};

struct EvidenceCommands {
  std::string plan, load, load_strict, soak, soak_strict;
};

struct Category {
  std::string name;
  std::string title;
};

struct Catalogue {
  std::string name;
  std::string title;
  std::string default_profile;
  std::string output_directory;
  EvidenceCommands commands;
  std::vector<TargetSpec> targets;
  std::vector<VariableSpec> variables;
  std::vector<IdSpec> ids;
  std::vector<LimitSpec> limits;
  std::vector<Category> categories;
  std::vector<int> rejection_statuses;
  std::vector<std::string> rejection_codes;  // pointers
  std::vector<std::string> error_messages;   // pointers
  std::vector<OperationSpec> operations;
  std::map<std::string, std::string> undriven;  // capacity target -> what shows it instead
  std::vector<Index> scrapes;
  std::int64_t scrape_interval_ms = 5000;
  std::vector<SeriesSpec> series;
  std::vector<GateSpec> gates;
  double growth_percentile = 95;
  std::vector<Index> growth_categories;
  std::vector<SoakCheckSpec> soak;
  double wave_period_hours = 24;
  std::vector<WarningSpec> warnings;
  std::string text;  // the document as read

  // Refuses names that do not resolve; the error is of category `configuration` and has the position.
  static base::Result<Catalogue> parse(std::string path, std::string text);

  std::optional<Index> operation(std::string_view name) const;
  // The first operation that captures the id.
  std::optional<Index> creator_of(Index id) const;
};

}  // namespace launchgate::load
