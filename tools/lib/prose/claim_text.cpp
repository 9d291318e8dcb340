#include "lib/prose/claim_text.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "lib/base/ascii.hpp"
#include "lib/prose/sentences.hpp"

namespace launchgate::prose {

using markdown::Range;

namespace {

constexpr std::uint32_t longest_piece = 2048;

bool overlap(const Range& a, const Range& b) { return a.begin < b.end && b.begin < a.end; }
bool holds(const Range& outer, const Range& inner) { return outer.begin <= inner.begin && inner.end <= outer.end; }

// Those of `words` that do not begin inside affirming words.
std::vector<Range> live(std::vector<Range> words, const std::vector<Range>& affirming) {
  std::erase_if(words, [&](const Range& bound) {
    return std::any_of(affirming.begin(), affirming.end(),
                       [&](const Range& one) { return one.begin <= bound.begin && bound.begin < one.end; });
  });
  return words;
}

bool is_question(std::string_view sentence) {
  const std::size_t last = sentence.find_last_not_of(" \"')]*");
  return last != std::string_view::npos && sentence[last] == '?';
}

// Long sentences in pieces.
std::vector<Range> pieces(std::string_view text) {
  std::vector<Range> out;
  for (Range sentence : sentences(text)) {
    for (; sentence.size() > longest_piece; sentence.begin += longest_piece)
      out.push_back({sentence.begin, sentence.begin + longest_piece});
    out.push_back(sentence);
  }
  return out;
}

}  // namespace

ClaimPatterns patterns_of(const rules::Claim& rule) {
  const auto one = [](const std::optional<rules::Pattern>& pattern) { return pattern ? &*pattern : nullptr; };
  ClaimPatterns out;
  out.claim = one(rule.pattern);
  if (!rule.boundary) return out;
  const rules::Boundary& boundary = *rule.boundary;
  out.bounds = one(boundary.bounds);
  out.before = one(boundary.before);
  out.affirms = one(boundary.affirms);
  out.clauses = one(boundary.clauses);
  out.introduces = one(boundary.introduces);
  out.asides = one(boundary.asides);
  out.governs = boundary.governs ? one(boundary.governs) : out.bounds;
  out.answers = one(boundary.answers);
  out.cells = one(boundary.cells);
  return out;
}

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = base::lower(c);
  }
  return out;
}

bool may_match(const rules::Claim& rule, std::string_view folded_text) {
  return rule.keywords.empty() || std::any_of(rule.keywords.begin(), rule.keywords.end(), [&](const std::string& word) {
           return folded_text.find(word) != std::string_view::npos;
         });
}

namespace {

// One pattern in one text, asked for its matches from left to right.
class Search {
 public:
  Search(const rules::Pattern& pattern, std::string_view text) : text_(text) {
    const auto compiled = pattern.compiled();
    if (!compiled) throw std::logic_error(compiled.error().message);
    regex_ = *compiled;
  }

  // The leftmost match that begins at `from` or behind.
  std::optional<Range> next(std::size_t from) {
    // What was found last lies ahead still: a match depends on where it begins, not on where it was looked for.
    if (asked_ && (!found_ || found_->begin >= from)) return found_;
    asked_ = true;
    found_.reset();
    re2::StringPiece match;
    if (from <= text_.size() &&
        regex_->Match({text_.data(), text_.size()}, from, text_.size(), re2::RE2::UNANCHORED, &match, 1)) {
      const auto at = static_cast<std::uint32_t>(match.data() - text_.data());
      found_ = Range{at, at + static_cast<std::uint32_t>(match.size())};
    }
    return found_;
  }

 private:
  std::string_view text_;
  const re2::RE2* regex_ = nullptr;
  bool asked_ = false;
  std::optional<Range> found_;
};

std::vector<Search> searches(const rules::Pattern& pattern, std::string_view text) {
  std::vector<Search> out;
  if (!pattern.prefers_parts(text)) {
    if (pattern.may_match(text)) out.emplace_back(pattern, text);
    return out;
  }
  for (const rules::Pattern& part : pattern.parts()) {
    if (part.may_match(text)) out.emplace_back(part, text);
  }
  return out;
}

}  // namespace

std::vector<Range> all_matches(const rules::Pattern* pattern, std::string_view text) {
  std::vector<Range> out;
  if (pattern == nullptr) return out;
  std::vector<Search> all = searches(*pattern, text);
  std::size_t from = 0;
  while (true) {
    // The leftmost match of all; of those at one place, the first pattern's.
    std::optional<Range> match;
    for (Search& one : all) {
      const auto found = one.next(from);
      if (found && (!match || found->begin < match->begin)) match = found;
    }
    if (!match) return out;
    if (match->begin == match->end) {
      from = match->end + 1UL;
      continue;
    }
    const bool crosses = text.substr(match->begin, match->size()).find('\n') != std::string_view::npos;
    if (!crosses) out.push_back(*match);
    from = crosses ? match->begin + 1UL : match->end;
  }
}

bool is_governing(const ClaimPatterns& patterns, std::string_view text) {
  std::vector<Range> governing = all_matches(patterns.governs, text);
  return !governing.empty() && !live(std::move(governing), all_matches(patterns.affirms, text)).empty();
}

ClaimBlock::ClaimBlock(const ClaimPatterns& patterns, std::string_view text)
    : patterns_(patterns), text_(text), sentences_(pieces(text)) {}

std::string_view ClaimBlock::sentence(std::size_t index) const {
  return text_.substr(sentences_[index].begin, sentences_[index].size());
}

