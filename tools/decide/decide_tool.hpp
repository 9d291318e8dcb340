#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "decide/formats.hpp"
#include "decide/input_reader.hpp"
#include "decide/render.hpp"
#include "lib/cli/tool.hpp"
#include "lib/judgement/timeline.hpp"

namespace launchgate::decide {

struct DecideOptions {
  std::optional<std::string> profile;
  InputFiles files;
  std::optional<std::string> findings_template;
  std::vector<std::string> evidence_keys;
  std::optional<std::string> decision;
  std::optional<std::string> markdown;
  std::optional<std::string> html;
  std::vector<std::string> formats;
  bool strict = false;
  std::optional<std::string> root;
  std::optional<std::string> config;
  std::optional<std::string> now;
};

class DecideTool final : public cli::Tool {
 public:
  // `recompute` is what the load engine makes of a timeline.
  explicit DecideTool(judgement::Recompute recompute) : recompute_(std::move(recompute)) {}

  std::string name() const override { return "launchgate-decide"; }
  std::string summary() const override {
    return "Decides go, conditional-go or no-go from load, soak and quota reports, smoke results, the filled report "
           "and the findings.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;
  std::vector<cli::NamedFile> reads_besides(cli::Process& process, const cli::NamedFiles& named) override;

 private:
  struct Ground;

  base::Result<cli::ExitCode> decide(cli::Process& process) const;
  base::Result<void> check_outputs(const io::FileSystem& disk) const;
  base::Result<std::vector<attestation::NamedKey>> evidence_keys(const cli::Process& process,
                                                                 const suite::Workspace& workspace) const;
  base::Result<std::unique_ptr<Ground>> open_ground(cli::Process& process) const;
  base::Result<cli::ExitCode> write_template(cli::Process& process, const Ground& ground) const;
  base::Result<Inputs> chosen_inputs(const Ground& ground) const;
  static base::Result<bool> waive_checks(const Ground& ground, Inputs& inputs, Record& record,
                                         std::vector<std::string>& unusable);
  static Verdict judge(const Ground& ground, const Inputs& inputs, const std::vector<std::string>& unusable);
  base::Result<cli::ExitCode> write(cli::Process& process, const Ground& ground, const Verdict& verdict,
                                    const Record& record, const std::vector<Output>& outputs) const;

  judgement::Recompute recompute_;
  DecideOptions options_;
};

}  // namespace launchgate::decide
