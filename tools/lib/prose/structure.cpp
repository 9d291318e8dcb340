#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/markdown/outline.hpp"
#include "lib/prose/kinds.hpp"
#include "lib/prose/links.hpp"
#include "lib/prose/search.hpp"

// `structure`: the tables, list fields, task items, links and headings that a document must have.
namespace launchgate::prose {

using markdown::MarkdownDocument;
using rules::Structure;

namespace {

std::vector<std::string> cell_texts(const MarkdownDocument& document, const markdown::TableRow& row) {
  std::vector<std::string> out;
  for (const std::uint32_t cell : row.cells) out.push_back(markdown::counted(document, document.nodes()[cell].text));
  return out;
}

std::string as_row(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const std::string& cell : cells) out += (cell.empty() ? " |" : ' ' + cell + " |");
  return out;
}

// How many of the wanted columns a header has, in their order.
std::size_t columns_held(const std::vector<std::string>& header, const std::vector<std::string>& wanted) {
  std::size_t held = 0;
  for (const std::string& cell : header) {
    if (held < wanted.size() && cell == wanted[held]) ++held;
  }
  return held;
}

class Matcher {
 public:
  Matcher(const Structure& rule, const Subject& subject, Reporter& reporter, std::vector<std::uint32_t> sections)
      : rule_(rule),
        subject_(subject),
        document_(subject.document),
        reporter_(reporter),
        sections_(std::move(sections)) {}

  void run() {
    headings();
    for (const rules::Table& table : rule_.tables) match_table(table);
    fields();
    checkboxes();
    links();
  }

 private:
  std::string place() const { return place_name(document_, sections_.front()); }
  base::Span span() const { return document_.heading_span(document_.sections()[sections_.front()]); }

  void headings() {
    for (const std::string& wanted : rule_.headings) {
      const auto named = document_.sections_named(wanted);
      const bool found = std::any_of(named.begin(), named.end(), [&](std::uint32_t section) {
        return std::any_of(sections_.begin(), sections_.end(), [&](std::uint32_t outer) {
          return outer == 0 ||
                 (section > outer && document_.sections()[section].heading < document_.sections()[outer].end);
        });
      });
      if (found) continue;
      const std::string near = base::did_you_mean(wanted, titles(document_));
      reporter_.add(span(), place() + " has no section " + quoted(wanted), {near, "add the heading:  ## " + wanted},
                    wanted);
    }
  }

  void match_table(const rules::Table& wanted) {
    std::vector<markdown::Table> tables;
    for (const std::uint32_t section : sections_) {
      for (auto& table : markdown::tables(document_, section)) tables.push_back(std::move(table));
    }
    std::vector<const markdown::Table*> fitting;
    const markdown::Table* nearest = nullptr;
    std::size_t most = 0;
    for (const markdown::Table& table : tables) {
      const std::size_t held = columns_held(cell_texts(document_, table.header), wanted.columns);
      if (held == wanted.columns.size()) fitting.push_back(&table);
      if (held > most) {
        most = held;
        nearest = &table;
      }
    }
    if (fitting.empty()) {
      report_no_table(wanted, nearest);
      return;
    }
    std::vector<std::string> present;
    for (const markdown::Table* table : fitting) {
      for (const markdown::TableRow& row : table->rows) {
        if (!row.cells.empty())
          present.push_back(markdown::counted(document_, document_.nodes()[row.cells.front()].text));
      }
    }
    const markdown::Table& table = *fitting.front();
    for (const std::string& row : wanted.rows) {
      if (std::find(present.begin(), present.end(), row) != present.end()) continue;
      std::vector<std::string> others;
      for (const std::string& name : present) {
        if (std::find(wanted.rows.begin(), wanted.rows.end(), name) == wanted.rows.end()) others.push_back(name);
      }
      const auto near = base::nearest(row, others);
      std::vector<std::string> cells(table.header.cells.size());
      cells.front() = row;
      reporter_.add(document_.nodes()[table.header.node].source,
                    "the table of " + place() + " has no row " + quoted(row),
                    {near ? "is " + quoted(*near) + " meant to be it?" : "", "add the row:  " + as_row(cells)}, row);
    }
  }

