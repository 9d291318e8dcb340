#include "standin/core/fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/json_writer.hpp"
#include "standin/core/distribution_reader.hpp"

namespace launchgate::standin {
namespace {

using document::ObjectReader;

constexpr double most = 1e12;

Micros milliseconds(double ms) { return static_cast<Micros>(ms * static_cast<double>(micros_per_ms)); }

FaultEffect latency(ObjectReader& reader, bool token) {
  const auto distribution = read_distribution(reader);
  if (!distribution)
    reader.refuse("no distribution", "give ms=N, or minMs and maxMs, or meanMs, or medianMs and sigma");
  return LatencyFault{distribution.value_or(Fixed{}), static_cast<unsigned>(reader.number("servers", 0, 0, 1000)),
                      token};
}
FaultEffect added_latency(ObjectReader& reader) { return latency(reader, false); }
FaultEffect token_check(ObjectReader& reader) { return latency(reader, true); }

// What becomes part of a header must not end it.
std::string one_line(ObjectReader& reader, std::string text) {
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    reader.refuse("a control character in a header");
  return text;
}

FaultEffect error(ObjectReader& reader) {
  ErrorFault made;
  made.status = static_cast<int>(reader.number("status", 500, 200, 599));
  made.code = reader.optional_text("code");
  made.message = reader.text("message", "injected error");
  made.retry_after_s = reader.optional_number("retryAfterSeconds", 0, 86400);
  return made;
}
FaultEffect redirect(ObjectReader& reader) {
  ErrorFault made;
  made.status = static_cast<int>(reader.number("status", 302, 300, 399));
  made.message = "moved";
  made.location = one_line(reader, reader.text("location", "/"));
  return made;
}
FaultEffect stall(ObjectReader& reader) {
  if (!reader.has("forMs")) reader.refuse("a stall has no end", "give forMs");
  return StallFault{};
}

template <WireMode mode>
FaultEffect wire(ObjectReader&) {
  return WireFault{mode, 0};
}
template <WireMode mode>
FaultEffect slow(ObjectReader& reader) {
  return WireFault{mode, reader.number("bytesPerSecond", 100, 1, most)};
}
FaultEffect truncated(ObjectReader& reader) {
  return WireFault{WireMode::truncated, reader.number("keep", 0.5, 0, 0.999999)};
}
FaultEffect wrong_length(ObjectReader& reader) {
  return WireFault{WireMode::wrong_length, reader.number("by", 10, -1e6, 1e9)};
}
FaultEffect oversized(ObjectReader& reader) {
  return WireFault{WireMode::oversized, reader.number("bytes", 9437184, 1, 1e9)};
}
FaultEffect reset(ObjectReader& reader) {
  return WireFault{reader.one_of("when", {"head", "body"}, 0) == 0 ? WireMode::reset : WireMode::reset_body, 0};
}
FaultEffect malformed(ObjectReader& reader) {
  static const std::vector<std::string> variants = {"status-line", "header",  "length", "chunk",
                                                    "huge-header", "garbage", "json"};
  static constexpr WireMode modes[] = {WireMode::bad_status_line, WireMode::bad_header,  WireMode::bad_length,
                                       WireMode::bad_chunk,       WireMode::huge_header, WireMode::garbage,
                                       WireMode::bad_json};
  return WireFault{modes[reader.one_of("variant", variants, 0)], 0};
}
FaultEffect plant(ObjectReader& reader) { return PlantFault{one_line(reader, reader.text("text"))}; }

template <ListenFault::Mode mode>
FaultEffect listen(ObjectReader&) {
  return ListenFault{mode, 0, false};
}
FaultEffect refused(ObjectReader& reader) {
  return ListenFault{ListenFault::Mode::refused, 0, reader.flag("keepOpen")};
}
FaultEffect hung_accept(ObjectReader& reader) {
  return ListenFault{ListenFault::Mode::hung_accept, static_cast<int>(reader.number("backlog", 4096, 0, 65535)), false};
}

FaultEffect drop(ObjectReader& reader) {
  const bool resets = reader.one_of("how", {"close", "reset"}, 0) == 1;
  return StreamFault{resets ? StreamFault::Mode::reset : StreamFault::Mode::drop,
                     milliseconds(reader.number("lifeMs", 1000, 0, most)),
                     0,
                     {}};
}
FaultEffect silent(ObjectReader& reader) {
  return StreamFault{StreamFault::Mode::silent, milliseconds(reader.number("lifeMs", 0, 0, most)), 0, {}};
}
template <StreamFault::Mode mode>
FaultEffect each_event(ObjectReader& reader) {
  return StreamFault{mode, 0, static_cast<std::uint64_t>(reader.number("everyEvents", 10, 1, most)), {}};
}
FaultEffect replay_all(ObjectReader&) { return StreamFault{StreamFault::Mode::replay_all, 0, 0, {}}; }
FaultEffect style(ObjectReader& reader) {
  static constexpr const char* newlines[] = {"\n", "\r", "\r\n"};
  StreamFault made{StreamFault::Mode::style, 0, 0, {}};
  made.style.newline = newlines[reader.one_of("newline", {"lf", "cr", "crlf"}, 0)];
  made.style.split_data = reader.flag("splitData");
  made.style.no_space = reader.flag("noSpace");
  made.style.comment = reader.flag("comment");
  if (const auto retry = reader.optional_number("retryMs", 0, 1e9))
    made.style.retry_ms = static_cast<std::uint32_t>(*retry);
  return made;
}

MetricFault metric(ObjectReader& reader, MetricFault::Mode mode) {
  MetricFault made;
  made.mode = mode;
  made.metric = reader.text("metric");
  return made;
}
FaultEffect metric_grow(ObjectReader& reader) {
  MetricFault made = metric(reader, MetricFault::Mode::grow);
  made.from = reader.number("from", 0, -most, most);
  made.per_second = reader.number("perSecond", 0, -most, most);
  return made;
}
FaultEffect metric_text(ObjectReader& reader) {
  MetricFault made = metric(reader, MetricFault::Mode::text);
  made.text = reader.text("text");
  return made;
}
template <MetricFault::Mode mode>
FaultEffect plain_metric(ObjectReader& reader) {
  return metric(reader, mode);
}
FaultEffect paused(ObjectReader&) { return PausedFault{}; }

struct Entry {
  FaultKind kind;
  FaultEffect (*read)(ObjectReader&);
};

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all = {
      {{"latency", "answers later; of several the last installed counts",
        "ms | minMs, maxMs | meanMs | medianMs, sigma; servers=0"},
       added_latency},
      {{"token-check", "the same for requests with a token, added to other latency", "as latency; servers=0"},
       token_check},
      {{"error", "answers an error", "status=500, code, message, retryAfterSeconds"}, error},
      {{"redirect", "answers a redirect", "status=302, location=/"}, redirect},
      {{"stall", "holds all that arrive until its end", "forMs"}, stall},
      {{"slow-body", "the body drips", "bytesPerSecond=100"}, slow<WireMode::slow_body>},
      {{"slow-head", "status line, headers and body drip", "bytesPerSecond=100"}, slow<WireMode::slow_head>},
      {{"chunked", "chunked transfer coding, with extensions and trailers", ""}, wire<WireMode::chunked>},
      {{"gzip", "gzip content coding", ""}, wire<WireMode::gzip>},
      {{"unframed", "no length: the body ends with the connection", ""}, wire<WireMode::unframed>},
      {{"interim", "103 Early Hints before the answer", ""}, wire<WireMode::interim>},
      {{"oversized", "blanks after the body", "bytes=9437184"}, oversized},
      {{"truncated", "the connection closes within the body", "keep=0.5"}, truncated},
      {{"wrong-length", "Content-Length is off: above 0 the body never comes, below 0 bytes are left over", "by=10"},
       wrong_length},
      {{"malformed", "no HTTP, or no JSON", "variant=status-line|header|length|chunk|huge-header|garbage|json"},
       malformed},
      {{"reset", "the connection is reset", "when=head|body"}, reset},
      {{"closed", "the connection closes without an answer", ""}, wire<WireMode::closed>},
      {{"hung", "no answer, ever", ""}, wire<WireMode::hung>},
      {{"plant", "a text is put into bodies, a header, event data and metrics", "text"}, plant},
      {{"refused", "nothing listens", "keepOpen=false"}, refused},
      {{"hung-accept", "connections are not accepted", "backlog=4096"}, hung_accept},
      {{"closed-at-accept", "connections are reset once accepted", ""}, listen<ListenFault::Mode::closed_at_accept>},
      {{"hung-handshake", "connections are accepted and never read", ""}, listen<ListenFault::Mode::hung_handshake>},
      {{"sse-drop", "streams end", "lifeMs=1000, how=close|reset"}, drop},
      {{"sse-silent", "streams send nothing more, no heartbeat either", "lifeMs=0"}, silent},
      {{"sse-gap", "events are left out", "everyEvents=10"}, each_event<StreamFault::Mode::gap>},
      {{"sse-duplicate", "events are sent twice", "everyEvents=10"}, each_event<StreamFault::Mode::duplicate>},
      {{"sse-replay-all", "the last event id is ignored", ""}, replay_all},
      {{"sse-style", "other spellings of events that the standard allows",
        "newline=lf|cr|crlf, splitData, noSpace, comment, retryMs"},
       style},
      {{"metric-grow", "a metric is off by `from` and by `perSecond` more each second", "metric, from=0, perSecond=0"},
       metric_grow},
      {{"metric-reset", "a counter starts over, at its start and again each everyMs", "metric"},
       plain_metric<MetricFault::Mode::reset>},
      {{"metric-absent", "a metric vanishes", "metric"}, plain_metric<MetricFault::Mode::absent>},
      {{"metric-text", "a text such as NaN in place of the value", "metric, text"}, metric_text},
      {{"metric-timestamp", "a timestamp follows the value", "metric"}, plain_metric<MetricFault::Mode::timestamp>},
      {{"worker-paused", "workers take up nothing, so that the backlog grows", ""}, paused},
  };
  return all;
}

std::optional<Micros> optional_ms(ObjectReader& reader, std::string_view key) {
  const auto ms = reader.optional_number(key, 1, most);
  return ms ? std::optional(milliseconds(*ms)) : std::nullopt;
}

base::Error as_usage(base::Error error) {
  error.category = base::ErrorCategory::usage;
  return error;
}

bool is_json_scalar(std::string_view text) {
  if (text == "true" || text == "false") return true;
  double number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  // What from_chars takes and JSON does not: "inf", "nan", ".5", "5.", "05".
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() &&
         document::JsonDocument::parse("", std::string(text)).ok();
}

}  // namespace

