#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/base/source_text.hpp"

// JSON (RFC 8259) read strictly, with the position of every value.
//
// The text is kept; the tree is one array of 20-byte nodes in document order, each knowing where it stands and where
// its subtree ends. Strings without escapes and all numbers are views into the text, so that numbers stay exact and a
// document costs little more than its file. Values are cheap handles (pointer and index) and must not outlive their
// document.
namespace launchgate::document {

enum class JsonKind : std::uint8_t { null, boolean, number, string, array, object };

std::string_view kind_name(JsonKind kind);

struct JsonLimits {
  std::size_t depth = 1000;
  std::size_t bytes = 256UL * 1024 * 1024;
};

class JsonDocument;

class JsonValue {
 public:
  JsonValue(const JsonDocument& document, std::uint32_t node) : document_(&document), node_(node) {}

  JsonKind kind() const;
  bool is(JsonKind wanted) const { return kind() == wanted; }

  // Each of these asks for the matching kind; another kind yields false, "" or an empty range.
  bool boolean() const;
  std::string_view string() const;
  // The number as written, for example "1e3" or "0.10".
  std::string_view number_text() const;
  double number() const;
  // The exact value when it is an integer that fits, "1.0" and "1e2" included.
  std::optional<std::int64_t> integer() const;

  // Members of an object or elements of an array.
  std::uint32_t size() const;

  struct Member;
  class MemberIterator;
  class ElementIterator;
  template <typename Iterator>
  struct Range {
    Iterator first;
    Iterator last;
    Iterator begin() const { return first; }
    Iterator end() const { return last; }
  };
  Range<MemberIterator> members() const;
  Range<ElementIterator> elements() const;

  // The member of that name; where a document holds the key twice (see JsonDocument::duplicates), the first.
  std::optional<JsonValue> find(std::string_view key) const;
  // The string member of that name, or "".
  std::string_view string_member(std::string_view key) const;

  // Byte offsets in the source, quotes and brackets included.
  std::size_t begin_offset() const;
  std::size_t end_offset() const;
  base::Span span() const;
  // The text as written.
  std::string_view raw() const;
  // RFC 6901 pointer; cost is proportional to depth and breadth above the value.
  std::string pointer() const;

  const JsonDocument& document() const { return *document_; }
  std::uint32_t node() const { return node_; }
  friend bool operator==(const JsonValue&, const JsonValue&) = default;

 private:
  const JsonDocument* document_;
  std::uint32_t node_;
};

struct JsonValue::Member {
  JsonValue key;  // a string value, so that it has a span of its own
  JsonValue value;
  std::string_view name() const { return key.string(); }
};

struct DuplicateKey {
  std::string key;
  base::Span span;   // of the repeated key
  base::Span first;  // of the key it repeats
};

class JsonDocument {
 public:
  // Refuses what RFC 8259 refuses and, beyond it: a byte order mark, ill-formed UTF-8, lone surrogates, duplicate keys,
  // depth and size above the limits, anything after the value. The error has the position.
  static base::Result<JsonDocument> parse(std::shared_ptr<const base::SourceText> source,
                                          const JsonLimits& limits = {});
  static base::Result<JsonDocument> parse(std::string path, std::string text, const JsonLimits& limits = {}) {
    return parse(std::make_shared<const base::SourceText>(std::move(path), std::move(text)), limits);
  }

  // The same, except that duplicate keys are collected and not refused, so that a validator can report them beside
  // everything else.
  static base::Result<JsonDocument> parse_keeping_duplicates(std::shared_ptr<const base::SourceText> source,
                                                             const JsonLimits& limits = {});
  static base::Result<JsonDocument> parse_keeping_duplicates(std::string path, std::string text,
                                                             const JsonLimits& limits = {}) {
    return parse_keeping_duplicates(std::make_shared<const base::SourceText>(std::move(path), std::move(text)), limits);
  }

  JsonValue root() const { return {*this, 0}; }
  const base::SourceText& source() const { return *source_; }
  const std::shared_ptr<const base::SourceText>& shared_source() const { return source_; }
  const std::string& path() const { return source_->path(); }
  const std::vector<DuplicateKey>& duplicates() const { return duplicates_; }

  // RFC 6901; "" is the root.
  std::optional<JsonValue> at(std::string_view pointer) const;

  struct Node {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t next;   // first node after the subtree
    std::uint32_t extra;  // size of a container; for a string with escapes 1 + its place in `decoded_`
    JsonKind kind;
  };
  const Node& node(std::uint32_t index) const { return nodes_[index]; }
  std::string_view string_at(std::uint32_t index) const;

 private:
  friend class JsonBuilder;
  JsonDocument() = default;

  std::shared_ptr<const base::SourceText> source_;
  std::vector<Node> nodes_;
  std::string decoded_text_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> decoded_;  // offset and length in decoded_text_
  std::vector<DuplicateKey> duplicates_;
};

class JsonValue::ElementIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = JsonValue;
  using difference_type = std::ptrdiff_t;
  using pointer = const JsonValue*;
  using reference = JsonValue;

  ElementIterator(const JsonDocument& document, std::uint32_t node) : document_(&document), node_(node) {}
  JsonValue operator*() const { return {*document_, node_}; }
  ElementIterator& operator++() {
    node_ = document_->node(node_).next;
    return *this;
  }
  ElementIterator operator++(int) {
    const ElementIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const ElementIterator&, const ElementIterator&) = default;

 private:
  const JsonDocument* document_;
  std::uint32_t node_;
};

class JsonValue::MemberIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = Member;
  using difference_type = std::ptrdiff_t;
  using pointer = const Member*;
  using reference = Member;

  MemberIterator(const JsonDocument& document, std::uint32_t node) : document_(&document), node_(node) {}
  Member operator*() const { return {{*document_, node_}, {*document_, node_ + 1}}; }
  MemberIterator& operator++() {
    node_ = document_->node(node_ + 1).next;
    return *this;
  }
  MemberIterator operator++(int) {
    const MemberIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const MemberIterator&, const MemberIterator&) = default;

 private:
  const JsonDocument* document_;
  std::uint32_t node_;
};

// One segment of an RFC 6901 pointer, escaped.
std::string escape_pointer_segment(std::string_view segment);
// Splits and unescapes; none for a pointer that does not start with '/' (the empty pointer has no segments).
std::optional<std::vector<std::string>> split_pointer(std::string_view pointer);

}  // namespace launchgate::document
