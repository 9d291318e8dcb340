#include "load/core/exposition.hpp"
#include "load/core/redact.hpp"
#include "load/core/sse_parser.hpp"
#include "load/core/text.hpp"
#include "load/net/http_parser.hpp"
#include "load/net/inflate.hpp"
#include "load/net/url.hpp"

#include <zlib.h>

#include <random>

using namespace launchgate::load;

namespace {

struct Collected final : SseSink {
  std::vector<std::string> events;
  std::size_t comments = 0;
  std::size_t oversized = 0;
  void on_event(const SseEvent& event) override {
    events.push_back(std::string(event.type) + "|" + std::string(event.data) + "|" + std::string(event.last_event_id));
  }
  void on_comment(std::string_view) override { ++comments; }
  void on_oversized() override { ++oversized; }
};

Collected parse_sse(std::string_view text, std::size_t step = 1) {
  Collected sink;
  SseParser parser;
  for (std::size_t at = 0; at < text.size(); at += step) parser.feed(text.substr(at, step), sink);
  return sink;
}

std::vector<std::string> samples(std::string_view text, std::size_t* malformed = nullptr) {
  std::vector<std::string> out;
  const std::size_t bad = parse_exposition(text, [&](const ExpositionSample& s) {
    out.push_back(std::string(s.name) + "{" + std::string(s.labels) + "}=" + number(s.value, 6));
  });
  if (malformed != nullptr) *malformed = bad;
  return out;
}

struct Body final : ResponseBodySink {
  std::string text;
  bool on_body(std::string_view bytes) override {
    text.append(bytes);
    return true;
  }
};

struct Parsed {
  ResponseParser::Status status = ResponseParser::Status::more;
  std::string body;
  int code = 0;
  bool keep_alive = false;
  std::size_t left = 0;
};

// Feeds `step` bytes at a time and keeps what the parser wants again.
Parsed parse_http(std::string_view text, std::size_t step, bool eof = false) {
  ResponseParser parser;
  parser.begin(false);
  Body sink;
  Parsed out;
  std::string pending;
  for (std::size_t at = 0; at < text.size() && out.status == ResponseParser::Status::more; at += step) {
    pending.append(text.substr(at, step));
    while (out.status == ResponseParser::Status::more && !pending.empty()) {
      std::size_t used = 0;
      out.status = parser.feed(pending, sink, used);
      pending.erase(0, used);
      if (used == 0) break;
    }
  }
  if (eof && out.status == ResponseParser::Status::more) out.status = parser.finish();
  out.body = sink.text;
  out.left = pending.size();
  if (parser.header_complete()) {
    out.code = parser.header().status;
    out.keep_alive = parser.keep_alive();
  }
  return out;
}

}  // namespace

TEST_CASE("event streams by the rules of the HTML standard, however the bytes are cut") {
  const std::string_view text =
      "\xEF\xBB\xBF: connected\n\nid: 1\nevent: a\ndata: x\n\ndata:y\r\ndata\r\ndata:  z\r\n\r\nid: 2\rdata: "
      "cr\r\rdata\n\nevent: lost\n\n"
      "id: 3\n\nid: bad\0id\ndata: kept\n\nretry: 15x\nretry: 1500\nfoo: bar\nnocolon\ndata: end\n\ndata: unfinished";
  for (const std::size_t step : {1UL, 2UL, 3UL, 7UL, 1000UL}) {
    const Collected got = parse_sse(text, step);
    CHECK(got.comments == 1);
    REQUIRE(got.events.size() >= 4);
    CHECK(got.events[0] == "a|x|1");
    CHECK(got.events[1] == "message|y\n\n z|1");
    CHECK(got.events[2] == "message|cr|2");
    CHECK(got.events[3] == "message||2");
  }
}

TEST_CASE("ids and retry of event streams") {
  Collected sink;
  SseParser parser;
  using namespace std::string_view_literals;
  parser.feed("id: 7\ndata: a\n\nid: x\0y\ndata: b\n\nid\ndata: c\n\nid: 9\n"sv, sink);
  CHECK(sink.events == std::vector<std::string>{"message|a|7", "message|b|7", "message|c|"});
  CHECK_FALSE(parser.retry_ms());
  parser.feed("retry: 1x\n", sink);
  CHECK_FALSE(parser.retry_ms());
  parser.feed("retry: 1500\n", sink);
  CHECK(parser.retry_ms() == 1500U);
  parser.reset();  // id 9 belonged to an event that never came
  CHECK(parser.last_event_id().empty());
}

TEST_CASE("a line without end is dropped and not kept") {
  Collected sink;
  SseParser parser;
  const std::string chunk(64 * 1024, 'x');
  for (int i = 0; i < 40; ++i) parser.feed(chunk, sink);
  CHECK(sink.oversized == 1);
  parser.feed("\ndata: after\n\n", sink);
  CHECK(sink.events == std::vector<std::string>{"message|after|"});
}

TEST_CASE("expositions: comments, labels, timestamps, exemplars, values that are none") {
  std::size_t malformed = 0;
  CHECK(samples("# HELP a b\n# TYPE a counter\na 1\na{x=\"1\"} 2.5\nb{l=\"}\\\" 9\"} 3 1700000000000\n\nc_total{} +4e1 "
                "# {id=\"1\"} 1\nd NaN\ne +Inf\n"
                "f{a=\"b\"}7\n# EOF\n",
                &malformed) ==
        std::vector<std::string>{"a{}=1", "a{x=\"1\"}=2.5", "b{l=\"}\\\" 9\"}=3", "c_total{}=40", "f{a=\"b\"}=7"});
  CHECK(malformed == 0);
}

