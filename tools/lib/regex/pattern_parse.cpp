#include <algorithm>
#include <map>

#include "lib/base/ascii.hpp"
#include "lib/regex/pattern_shape.hpp"

// A reader for the syntax of RE2 (https://github.com/google/re2/wiki/Syntax) that keeps only what consumes bytes:
// assertions become empty nodes, groups vanish, greed is ignored. What it does not know makes it give up.
namespace launchgate::regex {
namespace {

constexpr int deepest = 100;
constexpr std::uint32_t largest_repeat = 1000;

struct Flags {
  bool ignore_case = false;
  bool dot_newline = false;
};

ByteSet ranges(std::initializer_list<std::pair<unsigned, unsigned>> list) {
  ByteSet set;
  for (const auto& [first, last] : list) set.add_range(first, last);
  return set;
}

ByteSet inverted(ByteSet set) {
  set.invert();
  return set;
}

const ByteSet* perl_class(char letter) {
  static const std::map<char, ByteSet> classes = [] {
    std::map<char, ByteSet> table;
    table['d'] = ranges({{'0', '9'}});
    table['s'] = ranges({{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}});
    table['w'] = ranges({{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}});
    table['D'] = inverted(table['d']);
    table['S'] = inverted(table['s']);
    table['W'] = inverted(table['w']);
    return table;
  }();
  const auto found = classes.find(letter);
  return found == classes.end() ? nullptr : &found->second;
}

const ByteSet* posix_class(std::string_view name) {
  static const std::map<std::string_view, ByteSet> classes = {
      {"alnum", ranges({{'0', '9'}, {'A', 'Z'}, {'a', 'z'}})},
      {"alpha", ranges({{'A', 'Z'}, {'a', 'z'}})},
      {"ascii", ranges({{0, 127}})},
      {"blank", ranges({{'\t', '\t'}, {' ', ' '}})},
      {"cntrl", ranges({{0, 31}, {127, 127}})},
      {"digit", ranges({{'0', '9'}})},
      {"graph", ranges({{'!', '~'}})},
      {"lower", ranges({{'a', 'z'}})},
      {"print", ranges({{' ', '~'}})},
      {"punct", ranges({{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}})},
      {"space", ranges({{'\t', '\r'}, {' ', ' '}})},
      {"upper", ranges({{'A', 'Z'}})},
      {"word", ranges({{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}})},
      {"xdigit", ranges({{'0', '9'}, {'A', 'F'}, {'a', 'f'}})}};
  const auto found = classes.find(name);
  return found == classes.end() ? nullptr : &found->second;
}

class Parser {
 public:
  Parser(std::string_view pattern, PatternShape::Nodes& nodes) : text_(pattern), nodes_(nodes) {}

  std::optional<std::uint32_t> parse(Flags flags) {
    const std::uint32_t root = alternation(flags, 0);
    if (at_ != text_.size()) failed_ = true;
    return failed_ ? std::nullopt : std::optional(root);
  }

 private:
  using Node = PatternShape::Node;

