#include "load/emit/job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lib/base/ascii.hpp"
#include "lib/base/text.hpp"
#include "load/core/redact.hpp"

namespace launchgate::load {

namespace {

// What one core is asked for, so that there is room: docs/scale.md says what it can.
constexpr double requests_per_core = 10'000;
constexpr double streams_per_core = 10'000;

constexpr std::uint64_t base_mebibytes = 64;
constexpr double stream_kibibytes = 32;   // over TLS
constexpr double request_kibibytes = 48;  // in flight, its connection over TLS with it

double requests_a_second(const Plan& plan) {
  double out = 0;
  for (const PlannedOperation& planned : plan.operations) out += planned.held ? 0 : planned.whole_per_second;
  return out;
}

// A DNS label, RFC 1123.
std::string label(const std::string& text) {
  std::string out;
  for (const char c : base::lower_case(text)) out += base::is_alnum(c) ? c : '-';
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.substr(0, 40);
}

// The options that make the same plan, from the settings alone: defaults of this machine are not those of another.
std::vector<std::string> arguments(const RunPlan& run) {
  const Settings& s = run.settings;
  const Catalogue& catalogue = run.catalogue;
  std::vector<std::string> out = {
      fmt::format("--mode={}", name(s.mode)),
      fmt::format("--profile={}", run.profile.name),
      fmt::format("--duration-ms={}", s.duration_ms),
      fmt::format("--warmup-ms={}", s.warmup_ms),
      fmt::format("--concurrency={}", s.concurrency),
      fmt::format("--request-rate={}", s.request_rate),
      fmt::format("--timeout-ms={}", s.timeout_ms),
      fmt::format("--pacing={}", s.pacing == Pacing::targets ? "targets" : "shared"),
      fmt::format("--sse={}", s.sse_mode == SseMode::hold ? "hold" : "probe"),
      fmt::format("--commit-sha={}", s.commit_sha),
  };
  const auto flag = [&](bool on, const char* option) {
    if (on) out.emplace_back(option);
  };
  flag(s.strict, "--strict");
  flag(s.include_mutations, "--include-mutations");
  flag(s.include_sse, "--include-sse");
  flag(s.include_operator, "--operator");
  flag(s.expect_quota_rejections, "--expect-quota-rejections");
  flag(!s.verify_tls, "--insecure");
  for (std::size_t i = 0; i < catalogue.targets.size(); ++i) {
    const TargetSpec& target = catalogue.targets[i];
    if (s.targets[i].skipped) {
      out.push_back("--skip-" + target.name);
      continue;
    }
    out.push_back(fmt::format("--{}-url={}", target.name, scrubbed_url(s.targets[i].url)));
    if (s.targets[i].image_digest != "not-provided")
      out.push_back(fmt::format("--{}-image-digest={}", target.name, s.targets[i].image_digest));
  }
  for (std::size_t i = 0; i < catalogue.variables.size(); ++i) {
    if (!s.variables[i].empty()) out.push_back(fmt::format("--{}={}", catalogue.variables[i].name, s.variables[i]));
  }
  for (std::size_t i = 0; i < catalogue.limits.size(); ++i) {
    if (s.limits[i]) out.push_back(fmt::format("--max-mutating-{}={}", catalogue.limits[i].name, *s.limits[i]));
  }
  return out;
}

}  // namespace

std::uint32_t segments_needed(const RunPlan& run) {
  const double cores = std::max(requests_a_second(run.plan) / requests_per_core,
                                static_cast<double>(run.plan.whole_streams) / streams_per_core);
  return static_cast<std::uint32_t>(std::clamp(std::ceil(cores), 1.0, 10'000.0));
}

Job make_job(const RunPlan& run, std::uint32_t segments, std::optional<std::int64_t> start_at_ms) {
  const Settings& s = run.settings;
  Job job;
  job.name = fmt::format("launchgate-{}-{}", name(s.mode), label(run.profile.name));
  job.version = s.made_from.version;
  job.profile_name = run.profile.name;
  job.targets = run.profile.source;
  job.catalogue = run.catalogue.text;
  job.segments = segments;
  job.arguments = arguments(run);
  for (std::size_t i = 0; i < run.catalogue.targets.size(); ++i) {
    const TargetSpec& target = run.catalogue.targets[i];
    if (target.token && !s.targets[i].skipped && !s.targets[i].token.empty()) job.tokens.push_back(target.token->name);
  }
  job.start_at_ms = start_at_ms;
  job.seconds = (s.duration_ms + s.warmup_ms + s.timeout_ms) / 1000 + 120;
  const double share = 1.0 / segments;
  const double rate = requests_a_second(run.plan) * share;
  const double streams = static_cast<double>(run.plan.whole_streams) * share;
  const double places = std::max(1.0, static_cast<double>(s.concurrency) * share);
  job.milli_cpu = static_cast<std::uint64_t>(
      std::clamp(std::ceil(1000 * (rate / requests_per_core + streams / streams_per_core)), 100.0, 1000.0));
  job.mebibytes = base_mebibytes + static_cast<std::uint64_t>(
                                       std::ceil((streams * stream_kibibytes + places * request_kibibytes) / 1024));
  return job;
}

}  // namespace launchgate::load
