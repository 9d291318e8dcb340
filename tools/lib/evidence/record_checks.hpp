#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/rfc3339.hpp"
#include "lib/document/json_document.hpp"
#include "lib/evidence/findings.hpp"
#include "lib/evidence/policy.hpp"

// What a private evidence record must hold before anything may be promoted on it: every rule over the record itself,
// whoever asks. Everything is found, not the first alone. Pure: time, limits and scanners are given.
namespace launchgate::evidence {

// What leak rules find in a text. Offsets in bytes; `what` names the kind and never holds the value.
struct PrivateHit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string what;
};
using PrivateScan = std::function<std::vector<PrivateHit>(std::string_view text)>;

struct RecordSubject {
  document::JsonValue record;
  document::JsonValue matrix;
  std::optional<document::JsonValue> targets;  // the document of target profiles
};

struct RecordSettings {
  const Rung* rung =
      nullptr;  // the tier that the evidence must be for; none: what the record itself names is not compared
  base::Milliseconds now = 0;
  std::optional<base::Milliseconds> max_age;
  std::optional<base::Milliseconds> told_age;  // evidence older than this is a warning
  PrivateScan scan;                            // may be empty
  PrivateScan public_scan;                     // of what is published; may be empty
};

void check_record(const Policy& policy, const RecordSubject& subject, const RecordSettings& settings,
                  Findings& findings);

// Items by id, the first entry of each; entries without an id are left out.
std::map<std::string, document::JsonValue> items_by_id(const Policy& policy, const document::JsonValue& record);
// The ids that the matrix asks for, in its order.
std::vector<std::string> required_items(const Policy& policy, const document::JsonValue& matrix);
// The commands that the matrix asks for.
std::vector<std::string> required_commands(const Policy& policy, const document::JsonValue& matrix,
                                           const std::string& item);

// The commit and the digests that most items agree on, in lower case; empty where no item has one.
struct Build {
  std::string commit;
  std::map<std::string, std::string> digests;  // by image
};
Build common_build(const Policy& policy, const document::JsonValue& record);

// Private values in strings, numbers and keys, and keys that name a secret, of any document that will be kept or shown.
void check_private(const Policy& policy, const document::JsonValue& root, const PrivateScan& scan,
                   const std::function<std::string(const document::JsonValue&)>& item_of, Findings& findings);

// `text` with everything private masked, one "*" for each character, for messages.
std::string mask_private(const Policy& policy, std::string_view text);
}  // namespace launchgate::evidence
