#include "decide/decide_tool.hpp"
#include "load/core/journal.hpp"

int main(int argc, char** argv) {
  launchgate::decide::DecideTool tool(launchgate::load::recomputed_report);
  return launchgate::cli::run_tool(tool, argc, argv);
}
