#include "decide/sections.hpp"

#include <algorithm>
#include <set>

#include "lib/base/text.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/markdown/outline.hpp"
#include "lib/rules/formats.hpp"

namespace launchgate::decide {
namespace {

using markdown::MarkdownDocument;
using markdown::Node;
using markdown::NodeKind;
using markdown::Range;

// The braces of a form may stand anywhere in a value: "{units} a day".
bool is_open(std::string_view value) {
  if (rules::is_placeholder(value)) return true;
  const std::size_t brace = value.find('{');
  return brace != std::string_view::npos && value.find('}', brace) != std::string_view::npos;
}

class Section {
 public:
  Section(const MarkdownDocument& report, std::uint32_t section) : report_(report), section_(section) {}

  void look(std::vector<std::string>& missing) {
    const std::size_t before = missing.size();
    fields(missing);
    tables(missing);
    tasks(missing);
    paragraphs(missing);
    if (!any_ && missing.size() == before) missing.emplace_back("it is empty");
  }

 private:
  // The statements of `text` in the nodes [first, end).
  std::string said(std::uint32_t first, std::uint32_t end, Range text) const {
    std::string words;
    for (std::uint32_t i = first; i < end; ++i) {
      const Node& node = report_.nodes()[i];
      if (node.kind != NodeKind::paragraph && node.kind != NodeKind::cell && node.kind != NodeKind::heading) continue;
      words += ' ';
      for (std::uint32_t at = std::max(node.text.begin, text.begin); at < std::min(node.text.end, text.end); ++at) {
        if (!report_.text().is_weak({at, at + 1})) words += report_.text().text()[at];
      }
    }
    return std::string(base::trim(words));
  }

  std::string quoted(Range text) const { return '"' + std::string(base::trim(report_.text_of(text))) + '"'; }

  void fields(std::vector<std::string>& missing) {
    for (const markdown::Field& field : markdown::fields(report_, section_)) {
      judged_.insert(field.item);
      const std::string value = said(field.item, report_.nodes()[field.item].next, field.value);
      if (is_open(value)) {
        missing.push_back(quoted(field.label) + " is not filled in");
      } else {
        any_ = true;
      }
    }
  }

  void tables(std::vector<std::string>& missing) {
    for (const markdown::Table& table : markdown::tables(report_, section_)) {
      judged_.insert(table.node);
      for (const markdown::TableRow& row : table.rows) {
        const auto open = [&](std::uint32_t cell) { return is_open(said(cell, cell + 1, report_.nodes()[cell].text)); };
        if (std::any_of(row.cells.begin(), row.cells.end(), open)) {
          missing.emplace_back("a table row is not filled in");
        } else {
          any_ = true;
        }
      }
    }
  }

  void tasks(std::vector<std::string>& missing) {
    for (const markdown::Task& task : markdown::tasks(report_, section_)) {
      judged_.insert(task.item);
      if (task.checked) {
        any_ = true;
      } else {
        missing.push_back(quoted(task.text) + " is not ticked");
      }
    }
  }

  void paragraphs(std::vector<std::string>& missing) {
    const std::uint32_t end = report_.sections()[section_].end;
    for (std::uint32_t i = markdown::first_node(report_, section_); i < end;) {
      const Node& node = report_.nodes()[i];
      if (judged_.contains(i)) {
        i = node.next;
        continue;
      }
      if (node.kind == NodeKind::paragraph) {
        const std::string text = said(i, i + 1, node.text);
        if (is_open(text)) {
          if (!text.empty()) missing.emplace_back("a placeholder is left");
        } else {
          any_ = true;
        }
      }
      ++i;
    }
  }

  const MarkdownDocument& report_;
  std::uint32_t section_;
  std::set<std::uint32_t> judged_;  // nodes that are fields, tables or tasks
  bool any_ = false;                // whether something is stated
};

}  // namespace

std::optional<std::vector<std::string>> open_places(const MarkdownDocument& report, std::string_view title) {
  std::optional<std::vector<std::string>> missing;
  const std::string wanted = base::lower_case(title);
  for (std::uint32_t section = 1; section < report.sections().size(); ++section) {
    if (base::lower_case(base::trim(report.title(report.sections()[section]))) != wanted) continue;
    if (!missing) missing.emplace();
    Section(report, section).look(*missing);
  }
  return missing;
}

}  // namespace launchgate::decide
