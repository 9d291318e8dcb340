#include "lib/prose/claim_text.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "lib/prose/sentences.hpp"

namespace launchgate::prose {

using markdown::Range;

namespace {

constexpr std::uint32_t window = 4096;

// Bounds that nothing takes away.
std::vector<Range> live_bounds(const ClaimPatterns& patterns, const re2::RE2* bounds, std::string_view text) {
  std::vector<Range> out = all_matches(bounds, text);
  if (out.empty()) return out;
  const std::vector<Range> affirming = all_matches(patterns.affirms, text);
  std::erase_if(out, [&](const Range& bound) {
    return std::any_of(affirming.begin(), affirming.end(), [&](const Range& one) { return one.begin < bound.end && bound.begin < one.end; });
  });
  return out;
}

// The clause of `sentence` that holds the claim.
Range clause_of(const ClaimPatterns& patterns, std::string_view sentence, Range claim) {
  Range clause{0, static_cast<std::uint32_t>(sentence.size())};
  for (const Range& mark : all_matches(patterns.clauses, sentence)) {
    if (mark.end <= claim.begin) clause.begin = std::max(clause.begin, mark.begin);
    if (mark.begin >= claim.end) clause.end = std::min(clause.end, mark.begin);
  }
  return clause;
}

}  // namespace

base::Result<ClaimPatterns> compile(const rules::Claim& rule) {
  ClaimPatterns out;
  const auto one = [](const std::optional<rules::Pattern>& pattern, const re2::RE2*& regex) -> base::Result<void> {
    if (!pattern) return {};
    auto compiled = pattern->compiled();
    if (!compiled) return std::move(compiled).error();
    regex = *compiled;
    return {};
  };
  if (auto done = one(rule.pattern, out.claim); !done) return std::move(done).error();
  if (auto done = one(rule.bounds, out.bounds); !done) return std::move(done).error();
  if (auto done = one(rule.affirms, out.affirms); !done) return std::move(done).error();
  if (auto done = one(rule.clauses, out.clauses); !done) return std::move(done).error();
  if (auto done = one(rule.governs, out.governs); !done) return std::move(done).error();
  if (out.governs == nullptr) out.governs = out.bounds;
  return out;
}

std::vector<Range> all_matches(const re2::RE2* regex, std::string_view text) {
  std::vector<Range> out;
  if (regex == nullptr) return out;
  re2::StringPiece match;
  std::size_t from = 0;
  while (from <= text.size() && regex->Match({text.data(), text.size()}, from, text.size(), re2::RE2::UNANCHORED, &match, 1)) {
    const auto at = static_cast<std::size_t>(match.data() - text.data());
    if (match.empty()) {
      from = at + 1;
      continue;
    }
    const bool crosses = match.find('\n') != re2::StringPiece::npos;
    if (!crosses) out.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + match.size())});
    from = crosses ? at + 1 : at + match.size();
  }
  return out;
}

bool is_governing(const ClaimPatterns& patterns, std::string_view text) { return !live_bounds(patterns, patterns.governs, text).empty(); }

bool is_bounded_in_block(const ClaimPatterns& patterns, std::string_view block, Range claim) {
  // Sentences are short; without a window, a block that is all claims would cost the square of its length.
  const std::uint32_t cut = claim.begin > window ? claim.begin - window : 0;
  block = block.substr(cut, claim.end - cut + window);
  claim = {claim.begin - cut, claim.end - cut};
  std::optional<Range> before;
  for (const Range& sentence : sentences(block)) {
    if (sentence.end <= claim.begin) {
      before = sentence;
      continue;
    }
    const std::string_view text = block.substr(sentence.begin, sentence.size());
    const Range inside{claim.begin - std::min(claim.begin, sentence.begin), std::min(claim.end, sentence.end) - sentence.begin};
    const Range clause = clause_of(patterns, text, inside);
    for (const Range& bound : live_bounds(patterns, patterns.bounds, text)) {
      if (bound.begin < clause.end && clause.begin < bound.end) return true;
    }
    break;
  }
  return before && is_governing(patterns, block.substr(before->begin, before->size()));
}

std::string claim_message(const std::string& summary, std::string_view words, const AcceptedTier* accepted) {
  std::string out = summary + ": " + rules::quoted(words);
  if (accepted != nullptr && !accepted->name.empty()) out += "; the accepted tier is " + rules::quoted(accepted->name);
  return out;
}

namespace {

base::Result<void> check_string(const rules::Rule& rule, const rules::Claim& claim, const rules::Place& place, const AcceptedTier& accepted,
                                std::vector<finding::Finding>& findings) {
  const auto patterns = compile(claim);
  if (!patterns) return patterns.error();
  const document::JsonValue& text = place.value;
  const std::string_view block = text.string();
  const bool verbatim = text.raw().size() == block.size() + 2;
  for (const Range& words : all_matches(patterns->claim, block)) {
    if (is_bounded_in_block(*patterns, block, words)) continue;
    const std::size_t begin = text.begin_offset() + (verbatim ? 1 + words.begin : 0);
    const std::size_t end = verbatim ? begin + words.size() : text.end_offset();
    const auto& source = text.document().source();
    finding::Finding found = finding::make_finding(rule.info, source, source.span(begin, end),
                                                   claim_message(rule.info.summary, block.substr(words.begin, words.size()), &accepted), rule.info.help);
    found.json_pointer = place.pointer;
    findings.push_back(std::move(found));
  }
  return {};
}

}  // namespace

base::Result<std::vector<finding::Finding>> check_json_claims(const rules::Pack& pack, const document::JsonValue& root,
                                                               const rules::Documents& documents) {
  std::vector<finding::Finding> findings;
  const auto tiers = documents.find(rules::tiers_kind);
  if (tiers == documents.end() || tiers->second.empty()) return findings;
  std::optional<AcceptedTier> accepted;
  for (const rules::Rule& rule : pack.rules) {
    const auto* claim = std::get_if<rules::Claim>(&rule.body);
    if (claim == nullptr) continue;
    if (!accepted) accepted = accepted_tier(documents);
    if (!accepted->is_exceeded_by(claim->tiers)) continue;
    const auto pointers = tiers->second.front().document().at("/matrix/claims");
    if (!pointers) continue;
    for (const document::JsonValue pointer : pointers->elements()) {
      const auto pattern = rules::PointerPattern::parse(pointer.string());
      if (!pattern) continue;
      for (const rules::Place& place : pattern->find(root)) {
        if (auto done = check_string(rule, *claim, place, *accepted, findings); !done) return std::move(done).error();
      }
    }
  }
  return findings;
}

}  // namespace launchgate::prose
