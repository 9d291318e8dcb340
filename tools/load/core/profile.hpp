#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "load/core/time.hpp"

namespace launchgate::load {

// One target profile (schemas/target-profiles.schema.json).
struct Profile {
  std::string name;
  std::int64_t duration_ms = 0;
  std::int64_t soak_duration_ms = 0;
  std::int64_t concurrency = 0;
  double request_rate = 0;                         // per second
  std::map<std::string, double> capacity_targets;  // by field name
  std::map<std::string, double> thresholds;
  std::string text;           // the profile's JSON as written
  std::string source_sha256;  // of the document that it was read from; empty: not known
  std::string source;         // that document; empty: not known

  // The JSON of one profile.
  static base::Result<Profile> parse(std::string path, std::string text, std::string name);

  // The profile of that name from a document of target profiles. An unknown name is a `usage` error that names the
  // nearest known one; a value that is no positive number a `configuration` error with its position.
  static base::Result<Profile> find(std::string path, std::string text, std::string_view name);
};

}  // namespace launchgate::load
