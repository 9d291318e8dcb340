#include "standin/core/app.hpp"

#include "standin/core/control.hpp"
#include "unit/standin/support.hpp"

namespace launchgate::standin {

using testing::Bench;
using testing::fault;

TEST_CASE("who may ask what") {
  Bench bench;
  CHECK(bench.send("GET", "/readyz", "", "").reply.status == 200);
  CHECK(bench.send("GET", "/api/sessions", "", "").reply.status == 401);
  CHECK(bench.send("GET", "/api/sessions", "", "guess").reply.status == 401);
  CHECK(bench.send("GET", "/api/sessions", "", "tenant").reply.status == 200);
  CHECK(bench.send("GET", "/api/sessions", "", "gateway-admin").reply.status == 403);
  CHECK(bench.send("GET", "/api/admin/policy", "", "tenant").reply.status == 403);
  CHECK(bench.send("GET", "/api/admin/policy", "", "operator").reply.status == 200);
  bench.service = 1;
  CHECK(bench.send("GET", "/metrics", "", "operator").reply.status == 403);
  CHECK(bench.send("GET", "/metrics", "", "gateway-admin").reply.status == 200);
  CHECK(bench.send("GET", "/readyz", "", "").reply.status == 404);
}

TEST_CASE("unknown routes and methods") {
  Bench bench;
  CHECK(bench.send("GET", "/api/nothing").reply.status == 404);
  const Answer wrong = bench.send("DELETE", "/api/sessions");
  CHECK(wrong.reply.status == 405);
  CHECK(wrong.reply.headers.find("Allow: GET, POST") != std::string::npos);
  CHECK(bench.send("PUT", "/api/sessions/x/prompt").reply.status == 405);
  CHECK(bench.send("GET", "").reply.status == 404);
  CHECK(bench.send("GET", "//").reply.status == 404);
  CHECK(bench.app->stats().unknown.requests == 5);
}

TEST_CASE("a prompt's life") {
  Bench bench;
  const Answer created = bench.send("POST", "/api/sessions", "{}");
  REQUIRE(created.reply.status == 201);
  const std::string session = Bench::at(created, "/session/sessionId");
  const Answer enqueued =
      bench.send("POST", "/api/sessions/" + session + "/prompt", R"({"text": "say \"hi\"", "agent": "build"})");
  REQUIRE(enqueued.reply.status == 202);
  CHECK(Bench::at(enqueued, "/command/text") == "say \"hi\"");
  CHECK(Bench::at(enqueued, "/command/status") == "queued");
  const std::string path = "/api/sessions/" + session + "/prompts/" + Bench::at(enqueued, "/command/commandId");
  CHECK(Bench::at(bench.send("GET", path), "/command/status") == "running");

  const auto due = bench.app->next_due(bench.now);
  REQUIRE(due.has_value());
  bench.now = *due;
  bench.app->advance(bench.now);
  CHECK(Bench::at(bench.send("GET", path), "/command/status") == "completed");
  CHECK_FALSE(bench.app->next_due(bench.now).has_value());

  const EventLog& log = bench.app->events();
  REQUIRE(log.next_sequence() == 5);
  CHECK(log.frame(1).find("event: session.created\n") != std::string::npos);
  CHECK(log.frame(4).starts_with("id: 4\nevent: prompt.completed\ndata: {"));
  CHECK(log.frame(4).find("\"sessionId\":\"" + session + "\"") != std::string::npos);
  CHECK(log.frame(4).ends_with("}\n\n"));
}

TEST_CASE("items belong to their parents") {
  Bench bench;
  const std::string one = Bench::at(bench.send("POST", "/api/sessions", "{}"), "/session/id");
  const std::string two = Bench::at(bench.send("POST", "/api/sessions", "{}"), "/session/id");
  CHECK(one != two);
  const std::string body = R"({"filename": "a.txt", "contentType": "text/plain", "dataBase64": "aGk="})";
  const std::string artifact =
      Bench::at(bench.send("POST", "/api/sessions/" + one + "/artifacts", body), "/artifact/id");
  const Answer got = bench.send("GET", "/api/sessions/" + one + "/artifacts/" + artifact);
  CHECK(got.reply.status == 200);
  CHECK(Bench::at(got, "/artifact/dataBase64") == "aGk=");
  CHECK(bench.send("GET", "/api/sessions/" + two + "/artifacts/" + artifact).reply.status == 404);
  CHECK(bench.send("POST", "/api/sessions/none/artifacts", body).reply.status == 404);
  CHECK(bench.send("GET", "/api/sessions/" + one + "/artifacts/none").reply.status == 404);
}

