#include "lib/regex/pattern_filter.hpp"

#include <algorithm>

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

// Of UTF-8, a set stands for characters of several bytes, too, where it holds such bytes, or both cases of a letter that has a third case
// beyond ASCII: U+017F folds to s, U+212A to k.
bool has_long_characters(const ByteSet& set) {
  const auto both = [&](char lower) { return set.contains(static_cast<unsigned char>(lower)) && set.contains(static_cast<unsigned char>(lower - 32)); };
  if (both('k') || both('s')) return true;
  for (unsigned byte = 128; byte < 256; ++byte) {
    if (set.contains(static_cast<unsigned char>(byte))) return true;
  }
  return false;
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
  FilterBuilder(const PatternShape::Nodes& nodes, bool bytes, PatternFilter& filter) : nodes_(nodes), bytes_(bytes), filter_(filter) {}

  bool build(std::uint32_t root) {
    const Fragment all = fragment(root);
    if (too_large()) return false;
    filter_.nullable_ = all.nullable;
    filter_.first_ = all.first;
    for (const std::uint32_t position : all.first) filter_.first_bytes_.add(filter_.positions_[position].bytes);
    for (const std::uint32_t position : all.last) filter_.positions_[position].last = true;
    for (PatternFilter::Position& position : filter_.positions_) {
      std::sort(position.next.begin(), position.next.end());
      position.next.erase(std::unique(position.next.begin(), position.next.end()), position.next.end());
    }
    return true;
  }

 private:
  bool too_large() const { return filter_.positions_.size() > most_positions || edges_ > most_edges; }

  void join(const Positions& from, const Positions& to) {
    edges_ += from.size() * to.size();
    if (too_large()) return;
    for (const std::uint32_t position : from) {
      Positions& next = filter_.positions_[position].next;
      next.insert(next.end(), to.begin(), to.end());
    }
  }

  void append(Fragment& whole, Fragment part) {
    join(whole.last, part.first);
    if (whole.nullable) whole.first.insert(whole.first.end(), part.first.begin(), part.first.end());
    if (part.nullable) {
      whole.last.insert(whole.last.end(), part.last.begin(), part.last.end());
    } else {
      whole.last = std::move(part.last);
    }
    whole.nullable = whole.nullable && part.nullable;
  }

  std::uint32_t add(const ByteSet& bytes) {
    filter_.positions_.push_back({bytes, {}, false});
    return static_cast<std::uint32_t>(filter_.positions_.size() - 1);
  }

  Fragment fragment(std::uint32_t index) {
    const PatternShape::Node& node = nodes_[index];
    Fragment whole;
    if (too_large()) return whole;
    switch (node.kind) {
      case NodeKind::empty: break;
      case NodeKind::bytes: {
        const std::uint32_t position = add(node.bytes);
        whole = {false, {position}, {position}};
        if (bytes_ || !has_long_characters(node.bytes)) break;
        filter_.positions_[position].bytes.add(beyond_ascii());
        const std::uint32_t rest = add(beyond_ascii());
        join({position, rest}, {rest});
        whole.last.push_back(rest);
        break;
      }
      case NodeKind::concat:
        for (const std::uint32_t child : node.children) append(whole, fragment(child));
        break;
      case NodeKind::alternate: {
        whole.nullable = false;
        for (const std::uint32_t child : node.children) {
          const Fragment part = fragment(child);
          whole.nullable = whole.nullable || part.nullable;
          whole.first.insert(whole.first.end(), part.first.begin(), part.first.end());
          whole.last.insert(whole.last.end(), part.last.begin(), part.last.end());
        }
        break;
      }
      case NodeKind::repeat: whole = repetition(node); break;
    }
    return whole;
  }

  Fragment repetition(const PatternShape::Node& node) {
    Fragment whole;
    if (node.max == 0) return whole;
    const std::uint32_t child = node.children.front();
    const std::uint32_t copies = std::clamp(node.min, 1U, nodes_[child].kind == NodeKind::bytes ? most_copies : most_copies_of_a_group);
    for (std::uint32_t copy = 1; copy <= copies; ++copy) {
      Fragment part = fragment(child);
      if (copy == copies && node.max > copies) join(part.last, part.first);
      append(whole, std::move(part));
    }
    whole.nullable = whole.nullable || node.min == 0;
    return whole;
  }

  const PatternShape::Nodes& nodes_;
  const bool bytes_;
  PatternFilter& filter_;
  std::size_t edges_ = 0;
};

std::unique_ptr<const PatternFilter> PatternFilter::make(const PatternShape& shape, bool bytes) {
  auto filter = std::unique_ptr<PatternFilter>(new PatternFilter());
  if (!FilterBuilder(shape.nodes(), bytes, *filter).build(shape.root())) return nullptr;
  return filter;
}

bool PatternFilter::may_match(std::string_view text, bool anchored) const {
  if (nullable_) return true;
  Positions active;
  Positions following;
  std::vector<std::size_t> reached(positions_.size(), 0);  // the byte, counted from 1, at which a position was last entered
  for (std::size_t at = 0; at < text.size(); ++at) {
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
      for (const std::uint32_t next : positions_[position].next) enter(next);
    }
    if ((at == 0 || !anchored) && first_bytes_.contains(byte)) {
      for (const std::uint32_t position : first_) enter(position);
    }
    if (found) return true;
    active.swap(following);
    if (anchored && active.empty()) return false;
  }
  return false;
}

}  // namespace launchgate::regex
