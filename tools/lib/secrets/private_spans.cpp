#include "lib/secrets/private_spans.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>

namespace launchgate::secrets {

base::Result<std::vector<PrivateSpan>> SpanFinder::find(Piece piece, std::string_view path) {
  std::vector<PrivateSpan> spans;
  piece.rules = share_.secrets;
  matches_.clear();
  if (auto done = book_.engine().find(piece, path, scratch_, matches_); !done) return done.error();
  for (const Match& match : matches_) {
    spans.push_back({match.rule, Encoding::none, match.begin, match.end, match.begin,
                     std::string(piece.text.substr(match.begin, match.end - match.begin))});
  }
  runs_.clear();
  find_encoded(piece.text, piece.begin, piece.end, runs_);
  for (const EncodedRun& run : runs_) {
    decode(piece.text, run, decoded_);
    matches_.clear();
    const Piece decoded{decoded_, 0, std::string_view::npos, share_.secrets};
    if (auto done = book_.engine().find(decoded, path, decoded_scratch_, matches_); !done) return done.error();
    for (const Match& match : matches_) {
      spans.push_back({match.rule, run.encoding, run.begin, run.end, match.begin,
                       decoded_.substr(match.begin, match.end - match.begin)});
    }
  }
  return spans;
}

base::Result<std::vector<JsonKey>> SpanFinder::find_keys(const JsonPlaces& places) const {
  const auto& rules = book_.key_rules();
  return places.keys({rules.begin(), rules.begin() + static_cast<std::ptrdiff_t>(share_.keys)});
}

void SpanFinder::drop(std::size_t bytes) {
  for (std::size_t& resume : scratch_.resume) resume = resume > bytes ? resume - bytes : 0;
}

std::vector<std::size_t> without_overlaps(const std::vector<Claim>& claims) {
  std::vector<std::size_t> by_rule(claims.size());
  std::iota(by_rule.begin(), by_rule.end(), std::size_t{0});
  std::stable_sort(by_rule.begin(), by_rule.end(),
                   [&](std::size_t a, std::size_t b) { return claims[a].rule < claims[b].rule; });
  // By position; disjoint, so that only the neighbour to either side can overlap.
  std::map<std::size_t, std::size_t> kept;
  for (const std::size_t index : by_rule) {
    const Claim& claim = claims[index];
    const auto after = kept.lower_bound(claim.begin);
    if (after != kept.end() && after->first < claim.end) continue;
    if (after != kept.begin() && claims[std::prev(after)->second].end > claim.begin) continue;
    kept.emplace_hint(after, claim.begin, index);
  }
  std::vector<std::size_t> indices;
  for (const auto& [position, index] : kept) indices.push_back(index);
  return indices;
}

}  // namespace launchgate::secrets
