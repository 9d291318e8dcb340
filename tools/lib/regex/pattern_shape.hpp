#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a regular expression (RE2 syntax, over bytes) says about the text around a literal in its matches: how far a
// match can reach and of which bytes it can consist there. It bounds the piece of a text in which every match that
// holds the literal must lie. All answers are safe: a match is never larger, nor made of other bytes, than told here.
namespace launchgate::regex {

class ByteSet {
 public:
  void add(unsigned char byte) { words_[byte >> 6U] |= std::uint64_t{1} << (byte & 63U); }
  void add_range(unsigned first, unsigned last);
  void add(const ByteSet& other);
  void invert();
  void fold_case();  // the other case of every letter, the letters of ISO 8859-1 included
  bool contains(unsigned char byte) const { return (words_[byte >> 6U] >> (byte & 63U) & 1U) != 0; }
  bool has_beyond_ascii() const { return (words_[2] | words_[3]) != 0; }
  std::size_t count() const;
  static ByteSet all();

 private:
  std::array<std::uint64_t, 4> words_{};
};

inline constexpr std::uint32_t unbounded = UINT32_MAX;

// Between `min` and `max` bytes out of `bytes`.
struct Extent {
  std::uint32_t min = 0;
  std::uint32_t max = 0;
  ByteSet bytes;
};

// What stands before and after a literal in a match.
struct Surroundings {
  Extent before;
  Extent after;
};

class PatternShape {
 public:
  // None for syntax that is not understood; RE2 may understand it nevertheless. With `bytes`, the pattern is over
  // bytes; otherwise over UTF-8, where only a PatternFilter is to be made of the shape.
  static std::optional<PatternShape> analyse(std::string_view pattern, bool ignore_case = false, bool bytes = true);

  Extent whole() const;

  // Literals in lower case, one of which stands in every match (compared without the case of ASCII letters); none of
  // them is shorter than `least` bytes. Empty when there is no such set of at most `most` literals.
  std::vector<std::string> required(std::size_t least = 3, std::size_t most = 64) const;

  // `literals` as by required(), or a rule's keywords: a bound of every match relative to one of the occurrences of
  // literals in it. None when the place of the literals in the pattern is not clear.
  std::optional<Surroundings> around(const std::vector<std::string>& literals) const;

  // The syntax tree; children stand before their parents.
  struct Node;
  using Nodes = std::vector<Node>;
  const Nodes& nodes() const { return *nodes_; }
  std::uint32_t root() const { return root_; }

 private:
  PatternShape() = default;
  std::shared_ptr<const Nodes> nodes_;
  std::uint32_t root_ = 0;
};

enum class NodeKind : std::uint8_t { empty, bytes, concat, alternate, repeat };

struct PatternShape::Node {
  NodeKind kind = NodeKind::empty;
  ByteSet bytes;                        // bytes
  std::vector<std::uint32_t> children;  // concat, alternate; one for repeat
  std::uint32_t min = 0, max = 0;       // repeat
  bool word_edge = false;               // empty: \b
};

// Index of the root in `nodes`, or none.
std::optional<std::uint32_t> parse_pattern(std::string_view pattern, bool ignore_case, PatternShape::Nodes& nodes);

}  // namespace launchgate::regex
