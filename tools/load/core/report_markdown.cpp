#include <fmt/format.h>

#include "lib/base/rfc3339.hpp"
#include "lib/document/json_document.hpp"
#include "load/core/report.hpp"
#include "load/core/text.hpp"

namespace launchgate::load {

namespace {

std::string ms(const Histogram& histogram, double percent) {
  return histogram.empty() ? "–" : number(histogram.percentile_ms(percent), 2);
}

std::string optional_number(const std::optional<double>& value) { return value ? number(*value) : "–"; }

void list_item(std::string& out, std::string_view name, std::string_view value) {
  out += fmt::format("- {}: {}\n", name, markdown_escaped(value));
}

void summary_table(std::string& out, const std::vector<std::pair<std::string, const Tally*>>& rows,
                   std::string_view first) {
  out += fmt::format("| {} | count | failures | error rate | p50 ms | p95 ms | p99 ms | statuses |\n", first);
  out += "|---|---:|---:|---:|---:|---:|---:|---|\n";
  for (const auto& [name, tally] : rows) {
    std::string statuses;
    for (const auto& [status, n] : tally->statuses)
      statuses += fmt::format("{}{} × {}", statuses.empty() ? "" : ", ", n, status);
    out += fmt::format("| {} | {} | {} | {} % | {} | {} | {} | {} |\n", markdown_escaped(name), tally->count,
                       tally->failures, number(tally->error_rate() * 100, 3), ms(tally->response, 50),
                       ms(tally->response, 95), ms(tally->response, 99), markdown_escaped(statuses));
  }
  out += '\n';
}

void metadata(std::string& out, const RunPlan& run, const RunRecord& record, const Verdict& verdict,
              const Redactor& redact) {
  const Settings& settings = run.settings;
  out += "## Evidence Metadata\n\n";
  list_item(out, "Result", verdict.overall);
  list_item(out, "Command", evidence_command(run.catalogue, settings));
  list_item(out, "Profile", run.profile.name);
  list_item(out, "Mode", std::string(name(settings.mode)) + (settings.strict ? ", strict" : ""));
  list_item(out, "Commit SHA", redact(settings.commit_sha));
  for (std::size_t i = 0; i < run.catalogue.targets.size(); ++i) {
    const TargetSpec& target = run.catalogue.targets[i];
    list_item(out, target.title + " image digest", redact(settings.targets[i].image_digest));
  }
  for (std::size_t i = 0; i < run.catalogue.targets.size(); ++i) {
    const TargetSpec& target = run.catalogue.targets[i];
    list_item(out, target.title + " URL",
              settings.targets[i].skipped ? "skipped" : redact(scrubbed_url(settings.targets[i].url)));
    if (target.token) list_item(out, target.token->title + " given", settings.targets[i].token.empty() ? "no" : "yes");
  }
  const auto yes = [](bool flag) { return flag ? "on" : "off"; };
  list_item(out, "Mutations, streams, operator checks",
            fmt::format("{}, {}, {}", yes(settings.include_mutations), yes(settings.include_sse),
                        yes(settings.include_operator)));
  list_item(out, "Started", base::format_date_time_ms(record.started_wall_ms));
  list_item(out, "Finished", base::format_date_time_ms(record.finished_wall_ms));
  list_item(out, "Measured", human_duration(record.measured / millisecond));
  if (record.interrupted) list_item(out, "Interrupted", record.interruption);
  out += '\n';
}

// What the catalogue calls such a page; `usual` where it says nothing of it.
std::string page_title(const Catalogue& catalogue, std::string_view kind, const std::string& usual) {
  const auto document = document::JsonDocument::parse("", catalogue.text);
  const auto title = document ? document->at("/titles/" + std::string(kind)) : std::nullopt;
  return title && !title->string().empty() ? std::string(title->string()) : usual + ": " + catalogue.title;
}

void threshold_table(std::string& out, const Profile& profile) {
  out += "| threshold | value |\n|---|---:|\n";
  for (const auto& [name, value] : profile.thresholds)
    out += fmt::format("| {} | {} |\n", markdown_escaped(name), number(value, 4));
}

void target_section(std::string& out, const RunPlan& run, const RunRecord& record) {
  out += "## Targets\n\n| capacity target | target | achieved |\n|---|---:|---:|\n";
  const auto attained = attainments(run, record);
  for (const auto& [name, value] : run.profile.capacity_targets) {
    std::string achieved;
    for (const Attainment& one : attained) {
      if (one.name == name) achieved = number(one.achieved, 2) + (one.capped ? " (until the limit of creates)" : "");
    }
    for (const DrivenTarget& driven : run.plan.driven) {
      if (driven.name == name && driven.per_seconds == 0)
        achieved = number(record.streams.held_mean, 1) + " held on average";
    }
    if (achieved.empty()) {
      const auto reason = run.catalogue.undriven.find(name);
      achieved = reason == run.catalogue.undriven.end() ? "not driven" : "not driven: " + reason->second;
    }
    out += fmt::format("| {} | {} | {} |\n", markdown_escaped(name), number(value), markdown_escaped(achieved));
  }
  out += '\n';
  threshold_table(out, run.profile);
  out += '\n';
}

void segment_section(std::string& out, const RunRecord& record) {
  if (record.segments.empty()) return;
  out +=
      "## Segments\n\n| segment | state | began late | measured | requests | not sent "
      "|\n|---:|---|---:|---:|---:|---:|\n";
  for (const SegmentRecord& one : record.segments) {
    if (one.missing) {
      out += fmt::format("| {} | missing | | | | |\n", one.segment);
      continue;
    }
    const std::string state = one.recovered              ? "recovered from its timeline"
                              : one.interruption.empty() ? "measured"
                                                         : one.interruption;
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", one.segment, markdown_escaped(state),
                       human_duration(one.late / millisecond), human_duration(one.measured / millisecond), one.requests,
                       one.unsent);
  }
  out += '\n';
}

void metrics_section(std::string& out, const RunPlan& run, const RunRecord& record) {
  out += "## Metrics Snapshot\n\n";
  if (!record.metrics.scraped()) {
    out += "No metrics were read.\n\n";
    return;
  }
  out += "| metric | before | after | difference | worst |\n|---|---:|---:|---:|---:|\n";
  for (Index i = 0; i < run.catalogue.series.size(); ++i) {
    const SeriesResult result = record.metrics.result(i);
    out += fmt::format("| {} | {} | {} | {} | {} |\n", markdown_escaped(run.catalogue.series[i].metric),
                       optional_number(result.before), optional_number(result.after), optional_number(result.delta),
                       optional_number(result.worst));
  }
  out += '\n';
}

void next_actions(std::string& out, const Verdict& verdict) {
  out += "## Next Actions\n\n";
  bool any = false;
  for (const Check& check : verdict.checks) {
    if (check.passed || check.name.starts_with("strict-warning-")) continue;
    out +=
        fmt::format("- Give `{}` a disposition (immediate fix, follow-up issue, or out of scope for the tier): {}.\n",
                    markdown_escaped(check.name), markdown_escaped(check.message));
    any = true;
  }
  for (const Warning& warning : verdict.warnings) {
    out += fmt::format("- {}: {}.\n", markdown_escaped(warning.message), markdown_escaped(warning.help));
    any = true;
  }
  if (!any) out += "- Attach this report to the evidence record.\n";
}

}  // namespace

