#include "load/page_command.hpp"

#include <fmt/format.h>

#include "lib/document/json_document.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/finding/digest.hpp"
#include "load/core/journal.hpp"
#include "load/core/report.hpp"
#include "load/net/event_loop.hpp"
#include "load/page/report_page.hpp"

namespace launchgate::load {

namespace {

using document::JsonDocument;
using document::JsonKind;

constexpr std::uint64_t timeline_limit = 4UL * 1024 * 1024 * 1024;
constexpr std::uint64_t report_limit = 64UL * 1024 * 1024;
constexpr std::string_view timeline_ending = "-timeline.jsonl";
constexpr std::string_view report_ending = "-report.json";

base::Error unfit(const std::string& path, std::string message) {
  return {base::ErrorCategory::input,
          path,
          {},
          std::move(message),
          "give the …-timeline.jsonl or the …-report.json of a run"};
}

bool is_there(const io::FileSystem& disk, const std::string& path) {
  return disk.status(path).kind == io::FileKind::regular;
}

}  // namespace

base::Result<RunFiles> run_files(const io::FileSystem& disk, const std::string& file, const Redactor& redact) {
  RunFiles files;
  const bool from_timeline = file.ends_with(timeline_ending);
  if (!from_timeline && !file.ends_with(report_ending))
    return unfit(file, "neither the timeline nor the report of a run by its name");
  files.stem = file.substr(0, file.size() - (from_timeline ? timeline_ending : report_ending).size());
  files.report_path = files.stem + std::string(report_ending);
  files.timeline_path = files.stem + std::string(timeline_ending);
  if (from_timeline || is_there(disk, files.timeline_path)) {
    auto text = disk.read(files.timeline_path, timeline_limit);
    if (!text) return text.error();
    files.timeline = *std::move(text);
  }
  if (!from_timeline || is_there(disk, files.report_path)) {
    auto text = disk.read(files.report_path, report_limit);
    if (!text) return text.error();
    files.report = *std::move(text);
    return files;
  }
  auto run = recover(files.timeline_path, files.timeline);
  if (!run) return run.error();
  const RunPlan plan = (*run)->run();
  const RunRecord& record = *(*run)->record;
  // The page says when the run ended: made twice, it is the same.
  files.report = report_json(plan, record, evaluate(plan, record), redact, record.finished_wall_ms, {});
  return files;
}

base::Result<std::string> make_page(const std::string& report_path, std::string report, const Catalogue& catalogue,
                                    const std::string& timeline_path, std::string_view timeline) {
  const auto document = JsonDocument::parse(report_path, std::move(report));
  if (!document) {
    base::Error error = document.error();
    error.category = base::ErrorCategory::input;
    return error;
  }
  const document::JsonValue root = document->root();
  if (!at(root, {"gates", "checks"}) || !at(root, {"summary", "operations"}) || !at(root, {"evidence"}))
    return unfit(report_path, "no report of a run: it has no gates, no summary or no evidence");
  if (timeline.empty()) return report_page({root, catalogue, nullptr});
  const auto read = read_timeline(timeline_path, timeline);
  if (!read) return read.error();
  return report_page({root, read->header->catalogue, &*read});
}

cli::ExitCode report_from_command(cli::Process& process, std::string_view tool, const std::string& file,
                                  const Catalogue& catalogue, const Redactor& redact) {
  auto files = run_files(process.disk, file, redact);
  if (!files) return cli::fail(process, tool, files.error());
  auto text = make_page(files->report_path, std::move(files->report), catalogue, files->timeline_path, files->timeline);
  if (!text) return cli::fail(process, tool, text.error());
  const std::string path = files->stem + "-report.html";
  if (const auto written = process.disk.write(path, *text); !written) return cli::fail(process, tool, written.error());
  if (files->timeline.empty())
    process.err.write(
        fmt::format("{}: warning: there is no timeline beside the report, so the page has no charts\n", tool));
  document::JsonWriter out(document::JsonStyle::compact);
  out.begin_object().member("ok", true).member("htmlPath", path).end_object();
  process.out.write(out.take() + "\n");
  return cli::ExitCode::ok;
}

}  // namespace launchgate::load
