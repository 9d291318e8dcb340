#include "unit/load/simulation.hpp"

#include <stdexcept>

namespace simulation {

std::string catalogue_text() {
  return R"({
  "schemaVersion": 1, "catalogue": "test", "title": "Test", "description": "d", "defaultProfile": "small", "outputDirectory": "out",
  "evidenceCommands": {"plan": "p", "load": "l", "loadStrict": "ls", "soak": "s", "soakStrict": "ss"},
  "targets": {"api": {"title": "API", "defaultUrl": "http://127.0.0.1:1", "urlKey": "apiUrl", "probe": "list",
                      "token": {"name": "api-token", "title": "API token", "providedKey": "apiTokenProvided", "probe": "list"}}},
  "variables": {"who": {"title": "person", "default": "a b"}},
  "ids": {"box": {"title": "box", "countKey": "createdBoxCount"}, "item": {"title": "item"}},
  "limits": {"boxes": {"title": "boxes", "floor": 3}},
  "categories": {"read": "Reads", "mutation": "Mutations", "sse": "Streams"},
  "rejections": {"statuses": [402, 429], "codes": ["/verdict/policyCode"], "messages": ["/error"]},
  "operations": [
    {"name": "list", "title": "list", "target": "api", "category": "read", "auth": "optional", "request": {"method": "GET", "path": "/list", "query": {"who": "{who}"}},
     "response": "json", "accepts": {"success": [200], "lenient": [403], "withoutToken": [401]}, "when": {}},
    {"name": "box-create", "title": "new box", "target": "api", "category": "mutation", "auth": "required", "request": {"method": "POST", "path": "/boxes", "body": {}},
     "response": "json", "accepts": {"success": [201]}, "when": {"token": true, "switches": ["mutations"]},
     "captures": {"box": ["/box/id", "/id"]}, "rate": {"capacityTarget": "boxesPerMinute", "per": "minute"}, "limit": "boxes"},
    {"name": "item-add", "title": "new item", "target": "api", "category": "mutation", "auth": "required",
     "request": {"method": "POST", "path": "/boxes/{box}/items", "body": {"n": "{sequence}", "who": "{who}"}},
     "response": "json", "accepts": {"success": [201]}, "when": {"token": true, "switches": ["mutations"]},
     "needs": ["box"], "captures": {"item": ["/id"]}, "captureWith": ["box"]},
    {"name": "item-get", "title": "item", "target": "api", "category": "read", "auth": "required", "request": {"method": "GET", "path": "/boxes/{box}/items/{item}"},
     "response": "json", "accepts": {"success": [200]}, "when": {"token": true, "switches": ["mutations"]}, "needs": ["item"]},
    {"name": "metrics", "title": "metrics", "target": "api", "category": "read", "auth": "required", "request": {"method": "GET", "path": "/metrics"},
     "response": "text", "accepts": {"success": [200]}, "when": {"token": true, "switches": ["operator"]}},
    {"name": "events", "title": "events", "target": "api", "category": "sse", "auth": "required", "request": {"method": "GET", "path": "/events"},
     "response": "event-stream", "accepts": {"success": [200]}, "when": {"token": true, "switches": ["sse"]},
     "stream": {"capacityTarget": "streams", "heartbeatIntervalMs": 1000, "silentAfterMs": 3000, "resumeQuery": "after",
                "sequence": {"group": "/g", "number": "/n"}}}
  ],
  "undriven": {"users": "shown elsewhere"},
  "metrics": {"scrapes": ["metrics"], "intervalMs": 2000, "series": [
    {"key": "lag", "title": "lag", "name": "lag_events", "target": "api", "kind": "gauge", "aggregate": "max"},
    {"key": "refused", "title": "refused", "name": "refused_total", "target": "api", "kind": "counter", "aggregate": "sum", "firstSeenFrom": 0},
    {"key": "retries", "title": "retries", "name": "retries_total", "target": "api", "kind": "counter", "aggregate": "sum"}]},
  "gates": [
    {"check": "overall-error-rate", "title": "t", "measure": "error-rate", "threshold": "maxErrors", "scope": "run"},
    {"check": "operation-error-rate", "title": "t", "measure": "error-rate", "threshold": "maxOperationErrors", "scope": "operation"},
    {"check": "read-p95", "title": "t", "measure": "latency", "threshold": "readMs", "percentile": 95, "categories": ["read"]},
    {"check": "lag", "title": "t", "measure": "worst", "threshold": "maxLag", "metric": "lag"},
    {"check": "refused", "title": "t", "measure": "delta", "threshold": "maxRefused", "metric": "refused", "expectable": true},
    {"check": "retry-rate", "title": "t", "measure": "delta-per-minute", "threshold": "maxRetries", "metric": "retries"}],
  "growth": {"percentile": 95, "categories": ["read"]},
  "warnings": [{"id": "mutations-off", "message": "mutations were off", "help": "turn them on", "switchOff": "mutations"}]
})";
}

