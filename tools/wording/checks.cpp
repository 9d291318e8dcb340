#include "wording/checks.hpp"

#include <algorithm>
#include <tuple>

namespace launchgate::wording {

Fixed apply(std::string_view text, std::vector<prose::Edit> edits) {
  std::sort(edits.begin(), edits.end(), [](const prose::Edit& a, const prose::Edit& b) {
    return std::tie(a.source.begin, a.source.end, a.replacement) < std::tie(b.source.begin, b.source.end, b.replacement);
  });
  const auto same = [](const prose::Edit& a, const prose::Edit& b) { return a.source == b.source && a.replacement == b.replacement; };
  edits.erase(std::unique(edits.begin(), edits.end(), same), edits.end());

  Fixed fixed;
  std::size_t at = 0;
  for (std::size_t i = 0; i < edits.size();) {
    // A run of edits that overlap.
    std::size_t last = i + 1;
    std::uint32_t end = edits[i].source.end;
    while (last < edits.size() && edits[last].source.begin < end) end = std::max(end, edits[last++].source.end);
    if (last == i + 1) {
      fixed.text += text.substr(at, edits[i].source.begin - at);
      fixed.text += edits[i].replacement;
      at = edits[i].source.end;
      ++fixed.applied;
    }
    i = last;
  }
  fixed.text += text.substr(at);
  return fixed;
}

}  // namespace launchgate::wording
