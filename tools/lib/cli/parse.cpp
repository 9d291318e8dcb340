// The one place that knows CLI11, which is slow to compile.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/cli/options.hpp"

namespace launchgate::cli {
namespace {

base::Result<void> apply(const Option& option, const std::string& value, const std::string& source) {
  if (!option.choices.empty() &&
      std::find(option.choices.begin(), option.choices.end(), value) == option.choices.end()) {
    return usage(fmt::format("{}: \"{}\" is none of {}", source, base::printable(value),
                             base::quoted_list(option.choices, "or")),
                 base::did_you_mean(value, option.choices));
  }
  const auto set = option.set(value);
  if (!set)
    return usage(fmt::format("{} \"{}\": {}", source, base::printable(value), set.error().message), set.error().help);
  return {};
}

// CLI11 sees one option of ours as one of its own that collects strings; meaning stays with the table.
struct Bound {
  const Option* option = nullptr;
  CLI::Option* parsed = nullptr;
  std::vector<std::string> values;
  bool given = false;
};

// "--cloud-digest X" becomes "--digest=cloud=X" where the table says so. `value` is the word that follows; `taken`
// tells whether it was used.
std::string by_name(const OptionSet& set, const std::string& word, const std::string* value, bool& taken) {
  const std::size_t equals = word.find('=');
  const std::string_view name = std::string_view(word).substr(0, equals);
  for (const Option& option : set.options()) {
    if (name == option.name) return word;
  }
  for (const Option& option : set.options()) {
    const std::string_view ending = std::string_view(option.name).substr(1);  // "-digest"
    if (!option.spelled_by_name || !name.starts_with("--") || !name.ends_with(ending) ||
        name.size() <= 2 + ending.size())
      continue;
    std::string full = option.name + "=" + std::string(name.substr(2, name.size() - 2 - ending.size())) + "=";
    if (equals != std::string::npos) return full + word.substr(equals + 1);
    taken = value != nullptr;
    return taken ? full + *value : option.name;
  }
  return word;
}

}  // namespace

base::Result<void> parse(const OptionSet& set, const std::vector<std::string>& arguments,
                         const Environment& environment) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] != "--") {
      words.push_back(arguments[i]);
    } else if (set.command() != nullptr && !words.empty()) {
      set.command()->assign(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
      break;
    }
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    bool taken = false;
    words[i] = by_name(set, words[i], i + 1 < words.size() ? &words[i + 1] : nullptr, taken);
    if (taken) words.erase(words.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }

  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<Bound> bound(set.options().size());
  for (std::size_t i = 0; i < bound.size(); ++i) {
    const Option& option = set.options()[i];
    bound[i].option = &option;
    if (option.value_name.empty()) {
      bound[i].parsed = app.add_flag(option.name, bound[i].given);
    } else {
      bound[i].parsed = app.add_option(option.name, bound[i].values)
                            ->expected(1)
                            ->allow_extra_args(false)
                            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
  }
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());  // CLI11 takes its arguments from the back
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return usage(error.what());
  }

  std::vector<std::string> names;
  for (const Option& option : set.options()) names.push_back(option.name);
  for (const std::string& word : app.remaining()) {
    if (word.size() > 1 && word[0] == '-') {
      const std::string name = word.substr(0, word.find('='));
      return usage(fmt::format("unknown option \"{}\"", base::printable(name)), base::did_you_mean(name, names));
    }
    if (set.positionals().target == nullptr)
      return usage(fmt::format("unexpected argument \"{}\"", base::printable(word)));
    set.positionals().target->push_back(word);
  }

  for (const Bound& one : bound) {
    const Option& option = *one.option;
    if (one.parsed->count() > 0) {
      if (option.value_name.empty()) {
        // "--strict=false" turns off what the environment turns on.
        if (auto set_flag = option.set(one.given ? "true" : "false"); !set_flag) return set_flag;
        continue;
      }
      if (one.values.size() > 1 && !option.repeatable)
        return usage(fmt::format("{} is given {} times", option.name, one.values.size()));
      for (const std::string& value : one.values) {
        if (auto applied = apply(option, value, option.name); !applied) return applied;
      }
      continue;
    }
    for (const std::string& variable : option.environment) {
      const auto value = environment(variable);
      if (!value) continue;
      if (auto applied = apply(option, *value, variable); !applied) return applied;
      break;
    }
  }
  return {};
}

}  // namespace launchgate::cli
