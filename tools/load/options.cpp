#include "load/options.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "lib/base/text.hpp"
#include "lib/report/report.hpp"

namespace launchgate::load {

// Every variable in both spellings, the suite's own first.
class Options::Names {
 public:
  explicit Names(const std::string& prefix) {
    prefixes_.push_back(prefix);
    if (prefix != "LAUNCHGATE_") prefixes_.emplace_back("LAUNCHGATE_");
  }
  std::vector<std::string> operator()(const std::vector<std::string>& names) const {
    std::vector<std::string> out;
    for (const std::string& name : names) {
      for (const std::string& prefix : prefixes_) out.push_back(prefix + name);
    }
    return out;
  }

 private:
  std::vector<std::string> prefixes_;
};

namespace {

using cli::usage;

constexpr std::uint64_t token_file_limit = 64UL * 1024;
constexpr std::int64_t longest_duration_ms = 7LL * 24 * 3600 * 1000;
constexpr std::int64_t most_concurrency = 1'000'000;

void takes_file(cli::Option& option) { option.completion = cli::Completion::file; }

void describe_target(cli::OptionSet& set, const TargetSpec& spec, Options::Target& target, const Options::Names& env) {
  const std::string name = base::environment_name(spec.name);
  std::vector<std::string> variables = {"LOAD_" + name + "_URL"};
  variables.insert(variables.end(), spec.fallback_environment.begin(), spec.fallback_environment.end());
  set.text("--" + spec.name + "-url", "URL", target.url,
           "Where " + spec.title + " is; by default " + spec.default_url + ".")
      .environment = env(variables);
  set.flag("--skip-" + spec.name, target.skip, "Leave " + spec.title + " out, which is a warning.").environment =
      env({"LOAD_SKIP_" + name});
  cli::Option& digest = set.text("--" + spec.name + "-image-digest", "DIGEST", target.image_digest,
                                 "Digest of the image that " + spec.title + " runs.");
  digest.environment = env({"EVIDENCE_" + name + "_IMAGE_DIGEST"});
  digest.chooses = true;
  if (!spec.token) return;
  variables = {"LOAD_" + base::environment_name(spec.token->name)};
  variables.insert(variables.end(), spec.token->fallback_environment.begin(), spec.token->fallback_environment.end());
  cli::Option& token = set.text("--" + spec.token->name, "TOKEN", target.token,
                                spec.token->title + "; a process list shows it, so a file is better.");
  token.environment = env(variables);
  token.given = &target.token_typed;
  cli::Option& file = set.text("--" + spec.token->name + "-file", "FILE", target.token_file,
                               "File that holds the " + spec.token->title + ".");
  file.environment = env({"LOAD_" + base::environment_name(spec.token->name) + "_FILE"});
  file.given = &target.token_file_typed;
  takes_file(file);
}

base::Result<std::string> read_token(const Options::Target& target, const TargetSpec& spec,
                                     const io::FileSystem& disk) {
  std::string token;
  if (target.token_file) {
    auto text = disk.read(*target.token_file, token_file_limit);
    if (!text) return text.error();
    token = *std::move(text);
    while (!token.empty() && (token.back() == '\n' || token.back() == '\r' || token.back() == ' ')) token.pop_back();
    if (token.empty()) return usage("\"" + *target.token_file + "\" holds no token");
  } else if (target.token) {
    token = *target.token;
  }
  const bool clean = std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (!clean) return usage("the " + spec.token->title + " holds a blank or a character that a header cannot carry");
  return token;
}

}  // namespace

void Options::describe_gate(cli::OptionSet& set, const Catalogue& catalogue, const Names& env) {
  const auto load = [&](const std::string& name) { return env({"LOAD_" + name}); };
  set.choice("--mode", {"plan", "load", "soak"}, mode, "What to do: write a plan, run the short gate, or the long one.")
      .environment = load("MODE");
  set.flag("--plan", plan, "The same as --mode plan.");
  cli::Option& profiles =
      set.text("--targets", "FILE", targets_file, "Target profiles; by default those that the configuration names.");
  profiles.environment = load("TARGETS");
  takes_file(profiles);
  cli::Option& chosen =
      set.text("--profile", "NAME", profile, "Target profile; by default " + catalogue.default_profile + ".");
  chosen.environment = load("PROFILE");
  chosen.chooses = true;
  set.flag("--strict", strict, "Turn every warning into a failed check.").environment = load("STRICT");
}

void Options::describe_run(cli::OptionSet& set, const Catalogue& catalogue, const Names& env) {
  const auto load = [&](const std::string& name) { return env({"LOAD_" + name}); };
  cli::Option& commit =
      set.text("--commit-sha", "SHA", commit_sha, "Commit that the deployment was built from; by default git's HEAD.");
  commit.environment = env({"EVIDENCE_COMMIT_SHA"});
  commit.chooses = true;
  set.integer("--duration-ms", "N", duration_ms, 1, "How long arrivals are made; by default the profile's.")
      .environment = load("DURATION_MS");
  set.integer("--concurrency", "N", concurrency, 1, "Most requests in flight; by default the profile's.").environment =
      load("CONCURRENCY");
  set.rate("--request-rate", "R", request_rate,
           "Requests a second that operations without a target of their own share; by default the profile's.")
      .environment = load("REQUEST_RATE");
  set.text("--output-dir", "DIR", output_dir, "Where reports go; by default " + catalogue.output_directory + ".")
      .environment = load("OUTPUT_DIR");
  set.flag("--include-mutations", include_mutations, "Make what writes, too.").environment = load("INCLUDE_MUTATIONS");
  set.flag("--include-sse", include_sse, "Hold event streams.").environment = load("INCLUDE_SSE");
  set.flag("--operator", include_operator, "Read what operators read, metrics among it.").environment =
      load("OPERATOR_CHECKS");
  set.flag("--expect-quota-rejections", expect_quota_rejections, "Demand that quotas reject something.").environment =
      load("EXPECT_QUOTA_REJECTIONS");
}

void Options::describe_catalogue(cli::OptionSet& set, const Catalogue& catalogue, const Names& env) {
  const auto load = [&](const std::string& name) { return env({"LOAD_" + name}); };
  limits.resize(catalogue.limits.size());
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const LimitSpec& limit = catalogue.limits[i];
    set.integer("--max-mutating-" + limit.name, "N", limits[i], 1,
                "Most " + limit.title + "; by default what the load gate's targets need, at least " +
                    std::to_string(limit.floor) + ".")
        .environment = load("MAX_MUTATING_" + base::environment_name(limit.name));
  }
  variables.resize(catalogue.variables.size());
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const VariableSpec& variable = catalogue.variables[i];
    std::string help = "The " + variable.title;
    if (variable.default_value) help += "; by default " + *variable.default_value;
    set.text("--" + variable.name, "VALUE", variables[i], help + ".").environment =
        load(base::environment_name(variable.name));
  }
}

