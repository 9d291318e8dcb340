#include "load/emit_command.hpp"

#include <fmt/format.h>

#include "lib/document/json_writer.hpp"
#include "lib/io/path.hpp"
#include "load/emit/job.hpp"
#include "load/journal_file.hpp"

namespace launchgate::load {

cli::ExitCode emit_command(cli::Process& process, const RunRequest& request, const std::string& engine,
                           std::uint32_t segments) {
  const auto fail = [&](const base::Error& error) { return cli::fail(process, request.tool, error); };
  const Plan plan = make_plan(request.catalogue, request.profile, request.settings);
  const RunPlan run{request.catalogue, request.profile, request.settings, plan};
  const Job job = make_job(run, segments > 0 ? segments : segments_needed(run), request.start_at);
  for (const std::string& argument : job.arguments) {
    if (request.redact(argument) == argument) continue;
    return fail(cli::usage(fmt::format("{} looks like a private value, which would be in the file for all to read",
                                       request.redact(argument)),
                           "give it by a file, or give another"));
  }
  const bool kubernetes = engine == "kubernetes";
  if (const auto made = make_output_folder(request.output_dir); !made) return fail(made.error());
  const std::string path = io::join(request.output_dir, job.name + (kubernetes ? "-kubernetes.yaml" : "-slurm.sh"));
  if (const auto written = process.disk.write(path, kubernetes ? kubernetes_manifest(job) : slurm_script(job));
      !written)
    return fail(written.error());
  process.err.write(
      fmt::format("{}: {} segments of {} for {}; {}\n", request.tool, job.segments, job.profile_name, engine, path));
  document::JsonWriter out(document::JsonStyle::compact);
  out.begin_object().member("ok", true).member("mode", "emit").member("profileName", job.profile_name);
  out.member("segments", job.segments).member("path", path).end_object();
  process.out.write(out.take() + "\n");
  return cli::ExitCode::ok;
}

}  // namespace launchgate::load
