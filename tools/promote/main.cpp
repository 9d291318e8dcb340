#include "launchgate/check_verb.hpp"
#include "promote/promote_tool.hpp"

int main(int argc, char** argv) {
  using namespace launchgate;
  const suite::Validator all = suite_tool::whole_suite();
  promote::PromoteTool tool(
      [all](cli::Process&, suite::Workspace& workspace) { return suite::check_documents(workspace, all, {}); }, all);
  return cli::run_tool(tool, argc, argv);
}
