#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

// HTML and SVG, front to back. Markup comes from the program's own literals alone, and every text and attribute value
// is escaped on its way in, so that no name, URL or message can become markup, whatever it holds.
namespace launchgate::page {

// A name of an element or attribute. Only a literal can be one.
class Name {
 public:
  consteval Name(const char* literal) : text_(literal) {}  // NOLINT: literals become names by themselves
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

struct Attribute {
  Name name;
  std::string value;
};
using Attributes = std::initializer_list<Attribute>;

// A text for inside elements and quoted attributes: markup is escaped; control characters, bidirectional overrides and
// what is no UTF-8 are shown as \u00XX.
std::string escaped(std::string_view text);

class Html {
 public:
  Html& open(Name element, Attributes attributes = {});
  // The element that was opened last.
  Html& close();
  Html& text(std::string_view text);
  // The whole of an element that holds a text alone.
  Html& element(Name element, std::string_view text, Attributes attributes = {});
  // An element that holds nothing and is not closed (HTML), or closes itself (SVG).
  Html& empty(Name element, Attributes attributes = {});
  Html& add(Html other);
  // A literal that is markup already.
  Html& literal(Name markup);

  bool balanced() const { return open_.empty(); }
  std::string take() { return std::move(out_); }

 private:
  void begin(Name element, Attributes attributes);

  std::string out_;
  std::vector<std::string_view> open_;
};

}  // namespace launchgate::page
