#include "lib/evidence/believable.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/ascii.hpp"
#include "lib/base/text.hpp"
#include "lib/evidence/plain_text.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::evidence {
namespace {

using document::JsonKind;
using document::JsonValue;

// Without what `pattern` matches.
std::string without(const Matcher& pattern, std::string_view text) {
  std::string rest(text);
  while (const auto part = pattern.find(rest, 0)) {
    if (part->first == part->second) break;
    rest.erase(part->first, part->second - part->first);
  }
  return rest;
}

// "without errors" negates nothing else.
bool negates(const Affirmations& rules, const Matcher& negation, std::string_view text) {
  return negation.found_in(without(rules.neutral, text));
}

}  // namespace

std::string fold_key(std::string_view key) {
  std::string buffer;
  std::string folded = base::lower_case(plain_text(key, buffer));
  std::erase_if(folded, [](char c) { return c == '-' || c == '_' || c == ' '; });
  return folded;
}

bool is_placeholder(const Placeholders& rules, std::string_view text) {
  std::string buffer;
  text = base::trim(plain_text(text, buffer));
  if (rules.pattern.found_in(text)) return true;
  for (const std::string& prefix : rules.repeated_prefixes) {
    if (!text.starts_with(prefix)) continue;
    const std::string_view id = text.substr(prefix.size());
    if (id.size() >= rules.repeated_length && id.find_first_not_of(id.front()) == std::string_view::npos) return true;
  }
  return false;
}

bool says_nothing(const Placeholders& rules, std::string_view text) {
  std::string buffer;
  text = base::trim(plain_text(text, buffer));
  return rules.empty_words.found_in(text);
}

bool pointer_fits(const std::vector<std::string>& patterns, std::string_view pointer) {
  const auto segments = document::split_pointer(pointer);
  if (!segments) return false;
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& text) {
    const auto pattern = document::split_pointer(text);
    return pattern && pattern->size() == segments->size() &&
           std::equal(pattern->begin(), pattern->end(), segments->begin(),
                      [](const std::string& a, const std::string& b) { return a == "*" || a == b; });
  });
}

bool affirms(const Affirmations& rules, const Matcher& word, std::string_view written) {
  std::string buffer;
  const std::string text = without(rules.struck, plain_text(written, buffer));
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find_first_of(".!?;\n\r", begin), text.size());
    const std::string_view sentence = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    // A list of words states nothing.
    if (rules.verb && !rules.verb->found_in(sentence)) continue;
    std::size_t from = 0;
    while (const auto hit = word.find(sentence, from)) {
      const bool denied = negates(rules, rules.negated_before, sentence.substr(0, hit->first)) ||
                          negates(rules, rules.negated_after, sentence.substr(hit->second));
      // "Drain?" and "Drain? None." are no statements.
      const bool asked = end < text.size() && text[end] == '?';
      if (!denied && !asked) return true;
      from = std::max(hit->second, hit->first + 1);
    }
  }
  return false;
}

bool affirms(const Affirmations& rules, const Placeholders& placeholders, const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::null:
    case JsonKind::number:
      return false;
    case JsonKind::boolean:
      return value.boolean();
    case JsonKind::string:
      return !base::trim(value.string()).empty() && !is_placeholder(placeholders, value.string()) &&
             !denies(rules, value);
    case JsonKind::array: {
      for (const JsonValue element : value.elements()) {
        if (affirms(rules, placeholders, element)) return true;
      }
      return false;
    }
    case JsonKind::object: {
      for (const JsonValue::Member member : value.members()) {
        if (affirms(rules, placeholders, member.value)) return true;
      }
      return false;
    }
  }
  return false;
}

bool denies(const Affirmations& rules, const JsonValue& value) {
  if (value.is(JsonKind::null)) return true;
  if (value.is(JsonKind::boolean)) return !value.boolean();
  if (!value.is(JsonKind::string)) return false;
  std::string buffer;
  const std::string_view text = plain_text(value.string(), buffer);
  return rules.struck.found_in(text) || negates(rules, rules.negated_before, text) ||
         negates(rules, rules.negated_after, text);
}

bool names(std::string_view text, std::string_view name) {
  const auto part_of_name = [](char c) { return base::is_alnum(c) || c == ':' || c == '-' || c == '_'; };
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !part_of_name(text[at - 1])) && (end == text.size() || !part_of_name(text[end]))) return true;
  }
  return false;
}

bool shows_figures(const JsonValue& report) {
  return report.is(JsonKind::object) && report.find("summary") && find_at(report, "/gates/checks") &&
         find_at(report, "/targets/thresholds");
}

void walk(const JsonValue& root, const Visit& visit) {
  if (root.is(JsonKind::object)) {
    for (const JsonValue::Member member : root.members()) {
      if (visit(member.key, member.value)) walk(member.value, visit);
    }
  } else if (root.is(JsonKind::array)) {
    for (const JsonValue element : root.elements()) {
      if (visit(std::nullopt, element)) walk(element, visit);
    }
  }
}

}  // namespace launchgate::evidence