std::string markdown_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      out += ' ';
      continue;
    }
    if (c == '|' || c == '<' || c == '`' || c == '[' || c == ']' || c == '*' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string report_markdown(const RunPlan& run, const RunRecord& record, const Verdict& verdict, const Redactor& redact,
                            std::int64_t generated_wall_ms) {
  const std::string kind = run.settings.mode == Mode::soak ? "Soak report" : "Load report";
  std::string out = fmt::format("# {}: {}, {}\n\n", markdown_escaped(page_title(run.catalogue, "report", kind)),
                                name(run.settings.mode), markdown_escaped(run.profile.name));
  out += fmt::format("**{}** · written {}\n\n", verdict.overall, base::format_date_time_ms(generated_wall_ms));
  metadata(out, run, record, verdict, redact);
  target_section(out, run, record);
  out += "## Gate Checks\n\n| check | status | message |\n|---|---|---|\n";
  for (const bool passed : {false, true}) {
    for (const Check& check : verdict.checks) {
      if (check.passed != passed) continue;
      out += fmt::format("| {} | {} | {} |\n", markdown_escaped(check.name), passed ? "pass" : "**fail**",
                         markdown_escaped(check.message));
    }
  }
  out += "\n## Warnings\n\n";
  for (const Warning& warning : verdict.warnings) out += fmt::format("- {}\n", markdown_escaped(warning.message));
  if (verdict.warnings.empty()) out += "None.\n";
  out +=
      "\n## Operation Summary\n\nResponse times count from the intended start, so that waiting for a stalled server is "
      "part of them.\n\n";
  if (record.transport.retried > 0)
    out +=
        fmt::format("{} requests were sent again, because their kept-alive connection was closed before an answer.\n\n",
                    record.transport.retried);
  std::vector<std::pair<std::string, const Tally*>> rows;
  for (const Series& series : record.measurements.series()) rows.emplace_back(series.name, &series.total);
  summary_table(out, rows, "operation");
  std::vector<Tally> categories;
  for (Index i = 0; i < run.catalogue.categories.size(); ++i) categories.push_back(record.measurements.category(i));
  rows.clear();
  for (Index i = 0; i < run.catalogue.categories.size(); ++i) {
    if (categories[i].count > 0) rows.emplace_back(run.catalogue.categories[i].title, &categories[i]);
  }
  out += "## Category Summary\n\n";
  summary_table(out, rows, "category");
  metrics_section(out, run, record);
  segment_section(out, record);
  if (verdict.soak) out += soak_markdown(*verdict.soak);
  next_actions(out, verdict);
  return out;
}

std::string plan_markdown(const RunPlan& run, const Redactor& redact, std::int64_t generated_wall_ms) {
  const Settings& settings = run.settings;
  std::string out =
      fmt::format("# {}: {}\n\n", markdown_escaped(page_title(run.catalogue, "plan", "Launch readiness plan")),
                  markdown_escaped(run.profile.name));
  out += fmt::format("Written {}.\n\n", base::format_date_time_ms(generated_wall_ms));
  if (const std::string description = profile_description(run.profile); !description.empty())
    out += markdown_escaped(description) + "\n\n";
  out += "## Evidence Metadata\n\n";
  list_item(out, "Commit SHA", redact(settings.commit_sha));
  for (std::size_t i = 0; i < run.catalogue.targets.size(); ++i)
    list_item(out, run.catalogue.targets[i].title + " image digest", redact(settings.targets[i].image_digest));
  out += "\n## Run\n\n";
  list_item(out, "Load gate",
            fmt::format("{}, then drained for at most {}", human_duration(run.profile.duration_ms),
                        human_duration(settings.timeout_ms)));
  list_item(out, "Soak gate", human_duration(run.profile.soak_duration_ms));
  list_item(out, "Most requests in flight", std::to_string(settings.concurrency));
  list_item(out, "Shared rate", number(settings.request_rate) + " requests a second");
  list_item(out, "Streams held", std::to_string(run.plan.streams));
  for (std::size_t i = 0; i < run.catalogue.targets.size(); ++i) {
    list_item(out, run.catalogue.targets[i].title,
              settings.targets[i].skipped ? "skipped" : redact(scrubbed_url(settings.targets[i].url)));
  }
  out += "\n## Targets\n\n| capacity target | target |\n|---|---:|\n";
  for (const auto& [name, value] : run.profile.capacity_targets)
    out += fmt::format("| {} | {} |\n", markdown_escaped(name), number(value));
  out += '\n';
  threshold_table(out, run.profile);
  out += "\n## Operations\n\n| operation | request | paced by | per minute | requests |\n|---|---|---|---:|---:|\n";
  for (const PlannedOperation& planned : run.plan.operations) {
    const OperationSpec& op = run.catalogue.operations[planned.operation];
    out += fmt::format("| {} | {} {} | {} | {} | {} |\n", markdown_escaped(op.name), op.request.method,
                       markdown_escaped(op.request.shape), markdown_escaped(planned.paced_by),
                       planned.held ? "–" : number(planned.per_second * 60, 2),
                       planned.held ? "held" : std::to_string(planned.arrivals));
  }
  out += "\n## Left Out\n\n";
  for (const LeftOut& one : run.plan.left_out) {
    out += fmt::format("- {}: {}\n", markdown_escaped(run.catalogue.operations[one.operation].name),
                       markdown_escaped(one.reason));
  }
  if (run.plan.left_out.empty()) out += "Nothing.\n";
  out += "\n## Limits\n\n";
  for (std::size_t i = 0; i < run.catalogue.limits.size(); ++i) {
    out += fmt::format("- {}: at most {}{}; {} are scheduled, none is sent past the limit\n",
                       markdown_escaped(run.catalogue.limits[i].title), run.plan.limits[i].most,
                       run.plan.limits[i].given ? " (given)" : "", run.plan.limits[i].wanted);
  }
  out += "\n## Not Driven\n\n";
  for (const auto& [target, reason] : run.catalogue.undriven) {
    if (run.profile.capacity_targets.contains(target))
      out += fmt::format("- {}: {}\n", markdown_escaped(target), markdown_escaped(reason));
  }
  out += "\n## Warnings\n\n";
  for (const Warning& warning : run.plan.warnings)
    out += fmt::format("- {}: {}\n", markdown_escaped(warning.message), markdown_escaped(warning.help));
  if (run.plan.warnings.empty()) out += "None.\n";
  return out;
}

}  // namespace launchgate::load
