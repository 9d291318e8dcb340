#include "standin/core/wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "standin/core/gzip.hpp"

namespace launchgate::standin {
namespace {

// A dripping answer moves this often, so that slow does not mean busy.
constexpr Micros drip_step = 20 * micros_per_ms;

void status_line(std::string& out, const Reply& reply) {
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", reply.status, reason_phrase(reply.status));
}

void fields(std::string& out, const Reply& reply, bool keep_alive) {
  if (!reply.content_type.empty()) fmt::format_to(std::back_inserter(out), "Content-Type: {}\r\n", reply.content_type);
  out += reply.headers;
  if (!keep_alive) out += "Connection: close\r\n";
}

void length(std::string& out, double bytes) {
  fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n\r\n", static_cast<long long>(std::max(0.0, bytes)));
}

// Two chunks with an extension, and a trailer.
void chunked_body(std::string& out, std::string_view body) {
  const auto chunk = [&](std::string_view part) {
    if (!part.empty()) fmt::format_to(std::back_inserter(out), "{:x};part=1\r\n{}\r\n", part.size(), part);
  };
  chunk(body.substr(0, body.size() / 2));
  chunk(body.substr(body.size() / 2));
  out += "0\r\nX-Trailer: end\r\n\r\n";
}

void drip(Transmission& out, std::size_t burst, double bytes_per_second) {
  out.burst = burst;
  out.pause = drip_step;
  const double piece = bytes_per_second * static_cast<double>(drip_step) / static_cast<double>(micros_per_second);
  if (piece >= 1) {
    out.piece = static_cast<std::size_t>(piece);
  } else {
    out.piece = 1;
    out.pause = static_cast<Micros>(static_cast<double>(micros_per_second) / bytes_per_second);
  }
}

// One answer, as it should be or damaged in its own way.
class Answer {
 public:
  Answer(Transmission& out, const Reply& reply, bool keep_alive)
      : out_(out), bytes_(out.bytes), reply_(reply), keep_alive_(keep_alive) {}

  void write(const WireFault& fault) {
    switch (fault.mode) {
      case WireMode::intact:
      case WireMode::slow_body:
      case WireMode::slow_head:
        return whole(size());
      case WireMode::chunked:
      case WireMode::bad_chunk:
        return in_chunks(fault.mode == WireMode::chunked);
      case WireMode::gzip:
        return packed();
      case WireMode::unframed:
        return unframed();
      case WireMode::interim:
        bytes_ += "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n";
        return whole(size());
      case WireMode::bad_json:
        return without_end();
      case WireMode::oversized:
        return filled_up(std::max(reply_.body.size(), static_cast<std::size_t>(fault.amount)));
      case WireMode::truncated:
        return cut(static_cast<std::size_t>(std::floor(size() * fault.amount)), Ending::close);
      case WireMode::wrong_length:
        out_.ending = fault.amount > 0 ? Ending::hang : Ending::keep;
        return whole(size() + fault.amount);
      case WireMode::bad_status_line:
      case WireMode::bad_header:
      case WireMode::bad_length:
      case WireMode::huge_header:
        return bad_head(fault.mode);
      case WireMode::garbage:
        for (unsigned i = 0; i < 512; ++i) bytes_ += static_cast<char>((i * 167U + 13U) & 0xffU);
        out_.ending = Ending::close;
        return;
      case WireMode::reset_body:
        return cut(reply_.body.size() / 2, Ending::reset);
      case WireMode::reset:
        out_.ending = Ending::reset;
        return;
      case WireMode::closed:
        out_.ending = Ending::close;
        return;
      case WireMode::hung:
        out_.ending = Ending::hang;
        return;
    }
  }

 private:
  double size() const { return static_cast<double>(reply_.body.size()); }

  void head(double declared) {
    status_line(bytes_, reply_);
    fields(bytes_, reply_, keep_alive_);
    length(bytes_, declared);
  }

  void whole(double declared) {
    head(declared);
    bytes_ += reply_.body;
  }

