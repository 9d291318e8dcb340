#include "lib/cli/command.hpp"

namespace launchgate::cli {
namespace {

Command describe(Tool& tool, std::string word, const std::string& above) {
  Command command;
  command.path = above.empty() ? word : above + " " + word;
  command.name = tool.name();
  command.word = std::move(word);
  command.summary = tool.summary();
  command.needs_verb = tool.needs_verb();
  tool.describe(command.options);
  command.takes_command = command.options.command() != nullptr;
  bool ignored = false;
  command.options.flag("--help", ignored, "Show this help.");
  command.options.flag("--version", ignored, "Show the version.");
  for (const Tool::Verb& verb : tool.verbs()) {
    const std::unique_ptr<Tool> made = verb.make();
    command.verbs.push_back(describe(*made, verb.name, command.path));
  }
  return command;
}

}  // namespace

Command describe_command(Tool& tool) { return describe(tool, tool.name(), ""); }

}  // namespace launchgate::cli
