#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"

namespace launchgate::rules {

// A place in a document that a pattern found.
struct Place {
  document::JsonValue value;
  std::optional<document::JsonValue> key;  // when the value is a member of an object
  std::string pointer;                     // RFC 6901, from the root that was searched
  std::vector<std::string> bound;          // what each `*` stood for, from left to right
};

// Where to point a reader: the key of a container, the value itself otherwise.
base::Span pointing_span(const Place& place);

// A JSON pointer in which a segment `*` matches every key or index. A leading `<kind>#` names another document of the
// suite.
class PointerPattern {
 public:
  // None for a text that is no pointer.
  static std::optional<PointerPattern> parse(std::string_view text);

  const std::string& text() const { return text_; }
  const std::string& kind() const { return kind_; }  // empty: the document under check
  std::size_t wildcards() const;
  // The number of segments that are exactly `name`, for example "{step}".
  std::size_t count(std::string_view name) const;
  // With every segment `name` replaced by the literal `value`.
  PointerPattern with(std::string_view name, std::string_view value) const;

  // In document order. Cost: the nodes on the paths that fit.
  void each(const document::JsonValue& root, const std::function<void(const Place&)>& visit) const;
  std::vector<Place> find(const document::JsonValue& root) const;
  // The deepest value on the way that exists; what is missing belongs there.
  Place nearest(const document::JsonValue& root) const;

 private:
  struct Segment {
    bool any = false;
    std::string text;
  };
  void walk(std::size_t depth, Place& place, const std::function<void(const Place&)>& visit) const;

  std::string text_;
  std::string kind_;
  std::vector<Segment> segments_;
};

}  // namespace launchgate::rules
