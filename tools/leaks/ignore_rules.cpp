#include "leaks/ignore_rules.hpp"

#include <algorithm>

#include "lib/io/glob.hpp"
#include "lib/io/path.hpp"

namespace launchgate::leaks {
namespace {

bool is_plain(std::string_view text) { return text.find_first_of("*?[\\{}") == std::string_view::npos; }

// Braces mean nothing in ignore files. Inside a class the glob matcher reads them and backslashes as git does.
std::string to_glob(std::string_view text) {
  std::string glob;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      glob += text[i];
      glob += text[++i];
    } else if (const std::size_t length = io::Glob::set_length(text.substr(i)); length > 0) {
      glob += text.substr(i, length);
      i += length - 1;
    } else {
      if (text[i] == '{' || text[i] == '}') glob += '\\';
      glob += text[i];
    }
  }
  return glob;
}

}  // namespace

void IgnoreRules::add(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    while (!line.empty() && line.back() == ' ' && (line.size() < 2 || line[line.size() - 2] != '\\'))
      line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    Pattern pattern;
    if (line.front() == '!') {
      pattern.negated = true;
      line.remove_prefix(1);
    }
    if (!line.empty() && line.back() == '/') {
      pattern.folders_only = true;
      line.remove_suffix(1);
    }
    if (line.empty()) continue;
    // A slash at the start or in the middle ties the pattern to this folder.
    const bool tied = line.find('/') != std::string_view::npos;
    if (line.front() == '/') line.remove_prefix(1);
    if (line.substr(0, 3) == "**/" && line.find('/', 3) == std::string_view::npos) {
      line.remove_prefix(3);
      pattern.kind = Pattern::Kind::name_glob;
    } else {
      pattern.kind = tied ? Pattern::Kind::path_glob : Pattern::Kind::name_glob;
    }
    pattern.text = std::string(line);
    if (pattern.kind == Pattern::Kind::name_glob && is_plain(line)) {
      pattern.kind = Pattern::Kind::name;
    } else if (pattern.kind == Pattern::Kind::name_glob && line.front() == '*' && is_plain(line.substr(1))) {
      pattern.kind = Pattern::Kind::ending;
      pattern.text.erase(0, 1);
    } else {
      pattern.text = to_glob(line);
    }
    patterns_.push_back(std::move(pattern));
  }
}

IgnoreRules::Verdict IgnoreRules::judge(std::string_view path, bool folder) const {
  const std::string_view name = io::file_name(path);
  for (auto pattern = patterns_.rbegin(); pattern != patterns_.rend(); ++pattern) {
    if (pattern->folders_only && !folder) continue;
    bool matches = false;
    switch (pattern->kind) {
      case Pattern::Kind::name:
        matches = name == pattern->text;
        break;
      case Pattern::Kind::ending:
        matches = name.ends_with(pattern->text);
        break;
      case Pattern::Kind::name_glob:
        matches = io::glob_match(pattern->text, name);
        break;
      case Pattern::Kind::path_glob:
        matches = io::glob_match(pattern->text, path);
        break;
    }
    if (matches) return pattern->negated ? Verdict::kept : Verdict::ignored;
  }
  return Verdict::none;
}

}  // namespace launchgate::leaks
