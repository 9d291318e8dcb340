#include "wording/wording_tool.hpp"

int main(int argc, char** argv) {
  launchgate::wording::WordingTool tool;
  return launchgate::cli::run_tool(tool, argc, argv);
}
