#include "launchgate/siblings.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/ascii.hpp"
#include "lib/io/file_system.hpp"
#include "lib/io/path.hpp"

namespace launchgate::suite_tool {
namespace {

constexpr std::string_view prefix = "launchgate-";

bool is_word(std::string_view name) { return !name.empty() && std::all_of(name.begin(), name.end(), base::is_lower); }

std::string own_folder() {
  std::array<char, PATH_MAX> buffer{};
  const ssize_t length = ::readlink("/proc/self/exe", buffer.data(), buffer.size());
  return length > 0 ? io::parent(std::string_view(buffer.data(), static_cast<std::size_t>(length))) : std::string();
}

}  // namespace

void become_sibling(int argc, char** argv) {
  int verb = 1;
  while (verb < argc && std::string_view(argv[verb]) == "--") ++verb;
  if (verb >= argc) return;
  const std::string_view name = argv[verb];
  if (!is_word(name)) return;
  std::string path = sibling_path(std::string(name));
  if (::access(path.c_str(), X_OK) != 0) return;
  std::vector<char*> arguments = {path.data()};
  for (int i = verb + 1; i < argc; ++i) arguments.push_back(argv[i]);
  arguments.push_back(nullptr);
  ::execv(path.c_str(), arguments.data());
}

std::string sibling_path(const std::string& word) { return io::join(own_folder(), std::string(prefix) + word); }

std::vector<std::string> sibling_words() {
  std::vector<std::string> words;
  const auto entries = io::DiskFileSystem().list(own_folder());
  if (!entries) return words;
  for (const io::DirectoryEntry& entry : *entries) {
    if (!entry.name.starts_with(prefix)) continue;
    std::string word = entry.name.substr(prefix.size());
    if (is_word(word) && ::access(sibling_path(word).c_str(), X_OK) == 0) words.push_back(std::move(word));
  }
  return words;
}

}  // namespace launchgate::suite_tool
