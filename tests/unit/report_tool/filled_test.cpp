#include <catch2/catch.hpp>

#include "report/filled.hpp"

using namespace launchgate;
using namespace launchgate::report_tool;

namespace {

const std::string form =
    "# Report\n\n- Owner:\n- Decision: `go`, `conditional-go`, or\n  `no-go`\n- Tier:\n  `{local|hosted}`\n- Matrix: "
    "`deploy/matrix.json`\n\n"
    "## Load\n\n| Area | Target | Actual |\n| --- | --- | --- |\n| reads | 5 | |\n| writes | | |\n\n"
    "## Findings\n\n| Finding | Disposition |\n| --- | --- |\n| | `fix` / `issue` / `out-of-scope` |\n\n"
    "## Smoke\n\n- [ ] `run smoke`\n- [ ] run the drill with evidence\n";

const std::string complete =
    "# Report\n\n- Owner: release team\n- Decision: `no-go`\n- Tier: hosted\n- Matrix: `deploy/matrix.json`\n- Extra: "
    "more\n\n"
    "## Load\n\n| Area | Target | Actual |\n| --- | --- | --- |\n| reads | 5 | 4 |\n| writes | 2 | 1 |\n| more | 1 | 1 "
    "|\n\n"
    "## Notes\n\ntext\n\n"
    "## Findings\n\n| Finding | Disposition |\n| --- | --- |\n| slow reads | `issue` |\n| noise | out-of-scope |\n\n"
    "## Smoke\n\n- [x] `run smoke` twice\n- [x] run the drill with evidence\n";

markdown::MarkdownDocument page(const std::string& text) {
  auto document = markdown::MarkdownDocument::parse("filled.md", text);
  REQUIRE(document.ok());
  return std::move(*document);
}

// "rule line message" of every finding.
std::vector<std::string> found(std::string text, const std::string& old = "", const std::string& fresh = "") {
  if (!old.empty()) {
    const std::size_t at = text.find(old);
    REQUIRE(at != std::string::npos);
    text.replace(at, old.size(), fresh);
  }
  std::vector<std::string> out;
  for (const auto& one : check_filled(page(text), page(form))) {
    out.push_back(one.rule_id.substr(one.rule_id.find('/') + 1) + ' ' + std::to_string(one.span.begin.line) + ' ' +
                  one.message);
  }
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a complete report passes") { CHECK(found(complete) == Lines{}); }

TEST_CASE("a template is no filled report") {
  CHECK(found(form) ==
        Lines{"field-open 3 field \"Owner\" is empty",
              "choice-open 4 field \"Decision\" has \"go\", \"conditional-go\" and \"no-go\" at once",
              "choice-open 7 field \"Tier\" has \"local\" and \"hosted\" at once",
              "cell-open 14 row \"reads\": cell \"Actual\" is empty",
              "cell-open 15 row \"writes\": cell \"Target\" is empty",
              "cell-open 15 row \"writes\": cell \"Actual\" is empty",
              "cell-open 21 row \"\": cell \"Finding\" is empty",
              "choice-open 21 row \"\": cell \"Disposition\" has \"fix\", \"issue\" and \"out-of-scope\" at once",
              "checkbox-open 25 checkbox \"run smoke\" is not ticked",
              "checkbox-open 26 checkbox \"run the drill with evidence\" is not ticked"});
}

TEST_CASE("what was left out or left open is found where it belongs") {
  CHECK(found(complete, "- Owner: release team\n") ==
        Lines{"field-missing 1 section \"Report\" has no field \"Owner\""});
  CHECK(found(complete, "release team", "TBD") == Lines{"field-open 3 field \"Owner\" still says \"TBD\""});
  CHECK(found(complete, "release team", "{owner}") == Lines{"field-open 3 field \"Owner\" still says \"{owner}\""});
  CHECK(found(complete, "release team", "") == Lines{"field-open 3 field \"Owner\" is empty"});
  CHECK(found(complete, "`no-go`", "perhaps") ==
        Lines{"choice-open 4 field \"Decision\" has none of \"go\", \"conditional-go\" or \"no-go\""});
  CHECK(found(complete, "`no-go`", "go or no-go") ==
        Lines{"choice-open 4 field \"Decision\" has \"go\" and \"no-go\" at once"});
  CHECK(found(complete, "`no-go`", "**go**, with thanks") == Lines{});
  CHECK(found(complete, "## Smoke", "## Smokes") == Lines{"section-missing 21 the report has no section \"Smoke\""});
  CHECK(found(complete, "| Area | Target | Actual |", "| Area | Goal | Actual |").front().substr(0, 15) ==
        "table-missing 9");
  CHECK(found(complete, "| writes | 2 | 1 |\n") ==
        Lines{"row-missing 11 the table of section \"Load\" has no row \"writes\""});
  CHECK(found(complete, "| writes | 2 | 1 |", "| writes | 2 | x |") ==
        Lines{"cell-open 14 row \"writes\": cell \"Actual\" still says \"x\""});
  CHECK(found(complete, "| more | 1 | 1 |", "| more | 1 | |") ==
        Lines{"cell-open 15 row \"more\": cell \"Actual\" is empty"});
  CHECK(found(complete, "| noise | out-of-scope |", "| | |") == Lines{"row-open 26 a table row is empty"});
  CHECK(found(complete, "| noise | out-of-scope |", "| noise | fix, issue |") ==
        Lines{"choice-open 26 row \"noise\": cell \"Disposition\" has \"fix\" and \"issue\" at once"});
  CHECK(found(complete, "| noise | out-of-scope |", "| noise | later |") ==
        Lines{"choice-open 26 row \"noise\": cell \"Disposition\" has none of \"fix\", \"issue\" or \"out-of-scope\""});
  CHECK(found(complete, "- [x] `run smoke`", "- [ ] `run smoke`") ==
        Lines{"checkbox-open 30 checkbox \"run smoke\" is not ticked"});
  CHECK(found(complete, "- [x] `run smoke` twice\n") ==
        Lines{"checkbox-missing 28 section \"Smoke\" has no checkbox \"run smoke\""});
}

TEST_CASE("a report inside a comment is no report") {
  CHECK(found("<!--\n" + complete + "-->\n").size() == 4);
  CHECK(found("```\n" + complete + "```\n").size() == 4);
}

TEST_CASE("choices are told from text that names several things") {
  const auto offered = [](const std::string& text) {
    const auto document = page("- F: " + text + "\n");
    const markdown::Range all{3, document.text().size()};
    return choices(document, all);
  };
  CHECK(offered("`a`, `b`, or `c`") == Lines{"a", "b", "c"});
  CHECK(offered("`a` / `b`") == Lines{"a", "b"});
  CHECK(offered("`{a|b c}`") == Lines{"a", "b c"});
  CHECK(offered("{a|b}") == Lines{"a", "b"});
  CHECK(offered("`a`").empty());
  CHECK(offered("copied from `a` and `b`").empty());
  CHECK(offered("`a` then `b`").empty());
  CHECK(offered("`a`, `b` as needed").empty());
}

TEST_CASE("extra columns and tables are welcome, but completed") {
  CHECK(found(complete, "| Finding | Disposition |\n| --- | --- |\n| slow reads | `issue` |",
              "| Finding | Owner | Disposition |\n| --- | --- | --- |\n| slow reads | me | `issue` |") ==
        Lines{"choice-open 26 row \"noise\": cell \"Disposition\" has none of \"fix\", \"issue\" or \"out-of-scope\""});
}

TEST_CASE("no table with the template's columns hides from the check") {
  const std::string second = "| Finding | Disposition |\n| --- | --- |\n| hidden | `fix` and `issue` |\n";
  CHECK(found(complete, "## Smoke", second + "\n## Smoke") ==
        Lines{"choice-open 30 row \"hidden\": cell \"Disposition\" has \"fix\" and \"issue\" at once"});
  CHECK(found(complete, "## Smoke",
              "- in a list\n\n  | Finding | Disposition |\n  | --- | --- |\n  | hidden | |\n\n## Smoke")
            .size() == 1);
  CHECK(found(complete, "| more | 1 | 1 |", "| reads | 5 | 9 |") ==
        Lines{"row-twice 15 row \"reads\" stands twice in section \"Load\""});
}

TEST_CASE("what is struck out, in HTML or an image is no value") {
  for (const char* value : {"~~release team~~", "<span></span>", "![team](x.png)", "<!-- team -->", "TBD by Monday",
                            "team TODO", "____", "{team}"}) {
    INFO(value);
    CHECK(found(complete, "release team", value).size() == 1);
  }
  CHECK(found(complete, "| 5 | 4 |", "| 5 | ~~4~~ |").size() == 1);
  CHECK(found(complete, "- [x] `run smoke` twice", "- [x] ~~`run smoke`~~ twice").size() == 1);
}

TEST_CASE("each of two fields of one name counts, and each of two boxes") {
  CHECK(found(complete, "- Extra: more", "- Owner:") == Lines{"field-open 7 field \"Owner\" is empty"});
  CHECK(found(complete, "- [x] `run smoke` twice", "- [x] `run smoke` twice\n- [ ] `run smoke`").size() == 1);
}

TEST_CASE("a template that asks for nothing proves nothing") {
  const auto findings = check_filled(page(complete), page("Only words.\n"));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule_id == "filled-report/template-empty");
}
