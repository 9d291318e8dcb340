// The one place that knows CLI11, which is slow to compile.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/cli/options.hpp"
#include "lib/io/system.hpp"

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

// Without the dashes of package managers, and every option by its own name. A command after dashes is set aside.
std::vector<std::string> words_of(const OptionSet& set, const std::vector<std::string>& arguments) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] != "--") {
      words.push_back(arguments[i]);
    } else if (set.command() != nullptr && !words.empty()) {
      set.command()->assign(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
      // A file that has the name of standard input.
      if (set.command() == set.positionals().target)
        std::replace(set.command()->begin(), set.command()->end(), std::string("-"), std::string("./-"));
      break;
    }
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    bool taken = false;
    words[i] = by_name(set, words[i], i + 1 < words.size() ? &words[i + 1] : nullptr, taken);
    if (taken) words.erase(words.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }
  return words;
}

// CLI11 sees one option of ours as one of its own that collects strings; meaning stays with the table.
class Line {
 public:
  explicit Line(std::vector<const Option*> options) {
    app_.set_help_flag();
    app_.allow_extras();
    for (const Option* const option : options) bound_.push_back({option, nullptr, {}, false});
    for (Bound& one : bound_) {
      if (one.option->value_name.empty()) {
        one.parsed = app_.add_flag(one.option->name, one.is_on);
      } else {
        one.parsed = app_.add_option(one.option->name, one.values)
                         ->expected(1)
                         ->allow_extra_args(false)
                         ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      }
    }
  }

  base::Result<void> read(const std::vector<std::string>& words) {
    try {
      std::vector<std::string> reversed(words.rbegin(), words.rend());  // CLI11 takes its arguments from the back
      app_.parse(reversed);
    } catch (const CLI::ParseError& error) {
      return usage(error.what());
    }
    return {};
  }

  // What belongs to no option.
  std::vector<std::string> others() const { return app_.remaining(); }

  base::Result<void> apply_all(const Environment& environment) const {
    for (const Bound& one : bound_) {
      if (auto applied = one.parsed->count() > 0 ? from_words(one) : from_environment(*one.option, environment);
          !applied)
        return applied;
    }
    return {};
  }

 private:
  struct Bound {
    const Option* option;
    CLI::Option* parsed;
    std::vector<std::string> values;
    bool is_on;
  };

  static base::Result<void> from_words(const Bound& one) {
    const Option& option = *one.option;
    if (option.given != nullptr) *option.given = true;
    // "--strict=false" turns off what the environment turns on.
    if (option.value_name.empty()) return option.set(one.is_on ? "true" : "false");
    if (one.values.size() > 1 && !option.repeatable)
      return usage(fmt::format("{} is given {} times", option.name, one.values.size()));
    for (const std::string& value : one.values) {
      if (auto applied = apply(option, value, option.name); !applied) return applied;
    }
    return {};
  }

  static base::Result<void> from_environment(const Option& option, const Environment& environment) {
    for (const std::string& variable : option.environment) {
      if (option.chooses && io::is_set_but_empty(variable)) return empty_variable(variable);
      if (const auto value = environment(variable)) return apply(option, *value, variable);
    }
    return {};
  }

  CLI::App app_;
  std::deque<Bound> bound_;
};

base::Result<void> take_positionals(const OptionSet& set, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word.size() > 1 && word[0] == '-') {
      std::vector<std::string> names;
      for (const Option& option : set.options()) names.push_back(option.name);
      const std::string name = word.substr(0, word.find('='));
      return usage(fmt::format("unknown option \"{}\"", base::printable(name)), base::did_you_mean(name, names));
    }
    if (set.positionals().target == nullptr)
      return usage(fmt::format("unexpected argument \"{}\"", base::printable(word)));
    set.positionals().target->push_back(word);
  }
  return {};
}

}  // namespace

base::Result<void> parse_first(const OptionSet& set, const std::vector<std::string>& arguments,
                               const Environment& environment) {
  std::vector<const Option*> first;
  for (const Option& option : set.options()) {
    if (option.first) first.push_back(&option);
  }
  Line line(std::move(first));
  if (auto read = line.read(arguments); !read) return read;
  return line.apply_all(environment);
}

base::Result<void> parse(const OptionSet& set, const std::vector<std::string>& arguments,
                         const Environment& environment) {
  std::vector<const Option*> all;
  for (const Option& option : set.options()) all.push_back(&option);
  Line line(std::move(all));
  if (auto read = line.read(words_of(set, arguments)); !read) return read;
  if (auto taken = take_positionals(set, line.others()); !taken) return taken;
  return line.apply_all(environment);
}

}  // namespace launchgate::cli
