// strip_json IN OUT: copies a JSON document without the white space between its tokens. Runs at build time, on files
// that a unit test parses: what is embedded is smaller and read faster. Strings keep their escapes as written. A line
// break stays after the members and elements near the top: finding the column of a place takes time in proportion to
// its line.

#include <cstdio>
#include <fstream>
#include <string>

#include "build_input.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::string text;
  if (!read_build_input(argv[1], text)) return 1;
  std::string out;
  out.reserve(text.size());
  bool in_string = false;
  bool escaped = false;
  constexpr int deepest_break = 3;
  int depth = 0;
  for (const char c : text) {
    if (in_string) {
      out += c;
      in_string = escaped || c != '"';
      escaped = !escaped && c == '\\';
      continue;
    }
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    in_string = c == '"';
    out += c;
    depth += (c == '{' || c == '[' ? 1 : 0) - (c == '}' || c == ']' ? 1 : 0);
    if (c == ',' && depth <= deepest_break) out += '\n';
  }
  std::ofstream file(argv[2], std::ios::binary | std::ios::trunc);
  file << out;
  file.close();
  return file ? 0 : 1;
}
