#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "leaks/baseline.hpp"
#include "leaks/scan.hpp"
#include "leaks/scan_targets.hpp"
#include "lib/base/result.hpp"
#include "lib/secrets/leak.hpp"

namespace launchgate::leaks {

// What is known of a repository's private values: what the configuration allows, and a baseline to compare with or to
// write. Makes findings of what a scan yielded.
class Known {
 public:
  static base::Result<Known> load(const ScanRequest& request, suite::Workspace& workspace, io::FileSystem& disk);

  // What digests are made with; empty: none are needed.
  std::string salt() const { return baseline_ ? key_.salt : std::string(); }

  // Adds findings and what was skipped, and writes the baseline that was asked for.
  base::Result<void> judge(RunOutcome run, suite::CheckOutcome& checked);

 private:
  Known(const ScanRequest& request, suite::Workspace& workspace, io::FileSystem& disk);
  base::Result<std::optional<std::string>> baseline_path() const;
  base::Result<void> take_key();
  void add(Scanned scanned, suite::CheckOutcome& checked);
  bool is_allowed(const finding::Finding& finding, const std::string& path);
  finding::Status status_of(BaselineEntry entry);
  void add_idle_allowances(const std::vector<std::string>& scanned, suite::CheckOutcome& checked) const;
  void add_stale_entries(const std::vector<std::string>& scanned, suite::CheckOutcome& checked) const;

  const ScanRequest& request_;
  suite::Workspace& workspace_;
  io::FileSystem& disk_;
  std::optional<Baseline> baseline_;
  BaselineKey key_;
  std::set<BaselineEntry> found_;  // this run
  std::vector<bool> used_;         // per allowance of the configuration
};

}  // namespace launchgate::leaks
