#pragma once

#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/io/file_system.hpp"
#include "lib/secrets/engine.hpp"

namespace launchgate::leaks {

// Rules of a .gitleaks.toml (https://github.com/gitleaks/gitleaks#configuration), as this scanner's. Go's regular
// expressions are RE2's.
struct GitleaksConfig {
  std::vector<secrets::SecretRule> rules;  // ids "gitleaks/<id>"
  bool extends_default = false;            // extend.useDefault: our own packs stand in for the default rules
  std::vector<std::string> disabled;       // extend.disabledRules
};

// What cannot be expressed is a `configuration` error with its line; the other rules would silently find less. A file
// of the repository, whose root this is, may extend others of the repository alone.
base::Result<GitleaksConfig> read_gitleaks_config(const std::string& path, const io::FileSystem& disk,
                                                  const std::string& root);

}  // namespace launchgate::leaks
