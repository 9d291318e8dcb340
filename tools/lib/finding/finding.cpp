#include "lib/finding/finding.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "lib/base/utf8.hpp"
#include "lib/finding/digest.hpp"

namespace launchgate::finding {
namespace {

constexpr std::size_t window_before = 60;
constexpr std::size_t window_after = 100;
constexpr std::size_t fingerprint_digits = 32;

// A tab takes one column, so that the caret stands where it should.
std::string on_one_line(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '\t', ' ');
  return base::printable(spaced);
}

std::string collapse_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

}  // namespace

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "error";
}

std::string_view name(Status status) {
  switch (status) {
    case Status::open:
      return "open";
    case Status::waived:
      return "waived";
    case Status::baselined:
      return "baselined";
  }
  return "open";
}

std::optional<Severity> severity_from(std::string_view text) {
  if (text == "note") return Severity::note;
  if (text == "warning") return Severity::warning;
  if (text == "error") return Severity::error;
  return std::nullopt;
}

Excerpt make_excerpt(const base::SourceText& source, const base::Span& span) {
  Excerpt excerpt;
  if (span.begin.line == 0 || span.begin.line > source.line_count()) return excerpt;
  const std::string_view line = source.line(span.begin.line);
  const std::size_t start = source.line_start(span.begin.line);
  const std::size_t begin = source.offset(span.begin) - start;
  std::size_t end = span.end.line == span.begin.line ? source.offset(span.end) - start : line.size();
  end = std::max(end, begin);
  const std::size_t from =
      begin > window_before ? line.size() - base::utf8_prefix(line, begin - window_before).size() : line.size();
  const std::size_t first = line.size() - from;
  const std::string_view shown = base::utf8_prefix(line.substr(first), begin - first + window_after);
  const std::string_view marked = line.substr(begin, std::min(end, first + shown.size()) - begin);

  std::string before = on_one_line(shown.substr(0, begin - first));
  if (first > 0) before = "…" + before;
  const std::string middle = on_one_line(marked);
  std::string after = on_one_line(shown.substr(begin - first + marked.size()));
  if (first + shown.size() < line.size()) after += "…";
  excerpt.line = before + middle + after;
  excerpt.caret_begin = static_cast<std::uint32_t>(base::count_code_points(before));
  excerpt.caret_end =
      excerpt.caret_begin + static_cast<std::uint32_t>(std::max<std::size_t>(1, base::count_code_points(middle)));
  return excerpt;
}

Finding make_finding(const RuleInfo& rule, const base::SourceText& source, const base::Span& span, std::string message,
                     std::string help) {
  Finding finding;
  finding.rule_id = rule.id;
  finding.severity = rule.severity;
  finding.file = source.path();
  finding.span = span;
  finding.message = std::move(message);
  finding.help = std::move(help);
  finding.excerpt = make_excerpt(source, span);
  return finding;
}

bool says_the_same(const Finding& a, const Finding& b) {
  return a.file == b.file && a.rule_id == b.rule_id && a.span == b.span && a.message == b.message;
}

void sort_findings(std::vector<Finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.file, a.span.begin, a.rule_id, a.message, a.json_pointer) <
           std::tie(b.file, b.span.begin, b.rule_id, b.message, b.json_pointer);
  });
}

void assign_fingerprints(std::vector<Finding>& findings) {
  std::map<std::string, std::size_t> seen;
  for (Finding& finding : findings) {
    std::string context = finding.context;
    if (context.empty())
      context = finding.json_pointer.empty() ? collapse_blanks(finding.excerpt.line) : finding.json_pointer;
    const std::string key = finding.rule_id + '\0' + finding.file + '\0' + context;
    const std::size_t ordinal = seen[key]++;
    finding.fingerprint = sha256_hex(key + '\0' + std::to_string(ordinal)).substr(0, fingerprint_digits);
  }
}

}  // namespace launchgate::finding