const std::vector<FaultKind>& fault_kinds() {
  static const std::vector<FaultKind> kinds = [] {
    std::vector<FaultKind> all;
    for (const Entry& entry : entries()) all.push_back(entry.kind);
    return all;
  }();
  return kinds;
}

base::Result<Fault> parse_fault(const document::JsonValue& value) {
  std::vector<std::string> names;
  for (const Entry& entry : entries()) names.emplace_back(entry.kind.name);
  std::optional<base::Error> problem;
  ObjectReader reader(value, "fault", problem);
  const std::size_t kind = reader.one_of("kind", names, std::nullopt);
  if (problem) return as_usage(*std::move(problem));
  Fault made;
  made.kind = names[kind];
  made.service = reader.text("service", "*");
  made.route = reader.text("route", "*");
  made.rate = reader.number("rate", 1, 0, 1);
  if (const auto count = reader.optional_number("count", 0, most)) made.count = static_cast<std::uint64_t>(*count);
  made.after = milliseconds(reader.number("afterMs", 0, 0, most));
  made.duration = optional_ms(reader, "forMs");
  made.every = optional_ms(reader, "everyMs");
  made.effect = entries()[kind].read(reader);
  made.description = std::string(value.raw());
  reader.finish();
  if (problem) return as_usage(*std::move(problem));
  return made;
}

