#include "leaks/scan.hpp"

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

#include "leaks/gitleaks_config.hpp"
#include "leaks/known.hpp"
#include "leaks/leaks_rules.hpp"
#include "leaks/scan_targets.hpp"
#include "leaks/sources.hpp"
#include "lib/base/parallel.hpp"
#include "lib/cli/options.hpp"
#include "lib/io/blob_stream.hpp"
#include "lib/io/git.hpp"

namespace launchgate::leaks {
namespace {

using cli::usage;

// What a scan of git needs beside the rules. Git takes as long as they do.
struct Prepared {
  std::optional<base::Result<std::shared_ptr<const suite::LeakRules>>> rules;
  std::optional<base::Result<std::vector<io::GitFile>>> files;
  std::optional<base::Result<io::BlobStream>> blobs;
};

Prepared prepare(const ScanRequest& request, suite::Workspace& workspace, const io::FileSystem& disk) {
  Prepared prepared;
  base::TaskQueue tasks(3);  // two of them wait for git more than they compute
  if (request.reads_git()) {
    tasks.add([&] { prepared.blobs.emplace(io::BlobStream::open(workspace.root())); });
    tasks.add([&] { prepared.files.emplace(list_git(request, workspace.root())); });
  }
  tasks.add([&] { prepared.rules.emplace(rules_of(request, workspace, disk)); });
  tasks.run();
  return prepared;
}

// Paths of public-safe documents, where other rules apply to them than to all.
std::set<std::string> public_safe_paths(const suite::Workspace& workspace, const suite::LeakRules& rules) {
  std::set<std::string> paths;
  if (rules.everywhere >= rules.book->packs()) return paths;
  for (const suite::DocumentBinding& binding : workspace.bindings({})) {
    if (binding.public_safe) paths.insert(binding.path);
  }
  return paths;
}

}  // namespace

base::Result<void> check_request(const ScanRequest& request) {
  const int modes = (request.staged ? 1 : 0) + (request.diff ? 1 : 0) + (request.reads_history() ? 1 : 0) +
                    (request.commit_message ? 1 : 0);
  if (modes > 1)
    return usage("--staged, --diff, --history and --commit-msg exclude each other", "run them one after another");
  if (request.allow_shallow && !request.reads_history())
    return usage("--allow-shallow: only a history is shallow", "give it with --history or --history-range");
  if (request.diff && request.diff->empty()) return usage("--diff: the revision is empty");
  return {};
}

base::Result<std::shared_ptr<const suite::LeakRules>> rules_of(const ScanRequest& request, suite::Workspace& workspace,
                                                               const io::FileSystem& disk) {
  if (!request.public_safe && request.packs.empty() && !request.gitleaks_config) return workspace.leak_rules();
  suite::LeakRuleChoice choice = suite::configured_leak_rules(workspace.configuration());
  if (request.public_safe) {
    const auto& stricter = workspace.configuration().leaks.public_safe_packs;
    choice.packs.insert(choice.packs.end(), stricter.begin(), stricter.end());
    choice.public_packs.clear();
  }
  if (!request.packs.empty()) {
    choice.packs = request.packs;
    choice.public_packs.clear();
  }
  if (request.gitleaks_config) {
    auto config = read_gitleaks_config(*request.gitleaks_config, disk, workspace.root());
    if (!config) return config.error();
    if (!config->extends_default) choice = {};
    choice.disabled = std::move(config->disabled);
    choice.more = std::move(config->rules);
  }
  return suite::load_leak_rules(workspace.resources(), std::move(choice));
}

finding::RuleList list_rules(const suite::LeakRules& rules) {
  finding::RuleList list = own_rules();
  list.add(rules.book->list());
  return list.sorted();
}

base::Result<ScanOutcome> scan(const ScanRequest& request, suite::Workspace& workspace, io::FileSystem& disk) {
  Prepared prepared = prepare(request, workspace, disk);
  if (!*prepared.rules) return std::move(*prepared.rules).error();
  const suite::LeakRules& rules = ***prepared.rules;
  auto known = Known::load(request, workspace, disk);
  if (!known) return known.error();

  RunSettings settings;
  settings.rules = rules;
  settings.public_safe = public_safe_paths(workspace, rules);
  settings.salt = known->salt();
  // A baseline and allowances are about each leak, and a diff about those of its lines.
  const bool all = request.diff || !settings.salt.empty() || !workspace.configuration().leaks.allow.empty();
  settings.most = all ? 0 : secrets::most_of_a_file;
  settings.most_bytes = workspace.configuration().leaks.max_file_bytes;
  std::mutex first_stream;
  settings.open_blobs = [&]() -> base::Result<io::BlobStream> {
    const std::lock_guard lock(first_stream);
    if (auto first = std::exchange(prepared.blobs, std::nullopt)) return std::move(*first);
    return io::BlobStream::open(workspace.root());
  };
  settings.threads = std::min(request.threads, base::processors());
  auto run = scan_targets(settings, [&](Supply& supply) -> base::Result<void> {
    if (request.commit_message) return supply_message(request, workspace, supply);
    if (!prepared.files) return supply_paths(request, workspace, supply);
    if (!*prepared.files) return std::move(*prepared.files).error();
    supply_git(request, workspace, std::move(**prepared.files), supply);
    if (request.reads_history()) return supply_texts(request, workspace, supply);
    return {};
  });
  if (!run) return run.error();

  ScanOutcome outcome;
  outcome.rules = **prepared.rules;
  outcome.bytes = run->bytes;
  outcome.checked.documents = run->documents;
  outcome.checked.rules = list_rules(rules);
  if (auto done = known->judge(std::move(*run), outcome.checked); !done) return done.error();
  return outcome;
}

}  // namespace launchgate::leaks
