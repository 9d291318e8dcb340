// The one place that knows Beast, which is slow to compile. Its basic parser does the grammar (RFC 9112); what is kept
// of a request is up to us, so that a request costs no allocation once a connection is warm.

#include "standin/net/request_parser.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <optional>

namespace launchgate::standin {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::uint32_t most_head = 65536;
constexpr std::uint64_t most_body = 16ULL * 1024 * 1024;

std::string to_string(beast::string_view text) { return {text.data(), text.size()}; }

class Parser final : public http::basic_parser<true> {
 public:
  explicit Parser(Request& request) : request_(request) {
    header_limit(most_head);
    body_limit(most_body);
    eager(true);
  }
  bool expects_continue = false;

 private:
  void on_request_impl(http::verb, beast::string_view method, beast::string_view target, int,
                       beast::error_code&) override {
    request_.method.assign(method.data(), method.size());
    std::string_view whole(target.data(), target.size());
    // The form for proxies must be taken too, and its host counts (RFC 9112, 3.2.2).
    if (whole.starts_with("http://")) {
      absolute_ = true;
      whole.remove_prefix(7);
      const std::size_t authority = std::min(whole.find_first_of("/?"), whole.size());
      request_.host = whole.substr(0, authority);
      whole.remove_prefix(authority);
    }
    const std::size_t query = whole.find('?');
    request_.path = whole.substr(0, query);
    if (query != std::string_view::npos) request_.query = whole.substr(query + 1);
  }
  void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
  void on_field_impl(http::field name, beast::string_view text, beast::string_view value, beast::error_code&) override {
    switch (name) {
      case http::field::unknown:
        if (beast::iequals(text, "last-event-id")) request_.last_event_id = to_string(value);
        break;
      case http::field::authorization:
        request_.authorization = to_string(value);
        break;
      case http::field::accept:
        request_.accept.assign(value.data(), value.size());
        break;
      case http::field::host:
        if (!absolute_) request_.host.assign(value.data(), value.size());
        break;
      case http::field::origin:
        request_.has_origin = true;
        break;
      case http::field::expect:
        expects_continue = true;
        break;
      default:
        break;
    }
  }
  void on_header_impl(beast::error_code&) override { request_.keep_alive = keep_alive(); }
  void on_body_init_impl(boost::optional<std::uint64_t> const&, beast::error_code&) override {}
  std::size_t on_body_impl(beast::string_view body, beast::error_code&) override {
    request_.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, beast::error_code& error) override {
    if (request_.body.size() + body.size() > most_body) {
      error = http::error::body_limit;
      return 0;
    }
    request_.body.append(body.data(), body.size());
    return body.size();
  }
  void on_finish_impl(beast::error_code&) override {}

  Request& request_;
  bool absolute_ = false;
};

}  // namespace

struct RequestParser::Implementation {
  Request request;
  std::optional<Parser> parser;
  Implementation() { parser.emplace(request); }
};

RequestParser::RequestParser() : implementation_(std::make_unique<Implementation>()) {}
RequestParser::~RequestParser() = default;

RequestParser::Progress RequestParser::put(std::string_view bytes) {
  Parser& parser = *implementation_->parser;
  Progress progress;
  // Without anything to read there is nothing to say; Beast would take an empty buffer for the end.
  while (progress.consumed < bytes.size() && !parser.is_done()) {
    beast::error_code error;
    const std::string_view rest = bytes.substr(progress.consumed);
    const std::size_t used = parser.put(boost::asio::const_buffer(rest.data(), rest.size()), error);
    progress.consumed += used;
    if (error == http::error::need_more || (!error && used == 0)) break;
    if (error) {
      const bool large = error == http::error::body_limit || error == http::error::header_limit;
      progress.outcome = large ? Outcome::too_large : Outcome::bad;
      return progress;
    }
  }
  if (parser.is_done()) progress.outcome = Outcome::complete;
  return progress;
}

bool RequestParser::wants_continue() {
  Parser& parser = *implementation_->parser;
  if (!parser.expects_continue || !parser.is_header_done() || parser.is_done()) return false;
  parser.expects_continue = false;
  return true;
}

const Request& RequestParser::request() const { return implementation_->request; }

void RequestParser::reset() {
  implementation_->request.clear();
  implementation_->parser.emplace(implementation_->request);
}

}  // namespace launchgate::standin
