#include <re2/re2.h>

#include <algorithm>

#include "lib/prose/kinds.hpp"
#include "lib/prose/search.hpp"

// `forbid`: phrases or a pattern that must not stand anywhere, weakly shown text included.
namespace launchgate::prose {

using markdown::Range;
using rules::Forbid;
using rules::Scope;

namespace {

// What is shown on the lines around a match.
std::string_view shown_around(const markdown::MarkdownDocument& document, const Match& one, std::uint32_t lines) {
  const auto& source = document.source();
  const base::Span span = document.span_of_source(one.source);
  const std::uint32_t first = span.begin.line > lines ? span.begin.line - lines : 1;
  const std::uint32_t last = std::min(span.end.line + lines, source.line_count());
  const Range range{static_cast<std::uint32_t>(source.line_start(first)),
                    static_cast<std::uint32_t>(source.line_start(last) + source.line(last).size())};
  if (one.text.empty()) return source.text().substr(range.begin, range.size());
  return document.text_of(document.text().shown(range));
}

bool matches(const re2::RE2& regex, std::string_view text) {
  return re2::RE2::PartialMatch({text.data(), text.size()}, regex);
}

// A replacement that the rule would forbid again would be replaced for ever.
base::Result<bool> is_clean(const Forbid& rule, const std::string& replacement) {
  for (const auto& phrase : rule.wanted.phrases) {
    const auto regex = phrase.pattern.compiled();
    if (!regex) return regex.error();
    if (matches(**regex, replacement)) return false;
  }
  if (!rule.wanted.pattern) return true;
  const auto regex = rule.wanted.pattern->compiled();
  if (!regex) return regex.error();
  return !matches(**regex, replacement);
}

}  // namespace

base::Result<void> match(const Forbid& rule, const Subject& subject, Reporter& reporter, std::vector<Edit>* edits) {
  const auto& document = subject.document;
  const auto wanted = applies(document, rule.wanted.when);
  if (!wanted) return wanted.error();
  const std::vector<std::uint32_t> sections = sections_for(document, rule.wanted.section);
  if (!*wanted || (sections.empty() && rule.wanted.scope != Scope::raw)) return {};

  std::vector<Match> places;
  for (const auto& phrase : rule.wanted.phrases) {
    auto some = find_phrase(document, phrase, rule.wanted.scope, sections);
    if (!some) return some.error();
    places.insert(places.end(), some->begin(), some->end());
  }
  if (rule.wanted.pattern) {
    auto some = find_pattern(document, *rule.wanted.pattern, rule.wanted.scope, sections);
    if (!some) return some.error();
    places = std::move(*some);
  }
  const re2::RE2* unless = nullptr;
  if (rule.unless) {
    const auto compiled = rule.unless->compiled();
    if (!compiled) return compiled.error();
    unless = *compiled;
  }
  bool clean = false;
  if (rule.replacement) {
    const auto checked = is_clean(rule, *rule.replacement);
    if (!checked) return checked.error();
    clean = *checked;
  }
  for (const Match& one : places) {
    if (unless != nullptr && matches(*unless, shown_around(document, one, rule.unless_window))) continue;
    const std::string remedy =
        rule.replacement ? (rule.replacement->empty() ? "remove it" : "write " + quoted(*rule.replacement)) : "";
    reporter.add(one.source, reporter.rule().summary + ": " + quoted(one.words), {remedy}, one.words);
    const bool verbatim = document.source().text().substr(one.source.begin, one.source.size()) == one.words;
    if (edits != nullptr && rule.replacement && clean && verbatim)
      edits->push_back({one.source, *rule.replacement, reporter.rule().id});
  }
  return {};
}

}  // namespace launchgate::prose
