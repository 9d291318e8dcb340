#include <catch2/catch.hpp>

#include "lib/schema/formats.hpp"
#include "lib/schema/uri.hpp"

using namespace launchgate::schema;

namespace {

void accepts(Format format, std::initializer_list<const char*> texts) {
  for (const char* text : texts) {
    INFO(text);
    CHECK(matches(format, text));
  }
}

void refuses(Format format, std::initializer_list<const char*> texts) {
  for (const char* text : texts) {
    INFO(text);
    CHECK_FALSE(matches(format, text));
  }
}

}  // namespace

TEST_CASE("dates and times") {
  accepts(Format::date, {"2024-02-29", "2000-02-29", "2025-12-31", "0000-01-01"});
  refuses(Format::date, {"2025-02-29", "1900-02-29", "2025-13-01", "2025-00-01", "2025-04-31", "2025-4-3",
                         "2025-04-03 ", "20250403", ""});
  accepts(Format::time,
          {"00:00:00Z", "23:59:59.123456+05:30", "12:00:00z", "23:59:60Z", "22:59:60-01:00", "00:29:60+00:30"});
  refuses(Format::time, {"24:00:00Z", "12:60:00Z", "12:00:61Z", "12:00:00", "12:00Z", "12:00:00.Z", "12:00:00+24:00",
                         "12:00:00+1:00", "12:00:60Z", "12:00:00Zx", ""});
  accepts(Format::date_time, {"2026-01-31T12:00:00Z", "2024-02-29t23:59:59.5-00:00", "1998-12-31T15:59:60-08:00"});
  refuses(Format::date_time, {"2026-01-31 12:00:00Z", "2026-01-31T12:00:00", "2025-02-29T12:00:00Z", "2026-01-31T",
                              "2026-01-31", "T12:00:00Z"});
}

TEST_CASE("addresses") {
  accepts(Format::ipv4, {"0.0.0.0", "255.255.255.255", "127.0.0.1"});
  refuses(Format::ipv4, {"256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4 ", "1..2.3", "", "1.2.3.0x4"});
  accepts(Format::ipv6, {"::", "::1", "1::", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1", "2001:db8::1", "1::3:4:5:6:7:8",
                         "1:2:3:4:5:6:1.2.3.4"});
  refuses(Format::ipv6, {"", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::g",
                         "1:2:3:4:5:6:7:", "::1.2.3", "fe80::1%eth0", "1:2:3:4:5:6:7:1.2.3.4", ":1:2:3:4:5:6:7:8",
                         "1::2:3:4:5:6:7:8"});
  accepts(Format::hostname, {"example.com", "a", "xn--bcher-kva.example", "1.2.3.4", "a-b.c"});
  refuses(Format::hostname, {"", "-a.com", "a-.com", "a..b", "a_b", "exämple.com", ".a", "a.", "a b",
                             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com"});
  accepts(Format::email,
          {"a@example.com", "a.b+c@example.com", "\"a b\"@example.com", "a@[127.0.0.1]", "a@[IPv6:::1]"});
  refuses(Format::email, {"", "a", "@example.com", "a@", ".a@example.com", "a..b@example.com", "a b@example.com",
                          "a@[1.2.3]", "a@b@c d", "\"a@example.com"});
}

TEST_CASE("URIs") {
  accepts(Format::uri, {"https://example.com/a?b=c#d", "urn:isbn:123", "mailto:a@example.com", "http://[::1]:80/",
                        "a:", "http://u:p@h:1", "file:///a%20b"});
  refuses(Format::uri, {"", "//example.com", "/a", "a", "http://exa mple.com", "http://a/%zz", "http://[::1",
                        "http://a:b/", "http://a/<b>", "1a:b", "http://ä.com", "http://a/b\\c", "a:#b#c"});
  accepts(Format::uri_reference, {"", "/a", "a/b", "?q", "#f", "//h/p", "https://example.com"});
  refuses(Format::uri_reference, {"\\a", "#a#b", "a b", "1:b", "ä"});
  accepts(Format::iri, {"https://exämple.com/ü"});
  refuses(Format::iri, {"ü", "https://a b"});
  accepts(Format::iri_reference, {"ü/ä", ""});
  refuses(Format::iri_reference, {"ü ä"});
  accepts(Format::uri_template, {"", "http://a/{b}", "{+path:3}/{?q*,r}", "a{/b,c}", "{a.b}"});
  refuses(Format::uri_template,
          {"{", "}", "{}", "{a", "a}", "{a b}", "{a:0}", "{a:12345}", "a b", "{a,}", "%2", "{.}"});
}

TEST_CASE("pointers and patterns") {
  accepts(Format::json_pointer, {"", "/", "/a/0/b", "/a~1b~0c", "//"});
  refuses(Format::json_pointer, {"a", "/a~", "/a~2", "#/a"});
  accepts(Format::relative_json_pointer, {"0", "1/a", "10#", "0/~0"});
  refuses(Format::relative_json_pointer, {"", "/a", "01", "-1", "1a", "0##", "1/~"});
  accepts(Format::regex, {"", "^a+$", "[a-z]{2}"});
  refuses(Format::regex, {"(", "[", "a(?=b)"});
}

TEST_CASE("formats know their names") {
  for (const std::string& name : format_names()) {
    const auto format = format_from(name);
    REQUIRE(format.has_value());
    CHECK_FALSE(describe(*format).empty());
  }
  CHECK_FALSE(format_from("idn-hostname").has_value());
}

TEST_CASE("references are resolved as RFC 3986, section 5.4 lists") {
  const auto resolve = [](const char* reference) {
    return to_string(resolve_uri(split_uri("http://a/b/c/d;p?q"), split_uri(reference)));
  };
  CHECK(resolve("g:h") == "g:h");
  CHECK(resolve("g") == "http://a/b/c/g");
  CHECK(resolve("./g") == "http://a/b/c/g");
  CHECK(resolve("g/") == "http://a/b/c/g/");
  CHECK(resolve("/g") == "http://a/g");
  CHECK(resolve("//g") == "http://g");
  CHECK(resolve("?y") == "http://a/b/c/d;p?y");
  CHECK(resolve("g?y") == "http://a/b/c/g?y");
  CHECK(resolve("#s") == "http://a/b/c/d;p?q#s");
  CHECK(resolve("g?y#s") == "http://a/b/c/g?y#s");
  CHECK(resolve(";x") == "http://a/b/c/;x");
  CHECK(resolve("") == "http://a/b/c/d;p?q");
  CHECK(resolve(".") == "http://a/b/c/");
  CHECK(resolve("./") == "http://a/b/c/");
  CHECK(resolve("..") == "http://a/b/");
  CHECK(resolve("../g") == "http://a/b/g");
  CHECK(resolve("../..") == "http://a/");
  CHECK(resolve("../../g") == "http://a/g");
  CHECK(resolve("../../../g") == "http://a/g");
  CHECK(resolve("/./g") == "http://a/g");
  CHECK(resolve("/../g") == "http://a/g");
  CHECK(resolve("g.") == "http://a/b/c/g.");
  CHECK(resolve("..g") == "http://a/b/c/..g");
  CHECK(resolve("./../g") == "http://a/b/g");
  CHECK(resolve("g/./h") == "http://a/b/c/g/h");
  CHECK(resolve("g/../h") == "http://a/b/c/h");
  CHECK(resolve("http:g") == "http:g");
}
