#include "lib/regex/pattern_filter.hpp"

#include <algorithm>

#include "lib/base/ascii.hpp"

namespace launchgate::regex {
namespace {

constexpr std::size_t most_positions = 4096;
constexpr std::size_t most_edges = 65536;
// Copies of what is repeated; of more, the last one repeats itself.
constexpr std::uint32_t most_copies = 64;
constexpr std::uint32_t most_copies_of_a_group = 3;

using Positions = std::vector<std::uint32_t>;

ByteSet beyond_ascii() {
  ByteSet set;
  set.add_range(128, 255);
  return set;
}

// Of UTF-8, a set stands for characters of several bytes, too, where it holds such bytes, or both cases of a letter
// that has a third case beyond ASCII: U+017F folds to s, U+212A to k.
bool has_long_characters(const ByteSet& set) {
  const auto both = [&](char lower) {
    return set.contains(static_cast<unsigned char>(lower)) && set.contains(static_cast<unsigned char>(lower - 32));
  };
  return set.has_beyond_ascii() || both('k') || both('s');
}

}  // namespace

// What an expression begins and ends with, and whether it can be empty.
struct Fragment {
  bool nullable = true;
  Positions first;
  Positions last;
};

class FilterBuilder {
 public:
  FilterBuilder(const PatternShape::Nodes& nodes, bool bytes, PatternFilter& filter)
      : nodes_(nodes), bytes_(bytes), filter_(filter) {}

  bool build(std::uint32_t root) {
    const Fragment all = fragment(root);
    if (too_large()) return false;
    filter_.nullable_ = all.nullable;
    filter_.at_word_edge_ = begins_at_word_edge(root);
    filter_.first_ = all.first;
    for (const std::uint32_t position : all.first) filter_.first_bytes_.add(filter_.positions_[position].bytes);
    for (const std::uint32_t position : all.last) filter_.positions_[position].last = true;
    // One list of all followers, those of a position side by side.
    for (const Edge& edge : edges_) ++filter_.positions_[edge.from].followers;
    std::uint32_t begin = 0;
    for (PatternFilter::Position& position : filter_.positions_) {
      position.begin = begin;
      begin += position.followers;
      position.followers = 0;
    }
    filter_.next_.resize(edges_.size());
    for (const Edge& edge : edges_) {
      PatternFilter::Position& from = filter_.positions_[edge.from];
      filter_.next_[from.begin + from.followers++] = edge.to;
    }
    return true;
  }

 private:
  struct Edge {
    std::uint32_t from;
    std::uint32_t to;
  };

  bool too_large() const { return filter_.positions_.size() > most_positions || edges_.size() > most_edges; }

  std::uint32_t add(const ByteSet& bytes) {
    filter_.positions_.push_back({bytes, 0, 0, false});
    return static_cast<std::uint32_t>(filter_.positions_.size() - 1);
  }

  void join(const Positions& from, const Positions& to) {
    if (too_large()) return;
    for (const std::uint32_t position : from) {
      for (const std::uint32_t next : to) edges_.push_back({position, next});
    }
  }

  void append(Fragment& whole, const Fragment& part) {
    join(whole.last, part.first);
    if (whole.nullable) whole.first.insert(whole.first.end(), part.first.begin(), part.first.end());
    if (!part.nullable) whole.last.clear();
    whole.last.insert(whole.last.end(), part.last.begin(), part.last.end());
    whole.nullable = whole.nullable && part.nullable;
  }

  // One byte: most of a pattern.
  void append(Fragment& whole, const ByteSet& bytes) {
    const std::uint32_t position = add(bytes);
    for (const std::uint32_t last : whole.last) edges_.push_back({last, position});
    if (whole.nullable) whole.first.push_back(position);
    whole.last.assign(1, position);
    whole.nullable = false;
    if (bytes_ || !has_long_characters(bytes)) return;
    filter_.positions_[position].bytes.add(beyond_ascii());
    const std::uint32_t rest = add(beyond_ascii());
    edges_.push_back({position, rest});
    edges_.push_back({rest, rest});
    whole.last.push_back(rest);
  }

  void append(Fragment& whole, std::uint32_t index) {
    if (nodes_[index].kind == NodeKind::bytes) {
      append(whole, nodes_[index].bytes);
    } else {
      append(whole, fragment(index));
    }
  }

