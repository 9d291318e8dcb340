#include "lib/evidence/contradictions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/ascii.hpp"
#include "lib/base/text.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/plain_text.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::evidence {
namespace {

using document::JsonKind;
using document::JsonValue;

bool is_container(const JsonValue& value) { return value.is(JsonKind::object) || value.is(JsonKind::array); }

std::string folded_text(const JsonValue& value) { return base::lower_case(base::trim(value.string())); }

// Null, false, zero, an empty container, or a text of which `text_says_so`, trimmed and in lower case.
template <typename TextSaysSo>
bool is_nothing(const JsonValue& value, const TextSaysSo& text_says_so) {
  switch (value.kind()) {
    case JsonKind::null:
      return true;
    case JsonKind::boolean:
      return !value.boolean();
    case JsonKind::number:
      return value.integer() == 0;
    case JsonKind::string:
      return text_says_so(folded_text(value));
    case JsonKind::array:
    case JsonKind::object:
      return value.size() == 0;
  }
  return false;
}

bool is_zero(const JsonValue& value) {
  if (value.is(JsonKind::string)) return base::trim(value.string()) == "0";
  return value.is(JsonKind::number) && value.integer() == 0;
}

// The words of one sentence, hyphens and apostrophes included.
template <typename Visit>
void each_word(std::string_view text, const Visit& visit) {
  constexpr std::string_view in_words = "abcdefghijklmnopqrstuvwxyz0123456789-'";
  for (std::size_t begin = text.find_first_of(in_words), end = 0; begin != std::string_view::npos;
       begin = text.find_first_of(in_words, end)) {
    end = std::min(text.find_first_not_of(in_words, begin), text.size());
    visit(text.substr(begin, end - begin));
  }
}

// An object of a rate and its parts measures; it lists nothing.
bool is_measure(const Contradictions& rules, const JsonValue& value) {
  if (!value.is(JsonKind::object) || value.size() == 0) return false;
  for (const JsonValue::Member member : value.members()) {
    if (!contains(rules.measures, fold_key(member.name()))) return false;
  }
  return true;
}

class Judgement {
 public:
  Judgement(const Contradictions& rules, std::string_view key, const JsonValue& value)
      : rules_(rules), key_(key), folded_(fold_key(key)), words_(key_words(key)), value_(value) {}

  std::optional<std::string> run() const {
    for (const auto ask : {&Judgement::verdict, &Judgement::listed_failures, &Judgement::counted, &Judgement::checks,
                           &Judgement::totals, &Judgement::fail_words, &Judgement::pass_words, &Judgement::beneath}) {
      if (auto wrong = (this->*ask)()) return wrong;
    }
    return std::nullopt;
  }

 private:
  std::string says() const { return fmt::format("{} is {}", rules::quoted(key_), rules::shown(value_)); }

  bool fails(std::string_view word) const { return contains(rules_.fail_values, word); }
  bool is_denial(std::string_view word) const { return rules_.denials.found_in(word); }
  bool is_failure(std::string_view word) const { return fails(word) || rules_.failures.found_in(word); }

  // "All 12 checks passed": a sentence is a pass when a word says so and none says otherwise.
  bool sentence_passes(std::string_view text) const {
    bool passes = false;
    bool denied = false;
    each_word(text, [&](std::string_view word) {
      denied = denied || is_denial(word) || is_failure(word);
      passes = passes || contains(rules_.pass_values, word);
    });
    return passes && !denied;
  }

  bool is_pass(const JsonValue& value) const {
    if (value.is(JsonKind::boolean)) return value.boolean();
    if (!value.is(JsonKind::string)) return false;
    const std::string text = folded_text(value);
    return contains(rules_.pass_values, text) || (text.find(' ') != std::string::npos && sentence_passes(text));
  }

  bool is_false(const JsonValue& value) const {
    if (value.is(JsonKind::string)) return contains(rules_.false_values, folded_text(value));
    return is_none(value);
  }

  bool is_denied(const JsonValue& value) const {
    if (value.is(JsonKind::boolean)) return !value.boolean();
    return value.is(JsonKind::string) && (is_false(value) || fails(folded_text(value)));
  }

  // Whether a list or flag of failures says that there are none.
  bool is_none(const JsonValue& value) const {
    return is_nothing(value,
                      [&](const std::string& text) { return text.empty() || contains(rules_.none_values, text); });
  }

