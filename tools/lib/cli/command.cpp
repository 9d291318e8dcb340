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
  const OptionSet& options = command.options;
  command.takes_command = options.command() != nullptr && options.command() != options.positionals().target;
  bool ignored = false;
  describe_always(command.options, ignored);
  for (const Tool::Verb& verb : tool.verbs()) {
    const std::unique_ptr<Tool> made = verb.make();
    command.verbs.push_back(describe(*made, verb.name, command.path));
  }
  return command;
}

}  // namespace

void describe_always(OptionSet& options, bool& ignored) {
  options.flag("--help", ignored, "Show this help.");
  options.flag("--version", ignored, "Show the version.");
}

Command describe_command(Tool& tool) { return describe(tool, tool.name(), ""); }

}  // namespace launchgate::cli
