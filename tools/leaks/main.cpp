#include "leaks/leaks_tool.hpp"

int main(int argc, char** argv) {
  launchgate::leaks::LeaksTool tool;
  return launchgate::cli::run_tool(tool, argc, argv);
}