TEST_CASE("expositions: lines that are no samples are counted and not guessed at") {
  std::size_t malformed = 0;
  CHECK(samples("a\nb 1x\n1c 2\nd{x=\"1\" 3\ne 1 2 3\nok 1\r\n", &malformed) == std::vector<std::string>{"ok{}=1"});
  CHECK(malformed == 5);
}

TEST_CASE("HTTP responses, however the bytes are cut") {
  struct Case {
    std::string text;
    std::string body;
    bool keep_alive;
  };
  const std::vector<Case> cases = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", true},
      {"HTTP/1.1 204 No Content\r\n\r\n", "", true},
      {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "", false},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: v\r\n\r\n", "abcde",
       true},
      {"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok", true},
  };
  for (const Case& one : cases) {
    for (const std::size_t step : {1UL, 3UL, 1000UL}) {
      const Parsed got = parse_http(one.text, step);
      CAPTURE(one.text, step);
      CHECK(got.status == ResponseParser::Status::done);
      CHECK(got.body == one.body);
      CHECK(got.keep_alive == one.keep_alive);
      CHECK(got.left == 0);
    }
  }
}

TEST_CASE("HTTP responses that end with the connection, early, or not at all as they should") {
  CHECK(parse_http("HTTP/1.1 200 OK\r\n\r\nall of it", 4, true).status == ResponseParser::Status::done);
  CHECK(parse_http("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", 4, true).status ==
        ResponseParser::Status::malformed);
  CHECK(parse_http("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 4).status ==
        ResponseParser::Status::malformed);
  CHECK(parse_http("SSH-2.0-x\r\n\r\n", 4).status == ResponseParser::Status::malformed);
  CHECK(parse_http("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'a'), 1000).status ==
        ResponseParser::Status::malformed);
  CHECK(parse_http("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokay", 1000).left == 2);
}

TEST_CASE("no bytes crash the response parser") {
  std::mt19937 random(3);
  const std::string seed =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  for (int round = 0; round < 3000; ++round) {
    std::string text = seed;
    for (int i = 0; i < 4; ++i) text[random() % text.size()] = static_cast<char>(random());
    (void)parse_http(text, 1 + random() % 9, true);
  }
  SUCCEED();
}

TEST_CASE("compressed bodies") {
  std::string packed(256, '\0');
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string plain(100'000, 'a');
  stream.next_in = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);

  std::string out;
  const auto keep = [&](std::string_view bytes) {
    out.append(bytes);
    return true;
  };
  Inflater whole;
  for (const char c : packed) REQUIRE(whole.feed({&c, 1}, keep) == Inflater::Status::good);
  CHECK(whole.complete());
  CHECK(out == plain);
  Inflater cut;
  CHECK(cut.feed(packed.substr(0, packed.size() - 4), keep) == Inflater::Status::good);
  CHECK_FALSE(cut.complete());
  Inflater bad;
  CHECK(bad.feed("not compressed at all", keep) == Inflater::Status::bad);
  Inflater bomb;
  CHECK(bomb.feed(packed, [](std::string_view) { return false; }) == Inflater::Status::stopped);
}

TEST_CASE("URLs of targets") {
  const auto url = parse_url("https://example.com:8443/base/");
  REQUIRE(url);
  CHECK(url->tls);
  CHECK(url->host == "example.com");
  CHECK(url->port == 8443);
  CHECK(url->path == "/base");
  CHECK(url->host_header == "example.com:8443");
  const auto v6 = parse_url("http://[::1]:80");
  REQUIRE(v6);
  CHECK(v6->host == "::1");
  CHECK(v6->host_is_address);
  for (const char* bad :
       {"", "ftp://x", "http://", "http://u:p@x", "http://x?y", "http://x#y", "http://x:0", "http://x:70000",
        "http://x:", "http://x y", "http://[::1", "http://[x]", "http://x\r\nHost: y"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_url(bad));
  }
}

TEST_CASE("what may be shown of a text") {
  const Redactor redact = make_redactor({"s3cret/token+1"});
  CHECK(redact("at https://user:pw@host.example/p?q=1#f, done") == "at https://host.example/p done");
  CHECK(redact("Authorization: Bearer abcdefghijkl, x") == "Authorization: Bearer [redacted], x");
  CHECK(redact("bearer of news") == "bearer of news");
  CHECK(redact("token s3cret/token+1 and s3cret%2Ftoken%2B1") == "token [redacted] and [redacted]");
  const std::string shown = redact(std::string(500, 'x'));
  CHECK(shown.ends_with("…"));
  CHECK(shown.size() < 245);
  CHECK(redact("a\x1b[31mb").find('\x1b') == std::string::npos);
  CHECK(redact("at http://u:p@[::1]:80/x?q=secret, and http://u:p)w]@h/ too") ==
        "at http://[::1]:80/x and http://h/ too");
  CHECK(scrubbed_url("http://u:p@h:1/x?k=v") == "http://h:1/x");
  CHECK(scrubbed_url("http://[::1]:80/x/@y") == "http://[::1]:80/x/@y");
  CHECK(scrubbed_url("u:secret@h/x") == "h/x");
  for (const char* cut : {"http://u:sec/ret@h/x", "http://u:sec#ret@h/x", "http://u:sec?ret@h"})
    CHECK(scrubbed_url(cut) == "http://[redacted]");
}

TEST_CASE("numbers for people") {
  CHECK(number(12) == "12");
  CHECK(number(0.0025, 4) == "0.0025");
  CHECK(number(-0.0001, 2) == "0");
  CHECK(human_duration(350) == "350 ms");
  CHECK(human_duration(1800) == "1.8 s");
  CHECK(human_duration(14'700'000) == "4 h 5 min");
}