void ClaimBlock::read(std::size_t index) {
  if (read_ == index) return;
  read_ = index;
  const std::string_view text = sentence(index);
  const std::vector<Range> affirming = all_matches(patterns_.affirms, text);
  reading_.bounds = live(all_matches(patterns_.bounds, text), affirming);
  reading_.before = live(all_matches(patterns_.before, text), affirming);
  reading_.clauses = all_matches(patterns_.clauses, text);
  reading_.introduces = all_matches(patterns_.introduces, text);
  reading_.asides = all_matches(patterns_.asides, text);
  const bool answered = patterns_.answers != nullptr && index + 1 < sentences_.size() &&
                        !all_matches(patterns_.answers, sentence(index + 1)).empty();
  reading_.question = is_question(text) && !answered;
  reading_.governed = index > 0 && is_governing(patterns_, sentence(index - 1));
}

bool ClaimBlock::is_bounded_in_sentence(Range claim) const {
  const std::string_view text = sentence(*read_);
  Range clause{0, static_cast<std::uint32_t>(text.size())};
  for (const Range& mark : reading_.clauses) {
    if (mark.begin <= claim.begin) clause.begin = std::max(clause.begin, mark.begin);
    if (mark.begin >= claim.end) clause.end = std::min(clause.end, mark.begin);
  }
  for (const Range& aside : reading_.asides) {
    if (holds(aside, claim)) clause = {std::max(clause.begin, aside.begin), std::min(clause.end, aside.end)};
  }
  std::uint32_t introduced = 0;
  for (const Range& mark : reading_.introduces) {
    if (mark.end <= claim.begin) introduced = std::max(introduced, mark.end);
  }
  if (introduced > clause.begin && is_governing(patterns_, text.substr(clause.begin, introduced - clause.begin)))
    return true;
  const auto reaches = [&](const Range& bound) {
    if (!overlap(bound, clause) || holds(claim, bound)) return false;
    if (bound.end <= claim.begin && bound.begin < introduced) return false;
    return std::none_of(reading_.asides.begin(), reading_.asides.end(),
                        [&](const Range& aside) { return !overlap(aside, claim) && holds(aside, bound); });
  };
  return std::any_of(reading_.bounds.begin(), reading_.bounds.end(), reaches) ||
         std::any_of(reading_.before.begin(), reading_.before.end(),
                     [&](const Range& bound) { return bound.begin < claim.begin && reaches(bound); });
}

bool ClaimBlock::is_bounded(Range claim) {
  while (at_ > 0 && claim.begin < sentences_[at_].begin) --at_;
  while (at_ + 1 < sentences_.size() && sentences_[at_].end <= claim.begin) ++at_;
  if (sentences_.empty() || sentences_[at_].end <= claim.begin) return false;
  read(at_);
  const Range piece = sentences_[at_];
  const Range inside{claim.begin - std::min(claim.begin, piece.begin), std::min(claim.end, piece.end) - piece.begin};
  return reading_.question || reading_.governed || is_bounded_in_sentence(inside);
}

std::string claim_message(const std::string& summary, std::string_view words, const AcceptedTier* accepted) {
  std::string out = summary + ": " + rules::quoted(words);
  if (accepted != nullptr && !accepted->name.empty()) out += "; the accepted tier is " + rules::quoted(accepted->name);
  return out;
}

namespace {

// The strings of a document, each read once for all rules that share a boundary.
class Blocks {
 public:
  ClaimBlock& get(const ClaimPatterns& patterns, std::string_view text) {
    // Copies of a pattern share its text.
    const std::string* const boundary = patterns.bounds == nullptr ? nullptr : &patterns.bounds->text();
    return blocks_.try_emplace({text.data(), boundary}, patterns, text).first->second;
  }

 private:
  std::map<std::pair<const char*, const std::string*>, ClaimBlock> blocks_;
};

base::Result<void> check_string(const rules::Rule& rule, const rules::Claim& claim, const rules::Place& place,
                                const AcceptedTier& accepted, Blocks& blocks, std::vector<finding::Finding>& findings) {
  const document::JsonValue& text = place.value;
  const std::string_view block = text.string();
  if (!may_match(claim, folded(block))) return {};
  const ClaimPatterns patterns = patterns_of(claim);
  const bool verbatim = text.raw().size() == block.size() + 2;
  for (const Range& words : all_matches(patterns.claim, block)) {
    if (blocks.get(patterns, block).is_bounded(words)) continue;
    const std::size_t begin = text.begin_offset() + (verbatim ? 1 + words.begin : 0);
    const std::size_t end = verbatim ? begin + words.size() : text.end_offset();
    const auto& source = text.document().source();
    finding::Finding finding = finding::make_finding(
        rule.info, source, source.span(begin, end),
        claim_message(rule.info.summary, block.substr(words.begin, words.size()), &accepted), rule.info.help);
    finding.json_pointer = place.pointer;
    findings.push_back(std::move(finding));
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
  Blocks blocks;
  for (const rules::Rule* rule : pack.rules()) {
    const auto* claim = std::get_if<rules::Claim>(&rule->body);
    if (claim == nullptr) continue;
    if (!accepted) accepted = accepted_tier(documents);
    if (!accepted->is_exceeded_by(claim->tiers)) continue;
    const auto pointers = tiers->second.front().document().at("/matrix/claims");
    if (!pointers) continue;
    for (const document::JsonValue pointer : pointers->elements()) {
      const auto pattern = rules::PointerPattern::parse(pointer.string());
      if (!pattern) continue;
      for (const rules::Place& place : pattern->find(root)) {
        if (auto done = check_string(*rule, *claim, place, *accepted, blocks, findings); !done) return done.error();
      }
    }
  }
  return findings;
}

}  // namespace launchgate::prose
