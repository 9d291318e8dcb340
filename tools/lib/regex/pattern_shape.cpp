#include "lib/regex/pattern_shape.hpp"

#include <algorithm>
#include <bit>

#include "lib/base/ascii.hpp"

namespace launchgate::regex {

void ByteSet::add_range(unsigned first, unsigned last) {
  for (unsigned word = first >> 6U; word <= last >> 6U; ++word) {
    std::uint64_t bits = ~std::uint64_t{0};
    if (word == first >> 6U) bits &= ~std::uint64_t{0} << (first & 63U);
    if (word == last >> 6U) bits &= ~std::uint64_t{0} >> (63U - (last & 63U));
    words_[word] |= bits;
  }
}

void ByteSet::add(const ByteSet& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
}

void ByteSet::invert() {
  for (std::uint64_t& word : words_) word = ~word;
}

void ByteSet::fold_case() {
  // The cases of a letter differ in the bit that halves a word of the set: A to Z with a to z, and 0xC0 to 0xFE.
  constexpr std::uint64_t letters = 0x07FFFFFE;
  const std::uint64_t ascii = words_[1];
  words_[1] |= (ascii & letters) << 32U | (ascii >> 32U & letters);
  const std::uint64_t latin = words_[3];
  words_[3] |= latin << 32U | (latin & ~(std::uint64_t{1} << 63U)) >> 32U;
}

std::size_t ByteSet::count() const {
  std::size_t sum = 0;
  for (const std::uint64_t word : words_) sum += static_cast<std::size_t>(std::popcount(word));
  return sum;
}

ByteSet ByteSet::all() {
  ByteSet set;
  set.invert();
  return set;
}

namespace {

using Node = PatternShape::Node;
using Strings = std::vector<std::string>;

constexpr std::size_t most_strings = 256;
constexpr std::size_t longest_string = 64;
constexpr std::size_t most_bytes = 16;

std::uint32_t add_up(std::uint32_t a, std::uint32_t b) { return a > unbounded - b ? unbounded : a + b; }

std::uint32_t times(std::uint32_t a, std::uint32_t b) {
  if (a == 0 || b == 0) return 0;
  if (a == unbounded || b == unbounded || a > unbounded / b) return unbounded;
  return a * b;
}

Extent joined(const Extent& a, const Extent& b) {
  Extent sum{add_up(a.min, b.min), add_up(a.max, b.max), a.bytes};
  sum.bytes.add(b.bytes);
  return sum;
}

Extent either(const Extent& a, const Extent& b) {
  Extent sum{std::min(a.min, b.min), std::max(a.max, b.max), a.bytes};
  sum.bytes.add(b.bytes);
  return sum;
}

// Strings in lower case. What takes strings one by one gives up `a` for it: most parts stand for one string.
std::optional<Strings> product(Strings&& a, const Strings& b) {
  if (a.size() * b.size() > most_strings) return std::nullopt;
  if (b.size() == 1) {
    for (std::string& left : a) {
      if (left.size() + b.front().size() > longest_string) return std::nullopt;
      left += b.front();
    }
    return std::move(a);
  }
  Strings all;
  all.reserve(a.size() * b.size());
  for (const std::string& left : a) {
    for (const std::string& right : b) {
      if (left.size() + right.size() > longest_string) return std::nullopt;
      all.push_back(left + right);
    }
  }
  return all;
}

class Analysis {
 public:
  explicit Analysis(const PatternShape::Nodes& nodes) : nodes_(nodes), exact_(nodes.size()), known_(nodes.size()) {}

  Extent extent(std::uint32_t index) const {
    const Node& node = nodes_[index];
    switch (node.kind) {
      case NodeKind::empty:
        return {};
      case NodeKind::bytes:
        return {1, 1, node.bytes};
      case NodeKind::concat:
        return extent(node.children, 0, node.children.size());
      case NodeKind::alternate: {
        Extent sum = extent(node.children.front());
        for (const std::uint32_t child : node.children) sum = either(sum, extent(child));
        return sum;
      }
      case NodeKind::repeat: {
        const Extent one = extent(node.children.front());
        return {times(one.min, node.min), times(one.max, node.max), one.bytes};
      }
    }
    return {0, unbounded, ByteSet::all()};
  }

  // All strings that the node can stand for, in lower case, when they are few.
  const std::optional<Strings>& exact(std::uint32_t index) const {
    if (!known_[index]) {
      exact_[index] = find_exact(index);
      known_[index] = true;
    }
    return exact_[index];
  }

