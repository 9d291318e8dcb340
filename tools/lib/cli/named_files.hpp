#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/cli/options.hpp"
#include "lib/io/file_system.hpp"

// The files that a command line names, known before anything is done, also where the command line is wrong.
namespace launchgate::cli {

struct NamedFile {
  std::string role;  // the option, or what the file is
  std::string path;
};

struct NamedFiles {
  struct Output {
    NamedFile file;
    bool verdict = false;                  // of this run alone: an old one is removed
    std::vector<std::string> may_replace;  // roles
  };
  std::vector<Output> outputs;
  std::vector<NamedFile> inputs;
  std::vector<NamedFile> folders;

  // The path that an option names last.
  std::optional<std::string> of(std::string_view option) const;
};

NamedFiles named_files(const OptionSet& set, const std::vector<std::string>& arguments, const Environment& environment);

// Refuses outputs that are inputs, by path, link or inode, or one file, and touches nothing then; else removes the
// verdicts of earlier runs, so that whatever happens from here on leaves none behind. Devices are left alone.
base::Result<void> settle_outputs(io::FileSystem& disk, const NamedFiles& named,
                                  const std::vector<NamedFile>& read_besides);

}  // namespace launchgate::cli