void Options::describe_transport(cli::OptionSet& set, const Names& env) {
  const auto load = [&](const std::string& name) { return env({"LOAD_" + name}); };
  cli::Option& catalogue = set.text("--operations", "FILE", operations,
                                    "Operation catalogue; by default the one that the configuration names.");
  catalogue.first = true;
  takes_file(catalogue);
  set.integer("--timeout-ms", "N", timeout_ms, 1,
              "Most time for one request, from connecting to the end of the body; 10000 by default.")
      .environment = load("TIMEOUT_MS");
  takes_file(
      set.text("--cacert", "FILE", cacert, "Certificates of the authorities to trust; by default the system's."));
  set.flag("--insecure", insecure, "Do not verify certificates, which is a warning.");
  set.integer("--warmup-ms", "N", warmup_ms, 0, "Time before measuring begins; 0 by default.").environment =
      load("WARMUP_MS");
  set.choice("--pacing", {"targets", "shared"}, pacing,
             "Pace what has a capacity target by it, or share one rate among all.")
      .environment = load("PACING");
  set.choice("--sse", {"hold", "probe"}, sse, "Hold the streams of the target, or open one at a time for at most 2 s.")
      .environment = load("SSE");
  set.text("--proxy", "URL", proxy, "HTTP proxy; none by default, whatever the environment says.");
}

