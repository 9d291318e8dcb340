#include "lib/suite/rulebook.hpp"

namespace launchgate::suite {

bool Rulebook::was_validated(const std::string& name, const document::JsonDocument& document) const {
  return Resources::is_built_in(document) && resources_.has_built_in_schema(name);
}

base::Result<std::shared_ptr<const schema::Schema>> Rulebook::schema(const std::string& name) {
  return resources_.compiled_schema(name);
}

base::Result<std::shared_ptr<const rules::Pack>> Rulebook::pack(const std::string& name) {
  return packs_.get(name, [&]() -> base::Result<std::shared_ptr<const rules::Pack>> {
    auto document = resources_.rules(name);
    if (!document) return std::move(document).error();
    auto loaded = rules::load_pack(*document);
    if (!loaded) return std::move(loaded).error();
    return std::make_shared<const rules::Pack>(std::move(*loaded));
  });
}

}  // namespace launchgate::suite
