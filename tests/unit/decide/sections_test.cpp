#include <catch2/catch.hpp>

#include "decide/sections.hpp"

using namespace launchgate::decide;

namespace {

const char* const page = R"(# Report

## Known Limits

- users: 100
- regions:
<!-- - sessions: 50 -->

### Detail

text

```
## Costs
- a: b
```

## Costs ##

- hourly: 4
  and more
- daily:
  96
)";

}

TEST_CASE("a section ends where a heading of its rank begins, and code and comments are no part of it") {
  const auto limits = section_lines(page, "known limits");
  REQUIRE(limits);
  CHECK(unfilled(*limits) == std::vector<std::string>{"\"regions\" is not filled in"});
  const auto costs = section_lines(page, "Costs");
  REQUIRE(costs);
  CHECK(unfilled(*costs).empty());
  CHECK_FALSE(section_lines(page, "Quota"));
  CHECK_FALSE(section_lines("```\n## Quota\n```\n<!--\n## Quota\n-->\n    ## Quota\n", "Quota"));
}

TEST_CASE("an empty section and a placeholder are told") {
  CHECK(unfilled(*section_lines("## A\n\n## B\n", "A")) == std::vector<std::string>{"it is empty"});
  CHECK(unfilled(*section_lines("## A\nTBD\n", "A")) == std::vector<std::string>{"a placeholder is left"});
  CHECK(unfilled(*section_lines("## A\n- x: {value}\n", "A")) == std::vector<std::string>{"\"x\" is not filled in"});
  CHECK(unfilled(*section_lines("## A\nAll is well.\n", "A")).empty());
}
