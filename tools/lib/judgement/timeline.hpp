#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/evidence/findings.hpp"

// The timeline of a run against its report: what the load engine makes of the timeline must be what the report says.
namespace launchgate::judgement {

// The load engine's report (JSON) of a timeline. An error where the text is none.
using Recompute = std::function<base::Result<std::string>(const std::string& path, std::string_view timeline)>;

// Where the timeline of a report is kept: beside it, "…-report.json" and "…-timeline.jsonl"; empty for another name.
std::string timeline_path(const std::string& report_path);

void compare_timeline(const std::string& item, const document::JsonValue& report, const std::string& path,
                      std::string_view timeline, const Recompute& recompute, evidence::Findings& findings);

}  // namespace launchgate::judgement
