#include "report/filled.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/markdown/outline.hpp"
#include "lib/prose/search.hpp"
#include "lib/rules/formats.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::report_tool {

using markdown::counted;
using markdown::MarkdownDocument;
using markdown::Range;
using rules::quoted;

namespace {

enum Rule : std::uint8_t {
  template_empty,
  section_missing,
  field_missing,
  field_open,
  choice_open,
  table_missing,
  row_missing,
  row_twice,
  row_open,
  cell_open,
  task_missing,
  task_open
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
std::optional<Problem> judge(const MarkdownDocument& form, Range form_text, std::string_view value,
                             const std::string& what, Rule open_rule) {
  const std::vector<std::string> offered = choices(form, form_text);
  if (!offered.empty()) {
    std::vector<std::string> chosen;
    for (const std::string& word : offered) {
      if (prose::find_words(value, word) != std::string_view::npos) chosen.push_back(word);
    }
    if (chosen.size() == 1) return std::nullopt;
    const std::string names = base::quoted_list(offered, "or");
    if (chosen.empty()) return Problem{choice_open, what + " has none of " + names, "write exactly one of them"};
    return Problem{choice_open, what + " has " + base::quoted_list(chosen, "and") + " at once",
                   "write exactly one of them"};
  }
  const std::string_view printed = form.text_of(form_text);
  const bool left_open = is_open(printed);
  if (!left_open && value == printed) return std::nullopt;
  if (!is_open(value)) return std::nullopt;
  return Problem{open_rule, what + (base::is_blank(value) ? " is empty" : " still says " + quoted(value)),
                 "write its value"};
}

class Matcher {
 public:
  Matcher(const MarkdownDocument& filled, const MarkdownDocument& form)
      : filled_(filled), form_(form), rules_(filled_rules()) {}

  std::vector<finding::Finding> run() {
    if (form_.sections().size() == 1 && markdown::fields(form_, 0).empty() && markdown::tables(form_, 0).empty() &&
        markdown::tasks(form_, 0).empty()) {
      findings_.push_back(finding::make_finding(rules_[template_empty], form_.source(), {{1, 1}, {1, 1}},
                                                "the template asks for nothing", rules_[template_empty].help));
    }
    std::map<std::string, std::size_t, std::less<>> seen;
    std::uint32_t before = 0;
    for (std::uint32_t section = 0; section < form_.sections().size(); ++section) {
      const std::string title(form_.title(form_.sections()[section]));
      std::uint32_t match = 0;
      if (section != 0) {
        const auto named = filled_.sections_named(title);
        const std::size_t ordinal = seen[title]++;
        if (ordinal >= named.size()) {
          report_section(section, title, before);
          continue;
        }
        match = named[ordinal];
      }
      before = match;
      fields(section, match);
      tables(section, match);
      tasks(section, match);
    }
    return std::move(findings_);
  }

 private:
  // At the section that it comes after in the template.
  void report_section(std::uint32_t section, const std::string& title, std::uint32_t before) {
    std::vector<std::string> titles;  // what the template asks for itself is not misspelt
    for (const markdown::Section& one : filled_.sections()) titles.emplace_back(filled_.title(one));
    std::erase_if(titles, [&](const std::string& one) { return !form_.sections_named(one).empty(); });
    const std::string near = base::did_you_mean(title, titles);
    const std::string where = before == 0 ? "" : " after " + place(before);
    add(section_missing, heading(before), "the report has no section " + quoted(title),
        (near.empty() ? "" : near + ' ') + "add the heading" + where + ":  " +
            std::string(form_.sections()[section].level, '#') + ' ' + title,
        title);
  }

  void add(Rule rule, const base::Span& span, std::string message, std::string help, std::string context) {
    finding::Finding found =
        finding::make_finding(rules_[rule], filled_.source(), span, std::move(message), std::move(help));
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
    const std::vector<markdown::Field> asked = markdown::fields(form_, section);
    for (const markdown::Field& wanted : asked) {
      if (!directly_in(form_, wanted.item, section)) continue;
      const std::string label(form_.text_of(wanted.label));
      bool found = false;
      for (const markdown::Field& field : present) {
        if (counted(filled_, field.label) != label) continue;
        found = true;
        const std::string value = counted(filled_, field.value);
        if (const auto problem = judge(form_, wanted.value, value, "field " + quoted(label), field_open)) {
          add(problem->rule, filled_.span_of_text(base::is_blank(value) ? field.label : field.value), problem->message,
              problem->help, label);
        }
      }
      if (found) continue;
      std::vector<std::string> labels;
      for (const markdown::Field& field : present) labels.emplace_back(filled_.text_of(field.label));
      for (const markdown::Field& field : asked) std::erase(labels, form_.text_of(field.label));
      const std::string near = base::did_you_mean(label, labels);
      add(field_missing, heading(match), place(match) + " has no field " + quoted(label),
          (near.empty() ? "" : near + ' ') + "add below, as a list item:  - " + label + ":", label);
    }
  }

