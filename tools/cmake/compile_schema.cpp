// compile_schema IN OUT: compiles a JSON Schema into the words of its plan, which are read where they lie in the
// executables. Runs at build time, on the code that compiles a user's schema at run time; one that is wrong ends the
// build.

#include <cstdio>
#include <fstream>
#include <string>

#include "build_input.hpp"
#include "lib/schema/plan.hpp"
#include "lib/schema/schema.hpp"

int main(int argc, char** argv) {
  using namespace launchgate;
  if (argc != 3) return 2;
  std::string text;
  if (!read_build_input(argv[1], text)) return 1;
  const auto document = document::JsonDocument::parse(argv[1], std::move(text));
  const auto schema = document ? schema::compile(*document) : document.error();
  if (!schema) {
    std::fprintf(stderr, "%s\n", to_string(schema.error()).c_str());
    return 1;
  }
  const auto words = (*schema)->plan().words();
  std::ofstream file(argv[2], std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(words.data()), static_cast<std::streamsize>(words.size_bytes()));
  file.close();
  return file ? 0 : 1;
}