  void in_chunks(bool sound) {
    status_line(bytes_, reply_);
    fields(bytes_, reply_, keep_alive_);
    bytes_ += "Transfer-Encoding: chunked\r\n\r\n";
    if (sound) return chunked_body(bytes_, reply_.body);
    bytes_ += "zz\r\n" + reply_.body + "\r\n";
    out_.ending = Ending::close;
  }

  void packed() {
    const std::string body = gzip(reply_.body);
    status_line(bytes_, reply_);
    fields(bytes_, reply_, keep_alive_);
    bytes_ += "Content-Encoding: gzip\r\n";
    length(bytes_, static_cast<double>(body.size()));
    bytes_ += body;
  }

  void unframed() {
    bytes_ += stream_head(reply_) + reply_.body;
    out_.ending = Ending::close;
  }

  // Same length, but the end of the text is gone.
  void without_end() {
    whole(size());
    const std::size_t gone = std::min(reply_.body.size(), 1 + reply_.body.size() / 3);
    std::fill(bytes_.end() - static_cast<std::ptrdiff_t>(gone), bytes_.end(), '{');
  }

  void filled_up(std::size_t length) {
    whole(static_cast<double>(length));
    bytes_.append(length - reply_.body.size(), ' ');
  }

  // At least one byte is missing, so an empty body gets one to miss.
  void cut(std::size_t kept, Ending ending) {
    head(std::max(size(), 1.0));
    bytes_.append(reply_.body, 0, kept);
    out_.ending = ending;
  }

  void bad_head(WireMode mode) {
    if (mode == WireMode::bad_status_line) {
      bytes_ += "HTTP/1.1 two-hundred OK\r\n";
    } else {
      status_line(bytes_, reply_);
    }
    if (mode == WireMode::bad_header) bytes_ += "this line has no colon\r\n";
    if (mode == WireMode::huge_header) bytes_ += "X-Filler: " + std::string(1U << 20, 'x') + "\r\n";
    fields(bytes_, reply_, keep_alive_);
    if (mode == WireMode::bad_length) {
      bytes_ += "Content-Length: many\r\n\r\n";
    } else {
      length(bytes_, size());
    }
    bytes_ += reply_.body;
    out_.ending = Ending::close;
  }

  Transmission& out_;
  std::string& bytes_;
  const Reply& reply_;
  bool keep_alive_;
};

}  // namespace

void render(Transmission& out, const Reply& reply, bool keep_alive, const WireFault& fault) {
  out.bytes.clear();
  out.piece = 0;
  out.pause = 0;
  out.ending = keep_alive ? Ending::keep : Ending::close;
  Answer(out, reply, keep_alive).write(fault);
  out.burst = out.bytes.size();
  if (fault.mode == WireMode::slow_body) drip(out, out.bytes.size() - reply.body.size(), fault.amount);
  if (fault.mode == WireMode::slow_head) drip(out, 0, fault.amount);
}

std::string stream_head(const Reply& reply) {
  std::string head;
  status_line(head, reply);
  fields(head, reply, false);
  return head + "\r\n";
}

const char* mode_name(WireMode mode) {
  switch (mode) {
    case WireMode::intact:
      return "intact";
    case WireMode::slow_body:
      return "slow-body";
    case WireMode::slow_head:
      return "slow-head";
    case WireMode::chunked:
      return "chunked";
    case WireMode::gzip:
      return "gzip";
    case WireMode::unframed:
      return "unframed";
    case WireMode::interim:
      return "interim";
    case WireMode::bad_json:
      return "malformed-json";
    case WireMode::oversized:
      return "oversized";
    case WireMode::truncated:
      return "truncated";
    case WireMode::wrong_length:
      return "wrong-length";
    case WireMode::bad_status_line:
      return "malformed-status-line";
    case WireMode::bad_header:
      return "malformed-header";
    case WireMode::bad_length:
      return "malformed-length";
    case WireMode::bad_chunk:
      return "malformed-chunk";
    case WireMode::huge_header:
      return "malformed-huge-header";
    case WireMode::garbage:
      return "malformed-garbage";
    case WireMode::reset:
      return "reset-head";
    case WireMode::reset_body:
      return "reset-body";
    case WireMode::closed:
      return "closed";
    case WireMode::hung:
      return "hung";
  }
  return "";
}

}  // namespace launchgate::standin
