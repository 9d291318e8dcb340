#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/cli/tool.hpp"
#include "lib/suite/check.hpp"
#include "lib/validator/common_options.hpp"
#include "promote/promotion_run.hpp"

namespace launchgate::promote {

struct PromoteOptions {
  std::optional<std::string> tier;
  std::optional<std::string> manifest;
  std::optional<std::string> commit;
  std::vector<std::string> image_files;  // NAME=FILE
  std::optional<std::string> max_age;
  std::optional<std::string> evidence_root;
  std::optional<std::string> decision;
  std::optional<std::string> sign;
  std::optional<std::string> verify;
  std::optional<std::string> key;
};

class PromoteTool final : public cli::Tool {
 public:
  // `documents` holds the checks of the tools for the documents that a promotion rests on.
  PromoteTool(LintStage lint, suite::Validator documents) : lint_(std::move(lint)), documents_(std::move(documents)) {}

  std::string name() const override { return "launchgate-promote"; }
  std::string summary() const override {
    return "Decides whether this build may be promoted to a tier, and says why not.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

 private:
  LintStage lint_;
  suite::Validator documents_;
  PromoteOptions options_;
  validator::CommonOptions common_;
};

}  // namespace launchgate::promote