  void report_no_table(const rules::Table& wanted, const markdown::Table* nearest) {
    std::string separator = "|";
    for (std::size_t i = 0; i < wanted.columns.size(); ++i) separator += " --- |";
    if (nearest == nullptr) {
      reporter_.add(span(), place() + " has no table with the columns " + base::quoted_list(wanted.columns, "and", 12),
                    {"add below, followed by its rows:  " + as_row(wanted.columns) + "  " + separator},
                    wanted.columns.front());
      return;
    }
    const std::vector<std::string> header = cell_texts(document_, nearest->header);
    const std::size_t held = columns_held(header, wanted.columns);
    const std::string& missing = wanted.columns[held];
    reporter_.add(document_.nodes()[nearest->header.node].source,
                  "the table of " + place() + " has no column " + quoted(missing),
                  {base::did_you_mean(missing, header), "its columns are to be:  " + as_row(wanted.columns)}, missing);
  }

  void fields() {
    if (rule_.fields.empty()) return;
    std::vector<std::string> labels;
    for (const std::uint32_t section : sections_) {
      for (const markdown::Field& field : markdown::fields(document_, section))
        labels.push_back(markdown::counted(document_, field.label));
    }
    for (const std::string& wanted : rule_.fields) {
      if (std::find(labels.begin(), labels.end(), wanted) != labels.end()) continue;
      std::vector<std::string> others;
      for (const std::string& label : labels) {
        if (std::find(rule_.fields.begin(), rule_.fields.end(), label) == rule_.fields.end()) others.push_back(label);
      }
      const auto near = base::nearest(wanted, others);
      reporter_.add(
          span(), place() + " has no field " + quoted(wanted),
          {near ? "is " + quoted(*near) + " meant to be it?" : "", "add below, as a list item:  - " + wanted + ":"},
          wanted);
    }
  }

  void checkboxes() {
    if (rule_.checkboxes.empty()) return;
    std::vector<std::string> texts;
    for (const std::uint32_t section : sections_) {
      for (const markdown::Task& task : markdown::tasks(document_, section))
        texts.push_back(markdown::counted(document_, task.text));
    }
    for (const std::string& wanted : rule_.checkboxes) {
      const bool found = std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
        return find_words(text, wanted) != std::string_view::npos;
      });
      if (found) continue;
      reporter_.add(span(), place() + " has no checkbox " + quoted(wanted),
                    {"add below, as a list item:  - [ ] `" + wanted + '`'}, wanted);
    }
  }

  void links() {
    for (const std::string& wanted : rule_.links) {
      const markdown::Link* found = nullptr;
      for (const markdown::Link& link : document_.links()) {
        const bool inside = std::any_of(sections_.begin(), sections_.end(), [&](std::uint32_t section) {
          return link.node >= markdown::first_node(document_, section) && link.node < document_.sections()[section].end;
        });
        if (inside && !link.image && link.target == wanted && found == nullptr) found = &link;
      }
      if (found == nullptr) {
        std::vector<std::string> targets;
        for (const markdown::Link& link : document_.links()) targets.push_back(link.target);
        reporter_.add(span(), place() + " has no link to " + quoted(wanted),
                      {base::did_you_mean(wanted, targets), "add below:  [" + wanted + "](" + wanted + ')'}, wanted);
        continue;
      }
      if (const auto problem = broken_link(subject_, found->target)) {
        reporter_.add(found->source, "the link to " + quoted(wanted) + " leads nowhere: " + problem->reason,
                      {problem->hint}, wanted);
      }
    }
  }

  const Structure& rule_;
  const Subject& subject_;
  const MarkdownDocument& document_;
  Reporter& reporter_;
  std::vector<std::uint32_t> sections_;
};

}  // namespace

base::Result<void> match(const Structure& rule, const Subject& subject, Reporter& reporter) {
  std::vector<std::uint32_t> sections = sections_for(subject.document, rule.section);
  if (sections.empty()) {
    report_missing_section(reporter, rule.section);
    return {};
  }
  Matcher(rule, subject, reporter, std::move(sections)).run();
  return {};
}

}  // namespace launchgate::prose
