#include "lib/rules/fields.hpp"

namespace launchgate::rules {

using document::JsonKind;
using document::JsonValue;

Fields::Fields(const JsonValue& object, std::string what, std::optional<base::Error>& error, PackReading* pack)
    : ObjectReader(object, std::move(what), error, {.guide = "docs/rule-packs.md lists the kinds and their fields"}),
      pack_(pack) {}

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
  (void)required(name);
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
  (void)required(name);
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
  each(name, false, [&](const JsonValue& element) {
    out.push_back(
        noted(Pattern::literal(element.string(), element.document().shared_source(), element.begin_offset(), options)));
  });
  return out;
}

void Fields::read_nested(const JsonValue& at, const std::string& what, const std::function<void(Fields&)>& read) {
  Fields nested(at, what, shared_error(), pack_);
  read(nested);
  nested.finish();
}

void Fields::object(std::string_view name, const std::string& what, const std::function<void(Fields&)>& read) {
  if (const auto found = value(name, JsonKind::object, false)) read_nested(*found, what, read);
}

void Fields::objects(std::string_view name, const std::string& what, bool is_required,
                     const std::function<void(Fields&)>& read) {
  const auto found = value(name, JsonKind::array, is_required);
  if (found && found->size() == 0) refuse(*found, '"' + std::string(name) + "\" must not be empty");
  each(name, false, [&](const JsonValue& element) { read_nested(element, what, read); });
}

}  // namespace launchgate::rules
