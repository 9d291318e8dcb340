#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "lib/report/gates.hpp"
#include "lib/report/report.hpp"

using namespace launchgate;
using finding::Severity;
using finding::Status;

namespace {

// One finding of every severity and status, hostile names and texts included.
report::Report every_kind() {
  const base::SourceText source("docs/a,b: 100%.md", "first <line>\n\"second\" | line\n");
  report::Report report;
  report.tool = "launchgate";
  report.version = "1.2.3";
  report.documents = 2;
  const auto add = [&](const char* rule, Severity severity, std::uint32_t line, std::string message, Status status) {
    const finding::RuleInfo info{rule, severity, std::string("summary of ") + rule, "help", "why", "", ""};
    auto one = finding::make_finding(info, source, {{line, 1}, {line, 6}}, std::move(message), "do <this> & that");
    one.status = status;
    if (status == Status::waived) one.waiver = finding::Waiver{"ops", "known", "2026-12-31"};
    report.findings.push_back(std::move(one));
    report.rules.add(info);
  };
  add("p/error", Severity::error, 1, "an error: with \"quotes\", <tags> & 50%", Status::open);
  add("p/warning", Severity::warning, 1, "a warning", Status::open);
  add("p/note", Severity::note, 2, "a note", Status::open);
  add("p/waived", Severity::error, 2, "a waived one", Status::waived);
  add("p/known", Severity::error, 2, "a known one", Status::baselined);
  finding::Finding whole_file;
  whole_file.rule_id = "suite/missing-document";
  whole_file.file = "gone.json";
  whole_file.message = "does not exist";
  report.findings.push_back(whole_file);
  report.rules.add(finding::RuleInfo{"p/quiet", Severity::error, "a rule without findings", "help", "", "", ""});
  finding::assign_fingerprints(report.findings);
  report.skipped.push_back({"logo.png", "binary"});
  return report;
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

std::string render(const char* format) { return report::find_format(format)->print(every_kind(), {}); }

}  // namespace

TEST_CASE("every format shows every finding") {
  const auto report = every_kind();
  const std::size_t all = report.findings.size();
  CHECK(occurrences(render("text"), " [p/") + occurrences(render("text"), " [suite/") == all);
  CHECK(occurrences(render("json"), "\"fingerprint\"") == all);
  CHECK(occurrences(render("sarif"), "\"launchgate/v1\"") == all);
  CHECK(occurrences(render("junit"), "<testcase ") == all + 1);  // and the rule without findings
  CHECK(occurrences(render("github"), "\n::") + 1 == all);
  CHECK(occurrences(render("gitlab"), "\"check_name\"") == all);
  for (const auto& finding : report.findings) {
    for (const auto& format : report::formats()) {
      INFO(format.name << " " << finding.rule_id);
      CHECK(format.print(report, {}).find(finding.rule_id) != std::string::npos);
    }
  }
}

TEST_CASE("github annotations are escaped") {
  const std::string text = render("github");
  CHECK(text.substr(0, text.find('\n')) ==
        "::error file=docs/a%2Cb%3A 100%25.md,line=1,col=1,endLine=1,endColumn=6,title=p/error::an error: with "
        "\"quotes\", <tags> & 50%25 "
        "(do <this> & that)");
  CHECK(text.find("::error file=gone.json,title=suite/missing-document::does not exist\n") != std::string::npos);
  CHECK(text.find(
            "::notice file=docs/a%2Cb%3A 100%25.md,line=2,col=1,endLine=2,endColumn=6,title=p/waived::a waived one") !=
        std::string::npos);
  const std::string summary = report::github_summary(every_kind());
  CHECK(summary.find("| error | docs/a,b: 100%.md:1:1 | an error: with \"quotes\", &lt;tags> & 50% (do &lt;this> & "
                     "that) | p/error |") != std::string::npos);
}

TEST_CASE("junit counts failures by --fail-on and escapes XML") {
  const std::string text = render("junit");
  CHECK(text.find("<testsuite name=\"launchgate\" tests=\"7\" failures=\"2\" errors=\"0\" skipped=\"2\">") !=
        std::string::npos);
  CHECK(text.find("<failure type=\"error\" message=\"an error: with &quot;quotes&quot;, &lt;tags&gt; &amp; 50%\">") !=
        std::string::npos);
  CHECK(text.find("<testcase classname=\"p/quiet\" name=\"a rule without findings\"/>") != std::string::npos);
  CHECK(text.find("<property name=\"skipped\" value=\"logo.png: binary\"/>") != std::string::npos);
}

TEST_CASE("sarif encodes paths, starts columns at 1 and marks what is suppressed") {
  const std::string text = render("sarif");
  CHECK(text.find("\"uri\": \"docs/a%2Cb%3A%20100%25.md\"") != std::string::npos);
  CHECK(text.find("\"startColumn\": 0") == std::string::npos);
  CHECK(occurrences(text, "\"suppressions\"") == 2);
  CHECK(text.find("\"justification\": \"known (ops, until 2026-12-31)\"") != std::string::npos);
  CHECK(text.find("\"ruleIndex\": 6") != std::string::npos);  // a rule that is not in the table is added to it
  CHECK(text.find("snippet") == std::string::npos);
}

// The same report in each format, as files that other tests read with parsers of others. LAUNCHGATE_UPDATE_GOLDENS=1
// writes them anew.
TEST_CASE("each format prints what it printed before") {
  for (const auto& format : report::formats()) {
    const std::string path = std::string(LAUNCHGATE_SOURCE_DIR "/tests/report/every-kind.") + std::string(format.name);
    const std::string text = format.print(every_kind(), {});
    if (std::getenv("LAUNCHGATE_UPDATE_GOLDENS") != nullptr) std::ofstream(path, std::ios::binary) << text;
    std::ifstream file(path, std::ios::binary);
    std::ostringstream golden;
    golden << file.rdbuf();
    INFO(path);
    CHECK(golden.str() == text);
  }
}

TEST_CASE("gates become rules, and failed ones findings") {
  const auto report = report::gate_report("launchgate-load", "1.2.3", "gate", "report.json",
                                          {{"read-p95", true, Severity::error, "p95 20 ms, threshold 750 ms", ""},
                                           {"overall-error-rate", false, Severity::error, "3 %, threshold 1 %", ""},
                                           {"warning-no-token", false, Severity::warning, "no token", "give one"}});
  CHECK_FALSE(report::passed(report));
  CHECK(report.rules.size() == 3);
  CHECK(report.findings.size() == 2);
  const std::string junit = report::find_format("junit")->print(report, {});
  CHECK(junit.find("tests=\"3\" failures=\"1\"") != std::string::npos);
  CHECK(junit.find("<testcase classname=\"gate/read-p95\" name=\"p95 20 ms, threshold 750 ms\"/>") !=
        std::string::npos);
  CHECK(junit.find("<failure type=\"error\" message=\"3 %, threshold 1 %\">") != std::string::npos);
}

TEST_CASE("gitlab issues have a line even for whole files") {
  const std::string text = render("gitlab");
  CHECK(text.find("\"begin\": 1") != std::string::npos);
  CHECK(occurrences(text, "\"positions\"") == 5);
  CHECK(occurrences(text, "\"severity\": \"critical\"") == 2);
  CHECK(occurrences(text, "\"severity\": \"info\"") == 3);
}
