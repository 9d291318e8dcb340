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

}  // namespace

void render(Transmission& out, const Reply& reply, bool keep_alive, const WireFault& fault) {
  out.bytes.clear();
  out.piece = 0;
  out.pause = 0;
  out.ending = keep_alive ? Ending::keep : Ending::close;
  std::string& bytes = out.bytes;
  const auto size = static_cast<double>(reply.body.size());
  const auto head = [&](double declared) {
    status_line(bytes, reply);
    fields(bytes, reply, keep_alive);
    length(bytes, declared);
  };
  switch (fault.mode) {
    case WireMode::intact:
    case WireMode::slow_body:
    case WireMode::slow_head:
      head(size);
      bytes += reply.body;
      break;
    case WireMode::chunked:
    case WireMode::bad_chunk:
      status_line(bytes, reply);
      fields(bytes, reply, keep_alive);
      bytes += "Transfer-Encoding: chunked\r\n\r\n";
      if (fault.mode == WireMode::chunked) {
        chunked_body(bytes, reply.body);
      } else {
        bytes += "zz\r\n" + reply.body + "\r\n";
        out.ending = Ending::close;
      }
      break;
    case WireMode::gzip: {
      const std::string packed = gzip(reply.body);
      status_line(bytes, reply);
      fields(bytes, reply, keep_alive);
      bytes += "Content-Encoding: gzip\r\n";
      length(bytes, static_cast<double>(packed.size()));
      bytes += packed;
      break;
    }
    case WireMode::unframed:
      status_line(bytes, reply);
      fields(bytes, reply, false);
      bytes += "\r\n" + reply.body;
      out.ending = Ending::close;
      break;
    case WireMode::interim:
      bytes += "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n";
      head(size);
      bytes += reply.body;
      break;
    case WireMode::bad_json:
      head(size);
      bytes += reply.body;
      // Same length, but the end of the text is gone.
      std::fill(bytes.end() -
                    static_cast<std::ptrdiff_t>(std::min<std::size_t>(reply.body.size(), 1 + reply.body.size() / 3)),
                bytes.end(), '{');
      break;
    case WireMode::oversized: {
      const std::size_t whole = std::max(reply.body.size(), static_cast<std::size_t>(fault.amount));
      head(static_cast<double>(whole));
      bytes += reply.body;
      bytes.append(whole - reply.body.size(), ' ');
      break;
    }
    case WireMode::truncated:
      // At least one byte is missing, so an empty body gets one to miss.
      head(std::max(size, 1.0));
      bytes.append(reply.body, 0, static_cast<std::size_t>(std::floor(size * fault.amount)));
      out.ending = Ending::close;
      break;
    case WireMode::wrong_length:
      head(size + fault.amount);
      bytes += reply.body;
      out.ending = fault.amount > 0 ? Ending::hang : Ending::keep;
      break;
    case WireMode::bad_status_line:
      bytes += "HTTP/1.1 two-hundred OK\r\n";
      fields(bytes, reply, keep_alive);
      length(bytes, size);
      bytes += reply.body;
      out.ending = Ending::close;
      break;
    case WireMode::bad_header:
      status_line(bytes, reply);
      bytes += "this line has no colon\r\n";
      fields(bytes, reply, keep_alive);
      length(bytes, size);
      bytes += reply.body;
      out.ending = Ending::close;
      break;
    case WireMode::bad_length:
      status_line(bytes, reply);
      fields(bytes, reply, keep_alive);
      bytes += "Content-Length: many\r\n\r\n" + reply.body;
      out.ending = Ending::close;
      break;
    case WireMode::huge_header:
      status_line(bytes, reply);
      bytes += "X-Filler: " + std::string(1U << 20, 'x') + "\r\n";
      fields(bytes, reply, keep_alive);
      length(bytes, size);
      bytes += reply.body;
      out.ending = Ending::close;
      break;
    case WireMode::garbage:
      for (unsigned i = 0; i < 512; ++i) bytes += static_cast<char>((i * 167U + 13U) & 0xffU);
      out.ending = Ending::close;
      break;
    case WireMode::reset:
      out.ending = Ending::reset;
      break;
    case WireMode::reset_body:
      head(std::max(size, 1.0));
      bytes.append(reply.body, 0, reply.body.size() / 2);
      out.ending = Ending::reset;
      break;
    case WireMode::closed:
      out.ending = Ending::close;
      break;
    case WireMode::hung:
      out.ending = Ending::hang;
      break;
  }
  out.burst = bytes.size();
  if (fault.mode == WireMode::slow_body) drip(out, bytes.size() - reply.body.size(), fault.amount);
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
