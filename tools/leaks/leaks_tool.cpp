#include "leaks/leaks_tool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <iterator>
#include <mutex>
#include <numeric>
#include <tuple>
#include <utility>

#include "leaks/gitleaks_config.hpp"
#include "leaks/walk.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/io/git.hpp"
#include "lib/io/glob.hpp"
#include "lib/io/path.hpp"
#include "lib/rules/pack.hpp"
#include "lib/validator/validator_tool.hpp"

namespace launchgate::leaks {
namespace {

using cli::usage;

constexpr std::uint64_t largest_baseline = 64UL * 1024 * 1024;
constexpr std::size_t default_threads = 2;
constexpr std::string_view standard_input = "<stdin>";

finding::Finding own_finding(std::size_t rule, std::string file, std::string message) {
  const finding::RuleInfo info = own_rules()[rule];
  finding::Finding finding;
  finding.rule_id = info.id;
  finding.severity = info.severity;
  finding.file = std::move(file);
  finding.message = std::move(message);
  finding.help = info.help;
  return finding;
}

// Whether `path` is one of `roots`, or lies below one; "" is everything.
bool is_below(const std::vector<std::string>& roots, const std::string& path) {
  return std::any_of(roots.begin(), roots.end(), [&](const std::string& root) {
    return root.empty() || path == root ||
           (path.size() > root.size() && path.starts_with(root) && path[root.size()] == '/');
  });
}

}  // namespace

void LeaksTool::describe(cli::OptionSet& options) {
  common_.describe(options);
  options.flag("--staged", staged_, "Scan what the index has and HEAD has not: the staged content, not the files.");
  options.text("--diff", "REV[..REV]", diff_,
               "Scan the lines that the second revision (HEAD by default) adds to the first.");
  options.flag("--history", history_, "Scan every blob that any reference reaches, once.");
  options.text("--history-range", "RANGE", history_range_, "Scan every blob that the commits of a range reach, once.");
  options.flag("--no-ignore", no_ignore_, "Scan what .gitignore and .launchgateignore name, too.");
  options.flag("--force-exclude", force_exclude_,
               "Leave out what the configuration excludes even where it is named, as hooks name files.");
  options.flag("--public-safe", public_safe_, "Apply the packs for public-safe documents to every file.");
  options.list("--pack", "NAME", packs_, "Rule packs in place of those that the configuration names.");
  options
      .text("--gitleaks-config", "FILE", gitleaks_config_,
            "Rules of a .gitleaks.toml; the packs apply too where it extends the default.")
      .completion = cli::Completion::file;
  options
      .text("--baseline", "FILE", baseline_,
            "Known findings, which do not fail the run; entries without a finding are reported.")
      .completion = cli::Completion::file;
  options.text("--write-baseline", "FILE", write_baseline_, "Write all findings of this run to FILE as known.")
      .completion = cli::Completion::file;
  options.integer("--threads", "N", threads_, 1, "Threads that scan; 2 by default, at most one per processor.");
}

base::Result<void> LeaksTool::check_usage() const {
  const int modes = (staged_ ? 1 : 0) + (diff_ ? 1 : 0) + (history_ || history_range_ ? 1 : 0);
  if (modes > 1) return usage("--staged, --diff and --history exclude each other", "run them one after another");
  if (diff_ && diff_->empty()) return usage("--diff: the revision is empty");
  return {};
}

base::Result<std::unique_ptr<LeaksTool::Books>> LeaksTool::load_rules(suite::Workspace& workspace,
                                                                      const io::FileSystem& disk) const {
  const suite::LeakSettings& settings = workspace.configuration().leaks;
  std::vector<secrets::SecretRule> more;
  bool with_packs = true;
  std::vector<std::string> disabled;
  if (gitleaks_config_) {
    auto config = read_gitleaks_config(*gitleaks_config_, disk);
    if (!config) return std::move(config).error();
    with_packs = config->extends_default;
    disabled = std::move(config->disabled);
    more = std::move(config->rules);
  }
  const auto load = [&](const std::vector<std::string>& names,
                        std::vector<rules::SharedPack>& packs) -> base::Result<void> {
    for (const std::string& pack_name : names) {
      auto pack = workspace.resources().pack(pack_name);
      if (!pack) return std::move(pack).error();
      if (disabled.empty()) {
        packs.push_back(std::move(*pack));
      } else {
        packs.push_back(std::make_shared<const rules::Pack>((*pack)->without(disabled)));
      }
    }
    return {};
  };
  std::vector<rules::SharedPack> packs;
  if (with_packs) {
    if (auto done = load(packs_.empty() ? settings.packs : packs_, packs); !done) return std::move(done).error();
  }
  auto books = std::make_unique<Books>();
  const auto& bindings = workspace.configuration().documents;
  const bool needed = public_safe_ || std::any_of(bindings.begin(), bindings.end(),
                                                  [](const auto& binding) { return binding.public_safe; });
  if (with_packs && needed && packs_.empty() && !settings.public_safe_packs.empty()) {
    books->public_packs = packs;
    books->shared = packs.size();
    if (auto done = load(settings.public_safe_packs, books->public_packs); !done) return std::move(done).error();
    if (public_safe_) packs = std::exchange(books->public_packs, {});
  }
  books->everywhere = std::make_shared<const secrets::Rulebook>(std::move(packs), more);
  books->more = std::move(more);
  return books;
}

std::shared_ptr<const secrets::Rulebook> LeaksTool::Books::public_safe() {
  if (public_packs.empty()) return everywhere;
  std::call_once(once_, [&] { public_ = std::make_shared<const secrets::Rulebook>(public_packs, more); });
  return public_;
}

finding::RuleList LeaksTool::Books::list() {
  finding::RuleList list = own_rules();
  list.add(everywhere->list());
  for (std::size_t i = shared; i < public_packs.size(); ++i) list.add(public_packs[i]->list());
  return list.sorted();
}

bool LeaksTool::reads_git() const { return staged_ || diff_ || history_ || history_range_; }

base::Result<std::vector<io::GitFile>> LeaksTool::git_files(const std::string& root) const {
  const io::Git git(root);
  if (staged_) return git.staged();
  if (!diff_) return git.history(history_range_.value_or(""));
  const std::size_t dots = diff_->find("..");
  const std::string to = dots == std::string::npos || dots + 2 == diff_->size() ? "HEAD" : diff_->substr(dots + 2);
  return git.changed(diff_->substr(0, dots), to);
}

base::Result<void> LeaksTool::produce_git(suite::Workspace& workspace, base::Result<std::vector<io::GitFile>> files,
                                          Supply& supply) const {
  if (!files) return std::move(files).error();
  std::vector<std::string> wanted;
  for (const std::string& path : common_.paths) {
    const std::string relative = workspace.to_root_relative(path);
    wanted.push_back(relative == "." ? "" : relative);
  }
  if (wanted.empty()) wanted.emplace_back();
  std::vector<std::string> include = workspace.configuration().leaks.include;
  const std::vector<std::string>& exclude = workspace.configuration().leaks.exclude;
  const auto matches = [](const std::vector<std::string>& globs, const std::string& path) {
    return std::any_of(globs.begin(), globs.end(),
                       [&](const std::string& glob) { return glob == "**" || io::glob_match(glob, path); });
  };
  for (io::GitFile& file : *files) {
    if (!is_below(wanted, file.path)) continue;
    if (matches(exclude, file.path) || !matches(include, file.path)) {
      supply.report({file.path, file.path, {}, {}, {"excluded by the configuration"}, std::nullopt});
      continue;
    }
    if (file.object.empty()) {
      supply.report({file.path, file.path, {}, {}, {}, std::nullopt, true});
      continue;
    }
    Target target;
    target.kind = Target::Kind::blob;
    target.shown = file.path;
    // A path is a name that was added only where the file is new.
    if (!diff_ || !file.before) target.name = file.path;
    target.object = std::move(file.object);
    if (diff_) target.before = std::move(file.before);
    target.blob_is_link = file.link;
    supply.target(std::move(target));
  }
  return {};
}

base::Result<void> LeaksTool::produce_paths(suite::Workspace& workspace, Supply& supply,
                                            std::vector<std::string>& roots) const {
  WalkSettings settings;
  settings.root = workspace.root();
  settings.ignore_files = !no_ignore_;
  settings.include = workspace.configuration().leaks.include;
  settings.exclude = workspace.configuration().leaks.exclude;
  const io::FileSystem& disk = workspace.disk();
  Walk walk(settings, {supply.target,
                       [&](const std::string& shown, const std::string& reason) {
                         supply.report({shown, shown, {}, {}, {reason}, std::nullopt});
                       },
                       [&](const std::string& shown, base::Error error) {
                         supply.report({shown.empty() ? "." : shown, shown, {}, {}, {}, std::move(error)});
                       }});
  std::vector<std::string> paths = common_.paths;
  if (paths.empty()) paths.push_back(workspace.root());
  bool asked_git = false;
  for (const std::string& path : paths) {
    if (path == "-") {
      Target target;
      target.kind = Target::Kind::standard_input;
      target.shown = standard_input;
      supply.target(std::move(target));
      continue;
    }
    std::string shown = workspace.to_root_relative(path);
    if (shown == ".") shown.clear();
    const bool inside = shown.empty() || shown.front() != '/';
    roots.push_back(shown);
    io::FileStatus status = disk.link_status(path);
    if (status.kind == io::FileKind::missing) {
      return base::Error{base::ErrorCategory::input, path, {}, "does not exist", "name a file or folder that does"};
    }
    // Who names a link means what it leads to, and its text is scanned as well. A hook names what git tracks: the text
    // alone.
    const bool followed = status.kind == io::FileKind::symlink && !force_exclude_;
    if (followed) {
      status = disk.status(path);
      if (status.kind != io::FileKind::other) {
        Target link;
        link.kind = Target::Kind::link;
        link.disk = path;
        link.shown = shown;
        supply.target(std::move(link));
      }
    }
    if (status.kind == io::FileKind::directory) {
      if (inside && settings.ignore_files && !asked_git &&
          disk.link_status(io::join(workspace.root(), ".git")).kind != io::FileKind::missing) {
        asked_git = true;
        if (const auto tracked = io::Git(workspace.root()).tracked_but_ignored())
          settings.keep = {tracked->begin(), tracked->end()};
      }
      walk.run(path, shown, inside);
      continue;
    }
    if (force_exclude_ && inside) {
      const auto matches = [&](const std::vector<std::string>& globs) {
        return std::any_of(globs.begin(), globs.end(),
                           [&](const std::string& glob) { return glob == "**" || io::glob_match(glob, shown); });
      };
      if (matches(settings.exclude) || !matches(settings.include)) {
        supply.report({shown, shown, {}, {}, {"excluded by the configuration"}, std::nullopt});
        continue;
      }
    }
    Target target;
    target.kind = status.kind == io::FileKind::symlink ? Target::Kind::link : Target::Kind::file;
    target.disk = path;
    target.follow = followed;
    target.name = std::string(io::file_name(path));
    target.shown = shown;
    supply.target(target);
  }
  return {};
}

base::Result<report::Report> LeaksTool::make_report(suite::Workspace& workspace, cli::Process& process, Books& books,
                                                    RunOutcome outcome, const std::optional<Baseline>& baseline) const {
  report::Report report;
  report.tool = name();
  report.version = cli::version();
  report.fail_on = common_.fail_severity();
  report.documents = outcome.documents;
  report.rules = books.list();

  Baseline next;
  std::set<BaselineEntry> matched;
  const auto& allowances = workspace.configuration().leaks.allow;
  std::vector<bool> used(allowances.size());
  for (Scanned& scanned : outcome.scanned) {
    for (std::string& reason : scanned.skipped) report.skipped.push_back({scanned.shown, std::move(reason)});
    if (scanned.error) {
      report.unreadable_input = true;
      report.findings.push_back(own_finding(2, scanned.shown, scanned.error->message));
    }
    for (secrets::Leak& leak : scanned.leaks) {
      finding::Finding& finding = leak.finding;
      bool allowed = false;
      for (std::size_t i = 0; i < allowances.size(); ++i) {
        const suite::LeakAllowance& allowance = allowances[i];
        if (allowance.rule != finding.rule_id || allowance.path != scanned.path) continue;
        if (allowance.pointer && *allowance.pointer != finding.json_pointer) continue;
        allowed = used[i] = true;
      }
      if (allowed) continue;
      const BaselineEntry entry{finding.rule_id, base::printable(scanned.shown), leak.digest, {}};
      if (write_baseline_) next.entries.insert(entry);
      if (baseline && baseline->entries.contains(entry)) {
        matched.insert(entry);
        finding.status = finding::Status::baselined;
      } else if (write_baseline_) {
        finding.status = finding::Status::baselined;
      }
      report.findings.push_back(std::move(finding));
    }
    for (const secrets::Allow& allow : scanned.allows) {
      if (allow.problem.empty() && allow.used) continue;
      finding::Finding finding =
          own_finding(0, scanned.shown,
                      allow.problem.empty() ? "the allowance of " + allow.rule + " matches no finding"
                                            : "the allowance " + allow.problem);
      finding.span = allow.span;
      report.findings.push_back(std::move(finding));
    }
  }
  const auto was_scanned = [&](const std::string& path) {
    return std::binary_search(outcome.paths.begin(), outcome.paths.end(), path);
  };
  for (std::size_t i = 0; i < allowances.size(); ++i) {
    if (used[i] || diff_ || !was_scanned(allowances[i].path)) continue;
    report.findings.push_back(
        own_finding(0, workspace.configuration().path,
                    "the allowance of " + allowances[i].rule + " in " + allowances[i].path + " matches no finding"));
  }
  if (baseline && !write_baseline_ && !diff_ && !history_ && !history_range_) {
    for (const BaselineEntry& entry : baseline->entries) {
      const bool gone = !staged_ && common_.paths.empty() &&
                        workspace.disk().link_status(workspace.on_disk(entry.path)).kind == io::FileKind::missing;
      if (matched.contains(entry) || !(gone || was_scanned(entry.path))) continue;
      finding::Finding finding =
          own_finding(1, workspace.to_root_relative(baseline->path),
                      "the entry for " + entry.rule + " in " + entry.path + " matches nothing any more");
      finding.span = entry.span;
      report.findings.push_back(std::move(finding));
    }
  }
  if (write_baseline_) {
    next.salt = baseline->salt;
    if (const auto written = process.disk.write(*write_baseline_, write_baseline(next)); !written)
      return base::Error(written.error());
  }
  finding::sort_findings(report.findings);
  finding::assign_fingerprints(report.findings);
  return report;
}

LeaksTool::GitAhead LeaksTool::start_git(const std::string& root) const {
  GitAhead ahead;
  if (!reads_git()) return ahead;
  ahead.blobs = std::async(std::launch::async, [root] { return io::BlobStream::open(root); });
  ahead.changed = std::async(std::launch::async, [this, root] { return git_files(root); });
  return ahead;
}

base::Result<report::Report> LeaksTool::run_scan(cli::Process& process, suite::Workspace& workspace, Books& books,
                                                 GitAhead& ahead, std::uint64_t& bytes) const {
  std::optional<Baseline> baseline;
  std::optional<std::string> baseline_path = baseline_;
  if (!baseline_path && workspace.configuration().leaks.baseline)
    baseline_path = workspace.on_disk(*workspace.configuration().leaks.baseline);
  if (write_baseline_) {
    if (const auto writable = process.disk.check_writable(*write_baseline_); !writable)
      return base::Error(writable.error());
    // The key is kept, so that entries stay as they are.
    if (!baseline_path && process.disk.status(*write_baseline_).kind == io::FileKind::regular)
      baseline_path = write_baseline_;
  }
  if (baseline_path) {
    auto text = process.disk.read(*baseline_path, largest_baseline);
    if (!text) return std::move(text).error();
    auto read = read_baseline(*baseline_path, std::move(*text));
    if (!read) return std::move(read).error();
    baseline = std::move(*read);
  } else if (write_baseline_) {
    auto salt = random_salt();
    if (!salt) return std::move(salt).error();
    baseline = Baseline{*write_baseline_, std::move(*salt), {}};
  }

  RunSettings settings;
  settings.rules = books.everywhere;
  settings.public_rules = [&] { return books.public_safe(); };
  if (!books.public_packs.empty()) {
    for (const suite::DocumentBinding& binding : workspace.bindings({})) {
      if (binding.public_safe) settings.public_safe.insert(binding.path);
    }
  }
  if (baseline) settings.salt = baseline->salt;
  settings.most_bytes = workspace.configuration().leaks.max_file_bytes;
  std::mutex first_stream;
  settings.open_blobs = [&] {
    const std::lock_guard lock(first_stream);
    return ahead.blobs.valid() ? ahead.blobs.get() : io::BlobStream::open(workspace.root());
  };
  settings.threads = std::min(threads_ ? static_cast<std::size_t>(*threads_) : default_threads, base::processors());

  std::vector<std::string> roots;
  auto outcome = scan_all(settings, [&](Supply& supply) {
    return ahead.changed.valid() ? produce_git(workspace, ahead.changed.get(), supply)
                                 : produce_paths(workspace, supply, roots);
  });
  if (!outcome) return std::move(outcome).error();
  bytes = outcome->bytes;
  return make_report(workspace, process, books, std::move(*outcome), baseline);
}

base::Result<report::Report> LeaksTool::scan(cli::Process& process, suite::Workspace& workspace,
                                             const validator::CommonOptions& common, bool staged) {
  LeaksTool tool;
  tool.common_ = common;
  tool.staged_ = staged;
  tool.force_exclude_ = true;
  GitAhead ahead = tool.start_git(workspace.root());
  auto books = tool.load_rules(workspace, process.disk);
  if (!books) return std::move(books).error();
  std::uint64_t bytes = 0;
  return tool.run_scan(process, workspace, **books, ahead, bytes);
}

cli::ExitCode LeaksTool::run(cli::Process& process) {
  const auto started = std::chrono::steady_clock::now();
  if (const auto usable = check_usage(); !usable) return cli::fail(process, name(), usable.error());
  const auto targets = validator::output_targets(common_.formats, process.disk);
  if (!targets) return cli::fail(process, name(), targets.error());
  const auto opened = common_.open_workspace(process);
  if (!opened) return cli::fail(process, name(), opened.error());
  suite::Workspace& workspace = **opened;
  GitAhead ahead;
  if (!common_.question) ahead = start_git(workspace.root());
  auto books = load_rules(workspace, process.disk);
  if (!books) return cli::fail(process, name(), books.error());

  if (common_.question) return validator::answer(process, name(), common_.question, (*books)->list().read());
  std::uint64_t bytes = 0;
  auto report = run_scan(process, workspace, **books, ahead, bytes);
  if (!report) return cli::fail(process, name(), report.error());
  if (const auto waived = validator::waive(workspace, *report, common_); !waived)
    return cli::fail(process, name(), waived.error());
  const auto elapsed =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  return validator::deliver(process, *report, *targets, common_,
                            fmt::format("{:.1f} MB, {} ms", static_cast<double>(bytes) / 1e6, elapsed.count()));
}

}  // namespace launchgate::leaks
