#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/base/rfc3339.hpp"
#include "lib/document/json_document.hpp"
#include "lib/evidence/policy.hpp"

// Evidence as `run` and `attach` produce it, and how it joins what an item has. Pure.
namespace launchgate::record {

// Where a report keeps its runs.
inline constexpr std::string_view runs_key = "runs";

// "/a/b" -> "b".
std::string last_segment(const std::string& pointer);

// In milliseconds: as it was measured, or as an attached report writes it; none when that is no number.
using Duration = std::variant<std::monostate, base::Milliseconds, document::JsonValue>;

// One command that was executed, or whose report was attached.
struct RunEntry {
  std::string command;
  std::vector<std::string> also_ran;  // further commands that an attached report names
  std::string started_at;             // RFC 3339
  std::string finished_at;
  Duration duration;
  bool passed = false;
  std::string status;              // as the report will say it
  std::optional<int> exit_status;  // none for an attached report
  bool timed_out = false;
  std::string evidence;               // relative to the record: the log or the attached file
  std::string sha256;                 // of that file
  std::string attestation;            // of its envelope, relative to the record; empty: unsigned
  std::vector<std::string> problems;  // why it is no pass
  // The whole report of a load or soak run, which must outlive the entry; none for what shows no figures.
  std::optional<document::JsonValue> measured;
};

// The build and the environment that the evidence is about.
struct Subject {
  std::string commit;
  std::map<std::string, std::string> digests;  // by image
  const evidence::Rung* rung = nullptr;
  // Of an attached report, which must outlive the subject: further members of the environment profile, and what it
  // holds beside the usual fields; copied.
  std::map<std::string, document::JsonValue> environment;
  std::optional<document::JsonValue> more;
};

// The item's new report, as indented JSON. What the item had is kept: runs of the same build stay, or move to the
// history when the same command ran again; evidence of another build moves there whole. The report's own times are
// those of the item's command where it ran.
std::string merged_report(const evidence::Policy& policy, const document::JsonValue& item, const RunEntry& run,
                          const Subject& subject);

// What still keeps an item from passing, for people; empty when its status may be the passing one. `item` is the entry
// after the change.
std::vector<std::string> open_points(const evidence::Policy& policy, const document::JsonValue& item,
                                     const std::vector<std::string>& required_commands);

// Whether the item's report says that something failed.
bool has_failed(const evidence::Policy& policy, const document::JsonValue& item);

}  // namespace launchgate::record
