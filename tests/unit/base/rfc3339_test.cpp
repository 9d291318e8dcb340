#include "lib/base/rfc3339.hpp"

#include <catch2/catch.hpp>

using namespace launchgate::base;

TEST_CASE("date-times are full, with an offset, and of days that exist") {
  CHECK(parse_date_time("1970-01-01T00:00:00Z") == 0);
  CHECK(parse_date_time("1970-01-01T01:00:00+01:00") == 0);
  CHECK(parse_date_time("1970-01-01T00:00:00-23:59") == 86'340'000);
  CHECK(parse_date_time("1969-12-31T23:59:59.5-00:00") == -500);
  CHECK(parse_date_time("2024-02-29t12:00:00.123456z") == 1709208000123);
  for (const char* text : {"",
                           "2026-02-01",
                           "2026-02-01T10:00:00",
                           "2026-02-01 10:00:00Z",
                           "2026-02-29T10:00:00Z",
                           "1900-02-29T10:00:00Z",
                           "2026-04-31T10:00:00Z",
                           "2026-13-01T10:00:00Z",
                           "2026-00-01T10:00:00Z",
                           "2026-01-00T10:00:00Z",
                           "2026-02-01T24:00:00Z",
                           "2026-02-01T10:60:00Z",
                           "2026-02-01T10:00:61Z",
                           "2026-02-01T10:00:00+0100",
                           "2026-02-01T10:00:00+24:00",
                           "2026-02-01T10:00:00+01:60",
                           "2026-02-01T10:00:00.Z",
                           "2026-02-01T10:00:00,5Z",
                           "2026-02-01T10:00Z",
                           "+2026-02-01T10:00:00Z",
                           "2026-02-01T10:00:00Z ",
                           "2026-2-01T10:00:00Z",
                           "2026-02-01T10:00:00ZZ",
                           "2026/02/01T10:00:00Z",
                           "2026-02-01T1o:00:00Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_date_time(text));
  }
}

TEST_CASE("a leap second is where one can be") {
  CHECK(parse_date_time("2016-12-31T23:59:60Z") == parse_date_time("2016-12-31T23:59:59Z"));
  CHECK(parse_date_time("2017-01-01T00:59:60+01:00") == parse_date_time("2016-12-31T23:59:59Z"));
  CHECK(parse_date_time("1998-12-31T15:59:60.123-08:00") == parse_date_time("1998-12-31T23:59:59.123Z"));
  CHECK(parse_date_time("2015-07-01T05:29:60+05:30") == parse_date_time("2015-06-30T23:59:59Z"));
  CHECK(parse_date_time("2015-06-30T23:59:60.999Z"));
  for (const char* text :
       {"2016-12-31T12:30:60Z", "2016-12-31T23:58:60Z", "2016-12-31T23:59:60+01:00", "2017-01-01T23:59:60Z",
        "2016-12-30T23:59:60Z", "2015-03-31T23:59:60Z", "2015-06-29T23:59:60Z", "2015-07-01T23:59:60Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_date_time(text));
  }
  CHECK(parse_time_of_day("23:59:60Z") == 86'399'000);
  CHECK(parse_time_of_day("22:59:60-01:00"));
  CHECK(parse_time_of_day("00:29:60+00:30"));
  CHECK_FALSE(parse_time_of_day("12:00:60Z"));
  CHECK_FALSE(parse_time_of_day("23:59:60+01:00"));
}

TEST_CASE("dates are of days that exist") {
  CHECK(parse_date("1970-01-02") == milliseconds_per_day);
  CHECK(parse_date("2000-02-29"));
  CHECK(parse_date("0000-01-01"));
  for (const char* text : {"", "2026-02-29", "2100-02-29", "2026-02-01T", "2026-2-1", "20260201", "2026-02-32"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_date(text));
  }
}

TEST_CASE("times are printed as they are read") {
  for (const Milliseconds time : {Milliseconds{0}, Milliseconds{-1}, Milliseconds{-86'400'000},
                                  Milliseconds{1709208000123}, Milliseconds{253402300799000}}) {
    CHECK(parse_date_time(format_date_time(time)) == time);
    CHECK(parse_date_time(format_date_time_ms(time)) == time);
  }
  CHECK(format_date_time(1709208000120) == "2024-02-29T12:00:00.120Z");
  CHECK(format_date_time(1709208000000) == "2024-02-29T12:00:00Z");
  CHECK(format_date_time_ms(1709208000000) == "2024-02-29T12:00:00.000Z");
  CHECK(format_date_time_ms(-1) == "1969-12-31T23:59:59.999Z");
  CHECK(compact_date_time(1709208000120) == "20240229T120000Z");
  CHECK(compact_date_time(-1) == "19691231T235959Z");
}
