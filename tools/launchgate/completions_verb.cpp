#include "launchgate/completions_verb.hpp"

#include <algorithm>
#include <cstring>

#include "launchgate/launchgate_tool.hpp"
#include "launchgate/siblings.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/cli/command.hpp"
#include "lib/io/child.hpp"

namespace launchgate::suite_tool {
namespace {

using cli::usage;

constexpr std::string_view suite_name = "launchgate";
constexpr std::string_view family = "launchgate-";

cli::Command own_command() {
  LaunchgateTool tool;
  cli::Command command = cli::describe_command(tool);
  command.siblings = sibling_words();
  // Those are known in full.
  std::erase_if(command.siblings, [&](const std::string& word) {
    return std::any_of(command.verbs.begin(), command.verbs.end(),
                       [&](const cli::Command& verb) { return verb.word == word; });
  });
  return command;
}

// Each tool knows its own options; it is asked for them.
base::Result<std::string> ask(const std::string& word, const std::vector<std::string>& question) {
  std::vector<std::string> command = {sibling_path(word)};
  command.insert(command.end(), question.begin(), question.end());
  io::Child child;
  if (const int code = child.start(command, {}); code != 0)
    return base::Error{
        base::ErrorCategory::input, command.front(), {}, std::string("cannot run: ") + std::strerror(code), ""};
  child.close_input();
  auto text = child.read_all();
  if (text && child.wait() != 0)
    return base::Error{base::ErrorCategory::input, command.front(), {}, "failed: " + child.diagnostics(), ""};
  return text;
}

// "leaks" for both "leaks" and "launchgate-leaks"; "" for the suite itself.
std::string tool_word(const std::string& name) {
  if (name == suite_name) return "";
  return name.starts_with(family) ? name.substr(family.size()) : name;
}

base::Result<std::vector<std::string>> chosen_tools(const std::vector<std::string>& names) {
  std::vector<std::string> known = sibling_words();
  std::vector<std::string> words;
  for (const std::string& name : names) {
    std::string word = tool_word(name);
    if (!word.empty() && std::find(known.begin(), known.end(), word) == known.end()) {
      std::string help = base::did_you_mean(word, known);
      if (help.empty()) help = "known here: launchgate, " + base::quoted_list(known, "and", known.size());
      return usage("no tool \"" + base::printable(name) + "\" lies beside launchgate", help);
    }
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace

void CompletionsVerb::describe(cli::OptionSet& options) {
  options.positionals(
      "SHELL|TOOL", words_,
      "The shell, bash, zsh or fish; then the tools, by default launchgate and all that lie beside it.");
}

cli::ExitCode CompletionsVerb::run(cli::Process& process) {
  const auto& shells = cli::completion_shells();
  if (words_.empty() || std::find(shells.begin(), shells.end(), words_.front()) == shells.end()) {
    const std::string given = words_.empty() ? "" : words_.front();
    std::string help = given.empty() ? "" : base::did_you_mean(given, shells);
    if (help.empty()) help = "for example: source <(launchgate completions bash)";
    return cli::fail(process, name(), usage("name a shell: " + base::quoted_list(shells, "or"), help));
  }
  auto tools = chosen_tools({words_.begin() + 1, words_.end()});
  if (!tools) return cli::fail(process, name(), tools.error());
  if (tools->empty()) {
    *tools = sibling_words();
    tools->insert(tools->begin(), "");
  }
  std::string text;
  for (const std::string& word : *tools) {
    if (word.empty()) {
      text += cli::completion_script(own_command(), words_.front());
      continue;
    }
    auto script = ask(word, {"--completion-script", words_.front()});
    if (!script) return cli::fail(process, name(), script.error());
    text += *script;
  }
  process.out.write(text);
  return cli::ExitCode::ok;
}

void ManVerb::describe(cli::OptionSet& options) {
  options.positionals("TOOL", words_, "The tool; by default launchgate.");
}

cli::ExitCode ManVerb::run(cli::Process& process) {
  auto tools = chosen_tools(words_);
  if (!tools) return cli::fail(process, name(), tools.error());
  if (tools->empty()) tools->emplace_back();
  for (const std::string& word : *tools) {
    auto page = word.empty() ? base::Result<std::string>(cli::man_page(own_command())) : ask(word, {"--man-page"});
    if (!page) return cli::fail(process, name(), page.error());
    process.out.write(*page);
  }
  return cli::ExitCode::ok;
}

}  // namespace launchgate::suite_tool
