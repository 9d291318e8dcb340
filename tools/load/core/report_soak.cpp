#include <fmt/format.h>

#include "load/core/report.hpp"
#include "load/core/text.hpp"

namespace launchgate::load {

namespace {

std::string at_hours(double hours) { return human_duration(static_cast<std::int64_t>(hours * 3.6e6)); }

}  // namespace

void write_soak(document::JsonWriter& json, const SoakAnalysis& soak) {
  json.key("soak").begin_object();
  json.member("hours", rounded(soak.hours, 4)).member("profileHours", rounded(soak.profile_hours, 4));
  json.member("bucketSeconds", soak.bucket_seconds);
  json.key("series").begin_array();
  for (const SoakSeries& one : soak.series) {
    json.begin_object().member("name", one.name);
    if (!one.target.empty()) json.member("target", one.target);
    json.member("unit", one.unit).member("samples", one.samples).member("judged", one.judged);
    if (one.judged) {
      json.member("level", rounded(one.level, 4)).member("perHour", rounded(one.per_hour, 6));
      json.member("projected", rounded(one.projected, 4)).member("p", rounded(one.p, 6)).member("wave", one.wave);
      json.member("grows", one.grows).key("stepsAtHours").begin_array();
      for (const double at : one.steps) json.value(rounded(at, 4));
      json.end_array();
    }
    json.end_object();
  }
  json.end_array().key("worstWindows").begin_array();
  for (const WorstWindow& one : soak.windows) {
    json.begin_object()
        .member("check", one.check)
        .member("fromHours", rounded(one.from_hours, 4))
        .member("toHours", rounded(one.to_hours, 4));
    json.member("share", rounded(one.share, 6))
        .member("allowed", rounded(one.allowed, 6))
        .member("passed", one.passed)
        .member("message", one.message)
        .end_object();
  }
  json.end_array().end_object();
}

std::string soak_markdown(const SoakAnalysis& soak) {
  std::string out = "## Soak Analysis\n\n";
  out += fmt::format("{} were measured in stretches of {}; growth is projected to {}.\n\n", at_hours(soak.hours),
                     at_hours(soak.bucket_seconds / 3600), at_hours(soak.profile_hours));
  out +=
      "| series | samples | level | an hour | within the soak | p | steps | growth "
      "|\n|---|---:|---:|---:|---:|---:|---|---|\n";
  for (const SoakSeries& one : soak.series) {
    const std::string name = markdown_escaped(one.target.empty() ? one.name : one.name + " of " + one.target);
    if (!one.judged) {
      out += fmt::format("| {} | {} | – | – | – | – | – | not evaluated |\n", name, one.samples);
      continue;
    }
    std::string steps;
    for (const double at : one.steps) steps += (steps.empty() ? "" : ", ") + at_hours(at);
    out += fmt::format("| {} ({}) | {} | {} | {} | {} | {} | {} | {} |\n", name, markdown_escaped(one.unit),
                       one.samples, number(one.level, 2), number(one.per_hour, 3), number(one.projected, 2),
                       number(one.p, 4), steps.empty() ? "–" : steps, one.grows ? "**yes**: " + one.why : "no");
  }
  out += '\n';
  for (const WorstWindow& one : soak.windows)
    out += fmt::format("- {}: {}\n", markdown_escaped(one.check), markdown_escaped(one.message));
  if (!soak.windows.empty()) out += '\n';
  return out;
}

}  // namespace launchgate::load
