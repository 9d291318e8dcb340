#include "unit/prose/prose_helpers.hpp"

using namespace launchgate;
using namespace launchgate::prose;

TEST_CASE("order: headings in their order") {
  const std::string rule = R"("kind": "order", "headings": ["Plan", "Load", "Soak"])";
  CHECK(found(rule, "# Plan\n\n## Load\n\n# Other\n\n### Soak\n").empty());
  CHECK(found(rule, "# Plan\n\n# Soak\n").empty());
  CHECK(found(rule, "# Plan\n\n# Soak\n\n# Load\n") ==
        "3:1 section \"Soak\" stands before section \"Load\" | move it below line 5\n");
}

TEST_CASE("structure: headings and fields") {
  const std::string rule =
      R"("kind": "structure", "section": "Soak Test Report", "fields": ["Duration", "max projection lag"])";
  CHECK(found(rule, "## Soak Test Report\n\n- Duration: 1 h\n- **max projection lag**:\n  4\n").empty());
  CHECK(found(rule, "# Top\n\n## Soak Test Report\n\n- Duration:\n- max projektion lag:\n") ==
        "3:1 section \"Soak Test Report\" has no field \"max projection lag\" | is \"max projektion lag\" meant to be "
        "it? add below, as a list item:  - max projection lag:\n");
  CHECK_FALSE(found(rule, "## Soak Test Report\n\n- Duration:\n\n<!--\n- max projection lag:\n-->\n").empty());
  CHECK_FALSE(found(rule, "## Soak Test Report\n\n- Duration:\n\n## Other\n\n- max projection lag:\n").empty());
  CHECK_FALSE(found(rule, "## Soak Test Report\n\n- Duration:\n\nmax projection lag: 3\n").empty());
  CHECK_FALSE(found(rule, "## Soak Test Report\n\n```\n- Duration:\n- max projection lag:\n```\n").empty());
  CHECK_FALSE(found(rule, "## Soak Test Report\n\n- Duration:\n- Max projection lag:\n").empty());

  const std::string headings = R"("kind": "structure", "headings": ["Plan", "Soak Gate"])";
  CHECK(found(headings, "Plan\n====\n\n### Soak `Gate`\n").empty());
  CHECK(found(headings, "# Plan\n\n**Soak Gate**\n") ==
        "1:1 the document has no section \"Soak Gate\" | add the heading:  ## Soak Gate\n");
  CHECK_FALSE(found(headings, "# Plan\n\n> # Soak Gate\n").empty());
  const std::string below = R"("kind": "structure", "section": "A", "headings": ["B"])";
  CHECK(found(below, "# A\n\n## B\n").empty());
  CHECK_FALSE(found(below, "# A\n\n# B\n").empty());
}

TEST_CASE("structure: tables, their columns and rows") {
  const std::string rule =
      R"("kind": "structure", "section": "S", "tables": [{"columns": ["Item", "Status"], "rows": ["load", "soak"]}])";
  CHECK(found(rule, "## S\n\n| Item | Note | Status |\n|--|--|--|\n| `load` | | |\n| soak | | |\n").empty());
  CHECK(found(rule, "## S\n\n| Item | Status |\n|--|--|\n| load | |\n| soack | |\n") ==
        "3:1 the table of section \"S\" has no row \"soak\" | is \"soack\" meant to be it? add the row:  | soak | |\n");
  CHECK(found(rule, "## S\n\n| Item | State |\n|--|--|\n| load | |\n") ==
        "3:1 the table of section \"S\" has no column \"Status\" | did you mean \"State\"? its columns are to be:  | "
        "Item | Status |\n");
  CHECK(found(rule, "## S\n\ntext\n") ==
        "1:1 section \"S\" has no table with the columns \"Item\" and \"Status\" | add below, followed by its rows:  | "
        "Item | Status |  | --- | --- |\n");
  CHECK_FALSE(found(rule, "## S\n\n| Status | Item |\n|--|--|\n| load | |\n| soak | |\n").empty());
  CHECK_FALSE(found(rule, "## S\n\n## T\n\n| Item | Status |\n|--|--|\n| load | |\n| soak | |\n").empty());
  CHECK_FALSE(found(rule, "## S\n\n| Item | Status |\n|--|--|\n| x | load |\n| y | soak |\n").empty());
  // Rows may be spread over tables of the same columns.
  CHECK(
      found(rule, "## S\n\n| Item | Status |\n|--|--|\n| load | |\n\ntext\n\n| Item | Status |\n|--|--|\n| soak | |\n")
          .empty());
}

TEST_CASE("structure: checkboxes") {
  const std::string rule = R"("kind": "structure", "checkboxes": ["run smoke"])";
  CHECK(found(rule, "- [ ] `run smoke` on staging\n").empty());
  CHECK(found(rule, "1. [x] run\n   smoke\n").empty());
  CHECK(found(rule, "- run smoke\n") ==
        "1:1 the document has no checkbox \"run smoke\" | add below, as a list item:  - [ ] `run smoke`\n");
  CHECK_FALSE(found(rule, "- [ ] run smoke:dry\n").empty());
  CHECK_FALSE(found(rule, "[ ] run smoke\n").empty());
}

TEST_CASE("structure: links must be there and lead somewhere") {
  const rules::KnownFiles files({"docs/a.md", "docs/run/b.md", "top.md"});
  const auto other = page("# Load gate\n\n## Load gate\n", "docs/run/b.md");
  const auto self = page("x\n", "docs/a.md");
  const Subject like{self, nullptr, &files,
                     [&](const std::string& path) { return path == "docs/run/b.md" ? &other : nullptr; }};
  const auto links = [&](const std::string& target, const std::string& text) {
    return found(R"("kind": "structure", "links": [")" + target + "\"]", text, &like);
  };
  CHECK(links("run/b.md", "[b](run/b.md)\n").empty());
  CHECK(links("run/b.md#load-gate-1", "[b](run/b.md#load-gate-1)\n").empty());
  CHECK(links("../top.md", "[b][r]\n\n[r]: ../top.md\n").empty());
  CHECK(links("/top.md", "[b](/top.md)\n").empty());
  CHECK(links("https://x.example/none", "<https://x.example/none>\n").empty());
  CHECK(links("#here", "# Here\n\n[b](#here)\n").empty());
  CHECK(links("run/b.md", "run/b.md\n") ==
        "1:1 the document has no link to \"run/b.md\" | add below:  [run/b.md](run/b.md)\n");
  CHECK(links("run/b.md", "![b](run/b.md)\n").substr(0, 3) == "1:1");
  CHECK(links("run/c.md", "[c](run/c.md)\n").substr(0, 76) ==
        "1:5 the link to \"run/c.md\" leads nowhere: there is no file \"docs/run/c.md\" |");
  CHECK(links("run/b.md#laod-gate", "[c](run/b.md#laod-gate)\n")
            .find("has no heading for \"#laod-gate\" | did you mean \"load-gate\"?") != std::string::npos);
  CHECK(links("#hier", "# Here\n\n[b](#hier)\n").find("this document has no heading") != std::string::npos);
  CHECK(links("../../x.md", "[c](../../x.md)\n").find("leads out of the repository") != std::string::npos);
  CHECK(links("run/%62.md", "[c](run/%62.md)\n").empty());
}
