#include <algorithm>

#include "lib/base/text.hpp"
#include "lib/cli/command.hpp"

namespace launchgate::cli {
namespace {

std::string identifier(std::string_view name) {
  std::string out = "_";
  for (const char c : name) out += c == '-' || c == ' ' ? '_' : c;
  return out;
}

std::string joined(const std::vector<std::string>& words, std::string_view separator = " ") {
  return base::joined(words, separator);
}

const std::vector<std::string>& words_of(const Option& option) {
  return option.choices.empty() ? option.suggestions : option.choices;
}

std::vector<const Command*> all(const Command& command) {
  std::vector<const Command*> found = {&command};
  for (const Command& verb : command.verbs) {
    const auto below = all(verb);
    found.insert(found.end(), below.begin(), below.end());
  }
  return found;
}

// Verbs, and the siblings that are none.
std::vector<std::string> verb_words(const Command& command) {
  std::vector<std::string> words;
  for (const Command& verb : command.verbs) words.push_back(verb.word);
  words.insert(words.end(), command.siblings.begin(), command.siblings.end());
  return words;
}

// Text within single quotes of a POSIX shell or of fish.
std::string quoted(std::string_view text, bool fish = false) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += fish ? "\\'" : "'\\''";
    } else if (fish && c == '\\') {
      out += "\\\\";
    } else {
      out += c;
    }
  }
  return out + "'";
}

// Moves `i` past the words that are verbs; `path` is what they lead to.
std::string bash_path(const Command& root) {
  std::string out =
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} i=1 next\n"
      "  local path=" +
      quoted(root.name) +
      "\n"
      "  COMPREPLY=()\n"
      "  while [[ $i -lt $COMP_CWORD && ${COMP_WORDS[i]} == -- ]]; do i=$((i + 1)); done\n"
      "  while [[ $i -lt $COMP_CWORD ]]; do\n"
      "    next=\"$path ${COMP_WORDS[i]}\"\n"
      "    case $next in\n";
  std::vector<std::string> paths;
  for (const Command* command : all(root)) {
    for (const Command& verb : command->verbs) paths.push_back(quoted(verb.path));
  }
  if (!paths.empty()) out += "      " + joined(paths, "|") + ") path=$next ;;\n";
  return out + "      *) break ;;\n    esac\n    i=$((i + 1))\n  done\n";
}

// Another tool of the family knows its own options.
std::string bash_siblings(const Command& root) {
  if (root.siblings.empty()) return "";
  return "  if [[ $path == " + quoted(root.name) +
         " && $i -lt $COMP_CWORD ]]; then\n    case ${COMP_WORDS[i]} in\n      " + joined(root.siblings, "|") +
         ")\n"
         "        local tool=" +
         root.name +
         "-${COMP_WORDS[i]}\n"
         "        local function=_${tool//-/_}\n"
         "        declare -F \"$function\" >/dev/null || _completion_loader \"$tool\" 2>/dev/null\n"
         "        declare -F \"$function\" >/dev/null || return\n"
         "        COMP_WORDS=(\"$tool\" \"${COMP_WORDS[@]:i+1}\")\n"
         "        COMP_CWORD=$((COMP_CWORD - i))\n"
         "        \"$function\"\n"
         "        return ;;\n"
         "    esac\n"
         "  fi\n";
}

// What follows `--` is a command and its files, for those that run one.
std::string bash_wrapped(const Command& root) {
  std::vector<std::string> wrapping;
  for (const Command* command : all(root)) {
    if (command->takes_command) wrapping.push_back(quoted(command->path));
  }
  if (wrapping.empty()) return "";
  return "  case $path in\n    " + joined(wrapping, "|") +
         ")\n"
         "      for ((; i < COMP_CWORD; i++)); do\n"
         "        if [[ ${COMP_WORDS[i]} == -- ]]; then\n"
         "          if [[ $i -eq $((COMP_CWORD - 1)) ]]; then COMPREPLY=($(compgen -c -- \"$cur\")); else "
         "COMPREPLY=($(compgen -f -- \"$cur\")); fi\n"
         "          return\n"
         "        fi\n"
         "      done ;;\n"
         "  esac\n";
}

// What bash does for a value of each option: words, files or folders. "--name=value" arrives as three words.
std::string bash_values(const Command& root) {
  std::string out =
      "  if [[ $cur == = ]]; then\n    cur=''\n  elif [[ $prev == = ]]; then\n    prev=${COMP_WORDS[COMP_CWORD-2]}\n  "
      "fi\n"
      "  case \"$path:$prev\" in\n";
  for (const Command* command : all(root)) {
    for (const Option& option : command->options.options()) {
      if (option.value_name.empty()) continue;
      std::string action;
      if (!words_of(option).empty()) {
        action = "COMPREPLY=($(compgen -W " + quoted(joined(words_of(option))) + " -- \"$cur\"))";
      } else if (option.completion == Completion::file) {
        action = "compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- \"$cur\"))";
      } else if (option.completion == Completion::folder) {
        action = "compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- \"$cur\"))";
      }
      out += "    " + quoted(command->path + ":" + option.name) + ") " + (action.empty() ? "" : action + "; ") +
             "return ;;\n";
    }
  }
  return out + "  esac\n";
}

// Options, verbs and files where no value is asked for.
std::string bash_words(const Command& root) {
  std::string out = "  case $path in\n";
  for (const Command* command : all(root)) {
    std::vector<std::string> names;
    for (const Option& option : command->options.options()) names.push_back(option.name);
    out += "    " + quoted(command->path) + ")\n      if [[ $cur == -* ]]; then\n        COMPREPLY=($(compgen -W " +
           quoted(joined(names)) + " -- \"$cur\"))\n      else\n";
    if (!command->verbs.empty())
      out += "        COMPREPLY=($(compgen -W " + quoted(joined(verb_words(*command))) + " -- \"$cur\"))\n";
    if (!command->options.positionals().name.empty()) {
      out += "        compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -f -- \"$cur\"))\n";
    }
    out += "        :\n      fi ;;\n";
  }
  return out + "  esac\n";
}