  std::optional<Strings> find_exact(std::uint32_t index) const {
    const Node& node = nodes_[index];
    switch (node.kind) {
      case NodeKind::empty:
        return Strings{""};
      case NodeKind::bytes:
        return exact_bytes(node.bytes);
      case NodeKind::concat: {
        std::optional<Strings> all = Strings{""};
        for (std::size_t i = 0; i < node.children.size() && all; ++i) {
          const auto& more = exact(node.children[i]);
          all = more ? product(std::move(*all), *more) : std::nullopt;
        }
        return all;
      }
      case NodeKind::alternate: {
        Strings all;
        for (const std::uint32_t child : node.children) {
          const auto& more = exact(child);
          if (!more || all.size() + more->size() > most_strings) return std::nullopt;
          all.insert(all.end(), more->begin(), more->end());
        }
        return all;
      }
      case NodeKind::repeat:
        return exact_repeat(node);
    }
    return std::nullopt;
  }

  // The surroundings of a literal, where every match holds one at a known place.
  std::optional<Surroundings> locate(std::uint32_t index, const Strings& literals) const {
    if (const auto& strings = exact(index)) {
      const auto found = locate_in(*strings, literals);
      if (found) return with_bytes(*found, extent(index).bytes);
    }
    const Node& node = nodes_[index];
    switch (node.kind) {
      case NodeKind::concat:
        return locate_in_list(node.children, literals);
      case NodeKind::alternate: {
        std::optional<Surroundings> sum;
        for (const std::uint32_t child : node.children) {
          const auto one = locate(child, literals);
          if (!one) return std::nullopt;
          sum = sum ? Surroundings{either(sum->before, one->before), either(sum->after, one->after)} : *one;
        }
        return sum;
      }
      case NodeKind::repeat: {
        if (node.min == 0) return std::nullopt;
        auto first = locate(node.children.front(), literals);
        if (!first) return std::nullopt;
        const Extent one = extent(node.children.front());
        first->after =
            joined(first->after, {times(one.min, node.min - 1),
                                  node.max == unbounded ? unbounded : times(one.max, node.max - 1), one.bytes});
        return first;
      }
      default:
        return std::nullopt;
    }
  }

  // The strings of the most telling part that every match has.
  Strings required(std::uint32_t index, std::size_t least, std::size_t most) const {
    const auto good = [&](const Strings& strings) {
      return !strings.empty() && strings.size() <= most &&
             std::all_of(strings.begin(), strings.end(), [&](const std::string& s) { return s.size() >= least; });
    };
    const Node& node = nodes_[index];
    if (node.kind != NodeKind::concat) {
      if (const auto& strings = exact(index); strings && good(*strings)) return *strings;
    }
    if (node.kind == NodeKind::alternate) {
      Strings all;
      for (const std::uint32_t child : node.children) {
        const Strings one = required(child, least, most);
        if (one.empty()) return {};
        all.insert(all.end(), one.begin(), one.end());
      }
      return good(all) ? all : Strings();
    }
    if (node.kind == NodeKind::repeat) return node.min > 0 ? required(node.children.front(), least, most) : Strings();
    if (node.kind != NodeKind::concat) return {};
    Strings best;
    const auto consider = [&](const Strings& strings) {
      if (good(strings) && (best.empty() || shortest(strings) > shortest(best))) best = strings;
    };
    for (std::size_t first = 0; first < node.children.size(); ++first) {
      std::optional<Strings> run = Strings{""};
      for (std::size_t last = first; last < node.children.size(); ++last) {
        const auto& more = exact(node.children[last]);
        run = more ? product(std::move(*run), *more) : std::nullopt;
        if (!run) break;
        consider(*run);
      }
      consider(required(node.children[first], least, most));
    }
    return best;
  }

 private:
  static std::size_t shortest(const Strings& strings) {
    std::size_t least = longest_string;
    for (const std::string& s : strings) least = std::min(least, s.size());
    return least;
  }

  static std::optional<Strings> exact_bytes(const ByteSet& bytes) {
    if (bytes.count() > 2 * most_bytes) return std::nullopt;
    Strings all;
    for (unsigned byte = 0; byte < 256; ++byte) {
      if (!bytes.contains(static_cast<unsigned char>(byte))) continue;
      const bool upper = base::is_upper(static_cast<char>(byte));
      if (upper && bytes.contains(static_cast<unsigned char>(byte + 32))) continue;
      all.emplace_back(1, static_cast<char>(upper ? byte + 32 : byte));
    }
    if (all.empty() || all.size() > most_bytes) return std::nullopt;
    return all;
  }

