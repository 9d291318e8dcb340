#include "lib/suite/commands.hpp"

#include <algorithm>
#include <array>

#include "lib/base/ascii.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"

namespace launchgate::suite {
namespace {

constexpr std::array<std::string_view, 4> package_managers = {"npm", "pnpm", "yarn", "bun"};

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
  return parts;
}

bool is_name(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return base::is_alnum(c) || c == '_' || c == '-' || c == '.' || c == '/' || c == ':' || c == '%';
  });
}

void add(CommandSource& source, std::string_view name) {
  if (std::find(source.names.begin(), source.names.end(), name) == source.names.end()) source.names.emplace_back(name);
}

// Calls `use` with each line that begins at its left edge and is no comment.
template <typename Use>
void each_head(std::string_view text, const Use& use) {
  for (const std::string_view line : split(text, "\r\n")) {
    if (line.front() != ' ' && line.front() != '\t' && line.front() != '#') use(line);
  }
}

const CommandSource* source_for(const std::vector<CommandSource>& sources, std::string_view program) {
  const auto same = [&](const CommandSource& one) { return one.program == program; };
  const auto found = std::find_if(sources.begin(), sources.end(), same);
  return found == sources.end() ? nullptr : &*found;
}

// The first word after the program that is neither an option nor a value of a variable.
std::string_view target_of(const std::vector<std::string_view>& words, std::size_t from) {
  for (std::size_t i = from; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "-C" || word == "-f" || word == "--directory" || word == "--file" || word == "--dir" || word == "-d" ||
        word == "--prefix" || word == "-w")
      return {};  // of another place
    if (!word.starts_with('-') && word.find('=') == std::string_view::npos) return word;
  }
  return {};
}

CommandSource package_scripts(std::string file, const std::string& text) {
  CommandSource source{"npm", std::move(file), "package script", {}};
  const auto document = document::JsonDocument::parse_keeping_duplicates(source.file, text);
  const auto scripts = document ? document->root().find("scripts") : std::nullopt;
  if (scripts) {
    for (const auto member : scripts->members()) add(source, member.name());
  }
  return source;
}

}  // namespace

CommandSource make_targets(std::string file, std::string_view text) {
  CommandSource source{"make", std::move(file), "target", {}};
  each_head(text, [&](std::string_view line) {
    if (line.starts_with("include") || line.starts_with("-include") || line.starts_with("sinclude"))
      source.whole = false;
    const std::size_t colon = line.find(':');
    const std::size_t equals = line.find('=');
    if (colon == std::string_view::npos || equals < colon || equals == colon + 1) return;
    for (const std::string_view name : split(line.substr(0, colon), " \t")) {
      if (name.find_first_of("%$(") != std::string_view::npos) {
        source.whole = false;
      } else if (is_name(name) && !name.starts_with('.')) {
        add(source, name);
      }
    }
  });
  return source;
}

CommandSource just_recipes(std::string file, std::string_view text) {
  CommandSource source{"just", std::move(file), "recipe", {}};
  each_head(text, [&](std::string_view line) {
    if (line.starts_with("import") || line.starts_with("mod ")) source.whole = false;
    if (line.starts_with('@')) line.remove_prefix(1);
    const std::size_t colon = line.find(':');
    const auto words = split(line.substr(0, colon), " \t");
    if (words.size() == 2 && words[0] == "alias") return add(source, words[1]);
    if (colon == std::string_view::npos || words.empty() || line.substr(colon).starts_with(":=")) return;
    if (is_name(words[0])) add(source, words[0]);
  });
  return source;
}

