#include <re2/re2.h>

#include "lib/rules/harmless.hpp"
#include "lib/rules/kinds.hpp"
#include "lib/rules/name_words.hpp"
#include "lib/rules/randomness.hpp"

// `json-key`: keys whose name says that their value is a secret. The value is never shown.
namespace launchgate::rules {

using document::JsonKind;
using document::JsonValue;

namespace {

struct JsonKey final : JsonMatcher {
  std::optional<Pattern> key_pattern;
  JsonKind permitted_type = JsonKind::boolean;
  std::optional<Pattern> permitted_key;
  std::vector<Pattern> permitted_values;
  std::shared_ptr<const Harmless> harmless;
  std::vector<Pattern> permitted_paths;
  std::vector<Pattern> permitted_pointers;
  Names names;
  std::optional<double> least_randomness;

  base::Result<void> match(const JsonSubject& subject, Reporter& reporter) const override;

 private:
  base::Result<bool> is_secret(const std::string& name, std::string_view value, const std::string& pointer) const;
};

base::Result<bool> any_matches(const std::vector<Pattern>& patterns, std::string_view text) {
  for (const Pattern& pattern : patterns) {
    const auto compiled = pattern.compiled();
    if (!compiled) return compiled.error();
    if (re2::RE2::PartialMatch({text.data(), text.size()}, **compiled)) return true;
  }
  return false;
}

// Whether a text under a key that names a secret is one: what it is, and where it stands.
base::Result<bool> JsonKey::is_secret(const std::string& name, std::string_view value,
                                      const std::string& pointer) const {
  if (!names.say_secret(name)) return false;
  if (least_randomness && randomness(value) <= *least_randomness) return false;
  const std::pair<const std::vector<Pattern>&, std::string_view> permitted[] = {{permitted_values, value},
                                                                                {permitted_pointers, pointer}};
  for (const auto& [patterns, text] : permitted) {
    const auto permits = any_matches(patterns, text);
    if (!permits) return permits.error();
    if (*permits) return false;
  }
  const auto no_secret = harmless->covers(value);
  if (!no_secret) return no_secret.error();
  return !*no_secret;
}

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
  const auto by_path =
      any_matches(permitted_paths, subject.path.empty() ? subject.root.document().path() : subject.path);
  if (!by_path) return by_path.error();
  if (*by_path) return {};
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
      if (!member.value.is(JsonKind::string) || member.value.string().empty()) continue;
      const auto secret = is_secret(std::string(member.name()), member.value.string(), pointer);
      if (!secret) return secret.error();
      if (!*secret) continue;
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
  Pattern::Options bytes;
  bytes.bytes = true;
  fields.object("allow", "allow", [&](Fields& allow) {
    rule->permitted_values = allow.patterns("values", bytes);
    rule->permitted_paths = allow.patterns("paths", bytes);
    rule->permitted_pointers = allow.patterns("pointers", bytes);
  });
  rule->names = load_names(fields);
  if (const auto least = fields.value("randomness", JsonKind::number, false)) rule->least_randomness = least->number();
  (void)load_keywords(fields);  // for scanners: which texts to look at
  rule->harmless = fields.pack().harmless;
  return rule;
}

}  // namespace launchgate::rules
