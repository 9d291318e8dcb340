#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "leaks/baseline.hpp"
#include "leaks/scan_run.hpp"
#include "lib/cli/tool.hpp"
#include "lib/io/git.hpp"
#include "lib/report/report.hpp"
#include "lib/suite/workspace.hpp"
#include "lib/validator/outputs.hpp"

namespace launchgate::leaks {

// Searches files, the index, changes or the whole history for private values.
class LeaksTool final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate-leaks"; }
  std::string summary() const override {
    return "Searches files, standard input (-), staged changes or the history for keys, tokens, passwords and other "
           "private values.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

  // The scan alone, as `--staged`, or of `paths` (none: the whole tree) with what the configuration excludes left out.
  static base::Result<report::Report> scan(cli::Process& process, suite::Workspace& workspace,
                                           const validator::CommonOptions& common, bool staged);

 private:
  // The rules for every file, and those for files that are marked public-safe, which are seldom needed.
  class Books {
   public:
    std::shared_ptr<const secrets::Rulebook> everywhere;
    std::vector<rules::SharedPack> public_packs;  // all that apply; empty when they are the same
    std::size_t shared = 0;                       // so many of them, the first, apply everywhere
    std::vector<secrets::SecretRule> more;

    std::shared_ptr<const secrets::Rulebook> public_safe();
    finding::RuleList list();

   private:
    std::once_flag once_;
    std::shared_ptr<const secrets::Rulebook> public_;
  };
  base::Result<void> check_usage() const;
  // Git needs as long as the rules do: it starts beside them.
  struct GitAhead {
    std::future<base::Result<std::vector<io::GitFile>>> changed;
    std::future<base::Result<io::BlobStream>> blobs;
  };
  GitAhead start_git(const std::string& root) const;
  base::Result<report::Report> run_scan(cli::Process& process, suite::Workspace& workspace, Books& books,
                                        GitAhead& ahead, std::uint64_t& bytes) const;
  base::Result<std::unique_ptr<Books>> load_rules(suite::Workspace& workspace, const io::FileSystem& disk) const;
  bool reads_git() const;
  base::Result<std::vector<io::GitFile>> git_files(const std::string& root) const;
  base::Result<void> produce_git(suite::Workspace& workspace, base::Result<std::vector<io::GitFile>> files,
                                 Supply& supply) const;
  base::Result<void> produce_paths(suite::Workspace& workspace, Supply& supply, std::vector<std::string>& roots) const;
  base::Result<report::Report> make_report(suite::Workspace& workspace, cli::Process& process, Books& books,
                                           RunOutcome outcome, const std::optional<Baseline>& baseline) const;

  validator::CommonOptions common_;
  bool staged_ = false;
  std::optional<std::string> diff_;
  bool history_ = false;
  std::optional<std::string> history_range_;
  bool no_ignore_ = false;
  bool force_exclude_ = false;
  bool public_safe_ = false;
  std::optional<std::string> baseline_;
  std::optional<std::string> write_baseline_;
  std::optional<std::string> gitleaks_config_;
  std::vector<std::string> packs_;
  std::optional<std::int64_t> threads_;
};

// Rules that the tool applies besides the packs.
std::vector<finding::RuleInfo> own_rules();

}  // namespace launchgate::leaks
