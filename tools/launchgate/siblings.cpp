#include "launchgate/siblings.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/ascii.hpp"
#include "lib/io/file_system.hpp"
#include "lib/io/path.hpp"
#include "lib/io/system.hpp"

namespace launchgate::suite_tool {
namespace {

constexpr std::string_view prefix = "launchgate-";

bool is_word(std::string_view name) { return !name.empty() && std::all_of(name.begin(), name.end(), base::is_lower); }

}  // namespace

void become_sibling(int argc, char** argv) {
  int verb = 1;
  while (verb < argc && std::string_view(argv[verb]) == "--") ++verb;
  if (verb >= argc) return;
  const std::string_view name = argv[verb];
  if (!is_word(name)) return;
  const std::string path = sibling_path(std::string(name));
  if (io::is_executable(path)) io::become(path, {argv + verb + 1, argv + argc});
}

std::string sibling_path(const std::string& word) { return io::join(io::own_folder(), std::string(prefix) + word); }

std::vector<std::string> sibling_words() {
  std::vector<std::string> words;
  const auto entries = io::DiskFileSystem().list(io::own_folder());
  if (!entries) return words;
  for (const io::DirectoryEntry& entry : *entries) {
    if (!entry.name.starts_with(prefix)) continue;
    std::string word = entry.name.substr(prefix.size());
    if (is_word(word) && io::is_executable(sibling_path(word))) words.push_back(std::move(word));
  }
  return words;
}

}  // namespace launchgate::suite_tool
