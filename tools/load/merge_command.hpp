#pragma once

#include <string>
#include <vector>

#include "lib/cli/tool.hpp"
#include "lib/signing/keys.hpp"
#include "lib/validator/outputs.hpp"
#include "load/core/redact.hpp"

namespace launchgate::load {

struct MergeRequest {
  const std::vector<std::string>& sources;  // parts, timelines of segments, folders of both
  bool allow_missing = false;
  std::string output_dir;
  std::vector<validator::Target> formats;
  const signing::PrivateKey* key = nullptr;
};

// One report and one verdict of the segments of a run, with a timeline that both can be had from again. In a folder a
// part counts before the timeline of the same segment.
cli::ExitCode merge_command(cli::Process& process, std::string_view tool, const MergeRequest& request,
                            const Redactor& redact);

}  // namespace launchgate::load