std::string profile_text() {
  return R"({"description": "d", "durationMs": 10000, "soakDurationMs": 60000, "concurrency": 8, "requestRatePerSecond": 20,
  "capacityTargets": {"boxesPerMinute": 60, "streams": 5, "users": 3},
  "thresholds": {"maxErrors": 0.01, "maxOperationErrors": 0.05, "readMs": 100, "maxLag": 5, "maxRefused": 0, "maxRetries": 10}})";
}

Setup::Setup() {
  auto parsed = Catalogue::parse("catalogue.json", catalogue_text());
  if (!parsed) throw std::runtime_error(to_string(parsed.error()));
  catalogue = *std::move(parsed);
  auto read = Profile::parse("profile.json", profile_text(), "small");
  if (!read) throw std::runtime_error(to_string(read.error()));
  profile = *std::move(read);
  settings.duration_ms = profile.duration_ms;
  settings.concurrency = profile.concurrency;
  settings.request_rate = profile.request_rate;
  settings.targets = {{"http://127.0.0.1:1", false, "a-token", "sha256:x"}};
  settings.variables = {"a b"};
  settings.limits = {std::nullopt};
  settings.include_mutations = true;
  settings.commit_sha = "c0ffee";
  replan();
  world.server = [n = 0](const Seen& seen) mutable {
    Answer answer;
    answer.after = 5 * millisecond;
    if (seen.method == "POST") {
      answer.status = 201;
      answer.body = "{\"id\":\"id-" + std::to_string(++n) + "\"}";
    }
    if (seen.path == "/metrics")
      answer.body = "lag_events{shard=\"1\"} 2\nlag_events{shard=\"2\"} 3\nrefused_total 0\nretries_total 4\n";
    return answer;
  };
}

void Setup::run() {
  engine = std::make_unique<Engine>(Engine::Inputs{catalogue, settings, plan, redact, world, world, world, start_at});
  world.run(*engine);
}

RunRecord Setup::record() const {
  RunRecord out(run_plan());
  out.measured = engine->measured(world.now());
  out.overtime = engine->overtime();
  out.late = engine->late();
  out.clocks = engine->clocks();
  out.started_wall_ms = world.wall_ms() - engine->elapsed(world.now()) / millisecond;
  out.finished_wall_ms = world.wall_ms();
  out.interrupted = engine->interrupted();
  for (const Series& one : engine->measurements().series()) out.measurements.merge(one.operation, one.setup, one.total);
  out.metrics = engine->metrics();
  out.timeline = engine->timeline();
  out.streams = engine->stream_totals(world.now());
  out.generator = engine->generator();
  out.unsent = engine->unsent();
  out.capped_at = engine->capped_at();
  out.warmup_requests = engine->warmup_requests();
  for (Index i = 0; i < out.created.size(); ++i) out.created[i] = engine->ids().added(i);
  return out;
}

const Series& Setup::series(const std::string& name) const {
  for (const Series& one : engine->measurements().series()) {
    if (one.name == name) return one;
  }
  throw std::runtime_error("no series " + name);
}

}  // namespace simulation
