#include <algorithm>

#include "lib/base/ascii.hpp"
#include "lib/cli/command.hpp"

namespace launchgate::cli {
namespace {

// Roff reads a backslash, a hyphen and a leading dot or quote as its own.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      if (out.empty() && (c == '.' || c == '\'')) out += "\\&";
      out += c;
    }
  }
  return out;
}

// `launchgate profiles` is `launchgate-profiles`, which has a page of its own.
bool is_sibling(const Command& verb) { return verb.name.find(' ') == std::string::npos; }

void add_synopsis(std::string& out, const Command& command) {
  if (!command.needs_verb) {
    out += "\n.B " + roff(command.path) + "\n[\\fIOPTION\\fR...]";
    if (!command.options.positionals().name.empty())
      out += " [\\fI" + roff(command.options.positionals().name) + "\\fR...]";
    if (command.takes_command) out += " \\-\\- \\fICOMMAND\\fR...";
    out += "\n.br";
  }
  for (const Command& verb : command.verbs) {
    if (!is_sibling(verb)) add_synopsis(out, verb);
  }
}

void add_options(std::string& out, const Command& command) {
  if (!command.options.positionals().name.empty()) {
    out += ".TP\n\\fI" + roff(command.options.positionals().name) + "\\fR...\n" +
           roff(command.options.positionals().help) + "\n";
  }
  for (const Option& option : command.options.options()) {
    out += ".TP\n\\fB" + roff(option.name) + "\\fR";
    if (!option.value_name.empty()) out += " \\fI" + roff(option.value_name) + "\\fR";
    out += "\n" + roff(option.help);
    if (option.repeatable) out += " May be given more than once.";
    if (!option.environment.empty()) {
      out += "\nEnvironment:";
      for (std::size_t i = 0; i < option.environment.size(); ++i)
        out += (i > 0 ? ", " : " ") + ("\\fB" + roff(option.environment[i]) + "\\fR");
      out += ".";
    }
    out += "\n";
  }
}

void add_verbs(std::string& out, const Command& command) {
  for (const Command& verb : command.verbs) {
    if (is_sibling(verb)) continue;
    out += ".SS " + roff(verb.path) + "\n" + roff(verb.summary) + "\n";
    add_options(out, verb);
    add_verbs(out, verb);
  }
}

}  // namespace

std::string man_page(const Command& command) {
  std::string summary = command.summary;
  if (summary.ends_with('.')) summary.pop_back();
  std::string title = command.name;
  std::transform(title.begin(), title.end(), title.begin(), base::upper);
  std::string out = ".TH \"" + title + "\" 1 \"\" \"launchgate " + std::string(version()) + "\" \"User Commands\"\n";
  out += ".SH NAME\n" + roff(command.name) + " \\- " + roff(summary) + "\n.SH SYNOPSIS";
  add_synopsis(out, command);
  out += "\n.SH DESCRIPTION\n" + roff(command.summary) + "\n";
  out +=
      ".PP\nA bare \\fB\\-\\-\\fR is ignored, since package managers insert one. Results go to standard output, "
      "diagnostics to standard error.\n";
  if (!command.needs_verb || command.verbs.empty()) {
    out += ".SH OPTIONS\n";
    add_options(out, command);
  }
  if (!command.verbs.empty()) {
    out += ".SH VERBS\n";
    add_verbs(out, command);
  }
  out +=
      ".SH EXIT STATUS\n"
      ".TP\n.B 0\nEvery check passed.\n"
      ".TP\n.B 1\nFindings at or above \\fB\\-\\-fail\\-on\\fR, or a gate refused.\n"
      ".TP\n.B 2\nThe command line or the configuration is wrong.\n"
      ".TP\n.B 3\nAn input could not be read, or an output could not be written.\n"
      ".TP\n.B 4\nA defect in the tool itself.\n"
      ".TP\n.B 130\nInterrupted; whatever was measured so far is on disk.\n";
  std::vector<std::string> others = command.siblings;
  for (const Command& verb : command.verbs) {
    if (is_sibling(verb) && std::find(others.begin(), others.end(), verb.word) == others.end())
      others.push_back(verb.word);
  }
  for (std::string& word : others) word = command.name + "-" + word;
  std::sort(others.begin(), others.end());
  if (others.empty()) others.push_back(command.name.substr(0, command.name.find('-')));
  std::erase(others, command.name);
  if (!others.empty()) out += ".SH SEE ALSO\n";
  for (std::size_t i = 0; i < others.size(); ++i)
    out += ".BR " + roff(others[i]) + " (1)" + (i + 1 < others.size() ? ",\n" : "\n");
  return out;
}

}  // namespace launchgate::cli
