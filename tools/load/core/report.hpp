#pragma once

#include <string>

#include "lib/document/json_writer.hpp"
#include "load/core/redact.hpp"
#include "load/core/run_record.hpp"

namespace launchgate::load {

// Of the plan and of the journal, as hexadecimal SHA-256. What is empty is left out.
struct RunDigests {
  std::string plan;
  std::string timeline;
  std::string attestation;  // name of the envelope beside the report
};

// Reports of a run; schemas/load-report.schema.json describes the JSON. Free texts of servers have been redacted when
// they were recorded; what the settings bring in (URLs, names) is redacted here.
std::string report_json(const RunPlan& run, const RunRecord& record, const Verdict& verdict, const Redactor& redact,
                        std::int64_t generated_wall_ms, const RunDigests& digests = {});
std::string report_markdown(const RunPlan& run, const RunRecord& record, const Verdict& verdict, const Redactor& redact,
                            std::int64_t generated_wall_ms);

// The analysis of a soak, as a member "soak" of an open object, and as a section.
void write_soak(document::JsonWriter& json, const SoakAnalysis& soak);
std::string soak_markdown(const SoakAnalysis& soak);

// What a run will do.
std::string plan_json(const RunPlan& run, const Redactor& redact, std::int64_t generated_wall_ms);
std::string plan_markdown(const RunPlan& run, const Redactor& redact, std::int64_t generated_wall_ms);

// What the target profiles say of the profile.
std::string profile_description(const Profile& profile);

// For text inside a table cell or a line of Markdown.
std::string markdown_escaped(std::string_view text);

}  // namespace launchgate::load
