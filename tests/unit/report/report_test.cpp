#include <catch2/catch.hpp>

#include "lib/report/report.hpp"

using namespace launchgate;

namespace {

report::Report sample() {
  const base::SourceText source("deploy/targets.json", "{\n  \"p95ReadLatencyMS\": 750\n}\n");
  report::Report report;
  report.tool = "launchgate-profiles";
  report.version = "1.2.3";
  report.documents = 1;
  const finding::RuleInfo rule{"profiles/unknown-key", finding::Severity::error, "", "", "", "", ""};
  auto found = finding::make_finding(rule, source, {{2, 3}, {2, 21}}, "unknown threshold \"p95ReadLatencyMS\"",
                                     "did you mean \"p95ReadLatencyMs\"?");
  found.json_pointer = "/profiles/private-beta/thresholds";
  report.findings.push_back(std::move(found));
  finding::assign_fingerprints(report.findings);
  report.rules.add(rule);
  report.skipped.push_back({"logo.png", "binary"});
  return report;
}

}  // namespace

TEST_CASE("text shows the place, the line, the caret and the remedy") {
  CHECK(report::print_text(sample(), {}) ==
        "deploy/targets.json:2:3: error: unknown threshold \"p95ReadLatencyMS\" [profiles/unknown-key]\n"
        "    2 |   \"p95ReadLatencyMS\": 750\n"
        "      |   ^~~~~~~~~~~~~~~~~~\n"
        "      = at /profiles/private-beta/thresholds; did you mean \"p95ReadLatencyMs\"?\n"
        "\n"
        "1 error, 0 warnings · 1 document, 1 rule, 0 waived, 1 skipped (binary)\n");
}

TEST_CASE("a run that checked nothing is no pass") {
  report::Report empty;
  CHECK_FALSE(report::passed(empty));
  CHECK(report::print_text(empty, {}).find("nothing was checked") != std::string::npos);
  empty.documents = 1;
  CHECK(report::passed(empty));
  empty.unreadable_input = true;
  CHECK_FALSE(report::passed(empty));
}

TEST_CASE("the verdict follows --fail-on and leaves out what is waived") {
  auto report = sample();
  CHECK_FALSE(report::passed(report));
  report.findings[0].severity = finding::Severity::warning;
  CHECK(report::passed(report));
  report.fail_on = finding::Severity::warning;
  CHECK_FALSE(report::passed(report));
  report.findings[0].status = finding::Status::waived;
  CHECK(report::passed(report));
}

TEST_CASE("json carries every field of the contract") {
  const std::string json = report::print_json(sample(), {});
  for (const char* part :
       {"\"tool\": \"launchgate-profiles\"", "\"result\": \"fail\"", "\"rule\": \"profiles/unknown-key\"",
        "\"line\": 2", "\"endColumn\": 21", "\"pointer\": \"/profiles/private-beta/thresholds\"",
        "\"status\": \"open\"", "\"reason\": \"binary\"", "\"errors\": 1"}) {
    INFO(part);
    CHECK(json.find(part) != std::string::npos);
  }
}
