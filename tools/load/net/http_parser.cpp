// The one place that knows Beast, which is slow to compile.
#include "load/net/http_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <charconv>
#include <limits>
#include <optional>

#include "lib/base/ascii.hpp"

namespace launchgate::load {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

constexpr std::uint32_t header_limit = 16U * 1024;
constexpr unsigned most_interim = 16;

std::string lower(string_view text) {
  std::string out(text.data(), text.size());
  for (char& c : out) {
    c = base::lower(c);
  }
  return out;
}

std::int64_t keep_alive_timeout(string_view value) {
  const std::string text = lower(value);
  const std::size_t at = text.find("timeout=");
  if (at == std::string::npos) return -1;
  std::int64_t seconds = -1;
  const char* begin = text.data() + at + 8;
  std::from_chars(begin, text.data() + text.size(), seconds);
  return seconds;
}

class Parser final : public http::basic_parser<false> {
 public:
  ResponseHeader header;
  ResponseBodySink* sink = nullptr;
  bool stopped = false;

 private:
  void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int code, string_view, int, error_code&) override { header.status = code; }
  void on_field_impl(http::field name, string_view, string_view value, error_code&) override {
    if (name == http::field::content_type) header.content_type = lower(value);
    if (name == http::field::content_encoding) header.content_encoding = lower(value);
    if (name == http::field::date && value.size() <= header.date_text.size()) {
      value.copy(header.date_text.data(), value.size());
      header.date_size = static_cast<std::uint8_t>(value.size());
    }
    if (name == http::field::keep_alive) header.keep_alive_seconds = keep_alive_timeout(value);
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code& ec) override {
    give(body, ec);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code& ec) override {
    give(body, ec);
    return body.size();
  }
  void on_finish_impl(error_code&) override {}

  void give(string_view body, error_code& ec) {
    if (sink == nullptr || sink->on_body({body.data(), body.size()})) return;
    stopped = true;
    ec = http::error::body_limit;
  }
};

}  // namespace

class ResponseParser::Impl {
 public:
  void begin(bool is_head) {
    parser.emplace();
    parser->header_limit(header_limit);
    // Counted by the caller. No limit at all, boost::none, is taken for a limit of 0 by Boost 1.74.
    parser->body_limit(std::numeric_limits<std::uint64_t>::max());
    parser->skip(is_head);
    head = is_head;
    error.clear();
  }

  std::optional<Parser> parser;
  error_code error;
  bool head = false;
  unsigned interim = 0;
};

ResponseParser::ResponseParser() : impl_(std::make_unique<Impl>()) {}
ResponseParser::~ResponseParser() = default;
ResponseParser::ResponseParser(ResponseParser&&) noexcept = default;
ResponseParser& ResponseParser::operator=(ResponseParser&&) noexcept = default;

void ResponseParser::begin(bool head) {
  impl_->begin(head);
  impl_->interim = 0;
}

ResponseParser::Status ResponseParser::feed(std::string_view bytes, ResponseBodySink& sink, std::size_t& consumed) {
  consumed = 0;
  while (true) {
    Parser& parser = *impl_->parser;
    parser.sink = &sink;
    // Eager parsing would hand over the body before the caller has seen the header.
    const bool had_header = parser.is_header_done();
    parser.eager(had_header);
    const std::size_t used =
        parser.put(boost::asio::const_buffer(bytes.data() + consumed, bytes.size() - consumed), impl_->error);
    consumed += used;
    if (parser.stopped) return Status::stopped;
    if (impl_->error == http::error::need_more) {
      impl_->error.clear();
      return Status::more;
    }
    if (impl_->error) return Status::malformed;
    const int status = parser.header.status;
    if (parser.is_header_done() && status >= 100 && status < 200 && status != 101) {
      if (++impl_->interim > most_interim) {
        impl_->error = http::error::bad_status;
        return Status::malformed;
      }
      impl_->begin(impl_->head);
      if (consumed == bytes.size()) return Status::more;
      continue;
    }
    if (parser.is_done()) return Status::done;
    if (!had_header || consumed == bytes.size() || used == 0) return Status::more;
  }
}

ResponseParser::Status ResponseParser::finish() {
  impl_->parser->put_eof(impl_->error);
  if (impl_->error || !impl_->parser->is_done()) return Status::malformed;
  return Status::done;
}

bool ResponseParser::started() const { return impl_->parser && (impl_->parser->got_some() || impl_->interim > 0); }
bool ResponseParser::header_complete() const { return impl_->parser && impl_->parser->is_header_done(); }
const ResponseHeader& ResponseParser::header() const { return impl_->parser->header; }
bool ResponseParser::keep_alive() const { return impl_->parser->is_header_done() && impl_->parser->keep_alive(); }
bool ResponseParser::ends_with_connection() const {
  return impl_->parser->is_header_done() && impl_->parser->need_eof();
}
std::string ResponseParser::error() const { return impl_->error ? impl_->error.message() : std::string(); }

}  // namespace launchgate::load
