#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "lib/base/utf8.hpp"
#include "lib/base/wrap.hpp"
#include "lib/report/describe.hpp"
#include "lib/report/report.hpp"

namespace launchgate::report {
namespace {

struct Palette {
  std::string_view bold, red, yellow, cyan, green, dim, reset;
};

Palette palette(bool color) {
  if (!color) return {};
  return {"\x1b[1m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m", "\x1b[1;32m", "\x1b[2m", "\x1b[0m"};
}

std::string_view color_of(finding::Severity severity, const Palette& colors) {
  switch (severity) {
    case finding::Severity::error:
      return colors.red;
    case finding::Severity::warning:
      return colors.yellow;
    case finding::Severity::note:
      return colors.cyan;
  }
  return colors.red;
}

std::string label(const finding::Finding& finding) {
  if (finding.status == finding::Status::open) return std::string(name(finding.severity));
  return fmt::format("{} ({})", name(finding.severity), name(finding.status));
}

// Text below a finding, and lines that go on, stand behind this many blanks.
constexpr std::size_t indent = 8;

void print_finding(std::string& out, const finding::Finding& finding, const Palette& colors, std::size_t width) {
  out += colors.bold;
  const std::string where = place(finding);
  out += where;
  const std::string what = label(finding);
  out += fmt::format("{}: {}{}:{} ", colors.reset, color_of(finding.severity, colors), what, colors.reset);
  const std::string rule = fmt::format("[{}]", base::printable(finding.rule_id));
  base::append_wrapped(out, base::printable(finding.message) + ' ' + rule,
                       base::count_code_points(where) + base::count_code_points(what) + 4, indent, width);
  out.replace(out.size() - rule.size() - 1, rule.size(), fmt::format("{}{}{}", colors.dim, rule, colors.reset));
  if (finding.excerpt.caret_end > 0) {
    const std::string line = base::printable(finding.excerpt.line);
    // Where a place of the line is in what is shown of it.
    const auto shown = [&](std::uint32_t place) {
      const std::string_view before = base::code_points_prefix(finding.excerpt.line, place);
      const std::string after = base::printable(finding.excerpt.line.substr(before.size()));
      return base::count_code_points(line) - base::count_code_points(after);
    };
    const std::size_t begin = shown(finding.excerpt.caret_begin);
    const std::size_t end = std::max(shown(finding.excerpt.caret_end), begin + 1);
    out += fmt::format("{:>5} | {}\n", finding.span.begin.line, line);
    out += fmt::format("      | {}{}^{}{}\n", std::string(begin, ' '), colors.green, std::string(end - begin - 1, '~'),
                       colors.reset);
  }
  const std::string below = remedy(finding);
  if (!below.empty()) {
    out += "      = ";
    base::append_wrapped(out, below, indent, indent, width);
  }
  out += '\n';
}

std::string plural(std::size_t number, std::string_view word) {
  return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
}

void print_skipped(std::string& out, const Report& report) {
  std::map<std::string, std::size_t> reasons;
  for (const Skipped& skipped : report.skipped) ++reasons[skipped.reason];
  std::string list;
  for (const auto& [reason, number] : reasons) {
    if (!list.empty()) list += ", ";
    list += base::printable(reasons.size() == 1 ? reason : fmt::format("{} {}", number, reason));
  }
  out += fmt::format(", {} skipped", report.skipped.size());
  if (!list.empty()) out += fmt::format(" ({})", list);
}

}  // namespace

std::string print_text(const Report& report, const PrintOptions& options) {
  const Palette colors = palette(options.color);
  std::string out;
  for (const finding::Finding& finding : report.findings) print_finding(out, finding, colors, options.width);
  if (const std::string more = not_shown(report); !more.empty()) out += more + "\n\n";
  if (report.documents == 0) {
    out += fmt::format("{}nothing was checked{}, which is no pass: name files, or see `launchgate init`\n\n",
                       colors.red, colors.reset);
  }
  if (options.quiet) return out;
  const std::vector<std::string> left = left_out(report);
  for (const std::string& line : left) out += fmt::format("{}left out: {}{}\n", colors.dim, line, colors.reset);
  if (!left.empty()) out += '\n';
  const Counts counts = count(report);
  out += passed(report) ? colors.green : colors.red;
  std::string verdict = fmt::format("{}, {}", plural(counts.errors, "error"), plural(counts.warnings, "warning"));
  if (counts.notes > 0) verdict += ", " + plural(counts.notes, "note");
  out += verdict + std::string(colors.reset);
  std::string rest = fmt::format(" · {}, {}, {} waived", plural(report.documents, "document"),
                                 plural(report.rules.size(), "rule"), counts.waived);
  if (!report.allowed.empty()) rest += fmt::format(", {} allowed", report.allowed.size());
  if (counts.baselined > 0) rest += fmt::format(", {} baselined", counts.baselined);
  print_skipped(rest, report);
  if (!report.root.empty()) rest += " · root " + base::printable(report.root);
  if (!options.elapsed.empty()) rest += " · " + options.elapsed;
  base::append_wrapped(out, rest, base::count_code_points(verdict), 2, options.width);
  return out;
}

}  // namespace launchgate::report
