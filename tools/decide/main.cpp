#include "decide/decide_tool.hpp"

int main(int argc, char** argv) {
  launchgate::decide::DecideTool tool;
  return launchgate::cli::run_tool(tool, argc, argv);
}