void Options::describe_segments(cli::OptionSet& set, const Names& env) {
  const auto load = [&](const std::string& name) { return env({"LOAD_" + name}); };
  set.text("--segment", "I/N", segment, "Make one of N equal shares of the run, which leaves a part to merge.")
      .environment = load("SEGMENT");
  set.integer("--segments", "N", segments, 1,
              "Make the share that JOB_COMPLETION_INDEX or SLURM_ARRAY_TASK_ID names, of N.")
      .environment = load("SEGMENTS");
  set.text("--start-at", "TIME", start_at,
           "Begin at this moment: 2026-01-01T00:00:00Z, or seconds since 1970; so that segments begin together.")
      .environment = load("START_AT");
  set.choice("--emit", {"kubernetes", "slurm"}, emit,
             "Write what runs the plan in segments there and merges them; no traffic.");
  set.flag("--merge", merge, "Make one report of the parts of all segments, or of the folders that hold them.");
  set.flag("--allow-missing", allow_missing,
           "Merge although segments are missing; the report names them and is no-go.");
}

void Options::describe_repository(cli::OptionSet& set, const Names& env) {
  cli::Option& key = set.text("--sign-key", "FILE", sign_key,
                              "Sign the report and its timeline with this key (PEM, Ed25519 or ECDSA P-256), in an "
                              "envelope beside the report.");
  key.environment = env({"EVIDENCE_SIGN_KEY_FILE"});
  key.given = &sign_key_typed;
  takes_file(key);
  takes_file(
      set.text("--recover", "TIMELINE", recover, "Write the report of a run that did not end, from its timeline."));
  takes_file(set.text("--live-html", "FILE", live_html,
                      "A page of the run as it goes, replaced every few seconds; it refreshes itself."));
  takes_file(set.text("--prometheus-textfile", "FILE", prometheus,
                      "The run's own figures as OpenMetrics text, replaced every few seconds."));
  takes_file(set.text("--report-from", "FILE", report_from,
                      "Write the page of a run again, from its timeline or its JSON report, beside them."));
  set.flag("--compare", compare, "Compare runs: those of the base first, then as many new ones.");
  set.positionals("RUN", runs, "Timelines or reports to compare, with --compare; parts or folders, with --merge.");
  set.integer("--base", "N", base, 1, "How many of the runs that are compared are the base's; by default half.");
  set.rate("--fail-on-regression", "PERCENT", fail_on_regression,
           "Exit 1 when a latency rises or the rate falls by more, or failures grow, beyond noise.");
  set.choice("--compare-format", {"text", "markdown", "json"}, compare_format,
             "What a comparison writes to standard output; text by default.");
  takes_file(set.text("--html", "FILE", html, "Also write the comparison as a page."));
  cli::Option& format = set.list(
      "--format", "NAME=FILE", formats,
      "Also write the gates to FILE as text, json, sarif, junit, github or gitlab, each gate a rule or test case.");
  format.writes = cli::Writes::format;
  for (const report::Format& one : report::formats()) format.suggestions.push_back(std::string(one.name) + "=");
  const auto first = [](cli::Option& option, cli::Completion completion) {
    option.first = true;
    option.completion = completion;
  };
  first(set.text("--root", "DIR", root, "Folder of the repository."), cli::Completion::folder);
  first(set.text("--config", "FILE", config, "Configuration; by default launchgate.json in the root."),
        cli::Completion::file);
  first(set.text("--schemas", "DIR", schemas, "Schemas instead of the built-in ones."), cli::Completion::folder);
  first(set.text("--rules", "DIR", rules, "Rules instead of the built-in ones."), cli::Completion::folder);
}

