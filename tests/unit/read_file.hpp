#pragma once

#include <fstream>
#include <sstream>
#include <string>

// A file of the repository.
inline std::string read_file(const std::string& path) {
  std::ifstream file(std::string(LAUNCHGATE_SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}
