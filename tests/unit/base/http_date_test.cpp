#include "lib/base/http_date.hpp"

using namespace launchgate::base;

TEST_CASE("the three forms of a date in HTTP are the same moment") {
  constexpr Milliseconds then = 784'111'777'000;
  constexpr Milliseconds now = 1'796'000'000'000;
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", now) == then);
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", now) == then);
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994", now) == then);
  CHECK(parse_http_date("Sun Nov 16 08:49:37 1994", now) == then + 10 * milliseconds_per_day);
  CHECK(parse_http_date("Monday, 30-Nov-26 08:00:00 GMT", now) == parse_date_time("2026-11-30T08:00:00Z"));
}

TEST_CASE("what is no date in HTTP is none") {
  for (const char* text :
       {"", "120", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, xx Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z", "Sun, 006 Nov 1994 08:49:37 GMT"}) {
    INFO(text);
    CHECK(!parse_http_date(text, 0));
  }
}
