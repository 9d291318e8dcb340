#include "standin/core/control.hpp"

#include <fmt/format.h>

#include <charconv>

#include "lib/base/similar.hpp"
#include "lib/document/json_writer.hpp"

namespace launchgate::standin {
namespace {

using document::JsonKind;

Reply json_reply(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.content_type = "application/json";
  reply.headers = "Cache-Control: no-store\r\n";
  reply.body = std::move(body) + "\n";
  return reply;
}

Reply problem(int status, std::string_view message) {
  std::string body = "{\"error\":";
  document::append_json_string(body, message);
  return json_reply(status, body + "}");
}

Reply problem(const base::Error& error) { return problem(400, to_string(error)); }

std::string list_faults(App& app, Micros now) {
  std::string out = "{\"faults\":[";
  for (const InstalledFault& one : app.faults().all()) {
    if (out.back() != '[') out += ',';
    out += fmt::format("{{\"id\":{},\"active\":{},\"applied\":{},\"fault\":{}}}", one.id, one.active(now), one.applied,
                       one.fault.description);
  }
  return out + "]}";
}

base::Result<document::JsonDocument> parse_body(const Request& request) {
  return document::JsonDocument::parse("body", request.body);
}

Reply install(App& app, const Request& request, bool replace, Micros now) {
  const auto body = parse_body(request);
  if (!body) return problem(body.error());
  auto faults = parse_faults(*body);
  if (!faults) return problem(faults.error());
  for (const Fault& fault : *faults) {
    if (const auto matched = check_fault(app.product(), fault); !matched) return problem(matched.error());
  }
  if (replace) app.faults().clear();
  std::string ids;
  for (Fault& fault : *faults)
    ids += fmt::format("{}{}", ids.empty() ? "" : ",", app.faults().install(std::move(fault), now));
  return json_reply(200, fmt::format("{{\"installed\":[{}]}}", ids));
}

Reply remove(App& app, const Request& request) {
  const auto wanted = request.query_value("id");
  if (!wanted) {
    app.faults().clear();
    return json_reply(200, "{\"removed\":\"all\"}");
  }
  std::uint64_t id = 0;
  std::from_chars(wanted->data(), wanted->data() + wanted->size(), id);
  if (!app.faults().remove(id)) return problem(404, "no fault has this id");
  return json_reply(200, fmt::format("{{\"removed\":{}}}", id));
}

Reply limits(App& app, const Request& request) {
  if (request.method == "POST") {
    const auto body = parse_body(request);
    if (!body) return problem(body.error());
    if (!body->root().is(JsonKind::object)) return problem(400, "limits are an object of names and maxima");
    for (const auto member : body->root().members()) {
      const auto max = member.value.integer();
      if (!member.value.is(JsonKind::null) && (!max || *max < 0))
        return problem(400, fmt::format("the maximum of {} must be a whole number or null", member.name()));
      if (!app.limiter().set(std::string(member.name()),
                             max ? std::optional(static_cast<std::uint64_t>(*max)) : std::nullopt)) {
        std::vector<std::string> names;
        for (const Limit& limit : app.limiter().limits()) names.push_back(limit.name);
        return problem(404, fmt::format("no limit is called {}; known: {}", member.name(),
                                        base::quoted_list(names, "and", names.size())));
      }
    }
  }
  std::string out = "{\"limits\":{";
  for (const Limit& limit : app.limiter().limits()) {
    if (out.back() != '{') out += ',';
    document::append_json_string(out, limit.name);
    out += limit.max ? fmt::format(":{}", *limit.max) : ":null";
  }
  return json_reply(200, out + "}}");
}

Reply publish(App& app, const Request& request, Micros now) {
  std::int64_t count = 1;
  if (!request.body.empty()) {
    const auto body = parse_body(request);
    if (!body) return problem(body.error());
    if (const auto wanted = body->root().find("count")) count = wanted->integer().value_or(0);
  }
  if (count < 1 || count > 100000) return problem(400, "\"count\" must be a whole number from 1 to 100000");
  app.broadcast(static_cast<std::uint64_t>(count), now);
  return json_reply(200, fmt::format("{{\"published\":{},\"nextSequence\":{}}}", count, app.events().next_sequence()));
}

bool is_loopback_name(std::string_view host) {
  if (host.starts_with('[')) return host.starts_with("[::1]");
  const std::string_view name = host.substr(0, host.rfind(':'));
  // "127.example.org" is a name like any other.
  return name.empty() || name == "localhost" ||
         (name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string_view::npos);
}

}  // namespace

bool is_control(const Request& request) { return request.path.starts_with(control_prefix); }

Reply control(App& app, const Request& request, Micros now) {
  if (request.has_origin || !is_loopback_name(request.host))
    return problem(403, "only programs on this machine may steer the stand-in");
  // Its own port is asked for other paths too.
  const std::string_view what =
      is_control(request) ? std::string_view(request.path).substr(control_prefix.size()) : std::string_view();
  const std::string& method = request.method;
  if (what == "stats" && method == "GET") return json_reply(200, app.stats_text(now));
  if (what == "faults" && method == "GET") return json_reply(200, list_faults(app, now));
  if (what == "faults" && method == "POST") return install(app, request, false, now);
  if (what == "faults" && method == "PUT") return install(app, request, true, now);
  if (what == "faults" && method == "DELETE") return remove(app, request);
  if (what == "limits" && (method == "GET" || method == "POST")) return limits(app, request);
  if (what == "events" && method == "POST") return publish(app, request, now);
  if (what == "reset" && method == "POST") {
    app.reset_stats();
    if (request.query_value("state")) app.reset_state();
    return json_reply(200, "{\"reset\":true}");
  }
  return problem(
      404,
      fmt::format("known below {}: GET stats; GET, POST, PUT, DELETE faults; GET, POST limits; POST events; POST reset",
                  control_prefix));
}

}  // namespace launchgate::standin
