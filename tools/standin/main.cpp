#include "standin/standin_tool.hpp"

int main(int argc, char** argv) {
  launchgate::standin::StandinTool tool;
  return launchgate::cli::run_tool(tool, argc, argv);
}
