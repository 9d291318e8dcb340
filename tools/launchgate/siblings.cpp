#include "launchgate/siblings.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <string>
#include <string_view>
#include <vector>

#include "lib/io/path.hpp"

namespace launchgate::suite_tool {
namespace {

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
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!plain) return;
  std::string path = io::join(own_folder(), "launchgate-" + std::string(name));
  if (::access(path.c_str(), X_OK) != 0) return;
  std::vector<char*> arguments = {path.data()};
  for (int i = verb + 1; i < argc; ++i) arguments.push_back(argv[i]);
  arguments.push_back(nullptr);
  ::execv(path.c_str(), arguments.data());
}

}  // namespace launchgate::suite_tool
