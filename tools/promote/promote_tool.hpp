#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/cli/tool.hpp"
#include "lib/suite/check.hpp"
#include "lib/validator/outputs.hpp"
#include "promote/promotion_run.hpp"

namespace launchgate::promote {

struct PromoteOptions {
  std::optional<std::string> tier;
  std::optional<std::string> manifest;
  std::optional<std::string> commit;
  std::vector<std::string> image_files;  // NAME=FILE
  std::optional<std::string> max_age;
  std::optional<std::string> evidence_root;
  std::vector<std::string> evidence_keys;
  std::optional<std::string> decision;
  std::optional<std::string> html;
  std::optional<std::string> sign;
  std::optional<std::string> verify;
  std::optional<std::string> key;
};

class PromoteTool final : public cli::Tool {
 public:
  // `recompute` is the load engine's.
  explicit PromoteTool(judgement::Recompute recompute) : recompute_(std::move(recompute)) {}

  std::string name() const override { return "launchgate-promote"; }
  std::string summary() const override {
    return "Decides whether this build may be promoted to a tier, and says why not.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;
  std::vector<cli::NamedFile> reads_besides(cli::Process& process, const cli::NamedFiles& named) override;

 private:
  struct Publication;

  base::Result<cli::ExitCode> promote(cli::Process& process);
  base::Result<std::vector<finding::RuleInfo>> applied_rules(suite::Workspace& workspace) const;
  base::Result<RunSettings> run_settings(const cli::Process& process, const suite::Workspace& workspace,
                                         const evidence::Policy& policy);
  base::Result<evidence::Rung> chosen_rung(const evidence::Policy& policy) const;
  report::Report make_report(PromotionRun& promotion, const Decision& decision) const;
  base::Result<cli::ExitCode> publish(cli::Process& process, const Publication& what) const;

  judgement::Recompute recompute_;
  PromoteOptions options_;
  validator::CommonOptions common_;
};

}  // namespace launchgate::promote
