#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/document/json_document.hpp"
#include "lib/evidence/findings.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/evidence/record_checks.hpp"

// The rules of a promotion beyond those of the record: whether the tier may be claimed at all, and which build the
// record must be about. Pure.
namespace launchgate::promote {

// What the caller knows about the release from outside the record; lower case.
struct Pins {
  std::optional<std::string> commit;
  std::map<std::string, std::string> digests;  // by image
};

// The claim status of the tier, and of every tier below when the ladder asks for that.
void check_claim(const evidence::Policy& policy, const evidence::Rung& rung, const document::JsonValue& matrix,
                 evidence::Findings& findings);

// The build of every item against the pins; what is not pinned is an error or a warning, as the rung says.
void check_pins(const evidence::Policy& policy, const evidence::Rung& rung, const document::JsonValue& record,
                const Pins& pins, evidence::Findings& findings);

// Whether the record is the committed template by its content: the same bytes, or the same values.
void check_template(const evidence::Policy& policy, const document::JsonValue& record,
                    const document::JsonValue& template_record, evidence::Findings& findings);

// The digest in the file that an image build wrote; a reason when it has none.
std::optional<std::string> digest_of(const std::string& image, const document::JsonDocument& file,
                                     evidence::Findings& findings);

}  // namespace launchgate::promote