  Fragment fragment(std::uint32_t index) {
    const PatternShape::Node& node = nodes_[index];
    Fragment whole;
    if (too_large()) return whole;
    switch (node.kind) {
      case NodeKind::empty:
        break;
      case NodeKind::bytes:
        append(whole, node.bytes);
        break;
      case NodeKind::concat:
        for (const std::uint32_t child : node.children) append(whole, child);
        break;
      case NodeKind::alternate:
        whole.nullable = false;
        for (const std::uint32_t child : node.children) {
          const Fragment part = fragment(child);
          whole.nullable = whole.nullable || part.nullable;
          whole.first.insert(whole.first.end(), part.first.begin(), part.first.end());
          whole.last.insert(whole.last.end(), part.last.begin(), part.last.end());
        }
        break;
      case NodeKind::repeat:
        whole = repetition(node);
        break;
    }
    return whole;
  }

  Fragment repetition(const PatternShape::Node& node) {
    Fragment whole;
    if (node.max == 0) return whole;
    const std::uint32_t child = node.children.front();
    const std::uint32_t copies =
        std::clamp(node.min, 1U, nodes_[child].kind == NodeKind::bytes ? most_copies : most_copies_of_a_group);
    for (std::uint32_t copy = 1; copy < copies; ++copy) append(whole, child);
    const Fragment part = fragment(child);
    if (node.max > copies) join(part.last, part.first);
    append(whole, part);
    whole.nullable = whole.nullable || node.min == 0;
    return whole;
  }

  // Whether no match begins elsewhere than at \b.
  bool begins_at_word_edge(std::uint32_t index) const {
    const PatternShape::Node& node = nodes_[index];
    const auto at_edge = [&](std::uint32_t child) { return begins_at_word_edge(child); };
    switch (node.kind) {
      case NodeKind::empty:
        return node.word_edge;
      case NodeKind::bytes:
        return false;
      case NodeKind::concat: {
        const auto consumes = [&](std::uint32_t child) { return nodes_[child].kind != NodeKind::empty; };
        const auto end = std::find_if(node.children.begin(), node.children.end(), consumes);
        return std::any_of(node.children.begin(), end, at_edge) || (end != node.children.end() && at_edge(*end));
      }
      case NodeKind::alternate:
        return std::all_of(node.children.begin(), node.children.end(), at_edge);
      case NodeKind::repeat:
        return node.min > 0 && at_edge(node.children.front());
    }
    return false;
  }

  const PatternShape::Nodes& nodes_;
  const bool bytes_;
  PatternFilter& filter_;
  std::vector<Edge> edges_;
};

std::unique_ptr<const PatternFilter> PatternFilter::make(const PatternShape& shape, bool bytes) {
  auto filter = std::unique_ptr<PatternFilter>(new PatternFilter());
  if (!FilterBuilder(shape.nodes(), bytes, *filter).build(shape.root())) return nullptr;
  return filter;
}

bool PatternFilter::may_begin(std::string_view text, std::size_t at) const {
  if (!first_bytes_.contains(static_cast<unsigned char>(text[at]))) return false;
  return !at_word_edge_ || at == 0 || base::is_word(text[at - 1]) != base::is_word(text[at]);
}

std::size_t PatternFilter::next_first(std::string_view text, std::size_t from) const {
  while (from < text.size() && !may_begin(text, from)) ++from;
  return from;
}

bool PatternFilter::may_match(std::string_view text, bool anchored) const {
  if (nullable_) return true;
  // Most texts hold no place where a match could begin.
  std::size_t at = next_first(text, 0);
  if (at == text.size() || (anchored && at > 0)) return false;
  Positions active;
  Positions following;
  std::vector<std::size_t> reached(positions_.size(),
                                   0);  // the byte, counted from 1, at which a position was last entered
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    bool found = false;
    const auto enter = [&](std::uint32_t position) {
      if (reached[position] == at + 1 || !positions_[position].bytes.contains(byte)) return;
      reached[position] = at + 1;
      found = found || positions_[position].last;
      following.push_back(position);
    };
    following.clear();
    for (const std::uint32_t position : active) {
      const std::uint32_t* const next = next_.data() + positions_[position].begin;
      for (std::uint32_t i = 0; i < positions_[position].followers; ++i) enter(next[i]);
    }
    if ((at == 0 || !anchored) && may_begin(text, at)) {
      for (const std::uint32_t position : first_) enter(position);
    }
    if (found) return true;
    active.swap(following);
    if (active.empty() && anchored) return false;
    at = active.empty() ? next_first(text, at + 1) : at + 1;
  }
  return false;
}

}  // namespace launchgate::regex
