#include "lib/cli/tool.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <new>
#include <optional>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/base/wrap.hpp"
#include "lib/cli/command.hpp"
#include "lib/io/descriptor.hpp"
#include "lib/io/system.hpp"
#include "lib/io/terminal.hpp"

namespace {

// What no run_tool() could catch: a throwing destructor, or a thread's own exception. In place of the C++ library's
// handler, which brings a demangler of 60 KB with it to name the exception.
[[noreturn]] void end_as_defect() noexcept {
  constexpr std::string_view text =
      "launchgate: defect: the program cannot go on\nPlease report this with the command line and the input.\n";
  (void)launchgate::io::write_all(launchgate::io::standard_error, text);
  std::_Exit(static_cast<int>(launchgate::cli::ExitCode::defect));
}

}  // namespace

namespace __cxxabiv1 {
extern std::terminate_handler __terminate_handler;  // NOLINT: the name is the library's
std::terminate_handler __terminate_handler = end_as_defect;
}  // namespace __cxxabiv1

namespace launchgate::cli {
namespace {

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string usage_line(const Tool& tool, const OptionSet& options) {
  std::string line = tool.name();
  if (!tool.verbs().empty()) line += tool.needs_verb() ? " VERB" : " [VERB]";
  line += " [OPTION…]";
  if (!options.positionals().name.empty()) line += " [" + options.positionals().name + "…]";
  if (options.command() != nullptr && options.command() != options.positionals().target) line += " -- COMMAND…";
  return line;
}

std::string full_help(const Tool& tool, OptionSet options) {
  bool ignored = false;
  describe_always(options, ignored);
  constexpr std::size_t usual_width = 100;
  constexpr std::size_t verb_column = 30;
  const std::size_t columns = io::terminal_columns(1);
  const std::size_t width = columns == 0 ? usual_width : columns;
  std::string text = help_text(usage_line(tool, options), tool.summary(), options, width);
  if (!tool.verbs().empty()) {
    text += "\nVerbs:\n";
    for (const Tool::Verb& verb : tool.verbs()) {
      text += fmt::format("  {:<28}", verb.name);
      base::append_wrapped(text, verb.make()->summary(), verb_column, verb_column, width);
    }
    text += fmt::format("\n`{} VERB --help` tells more.\n", tool.name());
  }
  text += '\n';
  base::append_wrapped(text,
                       "Exit codes: 0 passed, 1 findings or refused, 2 wrong use or configuration, 3 unreadable or "
                       "unwritable, 4 a defect.",
                       0, 0, width);
  return text;
}

// None: there are no verbs, or the word is not for them.
std::optional<ExitCode> run_verb(Tool& tool, const std::vector<std::string>& words, Process& process) {
  const auto verbs = tool.verbs();
  if (verbs.empty() || words.empty() || words.front().starts_with('-')) return std::nullopt;
  for (const Tool::Verb& verb : verbs) {
    if (verb.name == words.front()) return run_tool(*verb.make(), {words.begin() + 1, words.end()}, process);
  }
  if (!tool.needs_verb()) return std::nullopt;
  std::vector<std::string> names;
  for (const Tool::Verb& verb : verbs) names.push_back(verb.name);
  std::string help = base::did_you_mean(words.front(), names);
  if (help.empty()) help = "known: " + base::quoted_list(names, "and", names.size());
  return fail(process, tool.name(),
              usage(fmt::format("unknown verb \"{}\"", base::printable(words.front())), std::move(help)));
}

// The table in full, where some of it depends on what other options say.
base::Result<void> complete(Tool& tool, OptionSet& options, const std::vector<std::string>& words, Process& process) {
  const auto& table = options.options();
  if (std::none_of(table.begin(), table.end(), [](const Option& option) { return option.first; })) return {};
  if (auto parsed = parse_first(options, words, process.environment); !parsed) return parsed;
  if (auto prepared = tool.settle_options(process); !prepared) return prepared;
  options = OptionSet();
  tool.describe(options);
  return {};
}

// Help is given whatever is wrong with what the options depend on.
std::string help_on(Tool& tool, OptionSet options, const std::vector<std::string>& words, const Process& process) {
  Output nowhere(Output::nowhere);
  Process quiet{process.disk, process.environment, nowhere, nowhere};
  [[maybe_unused]] const auto completed = complete(tool, options, words, quiet);
  return full_help(tool, std::move(options));
}

// What is answered before anything else is looked at, but never when the words belong to a wrapped command.
std::optional<std::string> answer(Tool& tool, const OptionSet& options, const std::vector<std::string>& words,
                                  const Process& process) {
  const auto dashes = options.command() != nullptr ? std::find(words.begin(), words.end(), "--") : words.end();
  const std::vector<std::string> own(words.begin(), dashes);
  if (contains(own, "--help") || contains(own, "-h")) return help_on(tool, options, own, process);
  if (contains(own, "--version")) return fmt::format("{} {}\n", tool.name(), version());
  // For packages: not in the help, since `launchgate completions` and installed pages are what people use.
  if (own.size() == 1 && own.front() == "--man-page") return man_page(describe_command(tool));
  if (own.size() == 2 && own.front() == "--completion-script") {
    if (std::string script = completion_script(describe_command(tool), own.back()); !script.empty()) return script;
  }
  return std::nullopt;
}

base::Result<void> read_options(Tool& tool, OptionSet options, const std::vector<std::string>& words,
                                Process& process) {
  if (auto completed = complete(tool, options, words, process); !completed) return completed;
  bool ignored = false;
  describe_always(options, ignored);
  return parse(options, words, process.environment);
}

}  // namespace

std::string_view version() { return LAUNCHGATE_VERSION; }

ExitCode exit_code(base::ErrorCategory category) {
  switch (category) {
    case base::ErrorCategory::usage:
    case base::ErrorCategory::configuration:
      return ExitCode::usage;
    case base::ErrorCategory::input:
    case base::ErrorCategory::output:
      return ExitCode::input;
    case base::ErrorCategory::content:
      return ExitCode::findings;
  }
  return ExitCode::defect;
}

Output::Output(int descriptor) : descriptor_(descriptor), terminal_(io::is_terminal(descriptor)) {}

void Output::write(std::string_view text) {
  if (!failed_ && descriptor_ != nowhere) failed_ = !io::write_all(descriptor_, text);
}

ExitCode fail(Process& process, std::string_view tool, const base::Error& error) {
  base::Error shown = error;
  shown.path = base::printable(error.path);
  shown.message = base::printable(error.message);
  shown.help = base::printable(error.help);
  process.err.write(fmt::format("{}: error: {}\n", tool, to_string(shown)));
  return exit_code(error.category);
}

ExitCode run_tool(Tool& tool, const std::vector<std::string>& arguments, Process& process) {
  // The verb is the first word; what a package manager puts before it is dropped.
  std::vector<std::string> words = arguments;
  while (!words.empty() && words.front() == "--") words.erase(words.begin());
  if (const auto code = run_verb(tool, words, process)) return *code;

  OptionSet options;
  tool.describe(options);
  if (const auto text = answer(tool, options, words, process)) {
    process.out.write(*text);
    return process.out.failed() ? ExitCode::input : ExitCode::ok;
  }
  if (tool.needs_verb() && words.empty()) {
    process.err.write(full_help(tool, options));
    return ExitCode::usage;
  }
  if (const NamedFiles named = named_files(options, words, process.environment); !named.outputs.empty()) {
    if (const auto settled = settle_outputs(process.disk, named, tool.reads_besides(process, named)); !settled)
      return fail(process, tool.name(), settled.error());
  }
  if (const auto parsed = read_options(tool, std::move(options), words, process); !parsed) {
    const ExitCode code = fail(process, tool.name(), parsed.error());
    if (parsed.error().category == base::ErrorCategory::usage)
      process.err.write(fmt::format("Try `{} --help`.\n", tool.name()));
    return code;
  }
  const ExitCode code = tool.run(process);
  if (process.out.failed()) {
    process.err.write(fmt::format("{}: error: cannot write to standard output\n", tool.name()));
    return code == ExitCode::ok ? ExitCode::input : code;
  }
  return code;
}

int run_tool(Tool& tool, int argc, char** argv) {
  // The C library asks the kernel for a second thread's memory page by page, and both threads wait each time.
  constexpr int heap_step = 4 * 1024 * 1024;
  mallopt(M_TOP_PAD, heap_step);
  io::DiskFileSystem disk;
  Output out(io::standard_output);
  Output err(io::standard_error);
  // Never destroyed: see Keeper.
  static Process* const process = new Process{disk, io::environment_variable, out, err, {}, true};
  const auto defect = [&](std::string_view what) {
    err.write(
        fmt::format("{}: defect: {}\nPlease report this with the command line and the input.\n", tool.name(), what));
    return static_cast<int>(ExitCode::defect);
  };
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    return static_cast<int>(run_tool(tool, arguments, *process));
  } catch (const std::bad_alloc&) {
    return defect("out of memory");
  } catch (const std::exception& error) {
    return defect(error.what());
  } catch (...) {
    return defect("unknown exception");
  }
}

}  // namespace launchgate::cli
