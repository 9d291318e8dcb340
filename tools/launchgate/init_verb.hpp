#pragma once

#include <optional>
#include <string>
#include <vector>

#include "launchgate/product_files.hpp"
#include "launchgate/survey.hpp"
#include "lib/cli/tool.hpp"
#include "lib/io/git.hpp"
#include "lib/validator/common_options.hpp"

namespace launchgate::suite_tool {

// Writes launchgate.json by looking at what the repository has, the first files of a product of one's own, or a hook
// that checks before each commit. Never overwrites a file, and asks nothing.
class InitVerb final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate init"; }
  std::string summary() const override {
    return "Writes launchgate.json by looking at what the repository has, the files of a product of your own, or a git "
           "hook; "
           "overwrites nothing.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

 private:
  base::Result<void> check_hook_folder(const io::FileSystem& disk, const io::Git& git, const std::string& hook) const;
  cli::ExitCode write_hook(cli::Process& process) const;
  cli::ExitCode write_product(cli::Process& process, const suite::Workspace& workspace, const Survey& seen);
  base::Result<Product> product(cli::Process& process, const suite::Workspace& workspace, const Survey& seen) const;
  base::Result<void> ignore_outputs(cli::Process& process, const std::string& root) const;
  void tell(cli::Process& process, const Survey& seen) const;

  validator::CommonOptions common_;
  bool git_hook_ = false;
  std::optional<std::string> tiers_;
  std::optional<std::string> items_;
  std::optional<std::string> openapi_;
};

}  // namespace launchgate::suite_tool