  std::vector<std::string> header_of(const MarkdownDocument& document, const markdown::Table& table) const {
    std::vector<std::string> out;
    for (const std::uint32_t cell : table.header.cells) out.emplace_back(document.text_of(document.nodes()[cell]));
    return out;
  }

  // For each column of a header that of the template which it is, or none for one of its own; empty when a column of
  // the template is missing or out of order.
  static std::vector<std::optional<std::size_t>> columns(const std::vector<std::string>& header,
                                                         const std::vector<std::string>& wanted) {
    std::vector<std::optional<std::size_t>> out;
    std::size_t held = 0;
    for (const std::string& title : header) {
      const bool fits = held < wanted.size() && title == wanted[held];
      out.push_back(fits ? std::optional(held++) : std::nullopt);
    }
    if (held < wanted.size()) out.clear();
    return out;
  }

  void tables(std::uint32_t section, std::uint32_t match) {
    std::vector<markdown::Table> present = markdown::tables(filled_, match);
    std::erase_if(present, [&](const markdown::Table& table) { return !directly_in(filled_, table.node, match); });
    for (const markdown::Table& wanted : markdown::tables(form_, section)) {
      if (!directly_in(form_, wanted.node, section)) continue;
      const std::vector<std::string> header = header_of(form_, wanted);
      std::vector<const markdown::Table*> fitting;
      for (const markdown::Table& table : present) {
        if (!columns(header_of(filled_, table), header).empty()) fitting.push_back(&table);
      }
      if (fitting.empty()) {
        std::string line = "|";
        for (const std::string& title : header) line += (title.empty() ? " |" : ' ' + title + " |");
        add(table_missing, heading(match),
            place(match) + " has no table with the columns " + base::quoted_list(header, "and", 12),
            "keep the template's table, with all of its columns:  " + line, header.empty() ? "" : header.front());
        continue;
      }
      rows(wanted, fitting, match);
    }
  }

  static std::string name_of(const MarkdownDocument& document, const markdown::TableRow& row) {
    return row.cells.empty() ? std::string() : counted(document, document.nodes()[row.cells.front()].text);
  }

  void rows(const markdown::Table& wanted, const std::vector<const markdown::Table*>& fitting, std::uint32_t match) {
    // The template's rows by name; one without a name shows how rows are written.
    std::map<std::string, const markdown::TableRow*> forms;
    const markdown::TableRow* sample = nullptr;
    for (const markdown::TableRow& row : wanted.rows) {
      const std::string name = name_of(form_, row);
      if (name.empty()) {
        sample = &row;
      } else {
        forms.emplace(name, &row);
      }
    }
    std::map<std::string, std::size_t> count;
    for (const markdown::Table* table : fitting) {
      const auto mapping = columns(header_of(filled_, *table), header_of(form_, wanted));
      for (const markdown::TableRow& row : table->rows) {
        const std::string name = name_of(filled_, row);
        const auto form = forms.find(name);
        if (++count[name] == 2 && form != forms.end()) {
          add(row_twice, filled_.span_of_source(filled_.nodes()[row.node].source),
              "row " + quoted(name) + " stands twice in " + place(match), "keep the one that is right", name);
        }
        cells(*table, row, mapping, form == forms.end() ? sample : form->second);
      }
    }
    std::vector<std::string> names;
    for (const auto& [name, times] : count) {
      if (!forms.contains(name)) names.push_back(name);
    }
    for (const auto& [name, row] : forms) {
      if (count.contains(name)) continue;
      const std::string near = base::did_you_mean(name, names);
      std::string line = "| " + name + " |";
      for (std::size_t i = 1; i < fitting.front()->header.cells.size(); ++i) line += " … |";
      add(row_missing, filled_.span_of_source(filled_.nodes()[fitting.front()->header.node].source),
          "the table of " + place(match) + " has no row " + quoted(name),
          (near.empty() ? "" : near + ' ') + "add the row with all of its cells:  " + line, name);
    }
  }

  void cells(const markdown::Table& table, const markdown::TableRow& row,
             const std::vector<std::optional<std::size_t>>& mapping, const markdown::TableRow* form) {
    const auto text = [&](std::uint32_t cell) { return counted(filled_, filled_.nodes()[cell].text); };
    const bool blank =
        std::all_of(row.cells.begin(), row.cells.end(), [&](std::uint32_t cell) { return is_open(text(cell)); });
    const base::Span row_span = filled_.span_of_source(filled_.nodes()[row.node].source);
    if (blank) {
      add(row_open, row_span, "a table row is empty", "fill it in; where there is nothing to report, remove the row",
          "");
      return;
    }
    const std::vector<std::string> titles = header_of(filled_, table);
    const std::string name = name_of(filled_, row);
    for (std::size_t column = 0; column < row.cells.size() && column < mapping.size(); ++column) {
      const auto own = mapping[column];
      const Range form_text =
          form != nullptr && own && *own < form->cells.size() ? form_.nodes()[form->cells[*own]].text : Range{};
      const std::string what = "row " + quoted(name) + ": cell " + quoted(titles[column]);
      if (const auto problem = judge(form_, form_text, text(row.cells[column]), what, cell_open)) {
        const Range cell = filled_.nodes()[row.cells[column]].source;
        add(problem->rule, cell.empty() ? row_span : filled_.span_of_source(cell), problem->message, problem->help,
            name + '|' + titles[column]);
      }
    }
  }

