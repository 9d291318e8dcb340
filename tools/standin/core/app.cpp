#include "standin/core/app.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lib/document/json_writer.hpp"
#include "lib/io/path.hpp"

namespace launchgate::standin {
namespace {

// How often a paused pool is looked at again.
constexpr Micros pause_step = 50 * micros_per_ms;

std::string exact_key(std::size_t service, std::string_view method, std::string_view path) {
  std::string key(1, static_cast<char>('a' + service));
  key += method;
  key += ' ';
  key += path;
  return key;
}

}  // namespace

App::App(const Product& product, AppSettings settings, std::vector<std::string> token_values,
         std::function<ProcessReadings()> process)
    : product_(product),
      settings_(settings),
      token_values_(std::move(token_values)),
      process_(std::move(process)),
      store_(product.collections, settings.seed),
      pool_(product.workers),
      events_(settings.history),
      faults_(product, settings.seed + 1),
      limiter_(product),
      random_(settings.seed + 2) {
  for (std::size_t i = 0; i < product_.routes.size(); ++i) {
    const Route& route = product_.routes[i];
    const bool parameters =
        std::any_of(route.segments.begin(), route.segments.end(), [](const Segment& one) { return one.parameter; });
    if (parameters)
      patterns_.push_back(i);
    else
      exact_.emplace(exact_key(route.service, route.method, route.path), i);
  }
  reset_stats();
}

App::Match App::match(std::size_t service, const Request& request) const {
  Match found;
  if (const auto exact = exact_.find(exact_key(service, request.method, request.path)); exact != exact_.end()) {
    found.route = exact->second;
    return found;
  }
  std::vector<std::string_view> parts;
  std::string_view rest = request.path;
  while (rest.size() > 1) {
    rest.remove_prefix(1);
    parts.push_back(rest.substr(0, rest.find('/')));
    rest.remove_prefix(parts.back().size());
  }
  const auto fits = [&](const Route& route) {
    if (route.service != service || route.segments.size() != parts.size()) return false;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (route.segments[i].parameter ? parts[i].empty() : route.segments[i].text != parts[i]) return false;
    }
    return true;
  };
  for (const std::size_t i : patterns_) {
    const Route& route = product_.routes[i];
    if (!fits(route)) continue;
    if (route.method != request.method) {
      found.allowed += (found.allowed.empty() ? "" : ", ") + route.method;
      continue;
    }
    found.route = i;
    for (std::size_t j = 0; j < parts.size(); ++j) {
      if (route.segments[j].parameter) found.parameters.push_back(parts[j]);
    }
    return found;
  }
  for (const Route& route : product_.routes) {
    if (route.service == service && route.path == request.path)
      found.allowed += (found.allowed.empty() ? "" : ", ") + route.method;
  }
  return found;
}

Reply App::error(int status, std::string_view message, std::string_view code, std::optional<Micros> retry_after) const {
  Reply reply;
  reply.status = status;
  reply.content_type = "application/json";
  const Template& shape = code.empty()  ? product_.plain_error
                          : retry_after ? product_.limited_error
                                        : product_.verdict_error;
  shape.render(reply.body, [&](std::string_view name) -> Value {
    if (name == "message") return {Value::Kind::text, std::string(message)};
    if (name == "code") return {Value::Kind::text, std::string(code)};
    if (name == "retryAfterMs") return {Value::Kind::json, fmt::format("{}", retry_after.value_or(0) / micros_per_ms)};
    return {};
  });
  if (retry_after) {
    // Whole seconds, rounded up: who comes back then is not turned away again.
    reply.headers += fmt::format("Retry-After: {}\r\n", (*retry_after + micros_per_second - 1) / micros_per_second);
  }
  return reply;
}

Reply App::reject(std::size_t route, const Rejection& rejection) {
  const Limit& limit = *rejection.limit;
  ++stats_.routes[route].codes[limit.code];
  if (!limit.code.empty()) ++rejections_[limit.code];
  return error(limit.status, limit.message, limit.code, rejection.retry_after);
}

