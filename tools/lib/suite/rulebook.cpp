#include "lib/suite/rulebook.hpp"

namespace launchgate::suite {

bool Rulebook::was_validated(const std::string& name, const document::JsonDocument& document) const {
  return Resources::is_built_in(document) && resources_.has_built_in_schema(name);
}

base::Result<std::shared_ptr<const schema::Schema>> Rulebook::schema(const std::string& name) {
  return resources_.compiled_schema(name);
}

base::Result<std::shared_ptr<const rules::Pack>> Rulebook::pack(const std::string& name) {
  return resources_.pack(name);
}

}  // namespace launchgate::suite
