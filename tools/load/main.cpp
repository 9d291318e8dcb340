#include "load/load_tool.hpp"

int main(int argc, char** argv) {
  launchgate::load::LoadTool tool(std::vector<std::string>(argv + 1, argv + argc));
  return launchgate::cli::run_tool(tool, argc, argv);
}
