#include "standin/core/product.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/document/object_reader.hpp"
#include "standin/core/distribution_reader.hpp"

namespace launchgate::standin {
namespace {

using document::JsonKind;
using document::JsonValue;
using document::ObjectReader;

constexpr double most = 1e12;

// A description is read part by part; after the first error the rest is skipped.
class Loader {
 public:
  explicit Loader(const document::JsonDocument& document) : document_(document) {}

  base::Result<Product> load() {
    ObjectReader top(document_.root(), "stand-in description", error_);
    top.value("$schema");
    if (top.number("schemaVersion", 0, 0, most) != 1) top.refuse("\"schemaVersion\" must be 1");
    product_.name = top.text("product");
    product_.workers = static_cast<std::size_t>(top.number("workers", 8, 1, 100000));
    const auto each = [&](std::string_view name, const char* what, void (Loader::*read)(ObjectReader&)) {
      top.objects(name, what, true, [&](ObjectReader& reader) { (this->*read)(reader); });
    };
    each("services", "service", &Loader::read_service);
    each("tokens", "token", &Loader::read_token);
    top.object("errors", "error shapes", true, [&](ObjectReader& reader) { read_errors(reader); });
    top.each("collections", true,
             [&](const JsonValue& one) { collection_names_.emplace_back(one.string_member("name")); });
    each("collections", "collection", &Loader::read_collection);
    top.object("events", "events", false, [&](ObjectReader& reader) { read_events(reader); });
    each("routes", "route", &Loader::read_route);
    each("limits", "limit", &Loader::read_limit);
    each("metrics", "metric", &Loader::read_metric);
    top.finish();
    if (product_.services.empty()) top.refuse("a stand-in needs a service");
    if (error_) return *error_;
    return std::move(product_);
  }

 private:
  std::size_t service(ObjectReader& reader) {
    std::vector<std::string> names;
    for (const Service& one : product_.services) names.push_back(one.name);
    return reader.one_of("service", names, std::nullopt);
  }
  std::optional<std::size_t> collection(ObjectReader& reader, std::string_view key, bool required) {
    if (!required && !reader.value(key)) return std::nullopt;
    return reader.one_of(key, collection_names_, std::nullopt);
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
      reader.refuse(at, fmt::format("unknown placeholder \"{}\"", name), base::did_you_mean(name, known));
    }
  }

  void read_service(ObjectReader& reader) {
    Service made{reader.text("name"), reader.strings("urlVariables", false)};
    product_.services.push_back(std::move(made));
  }

  void read_token(ObjectReader& reader) {
    Token made{reader.text("name"), reader.strings("scopes", false), reader.strings("variables", false)};
    product_.tokens.push_back(std::move(made));
  }

  void read_errors(ObjectReader& reader) {
    const auto shape = [&](std::string_view key, Template& target) {
      if (const auto found = reader.required(key)) target = json_template(reader, *found);
    };
    shape("plain", product_.plain_error);
    shape("verdict", product_.verdict_error);
    shape("limited", product_.limited_error);
  }

  static Distribution read_duration(ObjectReader& reader) {
    const auto made = read_distribution(reader);
    if (!made) reader.refuse("a duration needs \"ms\" or another distribution");
    return made.value_or(Fixed{});
  }

  static Field read_field(ObjectReader& reader) {
    static const std::vector<std::string> kinds = {"any", "string", "base64", "object", "array", "boolean", "number"};
    Field made;
    made.name = reader.text("name");
    made.pointer = reader.text("pointer");
    made.kind = static_cast<Field::Kind>(reader.one_of("kind", kinds, 0));
    made.required = reader.flag("required");
    if (!document::split_pointer(made.pointer)) reader.refuse(fmt::format("\"{}\" is no JSON pointer", made.pointer));
    return made;
  }

  static Work read_work(ObjectReader& reader) {
    Work made;
    reader.object("duration", "duration", false, [&](ObjectReader& one) { made.duration = read_duration(one); });
    const auto states = reader.strings("states", false);
    const auto events = reader.strings("events", false);
    if (states.size() != 3 || events.size() != 3) {
      reader.refuse("work needs three \"states\" and three \"events\": queued, running, done");
    } else {
      made.queued = states[0], made.running = states[1], made.done = states[2];
      made.queued_event = events[0], made.running_event = events[1], made.done_event = events[2];
    }
    return made;
  }

  void read_collection(ObjectReader& reader) {
    Collection made;
    made.name = reader.text("name");
    made.id_prefix = reader.text("idPrefix");
    made.parent = collection(reader, "parent", false);
    made.state = reader.optional_text("state");
    made.created_event = reader.optional_text("createdEvent");
    made.keep = static_cast<std::size_t>(reader.number("keep", 100000, 1, 1e7));
    reader.objects("fields", "field", false, [&](ObjectReader& field) { made.fields.push_back(read_field(field)); });
    reader.object("work", "work", false, [&](ObjectReader& work) { made.work = read_work(work); });
    if (const auto item = reader.required("item")) made.item = json_template(reader, *item);
    product_.collections.push_back(std::move(made));
  }