std::string bash_script(const Command& root) {
  const std::string function = identifier(root.name);
  return "# bash completion for " + root.name + "\n" + function + "() {\n" + bash_path(root) + bash_siblings(root) +
         bash_wrapped(root) + bash_values(root) + bash_words(root) + "}\ncomplete -F " + function + " " + root.name +
         "\n";
}

// In _arguments, brackets end a description and colons separate.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

void zsh_function(std::string& out, const Command& command) {
  const std::string function = identifier(command.path);
  out += function + "() {\n";
  if (!command.verbs.empty()) {
    out += "  local -a verbs=(\n";
    for (const Command& verb : command.verbs) out += "    " + quoted(zsh_text(verb.word) + ":" + verb.summary) + "\n";
    for (const std::string& word : command.siblings)
      out += "    " + quoted(word + ":the tool " + command.name + "-" + word) + "\n";
    out += "  )\n  if (( CURRENT > 2 )); then\n    case $words[2] in\n";
    for (const Command& verb : command.verbs) {
      out += "      " + verb.word + ") shift words; (( CURRENT-- )); " + identifier(verb.path) + "; return ;;\n";
    }
    if (!command.siblings.empty()) {
      out += "      " + joined(command.siblings, "|") + ") words[2]=" + command.name +
             "-$words[2]; shift words; (( CURRENT-- )); _normal; return ;;\n";
    }
    out += "    esac\n  elif [[ $PREFIX != -* ]]; then\n    _describe verb verbs\n  fi\n";
  }
  out += "  _arguments -s -S";
  for (const Option& option : command.options.options()) {
    std::string spec = option.repeatable ? "*" : "";
    spec += option.name;
    if (!option.value_name.empty()) spec += "=";
    spec += "[" + zsh_text(option.help) + "]";
    if (!option.value_name.empty()) {
      spec += ":" + zsh_text(option.value_name) + ":";
      if (!words_of(option).empty()) {
        spec += "(" + joined(words_of(option)) + ")";
      } else if (option.completion == Completion::file) {
        spec += "_files";
      } else if (option.completion == Completion::folder) {
        spec += "_files -/";
      }
    }
    out += " \\\n    " + quoted(spec);
  }
  if (command.takes_command) {
    out += " \\\n    '*::command:_normal'";
  } else if (!command.options.positionals().name.empty()) {
    out += " \\\n    '*:" + zsh_text(command.options.positionals().name) + ":_files'";
  }
  out += "\n}\n";
  for (const Command& verb : command.verbs) zsh_function(out, verb);
}

std::string zsh_script(const Command& root) {
  const std::string function = identifier(root.name);
  std::string out = "#compdef " + root.name + "\n";
  zsh_function(out, root);
  // The file is either autoloaded as the function itself, or read by `source`.
  return out + "if [[ $funcstack[1] == " + function + " ]]; then\n  " + function + " \"$@\"\nelse\n  compdef " +
         function + " " + root.name + "\nfi\n";
}

void fish_lines(std::string& out, const Command& root, const Command& command, const std::vector<std::string>& above) {
  std::string condition;
  if (!above.empty()) condition = "__fish_seen_subcommand_from " + above.back();
  const std::vector<std::string> below = verb_words(command);
  if (!below.empty())
    condition += (condition.empty() ? "" : "; and ") + ("not __fish_seen_subcommand_from " + joined(below));
  const std::string head = "complete -c " + root.name + (condition.empty() ? "" : " -n " + quoted(condition, true));
  for (const Command& verb : command.verbs)
    out += head + " -f -a " + verb.word + " -d " + quoted(verb.summary, true) + "\n";
  for (const Option& option : command.options.options()) {
    out += head + " -l " + option.name.substr(2) + " -d " + quoted(option.help, true);
    if (!option.value_name.empty()) {
      if (!words_of(option).empty()) {
        out += " -x -a " + quoted(joined(words_of(option)), true);
      } else if (option.completion == Completion::folder) {
        out += " -x -a '(__fish_complete_directories)'";
      } else {
        out += option.completion == Completion::file ? " -r -F" : " -x";
      }
    }
    out += "\n";
  }
  if (!command.siblings.empty()) {
    const std::string function = "__" + root.name + "_sibling";
    out += "function " + function + "\n  set -l words (commandline -opc)\n  complete -C \"" + root.name +
           "-$words[2..-1] \"(commandline -ct)\nend\n";
    for (const std::string& word : command.siblings) {
      out += head + " -f -a " + word + " -d " + quoted("The tool " + root.name + "-" + word, true) + "\n";
      out += "complete -c " + root.name + " -n '__fish_seen_subcommand_from " + word + "' -f -a '(" + function + ")'\n";
    }
  }
  for (const Command& verb : command.verbs) {
    std::vector<std::string> path = above;
    path.push_back(verb.word);
    fish_lines(out, root, verb, path);
  }
}

std::string fish_script(const Command& root) {
  std::string out = "# fish completion for " + root.name + "\n";
  fish_lines(out, root, root, {});
  return out;
}

}  // namespace

const std::vector<std::string>& completion_shells() {
  static const std::vector<std::string> shells = {"bash", "zsh", "fish"};
  return shells;
}

std::string completion_script(const Command& command, std::string_view shell) {
  if (shell == "bash") return bash_script(command);
  if (shell == "zsh") return zsh_script(command);
  if (shell == "fish") return fish_script(command);
  return {};
}

}  // namespace launchgate::cli
