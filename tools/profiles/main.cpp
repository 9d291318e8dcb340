#include "profiles/profiles_tool.hpp"

int main(int argc, char** argv) {
  launchgate::profiles::ProfilesTool tool;
  return launchgate::cli::run_tool(tool, argc, argv);
}
