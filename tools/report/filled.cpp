#include "report/filled.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/markdown/outline.hpp"
#include "lib/prose/search.hpp"
#include "lib/rules/formats.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::report_tool {

using markdown::MarkdownDocument;
using markdown::Range;
using rules::quoted;

namespace {

enum Rule : std::uint8_t {
  section_missing, field_missing, field_open, choice_open, table_missing, row_missing, row_open, cell_open, task_missing, task_open
};

std::string without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

// Only commas, slashes, bars and "or" stand between choices.
bool parts_choices(std::string_view between) {
  std::string rest;
  for (const char c : between) {
    if (c != ' ' && c != ',' && c != '/' && c != '|' && c != '\n') rest += c;
  }
  return rest.empty() || rest == "or";
}

std::vector<std::string> split_bars(std::string_view text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t end = std::min(text.find('|', at), text.size());
    words.push_back(without_blanks(text.substr(at, end - at)));
    at = end + 1;
  }
  return words;
}

struct Problem {
  Rule rule;
  std::string message;
  std::string help;
};

// What is wrong with the value that stands where the template has `form_text`.
std::optional<Problem> judge(const MarkdownDocument& form, Range form_text, std::string_view value, const std::string& what, Rule open_rule) {
  const std::vector<std::string> offered = choices(form, form_text);
  if (!offered.empty()) {
    std::vector<std::string> chosen;
    for (const std::string& word : offered) {
      if (prose::find_words(value, word) != std::string_view::npos) chosen.push_back(word);
    }
    if (chosen.size() == 1) return std::nullopt;
    const std::string names = base::quoted_list(offered, "or");
    if (chosen.empty()) return Problem{choice_open, what + " has none of " + names, "write exactly one of them"};
    return Problem{choice_open, what + " has " + base::quoted_list(chosen, "and") + " at once", "write exactly one of them"};
  }
  const std::string_view printed = form.text_of(form_text);
  const bool left_open = is_open(printed);
  if (!left_open && value == printed) return std::nullopt;
  if (!is_open(value)) return std::nullopt;
  return Problem{open_rule, what + (rules::is_blank(value) ? " is empty" : " still says " + quoted(value)), "write its value"};
}

class Matcher {
 public:
  Matcher(const MarkdownDocument& filled, const MarkdownDocument& form) : filled_(filled), form_(form), rules_(filled_rules()) {}

  std::vector<finding::Finding> run() {
    std::map<std::string, std::size_t, std::less<>> seen;
    for (std::uint32_t section = 0; section < form_.sections().size(); ++section) {
      const std::string title(form_.title(form_.sections()[section]));
      std::uint32_t match = 0;
      if (section != 0) {
        const auto named = filled_.sections_named(title);
        const std::size_t ordinal = seen[title]++;
        if (ordinal >= named.size()) {
          std::vector<std::string> titles;
          for (const markdown::Section& one : filled_.sections()) titles.emplace_back(filled_.title(one));
          const std::string near = base::did_you_mean(title, titles);
          const std::string marks(form_.sections()[section].level, '#');
          add(section_missing, {{1, 1}, {1, 1}}, "the report has no section " + quoted(title),
              near.empty() ? "add the heading:  " + marks + ' ' + title : near, title);
          continue;
        }
        match = named[ordinal];
      }
      fields(section, match);
      tables(section, match);
      tasks(section, match);
    }
    return std::move(findings_);
  }

 private:
  void add(Rule rule, const base::Span& span, std::string message, std::string help, std::string context) {
    finding::Finding found = finding::make_finding(rules_[rule], filled_.source(), span, std::move(message), std::move(help));
    found.context = std::move(context);
    findings_.push_back(std::move(found));
  }

  std::string place(std::uint32_t section) const {
    return section == 0 ? "the report" : "section " + quoted(filled_.title(filled_.sections()[section]));
  }
  base::Span heading(std::uint32_t section) const { return filled_.heading_span(filled_.sections()[section]); }

  // What stands in a section itself, not in its subsections.
  static bool directly_in(const MarkdownDocument& document, std::uint32_t node, std::uint32_t section) {
    return document.nodes()[node].section == section;
  }

