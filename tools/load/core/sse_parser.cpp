#include "load/core/sse_parser.hpp"

#include <algorithm>
#include <cstring>

#include "lib/base/ascii.hpp"

namespace launchgate::load {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::uint8_t past_start = 4;

std::size_t line_end(std::string_view text) {
  const void* lf = std::memchr(text.data(), '\n', text.size());
  const std::size_t until =
      lf == nullptr ? text.size() : static_cast<std::size_t>(static_cast<const char*>(lf) - text.data());
  const void* cr = std::memchr(text.data(), '\r', until);
  if (cr != nullptr) return static_cast<std::size_t>(static_cast<const char*>(cr) - text.data());
  return until;
}

}  // namespace

std::optional<std::uint32_t> SseParser::retry_ms() const {
  if (retry_ms_ == no_retry) return std::nullopt;
  return retry_ms_;
}

void SseParser::reset() {
  // An id of an event that was never dispatched must not be resumed from.
  partial_ = {};
  data_ = {};
  type_ = {};
  pending_id_ = {};
  bom_seen_ = 0;
  skip_lf_ = has_data_ = has_id_ = dropping_ = false;
}

void SseParser::feed(std::string_view bytes, SseSink& sink) {
  while (bom_seen_ < past_start && !bytes.empty()) {
    if (bom_seen_ < 3 && bytes.front() == byte_order_mark[bom_seen_]) {
      ++bom_seen_;
      bytes.remove_prefix(1);
      continue;
    }
    // Not a whole mark: its bytes belong to the first line.
    if (bom_seen_ < 3) partial_.assign(byte_order_mark.substr(0, bom_seen_));
    bom_seen_ = past_start;
  }
  while (!bytes.empty()) {
    if (skip_lf_) {
      skip_lf_ = false;
      if (bytes.front() == '\n') {
        bytes.remove_prefix(1);
        continue;
      }
    }
    const std::size_t end = line_end(bytes);
    if (end == bytes.size()) {
      if (dropping_) return;
      if (partial_.size() + bytes.size() > limit) {
        partial_ = {};
        dropping_ = true;
        sink.on_oversized();
        return;
      }
      partial_.append(bytes);
      return;
    }
    skip_lf_ = bytes[end] == '\r';
    if (dropping_) {
      dropping_ = false;
    } else if (partial_.empty()) {
      line(bytes.substr(0, end), sink);
    } else {
      std::string whole = std::move(partial_);
      partial_ = {};
      whole.append(bytes.substr(0, end));
      line(whole, sink);
    }
    bytes.remove_prefix(end + 1);
  }
}

void SseParser::line(std::string_view text, SseSink& sink) {
  if (text.empty()) {
    dispatch(sink);
    return;
  }
  const std::size_t colon = text.find(':');
  if (colon == 0) {
    sink.on_comment(text.substr(1));
    return;
  }
  if (colon == std::string_view::npos) {
    field(text, {}, sink);
    return;
  }
  std::string_view value = text.substr(colon + 1);
  if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  field(text.substr(0, colon), value, sink);
}

void SseParser::field(std::string_view name, std::string_view value, SseSink& sink) {
  if (name == "data") {
    if (data_.size() + value.size() + 1 > limit) {
      sink.on_oversized();
      return;
    }
    if (has_data_) data_ += '\n';
    data_.append(value);
    has_data_ = true;
  } else if (name == "event") {
    type_.assign(value);
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos && value.size() <= 4096) {
      pending_id_.assign(value);
      has_id_ = true;
    }
  } else if (name == "retry") {
    const bool digits = !value.empty() && std::all_of(value.begin(), value.end(), base::is_digit);
    if (digits) {
      std::uint64_t ms = 0;
      for (const char c : value)
        ms = std::min<std::uint64_t>(ms * 10 + static_cast<std::uint64_t>(c - '0'), no_retry - 1);
      retry_ms_ = static_cast<std::uint32_t>(ms);
    }
  }
}

void SseParser::dispatch(SseSink& sink) {
  // The id takes effect even when the event has no data.
  if (has_id_) last_event_id_ = pending_id_;
  if (has_data_) {
    sink.on_event(
        {type_.empty() ? std::string_view("message") : std::string_view(type_), data_, last_event_id_, has_id_});
  }
  // A stream that is idle for long should own no buffers.
  if (data_.capacity() > 256) data_ = {};
  data_.clear();
  type_.clear();
  has_data_ = has_id_ = false;
}

}  // namespace launchgate::load
