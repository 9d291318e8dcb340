#include "load/core/journal.hpp"
#include "promote/promote_tool.hpp"

int main(int argc, char** argv) {
  launchgate::promote::PromoteTool tool(launchgate::load::recomputed_report);
  return launchgate::cli::run_tool(tool, argc, argv);
}