TEST_CASE("bodies are checked") {
  Bench bench;
  const std::string session = "/api/sessions/" + Bench::at(bench.send("POST", "/api/sessions", "{}"), "/session/id");
  CHECK(bench.send("POST", "/api/sessions", "").reply.status == 400);
  CHECK(bench.send("POST", "/api/sessions", "[]").reply.status == 400);
  CHECK(bench.send("POST", "/api/sessions", "{").reply.status == 400);
  CHECK(bench.send("POST", session + "/prompt", "{}").reply.status == 400);
  CHECK(bench.send("POST", session + "/prompt", R"({"text": 3})").reply.status == 400);
  CHECK(bench.send("POST", session + "/artifacts", R"({"filename": "a", "contentType": "b", "dataBase64": "?"})")
            .reply.status == 400);
  CHECK(bench.send("POST", session + "/prompt", std::string(200, '[')).reply.status == 400);
  CHECK(bench.stats("cloud-prompt-enqueue").requests == 3);
}

TEST_CASE("workflows and their runs") {
  Bench bench;
  const Answer created = bench.send(
      "POST", "/api/workflows",
      R"({"title": "t", "instructions": "i", "agentName": "a", "skillNames": [], "toolIds": [], "triggers": [{"type": "manual", "enabled": true}]})");
  REQUIRE(created.reply.status == 201);
  const std::string id = Bench::at(created, "/workflow/id");
  const Answer run =
      bench.send("POST", "/api/workflows/" + id + "/run", R"({"triggerType": "manual", "triggerPayload": {}})");
  CHECK(run.reply.status == 202);
  CHECK(Bench::at(run, "/workflow/id") == id);
  CHECK(Bench::at(run, "/run/workflowId") == id);
  CHECK(Bench::at(bench.send("GET", "/api/workflows"), "/workflows/0/id") == id);
}

TEST_CASE("lists are cut") {
  Bench bench;
  for (int i = 0; i < 60; ++i) bench.send("POST", "/api/sessions", "{}");
  const auto count = [&](const std::string& target) {
    return testing::json(bench.send("GET", target).reply.body).at("/sessions")->size();
  };
  CHECK(count("/api/sessions") == 50);
  CHECK(count("/api/sessions?limit=2") == 2);
  CHECK(count("/api/sessions?limit=1000") == 50);
  CHECK(bench.send("GET", "/api/sessions?limit=0").reply.status == 400);
  CHECK(bench.send("GET", "/api/sessions?limit=x").reply.status == 400);
  CHECK(Bench::at(bench.send("GET", "/api/sessions"), "/total") == "60");
}

TEST_CASE("limits answer with their code and when to come back") {
  Bench bench;
  Limiter& limiter = bench.app->limiter();
  CHECK(limiter.set("http-requests", 2));
  CHECK_FALSE(limiter.set("nothing", 2));
  CHECK(bench.send("GET", "/api/sessions").reply.status == 200);
  CHECK(bench.send("GET", "/api/sessions").reply.status == 200);
  const Answer third = bench.send("GET", "/api/sessions");
  CHECK(third.reply.status == 429);
  CHECK(Bench::at(third, "/verdict/policyCode") == "rate_limit.http_exceeded");
  CHECK(Bench::at(third, "/verdict/allowed") == "false");
  CHECK(third.reply.headers.find("Retry-After: 60\r\n") != std::string::npos);
  CHECK(Bench::at(third, "/retryAfterMs") == "59999");
  // Another token has its own count, and a new window starts over.
  CHECK(bench.send("GET", "/api/sessions", "", "tenant").reply.status == 200);
  bench.now += 60 * micros_per_second;
  CHECK(bench.send("GET", "/api/sessions").reply.status == 200);
  CHECK(bench.stats("cloud-session-list").codes.at("rate_limit.http_exceeded") == 1);
}

