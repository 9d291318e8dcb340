#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/io/file_system.hpp"
#include "lib/suite/check.hpp"
#include "lib/suite/leak_rules.hpp"
#include "lib/suite/workspace.hpp"

// The scan for private values, for every tool that runs it.
namespace launchgate::leaks {

inline constexpr std::size_t default_threads = 2;
inline constexpr std::string_view baseline_key_variable = "LAUNCHGATE_BASELINE_KEY_FILE";

// What is searched, by which rules, and what is known already.
struct ScanRequest {
  std::vector<std::string> paths;  // as on the command line, "-" for standard input; none: all of the root
  // At most one of these; without any, files are searched.
  bool staged = false;                        // what the index has and HEAD has not
  std::optional<std::string> diff;            // REV[..REV]: lines that were added
  bool history = false;                       // every blob that a reference reaches
  std::optional<std::string> history_range;   // or that the commits of a range reach
  bool allow_shallow = false;                 // a history that is cut off may pass
  std::optional<std::string> commit_message;  // a file with the message of the next commit

  bool ignore_files = true;
  bool force_exclude = false;  // what the configuration excludes stays out even where it is named

  bool public_safe = false;        // the packs for public-safe documents apply to every file
  std::vector<std::string> packs;  // in place of those of the configuration
  std::optional<std::string> gitleaks_config;

  std::optional<std::string> baseline;
  std::optional<std::string> write_baseline;
  std::optional<std::string> baseline_key_file;
  std::size_t threads = default_threads;  // at most one per processor

  bool reads_history() const { return history || history_range; }
  bool reads_git() const { return staged || diff || reads_history(); }
};

// A `usage` error for what excludes each other.
base::Result<void> check_request(const ScanRequest& request);

// The rules of a request; where it asks for none of its own, those of the workspace.
base::Result<std::shared_ptr<const suite::LeakRules>> rules_of(const ScanRequest& request, suite::Workspace& workspace,
                                                               const io::FileSystem& disk);
// And those that the scan itself applies.
finding::RuleList list_rules(const suite::LeakRules& rules);

struct ScanOutcome {
  std::shared_ptr<const suite::LeakRules> rules;  // that were applied
  suite::CheckOutcome checked;
  std::uint64_t bytes = 0;
};

// Errors are of the configuration, of git, or of a path that does not exist; a file that cannot be read is a finding.
base::Result<ScanOutcome> scan(const ScanRequest& request, suite::Workspace& workspace, io::FileSystem& disk);

}  // namespace launchgate::leaks
