#include "lib/rules/fields.hpp"

#include <algorithm>
#include <set>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"

namespace launchgate::rules {

using document::JsonKind;
using document::JsonValue;

namespace {

constexpr std::string_view guide = "docs/rule-packs.md lists the kinds and their fields";

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

std::string article(JsonKind kind) {
  const bool vowel = kind == JsonKind::array || kind == JsonKind::object;
  return (vowel ? "an " : "a ") + std::string(kind_name(kind));
}

}  // namespace

Fields::Fields(JsonValue object, std::string what, std::optional<base::Error>& error, PackReading* pack)
    : object_(object), what_(std::move(what)), error_(&error), pack_(pack) {
  if (!object_.is(JsonKind::object)) refuse(object_, what_ + " must be an object", std::string(guide));
}

void Fields::refuse(const JsonValue& at, std::string message, std::string help) {
  if (failed()) return;
  error_->emplace(base::Error{base::ErrorCategory::configuration, at.document().path(), at.span().begin,
                              std::move(message), std::move(help)});
}

void Fields::refuse_unknown(const JsonValue& key, std::string_view name, std::string help) {
  refuse(key, what_ + " has no field \"" + base::printable(base::utf8_prefix(name, 60)) + '"', std::move(help));
}

bool Fields::refuse_misspelt(const std::vector<std::string>& missing) {
  if (!object_.is(JsonKind::object)) return false;
  for (const auto member : object_.members()) {
    // Short names are near to others that are right ("at" to "as").
    if (member.name().size() < 5 || std::find(known_.begin(), known_.end(), member.name()) != known_.end()) continue;
    std::string near = base::did_you_mean(member.name(), missing);
    if (near.empty()) continue;
    refuse_unknown(member.key, member.name(), std::move(near));
    return true;
  }
  return false;
}

std::optional<JsonValue> Fields::value(std::string_view name) {
  known_.emplace_back(name);
  return object_.find(name);
}

bool Fields::has(std::string_view name) { return object_.find(name).has_value(); }

std::optional<JsonValue> Fields::value(std::string_view name, JsonKind kind, bool required) {
  const auto found = value(name);
  if (!found) {
    if (required && !refuse_misspelt({std::string(name)})) {
      const std::string where = object_.is(JsonKind::object) ? what_ : "it";
      refuse(object_, where + " lacks the field \"" + std::string(name) + "\"", std::string(guide));
    }
    return std::nullopt;
  }
  if (!found->is(kind)) {
    refuse(*found, '"' + std::string(name) + "\" must be " + article(kind) + ", not " + article(found->kind()),
           std::string(guide));
    return std::nullopt;
  }
  return found;
}

std::string Fields::text(std::string_view name) {
  const auto found = value(name, JsonKind::string, true);
  if (!found) return {};
  if (is_blank(found->string())) refuse(*found, '"' + std::string(name) + "\" must not be blank");
  return std::string(found->string());
}

std::string Fields::optional_text(std::string_view name) {
  const auto found = value(name, JsonKind::string, false);
  return found ? std::string(found->string()) : std::string();
}

bool Fields::flag(std::string_view name) {
  const auto found = value(name, JsonKind::boolean, false);
  return found && found->boolean();
}

std::optional<std::uint32_t> Fields::count(std::string_view name) {
  const auto found = value(name, JsonKind::number, false);
  if (!found) return std::nullopt;
  const auto number = found->integer();
  if (!number || *number < 0 || *number > 1'000'000'000) {
    refuse(*found, '"' + std::string(name) + "\" must be a whole number from 0 to 1000000000");
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(*number);
}

std::vector<std::string> Fields::texts(std::string_view name, bool required) {
  std::vector<std::string> out;
  const auto found = value(name, JsonKind::array, required);
  if (!found) return out;
  if (found->size() == 0) refuse(*found, '"' + std::string(name) + "\" must not be empty");
  std::set<std::string_view> seen;
  for (const JsonValue element : found->elements()) {
    if (!element.is(JsonKind::string) || is_blank(element.string())) {
      refuse(element, '"' + std::string(name) + "\" must hold strings that are not blank");
      return {};
    }
    if (!seen.insert(element.string()).second) refuse(element, '"' + std::string(name) + "\" holds this string twice");
    out.emplace_back(element.string());
  }
  return out;
}

std::size_t Fields::one_of(std::string_view name, const std::vector<std::string>& words,
                           std::optional<std::size_t> fallback) {
  const auto found = value(name, JsonKind::string, !fallback);
  if (!found) return fallback.value_or(0);
  const auto word = std::find(words.begin(), words.end(), found->string());
  if (word == words.end()) {
    const std::string near = base::did_you_mean(found->string(), words);
    refuse(*found,
           '"' + std::string(name) + "\" must be " + base::quoted_list(words, "or") + ", not \"" +
               base::printable(base::utf8_prefix(found->string(), 60)) + '"',
           near);
    return 0;
  }
  return static_cast<std::size_t>(word - words.begin());
}

std::optional<PointerPattern> Fields::optional_pointer(std::string_view name) {
  const auto found = value(name, JsonKind::string, false);
  if (!found) return std::nullopt;
  auto pattern = PointerPattern::parse(found->string());
  if (!pattern) {
    refuse(*found, '"' + std::string(name) + "\" must be a JSON pointer, which starts with \"/\"",
           "a leading \"kind#\" names another document, \"*\" stands for every key or index");
  } else if (!pattern->kind().empty()) {
    refer_to(pattern->kind());
  }
  return pattern;
}

PointerPattern Fields::pointer(std::string_view name) {
  if (!has(name)) (void)value(name, JsonKind::string, true);
  auto pattern = optional_pointer(name);
  return pattern ? std::move(*pattern) : *PointerPattern::parse("");
}

Pattern Fields::noted(Pattern pattern) {
  if (pack_ == nullptr) return pattern;
  if (pack_->patterns.size() < pack_->facts.size()) pattern.set_facts(pack_->facts[pack_->patterns.size()]);
  pack_->patterns.push_back(pattern);
  return pattern;
}

Pattern Fields::pattern_at(const JsonValue& value, Pattern::Options options) {
  return noted({std::string(value.string()), value.document().shared_source(), value.begin_offset(), options});
}

const PackReading& Fields::pack() const {
  static const PackReading none;
  return pack_ != nullptr ? *pack_ : none;
}

void Fields::refer_to(std::string_view kind) {
  if (pack_ != nullptr) pack_->kinds.emplace(kind);
}

std::optional<Pattern> Fields::optional_pattern(std::string_view name, Pattern::Options options) {
  const auto found = value(name, JsonKind::string, false);
  if (!found) return std::nullopt;
  if (found->string().empty())
    refuse(*found, '"' + std::string(name) + "\" must not be empty: it would match everywhere");
  return pattern_at(*found, options);
}

Pattern Fields::pattern(std::string_view name, Pattern::Options options) {
  if (!has(name)) (void)value(name, JsonKind::string, true);
  auto found = optional_pattern(name, options);
  return found ? std::move(*found) : Pattern("", "", {});
}

std::vector<Pattern> Fields::patterns(std::string_view name, Pattern::Options options) {
  std::vector<Pattern> out;
  const auto found = value(name, JsonKind::array, false);
  if (!found) return out;
  if (found->size() == 0) refuse(*found, '"' + std::string(name) + "\" must not be empty");
  for (const JsonValue element : found->elements()) {
    if (!element.is(JsonKind::string) || element.string().empty()) {
      refuse(element, '"' + std::string(name) + "\" must hold regular expressions");
      return {};
    }
    out.push_back(pattern_at(element, options));
  }
  return out;
}

std::optional<Pattern> Fields::any_pattern(std::string_view name, Pattern::Options options) {
  const auto given = value(name);
  if (!given || !given->is(JsonKind::array)) return optional_pattern(name, options);
  std::vector<Pattern> parts = patterns(name, options);
  return noted(Pattern::any_of(std::move(parts), given->document().shared_source(), given->begin_offset(), options));
}

std::vector<Pattern> Fields::literals(std::string_view name, Pattern::Options options) {
  std::vector<Pattern> out;
  if (texts(name, false).empty()) return out;
  for (const JsonValue element : object_.find(name)->elements()) {
    out.push_back(
        noted(Pattern::literal(element.string(), element.document().shared_source(), element.begin_offset(), options)));
  }
  return out;
}

void Fields::object(std::string_view name, std::string what, const std::function<void(Fields&)>& read) {
  const auto found = value(name, JsonKind::object, false);
  if (!found) return;
  Fields nested(*found, std::move(what), *error_, pack_);
  read(nested);
  nested.finish();
}

void Fields::objects(std::string_view name, std::string what, bool required, const std::function<void(Fields&)>& read) {
  const auto found = value(name, JsonKind::array, required);
  if (!found) return;
  if (found->size() == 0) refuse(*found, '"' + std::string(name) + "\" must not be empty");
  for (const JsonValue element : found->elements()) {
    Fields nested(element, what, *error_, pack_);
    read(nested);
    nested.finish();
    if (failed()) return;
  }
}

void Fields::finish() {
  if (failed()) return;
  for (const auto member : object_.members()) {
    if (std::find(known_.begin(), known_.end(), member.name()) != known_.end()) continue;
    const std::string near = base::did_you_mean(member.name(), known_);
    refuse_unknown(member.key, member.name(),
                   near.empty() ? "it may have " + base::quoted_list(known_, "and", 20) : near);
    return;
  }
}

}  // namespace launchgate::rules
