#include "report/figures.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "lib/base/ascii.hpp"
#include "lib/markdown/outline.hpp"
#include "lib/prose/search.hpp"
#include "lib/rules/fields.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::report_tool {

using document::JsonKind;
using document::JsonValue;
using markdown::MarkdownDocument;
using rules::quoted;

namespace {

using base::is_digit;

enum class Form : std::uint8_t { text, duration_ms, ratio, count };
enum class Fold : std::uint8_t { only, max, sum };

struct Figure {
  std::string section;  // empty: anywhere
  std::string label;
  rules::PointerPattern at = *rules::PointerPattern::parse("");
  std::optional<rules::PointerPattern> per;  // the value is divided by this one
  Form form = Form::text;
  Fold fold = Fold::only;
  std::optional<rules::PointerPattern> when;
  std::string is;
};

base::Result<std::vector<Figure>> load(const document::JsonDocument& data) {
  std::vector<Figure> figures;
  std::optional<base::Error> error;
  rules::Fields fields(data.root(), "list of figures", error);
  (void)fields.value("$schema");
  (void)fields.value("schemaVersion", JsonKind::number, true);
  (void)fields.text("title");
  (void)fields.text("description");
  fields.objects("figures", "figure", true, [&](rules::Fields& one) {
    Figure figure;
    figure.section = one.optional_text("section");
    figure.label = one.text("label");
    figure.at = one.pointer("at");
    figure.per = one.optional_pointer("per");
    figure.form = static_cast<Form>(one.one_of("as", {"text", "duration-ms", "ratio", "count"}, std::nullopt));
    figure.fold = static_cast<Fold>(one.one_of("of", {"only", "max", "sum"}, 0));
    one.object("when", "when", [&](rules::Fields& when) {
      figure.when = when.pointer("at");
      figure.is = when.text("is");
    });
    figures.push_back(std::move(figure));
  });
  fields.finish();
  if (error) return *error;
  return figures;
}

std::optional<double> fold(const rules::PointerPattern& at, Fold how, const JsonValue& root) {
  std::optional<double> out;
  at.each(root, [&](const rules::Place& place) {
    if (!place.value.is(JsonKind::number)) return;
    const double value = place.value.number();
    if (!out || how == Fold::only) {
      out = out.value_or(value);
    } else {
      out = how == Fold::max ? std::max(*out, value) : *out + value;
    }
  });
  return out;
}

bool applies(const Figure& figure, const JsonValue& root) {
  if (!figure.when) return true;
  bool found = false;
  figure.when->each(root, [&](const rules::Place& place) { found = found || place.value.string() == figure.is; });
  return found;
}

std::string_view kind_text(Quantity quantity) {
  switch (quantity) {
    case Quantity::duration_ms:
      return " of ms, s, min or h";
    case Quantity::ratio:
      return " of %, or a fraction";
    case Quantity::count:
      break;
  }
  return "";
}

std::string number_text(double value, Form form) {
  char text[64];
  const char* const unit = form == Form::duration_ms ? " ms" : "";
  const int length = std::snprintf(text, sizeof text, "%.6g%s", value, unit);
  return {text, static_cast<std::size_t>(std::clamp(length, 0, 63))};
}

struct Unit {
  std::string_view name;
  double factor;
};

std::optional<double> factor_of(std::string_view unit, Quantity quantity) {
  constexpr std::array durations = {Unit{"ms", 1.0},          Unit{"s", 1000.0},          Unit{"sec", 1000.0},
                                    Unit{"min", 60'000.0},    Unit{"h", 3'600'000.0},     Unit{"minutes", 60'000.0},
                                    Unit{"seconds", 1000.0},  Unit{"hours", 3'600'000.0}, Unit{"hour", 3'600'000.0},
                                    Unit{"minute", 60'000.0}, Unit{"us", 0.001},          Unit{"µs", 0.001}};
  constexpr std::array ratios = {Unit{"%", 0.01}, Unit{"‰", 0.001}};
  const auto find = [&](const auto& units) -> std::optional<double> {
    for (const Unit& one : units) {
      if (one.name == unit) return one.factor;
    }
    return std::nullopt;
  };
  if (unit.empty()) return 1.0;  // in base units
  if (quantity == Quantity::duration_ms) return find(durations);
  if (quantity == Quantity::ratio) return find(ratios);
  return 1.0;
}

bool is_separator(char c) { return c == ' ' || c == ',' || c == ';' || c == '(' || c == ')' || c == '\n'; }

// A duration is often written in parts: "4 h 30 min".
std::optional<WrittenNumber> read_one(std::string_view text, std::size_t& at, Quantity quantity) {
  while (at < text.size() && !is_digit(text[at])) ++at;
  if (at >= text.size()) return std::nullopt;
  if (at > 0 && (text[at - 1] == '-' || text[at - 1] == '.')) return std::nullopt;  // nothing measured is below zero
  std::string digits;
  std::size_t decimals = 0;
  bool point = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    const bool followed = at + 1 < text.size() && is_digit(text[at + 1]);
    if (is_digit(c)) {
      digits += c;
      decimals += point ? 1 : 0;
    } else if (c == '.' && !point && followed) {
      digits += c;
      point = true;
    } else if ((c == ',' || c == '_' || c == '\'') && followed && !point) {
      continue;  // thousands
    } else {
      break;
    }
  }
  WrittenNumber number;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number.value);
  if (parsed.ec != std::errc()) return std::nullopt;
  number.precision = 0.5 * std::pow(10.0, -static_cast<double>(decimals));
  std::size_t begin = at;
  while (begin < text.size() && text[begin] == ' ') ++begin;
  std::size_t end = begin;
  while (end < text.size() && text[end] != ' ' && text[end] != ',' && text[end] != ';' && text[end] != ')' &&
         text[end] != '(' && text[end] != '/' && text[end] != '.' && !is_digit(text[end]))
    ++end;
  const std::string_view unit = text.substr(begin, end - begin);
  const auto factor = factor_of(unit, quantity);
  if (!factor) return std::nullopt;  // "5x", "612 requests": another quantity
  if (factor && !unit.empty() && quantity != Quantity::count) {
    number.value *= *factor;
    number.precision *= *factor;
    number.has_unit = true;
    at = end;
  }
  return number;
}

// Whether a field gives a text: it begins with it, and what follows ("…, built on Monday") names no other of its kind,
// which is a word of the same length with a digit in it.
bool says(std::string_view value, std::string_view wanted) {
  const std::size_t first = value.find_first_not_of(' ');
  if (first == std::string_view::npos || prose::find_words(value, wanted) != first) return false;
  std::size_t at = first + wanted.size();
  while (at < value.size()) {
    while (at < value.size() && is_separator(value[at])) ++at;
    const std::size_t begin = at;
    while (at < value.size() && !is_separator(value[at])) ++at;
    const std::string_view word = value.substr(begin, at - begin);
    const bool of_its_kind = word.size() == wanted.size() && std::any_of(word.begin(), word.end(), is_digit);
    if (of_its_kind && word != wanted) return false;
  }
  return true;
}

// A rounded figure stands for the measured one; one that is rounded away does not.
constexpr double coarsest = 0.1;

bool agrees(const WrittenNumber& written, double measured) {
  const double error = std::abs(written.value - measured);
  return error <= written.precision * (1 + 1e-9) + 1e-12 && error <= coarsest * std::abs(measured) + 1e-12;
}

class Comparison {
 public:
  Comparison(const MarkdownDocument& filled, std::vector<finding::Finding>& findings)
      : filled_(filled), findings_(findings), rules_(figure_rules()) {}

