#include "standin/net/request_parser.hpp"

#include <catch2/catch.hpp>

namespace launchgate::standin {

TEST_CASE("requests in pieces") {
  const std::string text =
      "POST /api/sessions?a=1&b HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer x\r\nLast-Event-ID: 7\r\nAccept: "
      "text/plain\r\n"
      "Content-Length: 5\r\n\r\nhello";
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    RequestParser parser;
    std::string waiting = text.substr(0, cut);
    auto progress = parser.put(waiting);
    REQUIRE(progress.outcome == RequestParser::Outcome::incomplete);
    waiting.erase(0, progress.consumed);
    waiting += text.substr(cut);
    progress = parser.put(waiting);
    CAPTURE(cut);
    REQUIRE(progress.outcome == RequestParser::Outcome::complete);
    CHECK(progress.consumed == waiting.size());
    const Request& request = parser.request();
    CHECK(request.method == "POST");
    CHECK(request.path == "/api/sessions");
    CHECK(request.query_value("a") == "1");
    CHECK(request.query_value("b") == "");
    CHECK_FALSE(request.query_value("c").has_value());
    CHECK(request.authorization == "Bearer x");
    CHECK(request.last_event_id == "7");
    CHECK(request.accept == "text/plain");
    CHECK(request.body == "hello");
    CHECK(request.keep_alive);
  }
}

TEST_CASE("the form that proxies take") {
  RequestParser parser;
  parser.put("GET http://127.0.0.1:80/a/b?c=d HTTP/1.1\r\nHost: elsewhere\r\n\r\n");
  CHECK(parser.request().path == "/a/b");
  CHECK(parser.request().query_value("c") == "d");
  CHECK(parser.request().host == "127.0.0.1:80");
  RequestParser bare;
  bare.put("GET http://h?x HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(bare.request().path.empty());
  CHECK(bare.request().query_value("x") == "");
}

TEST_CASE("requests one after another, chunked, closing") {
  RequestParser parser;
  const std::string text =
      "GET /a HTTP/1.1\r\nHost: h\r\n\r\nPOST /b HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  auto progress = parser.put(text);
  REQUIRE(progress.outcome == RequestParser::Outcome::complete);
  CHECK(parser.request().path == "/a");
  const std::string rest = text.substr(progress.consumed);
  parser.reset();
  progress = parser.put(rest);
  REQUIRE(progress.outcome == RequestParser::Outcome::complete);
  CHECK(parser.request().path == "/b");
  CHECK(parser.request().body == "abc");
  CHECK_FALSE(parser.request().keep_alive);
  CHECK_FALSE(parser.request().authorization.has_value());
}

TEST_CASE("what is no request") {
  const auto outcome = [](const std::string& text) {
    RequestParser parser;
    return parser.put(text).outcome;
  };
  CHECK(outcome("nonsense\r\n\r\n") == RequestParser::Outcome::bad);
  CHECK(outcome(std::string("GET / HTTP/1.1\r\nA: ") + '\0' + "\r\n\r\n") == RequestParser::Outcome::bad);
  CHECK(outcome("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n") == RequestParser::Outcome::bad);
  CHECK(outcome("GET / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n") == RequestParser::Outcome::too_large);
  CHECK(outcome("GET / HTTP/1.1\r\nA: " + std::string(100000, 'x') + "\r\n\r\n") == RequestParser::Outcome::too_large);
  CHECK(outcome("GET /") == RequestParser::Outcome::incomplete);
  CHECK(outcome("") == RequestParser::Outcome::incomplete);
}

TEST_CASE("a client that waits for the server's word") {
  RequestParser parser;
  CHECK(parser.put("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n").outcome ==
        RequestParser::Outcome::incomplete);
  CHECK(parser.wants_continue());
  CHECK_FALSE(parser.wants_continue());
  CHECK(parser.put("ab").outcome == RequestParser::Outcome::complete);
}

}  // namespace launchgate::standin
