#include <algorithm>

#include "lib/base/ascii.hpp"
#include "lib/base/similar.hpp"
#include "lib/prose/kinds.hpp"
#include "lib/prose/search.hpp"

// `require`: phrases or a pattern that must stand where a reader sees them.
namespace launchgate::prose {

using markdown::MarkdownDocument;
using rules::Require;
using rules::Scope;

namespace {

std::size_t count_shown(const std::vector<Match>& matches) {
  return static_cast<std::size_t>(
      std::count_if(matches.begin(), matches.end(), [](const Match& one) { return !one.weak; }));
}

// "no heading says", "section "X" does not say", …
std::string lacks(Scope scope, const std::string& where, bool whole_document) {
  const std::string inside = whole_document ? "" : where + ": ";
  switch (scope) {
    case Scope::heading:
      return inside + "no heading says";
    case Scope::paragraph:
      return inside + "no paragraph says";
    case Scope::code:
      return inside + "no code says";
    case Scope::table_cell:
      return inside + "no table cell says";
    case Scope::list_item:
      return inside + "no list item says";
    case Scope::link:
      return inside + "no link leads to";
    case Scope::raw:
      return "the file does not hold";
    case Scope::text:
      break;
  }
  return where + " does not say";
}

std::string line_to_add(Scope scope, const std::string& phrase) {
  switch (scope) {
    case Scope::heading:
      return "add the heading:  ## " + phrase;
    case Scope::paragraph:
      return "add to a paragraph:  " + phrase;
    case Scope::code:
      return "add in a code block:  " + phrase;
    case Scope::table_cell:
      return "add a table row:  | " + phrase + " |";
    case Scope::list_item:
      return "add below, as a list item:  - " + phrase;
    case Scope::link:
      return "add a link:  [" + phrase + "](" + phrase + ')';
    case Scope::text:
    case Scope::raw:
      break;
  }
  return "add below:  " + phrase;
}

std::string at_line(const MarkdownDocument& document, const Match& one) {
  return "line " + std::to_string(document.span_of_source(one.source).begin.line);
}

std::string scope_words(Scope scope) {
  switch (scope) {
    case Scope::heading:
      return "a heading";
    case Scope::paragraph:
      return "a paragraph";
    case Scope::code:
      return "code";
    case Scope::table_cell:
      return "a table cell";
    case Scope::list_item:
      return "a list item";
    case Scope::link:
      return "the target of a link";
    default:
      return "text that a reader sees";
  }
}

// Where a name that is missing stands with a slip of one letter. Two letters would be too far: deploy:load is no
// misspelt deploy:soak.
std::string where_misspelt(const MarkdownDocument& document, std::string_view phrase) {
  constexpr std::size_t shortest = 8;
  constexpr std::size_t most_text = 1024 * 1024;
  const auto in_name = [](char c) { return base::is_alnum(c) || c == '_' || c == ':' || c == '-'; };
  const std::string_view name = phrase.substr(phrase.rfind(' ') + 1);
  const std::string_view text = document.text().text();
  if (name.size() < shortest || text.size() > most_text || !std::all_of(name.begin(), name.end(), in_name)) return {};
  for (std::size_t at = 0, end = 0; at < text.size(); at = end + 1) {
    for (end = at; end < text.size() && in_name(text[end]);) ++end;
    if (base::edit_distance(text.substr(at, end - at), name, 1) != 1) continue;
    const markdown::Range range{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)};
    return "is " + quoted(document.text_of(range)) + " at line " +
           std::to_string(document.span_of_text(range).begin.line) + " meant to be it?";
  }
  return {};
}

// Where a missing phrase stands after all, but does not count.
std::string where_else(const MarkdownDocument& document, const rules::Wanted::Phrase& phrase, Scope scope,
                       bool in_section) {
  const auto everywhere = find_phrase(document, phrase, Scope::text, {0});
  if (everywhere.ok()) {
    for (const Match& one : *everywhere) {
      if (one.weak)
        return "at " + at_line(document, one) +
               " it stands in HTML, a picture's text, front matter or struck out, which does not count";
      if (in_section) return "at " + at_line(document, one) + " it stands in another section";
      if (scope != Scope::text) return "at " + at_line(document, one) + " it does not stand in " + scope_words(scope);
    }
  }
  if (scope != Scope::link) {
    const auto links = find_phrase(document, phrase, Scope::link, {0});
    if (links.ok() && !links->empty())
      return "at " + at_line(document, links->front()) +
             " it stands in the target of a link, which a reader does not see";
  }
  const std::string_view raw = document.source().text();
  const std::size_t hidden = find_words(raw, phrase.text);
  if (hidden != std::string_view::npos) {
    return "at line " + std::to_string(document.source().position(hidden).line) +
           " it stands in a comment or in markup, which a reader does not see";
  }
  const auto fold = [](std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), base::lower);
    return out;
  };
  const std::size_t other_case = find_words(fold(document.text().text()), fold(phrase.text));
  if (other_case != std::string::npos) {
    const auto begin = static_cast<std::uint32_t>(other_case);
    const markdown::Range range{begin, begin + static_cast<std::uint32_t>(phrase.text.size())};
    return "at line " + std::to_string(document.span_of_text(range).begin.line) +
           " it stands in another case: " + quoted(document.text_of(range));
  }
  return where_misspelt(document, phrase.text);
}

