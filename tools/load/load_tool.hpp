#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/cli/tool.hpp"
#include "lib/signing/keys.hpp"
#include "lib/suite/workspace.hpp"
#include "lib/validator/outputs.hpp"
#include "load/core/catalogue.hpp"
#include "load/options.hpp"

namespace launchgate::load {

// launchgate-load. Its options depend on the operation catalogue, which settle_options() reads.
class LoadTool final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate-load"; }
  std::string summary() const override {
    return "Turns a target profile into measured evidence: writes the plan, runs the load gate or the soak gate, and "
           "reports.";
  }
  void describe(cli::OptionSet& options) override;
  base::Result<void> settle_options(cli::Process& process) override;
  cli::ExitCode run(cli::Process& process) override;
  std::vector<cli::NamedFile> reads_besides(cli::Process& process, const cli::NamedFiles& named) override {
    return validator::configured_files(process, named);
  }

 private:
  base::Result<Catalogue> read_catalogue(const io::FileSystem& disk);
  base::Result<Profile> read_profile(const io::FileSystem& disk) const;
  base::Result<std::vector<validator::Target>> format_files(const io::FileSystem& disk) const;
  base::Result<std::optional<signing::PrivateKey>> signing_key(const io::FileSystem& disk) const;
  base::Result<void> choose_tokens();
  base::Result<void> choose_segment(const cli::Process& process, Settings& settings) const;
  base::Result<std::optional<std::int64_t>> start_at() const;
  base::Result<void> look_at_clear_tokens(cli::Process& process, const Settings& settings) const;
  base::Result<void> clean_urls(cli::Process& process, Settings& settings) const;
  void warn_of_visible_tokens(cli::Process& process) const;

  Options options_;
  std::unique_ptr<suite::Workspace> workspace_;
  std::optional<Catalogue> catalogue_;  // the built-in one until settle_options() has read another
  std::string prefix_;                  // of environment variables
};

}  // namespace launchgate::load
