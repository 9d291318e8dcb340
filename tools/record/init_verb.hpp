#pragma once

#include <optional>
#include <string>

#include "lib/cli/tool.hpp"

namespace launchgate::record {

class InitVerb final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate-record init"; }
  std::string summary() const override {
    return "Copies the committed template into a private record for a tier; never overwrites.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

 private:
  std::optional<std::string> tier_;
  std::optional<std::string> output_;
  std::optional<std::string> owner_;
  std::optional<std::string> root_;
  std::optional<std::string> config_;
};

}  // namespace launchgate::record
