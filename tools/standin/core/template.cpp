#include "standin/core/template.hpp"

#include "lib/document/json_writer.hpp"

namespace launchgate::standin {

void Template::add_text(std::string_view text, Place place) {
  while (true) {
    const std::size_t open = text.find("{{");
    const std::size_t close = open == std::string_view::npos ? open : text.find("}}", open);
    if (close == std::string_view::npos) {
      tail_ += text;
      return;
    }
    tail_ += text.substr(0, open);
    pieces_.push_back({std::move(tail_), std::string(text.substr(open + 2, close - open - 2)), place});
    tail_.clear();
    text.remove_prefix(close + 2);
  }
}

Template Template::from_text(std::string_view text) {
  Template made;
  made.add_text(text, Place::plain);
  return made;
}

Template Template::from_json(const document::JsonValue& value) {
  Template made;
  const std::string_view raw = value.raw();
  std::size_t at = 0;
  while (at < raw.size()) {
    const char c = raw[at];
    if (c != '"') {
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') made.tail_ += c;
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    while (raw[end] != '"') end += raw[end] == '\\' ? 2U : 1U;
    const std::string_view inner = raw.substr(at + 1, end - at - 1);
    at = end + 1;
    const bool whole = inner.starts_with("{{") && inner.find("}}") == inner.size() - 2 && inner.size() > 4;
    if (whole) {
      made.add_text(inner, Place::whole);
    } else {
      made.tail_ += '"';
      made.add_text(inner, Place::inside);
      made.tail_ += '"';
    }
  }
  return made;
}

void Template::render(std::string& out, const Lookup& lookup) const {
  for (const Piece& piece : pieces_) {
    out += piece.literal;
    const Value value = lookup(piece.name);
    if (piece.place == Place::inside) {
      document::append_json_escaped(out, value.text);
    } else if (piece.place == Place::whole && value.kind == Value::Kind::text) {
      document::append_json_string(out, value.text);
    } else {
      out += value.text;
    }
  }
  out += tail_;
}

std::vector<std::string> Template::names() const {
  std::vector<std::string> names;
  for (const Piece& piece : pieces_) names.push_back(piece.name);
  return names;
}

}  // namespace launchgate::standin
