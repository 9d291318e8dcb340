#include "load/core/catalogue.hpp"

#include <algorithm>
#include <array>

#include "load/core/catalogue_parts.hpp"

namespace launchgate::load {

namespace {

std::vector<int> statuses(ObjectReader& reader, std::string_view key) {
  std::vector<int> out;
  reader.each(key, false, [&](const JsonValue& element) {
    const auto status = element.integer();
    if (!status || *status < 100 || *status > 599)
      return reader.refuse(element, "a status is an integer from 100 to 599");
    out.push_back(static_cast<int>(*status));
  });
  return out;
}

double percentile(ObjectReader& reader) {
  const auto value = reader.value("percentile", JsonKind::number, true);
  const double number = value ? value->number() : 0;
  if (!(number > 0 && number <= 100))
    reader.refuse(value.value_or(reader.object()), "a percentile is a number above 0, at most 100");
  return number;
}

struct SwitchName {
  std::string_view name;
};

constexpr std::array<SwitchName, switch_count> switches = {{{"mutations"}, {"sse"}, {"operator"}}};

std::optional<Switch> one_switch(ObjectReader& reader, std::string_view key) {
  const auto found = reference(reader, key, switches, "switch");
  return found ? std::optional(static_cast<Switch>(*found)) : std::nullopt;
}

template <typename Enum, std::size_t N>
Enum one_of(ObjectReader& reader, std::string_view key,
            const std::array<std::pair<std::string_view, Enum>, N>& values) {
  std::vector<std::string> words;
  for (const auto& value : values) words.emplace_back(value.first);
  return values[reader.one_of(key, words, std::nullopt)].second;
}

std::vector<Named> operation_names(ObjectReader& root) {
  std::vector<Named> names;
  root.objects("operations", "operation", false, [&](ObjectReader& operation) {
    std::string wanted = operation.text("name");
    for (const Named& other : names) {
      if (other.name == wanted) operation.refuse("operation \"" + wanted + "\" appears twice");
    }
    names.push_back({std::move(wanted)});
  });
  return names;
}

TokenSpec read_token(ObjectReader& reader, const std::vector<Named>& operations) {
  TokenSpec spec;
  spec.name = reader.text("name");
  spec.title = reader.text("title");
  spec.fallback_environment = reader.strings("fallbackEnvironment", false);
  spec.provided_key = reader.text("providedKey");
  spec.probe = reference(reader, "probe", operations, "operation");
  return spec;
}

void read_targets(ObjectReader& root, const std::vector<Named>& operations, Catalogue& out) {
  root.members("targets", false, [&](const JsonValue::Member& member) {
    ObjectReader reader = root.at(member.value, "target");
    TargetSpec target;
    target.name = member.name();
    target.title = reader.text("title");
    target.default_url = reader.text("defaultUrl");
    target.fallback_environment = reader.strings("fallbackEnvironment", false);
    target.url_key = reader.text("urlKey");
    target.probe = reference(reader, "probe", operations, "operation").value_or(0);
    reader.object("token", "token", false, [&](ObjectReader& token) { target.token = read_token(token, operations); });
    out.targets.push_back(std::move(target));
  });
}

void read_names(ObjectReader& root, Catalogue& out) {
  root.members("variables", false, [&](const JsonValue::Member& member) {
    ObjectReader reader = root.at(member.value, "variable");
    VariableSpec variable;
    variable.name = member.name();
    variable.title = reader.text("title");
    if (const auto value = reader.value("default"); value && value->is(JsonKind::string))
      variable.default_value = std::string(value->string());
    variable.report_key = reader.optional_text("reportKey");
    variable.pattern = reader.optional_text("pattern");
    out.variables.push_back(std::move(variable));
  });
  root.members("ids", false, [&](const JsonValue::Member& member) {
    ObjectReader reader = root.at(member.value, "id");
    out.ids.push_back({std::string(member.name()), reader.text("title"), reader.optional_text("countKey")});
  });
  root.members("limits", false, [&](const JsonValue::Member& member) {
    ObjectReader reader = root.at(member.value, "limit");
    out.limits.push_back({std::string(member.name()), reader.text("title"),
                          static_cast<std::uint64_t>(reader.integer("floor", 1, 1'000'000'000))});
  });
  root.members("categories", false, [&](const JsonValue::Member& member) {
    out.categories.push_back({std::string(member.name()), std::string(member.value.string())});
  });
}

StreamSpec read_stream(ObjectReader& reader) {
  StreamSpec spec;
  spec.capacity_target = reader.text("capacityTarget");
  spec.heartbeat_interval_ms = reader.integer("heartbeatIntervalMs", 1, 3'600'000);
  spec.silent_after_ms = reader.integer("silentAfterMs", 1, 3'600'000);
  spec.resume_query = reader.optional_text("resumeQuery");
  reader.object("sequence", "sequence", false, [&](ObjectReader& sequence) {
    spec.group_pointer = sequence.text("group");
    spec.number_pointer = sequence.text("number");
  });
  return spec;
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

// When the operation is sent, and what its answers give.
void read_conditions(ObjectReader& reader, const Catalogue& catalogue, OperationSpec& op) {
  reader.object("when", "when", false, [&](ObjectReader& when) {
    op.needs_token = when.flag("token");
    for (const Index one : references(when, "switches", switches, "switch"))
      op.switches.push_back(static_cast<Switch>(one));
    op.variables = references(when, "variables", catalogue.variables, "variable");
  });
  if (op.needs_token && !catalogue.targets[op.target].token)
    reader.refuse("operation \"" + op.name + "\" needs a token, but its target has none");
  reader.members("captures", false, [&](const JsonValue::Member& member) {
    Capture capture;
    capture.id = resolve(reader, member.key, catalogue.ids, "id");
    for (const auto pointer : member.value.elements()) capture.pointers.emplace_back(pointer.string());
    op.captures.push_back(std::move(capture));
  });
  op.capture_with = references(reader, "captureWith", catalogue.ids, "id");
  op.needs = references(reader, "needs", catalogue.ids, "id");
  reader.object("rate", "rate", false, [&](ObjectReader& rate) {
    op.rate = RateSpec{rate.text("capacityTarget"), rate.text("per") == "second" ? 1.0 : 60.0};
  });
  op.limit = reference(reader, "limit", catalogue.limits, "limit");
  reader.object("stream", "stream", false, [&](ObjectReader& stream) { op.stream = read_stream(stream); });
  if ((op.body_kind == BodyKind::event_stream) != op.stream.has_value())
    reader.refuse("an operation has a \"stream\" exactly when its response is an event stream");
}

void read_operation(ObjectReader& reader, const PlaceholderNames& names, Catalogue& out) {
  OperationSpec op;
  op.name = reader.text("name");
  op.title = reader.text("title");
  op.target = reference(reader, "target", out.targets, "target").value_or(0);
  op.category = reference(reader, "category", out.categories, "category").value_or(0);
  op.auth = one_of(reader, "auth", auth_names);
  op.body_kind = one_of(reader, "response", body_names);
  const auto request = reader.value("request", JsonKind::object, true);
  if (!request) return;
  auto parsed = RequestTemplate::parse(*request, names);
  if (!parsed) return reader.refuse(parsed.error());
  op.request = *std::move(parsed);
  reader.object("accepts", "accepts", false, [&](ObjectReader& accepts) {
    op.success = statuses(accepts, "success");
    op.lenient = statuses(accepts, "lenient");
    op.without_token = statuses(accepts, "withoutToken");
  });
  if (op.success.empty()) return reader.refuse("\"accepts\" needs a status of success");
  read_conditions(reader, out, op);
  out.operations.push_back(std::move(op));
}

void read_metrics(ObjectReader& reader, const std::vector<Named>& operations, Catalogue& out) {
  out.scrapes = references(reader, "scrapes", operations, "operation");
  out.scrape_interval_ms = reader.integer("intervalMs", 100, 15'000);
  reader.objects("series", "series", false, [&](ObjectReader& one) {
    SeriesSpec series;
    series.key = one.text("key");
    series.title = one.text("title");
    series.metric = one.text("name");
    series.target = reference(one, "target", out.targets, "target");
    series.counter = one.text("kind") == "counter";
    series.sum = one.text("aggregate") == "sum";
    series.unit = one.optional_text("unit");
    series.first_seen_from_zero = one.value("firstSeenFrom").has_value();
    series.growth = one.flag("growth");
    if (const auto least = one.value("negligible"); least && least->is(JsonKind::number))
      series.negligible = least->number();
    out.series.push_back(std::move(series));
  });
}

void read_gates(ObjectReader& root, Catalogue& out) {
  std::vector<Named> series;
  for (const SeriesSpec& one : out.series) series.push_back({one.key});
  root.objects("gates", "gate", false, [&](ObjectReader& reader) {
    GateSpec gate;
    gate.check = reader.text("check");
    gate.title = reader.text("title");
    gate.measure = one_of(reader, "measure", measure_names);
    gate.threshold = reader.text("threshold");
    gate.worst_window_threshold = reader.optional_text("worstWindowThreshold");
    gate.per_operation = reader.optional_text("scope") == "operation";
    if (gate.measure == Measure::latency) gate.percentile = percentile(reader);
    gate.categories = references(reader, "categories", out.categories, "category");
    if (gate.measure != Measure::latency && gate.measure != Measure::error_rate) {
      if (const auto metric = reader.required("metric")) gate.series = resolve(reader, *metric, series, "metric");
    }
    gate.expectable = reader.flag("expectable");
    out.gates.push_back(std::move(gate));
  });
  root.object("growth", "growth", false, [&](ObjectReader& growth) {
    out.growth_percentile = percentile(growth);
    out.growth_categories = references(growth, "categories", out.categories, "category");
  });
}

void read_warnings(ObjectReader& root, Catalogue& out) {
  root.objects("warnings", "warning", false, [&](ObjectReader& reader) {
    WarningSpec warning;
    warning.id = reader.text("id");
    warning.message = reader.text("message");
    warning.help = reader.text("help");
    warning.target_skipped = reference(reader, "targetSkipped", out.targets, "target");
    warning.target_used = reference(reader, "targetUsed", out.targets, "target");
    warning.token_missing = reference(reader, "tokenMissing", out.targets, "target");
    warning.switch_off = one_switch(reader, "switchOff");
    warning.switch_on = one_switch(reader, "switchOn");
    warning.variable_missing = reference(reader, "variableMissing", out.variables, "variable");
    warning.none_planned = one_switch(reader, "nonePlanned");
    out.warnings.push_back(std::move(warning));
  });
}

// An operation whose ids nothing captures, or that would need itself, can never be sent.
void check_chains(ObjectReader& root, const Catalogue& catalogue) {
  for (const OperationSpec& op : catalogue.operations) {
    std::vector<Index> provided = op.needs;
    for (const Index id : op.needs) {
      std::size_t depth = 0;
      std::vector<Index> queue = {id};
      while (!queue.empty()) {
        const auto creator = catalogue.creator_of(queue.back());
        queue.pop_back();
        if (!creator) {
          root.refuse("no operation captures the id \"" + catalogue.ids[id].name + "\" that \"" + op.name + "\" needs");
          return;
        }
        if (++depth > catalogue.operations.size()) {
          root.refuse("the ids that \"" + op.name + "\" needs depend on one another in a circle");
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
        root.refuse("the request of \"" + op.name + "\" uses {" + catalogue.ids[id].name +
                    "}, which nothing it needs provides");
      }
    }
  }
}

void read_header(ObjectReader& root, Catalogue& out) {
  const auto version = root.value("schemaVersion");
  if (!version || version->integer() != 1) root.refuse(version.value_or(root.object()), "\"schemaVersion\" must be 1");
  out.name = root.text("catalogue");
  out.title = root.text("title");
  out.default_profile = root.text("defaultProfile");
  out.output_directory = root.text("outputDirectory");
  root.object("evidenceCommands", "evidence commands", false, [&](ObjectReader& commands) {
    out.commands = {commands.text("plan"), commands.text("load"), commands.text("loadStrict"), commands.text("soak"),
                    commands.text("soakStrict")};
  });
  root.object("rejections", "rejections", false, [&](ObjectReader& rejections) {
    out.rejection_statuses = statuses(rejections, "statuses");
    out.rejection_codes = rejections.strings("codes", false);
    out.error_messages = rejections.strings("messages", false);
  });
}

}  // namespace

std::string_view name(Switch value) { return switches[static_cast<std::size_t>(value)].name; }

base::Result<Catalogue> Catalogue::parse(std::string path, std::string text) {
  Catalogue out;
  out.text = text;
  auto document = document::JsonDocument::parse(std::move(path), std::move(text));
  if (!document) {
    base::Error error = document.error();
    error.category = base::ErrorCategory::configuration;
    return error;
  }
  std::optional<base::Error> error;
  ObjectReader root(document->root(), "operation catalogue", error,
                    {.guide = "schemas/operation-catalogue.schema.json describes it", .leave_unknown = true});
  read_header(root, out);
  const std::vector<Named> names = operation_names(root);
  if (names.empty()) root.refuse("the catalogue has no operations");
  read_targets(root, names, out);
  read_names(root, out);
  if (out.targets.empty()) root.refuse("the catalogue has no targets");
  if (out.categories.empty()) root.refuse("the catalogue has no categories");
  if (error) return *error;
  PlaceholderNames placeholders;
  for (const auto& variable : out.variables) placeholders.variables.push_back(variable.name);
  for (const auto& id : out.ids) placeholders.ids.push_back(id.name);
  root.objects("operations", "operation", false,
               [&](ObjectReader& operation) { read_operation(operation, placeholders, out); });
  if (error) return *error;
  root.members("undriven", false,
               [&](const JsonValue::Member& member) { out.undriven.emplace(member.name(), member.value.string()); });
  root.object("metrics", "metrics", false, [&](ObjectReader& metrics) { read_metrics(metrics, names, out); });
  read_gates(root, out);
  read_soak(root, out);
  read_warnings(root, out);
  check_chains(root, out);
  if (error) return *error;
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
