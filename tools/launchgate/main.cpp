#include "launchgate/launchgate_tool.hpp"
#include "launchgate/siblings.hpp"

int main(int argc, char** argv) {
  launchgate::suite_tool::become_sibling(argc, argv);
  launchgate::suite_tool::LaunchgateTool tool;
  return launchgate::cli::run_tool(tool, argc, argv);
}
