#include "matrix/matrix_tool.hpp"

#include "lib/validator/checks.hpp"
#include "matrix/show.hpp"

namespace launchgate::matrix {

suite::Validator validator() {
  return {{"evidence-matrix", "package-scripts", "harness"},
          {validator::tier_check(), validator::keys_check("evidence-matrix")},
          "evidence-matrix",
          {validator::claims_check()}};
}

void MatrixTool::describe_own(cli::OptionSet& options) {
  options.flag("--show", show_, "Print categories against tiers with what is missing, and judge nothing.");
}

std::optional<cli::ExitCode> MatrixTool::run_instead(cli::Process& process, suite::Workspace& workspace) {
  if (!show_) return std::nullopt;
  suite::Validator matrix_only = validator();
  matrix_only.kinds = {"evidence-matrix"};
  auto outcome = suite::check_documents(workspace, matrix_only, common().paths);
  if (!outcome) return cli::fail(process, name(), outcome.error());
  finding::sort_findings(outcome->findings);
  const suite::LoadOutcome loaded = workspace.load(suite::choose_bindings(workspace, matrix_only, common().paths));
  for (const auto& document : loaded.documents) {
    process.out.write(
        show(document->json->root(), workspace.tiers().root(), outcome->findings, common().use_color(process)));
  }
  return validator::report_loading(process, workspace, name(), loaded);
}

}  // namespace launchgate::matrix