  void compare(const Figure& figure, const document::JsonDocument& report) {
    std::vector<std::uint32_t> sections = {0};
    if (!figure.section.empty()) sections = filled_.sections_named(figure.section);
    for (const std::uint32_t section : sections) {
      for (const markdown::Field& field : markdown::fields(filled_, section)) {
        if (markdown::counted(filled_, field.label) == figure.label) compare_field(figure, report, field);
      }
    }
  }

 private:
  void add(const markdown::Field& field, const Figure& figure, const std::string& message, const std::string& help) {
    const bool empty = field.value.empty();
    finding::Finding found =
        finding::make_finding(rules_.front(), filled_.source(), filled_.span_of_text(empty ? field.label : field.value),
                              "field " + quoted(figure.label) + ' ' + message, help);
    found.context = figure.label;
    findings_.push_back(std::move(found));
  }

  void compare_field(const Figure& figure, const document::JsonDocument& report, const markdown::Field& field) {
    const std::string value = markdown::counted(filled_, field.value);
    const std::string where = report.path() + ' ' + figure.at.text();
    if (figure.form == Form::text) {
      const auto places = figure.at.find(report.root());
      if (places.empty() || !places.front().value.is(JsonKind::string)) {
        add(field, figure, "cannot be checked: " + where + " has no such text",
            "attach the report that the figure was taken from");
        return;
      }
      const std::string_view wanted = places.front().value.string();
      if (!says(value, wanted)) {
        add(field, figure, "says " + quoted(value) + ", but " + where + " says " + quoted(wanted),
            "write the value of the attached report");
      }
      return;
    }
    auto measured = fold(figure.at, figure.fold, report.root());
    if (measured && figure.per) {
      const auto divisor = fold(*figure.per, figure.fold, report.root());
      measured = divisor && *divisor != 0 ? std::optional(*measured / *divisor) : std::nullopt;
    }
    const Quantity quantity = figure.form == Form::duration_ms ? Quantity::duration_ms
                              : figure.form == Form::ratio     ? Quantity::ratio
                                                               : Quantity::count;
    const auto written = read_number(value, quantity);
    if (!measured) {
      add(field, figure, "cannot be checked: " + where + " has no such number",
          "attach the report that the figure was taken from");
    } else if (!written) {
      add(field, figure,
          "names no number" + std::string(kind_text(quantity)) + ", but " + where + " says " +
              number_text(*measured, figure.form),
          "write the number with its unit");
    } else if (!agrees(*written, *measured)) {
      add(field, figure, "says " + quoted(value) + ", but " + where + " says " + number_text(*measured, figure.form),
          "write the value of the attached report");
    }
  }

