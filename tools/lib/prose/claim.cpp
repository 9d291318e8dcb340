#include <re2/re2.h>

#include <algorithm>

#include "lib/prose/check.hpp"
#include "lib/prose/kinds.hpp"
#include "lib/prose/sentences.hpp"

// `claim`: sentences that claim more than the accepted tier.
//
// A place where the pattern matches is a claim unless something bounds it:
//  - a bound (a word that negates or limits) in the same clause of the same sentence;
//  - a governing bound in the sentence before, in the lead-in of a list ("The following are not claimed:"), in a heading above, in the
//    header of the table's column, or in another cell of the same row.
// Words that hold a bound but affirm ("not only … but", a double negation) take their bounds away. All of these words are the rule's data.
namespace launchgate::prose {

using markdown::MarkdownDocument;
using markdown::Node;
using markdown::NodeKind;
using markdown::Range;

namespace {

struct Regexes {
  const re2::RE2* claim = nullptr;
  const re2::RE2* bounds = nullptr;
  const re2::RE2* affirms = nullptr;
  const re2::RE2* clauses = nullptr;
  const re2::RE2* governs = nullptr;
};

base::Result<Regexes> compile(const rules::Claim& rule) {
  Regexes out;
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

// Bounds that nothing takes away.
std::vector<Range> live_bounds(const Regexes& regexes, const re2::RE2* bounds, std::string_view text) {
  std::vector<Range> out = all_matches(bounds, text);
  if (out.empty()) return out;
  const std::vector<Range> affirming = all_matches(regexes.affirms, text);
  std::erase_if(out, [&](const Range& bound) {
    return std::any_of(affirming.begin(), affirming.end(), [&](const Range& one) { return one.begin < bound.end && bound.begin < one.end; });
  });
  return out;
}

bool is_governing(const Regexes& regexes, std::string_view text) { return !live_bounds(regexes, regexes.governs, text).empty(); }

// The clause of `sentence` that holds the claim.
Range clause_of(const Regexes& regexes, std::string_view sentence, Range claim) {
  Range clause{0, static_cast<std::uint32_t>(sentence.size())};
  for (const Range& mark : all_matches(regexes.clauses, sentence)) {
    if (mark.end <= claim.begin) clause.begin = std::max(clause.begin, mark.begin);
    if (mark.begin >= claim.end) clause.end = std::min(clause.end, mark.begin);
  }
  return clause;
}

// Whether the sentence that holds the claim, or the one before, bounds it. Ranges are relative to `block`.
bool is_bounded_in_block(const Regexes& regexes, std::string_view block, Range claim) {
  std::optional<Range> before;
  for (const Range& sentence : sentences(block)) {
    if (sentence.end <= claim.begin) {
      before = sentence;
      continue;
    }
    const std::string_view text = block.substr(sentence.begin, sentence.size());
    const Range inside{claim.begin - std::min(claim.begin, sentence.begin), std::min(claim.end, sentence.end) - sentence.begin};
    const Range clause = clause_of(regexes, text, inside);
    for (const Range& bound : live_bounds(regexes, regexes.bounds, text)) {
      if (bound.begin < clause.end && clause.begin < bound.end) return true;
    }
    break;
  }
  return before && is_governing(regexes, block.substr(before->begin, before->size()));
}

std::string_view last_sentence(std::string_view block) {
  const auto all = sentences(block);
  return all.empty() ? std::string_view() : block.substr(all.back().begin, all.back().size());
}

class Context {
 public:
  Context(const Regexes& regexes, const MarkdownDocument& document) : regexes_(regexes), document_(document) {}

  bool governs(std::uint32_t leaf) const {
    const Node& node = document_.nodes()[leaf];
    if (node.kind == NodeKind::cell && row_or_column_governs(leaf)) return true;
    for (std::uint32_t at = leaf; at != markdown::no_node; at = document_.nodes()[at].parent) {
      if (document_.nodes()[at].kind != NodeKind::item && lead_in_governs(at)) return true;
    }
    std::uint32_t section = node.section;
    // A heading does not govern itself.
    if (document_.sections()[section].heading == leaf) section = document_.sections()[section].parent;
    for (; section != 0; section = document_.sections()[section].parent) {
      if (is_governing(regexes_, document_.title(document_.sections()[section]))) return true;
    }
    return false;
  }

 private:
  // Whether the paragraph just before `node`, in the same container, introduces it with a colon and a bound.
  bool lead_in_governs(std::uint32_t node) const {
    const std::uint32_t before = previous_sibling(node);
    if (before == markdown::no_node || document_.nodes()[before].kind != NodeKind::paragraph) return false;
    const std::string_view text = document_.text_of(document_.nodes()[before]);
    return !text.empty() && text.back() == ':' && is_governing(regexes_, last_sentence(text));
  }

  std::uint32_t previous_sibling(std::uint32_t node) const {
    const std::uint32_t parent = document_.nodes()[node].parent;
    if (node == 0) return markdown::no_node;
    // Up from the node before it to the one whose parent is the same.
    std::uint32_t before = node - 1;
    while (before != parent && before != markdown::no_node && document_.nodes()[before].parent != parent) before = document_.nodes()[before].parent;
    return before == parent ? markdown::no_node : before;
  }

  bool row_or_column_governs(std::uint32_t cell) const {
    const auto& nodes = document_.nodes();
    const std::uint32_t row = nodes[cell].parent;
    const std::uint32_t table = nodes[row].parent;
    std::uint32_t column = 0;
    for (std::uint32_t c = row + 1; c < nodes[row].next; c = nodes[c].next) {
      if (c < cell) ++column;
      if (c != cell && is_governing(regexes_, document_.text_of(nodes[c]))) return true;
    }
    if (nodes[row].header) return false;
    for (std::uint32_t c = table + 2; c < nodes[table + 1].next; c = nodes[c].next, --column) {
      if (column == 0) return is_governing(regexes_, document_.text_of(nodes[c]));
    }
    return false;
  }

  const Regexes& regexes_;
  const MarkdownDocument& document_;
};

// The innermost node that holds an offset of the text.
std::uint32_t leaf_at(const MarkdownDocument& document, std::uint32_t offset) {
  const auto& nodes = document.nodes();
  // Texts of nodes begin in document order; the last that begins at or before the offset and is not empty holds it.
  auto after = std::upper_bound(nodes.begin(), nodes.end(), offset, [](std::uint32_t at, const Node& node) { return at < node.text.begin; });
  while (after != nodes.begin()) {
    --after;
    if (after->text.begin <= offset && offset < after->text.end) return static_cast<std::uint32_t>(after - nodes.begin());
  }
  return markdown::no_node;
}

std::string message(const std::string& summary, std::string_view words, const AcceptedTier* accepted) {
  std::string out = summary + ": " + quoted(words);
  if (accepted != nullptr && !accepted->name.empty()) out += "; the accepted tier is " + quoted(accepted->name);
  return out;
}

}  // namespace

base::Result<void> match(const rules::Claim& rule, const Subject& subject, Reporter& reporter) {
  if (subject.accepted != nullptr && !subject.accepted->is_exceeded_by(rule.tiers)) return {};
  const auto regexes = compile(rule);
  if (!regexes) return regexes.error();
  const MarkdownDocument& document = subject.document;
  const Context context(*regexes, document);
  for (const Range& claim : all_matches(regexes->claim, document.text().text())) {
    const std::uint32_t leaf = leaf_at(document, claim.begin);
    if (leaf == markdown::no_node) continue;
    const Range block = document.nodes()[leaf].text;
    const Range inside{claim.begin - block.begin, claim.end - block.begin};
    if (is_bounded_in_block(*regexes, document.text_of(block), inside) || context.governs(leaf)) continue;
    reporter.add(document.text().source(claim), message(reporter.rule().summary, document.text_of(claim), subject.accepted), {},
                 std::string(document.text_of(claim)));
  }
  return {};
}

base::Result<void> check_claims(const rules::Rule& rule, const document::JsonValue& text, const std::string& pointer,
                                const AcceptedTier* accepted, std::vector<finding::Finding>& findings) {
  const auto* claim = std::get_if<rules::Claim>(&rule.body);
  if (claim == nullptr || (accepted != nullptr && !accepted->is_exceeded_by(claim->tiers))) return {};
  const auto regexes = compile(*claim);
  if (!regexes) return regexes.error();
  const std::string_view block = text.string();
  const bool verbatim = text.raw().size() == block.size() + 2;
  for (const Range& words : all_matches(regexes->claim, block)) {
    if (is_bounded_in_block(*regexes, block, words)) continue;
    const std::size_t begin = text.begin_offset() + (verbatim ? 1 + words.begin : 0);
    const std::size_t end = verbatim ? begin + words.size() : text.end_offset();
    finding::Finding found = finding::make_finding(rule.info, text.document().source(), text.document().source().span(begin, end),
                                                   message(rule.info.summary, block.substr(words.begin, words.size()), accepted), rule.info.help);
    found.json_pointer = pointer;
    findings.push_back(std::move(found));
  }
  return {};
}

}  // namespace launchgate::prose
