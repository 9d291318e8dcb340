#include "leaks/scan_run.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "lib/base/parallel.hpp"
#include "lib/io/file_stream.hpp"
#include "lib/io/git.hpp"
#include "lib/io/path.hpp"
#include "lib/secrets/text_encoding.hpp"

namespace launchgate::leaks {
namespace {

constexpr std::size_t batch_size = 32;
constexpr std::size_t most_waiting = 256;  // batches

struct Numbered {
  std::uint64_t number = 0;
  Target target;
};

// Batches from one producer to several consumers, bounded, so that a walk does not run far ahead.
class Queue {
 public:
  void push(std::vector<Numbered> batch) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.size() < most_waiting || abandoned_; });
    if (abandoned_) return;
    waiting_.push_back(std::move(batch));
    lock.unlock();
    changed_.notify_all();
  }
  // Called by the producer when it has become a consumer: nothing more will come.
  void close() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  void abandon() {
    const std::scoped_lock lock(mutex_);
    abandoned_ = closed_ = true;
    waiting_.clear();
    changed_.notify_all();
  }
  bool pop(std::vector<Numbered>& batch, bool wait = true) {
    std::unique_lock lock(mutex_);
    if (wait) changed_.wait(lock, [&] { return !waiting_.empty() || closed_; });
    if (waiting_.empty()) return false;
    batch = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    changed_.notify_all();
    return true;
  }
  bool full() {
    const std::scoped_lock lock(mutex_);
    return waiting_.size() >= most_waiting;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<Numbered>> waiting_;
  bool closed_ = false;
  bool abandoned_ = false;
};

base::Result<std::string> read_text(secrets::Reader& reader) {
  std::string text;
  std::array<char, 65536> some;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (true) {
    auto got = reader.read(some.data(), some.size());
    if (!got) return got.error();
    if (*got == 0) return text;
    text.append(some.data(), *got);
  }
}

// Lines as the scanner counts them, whatever the encoding.
base::Result<std::string> as_text(std::string bytes) {
  const secrets::TextKind kind = secrets::sniff(std::string_view(bytes).substr(0, 8192));
  if (kind == secrets::TextKind::utf8_mark) return bytes.substr(3);
  if (kind != secrets::TextKind::utf16_big && kind != secrets::TextKind::utf16_little) return bytes;
  secrets::MemoryReader none("");
  const auto converted = secrets::read_utf16(std::move(bytes), none, kind == secrets::TextKind::utf16_big);
  return read_text(*converted);
}

// Which lines of `after` are more often there than in `before`; from 1.
std::vector<bool> added_lines(std::string_view before, std::string_view after) {
  std::unordered_map<std::string_view, std::size_t> known;
  const auto each_line = [](std::string_view text, const auto& visit) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      visit(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  };
  each_line(before, [&](std::string_view line) { ++known[line]; });
  std::vector<bool> added = {false};
  each_line(after, [&](std::string_view line) {
    const auto found = known.find(line);
    const bool old = found != known.end() && found->second > 0;
    if (old) --found->second;
    added.push_back(!old);
  });
  return added;
}

class Worker {
 public:
  explicit Worker(const RunSettings& settings)
      : settings_(settings), scanner_(*settings.rules, scan_settings(settings)) {}

  void scan(Numbered& numbered) {
    if (failure_) return;
    Target& target = numbered.target;
    const bool public_safe = settings_.public_safe.contains(target.shown);
    if (public_safe && !public_scanner_) {
      public_rules_ = settings_.public_rules();
      public_scanner_.emplace(*public_rules_, scan_settings(settings_));
    }
    secrets::TextScanner& scanner = public_safe ? *public_scanner_ : scanner_;
    Scanned out;
    out.path = target.shown;
    out.shown = target.shown;
    if (!target.name.empty()) {
      std::string masked;
      auto leaks = scanner.scan_name(target.name, target.shown, "the name of the file", masked);
      if (!leaks) return fail(leaks.error());
      if (!leaks->empty()) {
        out.shown = target.shown.substr(0, target.shown.size() - target.name.size()) + masked;
        for (secrets::Leak& leak : *leaks) leak.finding.file = out.shown;
        out.leaks = std::move(*leaks);
      }
    }
    if (target.kind == Target::Kind::file || target.kind == Target::Kind::blob) {
      auto leaks = scanner.scan_path(target.shown, out.shown);
      if (!leaks) return fail(leaks.error());
      out.leaks.insert(out.leaks.end(), std::make_move_iterator(leaks->begin()), std::make_move_iterator(leaks->end()));
    }
    const bool scanned = content(target, scanner, out);
    if (scanned) {
      ++outcome_.documents;
      outcome_.paths.push_back(target.shown);
    }
    if (!out.leaks.empty() || !out.allows.empty() || !out.skipped.empty() || out.error) {
      order_.push_back(numbered.number);
      outcome_.scanned.push_back(std::move(out));
    }
  }

