#include "lib/rules/pattern.hpp"

#include <re2/re2.h>

#include <atomic>
#include <mutex>
#include <optional>

#include "lib/regex/pattern_facts.hpp"
#include "lib/regex/pattern_filter.hpp"
#include "lib/regex/required_words.hpp"

namespace launchgate::rules {
namespace {

// RE2, once compiled, is faster than the filter.
constexpr std::size_t most_filtered = 64UL * 1024;

}  // namespace

struct Pattern::State {
  std::string text;
  std::string path;
  base::Position position;
  std::shared_ptr<const base::SourceText> source;  // in place of path and position
  std::size_t offset = 0;
  Options options;
  std::vector<Pattern> parts;
  std::vector<std::string> literals;
  std::string_view facts;  // empty: worked out on first use
  std::once_flag once;
  std::unique_ptr<re2::RE2> expression;
  std::once_flag words_once;
  regex::RequiredWords words;
  std::once_flag shape_once;
  std::optional<regex::PatternShape> shape;
  std::once_flag filter_once;
  std::unique_ptr<const regex::PatternFilter> filter;
  std::atomic<std::size_t> filtered = 0;  // bytes that the filter has seen; beyond the limit once it is of no more use
};

Pattern::Pattern(std::string text, std::string path, base::Position position, Options options)
    : state_(std::make_shared<State>()) {
  state_->text = std::move(text);
  state_->path = std::move(path);
  state_->position = position;
  state_->options = options;
}

Pattern::Pattern(std::string text, std::shared_ptr<const base::SourceText> source, std::size_t offset, Options options)
    : state_(std::make_shared<State>()) {
  state_->text = std::move(text);
  state_->source = std::move(source);
  state_->offset = offset;
  state_->options = options;
}

Pattern Pattern::any_of(std::vector<Pattern> parts, std::shared_ptr<const base::SourceText> source, std::size_t offset,
                        Options options) {
  std::string any;
  for (const Pattern& one : parts) any += (any.empty() ? "(?:" : "|(?:") + one.text() + ')';
  Pattern whole(std::move(any), std::move(source), offset, options);
  whole.state_->parts = std::move(parts);
  return whole;
}

Pattern Pattern::literal(std::string_view phrase, std::shared_ptr<const base::SourceText> source, std::size_t offset,
                         Options options) {
  // Within a block of shown text a blank is a space; a line feed parts blocks.
  const std::string_view blank = options.bytes ? "\\s+" : " ";
  std::string text;
  std::string word;
  bool after_word = false;
  for (const char c : std::string(phrase) + ' ') {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
      word += c;
    } else if (!word.empty()) {
      if (after_word) text += blank;
      text += re2::RE2::QuoteMeta(word);
      word.clear();
      after_word = true;
    }
  }
  return {std::move(text), std::move(source), offset, options};
}

const std::string& Pattern::text() const { return state_->text; }

const Pattern::Options& Pattern::options() const { return state_->options; }

const std::vector<Pattern>& Pattern::parts() const { return state_->parts; }

bool Pattern::prefers_parts(std::string_view text) const {
  return !state_->parts.empty() &&
         state_->filtered.fetch_add(text.size(), std::memory_order_relaxed) + text.size() <= most_filtered;
}

base::Result<const re2::RE2*> Pattern::compiled() const {
  std::call_once(state_->once, [this] {
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_case_sensitive(!state_->options.ignore_case);
    if (state_->options.bytes) options.set_encoding(re2::RE2::Options::EncodingLatin1);
    state_->expression = std::make_unique<re2::RE2>(state_->text, options);
    state_->filtered = most_filtered + 1;
  });
  if (!state_->expression->ok()) {
    const bool lazy = state_->source != nullptr;
    return base::Error{base::ErrorCategory::configuration, lazy ? state_->source->path() : state_->path,
                       lazy ? state_->source->position(state_->offset) : state_->position,
                       "not a regular expression that RE2 accepts: " + state_->expression->error(),
                       "RE2 has no look-around and no back-references"};
  }
  const re2::RE2* expression = state_->expression.get();
  return expression;
}

void Pattern::set_literals(std::vector<std::string> literals) { state_->literals = std::move(literals); }

void Pattern::set_facts(std::string_view facts) { state_->facts = facts; }

std::string Pattern::facts() const {
  if (!state_->parts.empty()) return {};
  return regex::PatternFacts::write(state_->text, state_->options.ignore_case, state_->options.bytes, state_->literals);
}

std::optional<regex::Surroundings> Pattern::around(const std::vector<std::string>& literals) const {
  if (!state_->facts.empty() && literals == state_->literals) {
    if (auto known = regex::PatternFacts(state_->facts).around()) return known;
  }
  return shape() == nullptr ? std::nullopt : regex::surroundings(*shape(), literals);
}

const regex::PatternShape* Pattern::shape() const {
  std::call_once(state_->shape_once, [this] {
    state_->shape = regex::PatternShape::analyse(state_->text, state_->options.ignore_case, state_->options.bytes);
  });
  return state_->shape ? &*state_->shape : nullptr;
}

bool Pattern::may_match(std::string_view text, bool anchored) const {
  if (state_->filtered.load(std::memory_order_relaxed) + text.size() > most_filtered) return true;
  // Most patterns are turned down by their words, and never parsed.
  std::call_once(state_->words_once, [this] {
    state_->words =
        state_->facts.empty() ? regex::RequiredWords(state_->text) : regex::PatternFacts(state_->facts).words();
  });
  if (!state_->words.may_stand_in(text, state_->options.bytes)) return false;
  std::call_once(state_->filter_once, [this] {
    const auto make = [&](const regex::PatternShape& shape) {
      state_->filter = regex::PatternFilter::make(shape, state_->options.bytes);
    };
    // Over UTF-8, nobody else asks for the shape, which is larger than the filter.
    if (!state_->options.bytes) {
      if (const auto own = regex::PatternShape::analyse(state_->text, state_->options.ignore_case, false)) make(*own);
    } else if (shape() != nullptr) {
      make(*shape());
    }
  });
  if (state_->filter == nullptr) return true;
  state_->filtered.fetch_add(text.size(), std::memory_order_relaxed);
  return state_->filter->may_match(text, anchored);
}

}  // namespace launchgate::rules
