#include "standin/core/fault.hpp"

#include "standin/core/fault_set.hpp"
#include "unit/standin/support.hpp"

namespace launchgate::standin {

using testing::fault;

TEST_CASE("every kind of fault has a name, a summary and can be parsed") {
  const std::map<std::string, std::string> needed = {{"latency", ":ms=1"},
                                                     {"token-check", ":ms=1"},
                                                     {"stall", ":forMs=1"},
                                                     {"plant", ":text=x"},
                                                     {"metric-grow", ":metric=lag"},
                                                     {"metric-reset", ":metric=x"},
                                                     {"metric-absent", ":metric=lag"},
                                                     {"metric-text", ":metric=x,text=NaN"},
                                                     {"metric-timestamp", ":metric=*"}};
  CHECK(fault_kinds().size() > 30);
  for (const FaultKind& kind : fault_kinds()) {
    const std::string name(kind.name);
    const auto more = needed.find(name);
    CAPTURE(name);
    CHECK(parse_fault_argument(name + (more == needed.end() ? "" : more->second)).ok());
    CHECK_FALSE(kind.summary.empty());
    if (more == needed.end()) continue;
    // What a kind needs is asked for.
    CHECK_FALSE(parse_fault_argument(name).ok());
  }
}

TEST_CASE("common members of a fault") {
  const Fault made = fault(
      "error:status=503,code=quota.x,service=cloud,route=cloud-session-*,rate=0.25,count=3,afterMs=10,forMs=20,everyMs="
      "100");
  CHECK(made.service == "cloud");
  CHECK(made.route == "cloud-session-*");
  CHECK(made.rate == 0.25);
  CHECK(made.count == 3);
  CHECK(made.after == 10000);
  CHECK(made.duration == 20000);
  CHECK(made.every == 100000);
  const auto* error = std::get_if<ErrorFault>(&made.effect);
  REQUIRE(error != nullptr);
  CHECK(error->status == 503);
  CHECK(error->code == "quota.x");
}

TEST_CASE("the distribution follows from its figures") {
  CHECK(std::holds_alternative<Fixed>(std::get<LatencyFault>(fault("latency:ms=20").effect).distribution));
  CHECK(std::holds_alternative<Uniform>(std::get<LatencyFault>(fault("latency:minMs=2,maxMs=4").effect).distribution));
  CHECK(std::holds_alternative<Exponential>(
      std::get<LatencyFault>(fault("latency:distribution=exponential,meanMs=2").effect).distribution));
  CHECK(std::holds_alternative<Lognormal>(
      std::get<LatencyFault>(fault("latency:medianMs=2,sigma=1").effect).distribution));
}

TEST_CASE("wrong faults are refused with a reason") {
  const auto message = [](const std::string& text) {
    const auto parsed = parse_fault_argument(text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().category == base::ErrorCategory::usage);
    return parsed.error().message + "; " + parsed.error().help;
  };
  CHECK(message("latancy:ms=1").find("\"latency\"?") != std::string::npos);
  CHECK(message("latency").find("no distribution") != std::string::npos);
  CHECK(message("latency:ms=1,meanMs=2").find("more than one") != std::string::npos);
  CHECK(message("latency:distribution=uniform,ms=1").find("does not go with") != std::string::npos);
  CHECK(message("latency:minMs=5,maxMs=1").find("uniform") != std::string::npos);
  CHECK(message("latency:medianMs=5").find("sigma") != std::string::npos);
  CHECK(message("error:status=99").find("status") != std::string::npos);
  CHECK(message("error:rate=2").find("rate") != std::string::npos);
  CHECK(message("error:ruote=x").find("\"route\"?") != std::string::npos);
  CHECK(message("error:status").find("key=value") != std::string::npos);
  CHECK(message("reset:when=tomorrow").find("head") != std::string::npos);
  CHECK(message("error:status=500,status=501").find("status") != std::string::npos);
  CHECK(message("").find("kind") != std::string::npos);
  CHECK(message("plant:text=a\r\nX: b").find("control character") != std::string::npos);
  CHECK(message("redirect:location=/\n").find("control character") != std::string::npos);
}

TEST_CASE("values of arguments keep their looks") {
  CHECK(std::get<PlantFault>(fault("plant:text=tok=en").effect).text == "tok=en");
  CHECK(std::get<MetricFault>(fault("metric-text:metric=x,text=NaN").effect).text == "NaN");
  CHECK(std::get<MetricFault>(fault("metric-text:metric=x,text=+Inf").effect).text == "+Inf");
  CHECK_FALSE(parse_fault_argument("latency:ms=.5").ok());  // a text, and no number
  CHECK(parse_fault_argument("latency:ms=0.5").ok());
}

TEST_CASE("faults as a document") {
  CHECK(parse_faults(testing::json(R"({"kind": "hung"})"))->size() == 1);
  CHECK(parse_faults(testing::json(R"([{"kind": "hung"}, {"kind": "closed", "rate": 0.5}])"))->size() == 2);
  CHECK(parse_faults(testing::json(R"({"faults": [{"kind": "hung"}]})"))->size() == 1);
  CHECK(parse_faults(testing::json("[]"))->empty());
  const auto wrong =
      parse_faults(testing::json("[{\"kind\": \"hung\"},\n {\"kind\": \"error\", \"status\": \"500\"}]"));
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().position.line == 2);
  CHECK_FALSE(parse_faults(testing::json("3")).ok());
}

