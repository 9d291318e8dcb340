#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/tool.hpp"
#include "load/core/redact.hpp"

namespace launchgate::load {

struct CompareRequest {
  std::vector<std::string> runs;     // timelines or reports, those of the base first
  std::optional<std::int64_t> base;  // how many of them are the base's; by default half
  std::optional<double> allowed;     // percent
  std::string format = "text";       // of standard output: text, markdown, json
  std::optional<std::string> html;
};

// Exit 1 for a regression beyond what is allowed.
cli::ExitCode compare_command(cli::Process& process, std::string_view tool, const CompareRequest& request,
                              const Redactor& redact);

}  // namespace launchgate::load