std::optional<Reply> App::refuse(const Route& route, const Request& request, std::string& token, Micros now) {
  if (route.scope.empty()) return std::nullopt;
  const auto index = static_cast<std::size_t>(&route - product_.routes.data());
  const auto unauthorized = [&](std::string_view message) {
    Reply reply = error(401, message);
    reply.headers += "WWW-Authenticate: Bearer\r\n";
    return reply;
  };
  if (!request.authorization) return unauthorized("authentication required");
  std::string_view given = *request.authorization;
  if (given.size() > 7 && (given.substr(0, 7) == "Bearer " || given.substr(0, 7) == "bearer ")) given.remove_prefix(7);
  for (std::size_t i = 0; i < token_values_.size(); ++i) {
    if (given != token_values_[i]) continue;
    const auto& scopes = product_.tokens[i].scopes;
    if (std::find(scopes.begin(), scopes.end(), route.scope) == scopes.end())
      return error(403, fmt::format("the token lacks the scope {}", route.scope));
    token = product_.tokens[i].name;
    return std::nullopt;
  }
  if (const auto rejection = limiter_.failed_authentication(now)) return reject(index, *rejection);
  return unauthorized("the token is not known");
}

Answer App::handle(std::size_t service, const Request& request, Micros now) {
  Answer answer;
  ++requests_;
  const Match found = match(service, request);
  answer.route = found.route;
  if (found.route == no_route) {
    ++stats_.unknown.requests;
    answer.reply = found.allowed.empty() ? error(404, "no such route") : error(405, "the method is not allowed here");
    if (!found.allowed.empty()) answer.reply.headers += "Allow: " + found.allowed + "\r\n";
    return answer;
  }
  const Route& route = product_.routes[found.route];
  RouteStats& stats = stats_.routes[found.route];
  ++stats.requests;
  const Decision decision = faults_.decide(found.route, request.authorization.has_value(), now);
  answer.delay = decision.delay;
  answer.wire = decision.wire;
  stats.injected.record_us(decision.delay);

  std::string token;
  if (decision.error != nullptr) {
    const ErrorFault& fault = *decision.error;
    std::optional<Micros> retry;
    if (fault.retry_after_s) retry = static_cast<Micros>(*fault.retry_after_s * static_cast<double>(micros_per_second));
    answer.reply = error(fault.status, fault.message, fault.code, retry);
    if (!fault.location.empty()) answer.reply.headers += "Location: " + fault.location + "\r\n";
    if (!fault.code.empty()) {
      ++stats.codes[fault.code];
      ++rejections_[fault.code];
    }
  } else if (auto refused = refuse(route, request, token, now)) {
    answer.reply = *std::move(refused);
  } else if (const auto rejection = limiter_.check(found.route, token, store_, open_streams_, now)) {
    answer.reply = reject(found.route, *rejection);
  } else if (route.action == Action::events) {
    answer.stream = open_stream(request, now);
    answer.reply.status = route.status;
    answer.reply.content_type = route.content_type;
    answer.reply.headers = "Cache-Control: no-cache\r\n";
  } else {
    answer.reply = act(found, request, now);
  }
  if (decision.plant != nullptr) {
    answer.reply.headers += "X-Standin-Planted: " + decision.plant->text + "\r\n";
    Reply& reply = answer.reply;
    if (reply.body.starts_with('{') && reply.body.size() > 2) {
      std::string member = "{\"planted\":";
      document::append_json_string(member, decision.plant->text);
      reply.body.replace(0, 1, member + ",");
    }
  }
  return answer;
}

std::optional<StreamStart> App::open_stream(const Request& request, Micros) const {
  std::optional<std::string_view> after;
  if (request.last_event_id)
    after = *request.last_event_id;
  else
    after = request.query_value("after");
  return StreamStart{sequence_after(events_, after), after.has_value()};
}

Reply App::act(const Match& found, const Request& request, Micros now) {
  const Route& route = product_.routes[found.route];
  Subject subject{&found, route.collection, nullptr, nullptr, now};
  std::size_t parameter = 0;
  for (const Segment& segment : route.segments) {
    if (!segment.parameter) continue;
    const std::string_view id = found.parameters[parameter++];
    if (!segment.collection) continue;
    const Item* item = store_.find(*segment.collection, id);
    // An item below another one's path must be its child.
    const Item* above = subject.item;
    if (item == nullptr || (above != nullptr && item->parent != above->id))
      return error(404, fmt::format("no such item in {}", segment.text));
    subject.item = item;
    if (route.action != Action::create) subject.collection = segment.collection;
  }
  if (route.action == Action::create) return create(found, request, now);

  Reply reply;
  reply.status = route.status;
  reply.content_type = route.content_type;
  if (route.action == Action::metrics) {
    const bool open = request.accept.find("application/openmetrics-text") != std::string::npos;
    if (open) reply.content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    reply.body = metrics_text(product_, route.service, readings(now), faults_, now,
                              open ? MetricsFormat::openmetrics : MetricsFormat::prometheus);
    return reply;
  }
  std::vector<const Item*> items;
  if (route.action == Action::list) {
    std::size_t most = route.page;
    if (const auto limit = request.query_value("limit")) {
      std::size_t asked = 0;
      const auto parsed = std::from_chars(limit->data(), limit->data() + limit->size(), asked);
      if (parsed.ec != std::errc() || parsed.ptr != limit->data() + limit->size() || asked == 0)
        return error(400, "limit must be a whole number above 0");
      most = std::min(asked, route.page);
    }
    items = store_.newest(*route.collection, most);
    subject.items = &items;
  }
  route.body.render(reply.body, [&](std::string_view name) { return value(name, subject); });
  return reply;
}

