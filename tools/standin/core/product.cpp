#include "standin/core/product.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lib/base/similar.hpp"
#include "standin/core/distribution_reader.hpp"
#include "standin/core/reader.hpp"

namespace launchgate::standin {
namespace {

using document::JsonKind;
using document::JsonValue;

constexpr double most = 1e12;

// A description is read part by part; after the first error the rest is skipped.
class Loader {
 public:
  explicit Loader(const document::JsonDocument& document) : document_(document) {}

  base::Result<Product> load() {
    ObjectReader top(document_.root(), "stand-in description");
    top.member("$schema");
    if (top.number("schemaVersion", 0, 0, most) != 1) top.fail("\"schemaVersion\" must be 1");
    product_.name = top.text("product");
    product_.workers = static_cast<std::size_t>(top.number("workers", 8, 1, 100000));
    for (const JsonValue& one : top.elements("services")) read_service(one);
    for (const JsonValue& one : top.elements("tokens")) read_token(one);
    if (const auto errors = top.member("errors"))
      read_errors(*errors);
    else
      top.fail("stand-in description has no \"errors\"");
    const auto collections = top.elements("collections");
    for (const JsonValue& one : collections) collection_names_.push_back(std::string(one.string_member("name")));
    for (const JsonValue& one : collections) read_collection(one);
    if (const auto events = top.member("events")) read_events(*events);
    for (const JsonValue& one : top.elements("routes")) read_route(one);
    for (const JsonValue& one : top.elements("limits")) read_limit(one);
    for (const JsonValue& one : top.elements("metrics")) read_metric(one);
    top.finish();
    keep(top);
    if (error_) return *error_;
    if (product_.services.empty()) return fail_at(document_.root(), "a stand-in needs a service");
    return std::move(product_);
  }

 private:
  base::Error fail_at(const JsonValue& at, std::string message) {
    return {base::ErrorCategory::configuration, document_.path(), at.span().begin, std::move(message), ""};
  }
  void keep(ObjectReader& reader) {
    if (!error_ && reader.error()) error_ = reader.error();
  }
  void close(ObjectReader& reader) {
    reader.finish();
    keep(reader);
  }

  std::size_t service(ObjectReader& reader) {
    std::vector<std::string> names;
    for (const Service& one : product_.services) names.push_back(one.name);
    return reader.choice("service", names, std::nullopt);
  }
  std::optional<std::size_t> collection(ObjectReader& reader, std::string_view key, bool required) {
    if (!required && !reader.has(key)) {
      reader.member(key);
      return std::nullopt;
    }
    return reader.choice(key, collection_names_, std::nullopt);
  }
  // Placeholders are resolved while answering; their spelling is checked here.
  Template json_template(ObjectReader& reader, const JsonValue& value) {
    Template made = Template::from_json(value);
    check_names(reader, value, made);
    return made;
  }
  void check_names(ObjectReader& reader, const JsonValue& at, const Template& made) {
    static const std::vector<std::string> known = {
        "id",          "parent.id", "state",        "createdAt",     "updatedAt", "item",    "items",
        "parent.item", "now",       "nowMs",        "uptimeSeconds", "product",   "message", "code",
        "sequence",    "eventId",   "retryAfterMs", "subject",       "type"};
    for (const std::string& name : made.names()) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      if (name.starts_with("path.") || name.starts_with("field.")) continue;
      if (name.starts_with("count.") &&
          std::find(collection_names_.begin(), collection_names_.end(), name.substr(6)) != collection_names_.end())
        continue;
      reader.fail(at, fmt::format("unknown placeholder \"{}\"", name), base::did_you_mean(name, known));
    }
  }

  void read_service(const JsonValue& value) {
    ObjectReader reader(value, "service");
    Service made{reader.text("name"), reader.texts("urlVariables")};
    product_.services.push_back(std::move(made));
    close(reader);
  }

  void read_token(const JsonValue& value) {
    ObjectReader reader(value, "token");
    Token made{reader.text("name"), reader.texts("scopes"), reader.texts("variables")};
    product_.tokens.push_back(std::move(made));
    close(reader);
  }

