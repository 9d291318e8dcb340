#include "leaks/commit_text.hpp"

#include <algorithm>

namespace launchgate::leaks {
namespace {

// Calls `visit` with each line and its line break, while it says so.
template <typename Visit>
void each_line(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    if (!visit(text.substr(0, end))) return;
    text.remove_prefix(end);
  }
}

}  // namespace

std::string written_text(std::string_view object) {
  std::string text;
  bool message = false;
  bool signature = false;  // of a tag, which follows its message
  each_line(object, [&](std::string_view line) {
    message = message || line == "\n";
    signature = signature || (message && line.starts_with("-----BEGIN ") && line.find(" SIGNATURE-----") != line.npos);
    const bool person = line.starts_with("author ") || line.starts_with("committer ") || line.starts_with("tagger ");
    text += (message && !signature) || (!message && person) ? line : std::string_view("\n");
    return true;
  });
  return text;
}

std::string message_text(std::string_view file) {
  constexpr std::string_view scissors = "------------------------ >8 ------------------------";
  std::string text;
  each_line(file, [&](std::string_view line) {
    if (line.find(scissors) != line.npos && line.find(scissors) <= 2) return false;
    text += line.starts_with('#') ? std::string_view("\n") : line;
    return true;
  });
  return text;
}

}  // namespace launchgate::leaks
