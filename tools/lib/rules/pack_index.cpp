#include "lib/rules/pack_index.hpp"

#include <algorithm>

#include "lib/base/ascii.hpp"
#include "lib/base/utf8.hpp"

namespace launchgate::rules {
namespace {

using document::JsonKind;
using document::JsonValue;

constexpr std::string_view magic = "LGI2";
constexpr std::size_t head_numbers = 16;
constexpr std::size_t parts = 10;
constexpr std::size_t rule_numbers = 2 * parts + 4;
constexpr std::size_t keywords_at = 2 * parts;
constexpr std::size_t patterns_at = 2 * parts + 2;

// Places in the numbers of the head.
enum HeadNumber : std::size_t {
  text_length = 1,
  kinds_at = 2,
  name_at = 4,
  placeholders_at = 6,
  published_at = 8,
  boundary_at = 10,
  rule_count = 12,
  keyword_count = 13,
  pattern_count = 14,
  own_patterns = 15
};

std::uint32_t hexadecimal(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) {
    value = value << 4U | static_cast<std::uint32_t>(base::hex_value(c));
  }
  return value;
}

// The inside of a JSON string that the build has found well-formed.
std::string unescaped(std::string_view raw) {
  std::string text;
  text.reserve(raw.size());
  while (true) {
    const std::size_t escape = raw.find('\\');
    text += raw.substr(0, escape);
    if (escape == std::string_view::npos || escape + 1 >= raw.size()) return text;
    const char c = raw[escape + 1];
    raw.remove_prefix(escape + 2);
    switch (c) {
      case 'n':
        text += '\n';
        break;
      case 't':
        text += '\t';
        break;
      case 'r':
        text += '\r';
        break;
      case 'b':
        text += '\b';
        break;
      case 'f':
        text += '\f';
        break;
      case 'u': {
        std::uint32_t point = hexadecimal(raw.substr(0, 4));
        raw.remove_prefix(std::min<std::size_t>(4, raw.size()));
        if (point >= 0xd800 && point < 0xdc00 && raw.size() >= 6) {  // the first half of a pair
          point = 0x10000 + ((point - 0xd800) << 10U) + (hexadecimal(raw.substr(2, 4)) - 0xdc00);
          raw.remove_prefix(6);
        }
        base::append_utf8(text, point);
        break;
      }
      default:
        text += c;
    }
  }
}

using Place = PackIndex::Place;

class Writer {
 public:
  explicit Writer(const document::JsonDocument& pack) : text_(pack.source().text()), root_(pack.root()) {}

  std::string write(const std::set<std::string>& kinds, const std::vector<std::vector<std::string>>& facts) {
    const auto rules = root_.find("rules");
    std::string names;
    for (const std::string& kind : kinds) names += kind + '\n';
    std::size_t keywords = 0;
    for (const JsonValue rule : rules->elements()) {
      if (const auto own = rule.find("keywords")) keywords += own->size();
    }
    bytes_ = magic;
    number(text_.size());
    std::size_t patterns = 0;
    for (const auto& own : facts) patterns += own.size();
    const std::size_t numbers = head_numbers + rule_numbers * rules->size() + 2 * (keywords + patterns);
    place({static_cast<std::uint32_t>(4 * numbers), static_cast<std::uint32_t>(names.size())});
    place(inside(root_.find("pack")));
    for (const char* member : {"placeholders", "published", "boundary"}) place(whole(root_.find(member)));
    number(rules->size());
    number(keywords);
    number(patterns);
    std::size_t count = facts.empty() ? 0 : facts.front().size();
    number(count);
    keywords = 0;
    patterns = count;
    std::size_t owner = 0;
    for (const JsonValue value : rules->elements()) {
      keywords += rule(value, keywords);
      count = ++owner < facts.size() ? facts[owner].size() : 0;
      number(patterns);
      number(count);
      patterns += count;
    }
    for (const JsonValue value : rules->elements()) {
      const auto own = value.find("keywords");
      if (!own) continue;
      for (const JsonValue word : own->elements()) place(inside(word));
    }
    std::size_t at = 4 * numbers + names.size();
    for (const auto& own : facts) {
      for (const std::string& one : own) {
        place({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(one.size())});
        at += one.size();
        names += one;
      }
    }
    return std::move(bytes_) + names;
  }

 private:
  void number(std::size_t value) {
    for (std::size_t i = 0; i < 4; ++i) bytes_ += static_cast<char>(value >> (8 * i) & 0xffU);
  }
  void place(Place one) {
    number(one.begin);
    number(one.length);
  }
  static Place between(std::size_t begin, std::size_t end) {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
  }
  static Place whole(const std::optional<JsonValue>& value) {
    return value ? between(value->begin_offset(), value->end_offset()) : Place();
  }
  // Of a string.
  static Place inside(const std::optional<JsonValue>& value) {
    return value ? between(value->begin_offset() + 1, value->end_offset() - 1) : Place();
  }

  // How many keywords the rule has.
  std::size_t rule(const JsonValue& value, std::size_t keywords) {
    place(whole(value));
    for (const char* member : {"id", "kind", "severity", "message", "help", "why"}) place(inside(value.find(member)));
    const auto examples = value.find("examples");
    place(first_example(*examples, "match"));
    place(first_example(*examples, "pass"));
    place(examples_of(value));
    const auto own = value.find("keywords");
    const std::size_t count = own ? own->size() : 0;
    number(keywords);
    number(count);
    return count;
  }

  static Place first_example(const JsonValue& examples, std::string_view side) {
    for (const JsonValue example : examples.find(side)->elements())
      return example.is(JsonKind::string) ? inside(example) : whole(example.find("document"));
    return {};
  }

