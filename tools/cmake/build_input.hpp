#pragma once

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

// What the small programs of the build read: the whole of a file, which is not empty. Says why not, and returns false.
inline bool read_build_input(const char* path, std::string& text) {
  std::ifstream in(path, std::ios::binary);
  text.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  if (in && !text.empty()) return true;
  std::fprintf(stderr, "%s: cannot read\n", path);
  return false;
}
