#include "load/load_tool.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/attestation/keys.hpp"
#include "lib/base/ascii.hpp"
#include "lib/base/hex.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/base/utf8.hpp"
#include "lib/finding/digest.hpp"
#include "lib/io/git_head.hpp"
#include "lib/io/path.hpp"
#include "lib/io/system.hpp"
#include "lib/schema/schema.hpp"
#include "load/compare_command.hpp"
#include "load/core/names.hpp"
#include "load/core/redact.hpp"
#include "load/core/segments.hpp"
#include "load/emit_command.hpp"
#include "load/merge_command.hpp"
#include "load/net/url.hpp"
#include "load/page_command.hpp"
#include "load/private_values.hpp"
#include "load/recover_command.hpp"
#include "load/run_command.hpp"
#include "load/start_at.hpp"

namespace launchgate::load {

namespace {

constexpr std::uint64_t file_limit = 16UL * 1024 * 1024;
constexpr std::string_view catalogue_schema = "operation-catalogue";
constexpr std::string_view profiles_kind = "target-profiles";
constexpr std::int64_t longest_wait_ms = 86'400'000;
constexpr std::string_view hidden_value = "redacted-private-value";

// Letters and digits as tokens have them, and as neither versions nor digests do.
bool like_a_token(std::string_view part) {
  const bool digest = base::is_hex(part, 40) || base::is_hex(part, 64);
  return part.size() >= 16 && !digest && std::any_of(part.begin(), part.end(), base::is_letter) &&
         !std::all_of(part.begin(), part.end(), base::is_letter);
}

bool is_plain(std::string_view value) {
  if (value.empty() || value.size() > 200 || value.front() == '/') return false;
  // An "@" is for "image@sha256:…"; an address of a person is no evidence.
  if (const std::size_t at = value.find('@'); at != std::string_view::npos && !value.substr(at).starts_with("@sha256:"))
    return false;
  if (value.size() <= 64 && base::is_hex(value, value.size())) return true;
  while (!value.empty()) {
    const std::size_t end = std::min(value.find_first_of("._:/@+-"), value.size());
    const std::string_view part = value.substr(0, end);
    const bool word = std::all_of(part.begin(), part.end(), base::is_alnum);
    if (!word || like_a_token(part)) return false;
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return true;
}

// Evidence metadata is free text from the environment: what is no plain word, what looks like a token, or what a pack
// knows, is not repeated.
bool is_own_machine(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "::1";
}

std::string plain_or_hidden(const std::string& value, const Redactor& redact) {
  return is_plain(value) && redact(value) == value ? value : std::string(hidden_value);
}

}  // namespace

base::Result<Catalogue> LoadTool::read_catalogue(const io::FileSystem& disk) {
  if (!options_.operations) {
    const document::JsonDocument& configured = workspace_->operations();
    return Catalogue::parse(configured.path(), std::string(configured.source().text()));
  }
  const std::string& given = *options_.operations;
  auto text = disk.read(given, file_limit);
  if (!text) return text.error();
  auto schema = workspace_->resources().compiled_schema(std::string(catalogue_schema));
  if (!schema) return schema.error();
  const auto document = document::JsonDocument::parse(given, *text);
  if (document) {
    const auto findings = schema::validate(**schema, *document, catalogue_schema);
    if (!findings.empty()) {
      const finding::Finding& first = findings.front();
      return base::Error{base::ErrorCategory::configuration, given, first.span.begin, first.message, first.help};
    }
  }
  return Catalogue::parse(given, *std::move(text));
}

base::Result<void> LoadTool::settle_options(cli::Process& process) {
  auto workspace =
      validator::open_workspace(process, {options_.root, options_.config, options_.schemas, options_.rules});
  if (!workspace) return workspace.error();
  workspace_ = *std::move(workspace);
  auto catalogue = read_catalogue(process.disk);
  if (!catalogue) return catalogue.error();
  catalogue_ = *std::move(catalogue);
  prefix_ = workspace_->configuration().environment_prefix;
  return {};
}

void LoadTool::describe(cli::OptionSet& set) {
  if (!catalogue_) {
    const io::DiskFileSystem disk;
    suite::Resources built_in(disk, "", std::nullopt, std::nullopt);  // asks the disk for nothing
    const auto suite = built_in.rules("suite");
    const auto operations = suite ? built_in.rules(std::string((*suite)->root().string_member("operations"))) : suite;
    auto catalogue =
        operations ? Catalogue::parse((*operations)->path(), std::string((*operations)->source().text())) : Catalogue();
    catalogue_ = catalogue ? *std::move(catalogue) : Catalogue();
    if (suite) prefix_ = (*suite)->root().string_member("environmentPrefix");
  }
  options_.describe(set, *catalogue_, prefix_);
}

base::Result<Profile> LoadTool::read_profile(const io::FileSystem& disk) const {
  const std::string wanted = options_.profile.value_or(catalogue_->default_profile);
  std::string shown;
  std::string path;
  if (options_.targets_file) {
    shown = path = *options_.targets_file;
  } else {
    const auto bindings = workspace_->bindings({std::string(profiles_kind)});
    if (bindings.empty())
      return base::Error{base::ErrorCategory::configuration,
                         {},
                         {},
                         "the configuration names no target profiles",
                         "give --targets FILE"};
    shown = bindings.front().path;
    path = workspace_->on_disk(shown);
  }
  auto text = disk.read(path, file_limit);
  if (!text) {
    base::Error error = text.error();
    error.path = shown;
    if (error.help.empty()) error.help = "give --targets FILE";
    return error;
  }
  const std::string digest = finding::sha256_hex(*text);
  std::string source = *text;
  auto profile = Profile::find(shown, *text, wanted);
  if (!profile) return profile;
  if (const auto resolved = resolve_names(*catalogue_, shown, *std::move(text), wanted); !resolved)
    return resolved.error();
  profile->source_sha256 = digest;
  profile->source = std::move(source);
  return profile;
}

// Standard output is the result's alone.
base::Result<std::vector<validator::Target>> LoadTool::format_files(const io::FileSystem& disk) const {
  for (const std::string& format : options_.formats) {
    if (format.find('=') == std::string::npos) {
      return base::Error{base::ErrorCategory::usage,
                         {},
                         {},
                         "--format " + format + " names no file",
                         "standard output has the result; give --format " + format + "=FILE"};
    }
  }
  if (!options_.formats.empty() && options_.chosen_mode() == Mode::plan && !options_.recover) {
    return base::Error{base::ErrorCategory::usage, {}, {}, "--format is for gates, and a plan has none", {}};
  }
  auto targets = validator::output_targets(options_.formats, disk);
  if (targets) std::erase_if(*targets, [](const validator::Target& target) { return target.path.empty(); });
  return targets;
}

// Only a run that has just measured is signed; a variable that is set for those does not concern the others.
base::Result<std::optional<signing::PrivateKey>> LoadTool::signing_key(const io::FileSystem& disk) const {
  const bool measures = !options_.recover && options_.chosen_mode() != Mode::plan;
  if (options_.sign_key_typed && !measures)
    return cli::usage("--sign-key is for runs: neither a plan nor a recovered report is signed", "leave it out");
  if (!options_.sign_key || !measures) return std::optional<signing::PrivateKey>();
  auto key = attestation::read_private_key(disk, *options_.sign_key);
  if (!key) return key.error();
  return std::optional<signing::PrivateKey>(std::move(*key));
}

void LoadTool::warn_of_visible_tokens(cli::Process& process) const {
  for (std::size_t i = 0; i < catalogue_->targets.size(); ++i) {
    if (!options_.targets[i].token_typed) continue;
    const std::string& token = catalogue_->targets[i].token->name;
    process.err.write(
        fmt::format("{}: warning: --{} is visible to every user in the process list; give --{}-file or the environment "
                    "variable instead\n",
                    name(), token, token));
  }
}

// Of a token and its file, what the command line gives wins over what the environment gives.
base::Result<void> LoadTool::choose_tokens() {
  for (std::size_t i = 0; i < catalogue_->targets.size(); ++i) {
    Options::Target& target = options_.targets[i];
    if (!target.token_typed) continue;
    if (target.token_file_typed) {
      const std::string option = "--" + catalogue_->targets[i].token->name;
      return cli::usage(option + " and " + option + "-file are both given", "give the file alone");
    }
    target.token_file.reset();
  }
  return {};
}

// A plan with a URL that cannot be used would be no plan; and what a URL must not have is neither sent nor written.
base::Result<void> LoadTool::clean_urls(cli::Process& process, Settings& settings) const {
  for (std::size_t i = 0; i < settings.targets.size(); ++i) {
    TargetSettings& target = settings.targets[i];
    if (target.skipped) continue;
    const auto url = parse_url(target.url);
    if (url) continue;
    target.url = scrubbed_url(target.url);
    if (!parse_url(target.url)) {
      base::Error error = url.error();
      error.message = "--" + catalogue_->targets[i].name + "-url: " + error.message;
      return error;
    }
    process.err.write(
        fmt::format("{}: warning: user, password, query and fragment of --{}-url are left out; the target is {}\n",
                    name(), catalogue_->targets[i].name, target.url));
  }
  return {};
}

// What the command line says wins over what the job says; a job of several tasks is not taken for one by itself.
base::Result<void> LoadTool::choose_segment(const cli::Process& process, Settings& settings) const {
  std::optional<SegmentName> chosen;
  if (options_.segment) {
    chosen = parse_segment(*options_.segment);
    if (!chosen)
      return cli::usage(fmt::format("--segment \"{}\" is no I/N", *options_.segment),
                        fmt::format("I from 1 to N, N at most {}: --segment 1/4", most_segments));
    if (options_.segments && *options_.segments != chosen->segments)
      return cli::usage(
          fmt::format("--segment {} and --segments {} do not agree", *options_.segment, *options_.segments),
          "give one of them");
  } else if (options_.segments) {
    if (*options_.segments > most_segments) return cli::usage(fmt::format("at most {} segments", most_segments));
    const auto named = segment_of_job(static_cast<std::uint32_t>(*options_.segments), process.environment);
    if (!named) return named.error();
    if (!*named)
      return cli::usage(
          "--segments is there, and nothing says which of them this is",
          "give --segment I/N, or run it as an Indexed Job or an array, which set JOB_COMPLETION_INDEX or "
          "SLURM_ARRAY_TASK_ID");
    chosen = *named;
  }
  if (!chosen) return {};
  settings.segment = chosen->segment;
  settings.segments = chosen->segments;
  settings.leaves_part = true;
  return {};
}

base::Result<std::optional<std::int64_t>> LoadTool::start_at() const {
  if (!options_.start_at) return std::optional<std::int64_t>();
  const auto start = parse_start(*options_.start_at);
  if (!start)
    return cli::usage(fmt::format("--start-at \"{}\" is no time", *options_.start_at),
                      "give 2026-01-01T00:00:00Z, or seconds since 1970: $(($(date +%s) + 60))");
  if (options_.emit.empty() && *start > system_clock().wall_ms() + longest_wait_ms)
    return cli::usage(fmt::format("--start-at {} is more than a day ahead", base::format_date_time(*start)));
  return start;
}

// A token is for whoever reads it on the way, where nothing hides it.
base::Result<void> LoadTool::look_at_clear_tokens(cli::Process& process, const Settings& settings) const {
  for (std::size_t i = 0; i < settings.targets.size(); ++i) {
    const TargetSettings& target = settings.targets[i];
    const auto url = parse_url(target.url);
    if (target.skipped || target.token.empty() || !url || url->tls || is_own_machine(url->host)) continue;
    const std::string what = fmt::format("the {} goes to {} over http, where others can read it",
                                         catalogue_->targets[i].token->title, base::printable(url->host));
    if (settings.strict) return cli::usage(what, "give an https URL, or leave the token out");
    process.err.write(fmt::format("{}: warning: {}; give an https URL (--strict refuses this)\n", name(), what));
  }
  return {};
}

cli::ExitCode LoadTool::run(cli::Process& process) {
  if (process.own) io::hold_secrets();
  if (const auto chosen = choose_tokens(); !chosen) return cli::fail(process, name(), chosen.error());
  warn_of_visible_tokens(process);
  const auto packs = pack_redactor(*workspace_);
  if (!packs) return cli::fail(process, name(), packs.error());
  const auto formats = format_files(process.disk);
  if (!formats) return cli::fail(process, name(), formats.error());
  const auto key = signing_key(process.disk);
  if (!key) return cli::fail(process, name(), key.error());
  if (options_.recover) return recover_command(process, name(), *options_.recover, make_redactor({}, *packs), *formats);
  if (options_.compare) {
    return compare_command(
        process, name(),
        {options_.runs, options_.base, options_.fail_on_regression, options_.compare_format, options_.html},
        make_redactor({}, *packs));
  }
  if (options_.merge) {
    return merge_command(process, name(),
                         {options_.runs, options_.allow_missing,
                          options_.output_dir.value_or(io::join(workspace_->root(), catalogue_->output_directory)),
                          *formats, *key ? &**key : nullptr},
                         make_redactor({}, *packs));
  }
  if (options_.allow_missing) return cli::fail(process, name(), cli::usage("--allow-missing goes with --merge"));
  if (!options_.runs.empty() || options_.html)
    return cli::fail(
        process, name(),
        cli::usage("runs and --html go with --compare, parts with --merge", "launchgate-load --compare BASE… NEW…"));
  if (options_.report_from)
    return report_from_command(process, name(), *options_.report_from, *catalogue_, make_redactor({}, *packs));
  auto profile = read_profile(process.disk);
  if (!profile) return cli::fail(process, name(), profile.error());
  std::string commit = options_.commit_sha.value_or("");
  if (commit.empty()) commit = io::git_head(process.disk, workspace_->root()).value_or("unknown");
  auto settings = make_settings(options_, *catalogue_, *profile, process.disk, commit);
  if (!settings) return cli::fail(process, name(), settings.error());
  if (const auto clean = clean_urls(process, *settings); !clean) return cli::fail(process, name(), clean.error());
  if (const auto chosen = !options_.emit.empty() ? base::Result<void>() : choose_segment(process, *settings); !chosen)
    return cli::fail(process, name(), chosen.error());
  const auto start = start_at();
  if (!start) return cli::fail(process, name(), start.error());

  if (const auto hidden = look_at_clear_tokens(process, *settings); !hidden)
    return cli::fail(process, name(), hidden.error());
  std::vector<std::string> secrets;
  for (const TargetSettings& target : settings->targets) secrets.push_back(target.token);
  const Redactor redact = make_redactor(std::move(secrets), *packs);
  settings->commit_sha = plain_or_hidden(settings->commit_sha, redact);
  for (TargetSettings& target : settings->targets) target.image_digest = plain_or_hidden(target.image_digest, redact);

  settings->made_from = {std::string(cli::version()), profile->source_sha256, finding::sha256_hex(catalogue_->text)};

  const RunRequest request{*catalogue_,
                           *profile,
                           *settings,
                           redact,
                           name(),
                           options_.output_dir.value_or(io::join(workspace_->root(), catalogue_->output_directory)),
                           options_.cacert.value_or(""),
                           options_.proxy.value_or(""),
                           *formats,
                           *key ? &**key : nullptr,
                           options_.live_html.value_or(""),
                           options_.prometheus.value_or(""),
                           *start};
  if (!options_.emit.empty())
    return emit_command(process, request, options_.emit, static_cast<std::uint32_t>(options_.segments.value_or(0)));
  return settings->mode == Mode::plan ? plan_command(process, request) : run_command(process, request);
}

}  // namespace launchgate::load
