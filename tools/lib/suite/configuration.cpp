#include "lib/suite/configuration.hpp"

#include "lib/base/similar.hpp"
#include "lib/io/path.hpp"

namespace launchgate::suite {
namespace {

using document::JsonKind;
using document::JsonValue;

const std::string harness_kind = "harness";

std::vector<std::string> strings(const JsonValue& list) {
  std::vector<std::string> values;
  for (const JsonValue element : list.elements()) values.emplace_back(element.string());
  return values;
}

void set_text(const JsonValue& object, std::string_view key, std::string& target) {
  if (const auto value = object.find(key); value && value->is(JsonKind::string)) target = value->string();
}

void set_text(const JsonValue& object, std::string_view key, std::optional<std::string>& target) {
  const auto value = object.find(key);
  if (!value) return;
  target = value->is(JsonKind::string) ? std::optional<std::string>(value->string()) : std::nullopt;
}

void set_list(const JsonValue& object, std::string_view key, std::vector<std::string>& target) {
  if (const auto value = object.find(key)) target = strings(*value);
}

Kind make_kind(const JsonValue::Member& member) {
  Kind kind;
  kind.name = member.name();
  const std::string_view format = member.value.string_member("format");
  kind.format = format == "markdown" ? DocumentFormat::markdown
                                     : (format == "text" ? DocumentFormat::text : DocumentFormat::json);
  set_text(member.value, "schema", kind.schema);
  set_list(member.value, "packs", kind.packs);
  set_text(member.value, "rulePrefix", kind.rule_prefix);
  return kind;
}

void lay_over(LeakSettings& leaks, const JsonValue& object) {
  set_list(object, "packs", leaks.packs);
  set_list(object, "publicSafePacks", leaks.public_safe_packs);
  set_list(object, "include", leaks.include);
  set_list(object, "exclude", leaks.exclude);
  set_text(object, "baseline", leaks.baseline);
  if (const auto value = object.find("maxFileBytes")) {
    if (const auto bytes = value->integer()) leaks.max_file_bytes = static_cast<std::uint64_t>(*bytes);
  }
  if (const auto list = object.find("allow")) {
    leaks.allow.clear();
    for (const JsonValue entry : list->elements()) {
      LeakAllowance allowance;
      allowance.rule = entry.string_member("rule");
      allowance.path = entry.string_member("path");
      set_text(entry, "pointer", allowance.pointer);
      allowance.reason = entry.string_member("reason");
      leaks.allow.push_back(std::move(allowance));
    }
  }
}

base::Result<std::vector<DocumentBinding>> bindings(const JsonValue& list, const std::map<std::string, Kind>& kinds) {
  std::vector<DocumentBinding> documents;
  for (const JsonValue entry : list.elements()) {
    const std::string name(entry.string_member("kind"));
    const auto kind = kinds.find(name);
    if (kind == kinds.end()) {
      std::vector<std::string> names;
      for (const auto& known : kinds) names.push_back(known.first);
      std::string help = base::did_you_mean(name, names);
      if (help.empty()) help = "known: " + base::quoted_list(names, "and", names.size());
      const auto place = entry.find("kind").value_or(entry);
      return base::Error{base::ErrorCategory::configuration, entry.document().path(), place.span().begin,
                         "unknown kind \"" + name + "\"", help};
    }
    DocumentBinding binding;
    // "./a.md" and "docs/../a.md" are one file.
    binding.path = io::normalize(entry.string_member("path"));
    binding.kind = kind->second;
    set_text(entry, "schema", binding.kind.schema);
    if (binding.kind.schema != kind->second.schema) binding.kind.packs.clear();
    if (binding.kind.schema && binding.kind.format != DocumentFormat::json) {
      const auto place = entry.find("schema").value_or(entry);
      return base::Error{base::ErrorCategory::configuration, entry.document().path(), place.span().begin,
                         "a schema is for JSON, and documents of kind \"" + name + "\" are none",
                         "leave the schema out, or choose a kind whose format is json"};
    }
    set_list(entry, "packs", binding.kind.packs);
    if (const auto required = entry.find("required")) binding.required = required->boolean();
    if (const auto safe = entry.find("publicSafe")) binding.public_safe = safe->boolean();
    documents.push_back(std::move(binding));
  }
  return documents;
}

}  // namespace

std::vector<std::string> usual_leak_packs(const document::JsonDocument& suite) {
  const auto leaks = suite.root().find("leaks");
  const auto packs = leaks ? leaks->find("packs") : std::nullopt;
  return packs ? strings(*packs) : std::vector<std::string>();
}

base::Result<Configuration> make_configuration(const ConfigurationSources& sources) {
  Configuration configuration;
  if (sources.own != nullptr) configuration.path = sources.own->path();
  std::optional<JsonValue> documents;
  for (const document::JsonDocument* source : {&sources.built_in, sources.other_kinds, sources.own}) {
    if (source == nullptr) continue;
    const JsonValue root = source->root();
    set_text(root, "environmentPrefix", configuration.environment_prefix);
    set_text(root, "tiers", configuration.tiers);
    set_text(root, "operations", configuration.operations);
    set_text(root, "waivers", configuration.waivers);
    set_list(root, "owners", configuration.owners);
    if (source == sources.own && sources.own_catalogue) {
      if (const auto harness = configuration.kinds.find(harness_kind); harness != configuration.kinds.end())
        harness->second.packs.clear();
    }
    if (const auto kinds = root.find("kinds")) {
      for (const JsonValue::Member member : kinds->members()) {
        configuration.kinds[std::string(member.name())] = make_kind(member);
      }
    }
    if (const auto leaks = root.find("leaks")) lay_over(configuration.leaks, *leaks);
    if (const auto list = root.find("documents")) documents = list;
  }
  if (documents) {
    auto bound = bindings(*documents, configuration.kinds);
    if (!bound) return bound.error();
    configuration.documents = std::move(*bound);
  }
  return configuration;
}

}  // namespace launchgate::suite