  bool more() const { return at_ < text_.size() && !failed_; }
  bool take(char c) {
    if (!more() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) {
    if (failed_ || text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  std::uint32_t add(Node node) {
    nodes_.push_back(std::move(node));
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }
  std::uint32_t add_bytes(ByteSet set, const Flags& flags) {
    if (flags.ignore_case) set.fold_case();
    Node node;
    node.kind = NodeKind::bytes;
    node.bytes = set;
    return add(std::move(node));
  }
  std::uint32_t add_list(NodeKind kind, std::vector<std::uint32_t> children) {
    if (children.size() == 1) return children.front();
    Node node;
    node.kind = children.empty() ? NodeKind::empty : kind;
    node.children = std::move(children);
    return add(std::move(node));
  }

  // A group without a colon, `(?i)`, changes the flags of what follows it in the enclosing group, later alternatives
  // included.
  std::uint32_t alternation(Flags flags, int depth) {
    if (depth > deepest) failed_ = true;
    std::vector<std::uint32_t> branches;
    do {
      branches.push_back(concatenation(flags, depth));
    } while (take('|'));
    return add_list(NodeKind::alternate, std::move(branches));
  }

  std::uint32_t concatenation(Flags& flags, int depth) {
    std::vector<std::uint32_t> parts;
    while (more() && text_[at_] != '|' && text_[at_] != ')') {
      if (take("\\Q")) {
        while (more() && !take("\\E")) parts.push_back(literal(text_[at_++], flags));
        continue;
      }
      const auto part = atom(flags, depth);
      if (part) parts.push_back(repeated(*part));
    }
    return add_list(NodeKind::concat, std::move(parts));
  }

  std::uint32_t literal(char c, const Flags& flags) {
    ByteSet set;
    set.add(static_cast<unsigned char>(c));
    return add_bytes(set, flags);
  }

  std::uint32_t repeated(std::uint32_t child) {
    std::uint32_t min = 0;
    std::uint32_t max = 0;
    while (repeat_operator(min, max)) {
      (void)take('?');
      Node node;
      node.kind = NodeKind::repeat;
      node.children = {child};
      node.min = min;
      node.max = max;
      child = add(std::move(node));
    }
    return child;
  }

  bool repeat_operator(std::uint32_t& min, std::uint32_t& max) {
    if (take('*')) return min = 0, max = unbounded, true;
    if (take('+')) return min = 1, max = unbounded, true;
    if (take('?')) return min = 0, max = 1, true;
    const std::size_t start = at_;
    if (!take('{')) return false;
    const auto first = number();
    if (first) {
      min = max = *first;
      bool valid = true;
      if (take(',')) {
        const bool open = more() && text_[at_] == '}';
        const auto second = open ? std::nullopt : number();
        valid = open || second.has_value();
        max = open ? unbounded : second.value_or(0);
      }
      if (valid && take('}')) return true;
    }
    at_ = start;  // a brace that is no repetition stands for itself
    return false;
  }

  std::optional<std::uint32_t> number() {
    const std::size_t start = at_;
    std::uint32_t value = 0;
    while (more() && base::is_digit(text_[at_])) {
      value = value * 10 + static_cast<std::uint32_t>(text_[at_++] - '0');
      if (value > largest_repeat) failed_ = true;
    }
    return at_ == start ? std::nullopt : std::optional(value);
  }

  // None for what consumes nothing.
  std::optional<std::uint32_t> atom(Flags& flags, int depth) {
    const char c = text_[at_++];
    switch (c) {
      case '(':
        return group(flags, depth);
      case '[':
        return add_bytes(bracket(flags), Flags());
      case '.': {
        ByteSet set = ByteSet::all();
        if (!flags.dot_newline) {
          set = ByteSet();
          set.add('\n');
          set.invert();
        }
        return add_bytes(set, Flags());
      }
      case '^':
      case '$':
        return add(Node());
      case '*':
      case '+':
      case '?':
        failed_ = true;
        return std::nullopt;
      case '\\':
        return escape(flags);
      default:
        return literal(c, flags);
    }
  }

  std::optional<std::uint32_t> group(Flags& flags, int depth) {
    Flags inner = flags;
    if (take("?P<")) {
      while (more() && text_[at_] != '>') ++at_;
      if (!take('>')) failed_ = true;
    } else if (take('?')) {
      bool on = true;
      for (bool reading = true; reading && more();) {
        const char c = text_[at_++];
        switch (c) {
          case 'i':
            inner.ignore_case = on;
            break;
          case 's':
            inner.dot_newline = on;
            break;
          case 'm':
          case 'U':
            break;
          case '-':
            on = false;
            break;
          case ':':
            reading = false;
            break;
          case ')':
            flags = inner;
            return std::nullopt;
          default:
            failed_ = true;
        }
      }
    }
    const std::uint32_t body = alternation(inner, depth + 1);
    if (!take(')')) failed_ = true;
    return body;
  }

  std::optional<std::uint32_t> escape(const Flags& flags) {
    if (!more()) {
      failed_ = true;
      return std::nullopt;
    }
    const char c = text_[at_];
    if (c == 'b' || c == 'B' || c == 'A' || c == 'z') {
      ++at_;
      Node assertion;
      assertion.word_edge = c == 'b';
      return add(std::move(assertion));
    }
    if (c == 'C') {
      ++at_;
      return add_bytes(ByteSet::all(), Flags());
    }
    return add_bytes(escaped_set(), flags);
  }

  // After a backslash: a class, or one character.
  ByteSet escaped_set() {
    ByteSet set;
    if (!more()) {
      failed_ = true;
      return set;
    }
    if (const ByteSet* known = perl_class(text_[at_])) {
      ++at_;
      return *known;
    }
    if (take('p') || take('P')) {  // Unicode classes are not modelled: any byte
      if (take('{')) {
        while (more() && text_[at_] != '}') ++at_;
        if (!take('}')) failed_ = true;
      } else if (more()) {
        ++at_;
      }
      return ByteSet::all();
    }
    if (const auto value = escaped_character(); value) add_character(set, *value, *value);
    return set;
  }

  std::optional<std::uint32_t> escaped_character() {
    const char c = text_[at_++];
    switch (c) {
      case 'a':
        return 7;
      case 'f':
        return 12;
      case 't':
        return 9;
      case 'n':
        return 10;
      case 'r':
        return 13;
      case 'v':
        return 11;
      case 'x':
        return hexadecimal();
      default:
        break;
    }
    if (base::is_alnum(c) || !base::is_ascii(c)) failed_ = true;  // octal escapes included: rare
    return static_cast<unsigned char>(c);
  }

  std::optional<std::uint32_t> hexadecimal() {
    const bool braced = take('{');
    std::uint32_t value = 0;
    std::size_t digits = 0;
    while (more() && (braced ? text_[at_] != '}' : digits < 2)) {
      const char c = text_[at_++];
      if (!base::is_hex_digit(c)) failed_ = true;
      value = value * 16 + static_cast<std::uint32_t>(base::hex_value(c));
      if (++digits > 8) failed_ = true;
    }
    if ((braced && !take('}')) || digits == 0) failed_ = true;
    return value;
  }

  ByteSet bracket(const Flags& flags) {
    ByteSet set;
    const bool negated = take('^');
    bool first = true;
    while (more() && (first || text_[at_] != ']')) {
      first = false;
      if (text_.substr(at_, 2) == "[:") {
        const std::size_t end = text_.find(":]", at_);
        if (end == std::string_view::npos) {
          failed_ = true;
          break;
        }
        std::string_view name = text_.substr(at_ + 2, end - at_ - 2);
        const bool other = !name.empty() && name.front() == '^';
        if (other) name.remove_prefix(1);
        const ByteSet* known = posix_class(name);
        if (known == nullptr) failed_ = true;
        if (known != nullptr) set.add(other ? inverted(*known) : *known);
        at_ = end + 2;
        continue;
      }
      bracket_range(set);
    }
    if (!take(']')) failed_ = true;
    if (flags.ignore_case) set.fold_case();
    if (negated) set.invert();
    return set;
  }

  void bracket_range(ByteSet& set) {
    if (take('\\')) {
      if (more() && (perl_class(text_[at_]) != nullptr || text_[at_] == 'p' || text_[at_] == 'P')) {
        set.add(escaped_set());
        return;
      }
      --at_;
    }
    const auto first = bracket_character();
    std::optional<std::uint32_t> last = first;
    if (text_.substr(at_, 1) == "-" && at_ + 1 < text_.size() && text_[at_ + 1] != ']') {
      ++at_;
      last = bracket_character();
    }
    if (!first || !last || *last < *first) {
      failed_ = true;
      return;
    }
    add_character(set, *first, *last);
  }

  // What no byte stands for takes several, each above those of ASCII.
  static void add_character(ByteSet& set, std::uint32_t first, std::uint32_t last) {
    if (first < 256) set.add_range(first, std::min<std::uint32_t>(last, 255));
    if (last >= 256) set.add_range(128, 255);
  }

  std::optional<std::uint32_t> bracket_character() {
    if (!more()) return std::nullopt;
    if (take('\\')) return more() ? escaped_character() : std::nullopt;
    const auto byte = static_cast<unsigned char>(text_[at_++]);
    if (byte >= 128) failed_ = true;
    return byte;
  }

  std::string_view text_;
  PatternShape::Nodes& nodes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<std::uint32_t> parse_pattern(std::string_view pattern, bool ignore_case, PatternShape::Nodes& nodes) {
  Flags flags;
  flags.ignore_case = ignore_case;
  return Parser(pattern, nodes).parse(flags);
}

}  // namespace launchgate::regex
