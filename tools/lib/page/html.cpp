#include "lib/page/html.hpp"

#include <utility>

#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"

namespace launchgate::page {

namespace {

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\'') {
      out += "&#39;";
    } else {
      base::append_markup(out, c);
    }
  }
}

// Texts without anything to show otherwise are most of them.
bool plain(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) return false;
  }
  return !text.starts_with(':') && !text.starts_with('#');
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, plain(text) ? text : base::printable(text));
  return out;
}

void Html::begin(Name element, Attributes attributes) {
  out_ += '<';
  out_ += element.text();
  for (const Attribute& attribute : attributes) {
    out_ += ' ';
    out_ += attribute.name.text();
    out_ += "=\"";
    out_ += escaped(attribute.value);
    out_ += '"';
  }
}

Html& Html::open(Name element, Attributes attributes) {
  begin(element, attributes);
  out_ += '>';
  open_.push_back(element.text());
  return *this;
}

Html& Html::close() {
  if (open_.empty()) return *this;
  out_ += "</";
  out_ += open_.back();
  out_ += ">";
  open_.pop_back();
  return *this;
}

Html& Html::text(std::string_view text) {
  out_ += escaped(text);
  return *this;
}

Html& Html::element(Name element, std::string_view text, Attributes attributes) {
  return open(element, attributes).text(text).close();
}

Html& Html::empty(Name element, Attributes attributes) {
  begin(element, attributes);
  out_ += "/>";
  return *this;
}

Html& Html::add(Html other) {
  while (!other.balanced()) other.close();
  out_ += other.take();
  return *this;
}

Html& Html::literal(Name markup) {
  out_ += markup.text();
  return *this;
}

}  // namespace launchgate::page