base::Result<std::vector<Fault>> parse_faults(const document::JsonDocument& document) {
  std::vector<Fault> faults;
  document::JsonValue root = document.root();
  if (const auto list = root.find("faults")) root = *list;
  if (!root.is(document::JsonKind::array)) {
    auto one = parse_fault(root);
    if (!one) return one.error();
    faults.push_back(*std::move(one));
    return faults;
  }
  for (const document::JsonValue value : root.elements()) {
    auto one = parse_fault(value);
    if (!one) return one.error();
    faults.push_back(*std::move(one));
  }
  return faults;
}

base::Result<Fault> parse_fault_argument(const std::string& text) {
  const auto usage = [](std::string message, std::string help) {
    return base::Error{base::ErrorCategory::usage, "", {}, std::move(message), std::move(help)};
  };
  std::string_view rest = text;
  const std::size_t colon = rest.find(':');
  std::string json = "{\"kind\":";
  document::append_json_string(json, rest.substr(0, colon));
  rest = colon == std::string_view::npos ? "" : rest.substr(colon + 1);
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::string_view pair = rest.substr(0, comma);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos)
      return usage(fmt::format("\"{}\" is not key=value", base::printable(pair)), "");
    json += ',';
    document::append_json_string(json, pair.substr(0, equals));
    json += ':';
    const std::string_view value = pair.substr(equals + 1);
    if (is_json_scalar(value))
      json += value;
    else
      document::append_json_string(json, value);
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
  }
  json += '}';
  const auto parsed = document::JsonDocument::parse("", json);
  if (!parsed) return usage(parsed.error().message, "");
  auto fault = parse_fault(parsed->root());
  if (!fault) return usage(fault.error().message, fault.error().help);
  return fault;
}

}  // namespace launchgate::standin
