#include <catch2/catch.hpp>

#include "report/figures.hpp"

using namespace launchgate;
using namespace launchgate::report_tool;

namespace {

const std::string known = R"({"schemaVersion": 1, "title": "t", "description": "d", "figures": [
  {"label": "Commit", "at": "/commit", "as": "text"},
  {"label": "p95", "section": "Soak", "when": {"at": "/mode", "is": "soak"}, "at": "/p95", "as": "duration-ms"},
  {"label": "Errors", "at": "/ops/*/failures", "per": "/ops/*/count", "of": "sum", "as": "ratio"},
  {"label": "Worst", "at": "/ops/*/rate", "of": "max", "as": "ratio"},
  {"label": "Sessions", "at": "/sessions", "as": "count"}]})";

const std::string measured = R"({"mode": "soak", "commit": "0a1b2c", "p95": 741.6, "sessions": 1250,
  "ops": {"a": {"failures": 1, "count": 100, "rate": 0.01}, "b": {"failures": 3, "count": 900, "rate": 0.00333}}})";

std::vector<std::string> found(const std::string& text, const std::string& report = measured) {
  const auto filled = markdown::MarkdownDocument::parse("filled.md", text);
  const auto figures = document::JsonDocument::parse("figures.json", known);
  const auto json = document::JsonDocument::parse("soak.json", report);
  REQUIRE(json.ok());
  const auto findings = check_figures(*filled, *figures, {&*json});
  INFO((findings.ok() ? std::string() : to_string(findings.error())));
  REQUIRE(findings.ok());
  std::vector<std::string> out;
  for (const auto& one : *findings) out.push_back(std::to_string(one.span.begin.line) + ": " + one.message);
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("numbers are read with their units") {
  const auto number = [](std::string_view text, Quantity quantity) {
    const auto read = read_number(text, quantity);
    return read ? read->value : -1;
  };
  CHECK(number("742 ms", Quantity::duration_ms) == 742);
  CHECK(number("0.742 s", Quantity::duration_ms) == Approx(742));
  CHECK(number("about 4 h 30 min", Quantity::duration_ms) == 16'200'000);
  CHECK(number("30min", Quantity::duration_ms) == 1'800'000);
  CHECK(number("1,200.5 ms", Quantity::duration_ms) == 1200.5);
  CHECK(number("14400000", Quantity::duration_ms) == 14'400'000);
  CHECK(number("0.4 %", Quantity::ratio) == Approx(0.004));
  CHECK(number("0.4%, of 1000", Quantity::ratio) == Approx(0.004));
  CHECK(number("0.004", Quantity::ratio) == 0.004);
  CHECK(number("1250 sessions", Quantity::count) == 1250);
  CHECK(number("none", Quantity::count) == -1);
}

TEST_CASE("figures that agree with the run pass") {
  CHECK(found("- Commit: `0a1b2c`\n- Errors: 0.4 %\n- Worst: 1 %\n- Sessions: 1,250\n\n## Soak\n\n- p95: 742 ms\n") ==
        Lines{});
  CHECK(found("## Soak\n\n- p95: 0.74 s\n") == Lines{});
  CHECK(found("## Soak\n\n- p95: 741.6 ms\n") == Lines{});
  CHECK(found("## Load\n\n- p95: 5 ms\n") == Lines{});
  CHECK(found("## Soak\n\n- p95: 5 ms\n", R"({"mode": "load", "commit": "x"})") == Lines{});
}

TEST_CASE("figures that differ are found") {
  CHECK(found("- Commit: 0a1b2d\n") ==
        Lines{"1: field \"Commit\" says \"0a1b2d\", but soak.json /commit says \"0a1b2c\""});
  CHECK(found("- Commit: 0a1b2c3\n").size() == 1);
  CHECK(found("## Soak\n\n- p95: 741 ms\n") ==
        Lines{"3: field \"p95\" says \"741 ms\", but soak.json /p95 says 741.6 ms"});
  CHECK(found("## Soak\n\n- p95: 500 ms\n").size() == 1);
  CHECK(found("## Soak\n\n- p95: 742 s\n").size() == 1);
  CHECK(found("- Errors: 0.3 %\n").size() == 1);
  CHECK(found("- Worst: 0.33 %\n").size() == 1);
  CHECK(found("- Sessions: fine\n") ==
        Lines{"1: field \"Sessions\" names no number, but soak.json /sessions says 1250"});
  CHECK(found("- Sessions: 3\n", R"({"mode": "soak", "commit": "x"})") ==
        Lines{"1: field \"Sessions\" cannot be checked: soak.json /sessions has no such number"});
}

TEST_CASE("a wrong list of figures is a configuration error with its place") {
  const auto filled = markdown::MarkdownDocument::parse("filled.md", "x");
  const auto figures = document::JsonDocument::parse(
      "figures.json",
      R"({"schemaVersion": 1, "title": "t", "description": "d", "figures": [{"label": "x", "at": "/a", "as": "texts"}]})");
  const auto result = check_figures(*filled, *figures, {});
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().category == base::ErrorCategory::configuration);
  CHECK(to_string(result.error()).find("did you mean \"text\"?") != std::string::npos);
}

TEST_CASE("a figure is not rounded away, and its unit is one of its kind") {
  CHECK(found("## Soak\n\n- p95: 0.7 s (worst of three)\n") == Lines{});
  for (const char* value :
       {"1 s", "0 h", "742 requests", "742 MB", "-742 ms", "742 us", "742 min", "none", "~~742 ms~~"}) {
    INFO(value);
    CHECK(found("## Soak\n\n- p95: " + std::string(value) + "\n").size() == 1);
  }
  CHECK(found("- Errors: 0 %\n").size() == 1);
  CHECK(found("- Errors: 0 %\n", R"({"mode": "soak", "ops": {"a": {"failures": 0, "count": 9}}})") == Lines{});
}

TEST_CASE("a text is given first, and no other of its kind with it") {
  CHECK(found("- Commit: `0a1b2c` (main, built on Monday)\n") == Lines{});
  CHECK(found("- Commit: f0ffff, was 0a1b2c\n").size() == 1);
  CHECK(found("- Commit: 0a1b2c or f0ffff\n").size() == 1);
  CHECK(found("- Commit: ~~0a1b2c~~\n").size() == 1);
}
