#include "lib/io/system.hpp"

#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "lib/io/path.hpp"

namespace launchgate::io {

bool is_terminal(int stream) { return ::isatty(stream) == 1; }

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

int process_id() { return ::getpid(); }

std::uint32_t user_id() { return ::geteuid(); }

std::vector<std::string> environment() {
  std::vector<std::string> all;
  for (char** variable = environ; *variable != nullptr; ++variable) all.emplace_back(*variable);
  return all;
}

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

bool is_set_but_empty(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value != nullptr && *value == '\0';
}

base::Result<void> random_bytes(std::span<unsigned char> into) {
  if (::getrandom(into.data(), into.size(), 0) == static_cast<ssize_t>(into.size())) return {};
  return base::Error{base::ErrorCategory::input, "", {}, std::string("no random numbers: ") + std::strerror(errno), ""};
}

void hold_secrets() {
  (void)::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  const rlimit none{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &none);
}

std::string own_folder() {
  std::array<char, PATH_MAX> buffer{};
  const ssize_t length = ::readlink("/proc/self/exe", buffer.data(), buffer.size());
  return length > 0 ? parent(std::string_view(buffer.data(), static_cast<std::size_t>(length))) : std::string();
}

bool is_executable(const std::string& path) { return ::access(path.c_str(), X_OK) == 0; }

void become(const std::string& path, const std::vector<std::string>& arguments) {
  std::vector<char*> words = {const_cast<char*>(path.c_str())};  // execv() changes none of them
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  ::execv(path.c_str(), words.data());
}

}  // namespace launchgate::io
