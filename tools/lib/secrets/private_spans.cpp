#include "lib/secrets/private_spans.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <utility>

namespace launchgate::secrets {

base::Result<std::vector<PrivateSpan>> SpanFinder::find(Piece piece, std::string_view path) {
  std::vector<PrivateSpan> spans;
  piece.rules = share_.secrets;
  matches_.clear();
  runs_.clear();
  stretches_.clear();
  find_encoded(piece.text, piece.begin, piece.end, runs_, &stretches_);
  // Those before and after a piece are another piece's.
  const bool whole = piece.begin == 0 && piece.end >= piece.text.size();
  piece.runs = whole ? &stretches_ : nullptr;
  if (auto done = book_.engine().find(piece, path, scratch_, matches_); !done) return done.error();
  for (const Match& match : matches_) {
    spans.push_back({match.rule, Encoding::none, match.begin, match.end, match.begin,
                     std::string(piece.text.substr(match.begin, match.end - match.begin))});
  }
  const std::size_t clear = spans.size();
  const std::vector<EncodedRun> runs = std::exchange(runs_, {});
  for (const EncodedRun& run : runs) {
    const std::size_t before = spans.size();
    if (auto done = find_within(run, piece.text, 0, path, 1, spans); !done) return done.error();
    // What stands in a string is seen in clear, but for what escapes hide.
    const bool seen =
        run.encoding == Encoding::escaped &&
        std::any_of(spans.begin(), spans.begin() + static_cast<std::ptrdiff_t>(clear),
                    [&](const PrivateSpan& span) { return span.begin < run.end && run.begin < span.end; });
    if (seen) spans.resize(before);
  }
  return spans;
}

// What is encoded more than once is told at the outermost run. Only what the outer encoding hid is looked for: the rest
// was seen where it stands.
base::Result<void> SpanFinder::find_within(const EncodedRun& run, std::string_view text, std::size_t place,
                                           std::string_view path, int depth, std::vector<PrivateSpan>& spans) {
  constexpr int deepest = 3;
  std::string decoded;
  decode(text, run, decoded);
  matches_.clear();
  const Piece piece{decoded, 0, std::string_view::npos, share_.secrets};
  if (auto done = book_.engine().find(piece, path, decoded_scratch_, matches_); !done) return done.error();
  for (const Match& match : matches_) {
    spans.push_back({match.rule, run.encoding, run.begin, run.end, place + match.begin,
                     decoded.substr(match.begin, match.end - match.begin)});
  }
  if (depth == deepest) return {};
  std::vector<EncodedRun> inner;
  find_encoded(decoded, 0, decoded.size(), inner);
  for (const EncodedRun& one : inner) {
    if (run.encoding != Encoding::base64 && one.encoding != run.encoding) continue;
    if (one.encoding == Encoding::escaped && run.encoding == Encoding::base64) continue;
    const std::size_t before = spans.size();
    if (auto done = find_within(one, decoded, one.begin, path, depth + 1, spans); !done) return done;
    for (std::size_t i = before; i < spans.size(); ++i) {
      spans[i].encoding = run.encoding;
      spans[i].begin = run.begin;
      spans[i].end = run.end;
    }
  }
  return {};
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
