#include "lib/rules/outline.hpp"

#include <algorithm>
#include <mutex>

#include "lib/base/ascii.hpp"
#include "lib/base/utf8.hpp"

namespace launchgate::rules {
namespace {

constexpr std::string_view magic = "LGO1";
constexpr std::size_t head_numbers = 10;
constexpr std::size_t rule_numbers = 20;
constexpr std::size_t longest_example = 2000;

// Places in the numbers of a rule.
enum RuleNumber : std::size_t {
  whole = 0,
  id_at = 2,
  kind_at = 4,
  severity_at = 6,
  message_at = 8,
  help_at = 10,
  why_at = 12,
  wrong_at = 14,
  right_at = 16,
  keywords_at = 18
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

}  // namespace

struct PackOutline::Lazy {
  std::once_flag once;
  std::shared_ptr<const Harmless> harmless;
  std::optional<base::Error> error;
};

std::uint32_t PackOutline::number(std::size_t index) const {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(places_[4 * index + i])) << (8 * i);
  return value;
}

std::string_view PackOutline::place(std::size_t index) const {
  return std::string_view(text_).substr(number(index), number(index + 1));
}

std::string PackOutline::decoded(std::size_t index) const {
  const std::string_view raw = place(index);
  return unescaped(raw);
}

std::size_t PackOutline::at(std::size_t rule) const { return head_numbers + rule * rule_numbers; }

std::shared_ptr<const PackOutline> PackOutline::read(std::string path, std::string text, std::string_view places) {
  if (places.size() < 4 * head_numbers || places.size() % 4 != 0 || !places.starts_with(magic)) return nullptr;
  auto outline = std::shared_ptr<PackOutline>(new PackOutline());
  outline->path_ = std::move(path);
  outline->text_ = std::move(text);
  outline->places_ = places;
  outline->rules_ = outline->number(8);
  outline->lazy_ = std::make_shared<Lazy>();
  const std::size_t keywords = outline->number(9);
  const std::size_t numbers = places.size() / 4;
  if (outline->number(1) != outline->text_.size() || outline->rules_ > numbers ||
      numbers != head_numbers + outline->rules_ * rule_numbers + 2 * keywords)
    return nullptr;
  outline->name_ = outline->decoded(2);
  return outline;
}

std::string PackOutline::id(std::size_t rule) const {
  std::string full = name_;
  full += '/';
  full += place(at(rule) + id_at);
  return full;
}

std::string_view PackOutline::kind(std::size_t rule) const { return place(at(rule) + kind_at); }

finding::RuleInfo PackOutline::info(std::size_t rule) const {
  const std::size_t first = at(rule);
  finding::RuleInfo info;
  info.id = id(rule);
  info.severity = finding::severity_from(place(first + severity_at)).value_or(finding::Severity::error);
  info.summary = decoded(first + message_at);
  info.help = decoded(first + help_at);
  info.why = decoded(first + why_at);
  const auto example = [&](std::size_t index) {
    const std::uint32_t begin = number(index);
    const bool is_string = begin > 0 && text_[begin - 1] == '"';
    return std::string(base::utf8_prefix(is_string ? decoded(index) : std::string(place(index)), longest_example));
  };
  info.wrong = example(first + wrong_at);
  info.right = example(first + right_at);
  return info;
}

std::vector<std::string> PackOutline::keywords(std::size_t rule) const {
  const std::size_t first = number(at(rule) + keywords_at);
  const std::size_t count = number(at(rule) + keywords_at + 1);
  std::vector<std::string> words;
  words.reserve(count);
  for (std::size_t i = first; i < first + count; ++i)
    words.push_back(decoded(head_numbers + rules_ * rule_numbers + 2 * i));
  return words;
}

base::Result<PackOutline::OwnedRule> PackOutline::rule(std::size_t rule) const {
  auto none = harmless();
  if (!none) return std::move(none).error();
  auto parsed = document::JsonDocument::parse(path_, std::string(place(at(rule) + whole)));
  if (!parsed) return std::move(parsed).error();
  OwnedRule owned;
  owned.document = std::make_shared<const document::JsonDocument>(std::move(*parsed));
  std::optional<base::Error> error;
  owned.rule = load_rule(owned.document->root(), name_, *none, error);
  if (error) return *error;
  return owned;
}

base::Result<std::shared_ptr<const Harmless>> PackOutline::harmless() const {
  std::call_once(lazy_->once, [&] {
    std::string text = "{";
    if (number(5) > 0) text += "\"placeholders\":" + std::string(place(4));
    if (number(7) > 0) text += (text.size() > 1 ? ",\"published\":" : "\"published\":") + std::string(place(6));
    text += '}';
    auto parsed = document::JsonDocument::parse(path_, std::move(text));
    if (!parsed) {
      lazy_->error = std::move(parsed).error();
      return;
    }
    Fields fields(parsed->root(), "rule pack", lazy_->error);
    lazy_->harmless = load_harmless(fields);
  });
  if (lazy_->error) return *lazy_->error;
  return lazy_->harmless;
}

finding::RuleList rule_list(const PackSource& source) {
  return std::visit(
      []<typename T>(const std::shared_ptr<const T>& shared) {
        std::vector<std::string> ids;
        if constexpr (std::is_same_v<T, Pack>) {
          for (const Rule& rule : shared->rules) ids.push_back(rule.info.id);
        } else {
          for (std::size_t i = 0; i < shared->size(); ++i) ids.push_back(shared->id(i));
        }
        finding::RuleList list;
        list.add(std::move(ids), [shared] {
          std::vector<finding::RuleInfo> infos;
          if constexpr (std::is_same_v<T, Pack>) {
            for (const Rule& rule : shared->rules) infos.push_back(rule.info);
          } else {
            for (std::size_t i = 0; i < shared->size(); ++i) infos.push_back(shared->info(i));
          }
          return infos;
        });
        return list;
      },
      source);
}

}  // namespace launchgate::rules
