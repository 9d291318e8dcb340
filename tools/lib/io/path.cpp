#include "lib/io/path.hpp"

#include <optional>
#include <vector>

namespace launchgate::io {
namespace {

constexpr int most_steps = 200000;

struct ClassMatch {
  std::size_t length = 0;  // of the class in the pattern
  bool holds = false;
};

// "[a-z]", "[!x]": single characters, ranges, and a backslash that takes away a meaning. None when the bracket is never
// closed: then it stands for itself.
std::optional<ClassMatch> match_class(std::string_view pattern, char c) {
  std::size_t at = 1;
  const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (negated) ++at;
  const auto take = [&]() -> char {
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    return pattern[at++];
  };
  bool found = false;
  for (bool first = true; at < pattern.size() && (first || pattern[at] != ']'); first = false) {
    const char begin = take();
    const bool is_range = at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']';
    if (is_range) ++at;
    const char end = is_range ? take() : begin;
    found = found || (begin <= c && c <= end);
  }
  if (at >= pattern.size()) return std::nullopt;
  return ClassMatch{at + 1, found != negated};
}

// Matches from `p` and `t` on; `steps` bounds the backtracking of hostile patterns.
bool match_here(std::string_view pattern, std::string_view text, int& steps) {
  if (--steps < 0) return false;
  while (!pattern.empty()) {
    if (pattern.starts_with("**")) {
      std::string_view rest = pattern.substr(2);
      // "**/x" also matches "x" itself.
      if (rest.starts_with("/") && match_here(rest.substr(1), text, steps)) return true;
      if (rest.starts_with("/")) {
        for (std::size_t i = 0; i < text.size(); ++i) {
          if (text[i] == '/' && match_here(rest.substr(1), text.substr(i + 1), steps)) return true;
        }
        return false;
      }
      for (std::size_t i = 0; i <= text.size(); ++i) {
        if (match_here(rest, text.substr(i), steps)) return true;
      }
      return false;
    }
    if (pattern[0] == '*') {
      for (std::size_t i = 0; i <= text.size(); ++i) {
        if (match_here(pattern.substr(1), text.substr(i), steps)) return true;
        if (i < text.size() && text[i] == '/') break;
      }
      return false;
    }
    if (pattern[0] == '{') {
      const std::size_t close = pattern.find('}');
      if (close != std::string_view::npos) {
        std::string_view choices = pattern.substr(1, close - 1);
        const std::string_view rest = pattern.substr(close + 1);
        while (true) {
          const std::size_t comma = choices.find(',');
          const std::string_view choice = choices.substr(0, comma);
          if (match_here(std::string(choice) + std::string(rest), text, steps)) return true;
          if (comma == std::string_view::npos) return false;
          choices.remove_prefix(comma + 1);
        }
      }
    }
    if (text.empty()) return false;
    if (pattern[0] == '[') {
      if (const auto match = match_class(pattern, text[0])) {
        if (!match->holds || text[0] == '/') return false;
        pattern.remove_prefix(match->length);
        text.remove_prefix(1);
        continue;
      }
    }
    if (pattern[0] == '?') {
      if (text[0] == '/') return false;
    } else {
      if (pattern[0] == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
      if (pattern[0] != text[0]) return false;
    }
    pattern.remove_prefix(1);
    text.remove_prefix(1);
  }
  return text.empty();
}

}  // namespace

std::string join(std::string_view folder, std::string_view path) {
  if (folder.empty() || path.starts_with('/')) return std::string(path);
  if (path.empty()) return std::string(folder);
  std::string joined(folder);
  if (joined.back() != '/') joined += '/';
  return joined.append(path);
}

std::string parent(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return "";
  return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

std::string_view file_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string normalize(std::string_view path) {
  const bool absolute = path.starts_with('/');
  std::vector<std::string_view> parts;
  std::size_t at = 0;
  while (at <= path.size()) {
    std::size_t slash = path.find('/', at);
    if (slash == std::string_view::npos) slash = path.size();
    const std::string_view part = path.substr(at, slash - at);
    at = slash + 1;
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (part != ".." || !absolute) {
      parts.push_back(part);
    }
  }
  std::string joined = absolute ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) joined += '/';
    joined += parts[i];
  }
  return joined.empty() ? "." : joined;
}

bool is_inside(std::string_view folder, std::string_view path) {
  if (folder == "/") return path.starts_with('/');
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::string relative_to(std::string_view folder, std::string_view path) {
  if (!is_inside(folder, path)) return std::string(path);
  if (path.size() == folder.size()) return ".";
  return std::string(path.substr(folder == "/" ? 1 : folder.size() + 1));
}

std::size_t class_end(std::string_view pattern) {
  const auto match = match_class(pattern, '\0');
  return match ? match->length : 1;
}

bool glob_match(std::string_view pattern, std::string_view path) {
  int steps = most_steps;
  return match_here(pattern, path, steps);
}

bool is_glob(std::string_view pattern) { return pattern.find_first_of("*?[{") != std::string_view::npos; }

}  // namespace launchgate::io
