#include "lib/secrets/finding_mask.hpp"

#include <algorithm>

#include "lib/document/json_document.hpp"
#include "lib/secrets/json_places.hpp"
#include "lib/secrets/leak.hpp"
#include "lib/secrets/mask.hpp"
#include "lib/secrets/text_encoding.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t shortest_value = 5;
// A message may quote the beginning of a value only; from so many characters on it is taken for one.
constexpr std::size_t telling = 8;
constexpr std::size_t most_values = 2000;
constexpr std::string_view ellipsis = "…";

// The value of a JSON string as written; the same where it is none.
std::string unescaped(std::string_view raw) {
  if (raw.find('\\') == std::string_view::npos) return std::string(raw);
  const auto document = document::JsonDocument::parse("", '"' + std::string(raw) + '"');
  return document ? std::string(document->root().string()) : std::string(raw);
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t length = 0;
  while (length < most && a[length] == b[length]) ++length;
  return length;
}

}  // namespace

void FindingMask::add(std::string_view value) {
  // Excerpts show one line.
  while (!value.empty() && values_.size() < most_values) {
    const std::size_t newline = std::min(value.find('\n'), value.size());
    std::string_view line = value.substr(0, newline);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.size() >= shortest_value) values_.emplace_back(line);
    value.remove_prefix(std::min(newline + 1, value.size()));
  }
}

base::Result<void> FindingMask::add_all_of(const std::string& path, std::string_view text) {
  const bool json = ends_with_json(path);
  const auto spans = finder_.find({text}, path);
  if (!spans) return spans.error();
  const PrivateSpan* previous = nullptr;
  for (const PrivateSpan& span : *spans) {
    const bool clear = span.encoding == Encoding::none;
    const bool new_run = !clear && (previous == nullptr || previous->run() != span.run());
    if (new_run) add(text.substr(span.begin, span.end - span.begin));
    add(span.value);
    if (clear && json) add(unescaped(span.value));
    previous = &span;
  }
  if (!json || !finder_.may_have_keys(text)) return {};
  const auto places = JsonPlaces::of(path, text);
  if (!places) return {};
  const auto keys = finder_.find_keys(*places);
  if (!keys) return keys.error();
  for (const JsonKey& key : *keys) {
    add(key.value);
    const std::string_view written = text.substr(key.value_begin, key.value_end - key.value_begin);
    if (written.size() > 2) add(written.substr(1, written.size() - 2));
  }
  return {};
}

base::Result<FindingMask> FindingMask::of(const Rulebook& book, const std::string& path, std::string_view text,
                                          std::size_t packs) {
  FindingMask mask(SpanFinder(book, packs));
  const auto converted = utf16_as_utf8(text);
  if (auto done = mask.add_all_of(path, converted ? *converted : text); !done) return done.error();
  std::sort(mask.values_.begin(), mask.values_.end());
  mask.values_.erase(std::unique(mask.values_.begin(), mask.values_.end()), mask.values_.end());
  return mask;
}

base::Result<void> FindingMask::mask(std::string& text, bool cut_off) {
  if (text.empty()) return {};
  std::vector<Hidden> hidden;
  const auto spans = finder_.find({text}, "");
  if (!spans) return spans.error();
  for (const PrivateSpan& span : *spans)
    hidden.push_back(
        {span.begin, span.end, showable(std::string_view(text).substr(span.begin, span.end - span.begin))});
  const std::string_view whole = text;
  for (const std::string& value : values_) {
    const std::string_view start = std::string_view(value).substr(0, telling);
    for (std::size_t at = whole.find(start); at != std::string_view::npos; at = whole.find(start, at + 1)) {
      const std::size_t length = common_prefix(whole.substr(at), value);
      hidden.push_back({at, at + length, showable(value)});
    }
    if (!cut_off || !whole.starts_with(ellipsis)) continue;
    // The line may be cut within the value.
    const std::string_view rest = whole.substr(ellipsis.size());
    for (std::size_t skipped = 1; skipped < value.size(); ++skipped) {
      const std::string_view tail = std::string_view(value).substr(skipped);
      if (!rest.starts_with(tail)) continue;
      hidden.push_back({ellipsis.size(), ellipsis.size() + tail.size(), 0});
      break;
    }
  }
  if (!hidden.empty()) text = masked(std::string(text), 0, united(std::move(hidden)));
  return {};
}

base::Result<void> FindingMask::apply(finding::Finding& finding) {
  for (std::string* text : {&finding.message, &finding.help, &finding.context, &finding.json_pointer}) {
    if (auto done = mask(*text, false); !done) return done;
  }
  return mask(finding.excerpt.line, true);
}

}  // namespace launchgate::secrets
