#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "standin/core/clock.hpp"
#include "standin/core/distribution.hpp"
#include "standin/core/event_log.hpp"

// Faults on request. A fault is described by a JSON object with "kind", the members that all faults share, and those of
// its kind (docs/tools/launchgate-standin.md), or on the command line by KIND:key=value,….
namespace launchgate::standin {

// Slows an answer. With `servers` above 0 the draws are work for that many servers, so that requests queue for them.
struct LatencyFault {
  Distribution distribution;
  unsigned servers = 0;
  bool only_with_token = false;
};

// Answers something else than the route would.
struct ErrorFault {
  int status = 500;
  std::string code;  // with a verdict when not empty
  std::string message;
  std::optional<double> retry_after_s;
  std::string location;
};

// All requests that arrive while the fault is active wait for its end.
struct StallFault {};

enum class WireMode : std::uint8_t {
  intact,
  // Valid HTTP, unusual form.
  slow_body,
  slow_head,
  chunked,
  gzip,
  unframed,
  interim,
  bad_json,
  oversized,
  // Not an answer.
  truncated,
  wrong_length,
  bad_status_line,
  bad_header,
  bad_length,
  bad_chunk,
  huge_header,
  garbage,
  reset,
  reset_body,
  closed,
  hung,
};
constexpr bool is_answer(WireMode mode) { return mode <= WireMode::oversized; }

struct WireFault {
  WireMode mode = WireMode::intact;
  // Meaning by mode: bytes per second, share of the body kept, difference to the true length, bytes of the body.
  double amount = 0;
};

// A text, such as a made-up secret, is put into bodies, headers, event data and metrics.
struct PlantFault {
  std::string text;
};

struct ListenFault {
  enum class Mode : std::uint8_t { refused, hung_accept, closed_at_accept, hung_handshake } mode = Mode::refused;
  int backlog = 0;         // hung_accept: connections the kernel still completes
  bool keep_open = false;  // refused: connections that are open stay
};

struct StreamFault {
  enum class Mode : std::uint8_t { drop, reset, gap, duplicate, silent, replay_all, style } mode = Mode::drop;
  Micros life = 0;                 // drop, reset, silent: after so long
  std::uint64_t every_events = 0;  // gap, duplicate: each so many-th event
  FrameStyle style;
};

struct MetricFault {
  enum class Mode : std::uint8_t { grow, reset, absent, text, timestamp } mode = Mode::grow;
  std::string metric = "*";  // glob over metric names and signals
  double from = 0;
  double per_second = 0;
  std::string text;  // in place of the value
};

// Workers take up nothing.
struct PausedFault {};

using FaultEffect = std::variant<LatencyFault, ErrorFault, StallFault, WireFault, PlantFault, ListenFault, StreamFault,
                                 MetricFault, PausedFault>;

struct Fault {
  std::string kind;
  FaultEffect effect;
  std::string service = "*";           // glob
  std::string route = "*";             // glob
  double rate = 1;                     // share of requests, or of streams
  std::optional<std::uint64_t> count;  // at most so many times
  // Active from `after` its installation, for `duration` (none: for ever), again each `every`.
  Micros after = 0;
  std::optional<Micros> duration;
  std::optional<Micros> every;
  std::string description;  // the JSON it came from
};

// Errors are `usage` errors with position, known keys and the nearest kind.
base::Result<Fault> parse_fault(const document::JsonValue& value);
// An object, a list of objects, or {"faults": [...]}.
base::Result<std::vector<Fault>> parse_faults(const document::JsonDocument& document);
// "KIND" or "KIND:key=value,key=value": numbers and true/false by their looks, all else text.
base::Result<Fault> parse_fault_argument(const std::string& text);

struct FaultKind {
  std::string_view name;
  std::string_view summary;
  std::string_view keys;  // with defaults, for --help and the documentation
};
const std::vector<FaultKind>& fault_kinds();

}  // namespace launchgate::standin
