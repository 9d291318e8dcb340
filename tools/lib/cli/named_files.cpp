#include "lib/cli/named_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/utf8.hpp"
#include "lib/io/same_file.hpp"

namespace launchgate::cli {
namespace {

// What follows the name of a NAME=FILE value.
std::string behind_name(const std::string& value) {
  const std::size_t equals = value.find('=');
  return equals == std::string::npos ? std::string() : value.substr(equals + 1);
}

class Scan {
 public:
  Scan(const OptionSet& set, const Environment& environment) : set_(set), environment_(environment) {}

  NamedFiles run(const std::vector<std::string>& arguments) {
    for (std::size_t at = 0; at < arguments.size(); ++at) {
      const std::string& word = arguments[at];
      if (word == "--") {
        if (set_.command() != nullptr && at > 0) break;
        continue;
      }
      const std::size_t equals = word.find('=');
      bool by_name = false;
      const Option* const option = find(word.substr(0, equals), by_name);
      if (option == nullptr) {
        // A wrong option's value may well be a file that is to be kept.
        if (!word.starts_with("--")) found_.inputs.push_back({"an argument", word});
        if (word.starts_with("--") && equals != std::string::npos)
          found_.inputs.push_back({"an argument", word.substr(equals + 1)});
      } else if (!option->value_name.empty()) {
        const bool follows = equals == std::string::npos && at + 1 < arguments.size();
        if (equals != std::string::npos || follows) {
          const std::string value = follows ? arguments[++at] : word.substr(equals + 1);
          take(*option, option->spelled_by_name && !by_name ? behind_name(value) : value);
        }
      }
    }
    for (const Option& option : set_.options()) {
      if (std::find(given_.begin(), given_.end(), &option) != given_.end()) continue;
      for (const std::string& variable : option.environment) {
        const auto value = environment_(variable);
        if (value) take(option, *value);
        if (value) break;
      }
    }
    return std::move(found_);
  }

 private:
  const Option* find(const std::string& name, bool& by_name) const {
    for (const Option& option : set_.options()) {
      if (option.name == name) return &option;
    }
    for (const Option& option : set_.options()) {
      by_name = option.spelled_by_name && name.starts_with("--") && name.ends_with(option.name.substr(1));
      if (by_name) return &option;
    }
    return nullptr;
  }

  void take(const Option& option, const std::string& value) {
    given_.push_back(&option);
    const std::string path = option.writes == Writes::format ? behind_name(value) : value;
    if (path.empty()) return;
    if (option.writes != Writes::nothing) {
      found_.outputs.push_back({{option.name, path}, option.writes != Writes::file, option.may_replace});
    } else if (option.completion == Completion::file) {
      found_.inputs.push_back({option.name, path});
    } else if (option.completion == Completion::folder) {
      found_.folders.push_back({option.name, path});
    }
  }

  const OptionSet& set_;
  const Environment& environment_;
  NamedFiles found_;
  std::vector<const Option*> given_;
};

// Devices and what stands for open files are nobody's verdict, and are never removed.
bool is_device(const io::FileSystem& disk, const std::string& path) {
  return path.starts_with("/dev/") || path.starts_with("/proc/") || io::is_special(disk.status(path).kind);
}

base::Error clash(const NamedFile& output, const std::string& other) {
  return usage(fmt::format("{}: {} is {}, which would be lost", output.role, base::printable(output.path), other),
               "write to another file");
}

}  // namespace

std::optional<std::string> NamedFiles::of(std::string_view option) const {
  std::optional<std::string> path;
  for (const auto* list : {&inputs, &folders}) {
    for (const NamedFile& one : *list) {
      if (one.role == option) path = one.path;
    }
  }
  return path;
}

NamedFiles named_files(const OptionSet& set, const std::vector<std::string>& arguments,
                       const Environment& environment) {
  return Scan(set, environment).run(arguments);
}

base::Result<void> settle_outputs(io::FileSystem& disk, const NamedFiles& named,
                                  const std::vector<NamedFile>& read_besides) {
  for (std::size_t i = 0; i < named.outputs.size(); ++i) {
    const NamedFiles::Output& output = named.outputs[i];
    if (is_device(disk, output.file.path)) continue;
    for (const auto* list : {&named.inputs, &read_besides}) {
      for (const NamedFile& input : *list) {
        const bool allowed =
            std::find(output.may_replace.begin(), output.may_replace.end(), input.role) != output.may_replace.end();
        if (!allowed && io::same_file(disk, output.file.path, input.path))
          return clash(output.file, list == &named.inputs
                                        ? fmt::format("also {} {}", input.role, base::printable(input.path))
                                        : input.role);
      }
    }
    for (std::size_t other = 0; other < i; ++other) {
      if (io::same_file(disk, output.file.path, named.outputs[other].file.path))
        return clash(output.file, fmt::format("also written by {}", named.outputs[other].file.role));
    }
  }
  for (const NamedFiles::Output& output : named.outputs) {
    const std::string& path = output.file.path;
    if (!output.verdict || is_device(disk, path) || disk.status(path).kind == io::FileKind::missing) continue;
    // A link stays, with nothing behind it to read.
    const bool is_link = disk.link_status(path).kind == io::FileKind::symlink;
    if (auto removed = is_link ? disk.write(path, "") : disk.remove(path); !removed) return removed;
  }
  return {};
}

}  // namespace launchgate::cli
