#include "lib/schema/resolver.hpp"

#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/schema/keywords.hpp"

namespace launchgate::schema {

using document::JsonDocument;
using document::JsonKind;
using document::JsonValue;

std::size_t nesting(const JsonDocument& document) {
  std::vector<std::uint32_t> ends;
  std::size_t deepest = 0;
  const std::uint32_t count = document.node(0).next;
  for (std::uint32_t i = 0; i < count; ++i) {
    while (!ends.empty() && ends.back() <= i) ends.pop_back();
    const auto& node = document.node(i);
    if (node.kind == JsonKind::array || node.kind == JsonKind::object) {
      ends.push_back(node.next);
      deepest = std::max(deepest, ends.size());
    }
  }
  return deepest;
}

base::Error schema_error(const JsonValue& at, std::string message, std::string help) {
  return {base::ErrorCategory::configuration, at.document().path(), at.span().begin, std::move(message),
          std::move(help)};
}

Resolver::Resolver(const JsonDocument& main, const SchemaSettings& settings) {
  documents_.push_back({&main, split_uri(settings.base_uri)});
  for (const Resource& resource : settings.resources) {
    if (resource.document != nullptr) documents_.push_back({resource.document, split_uri(resource.uri)});
  }
  for (Document& entry : documents_) {
    entry.uri.fragment.clear();
    resources_.emplace(to_string(entry.uri), entry.document->root());
  }
  scan(documents_.front());
}

std::size_t Resolver::intern(const Uri& uri) {
  uris_.push_back(uri);
  return uris_.size() - 1;
}

void Resolver::scan(Document& entry) {
  if (entry.scanned) return;
  entry.scanned = true;
  entry.too_deep = nesting(*entry.document) > schema_depth;
  if (!entry.too_deep) scan_schema(entry.document->root(), intern(entry.uri));
}

bool Resolver::too_deep(const JsonDocument& document) const {
  return std::any_of(documents_.begin(), documents_.end(),
                     [&](const Document& entry) { return entry.document == &document && entry.too_deep; });
}

void Resolver::scan_schema(const JsonValue& schema, std::size_t base) {
  if (!schema.is(JsonKind::object)) return;
  const auto id = schema.find("$id");
  if (id && id->is(JsonKind::string) && !schema.find("$ref")) {
    const Uri written = split_uri(id->string());
    Uri uri = resolve_uri(uris_[base], written);
    uri.fragment.clear();
    const std::string name = to_string(uri);
    if (!written.scheme.empty() || written.has_authority || written.has_query || !written.path.empty()) {
      base = intern(uri);
      resources_.emplace(name, schema);
    }
    if (!written.fragment.empty()) anchors_.emplace(name + "#" + base::percent_decoded(written.fragment), schema);
  }
  bases_.emplace(schema, base);
  for_each_subschema(schema, [&](const JsonValue& child) { scan_schema(child, base); });
}

const JsonValue* Resolver::find_resource(const std::string& uri) {
  const auto look = [&]() -> const JsonValue* {
    const auto found = resources_.find(uri);
    return found == resources_.end() ? nullptr : &found->second;
  };
  const JsonValue* found = look();
  if (found == nullptr) {
    // Identifiers inside the other documents are read when a reference needs one.
    for (Document& entry : documents_) scan(entry);
    found = look();
  }
  if (found == nullptr) return nullptr;
  for (Document& entry : documents_) {
    if (entry.document == &found->document()) scan(entry);
  }
  return found;
}

base::Result<JsonValue> Resolver::resolve(const JsonValue& holder) {
  const auto known = resolved_.find(holder);
  if (known != resolved_.end()) return known->second;
  auto target = look_up(holder);
  if (target) resolved_.emplace(holder, *target);
  return target;
}

std::optional<JsonValue> Resolver::member(const JsonValue& object, const std::string& name) {
  constexpr std::uint32_t large = 32;
  if (object.size() < large || !object.is(JsonKind::object)) return object.find(name);
  const auto [place, added] = members_.try_emplace(object);
  if (added) {
    for (const auto each : object.members()) place->second.emplace(each.name(), each.value);
  }
  const auto found = place->second.find(name);
  if (found == place->second.end()) return std::nullopt;
  return found->second;
}

base::Result<JsonValue> Resolver::look_up(const JsonValue& holder) {
  const JsonValue reference = *holder.find("$ref");
  const auto base = bases_.find(holder);
  Uri uri = split_uri(reference.string());
  uri = resolve_uri(base == bases_.end() ? Uri{} : uris_[base->second], uri);
  const std::string fragment = base::percent_decoded(uri.fragment);
  uri.fragment.clear();
  const std::string name = to_string(uri);
  const std::string written = "$ref \"" + base::printable(reference.string()) + "\"";
  const JsonValue* const resource = find_resource(name);
  if (resource == nullptr) {
    std::vector<std::string> known;
    for (const auto& [key, value] : resources_) known.push_back(key);
    const std::string guess = base::did_you_mean(name, known);
    return schema_error(
        reference, written + " does not resolve: no schema is known as \"" + base::printable(name) + "\"",
        guess.empty() ? "references are resolved among the given files only; nothing is fetched" : guess);
  }
  if (too_deep(resource->document())) {
    return schema_error(
        reference, written + " names a schema that is nested deeper than " + std::to_string(schema_depth) + " levels");
  }
  if (fragment.empty() || fragment[0] == '/') return follow(*resource, fragment, written, reference);
  const auto anchor = anchors_.find(name + "#" + fragment);
  if (anchor != anchors_.end()) return anchor->second;
  return schema_error(
      reference, written + " does not resolve: nothing there has the \"$id\" \"#" + base::printable(fragment) + "\"",
      "a JSON pointer starts with a slash, for example #/definitions/name");
}

base::Result<JsonValue> Resolver::follow(const JsonValue& root, std::string_view pointer, std::string_view written,
                                         const JsonValue& reference) {
  JsonValue at = root;
  auto base = bases_.find(root);
  std::size_t base_uri = base == bases_.end() ? 0 : base->second;
  const auto segments = document::split_pointer(pointer);
  for (const std::string& segment : *segments) {
    std::optional<JsonValue> next;
    if (at.is(JsonKind::array)) {
      next = at.document().at(at.pointer() + "/" + segment);
    } else {
      next = member(at, segment);
    }
    if (!next) {
      std::vector<std::string> keys;
      for (const auto member : at.members()) keys.emplace_back(member.name());
      return schema_error(reference,
                          std::string(written) + " does not resolve: there is no \"" + base::printable(segment) +
                              "\" at " + (at.node() == 0 ? "the top level" : base::printable(at.pointer())),
                          base::did_you_mean(segment, keys));
    }
    at = *next;
    base = bases_.find(at);
    if (base != bases_.end()) base_uri = base->second;
  }
  if (!at.is(JsonKind::object) && !at.is(JsonKind::boolean)) {
    return schema_error(
        reference, std::string(written) + " names no schema but a value of kind " + std::string(kind_name(at.kind())));
  }
  // A place that is no schema by itself becomes one by being referred to.
  if (!bases_.contains(at)) scan_schema(at, base_uri);
  return at;
}

}  // namespace launchgate::schema
