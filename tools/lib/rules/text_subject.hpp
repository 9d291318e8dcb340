#pragma once

#include <functional>
#include <memory>
#include <string>

#include "lib/base/source_text.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::rules {

// A document that is no JSON, and what its rules may refer to.
struct TextSubject {
  std::shared_ptr<const base::SourceText> source;
  const Documents& documents;
  const Repository& repository;
  // Another file of the repository by its path from the root; null when it cannot be read.
  std::function<std::shared_ptr<const base::SourceText>(const std::string& path)> read;
};

}  // namespace launchgate::rules
