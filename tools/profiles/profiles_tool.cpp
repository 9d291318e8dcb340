#include "profiles/profiles_tool.hpp"

#include "lib/validator/checks.hpp"
#include "profiles/show.hpp"

namespace launchgate::profiles {

suite::Validator validator() {
  return {{"target-profiles"}, {validator::keys_check("target-profiles")}, "target-profiles"};
}

void ProfilesTool::describe_own(cli::OptionSet& options) {
  options.flag("--show", show_, "Print the profiles side by side and check nothing.");
}

std::optional<cli::ExitCode> ProfilesTool::run_instead(cli::Process& process, suite::Workspace& workspace) {
  if (!show_) return std::nullopt;
  const suite::LoadOutcome loaded = workspace.load(suite::choose_bindings(workspace, validator(), common().paths));
  for (const auto& document : loaded.documents) {
    process.out.write(show(document->json->root(), workspace.tiers().root(), common().use_color(process)));
  }
  return validator::report_loading(process, workspace, name(), loaded);
}

}  // namespace launchgate::profiles
