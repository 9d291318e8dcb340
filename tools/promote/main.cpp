#include "promote/promote_tool.hpp"

int main(int argc, char** argv) {
  launchgate::promote::PromoteTool tool;
  return launchgate::cli::run_tool(tool, argc, argv);
}
