#include <catch2/catch.hpp>

#include "decide/sections.hpp"

using namespace launchgate;

namespace {

using Places = std::optional<std::vector<std::string>>;

Places open_places(const std::string& text, std::string_view title) {
  const auto document = markdown::MarkdownDocument::parse("report.md", text);
  REQUIRE(document);
  return decide::open_places(*document, title);
}

const Places complete = std::vector<std::string>{};
Places lacks(const std::string& what) { return std::vector<std::string>{what}; }

}  // namespace

TEST_CASE("a section ends where a heading of its rank begins") {
  const std::string page =
      "# Report\n\n## Known Limits\n\n- users: 100\n- regions:\n\n### Detail\n\ntext\n\n## Costs ##\n\n- hourly: 4\n  "
      "and more\n- daily:\n  96\n";
  CHECK(open_places(page, "known limits") == lacks("\"regions\" is not filled in"));
  CHECK(open_places(page, "Costs") == complete);
  CHECK_FALSE(open_places(page, "Quota"));
}

TEST_CASE("headings that a reader does not see as such open no section") {
  for (const char* page : {"```\n## Costs\n- a: b\n```\n", "<!--\n## Costs\n- a: b\n-->\n", "    ## Costs\n",
                           "\\## Costs\n\n- a: b\n", "~~~~\n~~~\n## Costs\n- a: b\n~~~~\n", "<pre>\n## Costs\n</pre>\n",
                           "``` <!--\n```\n```\n## Costs\n- a: b\n```\n"}) {
    INFO(page);
    CHECK_FALSE(open_places(page, "Costs"));
  }
  CHECK(open_places("Costs\n-----\n\n- a: b\n", "Costs") == complete);
}

TEST_CASE("what a reader does not see as a statement fills in nothing") {
  for (const char* body :
       {"", "<!-- hourly: 4 -->\n", "```\n4 units an hour\n```\n", "    4 units an hour\n",
        "<div>4 units an hour</div>\n", "~~4 units an hour~~\n", "![4 units](cost.png)\n",
        "[costs]: https://example.com\n", "| cost | value |\n| --- | --- |\n", "### Detail\n", "---\n"}) {
    INFO(body);
    CHECK(open_places(std::string("## Costs\n\n") + body, "Costs") == lacks("it is empty"));
  }
  for (const char* value : {"", " <!-- 4 -->", " ~~4~~", "\n  ```\n  4\n  ```", " TBD", " {units} a day", " …", " N/A",
                            " &nbsp;", " \\-"}) {
    INFO(value);
    CHECK(open_places(std::string("## Costs\n\n- hourly:") + value + "\n", "Costs") ==
          lacks("\"hourly\" is not filled in"));
  }
}

TEST_CASE("what is filled in counts however it is written") {
  for (const char* body :
       {"- hourly: 4\n", "* hourly: **4**\n", "1. hourly: `4`\n", "- hourly:\n\n  4\n",
        "- hourly:\n  - web: 3\n  - workers: 1\n", "| cost | value |\n| --- | --- |\n| hourly | 4 |\n",
        "- [x] measured\n", "All is well.\n", "> 4 units an hour\n", "- 4 units an hour\n"}) {
    INFO(body);
    CHECK(open_places(std::string("## Costs\n\n") + body, "Costs") == complete);
  }
}

TEST_CASE("open rows, boxes and placeholders are told") {
  CHECK(open_places("## A\n\n| a | b |\n| --- | --- |\n| x1 | |\n", "A") == lacks("a table row is not filled in"));
  CHECK(open_places("## A\n\n- [ ] smoke\n", "A") == lacks("\"smoke\" is not ticked"));
  CHECK(open_places("## A\n\nTBD\n", "A") == lacks("a placeholder is left"));
  CHECK(open_places("## A\n\n{notes}\n", "A") == lacks("a placeholder is left"));
}

TEST_CASE("of several sections with the title each must be complete") {
  CHECK(open_places("## A\n\n- x: 1\n\n## A\n\n- x:\n", "A") == lacks("\"x\" is not filled in"));
  CHECK(open_places("## A\n\n- x: 1\n\n## a\n\n- x: 2\n", "A") == complete);
}
