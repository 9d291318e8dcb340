#include "load/merge_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lib/base/rfc3339.hpp"
#include "lib/io/path.hpp"
#include "load/core/segments.hpp"
#include "load/journal_file.hpp"
#include "load/net/event_loop.hpp"
#include "load/run_command.hpp"

namespace launchgate::load {

namespace {

constexpr std::uint64_t part_limit = 256UL * 1024 * 1024;
constexpr std::uint64_t journal_limit = 4UL * 1024 * 1024 * 1024;
constexpr std::string_view timeline_ending = "-timeline.jsonl";

bool is_part(std::string_view path) { return path.ends_with(part_ending); }
bool is_timeline(std::string_view path) { return path.ends_with(timeline_ending); }

std::string stem_of(std::string_view path) {
  path.remove_suffix(is_part(path) ? part_ending.size() : timeline_ending.size());
  return std::string(path);
}

// Of segments, by name; a merged report's own timeline is none.
base::Result<std::vector<std::string>> files_of(const io::FileSystem& disk, const std::string& folder) {
  auto entries = disk.list(folder);
  if (!entries) return entries.error();
  std::vector<std::string> parts;
  std::vector<std::string> timelines;
  std::set<std::string> with_part;
  for (const io::DirectoryEntry& entry : *entries) {
    if (is_part(entry.name)) {
      with_part.insert(stem_of(entry.name));
      parts.push_back(io::join(folder, entry.name));
    } else if (is_timeline(entry.name) && entry.name.find("-segment-") != std::string::npos) {
      timelines.push_back(entry.name);
    }
  }
  for (const std::string& name : timelines) {
    if (!with_part.contains(stem_of(name))) parts.push_back(io::join(folder, name));
  }
  std::sort(parts.begin(), parts.end());
  if (parts.empty())
    return base::Error{base::ErrorCategory::input,
                       folder,
                       {},
                       "no part of a segment is in it",
                       "give the folder that --output-dir named in each segment"};
  return parts;
}

base::Result<std::vector<std::string>> source_files(const io::FileSystem& disk,
                                                    const std::vector<std::string>& sources) {
  std::vector<std::string> out;
  for (const std::string& source : sources) {
    if (disk.status(source).kind == io::FileKind::directory) {
      auto files = files_of(disk, source);
      if (!files) return files.error();
      out.insert(out.end(), files->begin(), files->end());
    } else if (is_part(source) || is_timeline(source)) {
      out.push_back(source);
    } else {
      return base::Error{base::ErrorCategory::usage,
                         source,
                         {},
                         "neither a part, nor a timeline, nor a folder",
                         "give ….part.json, …-timeline.jsonl of a segment, or the folder of both"};
    }
  }
  return out;
}

base::Result<SegmentPart> read_source(const io::FileSystem& disk, const std::string& path) {
  auto text = disk.read(path, is_part(path) ? part_limit : journal_limit);
  if (!text) return text.error();
  return is_part(path) ? read_part(path, *std::move(text)) : read_segment_timeline(path, *text);
}

// One line that stands for all seconds, so that the report can be made again as that of any run.
base::Result<void> write_timeline(io::FileSystem& disk, const std::string& path, SegmentMerge& merge,
                                  const Redactor& redact) {
  document::JsonWriter total(document::JsonStyle::compact);
  write_journal_total(total, merge.run(), merge.record());
  return disk.write(path,
                    journal_header(merge.run(), redact, merge.record().started_wall_ms, merge.record().probe_requests) +
                        total.take() + "\n");
}

}  // namespace

cli::ExitCode merge_command(cli::Process& process, std::string_view tool, const MergeRequest& request,
                            const Redactor& redact) {
  const auto fail = [&](const base::Error& error) { return cli::fail(process, tool, error); };
  if (request.sources.empty())
    return fail(cli::usage("--merge names no segment", "launchgate-load --merge PART… or --merge FOLDER"));
  const auto files = source_files(process.disk, request.sources);
  if (!files) return fail(files.error());
  SegmentMerge merge;
  for (const std::string& path : *files) {
    auto part = read_source(process.disk, path);
    if (!part) return fail(part.error());
    if (part->run->settings.made_from.version != cli::version())
      return fail({base::ErrorCategory::input,
                   path,
                   {},
                   fmt::format("it was made by version {}, and this is {}", part->run->settings.made_from.version,
                               cli::version()),
                   "merge with the version that measured"});
    if (part->recovered)
      process.err.write(fmt::format("{}: segment {} has no part and is recovered from {}\n", tool,
                                    part->run->settings.segment, path));
    if (const auto added = merge.add(*std::move(part)); !added) return fail(added.error());
  }
  if (const auto whole = merge.finish(request.allow_missing); !whole) return fail(whole.error());
  if (const auto made = make_output_folder(request.output_dir); !made) return fail(made.error());
  const RunPlan run = merge.run();
  const std::string stem =
      io::join(request.output_dir, fmt::format("{}-{}-{}", base::compact_date_time(merge.record().started_wall_ms),
                                               run.profile.name, name(run.settings.mode)));
  const std::string timeline = stem + std::string(timeline_ending);
  if (const auto written = write_timeline(process.disk, timeline, merge, redact); !written)
    return fail(written.error());
  return deliver_reports(process, tool, run, merge.record(), redact, stem, timeline, system_clock().wall_ms(),
                         request.formats, request.key);
}

}  // namespace launchgate::load