  void tasks(std::uint32_t section, std::uint32_t match) {
    std::vector<markdown::Task> present = markdown::tasks(filled_, match);
    std::erase_if(present, [&](const markdown::Task& task) { return !directly_in(filled_, task.item, match); });
    for (const markdown::Task& wanted : markdown::tasks(form_, section)) {
      if (!directly_in(form_, wanted.item, section)) continue;
      const std::string text = counted(form_, wanted.text);
      bool found = false;
      for (const markdown::Task& task : present) {
        const std::string own = counted(filled_, task.text);
        if (own.substr(0, text.size()) != text || !prose::is_whole(own, 0, text.size())) continue;
        found = true;
        if (task.checked) continue;
        add(task_open, filled_.span_of_source(filled_.nodes()[task.item].source),
            "checkbox " + quoted(text) + " is not ticked", "when it is done, write:  - [x] " + text, text);
      }
      if (!found) {
        add(task_missing, heading(match), place(match) + " has no checkbox " + quoted(text),
            "add below, as a list item:  - [x] " + text, text);
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
    const bool braces =
        whole.size() > 2 && whole.front() == '{' && whole.back() == '}' && whole.find('|') != std::string::npos;
    return braces ? split_bars(std::string_view(whole).substr(1, whole.size() - 2)) : std::vector<std::string>();
  }
  std::vector<std::string> words;
  std::uint32_t at = text.begin;
  for (const Range& span : spans) {
    const std::string_view between = document.text_of(Range{at, span.begin});
    if (words.empty() ? !base::is_blank(between) : !parts_choices(between)) return {};
    words.emplace_back(document.text_of(span));
    at = span.end;
  }
  if (!base::is_blank(document.text_of(Range{at, text.end}))) return {};
  return words;
}

bool is_open(std::string_view value) {
  if (rules::is_placeholder(value)) return true;
  const std::size_t brace = value.find('{');
  if (brace != std::string_view::npos && value.find('}', brace) != std::string_view::npos) return true;
  constexpr std::array<std::string_view, 5> words = {"TBD", "TBA", "TBC", "TODO", "FIXME"};
  return value.find("REPLACE_WITH") != std::string_view::npos ||
         std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return prose::find_words(value, word) != std::string_view::npos; });
}

std::vector<finding::RuleInfo> filled_rules() {
  using finding::RuleInfo;
  using finding::Severity;
  const auto rule = [](const char* id, const char* summary, const char* help, const char* why, const char* wrong,
                       const char* right) {
    return RuleInfo{std::string("filled-report/") + id, Severity::error, summary, help, why, wrong, right};
  };
  return {
      rule("template-empty", "the template asks for nothing", "name the template that the report was copied from",
           "a report that is compared with nothing is complete whatever it says", "", "- Commit SHA:"),
      rule("section-missing", "a section of the template is missing", "keep every heading of the template",
           "the decision is read from these headings", "## Loads", "## Load Test"),
      rule("field-missing", "a field of the template is missing", "keep every list field of the template",
           "what is not asked for is not answered", "- Commit: 3f7…", "- Commit SHA: 3f7…"),
      rule("field-open", "a field has no value", "write its value; placeholders do not count",
           "an open field is an open question", "- Owner: TBD", "- Owner: release team"),
      rule("choice-open", "not exactly one of the words on offer is chosen", "write exactly one of them",
           "a finding without a disposition, or with two, blocks the decision", "| … | `fix` / `issue` | … |",
           "| … | `fix` | … |"),
      rule("table-missing", "a table of the template is missing, or lacks one of its columns",
           "keep the template's table", "evidence is found by its column", "| Item | Status |",
           "| Item | Status | Checksum |"),
      rule("row-missing", "a row of the template is missing", "keep every row of the template",
           "an item without a row has nobody who signs for it", "", "| load test | … |"),
      rule("row-twice", "a row of the template stands twice", "keep the one that is right",
           "two rows for one item may say two things", "| load test | passed |, and below | load test | failed |",
           "| load test | passed |"),
      rule("row-open", "a table row is empty", "fill it in, or remove it where there is nothing to report",
           "an empty row is an unfinished report", "| | | |", "| p95 read | 750 ms | 610 ms |"),
      rule("cell-open", "a table cell is empty", "fill it in; placeholders do not count",
           "an empty cell is an open question", "| load test | | |", "| load test | passed | … |"),
      rule("checkbox-missing", "a checkbox of the template is missing", "keep every checkbox of the template",
           "a step that is not listed is not done", "", "- [x] smoke test"),
      rule("checkbox-open", "a checkbox is not ticked", "tick it when the step is done",
           "a step that is not ticked was not done", "- [ ] smoke test", "- [x] smoke test"),
  };
}

std::vector<finding::Finding> check_filled(const MarkdownDocument& filled, const MarkdownDocument& form) {
  return Matcher(filled, form).run();
}

}  // namespace launchgate::report_tool
