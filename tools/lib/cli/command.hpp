#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/options.hpp"
#include "lib/cli/tool.hpp"

// What a tool can be asked, as data, and the texts that are made of it. Nothing is written twice: help, man page and
// completions come from the same option tables.
namespace launchgate::cli {

// A tool or one of its verbs. The options' targets are gone: only what describes them may be used.
struct Command {
  std::string name;  // as the tool calls itself
  std::string word;  // "run"; for the tool itself its name
  std::string path;  // what is typed: "launchgate-record run"
  std::string summary;
  OptionSet options;
  bool takes_command = false;  // words after "--" are a command
  bool needs_verb = false;
  std::vector<Command> verbs;
  std::vector<std::string> siblings;  // words X for which `tool X` runs the executable tool-X
};

Command describe_command(Tool& tool);

// The options that every tool has; they are answered before a tool runs.
void describe_always(OptionSet& options, bool& ignored);

// A page for man(1) in roff's man macros; it names no date, so that equal options give equal pages.
std::string man_page(const Command& command);

// A script for "bash", "zsh" or "fish", for the tool alone; empty for any other shell.
std::string completion_script(const Command& command, std::string_view shell);
const std::vector<std::string>& completion_shells();

}  // namespace launchgate::cli
