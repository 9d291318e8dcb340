#include "lib/rules/fields.hpp"

namespace launchgate::rules {

using document::JsonKind;
using document::JsonValue;

Fields::Fields(const JsonValue& object, std::string what, std::optional<base::Error>& error)
    : ObjectReader(object, std::move(what), error, {.guide = "docs/rule-packs.md lists the kinds and their fields"}) {}

std::optional<PointerPattern> Fields::optional_pointer(std::string_view name) {
  const auto found = value(name, JsonKind::string, false);
  if (!found) return std::nullopt;
  auto pattern = PointerPattern::parse(found->string());
  if (!pattern) {
    refuse(*found, '"' + std::string(name) + "\" must be a JSON pointer, which starts with \"/\"",
           "a leading \"kind#\" names another document, \"*\" stands for every key or index");
  }
  return pattern;
}

PointerPattern Fields::pointer(std::string_view name) {
  (void)required(name);
  auto pattern = optional_pointer(name);
  return pattern ? std::move(*pattern) : *PointerPattern::parse("");
}

Pattern Fields::pattern_at(const JsonValue& value, Pattern::Options options) const {
  return {std::string(value.string()), value.document().shared_source(), value.begin_offset(), options};
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

void Fields::read_nested(const JsonValue& at, const std::string& what, const std::function<void(Fields&)>& read) {
  Fields nested(at, what, shared_error());
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
