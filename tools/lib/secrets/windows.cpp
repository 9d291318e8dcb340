#include "lib/secrets/windows.hpp"

#include <algorithm>

namespace launchgate::secrets {
namespace {

constexpr std::size_t position_of(LiteralPlace place) { return place & UINT32_MAX; }
constexpr std::size_t length_of(LiteralPlace place) { return place >> 32U; }

void sort_by_position(std::vector<LiteralPlace>& places) {
  const auto earlier = [](LiteralPlace a, LiteralPlace b) { return position_of(a) < position_of(b); };
  if (!std::is_sorted(places.begin(), places.end(), earlier)) std::stable_sort(places.begin(), places.end(), earlier);
}

void join(Window& window, std::size_t end) {
  window.end = std::max(window.end, end);
  window.anchored = false;
}

}  // namespace

// The beginning of a window only grows with its place, since what stops a walk to the left stops a later one at the
// latest there.
void make_windows(const std::optional<regex::Surroundings>& around, std::string_view text,
                  std::vector<LiteralPlace>& places, std::vector<Window>& windows) {
  windows.clear();
  if (!around) {
    windows.push_back({0, text.size(), false});
    return;
  }
  sort_by_position(places);
  const auto& [before, after] = *around;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  for (const LiteralPlace place : places) {
    const std::size_t at = position_of(place);
    const std::size_t literal_end = at + length_of(place);
    const std::size_t reach =
        after.max == regex::unbounded ? text.size() : std::min<std::size_t>(text.size(), literal_end + after.max);
    const auto end_from = [&, &followers = after.bytes](std::size_t end) {
      while (end < reach && followers.contains(bytes[end])) ++end;
      return end;
    };
    if (!windows.empty() && at <= windows.back().end) {
      join(windows.back(), end_from(std::max(literal_end, windows.back().end)));
      continue;
    }
    const std::size_t floor = before.max >= at ? 0 : at - before.max;
    std::size_t begin = at;
    while (begin > floor && before.bytes.contains(bytes[begin - 1])) --begin;
    if (at - begin < before.min) continue;
    const std::size_t end = end_from(literal_end);
    if (end - literal_end < after.min) continue;
    if (!windows.empty() && begin <= windows.back().end) {
      join(windows.back(), end);
    } else {
      windows.push_back({begin, end, begin == at || at - begin == before.min});
    }
  }
}

}  // namespace launchgate::secrets
