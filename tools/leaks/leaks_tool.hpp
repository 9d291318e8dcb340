#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "leaks/scan.hpp"
#include "lib/cli/tool.hpp"
#include "lib/validator/outputs.hpp"

namespace launchgate::leaks {

class LeaksTool final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate-leaks"; }
  std::string summary() const override {
    return "Searches files, standard input (-), staged changes or the history for keys, tokens, passwords and other "
           "private values.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;
  std::vector<cli::NamedFile> reads_besides(cli::Process& process, const cli::NamedFiles& named) override {
    std::vector<std::string> outputs;
    for (const cli::NamedFiles::Output& output : named.outputs) outputs.push_back(output.file.path);
    validator::confine_to_outputs(process, {}, outputs);
    return validator::configured_files(process, named);
  }

 private:
  ScanRequest request() const;

  validator::CommonOptions common_;
  ScanRequest options_;
  bool no_ignore_ = false;
  std::optional<std::int64_t> threads_;
};

}  // namespace launchgate::leaks