  void fields(std::uint32_t section, std::uint32_t match) {
    std::vector<markdown::Field> present = markdown::fields(filled_, match);
    std::erase_if(present, [&](const markdown::Field& field) { return !directly_in(filled_, field.item, match); });
    for (const markdown::Field& wanted : markdown::fields(form_, section)) {
      if (!directly_in(form_, wanted.item, section)) continue;
      const std::string label(form_.text_of(wanted.label));
      const auto found = std::find_if(present.begin(), present.end(),
                                      [&](const markdown::Field& field) { return filled_.text_of(field.label) == label; });
      if (found == present.end()) {
        std::vector<std::string> labels;
        for (const markdown::Field& field : present) labels.emplace_back(filled_.text_of(field.label));
        const std::string near = base::did_you_mean(label, labels);
        add(field_missing, heading(match), place(match) + " has no field " + quoted(label),
            (near.empty() ? "" : near + "; ") + "add below, as a list item:  - " + label + ":", label);
        continue;
      }
      const std::string value = without_blanks(filled_.text_of(found->value));
      if (const auto problem = judge(form_, wanted.value, value, "field " + quoted(label), field_open)) {
        const bool empty = rules::is_blank(value);
        add(problem->rule, filled_.span_of_text(empty ? found->label : found->value), problem->message, problem->help, label);
      }
    }
  }

  std::vector<std::string> header_of(const MarkdownDocument& document, const markdown::Table& table) const {
    std::vector<std::string> out;
    for (const std::uint32_t cell : table.header.cells) out.emplace_back(document.text_of(document.nodes()[cell]));
    return out;
  }

  void tables(std::uint32_t section, std::uint32_t match) {
    std::vector<markdown::Table> present = markdown::tables(filled_, match);
    std::erase_if(present, [&](const markdown::Table& table) { return !directly_in(filled_, table.node, match); });
    for (const markdown::Table& wanted : markdown::tables(form_, section)) {
      if (!directly_in(form_, wanted.node, section)) continue;
      const std::vector<std::string> header = header_of(form_, wanted);
      const auto found =
          std::find_if(present.begin(), present.end(), [&](const markdown::Table& table) { return header_of(filled_, table) == header; });
      if (found == present.end()) {
        add(table_missing, heading(match), place(match) + " has no table with the columns " + base::quoted_list(header, "and", 12),
            "keep the template's table, with all of its columns", header.front());
        continue;
      }
      rows(wanted, *found, match);
    }
  }

  void rows(const markdown::Table& wanted, const markdown::Table& found, std::uint32_t match) {
    const auto first_cell = [](const MarkdownDocument& document, const markdown::TableRow& row) {
      return row.cells.empty() ? std::string() : std::string(document.text_of(document.nodes()[row.cells.front()]));
    };
    // The template's rows by name; one without a name shows how rows are written.
    std::map<std::string, const markdown::TableRow*> forms;
    const markdown::TableRow* sample = nullptr;
    for (const markdown::TableRow& row : wanted.rows) {
      const std::string key = first_cell(form_, row);
      if (key.empty()) {
        sample = &row;
      } else {
        forms.emplace(key, &row);
      }
    }
    std::vector<std::string> names;
    for (const markdown::TableRow& row : found.rows) names.push_back(first_cell(filled_, row));
    for (const auto& [key, row] : forms) {
      if (std::find(names.begin(), names.end(), key) != names.end()) continue;
      const std::string near = base::did_you_mean(key, names);
      add(row_missing, filled_.span_of_source(filled_.nodes()[found.header.node].source), "the table of " + place(match) + " has no row " + quoted(key),
          near.empty() ? "add the row with all of its cells" : near, key);
    }
    for (const markdown::TableRow& row : found.rows) {
      const auto form = forms.find(first_cell(filled_, row));
      cells(wanted, row, form == forms.end() ? sample : form->second);
    }
  }

  void cells(const markdown::Table& wanted, const markdown::TableRow& row, const markdown::TableRow* form) {
    const auto text = [&](std::uint32_t cell) { return without_blanks(filled_.text_of(filled_.nodes()[cell])); };
    const bool blank = std::all_of(row.cells.begin(), row.cells.end(), [&](std::uint32_t cell) { return is_open(text(cell)); });
    const base::Span row_span = filled_.span_of_source(filled_.nodes()[row.node].source);
    if (blank) {
      add(row_open, row_span, "a table row is empty", "fill it in; where there is nothing to report, remove the row", "");
      return;
    }
    const std::string name = row.cells.empty() ? std::string() : text(row.cells.front());
    for (std::size_t column = 0; column < row.cells.size(); ++column) {
      const std::string title(form_.text_of(form_.nodes()[wanted.header.cells[std::min(column, wanted.header.cells.size() - 1)]]));
      const Range form_text = form != nullptr && column < form->cells.size() ? form_.nodes()[form->cells[column]].text : Range{};
      const std::string what = "row " + quoted(name) + ": cell " + quoted(title);
      if (const auto problem = judge(form_, form_text, text(row.cells[column]), what, cell_open)) {
        const Range cell = filled_.nodes()[row.cells[column]].source;
        add(problem->rule, cell.empty() ? row_span : filled_.span_of_source(cell), problem->message, problem->help, name + '|' + title);
      }
    }
  }