  void read_errors(const JsonValue& value) {
    ObjectReader reader(value, "error shapes");
    const auto shape = [&](std::string_view key, Template& target) {
      if (const auto found = reader.member(key))
        target = json_template(reader, *found);
      else
        reader.fail(fmt::format("error shapes have no \"{}\"", key));
    };
    shape("plain", product_.plain_error);
    shape("verdict", product_.verdict_error);
    shape("limited", product_.limited_error);
    close(reader);
  }

  Distribution read_duration(const JsonValue& value) {
    ObjectReader reader(value, "duration");
    const auto made = read_distribution(reader);
    if (!made) reader.fail("a duration needs \"ms\" or another distribution");
    close(reader);
    return made.value_or(Fixed{});
  }

  void read_collection(const JsonValue& value) {
    ObjectReader reader(value, "collection");
    Collection made;
    made.name = reader.text("name");
    made.id_prefix = reader.text("idPrefix");
    made.parent = collection(reader, "parent", false);
    made.state = reader.text("state", "");
    made.created_event = reader.text("createdEvent", "");
    made.keep = static_cast<std::size_t>(reader.number("keep", 100000, 1, 1e7));
    if (reader.has("fields")) {
      for (const JsonValue& one : reader.elements("fields")) {
        static const std::vector<std::string> kinds = {"any",   "string",  "base64", "object",
                                                       "array", "boolean", "number"};
        ObjectReader field(one, "field");
        Field read;
        read.name = field.text("name");
        read.pointer = field.text("pointer");
        read.kind = static_cast<Field::Kind>(field.choice("kind", kinds, 0));
        read.required = field.boolean("required", false);
        if (!document::split_pointer(read.pointer)) field.fail(fmt::format("\"{}\" is no JSON pointer", read.pointer));
        made.fields.push_back(std::move(read));
        close(field);
      }
    }
    if (const auto found = reader.member("work")) {
      ObjectReader work(*found, "work");
      Work read;
      if (const auto duration = work.member("duration")) read.duration = read_duration(*duration);
      const auto states = work.texts("states");
      const auto events = work.texts("events");
      if (states.size() != 3 || events.size() != 3) {
        work.fail("work needs three \"states\" and three \"events\": queued, running, done");
      } else {
        read.queued = states[0], read.running = states[1], read.done = states[2];
        read.queued_event = events[0], read.running_event = events[1], read.done_event = events[2];
      }
      made.work = std::move(read);
      close(work);
    }
    if (const auto item = reader.member("item"))
      made.item = json_template(reader, *item);
    else
      reader.fail("collection has no \"item\"");
    product_.collections.push_back(std::move(made));
    close(reader);
  }

  void read_events(const JsonValue& value) {
    ObjectReader reader(value, "events");
    if (const auto data = reader.member("data")) product_.events.data = json_template(reader, *data);
    product_.events.subject = collection(reader, "subject", false);
    product_.events.broadcast_type = reader.text("broadcastType");
    close(reader);
  }

  void read_route(const JsonValue& value) {
    static const std::vector<std::string> actions = {"answer", "list", "create", "read", "events", "metrics"};
    ObjectReader reader(value, "route");
    Route made;
    made.name = reader.text("name");
    made.service = service(reader);
    made.method = reader.text("method");
    made.path = reader.text("path");
    made.scope = reader.text("scope", "");
    made.action = static_cast<Action>(reader.choice("action", actions, 0));
    const bool keeps = made.action == Action::list || made.action == Action::create || made.action == Action::read;
    made.collection = collection(reader, "collection", keeps);
    made.page = static_cast<std::size_t>(reader.number("page", 50, 1, 100000));
    made.status = static_cast<int>(reader.number("status", 200, 200, 599));
    made.content_type =
        reader.text("contentType", made.action == Action::events    ? "text/event-stream"
                                   : made.action == Action::metrics ? "text/plain; version=0.0.4; charset=utf-8"
                                                                    : "application/json");
    const auto body = reader.member("body");
    if (body && body->is(JsonKind::string)) {
      made.body = Template::from_text(body->string());
      check_names(reader, *body, made.body);
    } else if (body) {
      made.body = json_template(reader, *body);
    }
    if (made.path[0] != '/') reader.fail("\"path\" must start with \"/\"");
    split_path(made);
    check_parents(reader, made);
    for (const Route& other : product_.routes) {
      if (other.name == made.name) reader.fail(fmt::format("route \"{}\" is there twice", made.name));
    }
    product_.routes.push_back(std::move(made));
    close(reader);
  }

