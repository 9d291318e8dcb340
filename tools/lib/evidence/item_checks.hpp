#pragma once

#include <string>

#include "lib/evidence/record_checks.hpp"

// What is asked of one item of an evidence record.
namespace launchgate::evidence {

// Whether nothing is filled in: there is no report, no status but the one to begin with, and no evidence.
bool is_untouched(const Policy& policy, const document::JsonValue& item);

// `id` is one that the matrix knows.
void check_item(const Policy& policy, const RecordSubject& subject, const RecordSettings& settings, std::string id,
                const document::JsonValue& item, Findings& findings);

}  // namespace launchgate::evidence