void report_count(const Require& rule, std::size_t count, const std::vector<Match>& matches, const std::string& what,
                  Reporter& reporter) {
  const std::string times = std::to_string(count) + (count == 1 ? " time" : " times");
  if (rule.max && count > *rule.max) {
    std::size_t seen = 0;
    for (const Match& one : matches) {
      if (one.weak || ++seen <= *rule.max) continue;
      reporter.add(one.source, what + " stands here " + times + ", at most " + std::to_string(*rule.max) + " may",
                   {"remove this one"}, what);
      return;
    }
  }
}

class Matcher {
 public:
  Matcher(const Require& rule, const Subject& subject, Reporter& reporter, std::vector<std::uint32_t> sections)
      : rule_(rule), document_(subject.document), reporter_(reporter), sections_(std::move(sections)) {}

  base::Result<void> phrases() {
    for (const auto& phrase : rule_.wanted.phrases) {
      auto matches = find_phrase(document_, phrase, rule_.wanted.scope, sections_);
      if (!matches) return matches.error();
      const std::size_t count = count_shown(*matches);
      if (count < rule_.min) report_phrase(phrase, count);
      report_count(rule_, count, *matches, quoted(phrase.text), reporter_);
    }
    return {};
  }

  base::Result<void> any() {
    std::size_t count = 0;
    std::vector<Match> all;
    std::vector<std::string> words;
    for (const auto& phrase : rule_.wanted.any) {
      auto matches = find_phrase(document_, phrase, rule_.wanted.scope, sections_);
      if (!matches) return matches.error();
      count += count_shown(*matches);
      all.insert(all.end(), matches->begin(), matches->end());
      words.push_back(phrase.text);
    }
    if (count < rule_.min) {
      reporter_.add(
          span(),
          lacks(rule_.wanted.scope, place(), whole()) + " any of " + base::quoted_list(words, "and") + enough(count),
          {line_to_add(rule_.wanted.scope, words.front())}, words.front());
    }
    report_count(rule_, count, all, "one of " + base::quoted_list(words, "and"), reporter_);
    return {};
  }

  base::Result<void> pattern() {
    auto matches = find_pattern(document_, *rule_.wanted.pattern, rule_.wanted.scope, sections_);
    if (!matches) return matches.error();
    const std::size_t count = count_shown(*matches);
    if (count < rule_.min) {
      const std::string where = whole() ? "" : place() + ": ";
      reporter_.add(span(), where + reporter_.rule().summary + enough(count), {}, rule_.wanted.pattern->text());
    }
    report_count(rule_, count, *matches, "this", reporter_);
    return {};
  }

 private:
  bool whole() const { return rule_.wanted.section.empty(); }
  std::string place() const { return place_name(document_, sections_.front()); }
  base::Span span() const { return document_.heading_span(document_.sections()[sections_.front()]); }
  std::string enough(std::size_t count) const {
    return rule_.min > 1 ? " (" + std::to_string(count) + " of " + std::to_string(rule_.min) + " times)" : "";
  }

  void report_phrase(const rules::Wanted::Phrase& phrase, std::size_t count) {
    const Scope scope = rule_.wanted.scope;
    reporter_.add(span(), lacks(scope, place(), whole()) + ' ' + quoted(phrase.text) + enough(count),
                  {count == 0 ? where_else(document_, phrase, scope, !whole()) : "", line_to_add(scope, phrase.text)},
                  phrase.text);
  }

  const Require& rule_;
  const MarkdownDocument& document_;
  Reporter& reporter_;
  std::vector<std::uint32_t> sections_;
};

}  // namespace

base::Result<void> match(const Require& rule, const Subject& subject, Reporter& reporter) {
  const auto wanted = applies(subject.document, rule.wanted.when);
  if (!wanted) return wanted.error();
  if (!*wanted) return {};
  std::vector<std::uint32_t> sections = sections_for(subject.document, rule.wanted.section);
  if (sections.empty()) {
    if (rule.min > 0) report_missing_section(reporter, rule.wanted.section);
    return {};
  }
  Matcher matcher(rule, subject, reporter, std::move(sections));
  if (!rule.wanted.phrases.empty()) return matcher.phrases();
  return rule.wanted.any.empty() ? matcher.pattern() : matcher.any();
}

}  // namespace launchgate::prose
