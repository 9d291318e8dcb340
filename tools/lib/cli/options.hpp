#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"

namespace launchgate::cli {

// What is wrong with the command line.
base::Error usage(std::string message, std::string help = "");

// Of a variable that is set to nothing where that cannot be meant.
base::Error empty_variable(const std::string& name);

// What shells complete after an option.
enum class Completion : std::uint8_t { none, file, folder };

// What a run does with the file that an option names.
enum class Writes : std::uint8_t {
  nothing,
  file,     // writes it
  verdict,  // writes its outcome there: an old one is removed before anything else happens
  format,   // the same, and the value is FORMAT=FILE
};

// One option: its name, help, sources and effect side by side. Help, man pages and completions are made from this
// table.
struct Option {
  std::string name;        // "--root"
  std::string value_name;  // "DIR"; empty for a flag
  std::string help;
  std::vector<std::string> environment;  // variables consulted in this order when the option is not given
  std::vector<std::string> choices;      // allowed values; empty: any
  Completion completion = Completion::none;
  Writes writes = Writes::nothing;
  std::vector<std::string> may_replace;  // roles of inputs that the file may be all the same (see NamedFiles)
  std::vector<std::string> suggestions;  // words that shells offer where any value is allowed
  bool repeatable = false;
  // It chooses or pins what a run is about: a variable that is set to nothing is wrong use, or a slip would choose the
  // default.
  bool chooses = false;
  // Of an option "--thing NAME=VALUE": "--NAME-thing VALUE" is another spelling of it, whatever the names are.
  bool spelled_by_name = false;
  // Other options depend on what it says: it is read before them (see Tool::settle_options).
  bool first = false;
  bool* given = nullptr;  // set when the command line, and not the environment, gives it
  // Receives each value; "true" for a flag. An error's message continues `--name VALUE: `.
  std::function<base::Result<void>(const std::string& value)> set;
};

struct Positionals {
  std::string name;  // "FILE"; empty: none are taken
  std::string help;
  std::vector<std::string>* target = nullptr;
  Completion completion = Completion::file;
};

// The options of one tool or one of its verbs. Targets must outlive the set.
class OptionSet {
 public:
  Option& flag(std::string name, bool& target, std::string help);
  Option& text(std::string name, std::string value_name, std::string& target, std::string help);
  Option& text(std::string name, std::string value_name, std::optional<std::string>& target, std::string help);
  // A file that the run writes its outcome to (see Writes).
  Option& output(std::string name, std::string value_name, std::optional<std::string>& target, std::string help);
  Option& list(std::string name, std::string value_name, std::vector<std::string>& target, std::string help);
  Option& choice(std::string name, std::vector<std::string> choices, std::string& target, std::string help);
  // A whole number from `least` up.
  Option& integer(std::string name, std::string value_name, std::optional<std::int64_t>& target, std::int64_t least,
                  std::string help);
  // A finite number above 0.
  Option& rate(std::string name, std::string value_name, std::optional<double>& target, std::string help);
  Option& add(Option option);

  void positionals(std::string name, std::vector<std::string>& target, std::string help);
  // All after the first "--" behind a word, but not one in front; a path, where that is the positionals' target.
  void command_after_dashes(std::vector<std::string>& target) { command_ = &target; }

  const std::vector<Option>& options() const { return options_; }
  const Positionals& positionals() const { return positionals_; }
  std::vector<std::string>* command() const { return command_; }

 private:
  std::vector<Option> options_;
  Positionals positionals_;
  std::vector<std::string>* command_ = nullptr;
};

// A variable's value, or none when it is unset or empty.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// Applies those options alone that are marked `first`, whatever else there is.
base::Result<void> parse_first(const OptionSet& set, const std::vector<std::string>& arguments,
                               const Environment& environment);

// Applies the arguments, then the environment for what was not given. A bare "--" is ignored (see
// command_after_dashes). Errors are `usage` errors with the nearest known option.
base::Result<void> parse(const OptionSet& set, const std::vector<std::string>& arguments,
                         const Environment& environment);

// Usage, options in two columns, environment variables; `width` columns wide.
std::string help_text(std::string_view usage, std::string_view summary, const OptionSet& set, std::size_t width = 100);

}  // namespace launchgate::cli
