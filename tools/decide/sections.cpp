#include "decide/sections.hpp"

#include "lib/evidence/policy.hpp"
#include "lib/rules/formats.hpp"

namespace launchgate::decide {
namespace {

struct Heading {
  std::size_t rank = 0;
  std::string_view text;
};

std::optional<Heading> heading_of(std::string_view line) {
  const std::size_t indent = line.find_first_not_of(' ');
  if (indent == std::string_view::npos || indent > 3) return std::nullopt;
  line.remove_prefix(indent);
  const std::size_t rank = std::min(line.find_first_not_of('#'), line.size());
  if (rank == 0 || rank > 6 || (rank < line.size() && line[rank] != ' ' && line[rank] != '\t')) return std::nullopt;
  std::string_view text = evidence::trim(line.substr(rank));
  const std::size_t closing = text.find_last_not_of('#');
  if (closing != std::string_view::npos && closing + 1 < text.size() && text[closing] == ' ') text = evidence::trim(text.substr(0, closing));
  return Heading{rank, text};
}

// The run of fence characters that opens or closes a fenced block.
std::string_view fence_of(std::string_view line) {
  line = evidence::trim(line);
  if (!line.starts_with("```") && !line.starts_with("~~~")) return {};
  return line.substr(0, std::min(line.find_first_not_of(line.front()), line.size()));
}

// Takes comments out of a line; `open` says whether one goes on.
std::string without_comments(std::string_view line, bool& open) {
  std::string shown;
  while (!line.empty()) {
    if (open) {
      const std::size_t end = line.find("-->");
      if (end == std::string_view::npos) return shown;
      line.remove_prefix(end + 3);
      open = false;
      continue;
    }
    const std::size_t begin = line.find("<!--");
    shown += line.substr(0, begin);
    if (begin == std::string_view::npos) return shown;
    line.remove_prefix(begin + 4);
    open = true;
  }
  return shown;
}

}  // namespace

std::optional<std::vector<std::string>> section_lines(std::string_view markdown, std::string_view heading) {
  std::optional<std::vector<std::string>> lines;
  std::size_t rank = 0;
  bool comment = false;
  std::string fence;
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    const std::string_view raw = markdown.substr(0, end);
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
    if (!fence.empty()) {
      const std::string_view closing = fence_of(raw);
      if (closing.starts_with(fence) && evidence::trim(raw) == closing) fence.clear();
      continue;
    }
    const std::string line = without_comments(raw, comment);
    if (const std::string_view opening = fence_of(line); !opening.empty()) {
      fence = opening;
      continue;
    }
    if (const auto found = heading_of(line)) {
      if (lines && found->rank <= rank) return lines;
      if (!lines && evidence::lower_case(found->text) == evidence::lower_case(heading)) {
        lines.emplace();
        rank = found->rank;
      }
      continue;
    }
    if (lines) lines->push_back(line);
  }
  return lines;
}

std::vector<std::string> unfilled(const std::vector<std::string>& lines) {
  std::vector<std::string> missing;
  bool any = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = evidence::trim(lines[i]);
    if (line.empty()) continue;
    const bool item = line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ");
    const std::size_t colon = line.find(':');
    if (item && colon != std::string_view::npos) {
      std::string value(evidence::trim(line.substr(colon + 1)));
      // A value may go on in indented lines.
      for (std::size_t next = i + 1; next < lines.size() && lines[next].starts_with("  ") && !evidence::trim(lines[next]).empty(); ++next) value += " " + std::string(evidence::trim(lines[next]));
      if (evidence::trim(value).empty() || rules::is_placeholder(value)) {
        missing.push_back("\"" + std::string(evidence::trim(line.substr(2, colon - 2))) + "\" is not filled in");
      } else {
        any = true;
      }
    } else if (rules::is_placeholder(item ? evidence::trim(line.substr(2)) : line)) {
      missing.emplace_back("a placeholder is left");
    } else {
      any = true;
    }
  }
  if (!any && missing.empty()) missing.emplace_back("it is empty");
  return missing;
}

}  // namespace launchgate::decide
