#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "lib/base/ascii.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/base/text.hpp"
#include "load/emit/job.hpp"

namespace launchgate::load {

namespace {

constexpr std::int64_t seconds_to_start = 60;

// A word of POSIX shell.
std::string shell_word(const std::string& text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return base::is_alnum(c) || std::string_view("-_=./:@,+%").find(c) != std::string_view::npos;
  });
  if (plain) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// The name of the environment that launchgate-load reads, whatever the configuration says.
std::string variable(const std::string& token) { return "LAUNCHGATE_LOAD_" + base::environment_name(token) + "_FILE"; }

}  // namespace

std::string slurm_script(const Job& job) {
  std::string out = fmt::format(
      "#!/bin/sh\n"
      "# Runs {} in {} segments as an array of Slurm and merges what they leave, made by launchgate-load {}.\n"
      "#   sh {}-slurm.sh [FOLDER]      the folder is shared by all nodes; by default the current one\n"
      "# LAUNCHGATE names the executable where it is not in the PATH of the nodes.\n",
      job.profile_name, job.segments, job.version, job.name);
  if (!job.tokens.empty()) {
    out += "# Tokens are read from files that the nodes can read too; nothing of them is written here:\n";
    for (const std::string& token : job.tokens) out += fmt::format("#   export {}=FILE\n", variable(token));
  }
  out += "set -eu\n";
  for (const std::string& token : job.tokens)
    out += fmt::format(": \"${{{}:?names the file of the {}}}\"\n", variable(token), token);
  out += fmt::format(
      "dir=$(cd \"${{1:-.}}\" && pwd)/{}-$(date -u +%Y%m%dT%H%M%SZ)\n"
      "mkdir -p \"$dir/parts\"\n"
      "launchgate=${{LAUNCHGATE:-launchgate-load}}\n",
      job.name);
  out += job.start_at_ms ? fmt::format("start={}\n", base::format_date_time_ms(*job.start_at_ms))
                         : fmt::format(
                               "# Time to be scheduled; a segment that begins late says so.\n"
                               "start=$(($(date +%s) + ${{START_IN:-{}}}))\n",
                               seconds_to_start);
  for (const auto& [name, text] :
       {std::pair("targets.json", &job.targets), std::pair("operations.json", &job.catalogue)})
    out += fmt::format("printf '%s' {} > \"$dir/{}\"\n", shell_word(*text), name);
  std::string arguments;
  for (const std::string& argument : job.arguments) arguments += " \\\n  " + shell_word(argument);
  out += fmt::format(
      "cat > \"$dir/segment.sh\" <<LAUNCHGATE\n"
      "#!/bin/sh\n"
      "exec \"$launchgate\" --targets \"$dir/targets.json\" --operations \"$dir/operations.json\" --output-dir "
      "\"$dir/parts\" \\\\\n"
      "  --segments {} --start-at \"$start\" \"\\$@\"\n"
      "LAUNCHGATE\n",
      job.segments);
  out += fmt::format(
      "cat > \"$dir/merge.sh\" <<LAUNCHGATE\n"
      "#!/bin/sh\n"
      "exec \"$launchgate\" --merge \"$dir/parts\" --allow-missing --output-dir \"$dir\"\n"
      "LAUNCHGATE\n"
      "set --{}\n",
      arguments);
  const std::int64_t minutes = job.seconds / 60 + 5;
  // Killed workers are not tried again: their part would be a second one, of another time.
  out += fmt::format(
      "array=$(sbatch --parsable --job-name={0} --array=1-{1} --no-requeue --ntasks=1 --cpus-per-task=1 --mem={2}M "
      "--time={3} \\\n"
      "  --output=\"$dir/segment-%a.log\" \"$dir/segment.sh\" \"$@\")\n"
      "merge=$(sbatch --parsable --job-name={0}-merge --dependency=\"afterany:$array\" --ntasks=1 --mem=512M --time=30 "
      "\\\n"
      "  --output=\"$dir/merge.log\" \"$dir/merge.sh\")\n"
      "echo \"array $array, merge $merge; the verdict will be in $dir/merge.log\"\n",
      job.name, job.segments, job.mebibytes, minutes);
  return out;
}

}  // namespace launchgate::load