  std::optional<Strings> exact_repeat(const Node& node) const {
    if (node.max == unbounded) return std::nullopt;
    const auto& one = exact(node.children.front());
    if (!one) return std::nullopt;
    Strings all;
    Strings power = {""};
    for (std::uint32_t i = 0; i <= node.max; ++i) {
      if (i >= node.min) all.insert(all.end(), power.begin(), power.end());
      if (all.size() > most_strings) return std::nullopt;
      if (i == node.max) break;
      auto next = product(std::move(power), *one);
      if (!next) return std::nullopt;
      power = std::move(*next);
    }
    return all;
  }

  Extent extent(const std::vector<std::uint32_t>& children, std::size_t first, std::size_t last) const {
    Extent sum;
    for (std::size_t i = first; i < last; ++i) sum = joined(sum, extent(children[i]));
    return sum;
  }

  static Surroundings with_bytes(Surroundings surroundings, const ByteSet& bytes) {
    surroundings.before.bytes = bytes;
    surroundings.after.bytes = bytes;
    return surroundings;
  }

  // Without bytes.
  static std::optional<Surroundings> locate_in(const Strings& strings, const Strings& literals) {
    std::optional<Surroundings> sum;
    for (const std::string& s : strings) {
      std::optional<Surroundings> one;
      for (const std::string& literal : literals) {
        const std::size_t at = s.find(literal);
        if (literal.empty() || at == std::string::npos) continue;
        const auto before = static_cast<std::uint32_t>(at);
        const auto after = static_cast<std::uint32_t>(s.size() - at - literal.size());
        const Surroundings here{{before, before, {}}, {after, after, {}}};
        // Any of the literals may be the one that is reported, so all count.
        one = one ? Surroundings{either(one->before, here.before), either(one->after, here.after)} : here;
      }
      if (!one) return std::nullopt;
      sum = sum ? Surroundings{either(sum->before, one->before), either(sum->after, one->after)} : *one;
    }
    return sum;
  }

  std::optional<Surroundings> locate_in_list(const std::vector<std::uint32_t>& children,
                                             const Strings& literals) const {
    std::optional<Surroundings> best;
    const auto consider = [&](std::size_t first, std::size_t last, const Surroundings& inner) {
      Surroundings outer{joined(extent(children, 0, first), inner.before),
                         joined(inner.after, extent(children, last + 1, children.size()))};
      if (!best || outer.before.max < best->before.max) best = std::move(outer);
    };
    for (std::size_t first = 0; first < children.size(); ++first) {
      std::optional<Strings> run = Strings{""};
      for (std::size_t last = first; last < children.size(); ++last) {
        const auto& more = exact(children[last]);
        run = more ? product(std::move(*run), *more) : std::nullopt;
        if (!run) break;
        const auto found = locate_in(*run, literals);
        if (!found) continue;
        consider(first, last, with_bytes(*found, extent(children, first, last + 1).bytes));
        break;
      }
      if (!exact(children[first])) {
        if (const auto found = locate(children[first], literals)) consider(first, first, *found);
      }
    }
    return best;
  }

  const PatternShape::Nodes& nodes_;
  mutable std::vector<std::optional<Strings>> exact_;  // of a node, once known: asked for again and again on the way up
  mutable std::vector<bool> known_;
};

}  // namespace

std::optional<PatternShape> PatternShape::analyse(std::string_view pattern, bool ignore_case, bool bytes) {
  // The reader sees the bytes of a character one by one, and would repeat the last one alone.
  if (!bytes &&
      std::any_of(pattern.begin(), pattern.end(), [](char c) { return static_cast<unsigned char>(c) >= 128; }))
    return std::nullopt;
  auto nodes = std::make_shared<Nodes>();
  const auto root = parse_pattern(pattern, ignore_case, *nodes);
  if (!root) return std::nullopt;
  PatternShape shape;
  shape.nodes_ = std::move(nodes);
  shape.root_ = *root;
  return shape;
}

Extent PatternShape::whole() const { return Analysis(*nodes_).extent(root_); }

std::vector<std::string> PatternShape::required(std::size_t least, std::size_t most) const {
  Strings strings = Analysis(*nodes_).required(root_, least, most);
  std::sort(strings.begin(), strings.end());
  strings.erase(std::unique(strings.begin(), strings.end()), strings.end());
  return strings;
}

std::optional<Surroundings> PatternShape::around(const std::vector<std::string>& literals) const {
  return Analysis(*nodes_).locate(root_, literals);
}

}  // namespace launchgate::regex