  void tasks(std::uint32_t section, std::uint32_t match) {
    std::vector<markdown::Task> present = markdown::tasks(filled_, match);
    std::erase_if(present, [&](const markdown::Task& task) { return !directly_in(filled_, task.item, match); });
    for (const markdown::Task& wanted : markdown::tasks(form_, section)) {
      if (!directly_in(form_, wanted.item, section)) continue;
      const std::string text = without_blanks(form_.text_of(wanted.text));
      const auto found = std::find_if(present.begin(), present.end(), [&](const markdown::Task& task) {
        const std::string_view own = filled_.text_of(task.text);
        return own.substr(0, text.size()) == text && prose::is_whole(own, 0, text.size());
      });
      if (found == present.end()) {
        add(task_missing, heading(match), place(match) + " has no checkbox " + quoted(text), "add below, as a list item:  - [x] " + text, text);
      } else if (!found->checked) {
        add(task_open, filled_.span_of_source(filled_.nodes()[found->item].source), "checkbox " + quoted(text) + " is not ticked",
            "tick it when it is done", text);
      }
    }
  }

  const MarkdownDocument& filled_;
  const MarkdownDocument& form_;
  std::vector<finding::RuleInfo> rules_;
  std::vector<finding::Finding> findings_;
};

}  // namespace

std::vector<std::string> choices(const MarkdownDocument& document, Range text) {
  std::vector<Range> spans;
  for (const Range& span : document.code_spans()) {
    if (span.begin >= text.begin && span.end <= text.end) spans.push_back(span);
  }
  const std::string_view shown = document.text_of(text);
  if (spans.size() <= 1) {
    const std::string whole = without_blanks(shown);
    const bool braces = whole.size() > 2 && whole.front() == '{' && whole.back() == '}' && whole.find('|') != std::string::npos;
    return braces ? split_bars(std::string_view(whole).substr(1, whole.size() - 2)) : std::vector<std::string>();
  }
  std::vector<std::string> words;
  std::uint32_t at = text.begin;
  for (const Range& span : spans) {
    const std::string_view between = document.text_of(Range{at, span.begin});
    if (words.empty() ? !rules::is_blank(between) : !parts_choices(between)) return {};
    words.emplace_back(document.text_of(span));
    at = span.end;
  }
  if (!rules::is_blank(document.text_of(Range{at, text.end}))) return {};
  return words;
}

bool is_open(std::string_view value) {
  if (rules::is_placeholder(value)) return true;
  const std::size_t brace = value.find('{');
  if (brace != std::string_view::npos && value.find('}', brace) != std::string_view::npos) return true;
  return value.find("REPLACE_WITH") != std::string_view::npos;
}

std::vector<finding::RuleInfo> filled_rules() {
  using finding::RuleInfo;
  using finding::Severity;
  const auto rule = [](const char* id, const char* summary, const char* help, const char* why, const char* wrong, const char* right) {
    return RuleInfo{std::string("filled-report/") + id, Severity::error, summary, help, why, wrong, right};
  };
  return {
      rule("section-missing", "a section of the template is missing", "keep every heading of the template",
           "the decision is read from these headings", "## Loads", "## Load Test"),
      rule("field-missing", "a field of the template is missing", "keep every list field of the template",
           "what is not asked for is not answered", "- Commit: 3f7…", "- Commit SHA: 3f7…"),
      rule("field-open", "a field has no value", "write its value; placeholders do not count", "an open field is an open question", "- Owner: TBD",
           "- Owner: release team"),
      rule("choice-open", "not exactly one of the words on offer is chosen", "write exactly one of them",
           "a finding without a disposition, or with two, blocks the decision", "| … | `fix` / `issue` | … |",
           "| … | `fix` | … |"),
      rule("table-missing", "a table of the template is missing, or has other columns", "keep the template's table",
           "evidence is found by its column", "| Item | Status |", "| Item | Status | Checksum |"),
      rule("row-missing", "a row of the template is missing", "keep every row of the template", "an item without a row has nobody who signs for it",
           "", "| load test | … |"),
      rule("row-open", "a table row is empty", "fill it in, or remove it where there is nothing to report", "an empty row is an unfinished report",
           "| | | |", "| p95 read | 750 ms | 610 ms |"),
      rule("cell-open", "a table cell is empty", "fill it in; placeholders do not count", "an empty cell is an open question",
           "| load test | | |", "| load test | passed | … |"),
      rule("checkbox-missing", "a checkbox of the template is missing", "keep every checkbox of the template", "a step that is not listed is not done",
           "", "- [x] smoke test"),
      rule("checkbox-open", "a checkbox is not ticked", "tick it when the step is done", "a step that is not ticked was not done",
           "- [ ] smoke test", "- [x] smoke test"),
  };
}

std::vector<finding::Finding> check_filled(const MarkdownDocument& filled, const MarkdownDocument& form) { return Matcher(filled, form).run(); }

}  // namespace launchgate::report_tool