  void split_path(Route& route) {
    std::string_view rest = route.path;
    if (rest == "/" || rest.empty()) return;
    while (!rest.empty()) {
      rest.remove_prefix(1);
      const std::string_view part = rest.substr(0, rest.find('/'));
      Segment made{std::string(part), false, std::nullopt};
      if (part.size() > 2 && part.front() == '{' && part.back() == '}') {
        made.text = std::string(part.substr(1, part.size() - 2));
        made.parameter = true;
        const auto known = std::find(collection_names_.begin(), collection_names_.end(), made.text);
        if (known != collection_names_.end())
          made.collection = static_cast<std::size_t>(known - collection_names_.begin());
      }
      route.segments.push_back(std::move(made));
      rest.remove_prefix(part.size());
    }
  }

  // A child is created below its parent, and an item is read by its id.
  void check_parents(ObjectReader& reader, const Route& route) {
    const auto names = [&](std::optional<std::size_t> wanted) {
      return std::any_of(route.segments.begin(), route.segments.end(),
                         [&](const Segment& one) { return one.parameter && one.collection == wanted; });
    };
    if (!route.collection || *route.collection >= product_.collections.size()) return;
    const auto& kept = product_.collections[*route.collection];
    if (route.action == Action::create && kept.parent && !names(kept.parent))
      reader.fail(fmt::format("a path that creates in \"{}\" needs its parent's id as a parameter", kept.name));
    if (route.action == Action::read && !names(route.collection))
      reader.fail(fmt::format("a path that reads from \"{}\" needs the id as a parameter", kept.name));
  }

  void read_limit(const JsonValue& value) {
    static const std::vector<std::string> kinds = {"rate", "total", "stored", "streams", "failures"};
    ObjectReader reader(value, "limit");
    Limit made;
    made.name = reader.text("name");
    made.kind = static_cast<Limit::Kind>(reader.choice("kind", kinds, std::nullopt));
    if (const auto max = reader.optional_number("max", 0, most)) made.max = static_cast<std::uint64_t>(*max);
    made.window =
        static_cast<Micros>(reader.number("windowSeconds", 60, 0.001, 1e6) * static_cast<double>(micros_per_second));
    made.routes = reader.text("routes", "*");
    made.collection = collection(reader, "collection", made.kind == Limit::Kind::stored);
    made.status = static_cast<int>(reader.number("status", 429, 400, 599));
    made.code = reader.text("code", "");
    made.message = reader.text("message");
    product_.limits.push_back(std::move(made));
    close(reader);
  }

  void read_metric(const JsonValue& value) {
    static const std::vector<std::string> types = {"gauge", "counter"};
    static const std::vector<std::string> sources = {
        "constant",   "queue-depth", "oldest-age-ms",  "oldest-age-seconds", "open-streams",
        "rejections", "requests",    "resident-bytes", "open-descriptors",   "uptime-seconds"};
    ObjectReader reader(value, "metric");
    Metric made;
    made.service = service(reader);
    made.name = reader.text("name");
    made.help = reader.text("help");
    made.type = types[reader.choice("type", types, std::nullopt)];
    made.signal = reader.text("signal", "");
    made.source = static_cast<Metric::Source>(reader.choice("source", sources, 0));
    made.value = reader.number("value", 0, -most, most);
    made.label = reader.text("label", "");
    made.absent_until_first = reader.boolean("absentUntilFirst", false);
    if (made.source == Metric::Source::rejections && made.label.empty())
      reader.fail("a metric of rejections needs a \"label\" for the policy's code");
    if (reader.has("series")) {
      for (const JsonValue& one : reader.elements("series")) {
        ObjectReader series(one, "series");
        made.series.emplace_back(series.text("labels"), series.number("share", 1, 0, 1));
        close(series);
      }
    }
    product_.metrics.push_back(std::move(made));
    close(reader);
  }

  const document::JsonDocument& document_;
  Product product_;
  std::vector<std::string> collection_names_;
  std::optional<base::Error> error_;
};

}  // namespace

base::Result<Product> load_product(const document::JsonDocument& document) { return Loader(document).load(); }

}  // namespace launchgate::standin
