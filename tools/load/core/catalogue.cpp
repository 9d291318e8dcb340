#include "load/core/catalogue.hpp"

#include <algorithm>
#include <array>

#include "lib/base/similar.hpp"

namespace launchgate::load {

namespace {

using document::JsonKind;
using document::JsonValue;

// Collects the first error; after it every reader yields an empty value, so that the parse reads straight down.
class Reader {
 public:
  std::optional<base::Error> error;

  void fail(const JsonValue& at, std::string message, std::string help = {}) {
    if (error) return;
    error = base::Error{base::ErrorCategory::configuration, at.document().path(), at.span().begin, std::move(message),
                        std::move(help)};
  }

  std::string text(const JsonValue& object, std::string_view key, bool required = true) {
    const auto value = object.find(key);
    if (!value || value->is(JsonKind::null)) {
      if (required) fail(object, "\"" + std::string(key) + "\" is missing");
      return {};
    }
    if (!value->is(JsonKind::string)) fail(*value, "\"" + std::string(key) + "\" must be a string");
    return std::string(value->string());
  }

  std::vector<std::string> texts(const JsonValue& object, std::string_view key) {
    std::vector<std::string> out;
    each(object, key, [&](const JsonValue& element) { out.emplace_back(element.string()); });
    return out;
  }

  std::vector<int> statuses(const JsonValue& object, std::string_view key) {
    std::vector<int> out;
    each(object, key, [&](const JsonValue& element) {
      const auto status = element.integer();
      if (!status || *status < 100 || *status > 599) return fail(element, "a status is an integer from 100 to 599");
      out.push_back(static_cast<int>(*status));
    });
    return out;
  }

  std::int64_t integer(const JsonValue& object, std::string_view key, std::int64_t least, std::int64_t most) {
    const auto value = object.find(key);
    const auto number = value ? value->integer() : std::nullopt;
    if (!number || *number < least || *number > most) {
      fail(value.value_or(object), "\"" + std::string(key) + "\" must be an integer from " + std::to_string(least) +
                                       " to " + std::to_string(most));
      return least;
    }
    return *number;
  }

  double percentile(const JsonValue& object, std::string_view key) {
    const auto value = object.find(key);
    const double number = value && value->is(JsonKind::number) ? value->number() : 0;
    if (!(number > 0 && number <= 100)) fail(value.value_or(object), "a percentile is a number above 0, at most 100");
    return number;
  }

  template <typename Use>
  void each(const JsonValue& object, std::string_view key, Use use) {
    const auto list = object.find(key);
    if (!list) return;
    if (!list->is(JsonKind::array)) return fail(*list, "\"" + std::string(key) + "\" must be an array");
    for (const auto element : list->elements()) use(element);
  }

  template <typename Use>
  void members(const JsonValue& object, std::string_view key, Use use) {
    const auto map = object.find(key);
    if (!map) return;
    if (!map->is(JsonKind::object)) return fail(*map, "\"" + std::string(key) + "\" must be an object");
    for (const auto member : map->members()) use(member);
  }

  template <typename Item>
  Index resolve(const JsonValue& at, std::string_view wanted, const std::vector<Item>& items, std::string_view what) {
    std::vector<std::string> known;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].name == wanted) return static_cast<Index>(i);
      known.push_back(items[i].name);
    }
    fail(at, "unknown " + std::string(what) + " \"" + std::string(wanted) + "\"", base::did_you_mean(wanted, known));
    return 0;
  }

  template <typename Item>
  std::optional<Index> reference(const JsonValue& object, std::string_view key, const std::vector<Item>& items,
                                 std::string_view what) {
    const auto value = object.find(key);
    if (!value) return std::nullopt;
    return resolve(*value, value->string(), items, what);
  }

  template <typename Item>
  std::vector<Index> references(const JsonValue& object, std::string_view key, const std::vector<Item>& items,
                                std::string_view what) {
    std::vector<Index> out;
    each(object, key,
         [&](const JsonValue& element) { out.push_back(resolve(element, element.string(), items, what)); });
    return out;
  }

  std::optional<Switch> one_switch(const JsonValue& at) {
    for (std::size_t i = 0; i < switch_count; ++i) {
      if (name(static_cast<Switch>(i)) == at.string()) return static_cast<Switch>(i);
    }
    fail(at, "unknown switch \"" + std::string(at.string()) + "\"",
         base::did_you_mean(at.string(), {"mutations", "sse", "operator"}));
    return std::nullopt;
  }

  std::optional<Switch> switch_member(const JsonValue& object, std::string_view key) {
    const auto value = object.find(key);
    if (!value) return std::nullopt;
    return one_switch(*value);
  }
};

