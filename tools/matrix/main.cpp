#include "matrix/matrix_tool.hpp"

int main(int argc, char** argv) {
  launchgate::matrix::MatrixTool tool;
  return launchgate::cli::run_tool(tool, argc, argv);
}