Reply App::create(const Match& found, const Request& request, Micros now) {
  const Route& route = product_.routes[found.route];
  const Collection& collection = product_.collections[*route.collection];
  std::string parent;
  std::size_t parameter = 0;
  for (const Segment& segment : route.segments) {
    if (!segment.parameter) continue;
    if (segment.collection == collection.parent) parent = found.parameters[parameter];
    ++parameter;
  }
  FieldValues fields = take_fields(collection, request.body);
  if (!fields.problem.empty()) return error(400, fields.problem);
  const Item& item = store_.create(*route.collection, std::move(parent), std::move(fields.values),
                                   collection.work ? collection.work->queued : collection.state, now);
  if (!collection.created_event.empty()) publish(collection.created_event, *route.collection, &item, now);
  Reply reply;
  reply.status = route.status;
  reply.content_type = route.content_type;
  const Subject subject{&found, route.collection, &item, nullptr, now};
  route.body.render(reply.body, [&](std::string_view name) { return value(name, subject); });
  if (collection.work) {
    if (!collection.work->queued_event.empty()) publish(collection.work->queued_event, *route.collection, &item, now);
    pool_.add({*route.collection, item.id, now, draw(collection.work->duration, random_)});
    advance(now);
  }
  return reply;
}

void App::advance(Micros now) {
  pool_.advance(now, faults_.workers_paused(now), [&](const WorkerPool::Job& job, bool done, Micros at) {
    Item* item = store_.find(job.collection, job.id);
    if (item == nullptr) return;  // gone before its turn came
    const Work& work = *product_.collections[job.collection].work;
    item->state = done ? work.done : work.running;
    item->updated = at;
    const std::string& event = done ? work.done_event : work.running_event;
    if (!event.empty()) publish(event, job.collection, item, at);
  });
}

std::optional<Micros> App::next_due(Micros now) const {
  const auto due = pool_.next_due();
  if (due && faults_.workers_paused(now)) return std::max(*due, now + pause_step);
  return due;
}

void App::broadcast(std::uint64_t count, Micros now) {
  for (std::uint64_t i = 0; i < count; ++i) publish(product_.events.broadcast_type, 0, nullptr, now);
}

Readings App::readings(Micros now) const {
  const ProcessReadings process = process_();
  Readings made;
  made.queue_depth = pool_.waiting();
  made.oldest_age_ms = static_cast<double>(pool_.oldest_age(now)) / static_cast<double>(micros_per_ms);
  made.open_streams = open_streams_;
  made.rejections = rejections_;
  made.requests = requests_;
  made.resident_bytes = process.resident_bytes;
  made.open_descriptors = process.open_descriptors;
  made.uptime_seconds = static_cast<double>(now) / static_cast<double>(micros_per_second);
  made.unix_ms = settings_.start_unix_ms + now / micros_per_ms;
  return made;
}

std::string App::stats_text(Micros now) const {
  std::string extra = fmt::format(
      ",\"uptimeMs\":{},\"openStreams\":{},\"queueDepth\":{},\"running\":{},\"nextSequence\":{},\"collections\":{{",
      now / micros_per_ms, open_streams_, pool_.waiting(), pool_.running(), events_.next_sequence());
  for (std::size_t i = 0; i < product_.collections.size(); ++i) {
    if (i > 0) extra += ',';
    document::append_json_string(extra, product_.collections[i].name);
    extra += fmt::format(":{{\"created\":{},\"kept\":{}}}", store_.created(i), store_.size(i));
  }
  extra += '}';
  return stats_json(product_, stats_, extra);
}

void App::reset_stats() {
  // Connections stay: their openings are needed to know how many are open.
  auto connections = std::move(stats_.connections);
  stats_ = Stats{};
  stats_.routes.resize(product_.routes.size());
  stats_.connections = std::move(connections);
  stats_.connections.resize(product_.services.size());
}

void App::reset_state() {
  store_.clear();
  pool_.clear();
  events_.clear();
  limiter_.clear();
  rejections_.clear();
}

}  // namespace launchgate::standin