  const MarkdownDocument& filled_;
  std::vector<finding::Finding>& findings_;
  std::vector<finding::RuleInfo> rules_;
};

}  // namespace

std::optional<WrittenNumber> read_number(std::string_view text, Quantity quantity) {
  std::size_t at = 0;
  auto number = read_one(text, at, quantity);
  if (!number || quantity != Quantity::duration_ms || !number->has_unit) return number;
  while (at < text.size() && (text[at] == ' ' || text[at] == ',')) ++at;
  while (at < text.size() && is_digit(text[at])) {
    const auto next = read_one(text, at, quantity);
    if (!next || !next->has_unit) break;
    number->value += next->value;
    number->precision = next->precision;
    while (at < text.size() && (text[at] == ' ' || text[at] == ',')) ++at;
  }
  return number;
}

std::vector<finding::RuleInfo> figure_rules() {
  return {{"filled-report/figure-differs", finding::Severity::error,
           "a figure of the report is not that of the attached JSON report", "copy the value from the JSON report",
           "a report whose figures were typed from memory proves nothing about the run",
           "- p95 read latency: 500 ms, where the run measured 742 ms", "- p95 read latency: 742 ms"}};
}

base::Result<std::vector<finding::Finding>> check_figures(const MarkdownDocument& filled,
                                                          const document::JsonDocument& figures,
                                                          const std::vector<const document::JsonDocument*>& reports) {
  const auto known = load(figures);
  if (!known) return known.error();
  std::vector<finding::Finding> findings;
  Comparison comparison(filled, findings);
  for (const document::JsonDocument* report : reports) {
    for (const Figure& figure : *known) {
      if (applies(figure, report->root())) comparison.compare(figure, *report);
    }
  }
  return findings;
}

}  // namespace launchgate::report_tool
