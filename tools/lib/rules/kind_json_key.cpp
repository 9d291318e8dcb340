#include <re2/re2.h>

#include "lib/rules/kinds.hpp"

// `json-key`: keys whose name says that their value is a secret. The value is never shown.
namespace launchgate::rules {

using document::JsonKind;
using document::JsonValue;

namespace {

struct JsonKey final : JsonMatcher {
  std::optional<Pattern> key_pattern;
  JsonKind permitted_type = JsonKind::boolean;
  std::optional<Pattern> permitted_key;

  base::Result<void> match(const JsonSubject& subject, Reporter& reporter) const override;
  base::Result<void> prepare() const override {
    if (auto compiled = key_pattern->compiled(); !compiled) return std::move(compiled).error();
    if (!permitted_key) return {};
    auto compiled = permitted_key->compiled();
    return compiled ? base::Result<void>() : std::move(compiled).error();
  }
};

base::Result<void> JsonKey::match(const JsonSubject& subject, Reporter& reporter) const {
  const auto names_secret = key_pattern->compiled();
  if (!names_secret) return names_secret.error();
  const re2::RE2* permits = nullptr;
  if (permitted_key) {
    const auto compiled = permitted_key->compiled();
    if (!compiled) return compiled.error();
    permits = *compiled;
  }
  const auto matches = [](const re2::RE2& regex, std::string_view text) {
    return re2::RE2::PartialMatch({text.data(), text.size()}, regex);
  };
  struct Open {
    JsonValue value;
    std::string pointer;
  };
  std::vector<Open> open = {{subject.root, ""}};
  while (!open.empty()) {
    const Open at = std::move(open.back());
    open.pop_back();
    std::size_t index = 0;
    for (const JsonValue element : at.value.elements()) {
      if (element.size() > 0) open.push_back({element, at.pointer + '/' + std::to_string(index)});
      ++index;
    }
    for (const auto member : at.value.members()) {
      const std::string pointer = at.pointer + '/' + document::escape_pointer_segment(member.name());
      if (member.value.size() > 0) open.push_back({member.value, pointer});
      if (!matches(**names_secret, member.name())) continue;
      if (permits != nullptr && member.value.is(permitted_type) && matches(*permits, member.name())) continue;
      reporter.add(member.key, member.key.span(), pointer, "key " + quoted(member.name()));
    }
  }
  return {};
}

}  // namespace

JsonRule load_json_key(Fields& fields) {
  auto rule = std::make_shared<JsonKey>();
  rule->key_pattern = fields.pattern("keyPattern");
  fields.object("unless", "unless", [&](Fields& unless) {
    constexpr JsonKind types[] = {JsonKind::boolean, JsonKind::number, JsonKind::null};
    rule->permitted_type = types[unless.one_of("type", {"boolean", "number", "null"}, std::nullopt)];
    rule->permitted_key = unless.pattern("keyPattern");
  });
  return rule;
}

}  // namespace launchgate::rules