TEST_CASE("windows of faults") {
  InstalledFault one;
  one.installed = 1000000;
  one.fault = fault("stall:afterMs=1000,forMs=500,everyMs=2000");
  CHECK_FALSE(one.active(1000000));
  CHECK_FALSE(one.active(1999999));
  CHECK(one.active(2000000));
  CHECK(one.active(2499999));
  CHECK_FALSE(one.active(2500000));
  CHECK(one.active(4000000));
  CHECK(one.ends(4100000) == 4500000);
  CHECK(one.period(1500000) == -1);
  CHECK(one.period(4100000) == 1);
  one.fault = fault("hung:count=2");
  CHECK(one.active(1000000));
  one.applied = 2;
  CHECK_FALSE(one.active(1000000));
  CHECK_FALSE(one.ends(1000000).has_value());
}

TEST_CASE("what is decided for a request") {
  testing::Bench bench;
  FaultSet faults(bench.product, 5);
  const std::size_t list = bench.route("cloud-session-list");
  const std::size_t health = bench.route("gateway-health");
  CHECK(faults.decide(list, true, 0).delay == 0);

  faults.install(fault("latency:ms=20"), 0);
  faults.install(fault("latency:ms=50,route=cloud-session-*"), 0);
  CHECK(faults.decide(list, true, 0).delay == 50000);
  CHECK(faults.decide(health, true, 0).delay == 20000);

  const auto token = faults.install(fault("token-check:ms=7,service=cloud"), 0);
  CHECK(faults.decide(list, true, 0).delay == 57000);
  CHECK(faults.decide(list, false, 0).delay == 50000);
  CHECK(faults.remove(token));
  CHECK_FALSE(faults.remove(token));

  const auto stall = faults.install(fault("stall:afterMs=1000,forMs=2000"), 0);
  CHECK(faults.decide(list, true, 500000).delay == 50000);
  CHECK(faults.decide(list, true, 1000000).delay == 2050000);
  CHECK(faults.decide(list, true, 2500000).delay == 550000);
  CHECK(faults.decide(list, true, 3000000).delay == 50000);
  faults.remove(stall);

  faults.install(fault("error:status=503,count=2,service=gateway"), 0);
  CHECK(faults.decide(list, true, 0).error == nullptr);
  REQUIRE(faults.decide(health, false, 0).error != nullptr);
  CHECK(faults.decide(health, false, 0).error->status == 503);
  CHECK(faults.decide(health, false, 0).error == nullptr);

  faults.clear();
  CHECK(faults.decide(list, true, 0).delay == 0);
}

TEST_CASE("servers work one request at a time") {
  testing::Bench bench;
  FaultSet faults(bench.product, 5);
  faults.install(fault("token-check:ms=10,servers=2"), 0);
  CHECK(faults.decide(0, true, 0).delay == 10000);
  CHECK(faults.decide(0, true, 0).delay == 10000);
  CHECK(faults.decide(0, true, 0).delay == 20000);
  CHECK(faults.decide(0, true, 5000).delay == 15000);
  CHECK(faults.decide(0, true, 100000).delay == 10000);
}

TEST_CASE("a rate is the share of requests") {
  testing::Bench bench;
  FaultSet faults(bench.product, 5);
  faults.install(fault("reset:rate=0.1"), 0);
  int hit = 0;
  for (int i = 0; i < 20000; ++i) hit += faults.decide(0, true, 0).wire.mode == WireMode::reset ? 1 : 0;
  CHECK(hit > 1800);
  CHECK(hit < 2200);
}

TEST_CASE("faults of listeners, streams and workers") {
  testing::Bench bench;
  FaultSet faults(bench.product, 5);
  CHECK(faults.listening(0, 0) == nullptr);
  faults.install(fault("refused:service=gateway,forMs=100"), 0);
  CHECK(faults.listening(0, 0) == nullptr);
  REQUIRE(faults.listening(1, 0) != nullptr);
  CHECK(faults.listening(1, 100000) == nullptr);

  const std::size_t stream = bench.route("cloud-workspace-sse");
  CHECK_FALSE(faults.has_stream_faults(stream));
  faults.install(fault("sse-gap:everyEvents=5,rate=0.5"), 0);
  CHECK(faults.has_stream_faults(stream));
  int seen = 0;
  faults.for_streams(stream, 0.4, 0, [&](const StreamFault& one) { seen += one.every_events == 5 ? 1 : 0; });
  faults.for_streams(stream, 0.6, 0, [&](const StreamFault&) { seen += 100; });
  CHECK(seen == 1);

  CHECK_FALSE(faults.workers_paused(0));
  faults.install(fault("worker-paused:afterMs=1"), 0);
  CHECK_FALSE(faults.workers_paused(0));
  CHECK(faults.workers_paused(1000));
}

}  // namespace launchgate::standin