struct Named {
  std::string name;
};

std::vector<Named> operation_names(Reader& reader, const JsonValue& root) {
  std::vector<Named> names;
  reader.each(root, "operations", [&](const JsonValue& operation) {
    std::string wanted = reader.text(operation, "name");
    for (const Named& other : names) {
      if (other.name == wanted) reader.fail(operation, "operation \"" + wanted + "\" appears twice");
    }
    names.push_back({std::move(wanted)});
  });
  return names;
}

void read_targets(Reader& reader, const JsonValue& root, const std::vector<Named>& operations, Catalogue& out) {
  reader.members(root, "targets", [&](const JsonValue::Member& member) {
    TargetSpec target;
    target.name = member.name();
    target.title = reader.text(member.value, "title");
    target.default_url = reader.text(member.value, "defaultUrl");
    target.fallback_environment = reader.texts(member.value, "fallbackEnvironment");
    target.url_key = reader.text(member.value, "urlKey");
    target.probe = reader.reference(member.value, "probe", operations, "operation").value_or(0);
    if (const auto token = member.value.find("token")) {
      TokenSpec spec;
      spec.name = reader.text(*token, "name");
      spec.title = reader.text(*token, "title");
      spec.fallback_environment = reader.texts(*token, "fallbackEnvironment");
      spec.provided_key = reader.text(*token, "providedKey");
      spec.probe = reader.reference(*token, "probe", operations, "operation");
      target.token = std::move(spec);
    }
    out.targets.push_back(std::move(target));
  });
}