  void read_events(ObjectReader& reader) {
    if (const auto data = reader.value("data")) product_.events.data = json_template(reader, *data);
    product_.events.subject = collection(reader, "subject", false);
    product_.events.broadcast_type = reader.text("broadcastType");
  }

  void read_route(ObjectReader& reader) {
    static const std::vector<std::string> actions = {"answer", "list", "create", "read", "events", "metrics"};
    Route made;
    made.name = reader.text("name");
    made.service = service(reader);
    made.method = reader.text("method");
    made.path = reader.text("path");
    made.scope = reader.optional_text("scope");
    made.action = static_cast<Action>(reader.one_of("action", actions, 0));
    const bool keeps = made.action == Action::list || made.action == Action::create || made.action == Action::read;
    made.collection = collection(reader, "collection", keeps);
    made.page = static_cast<std::size_t>(reader.number("page", 50, 1, 100000));
    made.status = static_cast<int>(reader.number("status", 200, 200, 599));
    made.content_type =
        reader.text("contentType", made.action == Action::events    ? "text/event-stream"
                                   : made.action == Action::metrics ? "text/plain; version=0.0.4; charset=utf-8"
                                                                    : "application/json");
    const auto body = reader.value("body");
    if (body && body->is(JsonKind::string)) {
      made.body = Template::from_text(body->string());
      check_names(reader, *body, made.body);
    } else if (body) {
      made.body = json_template(reader, *body);
    }
    if (made.path[0] != '/') reader.refuse("\"path\" must start with \"/\"");
    split_path(made);
    check_parents(reader, made);
    for (const Route& other : product_.routes) {
      if (other.name == made.name) reader.refuse(fmt::format("route \"{}\" is there twice", made.name));
    }
    product_.routes.push_back(std::move(made));
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
      reader.refuse(fmt::format("a path that creates in \"{}\" needs its parent's id as a parameter", kept.name));
    if (route.action == Action::read && !names(route.collection))
      reader.refuse(fmt::format("a path that reads from \"{}\" needs the id as a parameter", kept.name));
  }

  void read_limit(ObjectReader& reader) {
    static const std::vector<std::string> kinds = {"rate", "total", "stored", "streams", "failures"};
    Limit made;
    made.name = reader.text("name");
    made.kind = static_cast<Limit::Kind>(reader.one_of("kind", kinds, std::nullopt));
    if (const auto max = reader.optional_number("max", 0, most)) made.max = static_cast<std::uint64_t>(*max);
    made.window =
        static_cast<Micros>(reader.number("windowSeconds", 60, 0.001, 1e6) * static_cast<double>(micros_per_second));
    made.routes = reader.text("routes", "*");
    made.collection = collection(reader, "collection", made.kind == Limit::Kind::stored);
    made.status = static_cast<int>(reader.number("status", 429, 400, 599));
    made.code = reader.optional_text("code");
    made.message = reader.text("message");
    product_.limits.push_back(std::move(made));
  }

  void read_metric(ObjectReader& reader) {
    static const std::vector<std::string> types = {"gauge", "counter"};
    static const std::vector<std::string> sources = {
        "constant",   "queue-depth", "oldest-age-ms",  "oldest-age-seconds", "open-streams",
        "rejections", "requests",    "resident-bytes", "open-descriptors",   "uptime-seconds"};
    Metric made;
    made.service = service(reader);
    made.name = reader.text("name");
    made.help = reader.text("help");
    made.type = types[reader.one_of("type", types, std::nullopt)];
    made.signal = reader.optional_text("signal");
    made.source = static_cast<Metric::Source>(reader.one_of("source", sources, 0));
    made.value = reader.number("value", 0, -most, most);
    made.label = reader.optional_text("label");
    made.absent_until_first = reader.flag("absentUntilFirst");
    if (made.source == Metric::Source::rejections && made.label.empty())
      reader.refuse("a metric of rejections needs a \"label\" for the policy's code");
    reader.objects("series", "series", false, [&](ObjectReader& series) {
      made.series.emplace_back(series.text("labels"), series.number("share", 1, 0, 1));
    });
    product_.metrics.push_back(std::move(made));
  }

  const document::JsonDocument& document_;
  Product product_;
  std::vector<std::string> collection_names_;
  std::optional<base::Error> error_;
};

}  // namespace

base::Result<Product> load_product(const document::JsonDocument& document) { return Loader(document).load(); }

}  // namespace launchgate::standin
