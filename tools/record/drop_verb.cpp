#include "record/drop_verb.hpp"

#include <fmt/format.h>

#include "lib/base/rfc3339.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/record_checks.hpp"
#include "lib/io/system.hpp"
#include "record/withdraw.hpp"

namespace launchgate::record {
namespace {

using cli::ExitCode;
using cli::usage;
using document::JsonValue;

constexpr std::int64_t most_runs = 1'000'000;

std::string line_of(const JsonValue& run, std::size_t number) {
  return fmt::format("  {}  {}  {}  {}\n", number, base::printable(run.string_member("finishedAt")),
                     base::printable(run.string_member("status")), base::printable(run.string_member("command")));
}

std::string list_of(const std::vector<ItemRun>& runs) {
  std::string text;
  for (std::size_t i = 0; i < runs.size(); ++i) text += line_of(runs[i].run, i + 1);
  return text;
}

}  // namespace

void DropVerb::describe(cli::OptionSet& options) {
  options.text("--manifest", "FILE", options_.manifest, "The private evidence record.").completion =
      cli::Completion::file;
  options.text("--item", "ID", options_.item, "The evidence item.");
  options.integer("--run", "N", run_, 1, "Its run, counted from 1, the oldest first; without it, the runs are listed.");
  options.text("--reason", "TEXT", reason_, "Why it counts no longer; it stands in the record and in decisions.");
  options.text("--root", "DIR", options_.root, "The repository.").completion = cli::Completion::folder;
  options.text("--config", "FILE", options_.config, "The configuration.").completion = cli::Completion::file;
}

ExitCode DropVerb::run(cli::Process& process) {
  const auto refuse = [&](const base::Error& error) { return cli::fail(process, name(), error); };
  if (!options_.manifest || !options_.item) return refuse(usage("--manifest and --item are needed"));
  const auto setting = open_setting(process, options_);
  if (!setting) return refuse(setting.error());
  const auto target = EvidenceTarget::open(**setting, *options_.manifest, {*options_.item});
  if (!target) return refuse(target.error());
  const auto runs = target->runs(**setting);
  if (!runs) return refuse(runs.error());
  if (!run_) {
    process.out.write(runs->empty() ? fmt::format("{} has no run that counts\n", *options_.item) : list_of(*runs));
    return ExitCode::ok;
  }
  if (*run_ > most_runs || static_cast<std::size_t>(*run_) > runs->size())
    return refuse(usage(fmt::format("{} has no run {}", *options_.item, *run_),
                        fmt::format("it has {}; without --run they are listed", runs->size())));
  if (!reason_ || evidence::says_nothing((*setting)->policy.placeholders, *reason_))
    return refuse(usage("--reason is needed, and must say something", "say why the run counts no longer"));
  const Withdrawal withdrawal{static_cast<std::size_t>(*run_ - 1), std::string(base::trim(*reason_)),
                              base::format_date_time(io::now_ms())};
  const auto told = target->drop(**setting, withdrawal);
  if (!told) return refuse(told.error());
  process.out.write(fmt::format("withdrew run {} of {}\n", *run_, *options_.item));
  for (const std::string& line : *told) process.out.write(fmt::format("  {}\n", base::printable(line)));
  return ExitCode::ok;
}

}  // namespace launchgate::record