  // The same where a container may hold nothing but such values, or a sentence begins with a denial.
  bool is_none_deep(const JsonValue& value) const {
    if (value.is(JsonKind::string) && !is_none(value)) {
      std::string first;
      each_word(folded_text(value), [&](std::string_view word) {
        if (first.empty()) first = word;
      });
      return contains(rules_.false_values, folded_text(value)) || is_denial(first);
    }
    bool all = is_none(value) || is_container(value);
    walk(value, [&](const std::optional<JsonValue>&, const JsonValue& inner) {
      all = all && (is_container(inner) || is_none(inner));
      return all;
    });
    return all;
  }

  bool has_word(const std::vector<std::string>& list) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (contains(list, words_[i]) || (i + 1 < words_.size() && contains(list, words_[i] + words_[i + 1])))
        return true;
    }
    return false;
  }

  std::optional<std::string> verdict() const {
    if (contains(rules_.verdict_keys, folded_)) {
      if (!is_container(value_) && !is_pass(value_)) return says();
      if (value_.is(JsonKind::array)) {
        for (const JsonValue one : value_.elements()) {
          if (!is_container(one) && !is_pass(one))
            return fmt::format("{} holds {}", rules::quoted(key_), rules::shown(one));
        }
      }
    }
    const bool is_status =
        contains(rules_.status_keys, folded_) || (!words_.empty() && contains(rules_.status_words, words_.back()));
    if (is_status && value_.is(JsonKind::string) && fails(folded_text(value_))) return says();
    if (contains(rules_.true_keys, folded_) && is_denied(value_)) return says();
    return std::nullopt;
  }

  std::optional<std::string> listed_failures() const {
    if (!contains(rules_.failure_lists, folded_) || value_.is(JsonKind::number) || is_none(value_)) return std::nullopt;
    if (!is_container(value_)) return is_none_deep(value_) ? std::nullopt : std::optional(says());
    if (is_measure(rules_, value_) || is_none_deep(value_)) return std::nullopt;
    return fmt::format("{} names {} failure{}", rules::quoted(key_), value_.size(), value_.size() == 1 ? "" : "s");
  }

  std::optional<std::string> counted() const {
    if (contains(rules_.failure_counts, folded_) && value_.is(JsonKind::number) && !is_zero(value_)) return says();
    if (contains(rules_.zero_keys, folded_) && !is_zero(value_)) return says();
    if (contains(rules_.false_keys, folded_) && !is_container(value_) && !is_false(value_)) return says();
    return std::nullopt;
  }

  std::optional<std::string> check_of_list(const JsonValue& check) const {
    for (const JsonValue::Member member : check.members()) {
      if (!contains(rules_.status_keys, fold_key(member.name())) || is_pass(member.value)) continue;
      if (is_container(member.value)) continue;
      const std::string_view name = check.string_member("name");
      return fmt::format("check {} is {}", name.empty() ? "without a name" : rules::quoted(name),
                         rules::shown(member.value));
    }
    return std::nullopt;
  }

  std::optional<std::string> checks() const {
    if (!contains(rules_.check_lists, folded_) || !is_container(value_)) return std::nullopt;
    if (value_.size() == 0) return fmt::format("{} names no check", rules::quoted(key_));
    for (const JsonValue check : value_.elements()) {
      if (auto wrong = check_of_list(check)) return wrong;
    }
    for (const JsonValue::Member check : value_.members()) {
      if (auto wrong = check_of_list(check.value)) return wrong;
      if (!check.value.is(JsonKind::number) && is_denied(check.value))
        return fmt::format("check {} is {}", rules::quoted(check.name()), rules::shown(check.value));
    }
    return std::nullopt;
  }

  // "passed": 3 beside "total": 5.
  std::optional<std::string> totals() const {
    std::optional<JsonValue> passed;
    std::optional<JsonValue> total;
    for (const JsonValue::Member member : value_.members()) {
      if (!member.value.is(JsonKind::number)) continue;
      const std::string name = fold_key(member.name());
      if (contains(rules_.passed_counts, name)) passed = member.value;
      if (contains(rules_.totals, name)) total = member.value;
    }
    if (!passed || !total || passed->number() >= total->number()) return std::nullopt;
    return fmt::format("{} of {} passed", rules::shown(*passed), rules::shown(*total));
  }

  std::optional<std::string> fail_words() const {
    if (!has_word(rules_.fail_words) || has_word(rules_.neutral_words)) return std::nullopt;
    const bool negated = std::any_of(words_.begin(), words_.end(),
                                     [&](const std::string& word) { return contains(rules_.negating_words, word); });
    if (negated) return is_denied(value_) ? std::optional(says()) : std::nullopt;
    if (value_.is(JsonKind::number) && contains(rules_.tolerated_counts, words_.back())) return std::nullopt;
    if (is_measure(rules_, value_) || is_none_deep(value_)) return std::nullopt;
    return is_container(value_) ? fmt::format("{} holds something", rules::quoted(key_)) : says();
  }

  std::optional<std::string> pass_words() const {
    if (words_.empty() || !contains(rules_.pass_words, words_.back()) || has_word(rules_.neutral_words))
      return std::nullopt;
    const bool negated = std::any_of(words_.begin(), words_.end(),
                                     [&](const std::string& word) { return contains(rules_.negating_words, word); });
    if (negated) return value_.is(JsonKind::boolean) && value_.boolean() ? std::optional(says()) : std::nullopt;
    if (is_denied(value_)) return says();
    if (value_.is(JsonKind::number) && contains(rules_.passed_counts, folded_) && is_zero(value_)) return says();
    if (!value_.is(JsonKind::string)) return std::nullopt;
    const std::string text = folded_text(value_);
    bool denied = false;
    bool passes = false;
    each_word(text, [&](std::string_view word) {
      denied = denied || is_denial(word) || fails(word);
      passes = passes || contains(rules_.pass_values, word);
    });
    return denied && !passes ? std::optional(says()) : std::nullopt;
  }

  // What stands in a list or an object of results: "read: FAIL", {"read": "fail"}.
  std::optional<std::string> beneath() const {
    if (!is_container(value_) || words_.empty() || !contains(rules_.result_words, words_.back())) return std::nullopt;
    std::optional<std::string> wrong;
    walk(value_, [&](const std::optional<JsonValue>& key, const JsonValue& inner) {
      if (wrong || !inner.is(JsonKind::string)) return !wrong;
      const std::string text = folded_text(inner);
      if (fails(text) || (!key && rules_.failed_line.found_in(text)))
        wrong = key ? fmt::format("{} is {}", rules::quoted(key->string()), rules::shown(inner))
                    : fmt::format("{} holds {}", rules::quoted(key_), rules::shown(inner));
      return !wrong;
    });
    return wrong;
  }

  const Contradictions& rules_;
  std::string_view key_;
  std::string folded_;
  std::vector<std::string> words_;
  const JsonValue& value_;
};

