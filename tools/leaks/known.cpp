#include "leaks/known.hpp"

#include <algorithm>
#include <utility>

#include "leaks/leaks_rules.hpp"
#include "lib/base/utf8.hpp"

namespace launchgate::leaks {
namespace {

constexpr std::uint64_t largest_baseline = 64UL * 1024 * 1024;

bool contains(const std::vector<std::string>& sorted, const std::string& path) {
  return std::binary_search(sorted.begin(), sorted.end(), path);
}

}  // namespace

Known::Known(const ScanRequest& request, suite::Workspace& workspace, io::FileSystem& disk)
    : request_(request), workspace_(workspace), disk_(disk), used_(workspace.configuration().leaks.allow.size()) {}

// None: there is none yet.
base::Result<std::optional<std::string>> Known::baseline_path() const {
  std::optional<std::string> path = request_.baseline;
  const auto& configured = workspace_.configuration().leaks.baseline;
  if (!path && configured) {
    const io::Access access = workspace_.path_status(*configured);
    const bool to_be_written = request_.write_baseline && access == io::Access::missing;
    if (access != io::Access::file && !to_be_written)
      return base::Error{base::ErrorCategory::input,
                         *configured,
                         {},
                         "the baseline " + io::describe(access),
                         "write it with --write-baseline, or correct leaks.baseline in the configuration"};
    if (!to_be_written) path = workspace_.on_disk(*configured);
  }
  if (!request_.write_baseline) return path;
  if (const auto writable = disk_.check_writable(*request_.write_baseline); !writable) return writable.error();
  // The salt is kept, so that entries stay as they are.
  if (!path && disk_.status(*request_.write_baseline).kind == io::FileKind::regular) path = request_.write_baseline;
  return path;
}

base::Result<Known> Known::load(const ScanRequest& request, suite::Workspace& workspace, io::FileSystem& disk) {
  Known known(request, workspace, disk);
  const auto path = known.baseline_path();
  if (!path) return path.error();
  if (*path) {
    auto text = disk.read(**path, largest_baseline);
    if (!text) return text.error();
    auto read = read_baseline(**path, std::move(*text));
    if (!read) return read.error();
    known.baseline_ = std::move(*read);
  } else if (request.write_baseline) {
    auto salt = random_salt();
    if (!salt) return salt.error();
    known.baseline_ = Baseline{*request.write_baseline, std::move(*salt), "", {}};
  }
  if (auto taken = known.take_key(); !taken) return taken.error();
  return known;
}

base::Result<void> Known::take_key() {
  if (!baseline_) return {};
  std::string key;
  if (request_.baseline_key_file) {
    auto read = read_key_file(*request_.baseline_key_file, disk_);
    if (!read) return read.error();
    key = std::move(*read);
  }
  key_ = combine(key, baseline_->salt);
  // One that is written anew takes the key that it is given.
  if (key_.check == baseline_->check || (baseline_->entries.empty() && request_.write_baseline)) return {};
  const bool needs = !baseline_->check.empty();
  return base::Error{base::ErrorCategory::input,
                     baseline_->path,
                     {},
                     !needs        ? "was written without a key"
                     : key.empty() ? "needs its key"
                                   : "was written with another key",
                     needs
                         ? "give --baseline-key-file FILE, or LAUNCHGATE_BASELINE_KEY_FILE"
                         : "leave --baseline-key-file out, or remove the file and write it anew with --write-baseline"};
}

bool Known::is_allowed(const finding::Finding& finding, const std::string& path) {
  const auto& allowances = workspace_.configuration().leaks.allow;
  bool allowed = false;
  for (std::size_t i = 0; i < allowances.size(); ++i) {
    if (!suite::allows(allowances[i], finding, path)) continue;
    allowed = used_[i] = true;
  }
  return allowed;
}

finding::Status Known::status_of(BaselineEntry entry) {
  const bool known = baseline_ && baseline_->entries.contains(entry);
  if (known || request_.write_baseline) found_.insert(std::move(entry));
  return known || request_.write_baseline ? finding::Status::baselined : finding::Status::open;
}

void Known::add(Scanned scanned, suite::CheckOutcome& checked) {
  for (std::string& reason : scanned.skipped) checked.skipped.push_back({scanned.shown, std::move(reason)});
  if (scanned.error) {
    checked.unreadable = true;
    checked.findings.push_back(own_finding(OwnRule::unreadable, scanned.shown, scanned.error->message));
  }
  checked.more.add(scanned.more);
  for (secrets::Leak& leak : scanned.leaks) {
    if (is_allowed(leak.finding, scanned.path)) {
      checked.allowed.push_back({leak.finding.rule_id, scanned.shown, 0});
      continue;
    }
    leak.finding.status = status_of({leak.finding.rule_id, base::printable(scanned.shown), leak.digest, {}});
    checked.findings.push_back(std::move(leak.finding));
  }
  for (const secrets::Allow& allow : scanned.allows) {
    if (allow.problem.empty() && allow.used) {
      checked.allowed.push_back({allow.rule, scanned.shown, allow.span.begin.line});
      continue;
    }
    checked.findings.push_back(own_finding(OwnRule::allow, scanned.shown,
                                           allow.problem.empty()
                                               ? "the allowance of " + allow.rule + " matches no finding"
                                               : "the allowance " + allow.problem));
    checked.findings.back().span = allow.span;
  }
}

void Known::add_idle_allowances(const std::vector<std::string>& scanned, suite::CheckOutcome& checked) const {
  const auto& allowances = workspace_.configuration().leaks.allow;
  for (std::size_t i = 0; i < allowances.size(); ++i) {
    if (used_[i] || !contains(scanned, allowances[i].path)) continue;
    checked.findings.push_back(
        own_finding(OwnRule::allow, workspace_.configuration().path,
                    "the allowance of " + allowances[i].rule + " in " + allowances[i].path + " matches no finding"));
  }
}

void Known::add_stale_entries(const std::vector<std::string>& scanned, suite::CheckOutcome& checked) const {
  const bool all_files = !request_.staged && request_.paths.empty();
  for (const BaselineEntry& entry : baseline_->entries) {
    if (found_.contains(entry)) continue;
    const bool gone =
        all_files && workspace_.disk().link_status(workspace_.on_disk(entry.path)).kind == io::FileKind::missing;
    if (!gone && !contains(scanned, entry.path)) continue;
    checked.findings.push_back(
        own_finding(OwnRule::baseline_stale, workspace_.to_root_relative(baseline_->path),
                    "the entry for " + entry.rule + " in " + entry.path + " matches nothing any more"));
    checked.findings.back().span = entry.span;
  }
}

base::Result<void> Known::judge(RunOutcome run, suite::CheckOutcome& checked) {
  for (Scanned& scanned : run.scanned) add(std::move(scanned), checked);
  // Lines that were added say nothing of the rest of a file, nor do blobs of the history of files as they are.
  if (!request_.diff) add_idle_allowances(run.paths, checked);
  const bool files = !request_.diff && !request_.history && !request_.history_range;
  if (baseline_ && !request_.write_baseline && files) add_stale_entries(run.paths, checked);
  if (!request_.write_baseline) return {};
  const Baseline next{*request_.write_baseline, baseline_->salt, key_.check, std::move(found_)};
  if (const auto written = disk_.write(*request_.write_baseline, write_baseline(next)); !written)
    return written.error();
  return {};
}

}  // namespace launchgate::leaks
