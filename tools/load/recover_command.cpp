#include "load/recover_command.hpp"

#include <fmt/format.h>

#include "load/core/journal.hpp"
#include "load/core/text.hpp"
#include "load/net/event_loop.hpp"
#include "load/run_command.hpp"

namespace launchgate::load {

namespace {

constexpr std::uint64_t journal_limit = 4UL * 1024 * 1024 * 1024;
constexpr std::string_view ending = "-timeline.jsonl";

}  // namespace

cli::ExitCode recover_command(cli::Process& process, std::string_view tool, const std::string& timeline,
                              const Redactor& redact, const std::vector<validator::Target>& formats) {
  auto text = process.disk.read(timeline, journal_limit);
  if (!text) return cli::fail(process, tool, text.error());
  auto recovered = recover(timeline, *text);
  if (!recovered) return cli::fail(process, tool, recovered.error());
  RecoveredRun& run = **recovered;
  if (run.settings.leaves_part) {
    return cli::fail(process, tool,
                     {base::ErrorCategory::usage,
                      timeline,
                      {},
                      fmt::format("it is of segment {} of {}, which is judged with the others", run.settings.segment,
                                  run.settings.segments),
                      "give it to --merge with the parts of the others"});
  }
  process.err.write(fmt::format("{}: recovered {} of a run{}\n", tool,
                                human_duration(run.record->measured / millisecond),
                                run.cut_line ? "; the last line was not whole and is left out" : ""));
  std::string stem = timeline;
  if (stem.ends_with(ending)) stem.resize(stem.size() - ending.size());
  // The report of a run that did end is evidence, and is not replaced.
  if (process.disk.status(stem + "-report.json").kind != io::FileKind::missing) stem += "-recovered";
  return deliver_reports(process, tool, run.run(), *run.record, redact, stem, timeline, system_clock().wall_ms(),
                         formats);
}

}  // namespace launchgate::load