TEST_CASE("other limits") {
  Bench bench;
  Limiter& limiter = bench.app->limiter();
  limiter.set("concurrent-sessions", 1);
  CHECK(bench.send("POST", "/api/sessions", "{}").reply.status == 201);
  const Answer full = bench.send("POST", "/api/sessions", "{}");
  CHECK(full.reply.status == 429);
  CHECK(Bench::at(full, "/verdict/policyCode") == "quota.concurrent_sessions_exceeded");
  CHECK(full.reply.headers.find("Retry-After") == std::string::npos);

  limiter.set("concurrent-sessions", std::nullopt);
  limiter.set("billing-sessions", 1);
  CHECK(bench.send("POST", "/api/sessions", "{}").reply.status == 201);
  CHECK(bench.send("POST", "/api/sessions", "{}").reply.status == 402);

  limiter.set("failed-authentications", 1);
  CHECK(bench.send("GET", "/api/sessions", "", "x").reply.status == 401);
  CHECK(bench.send("GET", "/api/sessions", "", "x").reply.status == 429);
  CHECK(bench.send("GET", "/api/sessions", "", "operator").reply.status == 200);

  limiter.set("event-streams", 1);
  bench.app->stream_opened();
  const Answer streams = bench.send("GET", "/api/events");
  CHECK(streams.reply.status == 429);
  CHECK(streams.reply.body.find("verdict") == std::string::npos);
  CHECK_FALSE(streams.stream.has_value());
}

TEST_CASE("where a stream starts") {
  Bench bench;
  for (int i = 0; i < 3; ++i) bench.send("POST", "/api/sessions", "{}");
  CHECK(bench.send("GET", "/api/events").stream->next_sequence == 1);
  CHECK_FALSE(bench.send("GET", "/api/events").stream->resumed);
  CHECK(bench.send("GET", "/api/events?after=2").stream->next_sequence == 3);
  bench.last_event_id = "1";
  const Answer resumed = bench.send("GET", "/api/events?after=2");
  CHECK(resumed.stream->next_sequence == 2);
  CHECK(resumed.stream->resumed);
  bench.last_event_id = "99";
  CHECK(bench.send("GET", "/api/events").stream->next_sequence == 4);
  bench.last_event_id = "1x";
  CHECK(bench.send("GET", "/api/events").stream->next_sequence == 1);
}

TEST_CASE("injected errors stand in for the answer and change nothing") {
  Bench bench;
  bench.app->faults().install(
      fault("error:status=429,code=rate_limit.http_exceeded,retryAfterSeconds=1.5,route=cloud-session-create"), 0);
  const Answer answer = bench.send("POST", "/api/sessions", "{}");
  CHECK(answer.reply.status == 429);
  CHECK(answer.reply.headers.find("Retry-After: 2\r\n") != std::string::npos);
  CHECK(Bench::at(answer, "/retryAfterMs") == "1500");
  CHECK(bench.app->events().next_sequence() == 1);
  bench.app->faults().install(fault("redirect:location=http://127.0.0.1:1/,route=cloud-session-list"), 0);
  const Answer moved = bench.send("GET", "/api/sessions");
  CHECK(moved.reply.status == 302);
  CHECK(moved.reply.headers.find("Location: http://127.0.0.1:1/\r\n") != std::string::npos);
}

TEST_CASE("planted texts are in bodies, headers, events and metrics") {
  Bench bench;
  bench.app->faults().install(fault("plant:text=s3cr3t"), 0);
  const Answer answer = bench.send("POST", "/api/sessions", "{}");
  CHECK(Bench::at(answer, "/planted") == "s3cr3t");
  CHECK(answer.reply.headers.find("s3cr3t") != std::string::npos);
  CHECK(bench.app->events().frame(1).find("\"planted\":\"s3cr3t\"") != std::string::npos);
  CHECK(bench.send("GET", "/api/metrics").reply.body.find("s3cr3t") != std::string::npos);
}

TEST_CASE("paused workers let the backlog grow") {
  Bench bench;
  const std::string session = Bench::at(bench.send("POST", "/api/sessions", "{}"), "/session/id");
  bench.app->faults().install(fault("worker-paused:forMs=5000"), bench.now);
  for (int i = 0; i < 3; ++i) bench.send("POST", "/api/sessions/" + session + "/prompt", R"({"text": "x"})");
  bench.now += 2 * micros_per_second;
  bench.app->advance(bench.now);
  const std::string metrics = bench.send("GET", "/api/metrics").reply.body;
  CHECK(metrics.find("queue_depth_estimate 3\n") != std::string::npos);
  CHECK(metrics.find("oldest_age_ms{kind=\"prompt\"} 2000\n") != std::string::npos);
  REQUIRE(bench.app->next_due(bench.now).has_value());
  CHECK(*bench.app->next_due(bench.now) > bench.now);
  bench.now += 4 * micros_per_second;
  bench.app->advance(bench.now);
  CHECK(bench.send("GET", "/api/metrics").reply.body.find("queue_depth_estimate 0\n") != std::string::npos);
}