void read_names(Reader& reader, const JsonValue& root, Catalogue& out) {
  reader.members(root, "variables", [&](const JsonValue::Member& member) {
    VariableSpec variable;
    variable.name = member.name();
    variable.title = reader.text(member.value, "title");
    if (const auto value = member.value.find("default"); value && value->is(JsonKind::string)) {
      variable.default_value = std::string(value->string());
    }
    variable.report_key = reader.text(member.value, "reportKey", false);
    variable.pattern = reader.text(member.value, "pattern", false);
    out.variables.push_back(std::move(variable));
  });
  reader.members(root, "ids", [&](const JsonValue::Member& member) {
    out.ids.push_back(
        {std::string(member.name()), reader.text(member.value, "title"), reader.text(member.value, "countKey", false)});
  });
  reader.members(root, "limits", [&](const JsonValue::Member& member) {
    out.limits.push_back({std::string(member.name()), reader.text(member.value, "title"),
                          static_cast<std::uint64_t>(reader.integer(member.value, "floor", 1, 1'000'000'000))});
  });
  reader.members(root, "categories", [&](const JsonValue::Member& member) {
    out.categories.push_back({std::string(member.name()), std::string(member.value.string())});
  });
}

std::optional<StreamSpec> read_stream(Reader& reader, const JsonValue& operation) {
  const auto stream = operation.find("stream");
  if (!stream) return std::nullopt;
  StreamSpec spec;
  spec.capacity_target = reader.text(*stream, "capacityTarget");
  spec.heartbeat_interval_ms = reader.integer(*stream, "heartbeatIntervalMs", 1, 3'600'000);
  spec.silent_after_ms = reader.integer(*stream, "silentAfterMs", 1, 3'600'000);
  spec.resume_query = reader.text(*stream, "resumeQuery", false);
  if (const auto sequence = stream->find("sequence")) {
    spec.group_pointer = reader.text(*sequence, "group");
    spec.number_pointer = reader.text(*sequence, "number");
  }
  return spec;
}

template <typename Enum, std::size_t N>
Enum read_enum(Reader& reader, const JsonValue& object, std::string_view key,
               const std::array<std::pair<std::string_view, Enum>, N>& values) {
  const auto value = object.find(key);
  std::vector<std::string> known;
  for (const auto& [text, meaning] : values) {
    if (value && value->string() == text) return meaning;
    known.emplace_back(text);
  }
  reader.fail(value.value_or(object), "\"" + std::string(key) + "\" must be one of " + base::quoted_list(known, "or"));
  return values[0].second;
}

constexpr std::array<std::pair<std::string_view, Auth>, 3> auth_names = {
    {{"none", Auth::none}, {"optional", Auth::optional}, {"required", Auth::required}}};
constexpr std::array<std::pair<std::string_view, BodyKind>, 3> body_names = {
    {{"json", BodyKind::json}, {"text", BodyKind::text}, {"event-stream", BodyKind::event_stream}}};
constexpr std::array<std::pair<std::string_view, Measure>, 5> measure_names = {
    {{"error-rate", Measure::error_rate},
     {"latency", Measure::latency},
     {"worst", Measure::worst},
     {"delta", Measure::delta},
     {"delta-per-minute", Measure::delta_per_minute}}};

void read_operation(Reader& reader, const JsonValue& at, const PlaceholderNames& names, Catalogue& out) {
  OperationSpec op;
  op.name = reader.text(at, "name");
  op.title = reader.text(at, "title");
  op.target = reader.reference(at, "target", out.targets, "target").value_or(0);
  op.category = reader.reference(at, "category", out.categories, "category").value_or(0);
  op.auth = read_enum(reader, at, "auth", auth_names);
  op.body_kind = read_enum(reader, at, "response", body_names);
  const auto request = at.find("request");
  if (!request || !request->is(JsonKind::object)) return reader.fail(at, "\"request\" is missing");
  auto parsed = RequestTemplate::parse(*request, names);
  if (!parsed) {
    if (!reader.error) reader.error = std::move(parsed).error();
    return;
  }
  op.request = *std::move(parsed);
  if (const auto accepts = at.find("accepts")) {
    op.success = reader.statuses(*accepts, "success");
    op.lenient = reader.statuses(*accepts, "lenient");
    op.without_token = reader.statuses(*accepts, "withoutToken");
  }
  if (op.success.empty()) return reader.fail(at, "\"accepts\" needs a status of success");
  if (const auto when = at.find("when")) {
    if (const auto token = when->find("token")) op.needs_token = token->boolean();
    reader.each(*when, "switches", [&](const JsonValue& element) {
      if (const auto value = reader.one_switch(element)) op.switches.push_back(*value);
    });
    op.variables = reader.references(*when, "variables", out.variables, "variable");
  }
  if (op.needs_token && !out.targets[op.target].token) {
    reader.fail(at, "operation \"" + op.name + "\" needs a token, but its target has none");
  }
  reader.members(at, "captures", [&](const JsonValue::Member& member) {
    Capture capture;
    capture.id = reader.resolve(member.key, member.name(), out.ids, "id");
    for (const auto pointer : member.value.elements()) capture.pointers.emplace_back(pointer.string());
    op.captures.push_back(std::move(capture));
  });
  op.capture_with = reader.references(at, "captureWith", out.ids, "id");
  op.needs = reader.references(at, "needs", out.ids, "id");
  if (const auto rate = at.find("rate")) {
    op.rate = RateSpec{reader.text(*rate, "capacityTarget"), reader.text(*rate, "per") == "second" ? 1.0 : 60.0};
  }
  op.limit = reader.reference(at, "limit", out.limits, "limit");
  op.stream = read_stream(reader, at);
  if ((op.body_kind == BodyKind::event_stream) != op.stream.has_value()) {
    reader.fail(at, "an operation has a \"stream\" exactly when its response is an event stream");
  }
  out.operations.push_back(std::move(op));
}

void read_metrics(Reader& reader, const JsonValue& root, const std::vector<Named>& operations, Catalogue& out) {
  const auto metrics = root.find("metrics");
  if (!metrics) return;
  out.scrapes = reader.references(*metrics, "scrapes", operations, "operation");
  out.scrape_interval_ms = reader.integer(*metrics, "intervalMs", 100, 15'000);
  reader.each(*metrics, "series", [&](const JsonValue& at) {
    SeriesSpec series;
    series.key = reader.text(at, "key");
    series.title = reader.text(at, "title");
    series.metric = reader.text(at, "name");
    series.target = reader.reference(at, "target", out.targets, "target");
    series.counter = reader.text(at, "kind") == "counter";
    series.sum = reader.text(at, "aggregate") == "sum";
    series.unit = reader.text(at, "unit", false);
    series.first_seen_from_zero = at.find("firstSeenFrom").has_value();
    const auto growth = at.find("growth");
    series.growth = growth && growth->boolean();
    out.series.push_back(std::move(series));
  });
}

void read_gates(Reader& reader, const JsonValue& root, Catalogue& out) {
  std::vector<Named> series;
  for (const SeriesSpec& one : out.series) series.push_back({one.key});
  reader.each(root, "gates", [&](const JsonValue& at) {
    GateSpec gate;
    gate.check = reader.text(at, "check");
    gate.title = reader.text(at, "title");
    gate.measure = read_enum(reader, at, "measure", measure_names);
    gate.threshold = reader.text(at, "threshold");
    gate.per_operation = at.string_member("scope") == "operation";
    if (gate.measure == Measure::latency) gate.percentile = reader.percentile(at, "percentile");
    gate.categories = reader.references(at, "categories", out.categories, "category");
    if (gate.measure != Measure::latency && gate.measure != Measure::error_rate) {
      const auto metric = at.find("metric");
      if (!metric) return reader.fail(at, "the gate names no metric");
      gate.series = reader.resolve(*metric, metric->string(), series, "metric");
    }
    const auto expectable = at.find("expectable");
    gate.expectable = expectable && expectable->boolean();
    out.gates.push_back(std::move(gate));
  });
  if (const auto growth = root.find("growth")) {
    out.growth_percentile = reader.percentile(*growth, "percentile");
    out.growth_categories = reader.references(*growth, "categories", out.categories, "category");
  }
}

void read_warnings(Reader& reader, const JsonValue& root, Catalogue& out) {
  reader.each(root, "warnings", [&](const JsonValue& at) {
    WarningSpec warning;
    warning.id = reader.text(at, "id");
    warning.message = reader.text(at, "message");
    warning.help = reader.text(at, "help");
    warning.target_skipped = reader.reference(at, "targetSkipped", out.targets, "target");
    warning.target_used = reader.reference(at, "targetUsed", out.targets, "target");
    warning.token_missing = reader.reference(at, "tokenMissing", out.targets, "target");
    warning.switch_off = reader.switch_member(at, "switchOff");
    warning.switch_on = reader.switch_member(at, "switchOn");
    warning.variable_missing = reader.reference(at, "variableMissing", out.variables, "variable");
    warning.none_planned = reader.switch_member(at, "nonePlanned");
    out.warnings.push_back(std::move(warning));
  });
}

// An operation whose ids nothing captures, or that would need itself, can never be sent.
void check_chains(Reader& reader, const JsonValue& root, const Catalogue& catalogue) {
  for (const OperationSpec& op : catalogue.operations) {
    std::vector<Index> provided = op.needs;
    for (const Index id : op.needs) {
      std::size_t depth = 0;
      std::vector<Index> queue = {id};
      while (!queue.empty()) {
        const auto creator = catalogue.creator_of(queue.back());
        queue.pop_back();
        if (!creator) {
          reader.fail(root,
                      "no operation captures the id \"" + catalogue.ids[id].name + "\" that \"" + op.name + "\" needs");
          return;
        }
        if (++depth > catalogue.operations.size()) {
          reader.fail(root, "the ids that \"" + op.name + "\" needs depend on one another in a circle");
          return;
        }
        if (depth == 1) {
          const auto& with = catalogue.operations[*creator].capture_with;
          provided.insert(provided.end(), with.begin(), with.end());
        }
        const auto& more = catalogue.operations[*creator].needs;
        queue.insert(queue.end(), more.begin(), more.end());
      }
    }
    for (Index id = 0; id < catalogue.ids.size(); ++id) {
      if (op.request.uses(PlaceholderKind::id, id) &&
          std::find(provided.begin(), provided.end(), id) == provided.end()) {
        reader.fail(root, "the request of \"" + op.name + "\" uses {" + catalogue.ids[id].name +
                              "}, which nothing it needs provides");
      }
    }
  }
}

}  // namespace

std::string_view name(Switch value) {
  switch (value) {
    case Switch::mutations:
      return "mutations";
    case Switch::sse:
      return "sse";
    case Switch::operator_checks:
      return "operator";
  }
  return "";
}

base::Result<Catalogue> Catalogue::parse(std::string path, std::string text) {
  Catalogue out;
  out.text = text;
  auto document = document::JsonDocument::parse(std::move(path), std::move(text));
  if (!document) {
    base::Error error = std::move(document).error();
    error.category = base::ErrorCategory::configuration;
    return error;
  }
  const JsonValue root = document->root();
  Reader reader;
  if (!root.is(JsonKind::object)) reader.fail(root, "an operation catalogue is an object");
  const auto version = root.find("schemaVersion");
  if (!version || version->integer() != 1) reader.fail(version.value_or(root), "\"schemaVersion\" must be 1");
  if (reader.error) return *std::move(reader.error);
  out.name = reader.text(root, "catalogue");
  out.title = reader.text(root, "title");
  out.default_profile = reader.text(root, "defaultProfile");
  out.output_directory = reader.text(root, "outputDirectory");
  if (const auto commands = root.find("evidenceCommands")) {
    out.commands = {reader.text(*commands, "plan"), reader.text(*commands, "load"),
                    reader.text(*commands, "loadStrict"), reader.text(*commands, "soak"),
                    reader.text(*commands, "soakStrict")};
  }
  const std::vector<Named> names = operation_names(reader, root);
  if (names.empty()) reader.fail(root, "the catalogue has no operations");
  read_targets(reader, root, names, out);
  read_names(reader, root, out);
  if (out.targets.empty()) reader.fail(root, "the catalogue has no targets");
  if (out.categories.empty()) reader.fail(root, "the catalogue has no categories");
  if (const auto rejections = root.find("rejections")) {
    out.rejection_statuses = reader.statuses(*rejections, "statuses");
    out.rejection_codes = reader.texts(*rejections, "codes");
    out.error_messages = reader.texts(*rejections, "messages");
  }
  PlaceholderNames placeholders;
  for (const auto& variable : out.variables) placeholders.variables.push_back(variable.name);
  for (const auto& id : out.ids) placeholders.ids.push_back(id.name);
  if (reader.error) return *std::move(reader.error);
  reader.each(root, "operations", [&](const JsonValue& at) {
    if (!reader.error) read_operation(reader, at, placeholders, out);
  });
  if (reader.error) return *std::move(reader.error);
  reader.members(root, "undriven",
                 [&](const JsonValue::Member& member) { out.undriven.emplace(member.name(), member.value.string()); });
  read_metrics(reader, root, names, out);
  read_gates(reader, root, out);
  read_warnings(reader, root, out);
  check_chains(reader, root, out);
  if (reader.error) return *std::move(reader.error);
  return out;
}

std::optional<Index> Catalogue::operation(std::string_view wanted) const {
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (operations[i].name == wanted) return static_cast<Index>(i);
  }
  return std::nullopt;
}

std::optional<Index> Catalogue::creator_of(Index id) const {
  for (std::size_t i = 0; i < operations.size(); ++i) {
    for (const Capture& capture : operations[i].captures) {
      if (capture.id == id) return static_cast<Index>(i);
    }
  }
  return std::nullopt;
}

}  // namespace launchgate::load