CommandSource taskfile_tasks(std::string file, std::string_view text) {
  CommandSource source{"task", std::move(file), "task", {}};
  bool inside = false;
  std::size_t indent = 0;
  for (const std::string_view line : split(text, "\r\n")) {
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos || line[begin] == '#') continue;
    if (begin == 0) {
      inside = line.starts_with("tasks:");
      if (line.starts_with("includes:")) source.whole = false;
      indent = 0;
      continue;
    }
    if (!inside) continue;
    if (indent == 0) indent = begin;
    std::size_t colon = line.find(": ", begin);
    if (colon == std::string_view::npos && line.ends_with(':')) colon = line.size() - 1;
    if (begin != indent || colon == std::string_view::npos) continue;
    std::string_view name = line.substr(begin, colon - begin);
    if (name.size() > 1 && (name.front() == '"' || name.front() == '\'')) name = name.substr(1, name.size() - 2);
    if (name.find('*') != std::string_view::npos) source.whole = false;
    if (is_name(name)) add(source, name);
  }
  return source;
}

Commands Commands::read(const Workspace& workspace) {
  Commands commands(workspace);
  struct Known {
    std::string_view file;
    CommandSource (*read)(std::string, std::string_view);
  };
  // In the order in which the programs look; the first of each counts.
  static constexpr std::array<Known, 9> known = {{{"GNUmakefile", make_targets},
                                                  {"makefile", make_targets},
                                                  {"Makefile", make_targets},
                                                  {"justfile", just_recipes},
                                                  {"Justfile", just_recipes},
                                                  {".justfile", just_recipes},
                                                  {"Taskfile.yml", taskfile_tasks},
                                                  {"Taskfile.yaml", taskfile_tasks},
                                                  {"taskfile.yml", taskfile_tasks}}};
  for (const Known& one : known) {
    const auto text = workspace.read_source(std::string(one.file));
    if (!text) continue;
    CommandSource source = one.read(std::string(one.file), text->text());
    if (source_for(commands.sources_, source.program) == nullptr) commands.sources_.push_back(std::move(source));
  }
  std::string package = "package.json";
  for (const DocumentBinding& binding : workspace.bindings({"package-scripts"})) package = binding.path;
  if (const auto text = workspace.read_source(package))
    commands.sources_.push_back(package_scripts(package, std::string(text->text())));
  return commands;
}

std::optional<Commands::Problem> Commands::problem(std::string_view command) const {
  std::vector<std::string_view> words = split(command, " \t");
  // Variables before the program: `A=b make x`.
  while (!words.empty() && words[0].find('=') != std::string_view::npos && !words[0].starts_with('-'))
    words.erase(words.begin());
  if (words.empty()) return Problem{"names no command", "write it as people type it"};
  std::string_view program = words[0];
  if (program.starts_with("./")) {
    const std::string path(program.substr(2));
    if (workspace_->path_status(path) == io::Access::file) return std::nullopt;
    return Problem{"\"" + base::printable(program) + "\" does not exist",
                   base::did_you_mean(path, workspace_->siblings(path))};
  }
  std::size_t from = 1;
  const bool package = std::find(package_managers.begin(), package_managers.end(), program) != package_managers.end();
  if (package) {
    const bool run = words.size() > 1 && (words[1] == "run" || words[1] == "run-script");
    if (run) {
      from = 2;
    } else if (program == "npm" && !(words.size() > 1 && (words[1] == "test" || words[1] == "start"))) {
      return std::nullopt;
    }
    program = "npm";
  }
  const std::string_view target = target_of(words, from);
  const CommandSource* const source = source_for(sources_, program);
  if (source == nullptr) {
    const bool runner = program == "make" || program == "just" || program == "task" || package;
    if (!runner || target.empty()) return std::nullopt;
    return Problem{"nothing here defines \"" + base::printable(target) + "\" for " + std::string(words[0]),
                   "commit the file that defines it, or name another command"};
  }
  if (target.empty() || std::find(source->names.begin(), source->names.end(), target) != source->names.end())
    return std::nullopt;
  if (target.find('{') != std::string_view::npos) return std::nullopt;  // a part that varies
  std::string help = base::did_you_mean(target, source->names);
  if (help.empty() && !source->whole) return std::nullopt;
  // `pnpm exec`, `yarn dlx`: a program's own words.
  if (help.empty() && package && from == 1) return std::nullopt;
  return Problem{source->file + " has no " + source->what + " \"" + base::printable(target) + "\"", std::move(help)};
}

}  // namespace launchgate::suite
