#include "load/recorder.hpp"

#include <fmt/format.h>

#include "load/core/journal.hpp"
#include "load/core/progress.hpp"

namespace launchgate::load {

namespace {

constexpr Nanoseconds progress_interval = 10 * second;
constexpr Nanoseconds page_interval = 3 * second;

}  // namespace

LatestFile::LatestFile(io::FileSystem& disk, std::string path)
    : disk_(disk), path_(std::move(path)), writer_([this] { work(); }) {}

LatestFile::~LatestFile() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  writer_.join();
}

void LatestFile::put(std::string text) {
  {
    const std::lock_guard lock(mutex_);
    next_ = std::move(text);
  }
  wake_.notify_one();
}

void LatestFile::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return closing_ || next_; });
    if (!next_) return;
    const std::string text = *std::move(next_);
    next_.reset();
    lock.unlock();
    // A reader that looks in may miss one; the report is what counts.
    (void)disk_.write(path_, text);
    lock.lock();
  }
}

Recorder::Recorder(cli::Process& process, const RunPlan& run, const RunRequest& request, EventLoop& loop,
                   JournalFile& journal)
    : process_(process),
      run_(run),
      request_(request),
      loop_(loop),
      journal_(journal),
      spans_(run),
      usage_at_start_(process_usage()),
      dashboard_(process.err.is_terminal() && process.environment("TERM").value_or("dumb") != "dumb") {
  if (!request.live_html.empty()) page_ = std::make_unique<LatestFile>(process.disk, request.live_html);
  if (!request.prometheus.empty()) metrics_ = std::make_unique<LatestFile>(process.disk, request.prometheus);
}

void Recorder::on_tick(Engine& engine, Nanoseconds now) {
  JournalMoment moment;
  moment.tick = ++ticks_;
  moment.now = now;
  moment.wall_ms = loop_.clock().wall_ms();
  moment.transport = loop_.transport().counters();
  moment.cpu_seconds = cpu_seconds();
  moment.peak_memory_bytes = process_usage().peak_memory_bytes;
  journal_.append(journal_line(run_, engine, moment));
  if (run_.settings.mode == Mode::soak) {
    if (auto joined = spans_.add(engine, moment)) journal_.join(std::move(joined->line), joined->ends);
  }
  if (!told_ && !journal_.failure().empty()) {
    told_ = true;
    say(fmt::format("warning: the timeline cannot be written any more: {}", journal_.failure()));
  }
  if (dashboard_ || page_ || metrics_) {
    state_ = live_state(run_, engine, now);
    history_.add(state_);
    write_live(now);
  }
  show(engine, now);
  trim_after_openings(engine.stream_totals(now));
}

void Recorder::end(const std::string& report) {
  erase();
  if (page_) page_->put(live_page(state_, history_, report));
  if (metrics_) metrics_->put(openmetrics(state_));
}

void Recorder::say(const std::string& text) {
  erase();
  process_.err.write(fmt::format("{}: {}\n", request_.tool, text));
}

void Recorder::erase() {
  if (lines_ > 0) process_.err.write(fmt::format("\x1b[{}A\r\x1b[J", lines_));
  lines_ = 0;
}

// Once after the ramp, and again when a tenth of the streams has been opened anew.
void Recorder::trim_after_openings(const StreamTotals& streams) {
  if (streams.target < 100 || streams.held_now < streams.target || streams.opened < trim_at_) return;
  trim_at_ = streams.opened + streams.target / 10;
  release_free_memory();
}

void Recorder::write_live(Nanoseconds now) {
  if (now < next_page_) return;
  next_page_ = now + page_interval;
  if (page_) page_->put(live_page(state_, history_, ""));
  if (metrics_) metrics_->put(openmetrics(state_));
}

void Recorder::show(Engine& engine, Nanoseconds now) {
  if (engine.phase() != Engine::Phase::running) return;
  if (dashboard_) {
    std::string text = lines_ > 0 ? fmt::format("\x1b[{}A", lines_) : "";
    const std::vector<std::string> lines = dashboard(state_);
    for (const std::string& line : lines) text += "\r\x1b[K" + line + "\n";
    text += "\x1b[J";
    lines_ = lines.size();
    process_.err.write(text);
  } else if (now >= next_line_) {
    if (next_line_ != 0) say(progress_line(run_, engine, engine.measurements(), now));
    next_line_ = now + progress_interval;
  }
}

}  // namespace launchgate::load
