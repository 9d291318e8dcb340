// compile_pack IN OUT: writes what is known of a rule pack (tools/lib/rules/pack_index.hpp) at build time, having read
// it as strictly as one that a user brings: a pack that is wrong, or a pattern that RE2 refuses, ends the build. For a
// JSON file that is no pack it writes nothing.

#include <cstdio>
#include <fstream>
#include <string>

#include "build_input.hpp"
#include "lib/rules/pack.hpp"

using namespace launchgate;

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::string text;
  if (!read_build_input(argv[1], text)) return 1;
  const auto refuse = [](const base::Error& error) {
    std::fprintf(stderr, "%s\n", to_string(error).c_str());
    return 1;
  };
  auto document = document::JsonDocument::parse(argv[1], std::move(text));
  if (!document) return refuse(document.error());
  std::string index;
  if (document->root().find("pack")) {
    const auto pack =
        rules::load_pack(std::make_shared<const document::JsonDocument>(std::move(*document)), {true, true, true});
    if (!pack) return refuse(pack.error());
    index = pack->index();
  }
  std::ofstream file(argv[2], std::ios::binary | std::ios::trunc);
  file << index;
  file.close();
  return file ? 0 : 1;
}
