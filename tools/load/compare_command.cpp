#include "load/compare_command.hpp"

#include <memory>

#include "lib/document/json_document.hpp"
#include "load/compare/compare.hpp"
#include "load/page_command.hpp"

namespace launchgate::load {

namespace {

struct Loaded {
  std::string path;
  std::unique_ptr<document::JsonDocument> report;
  std::unique_ptr<Timeline> timeline;
};

base::Result<Loaded> load(const io::FileSystem& disk, const std::string& path, const Redactor& redact) {
  auto files = run_files(disk, path, redact);
  if (!files) return files.error();
  if (files->timeline.empty())
    return base::Error{base::ErrorCategory::input,
                       path,
                       {},
                       "there is no timeline beside it, and without one nothing can be compared",
                       "keep the …-timeline.jsonl of a run beside its report"};
  auto report = document::JsonDocument::parse(files->report_path, std::move(files->report));
  if (!report) {
    base::Error error = report.error();
    error.category = base::ErrorCategory::input;
    return error;
  }
  auto timeline = read_timeline(files->timeline_path, files->timeline);
  if (!timeline) return timeline.error();
  return Loaded{path, std::make_unique<document::JsonDocument>(*std::move(report)),
                std::make_unique<Timeline>(*std::move(timeline))};
}

}  // namespace

cli::ExitCode compare_command(cli::Process& process, std::string_view tool, const CompareRequest& request,
                              const Redactor& redact) {
  const std::size_t count = request.runs.size();
  if (count < 2)
    return cli::fail(
        process, tool,
        cli::usage("--compare needs a run of the base and a new one", "launchgate-load --compare BASE… NEW…"));
  if (!request.base && count % 2 != 0)
    return cli::fail(process, tool,
                     cli::usage("which of the runs are the base's is not said",
                                "give --base N, or as many runs of the base as new ones"));
  const std::size_t bases = request.base ? static_cast<std::size_t>(*request.base) : count / 2;
  if (bases >= count) return cli::fail(process, tool, cli::usage("--base leaves no new run"));
  if (request.html) {
    for (const std::string& run : request.runs) {
      if (run == *request.html)
        return cli::fail(process, tool, cli::usage("--html would replace a run that is compared"));
    }
    if (const auto removed = process.disk.remove(*request.html); !removed)
      return cli::fail(process, tool, removed.error());
  }
  std::vector<Loaded> loaded;
  for (const std::string& run : request.runs) {
    auto one = load(process.disk, run, redact);
    if (!one) return cli::fail(process, tool, one.error());
    loaded.push_back(*std::move(one));
  }
  std::vector<ComparedRun> base;
  std::vector<ComparedRun> fresh;
  for (std::size_t i = 0; i < loaded.size(); ++i)
    (i < bases ? base : fresh).push_back({loaded[i].path, loaded[i].report->root(), loaded[i].timeline.get()});
  const Comparison comparison = compare(base, fresh, request.allowed);
  process.out.write(request.format == "json"       ? comparison_json(comparison)
                    : request.format == "markdown" ? comparison_markdown(comparison)
                                                   : comparison_text(comparison));
  if (request.html) {
    const auto written = process.disk.write(*request.html, comparison_page(comparison, base.front(), fresh.front()));
    if (!written) return cli::fail(process, tool, written.error());
  }
  return comparison.regressed() ? cli::ExitCode::findings : cli::ExitCode::ok;
}

}  // namespace launchgate::load
