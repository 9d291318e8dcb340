#pragma once

#include <string>
#include <utility>
#include <vector>

#include "standin/core/product.hpp"

namespace launchgate::standin {

// Where a running stand-in is to be found, for those who start it.
struct Announcement {
  std::vector<std::string> urls;    // by service
  std::vector<std::string> tokens;  // by token
  std::string control_url;
  std::string authority_file;  // empty: none was written
  int process = 0;
};

// One object: product, pid, control, services, tokens, authorityFile, environment (variables and their values).
std::string announcement_json(const Product& product, const Announcement& announcement);
// Lines of `export NAME='value'` for a POSIX shell.
std::string announcement_shell(const Product& product, const Announcement& announcement);

}  // namespace launchgate::standin
