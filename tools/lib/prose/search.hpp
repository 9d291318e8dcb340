#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/markdown/markdown_document.hpp"
#include "lib/rules/text_rules.hpp"

namespace launchgate::prose {

// Where what a rule looks for stands in a document.
struct Match {
  markdown::Range source;
  markdown::Range text;  // empty for raw text and link targets
  std::string words;     // as they stand there
  bool weak = false;     // see TextMap::begin_weak()
};

// The sections that a rule speaks of: those of that title, or the whole document for an empty one.
std::vector<std::uint32_t> sections_for(const markdown::MarkdownDocument& document, const std::string& title);

// Where a phrase stands as whole words, or a pattern matches, in a scope of some sections; in document order, weak
// places included. Neither a letter, digit, `_` or `-` may touch the phrase, nor may `:` or `-` join it to a further
// word: `deploy:load` does not stand in `deploy:load:strict`.
base::Result<std::vector<Match>> find_phrase(const markdown::MarkdownDocument& document,
                                             const rules::Wanted::Phrase& phrase, rules::Scope scope,
                                             const std::vector<std::uint32_t>& sections);
base::Result<std::vector<Match>> find_pattern(const markdown::MarkdownDocument& document, const rules::Pattern& pattern,
                                              rules::Scope scope, const std::vector<std::uint32_t>& sections);

// Whether `words` stand at [at, at + size) of `text` as whole words.
bool is_whole(std::string_view text, std::size_t at, std::size_t size);
// The first place of `words` in `text` as whole words, or npos.
std::size_t find_words(std::string_view text, std::string_view words, std::size_t from = 0);

// Whether a pattern matches anywhere in what is shown.
base::Result<bool> applies(const markdown::MarkdownDocument& document, const std::optional<rules::Pattern>& when);

// Text ranges of a scope other than raw and link.
std::vector<markdown::Range> scope_ranges(const markdown::MarkdownDocument& document, rules::Scope scope,
                                          std::uint32_t section);

}  // namespace launchgate::prose