  Place examples_of(const JsonValue& rule) const {
    const auto blank = [&](std::size_t at) { return std::string_view(" \t\r\n").find(text_[at]) != std::string::npos; };
    for (const auto member : rule.members()) {
      if (member.name() != "examples") continue;
      std::size_t begin = member.key.begin_offset();
      std::size_t end = member.value.end_offset();
      while (blank(begin - 1)) --begin;
      if (text_[begin - 1] == ',') return between(begin - 1, end);
      while (blank(end)) ++end;
      return between(begin, text_[end] == ',' ? end + 1 : end);
    }
    return {};
  }

  std::string_view text_;
  JsonValue root_;
  std::string bytes_;
};

}  // namespace

std::string PackIndex::write(const document::JsonDocument& pack, const std::set<std::string>& kinds,
                             const std::vector<std::vector<std::string>>& facts) {
  return Writer(pack).write(kinds, facts);
}

std::optional<PackIndex> PackIndex::read(std::string_view text, std::string_view bytes) {
  if (bytes.size() < 4 * head_numbers || !bytes.starts_with(magic)) return std::nullopt;
  PackIndex index;
  index.text_ = text;
  index.bytes_ = bytes;
  index.rules_ = index.number(rule_count);
  const std::size_t keywords = index.number(keyword_count);
  const std::size_t most = bytes.size() / 4;
  const std::size_t patterns = index.number(pattern_count);
  const Place kinds = index.place_at(kinds_at);
  if (index.number(text_length) != text.size() || index.rules_ > most || keywords > most || patterns > most) return {};
  const std::size_t numbers = head_numbers + index.rules_ * rule_numbers + 2 * (keywords + patterns);
  std::size_t end = kinds.begin + std::size_t{kinds.length};
  if (kinds.begin != 4 * numbers || end > bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < patterns; ++i) end += index.number(numbers - 2 * (patterns - i) + 1);
  if (end != bytes.size()) return std::nullopt;
  return index;
}

std::string PackIndex::only(const std::function<bool(std::size_t rule)>& keep) const {
  std::string bytes(bytes_.substr(0, 4 * head_numbers));
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rules_; ++i) {
    if (!keep(i)) continue;
    bytes += bytes_.substr(4 * (head_numbers + i * rule_numbers), 4 * rule_numbers);
    ++kept;
  }
  bytes += bytes_.substr(4 * (head_numbers + rules_ * rule_numbers));
  const auto set = [&](std::size_t index, std::size_t value) {
    for (std::size_t i = 0; i < 4; ++i) bytes[4 * index + i] = static_cast<char>(value >> (8 * i) & 0xffU);
  };
  set(rule_count, kept);
  const std::size_t less = 4 * rule_numbers * (rules_ - kept);
  set(kinds_at, number(kinds_at) - less);
  const std::size_t first = head_numbers + kept * rule_numbers + 2 * std::size_t{number(keyword_count)};
  for (std::size_t i = 0; i < number(pattern_count); ++i) set(first + 2 * i, fact_place(i).begin - less);
  return bytes;
}

std::uint32_t PackIndex::number(std::size_t index) const {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes_[4 * index + i])) << (8 * i);
  return value;
}

std::string PackIndex::name() const { return unescaped(raw(place_at(name_at))); }

std::string PackIndex::common() const {
  std::string text = "{";
  const auto add = [&](std::string_view member, Place value) {
    if (value.length == 0) return;
    text += text.size() > 1 ? ",\"" : "\"";
    text += member;
    text += "\":";
    text += raw(value);
  };
  add("placeholders", place_at(placeholders_at));
  add("published", place_at(published_at));
  add("boundary", place_at(boundary_at));
  return text + '}';
}

std::vector<std::string> PackIndex::kinds() const {
  std::vector<std::string> kinds;
  const Place place = place_at(kinds_at);
  std::string_view rest = bytes_.substr(place.begin, place.length);
  for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    kinds.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  return kinds;
}

PackIndex::Place PackIndex::fact_place(std::size_t pattern) const {
  return place_at(head_numbers + rules_ * rule_numbers + 2 * (number(keyword_count) + pattern));
}

std::vector<std::string_view> PackIndex::facts(std::size_t owner) const {
  const std::size_t at = head_numbers + (owner - 1) * rule_numbers + patterns_at;
  const std::size_t first = owner == 0 ? 0 : number(at);
  std::vector<std::string_view> facts(number(owner == 0 ? std::size_t{own_patterns} : at + 1));
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const Place place = fact_place(first + i);
    facts[i] = bytes_.substr(place.begin, place.length);
  }
  return facts;
}

PackIndex::Place PackIndex::place(std::size_t rule, Part part) const {
  return place_at(head_numbers + rule * rule_numbers + 2 * static_cast<std::size_t>(part));
}

std::string_view PackIndex::raw(std::size_t rule, Part part) const { return raw(place(rule, part)); }

std::string PackIndex::text(std::size_t rule, Part part) const { return unescaped(raw(rule, part)); }

std::vector<std::string> PackIndex::keywords(std::size_t rule) const {
  const std::size_t at = head_numbers + rule * rule_numbers + keywords_at;
  const std::size_t first = head_numbers + rules_ * rule_numbers + 2 * std::size_t{number(at)};
  std::vector<std::string> words(number(at + 1));
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = unescaped(raw(place_at(first + 2 * i)));
  return words;
}

std::string PackIndex::bare(std::size_t rule) const {
  const Place all = place(rule, Part::whole);
  const Place cut = place(rule, Part::examples);
  std::string text(text_.substr(all.begin, cut.begin - all.begin));
  const std::size_t rest = cut.begin + cut.length;
  text += text_.substr(rest, all.begin + all.length - rest);
  return text;
}

}  // namespace launchgate::rules
