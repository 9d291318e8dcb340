#include "standin/core/event_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace launchgate::standin {
namespace {

constexpr std::size_t most_bytes = 32UL * 1024 * 1024;

// Offset just after the first comma that separates members.
std::size_t first_separator(std::string_view json) {
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (quoted && json[i] == '\\') {
      ++i;
    } else if (json[i] == '"') {
      quoted = !quoted;
    } else if (json[i] == ',' && !quoted) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace

void EventLog::add(std::string_view type, std::string_view data) {
  frames_.push_back(fmt::format("id: {}\nevent: {}\ndata: {}\n\n", next_sequence(), type, data));
  bytes_ += frames_.back().size();
  while (frames_.size() > keep_ || bytes_ > most_bytes) {
    bytes_ -= frames_.front().size();
    frames_.pop_front();
    ++first_;
  }
}

void EventLog::clear() {
  first_ += frames_.size();
  frames_.clear();
  bytes_ = 0;
}

std::uint64_t sequence_after(const EventLog& log, std::optional<std::string_view> last_event_id) {
  if (!last_event_id) return log.first_sequence();
  std::uint64_t seen = 0;
  const auto parsed = std::from_chars(last_event_id->data(), last_event_id->data() + last_event_id->size(), seen);
  if (parsed.ec != std::errc() || parsed.ptr != last_event_id->data() + last_event_id->size())
    return log.first_sequence();
  if (seen >= log.next_sequence()) return log.next_sequence();
  return std::max(seen + 1, log.first_sequence());
}

std::string restyle(std::string_view frame, const FrameStyle& style) {
  std::string out;
  const auto line = [&](std::string_view text) {
    out += text;
    out += style.newline;
  };
  if (style.comment) line(": style");
  if (style.retry_ms) line(fmt::format("retry{}{}", style.no_space ? ":" : ": ", *style.retry_ms));
  while (!frame.empty()) {
    const std::size_t end = frame.find('\n');
    std::string text(frame.substr(0, end));
    frame.remove_prefix(end == std::string_view::npos ? frame.size() : end + 1);
    const std::size_t colon = text.find(": ");
    if (style.split_data && text.starts_with("data: ")) {
      const std::size_t cut = first_separator(std::string_view(text).substr(6));
      if (cut != std::string_view::npos) {
        line((style.no_space ? "data:" : "data: ") + text.substr(6, cut));
        text = "data: " + text.substr(6 + cut);
      }
    }
    if (style.no_space && colon != std::string::npos) text.erase(colon + 1, 1);
    line(text);
  }
  return out;
}

}  // namespace launchgate::standin
