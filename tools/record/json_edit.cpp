#include "record/json_edit.hpp"

#include <algorithm>

#include "lib/document/json_writer.hpp"

namespace launchgate::record {
namespace {

using document::JsonKind;
using document::JsonValue;

// What stands between the last line break before `offset` and `offset`, when that is white space alone.
std::string indentation(std::string_view text, std::size_t offset) {
  const std::size_t start = offset == 0 ? 0 : text.find_last_of('\n', offset - 1) + 1;
  const std::string_view before = text.substr(start, offset - start);
  return before.find_first_not_of(" \t") == std::string_view::npos ? std::string(before) : std::string();
}

// Its lines, the first excepted, moved to the right. Strings in JSON hold no line breaks, so that every line break is
// white space.
std::string moved(std::string_view json, const std::string& indent, const std::string& unit) {
  std::string out;
  std::size_t at = 0;
  while (at < json.size()) {
    const std::size_t end = std::min(json.find('\n', at), json.size());
    std::string_view line = json.substr(at, end - at);
    if (at > 0) {
      out += '\n' + indent;
      while (line.starts_with("  ")) {
        out += unit;
        line.remove_prefix(2);
      }
    }
    out += line;
    at = end + 1;
  }
  return out;
}

std::string in_one_line(std::string_view json) {
  const auto parsed = document::JsonDocument::parse("", std::string(json));
  return parsed ? document::compact(parsed->root()) : std::string(json);
}

}  // namespace

TextEdit set_member(const JsonValue& object, std::string_view name, std::string_view json) {
  const std::string_view text = object.document().source().text();
  const bool spread = object.raw().find('\n') != std::string_view::npos || object.size() == 0;
  std::string inner;
  if (object.size() > 0) inner = indentation(text, (*object.members().begin()).key.begin_offset());
  // An object that begins its own line tells the outer indentation; what its members have more is the unit.
  const std::size_t line = text.find_last_of('\n', object.begin_offset()) + 1;
  const std::size_t first = std::min(text.find_first_not_of(" \t", line), object.begin_offset());
  const std::string outer(text.substr(line, first - line));
  std::string unit =
      inner.size() > outer.size() && inner.starts_with(outer) ? inner.substr(outer.size()) : std::string("  ");
  if (inner.empty()) inner = outer + unit;

  if (const auto value = object.find(name)) {
    return {value->begin_offset(), value->end_offset(), spread ? moved(json, inner, unit) : in_one_line(json)};
  }
  const std::string key = document::json_quoted(name) + (spread ? ": " : ":");
  if (object.size() == 0)
    return {object.begin_offset(), object.end_offset(),
            "{\n" + inner + key + moved(json, inner, unit) + "\n" + outer + "}"};
  std::size_t end = 0;
  for (const JsonValue::Member member : object.members()) end = member.value.end_offset();
  return {end, end, spread ? ",\n" + inner + key + moved(json, inner, unit) : "," + key + in_one_line(json)};
}

std::string apply_edits(std::string_view text, std::vector<TextEdit> edits) {
  std::stable_sort(edits.begin(), edits.end(), [](const TextEdit& a, const TextEdit& b) { return a.begin < b.begin; });
  std::string out;
  std::size_t at = 0;
  for (const TextEdit& edit : edits) {
    out += text.substr(at, edit.begin - at);
    out += edit.text;
    at = edit.end;
  }
  return out.append(text.substr(at));
}

}  // namespace launchgate::record
