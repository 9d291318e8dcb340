#include "leaks/scan_targets.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <memory>
#include <mutex>
#include <tuple>
#include <utility>

#include "lib/base/parallel.hpp"

namespace launchgate::leaks {
namespace {

constexpr std::size_t batch_size = 32;
constexpr std::size_t most_waiting = 256;  // batches, so that a walk does not run far ahead

class Run {
 public:
  explicit Run(const RunSettings& settings) : settings_(settings), tasks_(std::max<std::size_t>(settings.threads, 1)) {}

  base::Result<void> run(const std::function<base::Result<void>(Supply&)>& produce) {
    base::Result<void> produced;
    tasks_.add([&] {
      Supply supply{[this](Target target) { add(std::move(target)); },
                    [this](Scanned scanned) { reported_.emplace_back(number_++, std::move(scanned)); },
                    [this] { ++unchanged_; }};
      produced = produce(supply);
      share_out_rest();
    });
    tasks_.run();
    return produced;
  }

  base::Result<RunOutcome> outcome() {
    RunOutcome all;
    all.documents = unchanged_;
    std::vector<NumberedScanned> entries = std::move(reported_);
    for (const auto& scanner : scanners_) {
      if (scanner->failure()) return *scanner->failure();
      TargetScanner::Yield& part = scanner->yield();
      std::move(part.scanned.begin(), part.scanned.end(), std::back_inserter(entries));
      std::move(part.paths.begin(), part.paths.end(), std::back_inserter(all.paths));
      all.documents += part.paths.size();
      all.bytes += part.bytes;
    }
    std::sort(entries.begin(), entries.end(), [](const NumberedScanned& a, const NumberedScanned& b) {
      return std::tie(a.second.path, a.first) < std::tie(b.second.path, b.first);
    });
    for (auto& [number, scanned] : entries) all.scanned.push_back(std::move(scanned));
    std::sort(all.paths.begin(), all.paths.end());
    return all;
  }

 private:
  using Batch = std::vector<NumberedTarget>;

  void add(Target target) {
    batch_.emplace_back(number_++, std::move(target));
    if (batch_.size() == batch_size) give(std::exchange(batch_, {}));
  }

  // The last targets are shared out one by one, since a few of them may be large. What is left for the thread that
  // found them is scanned at once: another thread would cost as much as a small file.
  void share_out_rest() {
    for (std::size_t i = 0; i + 1 < batch_.size(); ++i) {
      Batch alone;
      alone.push_back(std::move(batch_[i]));
      give(std::move(alone));
    }
    if (!batch_.empty()) scan({std::move(batch_.back())});
  }

  void give(Batch batch) {
    if (waiting_ >= most_waiting) return scan(batch);
    ++waiting_;
    tasks_.add([this, batch = std::move(batch)] {
      --waiting_;
      scan(batch);
    });
  }

  void scan(const Batch& batch) {
    TargetScanner& scanner = take();
    for (const auto& [number, target] : batch) scanner.scan(number, target);
    const std::lock_guard lock(mutex_);
    idle_.push_back(&scanner);
  }

  TargetScanner& take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) {
      scanners_.push_back(std::make_unique<TargetScanner>(settings_));
      return *scanners_.back();
    }
    TargetScanner& scanner = *idle_.back();
    idle_.pop_back();
    return scanner;
  }

  const RunSettings& settings_;
  base::TaskQueue tasks_;
  std::atomic<std::size_t> waiting_ = 0;
  // Of the task that produces:
  std::uint64_t number_ = 0;
  Batch batch_;
  std::vector<NumberedScanned> reported_;
  std::size_t unchanged_ = 0;
  // One scanner for each task that runs:
  std::mutex mutex_;
  std::vector<std::unique_ptr<TargetScanner>> scanners_;
  std::vector<TargetScanner*> idle_;
};

}  // namespace

void Supply::skip(const std::string& shown, std::string reason) {
  Scanned scanned;
  scanned.shown = scanned.path = shown;
  scanned.skipped.push_back(std::move(reason));
  report(std::move(scanned));
}

base::Result<RunOutcome> scan_targets(const RunSettings& settings,
                                      const std::function<base::Result<void>(Supply&)>& produce) {
  Run run(settings);
  if (auto produced = run.run(produce); !produced) return produced.error();
  return run.outcome();
}

}  // namespace launchgate::leaks