bool says_no(const DryRun& rules, const JsonValue& value) {
  return is_nothing(value, [&](const std::string& text) { return contains(rules.false_values, text); });
}

}  // namespace

std::vector<std::string> key_words(std::string_view key) {
  std::string buffer;
  const std::string_view text = plain_text(key, buffer);
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool joins = base::is_alnum(c) || static_cast<unsigned char>(c) >= 0x80;
    if (!joins) {
      end_word();
      continue;
    }
    // "timedOut", and the end of the capitals in "HTTPFailed".
    const bool upper = base::lower(c) != c;
    const bool after_lower = i > 0 && base::is_alnum(text[i - 1]) && base::lower(text[i - 1]) == text[i - 1];
    const bool before_lower = i + 1 < text.size() && base::is_alnum(text[i + 1]) &&
                              base::lower(text[i + 1]) == text[i + 1] && !base::is_digit(text[i + 1]);
    if (upper && (after_lower || before_lower)) end_word();
    word += base::lower(c);
  }
  end_word();
  return words;
}

bool is_rate(const Contradictions& rules, const JsonValue& value) {
  return is_measure(rules, value) && (value.find("rate") || value.find("value")) && value.find("passes") &&
         value.find("fails");
}

std::optional<std::string> contradiction(const Contradictions& rules, std::string_view key, const JsonValue& value) {
  return Judgement(rules, key, value).run();
}

std::optional<std::string> dry_run(const DryRun& rules, std::string_view key, const JsonValue& value, bool is_command) {
  const std::string folded = fold_key(key);
  const auto says = [&] { return fmt::format("{} is {}", rules::quoted(key), rules::shown(value)); };
  if (contains(rules.keys, folded)) return says_no(rules, value) ? std::nullopt : std::optional(says());
  // "plan": true says it; "plan": "enterprise" is another thing.
  const bool is_true = value.is(JsonKind::boolean) ? value.boolean() : contains(rules.true_values, folded_text(value));
  if (contains(rules.flags, folded) && is_true) return says();
  if (contains(rules.mode_keys, folded) && contains(rules.modes, folded_text(value))) return says();
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