void Options::describe(cli::OptionSet& set, const Catalogue& catalogue, const std::string& environment_prefix) {
  const Names env(environment_prefix);
  describe_gate(set, catalogue, env);
  targets.resize(catalogue.targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i) describe_target(set, catalogue.targets[i], targets[i], env);
  describe_run(set, catalogue, env);
  describe_catalogue(set, catalogue, env);
  describe_transport(set, env);
  describe_segments(set, env);
  describe_repository(set, env);
}

Mode Options::chosen_mode() const {
  if (plan || mode == "plan") return Mode::plan;
  return mode == "soak" ? Mode::soak : Mode::load;
}

base::Result<Settings> make_settings(const Options& options, const Catalogue& catalogue, const Profile& profile,
                                     const io::FileSystem& disk, std::string commit_sha) {
  Settings out;
  out.mode = options.chosen_mode();
  out.strict = options.strict;
  out.duration_ms =
      options.duration_ms.value_or(out.mode == Mode::soak ? profile.soak_duration_ms : profile.duration_ms);
  out.concurrency = options.concurrency.value_or(profile.concurrency);
  out.request_rate = options.request_rate.value_or(profile.request_rate);
  out.timeout_ms = options.timeout_ms.value_or(10'000);
  out.warmup_ms = options.warmup_ms.value_or(0);
  if (out.duration_ms > longest_duration_ms || out.warmup_ms > longest_duration_ms)
    return usage("a run may last for a week at most");
  if (out.concurrency > most_concurrency) return usage("at most 1000000 requests may be in flight");
  if (out.request_rate > 1e7) return usage("at most 10000000 requests a second may be asked for");
  if (out.timeout_ms > 3'600'000) return usage("a timeout may be an hour at most");
  out.pacing = options.pacing == "shared" ? Pacing::shared : Pacing::targets;
  out.sse_mode = options.sse == "probe" ? SseMode::probe : SseMode::hold;
  out.include_mutations = options.include_mutations;
  out.include_sse = options.include_sse;
  out.include_operator = options.include_operator;
  out.expect_quota_rejections = options.expect_quota_rejections;
  out.verify_tls = !options.insecure;
  out.commit_sha = std::move(commit_sha);
  for (std::size_t i = 0; i < catalogue.targets.size(); ++i) {
    const Options::Target& given = options.targets[i];
    TargetSettings target;
    target.url = given.url.value_or(catalogue.targets[i].default_url);
    target.skipped = given.skip;
    if (catalogue.targets[i].token && !given.skip) {
      auto token = read_token(given, catalogue.targets[i], disk);
      if (!token) return token.error();
      target.token = *std::move(token);
    }
    if (given.image_digest) target.image_digest = *given.image_digest;
    out.targets.push_back(std::move(target));
  }
  for (std::size_t i = 0; i < catalogue.variables.size(); ++i) {
    const VariableSpec& variable = catalogue.variables[i];
    const std::string value = options.variables[i].value_or(variable.default_value.value_or(""));
    if (!value.empty() && !variable.pattern.empty()) {
      const re2::RE2 pattern(variable.pattern, re2::RE2::Quiet);
      if (!pattern.ok())
        return base::Error{base::ErrorCategory::configuration,
                           {},
                           {},
                           "the pattern of the variable \"" + variable.name + "\" is no RE2: " + pattern.error(),
                           {}};
      if (!re2::RE2::FullMatch(value, pattern)) return usage("--" + variable.name + " must match " + variable.pattern);
    }
    out.variables.push_back(value);
  }
  for (const auto& limit : options.limits) {
    out.limits.push_back(limit ? std::optional<std::uint64_t>(static_cast<std::uint64_t>(*limit)) : std::nullopt);
  }
  return out;
}

}  // namespace launchgate::load