  RunOutcome& outcome() { return outcome_; }
  std::vector<std::uint64_t>& order() { return order_; }
  std::optional<base::Error>& failure() { return failure_; }

 private:
  static secrets::ScanSettings scan_settings(const RunSettings& settings) {
    secrets::ScanSettings scan;
    scan.salt = settings.salt;
    return scan;
  }

  void fail(base::Error error) { failure_ = std::move(error); }

  bool content(const Target& target, secrets::TextScanner& scanner, Scanned& out) {
    switch (target.kind) {
      case Target::Kind::file:
        return file(target, scanner, out);
      case Target::Kind::link: {
        const auto text = io::read_link(target.disk);
        if (!text) return skip(out, "vanished");
        return link(*text, scanner, out);
      }
      case Target::Kind::standard_input: {
        io::StandardInput reader;
        return text(reader, scanner, out);
      }
      case Target::Kind::blob:
        return blob(target, scanner, out);
    }
    return false;
  }

  static bool skip(Scanned& out, std::string reason) {
    out.skipped.push_back(std::move(reason));
    return false;
  }

  bool file(const Target& target, secrets::TextScanner& scanner, Scanned& out) {
    io::FileStream reader;
    if (auto refusal = reader.open(target.disk, target.follow, last_folder_)) {
      if (refusal->error) {
        out.error = std::move(refusal->error);
        out.error->path = out.shown;
        return false;
      }
      return skip(out, std::move(refusal->reason));
    }
    if (settings_.most_bytes > 0 && reader.size() > settings_.most_bytes) {
      std::array<char, 8192> start;  // NOLINT(cppcoreguidelines-pro-type-member-init)
      const auto got = reader.read(start.data(), start.size());
      const bool binary = got && secrets::sniff({start.data(), *got}) == secrets::TextKind::binary;
      return skip(out, binary ? "binary" : "larger than " + std::to_string(settings_.most_bytes) + " bytes");
    }
    return text(reader, scanner, out);
  }

  bool link(const std::string& where, secrets::TextScanner& scanner, Scanned& out) {
    std::string masked;
    auto leaks = scanner.scan_name(where, out.path, "the text of the link", masked);
    if (!leaks) {
      fail(leaks.error());
      return false;
    }
    for (secrets::Leak& leak : *leaks) {
      leak.finding.file = out.shown;
      out.leaks.push_back(std::move(leak));
    }
    return true;
  }

  bool text(secrets::Reader& reader, secrets::TextScanner& scanner, Scanned& out,
            const std::vector<bool>* added = nullptr) {
    auto result = scanner.scan(reader, out.path, out.shown);
    if (!result) {
      if (result.error().category == base::ErrorCategory::configuration) {
        fail(result.error());
      } else {
        out.error = result.error();
        out.error->path = out.shown;
      }
      return false;
    }
    outcome_.bytes += result->bytes;
    outcome_.allowed += result->allowed;
    if (result->keys_unchecked) out.skipped.push_back("JSON keys: larger than 32 MiB");
    for (secrets::Leak& leak : result->leaks) {
      if (added != nullptr && !touches(*added, leak.finding.span)) continue;
      out.leaks.push_back(std::move(leak));
    }
    if (added == nullptr) out.allows = std::move(result->allows);
    return result->binary ? skip(out, "binary") : true;
  }

  static bool touches(const std::vector<bool>& added, const base::Span& span) {
    for (std::size_t line = span.begin.line; line <= span.end.line && line < added.size(); ++line) {
      if (added[line]) return true;
    }
    return false;
  }

  base::Result<std::string> whole_blob(const std::string& object) {
    const auto size = stream_->request(object);
    if (!size) return size.error();
    if (settings_.most_bytes > 0 && *size > settings_.most_bytes) return std::string();
    return read_text(*stream_);
  }

