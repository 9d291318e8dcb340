#include "lib/secrets/json_places.hpp"

#include "lib/rules/json_rule.hpp"

namespace launchgate::secrets {
namespace {

class NoRepository final : public rules::Repository {
 public:
  rules::PathState state(std::string_view) const override { return rules::PathState::missing; }
  std::vector<std::string> candidates(std::string_view) const override { return {}; }
};

}  // namespace

std::optional<JsonPlaces> JsonPlaces::of(const std::string& path, std::string_view text) {
  auto document = document::JsonDocument::parse_keeping_duplicates(path, std::string(text));
  if (!document) return std::nullopt;
  JsonPlaces places;
  places.document_ = std::make_shared<const document::JsonDocument>(std::move(*document));
  return places;
}

std::string JsonPlaces::pointer(std::size_t offset) const {
  document::JsonValue at = document_->root();
  std::string pointer;
  while (true) {
    bool deeper = false;
    std::size_t index = 0;
    for (const document::JsonValue element : at.elements()) {
      if (offset >= element.begin_offset() && offset < element.end_offset()) {
        pointer += '/' + std::to_string(index);
        at = element;
        deeper = true;
        break;
      }
      ++index;
    }
    for (const auto member : at.members()) {
      if (deeper || offset < member.key.begin_offset() || offset >= member.value.end_offset()) continue;
      pointer += '/' + document::escape_pointer_segment(member.name());
      at = member.value;
      deeper = true;
      break;
    }
    if (!deeper) return pointer;
  }
}

base::Result<std::vector<JsonKey>> JsonPlaces::keys(const std::vector<const rules::Rule*>& rules) const {
  std::vector<JsonKey> keys;
  const NoRepository repository;
  const rules::Documents documents;
  for (const rules::Rule* rule : rules) {
    std::vector<finding::Finding> findings;
    if (auto done = rules::check_json(*rule, {document_->root(), documents, repository}, findings); !done)
      return done.error();
    for (const finding::Finding& finding : findings) {
      const auto value = document_->at(finding.json_pointer);
      if (!value) continue;
      const base::SourceText& source = document_->source();
      const std::size_t line = source.line_start(finding.span.begin.line);
      // From the position back to an offset: columns count code points.
      std::size_t begin = value->begin_offset();
      while (begin > line && source.position(begin) > finding.span.begin) --begin;
      keys.push_back({rule, begin, begin, value->begin_offset(), value->end_offset(), std::string(value->string()),
                      finding.message});
      while (source.position(keys.back().end) < finding.span.end && keys.back().end < value->begin_offset())
        ++keys.back().end;
    }
  }
  return keys;
}

}  // namespace launchgate::secrets
