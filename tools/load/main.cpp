#include "load/load_tool.hpp"

int main(int argc, char** argv) {
  launchgate::load::LoadTool tool;
  return launchgate::cli::run_tool(tool, argc, argv);
}