namespace {

Reply steer(Bench& bench, const std::string& method, const std::string& path, const std::string& body = "",
            const std::string& host = "127.0.0.1:8080") {
  Request request;
  request.method = method;
  request.path = "/__standin/" + path.substr(0, path.find('?'));
  if (path.find('?') != std::string::npos) request.query = path.substr(path.find('?') + 1);
  request.body = body;
  request.host = host;
  REQUIRE(is_control(request));
  return control(*bench.app, request, bench.now);
}

}  // namespace

TEST_CASE("steering: faults, limits, events, statistics") {
  Bench bench;
  CHECK(steer(bench, "POST", "faults", R"({"kind": "hung"})").body == "{\"installed\":[1]}\n");
  CHECK(steer(bench, "POST", "faults",
              R"([{"kind": "hung", "route": "cloud-session-list"}, {"kind": "closed", "count": 1}])")
            .body == "{\"installed\":[2,3]}\n");
  CHECK(steer(bench, "PUT", "faults", R"([{"kind": "closed"}, {"kind": "hung", "route": "x"}])").status == 400);
  CHECK(bench.send("GET", "/readyz").wire.mode == WireMode::closed);
  CHECK(bench.send("GET", "/readyz").wire.mode == WireMode::hung);
  CHECK(testing::json(steer(bench, "GET", "faults").body).at("/faults/2/applied")->integer() == 1);
  CHECK(steer(bench, "DELETE", "faults?id=2").status == 200);
  CHECK(steer(bench, "DELETE", "faults?id=2").status == 404);
  CHECK(steer(bench, "PUT", "faults", "[]").status == 200);
  CHECK(bench.app->faults().all().empty());
  CHECK(steer(bench, "POST", "faults", "{").status == 400);
  CHECK(steer(bench, "POST", "faults", R"({"kind": "hang"})").body.find("hung") != std::string::npos);

  CHECK(steer(bench, "POST", "limits", R"({"http-requests": 0})").status == 200);
  CHECK(bench.send("GET", "/api/sessions").reply.status == 429);
  CHECK(steer(bench, "POST", "limits", R"({"http-requests": null})").status == 200);
  CHECK(bench.send("GET", "/api/sessions").reply.status == 200);
  CHECK(steer(bench, "POST", "limits", R"({"http-requests": -1})").status == 400);
  CHECK(steer(bench, "POST", "limits", R"({"other": 1})").status == 404);

  CHECK(steer(bench, "POST", "events", R"({"count": 3})").status == 200);
  CHECK(bench.app->events().next_sequence() == 4);
  CHECK(steer(bench, "POST", "events", R"({"count": 0})").status == 400);

  const Reply stats = steer(bench, "GET", "stats");
  const auto all = testing::json(stats.body);
  CHECK(all.at("/routes/cloud-readiness/requests")->integer() == 2);
  CHECK(all.at("/published")->integer() == 3);
  CHECK(steer(bench, "POST", "reset").status == 200);
  CHECK(bench.stats("cloud-readiness").requests == 0);
  CHECK(bench.app->events().next_sequence() == 4);
  bench.send("POST", "/api/sessions", "{}");
  CHECK(steer(bench, "POST", "reset?state=1").status == 200);
  CHECK(Bench::at(bench.send("GET", "/api/sessions"), "/total") == "0");
  CHECK(steer(bench, "GET", "nothing").status == 404);
}

TEST_CASE("no web page steers a stand-in") {
  Bench bench;
  CHECK(steer(bench, "GET", "stats", "", "localhost:1").status == 200);
  CHECK(steer(bench, "GET", "stats", "", "[::1]:1").status == 200);
  CHECK(steer(bench, "GET", "stats", "", "example.org").status == 403);
  CHECK(steer(bench, "GET", "stats", "", "127.example.org:80").status == 403);
  Request request;
  request.method = "GET";
  request.path = "/__standin/stats";
  request.has_origin = true;
  CHECK(control(*bench.app, request, 0).status == 403);
}

TEST_CASE("its own port is asked for other paths too") {
  Bench bench;
  for (const char* path : {"/", "/stats", "", "/__standin", "/__standin/"}) {
    Request request;
    request.method = "GET";
    request.path = path;
    CHECK(control(*bench.app, request, 0).status == 404);
  }
}

}  // namespace launchgate::standin
