#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/cli/tool.hpp"
#include "lib/io/command.hpp"
#include "lib/signing/keys.hpp"
#include "lib/validator/outputs.hpp"
#include "record/evidence_target.hpp"

namespace launchgate::record {

class RunVerb final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate-record run"; }
  std::string summary() const override {
    return "Runs a command, keeps its log and records what happened as evidence; its exit status is the command's.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;
  std::vector<cli::NamedFile> reads_besides(cli::Process& process, const cli::NamedFiles& named) override {
    return validator::configured_files(process, named);
  }

  // Where log and report go: names that nothing else has.
  struct Places {
    std::string log;
    std::string report;
  };

 private:
  struct Prepared {
    std::unique_ptr<Setting> setting;
    Subject subject;
    std::optional<EvidenceTarget> target;  // none: only a report is written
    std::string folder;                    // of the log
    std::optional<std::int64_t> timeout_ms;
    std::optional<signing::PrivateKey> key;  // none: the run is not signed
  };
  struct Kept {
    RunEntry run;
    Places places;
  };
  base::Result<Prepared> prepare(cli::Process& process) const;
  base::Result<void> prepare_outputs(cli::Process& process, Prepared& ready) const;
  base::Result<Kept> keep(cli::Process& process, const Prepared& ready, const io::CommandOutcome& outcome) const;
  static base::Result<void> sign(cli::Process& process, const Prepared& ready, const Kept& kept,
                                 const std::string& report_path, const std::string& report);
  base::Result<void> add_to_record(cli::Process& process, const Prepared& ready, const Kept& kept) const;

  EvidenceOptions options_;
  std::optional<std::string> timeout_;
  std::optional<std::string> log_folder_;
  std::optional<std::string> report_;
  std::optional<std::string> tier_;
  std::optional<std::string> sign_key_;
  std::vector<std::string> command_;
};

}  // namespace launchgate::record
