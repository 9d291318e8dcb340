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

// "All 12 checks passed": a sentence is a pass when a word says so and none says otherwise.
bool sentence_passes(const Contradictions& rules, std::string_view text) {
  constexpr std::string_view in_words = "abcdefghijklmnopqrstuvwxyz0123456789-'";
  bool passes = false;
  for (std::size_t begin = text.find_first_of(in_words), end = 0; begin != std::string_view::npos;
       begin = text.find_first_of(in_words, end)) {
    end = std::min(text.find_first_not_of(in_words, begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const bool denies = word.starts_with("not") || word.starts_with("un") || word.ends_with("n't") || word == "no" ||
                        word == "never" || word == "without" || word == "none";
    const bool fails = word.starts_with("fail") || word.starts_with("error") || word.starts_with("skip") ||
                       contains(rules.fail_values, word);
    if (denies || fails) return false;
    passes = passes || contains(rules.pass_values, word);
  }
  return passes;
}

bool is_pass(const Contradictions& rules, const JsonValue& value) {
  if (value.is(JsonKind::boolean)) return value.boolean();
  if (!value.is(JsonKind::string)) return false;
  const std::string text = base::lower_case(base::trim(value.string()));
  return contains(rules.pass_values, text) || (text.find(' ') != std::string::npos && sentence_passes(rules, text));
}

bool is_zero(const JsonValue& value) {
  if (value.is(JsonKind::string)) return base::trim(value.string()) == "0";
  return value.is(JsonKind::number) && value.integer() == 0;
}

// Whether a list or flag of failures says that there are none.
bool is_none(const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::null:
      return true;
    case JsonKind::boolean:
      return !value.boolean();
    case JsonKind::number:
      return value.integer() == 0;
    case JsonKind::string:
      return base::trim(value.string()).empty() || base::lower_case(base::trim(value.string())) == "none";
    case JsonKind::array:
    case JsonKind::object:
      return value.size() == 0;
  }
  return false;
}

bool is_false(const JsonValue& value) {
  if (value.is(JsonKind::string))
    return contains({"false", "no", "0", ""}, base::lower_case(base::trim(value.string())));
  return is_none(value);
}

bool is_denied(const Contradictions& rules, const JsonValue& value) {
  if (value.is(JsonKind::boolean)) return !value.boolean();
  return value.is(JsonKind::string) &&
         (is_false(value) || contains(rules.fail_values, base::lower_case(base::trim(value.string()))));
}

std::optional<std::string> check_of_list(const Contradictions& rules, const JsonValue& check) {
  for (const JsonValue::Member member : check.members()) {
    if (!contains(rules.status_keys, fold_key(member.name())) || is_pass(rules, member.value)) continue;
    if (member.value.is(JsonKind::object) || member.value.is(JsonKind::array)) continue;
    const std::string_view name = check.string_member("name");
    return fmt::format("check {} is {}", name.empty() ? "without a name" : rules::quoted(name),
                       rules::shown(member.value));
  }
  return std::nullopt;
}

// "without errors" negates nothing else.
bool negates(const Affirmations& rules, const Matcher& negation, std::string_view text) {
  std::string rest(text);
  while (const auto harmless = rules.neutral.find(rest, 0))
    rest.erase(harmless->first, harmless->second - harmless->first);
  return negation.found_in(rest);
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

bool affirms(const Affirmations& rules, const Matcher& word, std::string_view text) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find_first_of(".!?;\n\r", begin), text.size());
    const std::string_view sentence = text.substr(begin, end - begin);
    begin = end + 1;
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
  return negates(rules, rules.negated_before, value.string()) || negates(rules, rules.negated_after, value.string());
}

bool names(std::string_view text, std::string_view name) {
  const auto part_of_name = [](char c) { return base::is_alnum(c) || c == ':' || c == '-' || c == '_'; };
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !part_of_name(text[at - 1])) && (end == text.size() || !part_of_name(text[end]))) return true;
  }
  return false;
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

std::optional<std::string> contradiction(const Contradictions& rules, std::string_view key, const JsonValue& value) {
  const bool container = value.is(JsonKind::object) || value.is(JsonKind::array);
  const std::string folded = fold_key(key);
  const auto says = [&] { return fmt::format("{} is {}", rules::quoted(key), rules::shown(value)); };
  if (contains(rules.verdict_keys, folded) && !container && !is_pass(rules, value)) return says();
  if (contains(rules.verdict_keys, folded) && value.is(JsonKind::array)) {
    for (const JsonValue one : value.elements()) {
      if (!one.is(JsonKind::object) && !one.is(JsonKind::array) && !is_pass(rules, one))
        return fmt::format("{} holds {}", rules::quoted(key), rules::shown(one));
    }
  }
  if (contains(rules.status_keys, folded) && value.is(JsonKind::string) &&
      contains(rules.fail_values, base::lower_case(base::trim(value.string()))))
    return says();
  if (contains(rules.true_keys, folded) && is_denied(rules, value)) return says();
  if (contains(rules.failure_lists, folded) && !value.is(JsonKind::number) && !is_none(value)) {
    return container
               ? fmt::format("{} names {} failure{}", rules::quoted(key), value.size(), value.size() == 1 ? "" : "s")
               : says();
  }
  if (contains(rules.failure_counts, folded) && value.is(JsonKind::number) && !is_zero(value)) return says();
  if (contains(rules.zero_keys, folded) && !is_zero(value)) return says();
  if (contains(rules.false_keys, folded) && !container && !is_false(value)) return says();
  if (contains(rules.check_lists, folded) && container) {
    if (value.is(JsonKind::array)) {
      for (const JsonValue check : value.elements()) {
        if (auto wrong = check_of_list(rules, check)) return wrong;
      }
    } else {
      for (const JsonValue::Member check : value.members()) {
        if (auto wrong = check_of_list(rules, check.value)) return wrong;
        if (!check.value.is(JsonKind::number) && is_denied(rules, check.value))
          return fmt::format("check {} is {}", rules::quoted(check.name()), rules::shown(check.value));
      }
    }
  }
  return std::nullopt;
}

std::optional<std::string> dry_run(const DryRun& rules, std::string_view key, const JsonValue& value, bool is_command) {
  const std::string folded = fold_key(key);
  if (contains(rules.keys, folded)) {
    if (is_false(value)) return std::nullopt;
    return fmt::format("{} is {}", rules::quoted(key), rules::shown(value));
  }
  if (!is_command && !contains(rules.fields, folded)) return std::nullopt;
  std::optional<std::string> found;
  const auto look = [&](const JsonValue& text) {
    std::string buffer;
    if (!found && text.is(JsonKind::string) && rules.pattern.found_in(plain_text(text.string(), buffer)))
      found = fmt::format("{} says {}", rules::quoted(key), rules::quoted(text.string()));
  };
  look(value);
  walk(value, [&](const std::optional<JsonValue>&, const JsonValue& inner) {
    look(inner);
    return !found;
  });
  return found;
}

}  // namespace launchgate::evidence
