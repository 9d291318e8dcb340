#include "lib/rules/pattern.hpp"

#include <re2/re2.h>

#include <mutex>
#include <optional>

namespace launchgate::rules {

struct Pattern::State {
  std::string text;
  std::string path;
  base::Position position;
  Options options;
  std::once_flag once;
  std::unique_ptr<re2::RE2> regex;
};

Pattern::Pattern(std::string text, std::string path, base::Position position, Options options)
    : state_(std::make_shared<State>()) {
  state_->text = std::move(text);
  state_->path = std::move(path);
  state_->position = position;
  state_->options = options;
}

Pattern Pattern::literal(const std::string& phrase, std::string path, base::Position position, Options options) {
  // Within a block of shown text a blank is a space; a line feed parts blocks.
  const std::string_view blank = options.bytes ? "\\s+" : " ";
  std::string text;
  std::string word;
  bool after_word = false;
  for (const char c : phrase + ' ') {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
      word += c;
    } else if (!word.empty()) {
      if (after_word) text += blank;
      text += re2::RE2::QuoteMeta(word);
      word.clear();
      after_word = true;
    }
  }
  return {std::move(text), std::move(path), position, options};
}

const std::string& Pattern::text() const { return state_->text; }

base::Result<const re2::RE2*> Pattern::compiled() const {
  std::call_once(state_->once, [this] {
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_case_sensitive(!state_->options.ignore_case);
    if (state_->options.bytes) options.set_encoding(re2::RE2::Options::EncodingLatin1);
    state_->regex = std::make_unique<re2::RE2>(state_->text, options);
  });
  if (!state_->regex->ok()) {
    return base::Error{base::ErrorCategory::configuration, state_->path, state_->position,
                       "not a regular expression that RE2 accepts: " + state_->regex->error(),
                       "RE2 has no look-around and no back-references"};
  }
  const re2::RE2* regex = state_->regex.get();
  return regex;
}

}  // namespace launchgate::rules
