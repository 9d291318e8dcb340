#include "record/record_tool.hpp"

int main(int argc, char** argv) {
  launchgate::record::RecordTool tool;
  return launchgate::cli::run_tool(tool, argc, argv);
}
