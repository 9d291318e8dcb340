#include "lib/cli/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/base/wrap.hpp"

namespace launchgate::cli {
namespace {

// A text, in whichever way the target holds one.
template <typename T>
Option text_option(std::string name, std::string value_name, T& target, std::string help) {
  Option option;
  option.name = std::move(name);
  option.value_name = std::move(value_name);
  option.help = std::move(help);
  option.set = [&target](const std::string& value) -> base::Result<void> {
    target = value;
    return {};
  };
  return option;
}

}  // namespace

base::Error usage(std::string message, std::string help) {
  return {base::ErrorCategory::usage, "", {}, std::move(message), std::move(help)};
}

base::Error empty_variable(const std::string& name) {
  return usage(name + " is set, but empty", "give it a value, or unset it");
}

Option& OptionSet::add(Option option) {
  options_.push_back(std::move(option));
  return options_.back();
}

Option& OptionSet::flag(std::string name, bool& target, std::string help) {
  Option option;
  option.name = std::move(name);
  option.help = std::move(help);
  // In the environment only the word "true" turns a flag on.
  option.set = [&target](const std::string& value) -> base::Result<void> {
    target = value == "true";
    return {};
  };
  return add(std::move(option));
}

Option& OptionSet::text(std::string name, std::string value_name, std::string& target, std::string help) {
  return add(text_option(std::move(name), std::move(value_name), target, std::move(help)));
}

Option& OptionSet::text(std::string name, std::string value_name, std::optional<std::string>& target,
                        std::string help) {
  return add(text_option(std::move(name), std::move(value_name), target, std::move(help)));
}

Option& OptionSet::output(std::string name, std::string value_name, std::optional<std::string>& target,
                          std::string help) {
  Option& option = text(std::move(name), std::move(value_name), target, std::move(help));
  option.completion = Completion::file;
  option.writes = Writes::verdict;
  return option;
}

Option& OptionSet::list(std::string name, std::string value_name, std::vector<std::string>& target, std::string help) {
  Option option;
  option.name = std::move(name);
  option.value_name = std::move(value_name);
  option.help = std::move(help);
  option.repeatable = true;
  option.set = [&target](const std::string& value) -> base::Result<void> {
    target.push_back(value);
    return {};
  };
  return add(std::move(option));
}

Option& OptionSet::choice(std::string name, std::vector<std::string> choices, std::string& target, std::string help) {
  Option& option = text(std::move(name), "", target, std::move(help));
  for (const std::string& word : choices) option.value_name += (option.value_name.empty() ? "" : "|") + word;
  option.choices = std::move(choices);
  return option;
}

Option& OptionSet::integer(std::string name, std::string value_name, std::optional<std::int64_t>& target,
                           std::int64_t least, std::string help) {
  Option option;
  option.name = std::move(name);
  option.value_name = std::move(value_name);
  option.help = std::move(help);
  option.set = [&target, least](const std::string& value) -> base::Result<void> {
    std::int64_t number = 0;
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != value.data() + value.size() || number < least) {
      return usage(fmt::format("must be a whole number of at least {}", least));
    }
    target = number;
    return {};
  };
  return add(std::move(option));
}

Option& OptionSet::rate(std::string name, std::string value_name, std::optional<double>& target, std::string help) {
  Option option;
  option.name = std::move(name);
  option.value_name = std::move(value_name);
  option.help = std::move(help);
  option.set = [&target](const std::string& value) -> base::Result<void> {
    double number = 0;
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != value.data() + value.size() || !std::isfinite(number) ||
        number <= 0) {
      return usage("must be a number above 0");
    }
    target = number;
    return {};
  };
  return add(std::move(option));
}

void OptionSet::positionals(std::string name, std::vector<std::string>& target, std::string help) {
  positionals_.name = std::move(name);
  positionals_.help = std::move(help);
  positionals_.target = &target;
}

std::string help_text(std::string_view usage_line, std::string_view summary, const OptionSet& set, std::size_t width) {
  constexpr std::size_t help_column = 30;
  std::string out = fmt::format("Usage: {}\n\n", usage_line);
  base::append_wrapped(out, summary, 0, 0, width);
  const auto row = [&](std::string left, std::string_view right) {
    out += "  " + left;
    const std::size_t used = 2 + base::count_code_points(left);
    if (used + 2 > help_column) {
      out += '\n' + std::string(help_column, ' ');
    } else {
      out += std::string(help_column - used, ' ');
    }
    base::append_wrapped(out, right, help_column, help_column, width);
  };
  if (!set.positionals().name.empty()) {
    out += "\nArguments:\n";
    row(set.positionals().name + "…", set.positionals().help);
  }
  out += "\nOptions:\n";
  for (const Option& option : set.options()) {
    std::string text = option.help;
    if (option.repeatable) text += " (repeatable)";
    if (!option.environment.empty()) {
      text += " [env: ";
      for (std::size_t i = 0; i < option.environment.size(); ++i) text += (i > 0 ? ", " : "") + option.environment[i];
      text += "]";
    }
    if (option.spelled_by_name) text += " Also as --NAME" + option.name.substr(1) + ".";
    row(option.value_name.empty() ? option.name : option.name + " " + option.value_name, text);
  }
  return out;
}

}  // namespace launchgate::cli
