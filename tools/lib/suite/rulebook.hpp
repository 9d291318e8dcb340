#pragma once

#include <memory>
#include <string>

#include "lib/base/once_by_name.hpp"
#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/rules/pack.hpp"
#include "lib/schema/schema.hpp"
#include "lib/suite/resources.hpp"

namespace launchgate::suite {

// Schemas and packs by name, each compiled once for all documents, whichever thread asks first.
class Rulebook {
 public:
  explicit Rulebook(Resources& resources) : resources_(resources) {}

  // Whether the schema has nothing to say of the document that the build has not said already.
  bool was_validated(const std::string& name, const document::JsonDocument& document) const;

  base::Result<std::shared_ptr<const schema::Schema>> schema(const std::string& name);
  base::Result<std::shared_ptr<const rules::Pack>> pack(const std::string& name);

 private:
  Resources& resources_;
};

}  // namespace launchgate::suite
