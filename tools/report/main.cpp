#include "report/report_tool.hpp"

int main(int argc, char** argv) {
  launchgate::report_tool::ReportTool tool;
  return launchgate::cli::run_tool(tool, argc, argv);
}