  bool blob(const Target& target, secrets::TextScanner& scanner, Scanned& out) {
    const auto broken = [&](base::Error error) {
      error.path = out.shown;
      fail(std::move(error));
      return false;
    };
    if (!stream_) {
      auto opened = settings_.open_blobs();
      if (!opened) return broken(opened.error());
      stream_.emplace(std::move(*opened));
    }
    std::vector<bool> added;
    if (target.before) {
      // The change is looked at, not the file: both contents are needed.
      auto before = whole_blob(*target.before);
      if (!before) return broken(before.error());
      auto after = whole_blob(target.object);
      if (!after) return broken(after.error());
      auto old_text = as_text(std::move(*before));
      auto new_text = as_text(*after);
      if (!old_text || !new_text) return false;
      added = added_lines(*old_text, *new_text);
    }
    const auto size = stream_->request(target.object);
    if (!size) return broken(size.error());
    if (settings_.most_bytes > 0 && *size > settings_.most_bytes)
      return skip(out, "larger than " + std::to_string(settings_.most_bytes) + " bytes");
    if (!target.blob_is_link) return text(*stream_, scanner, out, target.before ? &added : nullptr);
    auto where = read_text(*stream_);
    if (!where) return broken(where.error());
    return link(*where, scanner, out);
  }

  const RunSettings& settings_;
  secrets::TextScanner scanner_;
  std::shared_ptr<const secrets::Rulebook> public_rules_;
  std::optional<secrets::TextScanner> public_scanner_;
  std::optional<io::BlobStream> stream_;
  io::LastFolder last_folder_;
  RunOutcome outcome_;
  std::vector<std::uint64_t> order_;
  std::optional<base::Error> failure_;
};

}  // namespace

base::Result<RunOutcome> scan_all(const RunSettings& settings,
                                  const std::function<base::Result<void>(Supply&)>& produce) {
  Queue queue;
  std::vector<std::unique_ptr<Worker>> workers;
  for (std::size_t i = 0; i < std::max<std::size_t>(settings.threads, 1); ++i)
    workers.push_back(std::make_unique<Worker>(settings));
  std::vector<std::exception_ptr> thrown(workers.size());
  const auto consume = [&](std::size_t index, bool wait) {
    std::vector<Numbered> batch;
    while (queue.pop(batch, wait)) {
      for (Numbered& numbered : batch) workers[index]->scan(numbered);
      if (!wait) return;
    }
  };

  // Started when there is work for more than one: a thread costs as much as a small file.
  std::vector<std::thread> threads;
  const auto start_helpers = [&] {
    if (!threads.empty()) return;
    for (std::size_t i = 1; i < workers.size(); ++i) {
      threads.push_back(base::start_thread([&, i] {
        try {
          consume(i, true);
        } catch (...) {
          thrown[i] = std::current_exception();
          queue.abandon();
        }
      }));
    }
  };

  // This thread produces, scans when the queue is full, and scans the rest.
  std::vector<Scanned> reported;
  std::vector<std::uint64_t> reported_order;
  std::size_t unchanged = 0;
  base::Result<void> produced;
  try {
    std::uint64_t number = 0;
    std::vector<Numbered> batch;
    Supply supply;
    supply.target = [&](Target target) {
      batch.push_back({number++, std::move(target)});
      if (batch.size() < batch_size) return;
      start_helpers();
      if (queue.full()) consume(0, false);
      queue.push(std::exchange(batch, {}));
    };
    supply.report = [&](Scanned scanned) {
      if (scanned.nothing_new) {
        ++unchanged;
        return;
      }
      reported_order.push_back(number++);
      reported.push_back(std::move(scanned));
    };
    produced = produce(supply);
    if (queue.full()) consume(0, false);
    // The last ones are shared out one by one: a few may be large.
    if (batch.size() > 1) start_helpers();
    for (Numbered& last : batch) {
      std::vector<Numbered> alone;
      alone.push_back(std::move(last));
      if (queue.full()) consume(0, false);
      queue.push(std::move(alone));
    }
    queue.close();
    consume(0, true);
  } catch (...) {
    thrown[0] = std::current_exception();
    queue.abandon();
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& one : thrown) {
    if (one) std::rethrow_exception(one);
  }
  if (!produced) return produced.error();

  RunOutcome all;
  all.documents = unchanged;
  std::vector<std::pair<std::uint64_t, Scanned>> entries;
  for (std::size_t i = 0; i < reported.size(); ++i) entries.emplace_back(reported_order[i], std::move(reported[i]));
  for (const auto& worker : workers) {
    if (worker->failure()) return *worker->failure();
    RunOutcome& part = worker->outcome();
    for (std::size_t i = 0; i < part.scanned.size(); ++i)
      entries.emplace_back(worker->order()[i], std::move(part.scanned[i]));
    all.paths.insert(all.paths.end(), part.paths.begin(), part.paths.end());
    all.documents += part.documents;
    all.bytes += part.bytes;
    all.allowed += part.allowed;
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::tie(a.second.path, a.first) < std::tie(b.second.path, b.first);
  });
  for (auto& [number, scanned] : entries) all.scanned.push_back(std::move(scanned));
  std::sort(all.paths.begin(), all.paths.end());
  return all;
}

}  // namespace launchgate::leaks
