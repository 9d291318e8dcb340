#include "launchgate/launchgate_tool.hpp"

#include "launchgate/check_verb.hpp"
#include "launchgate/completions_verb.hpp"
#include "launchgate/init_verb.hpp"
#include "launchgate/rules_verb.hpp"
#include "launchgate/status_verb.hpp"
#include "matrix/matrix_tool.hpp"
#include "profiles/profiles_tool.hpp"
#include "report/report_tool.hpp"
#include "wording/wording_tool.hpp"

namespace launchgate::suite_tool {
namespace {

template <typename T>
std::unique_ptr<cli::Tool> make() {
  return std::make_unique<T>();
}

}  // namespace

std::vector<cli::Tool::Verb> LaunchgateTool::verbs() const {
  return {
      {"check", make<CheckVerb>},
      {"init", make<InitVerb>},
      {"rules", make<RulesVerb>},
      {"explain", make<ExplainVerb>},
      {"status", make<StatusVerb>},
      {"completions", make<CompletionsVerb>},
      {"man", make<ManVerb>},
      {"profiles", make<profiles::ProfilesTool>},
      {"matrix", make<matrix::MatrixTool>},
      {"report", make<report_tool::ReportTool>},
      {"wording", make<wording::WordingTool>},
  };
}

}  // namespace launchgate::suite_tool
