#include <algorithm>
#include <optional>

#include "lib/prose/claim_text.hpp"
#include "lib/prose/kinds.hpp"
#include "lib/prose/sentences.hpp"

// `claim`: sentences that claim more than the accepted tier (claim_text.hpp). In a document a claim is bounded, too, by
// the lead-in of its list ("The following are not claimed:"), by a heading above, by the header of its table column, by
// another cell of its row, and by a box that is not ticked.
namespace launchgate::prose {

using markdown::MarkdownDocument;
using markdown::Node;
using markdown::NodeKind;
using markdown::Range;

namespace {

constexpr std::size_t most_levels = 64;      // of nesting that a lead-in reaches through
constexpr std::size_t most_findings = 1000;  // of a rule in a document; who has more knows that the text claims

std::string_view last_sentence(std::string_view block) {
  const auto all = sentences(block);
  return all.empty() ? std::string_view() : block.substr(all.back().begin, all.back().size());
}

class Context {
 public:
  Context(const ClaimPatterns& patterns, const MarkdownDocument& document) : patterns_(patterns), document_(document) {}

  bool governs(std::uint32_t leaf) const {
    const Node& node = document_.nodes()[leaf];
    if (node.kind == NodeKind::cell && row_or_column_governs(leaf)) return true;
    std::size_t levels = 0;
    for (std::uint32_t at = leaf; at != markdown::no_node && levels < most_levels;
         at = document_.nodes()[at].parent, ++levels) {
      const Node& one = document_.nodes()[at];
      if (one.task && !one.checked) return true;  // it is still to be done
      if (one.kind != NodeKind::item && lead_in_governs(at)) return true;
    }
    std::uint32_t section = node.section;
    // A heading does not govern itself.
    if (document_.sections()[section].heading == leaf) section = document_.sections()[section].parent;
    for (; section != 0; section = document_.sections()[section].parent) {
      if (is_governing(patterns_, document_.title(document_.sections()[section]))) return true;
    }
    return false;
  }

 private:
  // Whether the paragraph just before `node`, in the same container, introduces it with a colon and a bound.
  bool lead_in_governs(std::uint32_t node) const {
    const std::uint32_t before = previous_sibling(node);
    if (before == markdown::no_node || document_.nodes()[before].kind != NodeKind::paragraph) return false;
    const std::string_view text = document_.text_of(document_.nodes()[before]);
    return !text.empty() && text.back() == ':' && is_governing(patterns_, last_sentence(text));
  }

  std::uint32_t previous_sibling(std::uint32_t node) const {
    const std::uint32_t parent = document_.nodes()[node].parent;
    if (node == 0) return markdown::no_node;
    // Up from the node before it to the one whose parent is the same.
    std::uint32_t before = node - 1;
    while (before != parent && before != markdown::no_node && document_.nodes()[before].parent != parent)
      before = document_.nodes()[before].parent;
    return before == parent ? markdown::no_node : before;
  }

  bool row_or_column_governs(std::uint32_t cell) const {
    const auto& nodes = document_.nodes();
    const std::uint32_t row = nodes[cell].parent;
    const std::uint32_t table = nodes[row].parent;
    std::uint32_t column = 0;
    for (std::uint32_t c = row + 1; c < nodes[row].next; c = nodes[c].next) {
      if (c < cell) ++column;
      if (c != cell && (is_governing(patterns_, document_.text_of(nodes[c])) || denies(nodes[c]))) return true;
    }
    if (nodes[row].header) return false;
    for (std::uint32_t c = table + 2; c < nodes[table + 1].next; c = nodes[c].next, --column) {
      if (column == 0) return is_governing(patterns_, document_.text_of(nodes[c]));
    }
    return false;
  }

  bool denies(const Node& cell) const { return !all_matches(patterns_.cells, document_.text_of(cell)).empty(); }

  const ClaimPatterns& patterns_;
  const MarkdownDocument& document_;
};

// The innermost node that holds an offset of the text.
std::uint32_t leaf_at(const MarkdownDocument& document, std::uint32_t offset) {
  const auto& nodes = document.nodes();
  // Texts of nodes begin in document order; the last that begins at or before the offset and is not empty holds it.
  auto after = std::upper_bound(nodes.begin(), nodes.end(), offset,
                                [](std::uint32_t at, const Node& node) { return at < node.text.begin; });
  while (after != nodes.begin()) {
    --after;
    if (after->text.begin <= offset && offset < after->text.end)
      return static_cast<std::uint32_t>(after - nodes.begin());
  }
  return markdown::no_node;
}

}  // namespace

base::Result<void> match(const rules::Claim& rule, const Subject& subject, const std::vector<Range>& lines,
                         Reporter& reporter) {
  if (lines.empty()) return {};
  if (subject.accepted != nullptr && !subject.accepted->is_exceeded_by(rule.tiers)) return {};
  const ClaimPatterns patterns = patterns_of(rule);
  const MarkdownDocument& document = subject.document;
  const Context context(patterns, document);
  std::optional<ClaimBlock> block;
  std::uint32_t block_leaf = markdown::no_node;
  std::size_t reported = 0;
  for (const Range& line : lines) {
    for (const Range& found : all_matches(patterns.claim, document.text_of(line))) {
      const Range claim{line.begin + found.begin, line.begin + found.end};
      const std::uint32_t leaf = leaf_at(document, claim.begin);
      if (leaf == markdown::no_node) continue;
      const Range text = document.nodes()[leaf].text;
      if (leaf != block_leaf) block.emplace(patterns, document.text_of(text));
      block_leaf = leaf;
      if (block->is_bounded({claim.begin - text.begin, claim.end - text.begin}) || context.governs(leaf)) continue;
      reporter.add(document.text().source(claim),
                   claim_message(reporter.rule().summary, document.text_of(claim), subject.accepted), {},
                   std::string(document.text_of(claim)));
      if (++reported == most_findings) return {};
    }
  }
  return {};
}

}  // namespace launchgate::prose
