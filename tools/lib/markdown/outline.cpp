#include "lib/markdown/outline.hpp"

#include <map>

#include "lib/base/ascii.hpp"

namespace launchgate::markdown {

std::uint32_t first_node(const MarkdownDocument& document, std::uint32_t section) {
  const std::uint32_t heading = document.sections()[section].heading;
  return heading == no_node ? 0 : heading;
}

std::vector<Field> fields(const MarkdownDocument& document, std::uint32_t section) {
  std::vector<Field> found;
  const auto& nodes = document.nodes();
  for (std::uint32_t i = first_node(document, section); i < document.sections()[section].end; ++i) {
    const Node& item = nodes[i];
    if (item.kind != NodeKind::item || item.task || i + 1 >= nodes.size() || nodes[i + 1].kind != NodeKind::paragraph ||
        item.next <= i + 1)
      continue;
    const Node& paragraph = nodes[i + 1];
    const std::string_view text = document.text_of(paragraph);
    std::size_t colon = text.find(':');
    while (colon != std::string_view::npos && colon + 1 < text.size() && text[colon + 1] != ' ')
      colon = text.find(':', colon + 1);
    if (colon == std::string_view::npos || colon == 0) continue;
    const auto after = paragraph.text.begin + static_cast<std::uint32_t>(colon) + 1;
    Field field{i, {paragraph.text.begin, after - 1}, {after, item.text.end}};
    if (!field.value.empty() && document.text().text()[field.value.begin] == ' ') ++field.value.begin;
    found.push_back(field);
  }
  return found;
}

std::vector<Table> tables(const MarkdownDocument& document, std::uint32_t section) {
  std::vector<Table> found;
  const auto& nodes = document.nodes();
  for (std::uint32_t i = first_node(document, section); i < document.sections()[section].end; ++i) {
    if (nodes[i].kind != NodeKind::table) continue;
    Table table;
    table.node = i;
    for (std::uint32_t r = i + 1; r < nodes[i].next; r = nodes[r].next) {
      TableRow row;
      row.node = r;
      for (std::uint32_t c = r + 1; c < nodes[r].next; c = nodes[c].next) row.cells.push_back(c);
      if (nodes[r].header) {
        table.header = std::move(row);
      } else {
        table.rows.push_back(std::move(row));
      }
    }
    found.push_back(std::move(table));
    i = nodes[i].next - 1;
  }
  return found;
}

std::vector<Task> tasks(const MarkdownDocument& document, std::uint32_t section) {
  std::vector<Task> found;
  const auto& nodes = document.nodes();
  for (std::uint32_t i = first_node(document, section); i < document.sections()[section].end; ++i) {
    if (nodes[i].kind == NodeKind::item && nodes[i].task) found.push_back({i, nodes[i].text, nodes[i].checked});
  }
  return found;
}

std::string counted(const MarkdownDocument& document, Range range) {
  const TextMap& map = document.text();
  const std::string_view text = document.text_of(range);
  std::string out;
  if (!text.empty() && map.is_weak(range)) {
    for (std::uint32_t i = 0; i < range.size(); ++i) {
      if (!map.is_weak({range.begin + i, range.begin + i + 1})) out += text[i];
    }
  } else {
    out = text;
  }
  const std::size_t first = out.find_first_not_of(" \n");
  if (first == std::string::npos) return {};
  return out.substr(first, out.find_last_not_of(" \n") - first + 1);
}

std::vector<std::string> anchors(const MarkdownDocument& document) {
  std::vector<std::string> found;
  std::map<std::string, std::size_t> seen;
  for (const Node& node : document.nodes()) {
    if (node.kind != NodeKind::heading) continue;
    std::string anchor;
    for (const char c : document.text_of(node)) {
      if (c == ' ') {
        anchor += '-';
      } else if (base::is_alnum(c) || c == '-' || c == '_' || !base::is_ascii(c)) {
        anchor += base::lower(c);
      }
    }
    const std::size_t before = seen[anchor]++;
    found.push_back(before == 0 ? anchor : anchor + '-' + std::to_string(before));
  }
  return found;
}

}  // namespace launchgate::markdown
