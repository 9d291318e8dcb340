#include "lib/rules/name_words.hpp"

#include <algorithm>

#include "lib/base/ascii.hpp"
#include "lib/rules/fields.hpp"

namespace launchgate::rules {
namespace {

bool holds(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::vector<std::string> name_words(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  const auto end = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool upper = base::is_upper(c);
    if (!upper && !base::is_lower(c)) {
      end();
      continue;
    }
    const bool after_lower = i > 0 && base::is_lower(name[i - 1]);
    const bool after_capitals =
        i > 0 && base::is_upper(name[i - 1]) && i + 1 < name.size() && base::is_lower(name[i + 1]);
    if (upper && (after_lower || after_capitals)) end();
    word += base::lower(c);
  }
  end();
  return words;
}

bool Names::say_secret(std::string_view name, std::string_view before) const {
  const std::vector<std::string> words = name_words(name);
  const std::vector<std::string> more = name_words(before);
  const auto some = [](const std::vector<std::string>& of, const std::vector<std::string>& list) {
    return std::any_of(of.begin(), of.end(), [&](const std::string& word) { return holds(list, word); });
  };
  if (some(words, none) || some(more, none)) return false;
  if (any.empty() && endings.empty() && beside.empty()) return true;
  const bool accompanied = words.size() > 1 || (!more.empty() && !some(more, unless));
  const bool counts = accompanied && !some(words, unless);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return holds(any, word) || (counts && holds(beside, word)) ||
           std::any_of(endings.begin(), endings.end(), [&](const std::string& tail) { return word.ends_with(tail); });
  });
}

Names load_names(Fields& fields) {
  Names names;
  fields.object("names", "names", [&](Fields& words) {
    names.any = words.texts("any", false);
    names.endings = words.texts("endings", false);
    names.beside = words.texts("beside", false);
    names.unless = words.texts("unless", false);
    names.none = words.texts("none", false);
  });
  return names;
}

}  // namespace launchgate::rules
