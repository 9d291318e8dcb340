#include "load/page/charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "load/core/plan.hpp"
#include "load/core/text.hpp"

namespace launchgate::load {

namespace {

using page::Chart;
using page::clock_time;
using page::figure;
using page::Line;
using page::no_value;

Chart time_chart(const Timeline& timeline, std::string id, std::string title, std::string unit,
                 const std::vector<Margin>& failed) {
  Chart chart;
  chart.id = std::move(id);
  chart.title = std::move(title);
  chart.unit = std::move(unit);
  chart.to = timeline.seconds;
  chart.wall_ms = timeline.started_ms;
  chart.width = timeline.column_seconds;
  for (std::size_t i = 0; i < timeline.columns.size(); ++i) {
    chart.xs.push_back(middle(timeline, i));
    if (timeline.columns[i].lines > 0) continue;
    const double from = static_cast<double>(i) * timeline.column_seconds;
    chart.gaps.push_back({from, std::min(from + timeline.column_seconds, timeline.seconds)});
  }
  for (const Margin& margin : failed) {
    if (margin.chart == chart.id && margin.moment) chart.moments.push_back({*margin.moment, margin.check});
  }
  // More would hide what they mark.
  if (chart.moments.size() > 3) chart.moments.resize(3);
  return chart;
}

template <typename Value>
std::vector<double> each(const Timeline& timeline, const Value& value) {
  std::vector<double> out;
  for (const TimelineColumn& column : timeline.columns) out.push_back(column.lines == 0 ? no_value : value(column));
  return out;
}

Line extent_area(const Timeline& timeline, std::string name, int colour, const auto& extent) {
  Line line{std::move(name), colour, 0, page::Mark::area, {}, {}};
  const auto known = [&](const TimelineColumn& column, double value) {
    return extent(column).count == 0 ? no_value : value;
  };
  line.values = each(timeline, [&](const TimelineColumn& c) { return known(c, extent(c).high); });
  line.low = each(timeline, [&](const TimelineColumn& c) { return known(c, extent(c).low); });
  return line;
}

// Where the largest of the values is; none when there is no value.
std::optional<std::size_t> largest(const std::vector<double>& values) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i]) && (!best || values[i] > values[*best])) best = i;
  }
  return best;
}

std::string gap_words(const Chart& chart) {
  if (chart.gaps.empty()) return "";
  double seconds = 0;
  for (const page::Span& gap : chart.gaps) seconds += gap.to - gap.from;
  return fmt::format(" Nothing was recorded for {} (grey).", human_duration(static_cast<std::int64_t>(seconds * 1000)));
}

// The median of the slopes between all pairs (Theil 1950, Sen 1968), with the intercept that halves what is left.
std::optional<Line> trend(const Chart& chart, const std::vector<double>& values) {
  std::vector<std::size_t> known;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i])) known.push_back(i);
  }
  if (known.size() < 8) return std::nullopt;
  const auto median = [](std::vector<double>& list) {
    std::nth_element(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(list.size() / 2), list.end());
    return list[list.size() / 2];
  };
  std::vector<double> slopes;
  for (std::size_t i = 0; i < known.size(); ++i) {
    for (std::size_t j = i + 1; j < known.size(); ++j)
      slopes.push_back((values[known[j]] - values[known[i]]) / (chart.xs[known[j]] - chart.xs[known[i]]));
  }
  const double slope = median(slopes);
  std::vector<double> rest;
  for (const std::size_t i : known) rest.push_back(values[i] - slope * chart.xs[i]);
  const double level = median(rest);
  Line line{"trend", 4, 1, page::Mark::line, std::vector<double>(values.size(), no_value), {}};
  for (std::size_t i = known.front(); i <= known.back(); ++i)
    line.values[i] = std::max(0.0, level + slope * chart.xs[i]);
  return line;
}

Chart latency_of(const ReportSource& source, Index category, const std::vector<Margin>& failed) {
  const Timeline& timeline = *source.timeline;
  const std::string& title = source.catalogue.categories[category].title;
  Chart chart = time_chart(timeline, latency_chart(category), title + ": response time", "ms", failed);
  const auto percentile = [&](double percent) {
    return each(timeline, [&](const TimelineColumn& column) {
      const Histogram& h = column.response[category];
      return h.empty() ? no_value : h.percentile_ms(percent);
    });
  };
  Line range{"least to most", 4, 0, page::Mark::area, {}, {}};
  range.values = percentile(100);
  range.low = each(timeline, [&](const TimelineColumn& column) {
    return column.response[category].empty() ? no_value : column.response[category].min_ms();
  });
  const auto peak = largest(range.values);
  chart.lines = {std::move(range),
                 {"p50", 2, 2, page::Mark::line, percentile(50), {}},
                 {"p95", 0, 0, page::Mark::line, percentile(95), {}},
                 {"p99", 1, 1, page::Mark::line, percentile(99), {}}};
  const Histogram& whole = timeline.response[category];
  chart.summary = fmt::format("Half of {} requests were answered within {} ms, 95 % within {} ms, 99 % within {} ms.",
                              figure(static_cast<double>(whole.count())), figure(whole.percentile_ms(50)),
                              figure(whole.percentile_ms(95)), figure(whole.percentile_ms(99)));
  if (peak)
    chart.summary +=
        fmt::format(" The slowest took {} ms, at {}.", figure(whole.max_ms()), clock_time(chart.xs[*peak]));
  for (const GateSpec& gate : source.catalogue.gates) {
    const auto limit = at(source.report, {"targets", "thresholds", gate.threshold});
    if (gate.measure != Measure::latency || !limit) continue;
    if (std::find(gate.categories.begin(), gate.categories.end(), category) == gate.categories.end()) continue;
    chart.limits.push_back(
        {fmt::format("p{} limit {} ms", number(gate.percentile), figure(limit->number())), limit->number()});
    chart.summary += fmt::format(" The limit for p{} is {} ms.", number(gate.percentile), figure(limit->number()));
  }
  double most = whole.max_ms();
  for (const page::Limit& limit : chart.limits) most = std::max(most, limit.value);
  chart.log_values = most > 12 * whole.percentile_ms(50);
  if (chart.log_values) chart.unit = "ms";
  chart.summary += gap_words(chart);
  return chart;
}

double asked_rate(const Plan& plan) {
  double rate = 0;
  for (const PlannedOperation& planned : plan.operations) rate += planned.held ? 0 : planned.per_second;
  return rate;
}

Chart errors_of(const Timeline& timeline, const std::vector<Margin>& failed) {
  Chart chart = time_chart(timeline, std::string(error_chart), "Failures by kind", "a second", failed);
  std::vector<double> base(timeline.columns.size(), 0);
  std::string kinds;
  int colour = 0;
  for (const Outcome outcome : {Outcome::server_error, Outcome::failed, Outcome::client_error, Outcome::rejected,
                                Outcome::bad_body, Outcome::other_status, Outcome::redirect}) {
    const auto place = static_cast<std::size_t>(outcome);
    std::uint64_t total = 0;
    for (const TimelineColumn& column : timeline.columns) total += column.outcomes[place];
    constexpr std::array order = {1, 3, 0, 5, 2, 4, 6};
    const int own = order[static_cast<std::size_t>(colour++)];
    if (total == 0) continue;
    Line line{std::string(name(outcome)), own, 0, page::Mark::bars, {}, base};
    for (std::size_t i = 0; i < timeline.columns.size(); ++i) {
      const TimelineColumn& column = timeline.columns[i];
      if (column.lines > 0) base[i] += static_cast<double>(column.outcomes[place]) / column.lines;
      line.values.push_back(column.lines == 0 ? no_value : base[i]);
    }
    kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", total, name(outcome));
    chart.lines.push_back(std::move(line));
  }
  if (kinds.empty()) return chart;
  const auto peak = largest(base);
  chart.summary = fmt::format("{}; most at {}.", kinds, clock_time(chart.xs[*peak])) + gap_words(chart);
  return chart;
}

}  // namespace

std::vector<Chart> latency_charts(const ReportSource& source, const std::vector<Margin>& failed) {
  std::vector<Chart> charts;
  for (Index category = 0; category < source.catalogue.categories.size(); ++category) {
    if (!source.timeline->response[category].empty()) charts.push_back(latency_of(source, category, failed));
  }
  return charts;
}

std::vector<Chart> rate_charts(const ReportSource& source, const std::vector<Margin>& failed) {
  const Timeline& timeline = *source.timeline;
  std::vector<Chart> charts;
  Chart rate = time_chart(timeline, std::string(rate_chart), "Answers", "a second", failed);
  const auto extent = [](const TimelineColumn& column) -> const Extent& { return column.rate; };
  if (timeline.column_seconds > 1) rate.lines.push_back(extent_area(timeline, "least to most", 4, extent));
  rate.lines.push_back(
      {"mean",
       0,
       0,
       page::Mark::line,
       each(timeline, [](const TimelineColumn& c) { return c.rate.count == 0 ? no_value : c.rate.mean(); }),
       {}});
  const double asked = asked_rate(timeline.header->plan);
  rate.limits.push_back({"asked for " + figure(asked), asked});
  Extent whole;
  for (const TimelineColumn& column : timeline.columns) whole.merge(column.rate);
  rate.summary = fmt::format("{} answers a second on average, {} asked for.", figure(whole.mean()), figure(asked)) +
                 gap_words(rate);
  charts.push_back(std::move(rate));
  Chart errors = errors_of(timeline, failed);
  if (!errors.lines.empty()) charts.push_back(std::move(errors));
  return charts;
}

std::vector<Chart> stream_charts(const ReportSource& source, const std::vector<Margin>& failed) {
  const Timeline& timeline = *source.timeline;
  const auto streams = at(source.report, {"streams"});
  if (!streams || number_in(*streams, "target") == 0) return {};
  Chart chart = time_chart(timeline, std::string(stream_chart), "Streams held", "", failed);
  const auto held = [](const TimelineColumn& column) -> const Extent& { return column.held; };
  chart.lines = {
      extent_area(timeline, "least to most", 4, held),
      {"held", 2, 0, page::Mark::line, each(timeline, [](const TimelineColumn& c) { return c.held.last; }), {}}};
  chart.limits.push_back({"target " + figure(number_in(*streams, "target")), number_in(*streams, "target")});
  chart.summary =
      fmt::format("{} of {} streams on average, {} at least; {} reconnects, {} gaps in event numbers, {} times silent.",
                  figure(number_in(*streams, "heldMean")), figure(number_in(*streams, "target")),
                  figure(number_in(*streams, "heldLeast")), figure(number_in(*streams, "reconnects")),
                  figure(number_in(*streams, "gaps")), figure(number_in(*streams, "silent")));
  return {std::move(chart)};
}

std::vector<Chart> metric_charts(const ReportSource& source, const std::vector<Margin>& failed) {
  const Timeline& timeline = *source.timeline;
  std::vector<Chart> charts;
  for (Index series = 0; series < source.catalogue.series.size(); ++series) {
    const SeriesSpec& spec = source.catalogue.series[series];
    const auto extent = [&](const TimelineColumn& column) -> const Extent& { return column.metrics[series]; };
    Extent whole;
    for (const TimelineColumn& column : timeline.columns) {
      if (column.lines > 0) whole.merge(column.metrics[series]);
    }
    if (whole.count == 0) continue;
    std::string title = spec.title;
    if (!title.empty() && title.front() >= 'a' && title.front() <= 'z')
      title.front() = static_cast<char>(title.front() - 'a' + 'A');
    Chart chart = time_chart(timeline, metric_chart(series), std::move(title), spec.unit, failed);
    // Columns without a scrape are no gaps of the run.
    std::vector<double> last =
        each(timeline, [&](const TimelineColumn& c) { return extent(c).count == 0 ? no_value : extent(c).last; });
    double before = no_value;
    for (std::size_t i = 0; i < last.size(); ++i) {
      if (timeline.columns[i].lines > 0 && std::isnan(last[i])) last[i] = before;
      before = last[i];
    }
    auto slope = trend(chart, last);
    if (!spec.counter && timeline.column_seconds > 1)
      chart.lines.push_back(extent_area(timeline, "least to most", 4, extent));
    chart.lines.push_back({spec.counter ? "total" : "last", 3, 0, page::Mark::line, std::move(last), {}});
    if (slope) chart.lines.push_back(*std::move(slope));
    chart.summary =
        fmt::format("{}: from {} to {}, {} at most.", spec.metric,
                    figure(number_in(at(source.report, {"metrics", "before"}).value_or(source.report), spec.metric)),
                    figure(whole.last), figure(whole.high));
    for (const GateSpec& gate : source.catalogue.gates) {
      const auto limit = at(source.report, {"targets", "thresholds", gate.threshold});
      if (gate.measure != Measure::worst || gate.series != series || !limit) continue;
      chart.limits.push_back({"limit " + figure(limit->number()), limit->number()});
    }
    chart.summary += gap_words(chart);
    charts.push_back(std::move(chart));
  }
  return charts;
}

std::vector<Chart> distribution_charts(const ReportSource& source) {
  const Timeline& timeline = *source.timeline;
  constexpr std::size_t bins = 48;
  double least = 1e300;
  double most = 0;
  std::uint64_t requests = 0;
  for (const Histogram& h : timeline.response) {
    if (h.empty()) continue;
    least = std::min(least, std::max(h.min_ms(), 0.01));
    most = std::max(most, h.max_ms());
    requests = std::max(requests, h.count());
  }
  if (most <= 0) return {};
  const double from = std::pow(10, std::floor(std::log10(least)));
  const double to = std::max(std::pow(10, std::ceil(std::log10(most))), from * 10);
  const double ratio = std::pow(to / from, 1.0 / bins);
  Chart spread;
  spread.id = "c-distribution";
  spread.title = "Response times, spread";
  spread.unit = "% of requests";
  spread.axis = page::Axis::logarithmic;
  spread.from = from;
  spread.to = to;
  Chart spectrum;
  spectrum.id = "c-spectrum";
  spectrum.title = "Response time by percentile";
  spectrum.unit = "ms";
  spectrum.axis = page::Axis::percentile;
  spectrum.log_values = most > 12 * least;
  spectrum.to = std::max(2.0, std::ceil(std::log10(static_cast<double>(requests))));
  for (std::size_t i = 0; i < bins; ++i) spread.xs.push_back(from * std::pow(ratio, static_cast<double>(i) + 0.5));
  const auto points = static_cast<std::size_t>(spectrum.to * 16);
  for (std::size_t i = 0; i <= points; ++i)
    spectrum.xs.push_back(spectrum.to * static_cast<double>(i) / static_cast<double>(points));
  constexpr std::array<int, 7> order = {0, 1, 2, 3, 5, 4, 6};
  std::size_t place = 0;
  for (Index category = 0; category < timeline.response.size(); ++category) {
    const Histogram& h = timeline.response[category];
    if (h.empty()) continue;
    const int colour = order[place % order.size()];
    Line line{
        source.catalogue.categories[category].title, colour, static_cast<int>(place % 4), page::Mark::line, {}, {}};
    ++place;
    std::vector<double> shares(bins, 0);
    const std::vector<std::uint64_t> runs = h.sparse();
    std::uint32_t bucket = 0;
    for (std::size_t i = 0; i + 1 < runs.size(); i += 2) {
      bucket += static_cast<std::uint32_t>(runs[i]);
      const double ms = std::max(Histogram::bucket_ms(bucket), from);
      const auto bin = static_cast<std::size_t>(std::log(ms / from) / std::log(ratio));
      shares[std::min(bin, bins - 1)] += 100.0 * static_cast<double>(runs[i + 1]) / static_cast<double>(h.count());
    }
    line.values = std::move(shares);
    spread.lines.push_back(line);
    line.values.clear();
    for (const double nines : spectrum.xs)
      line.values.push_back(std::pow(10, -nines) * static_cast<double>(h.count()) < 1
                                ? no_value
                                : h.percentile_ms(100 * (1 - std::pow(10, -nines))));
    spectrum.lines.push_back(std::move(line));
    spectrum.summary += fmt::format("{}{}: p50 {} ms, p99.9 {} ms, at most {} ms", spectrum.summary.empty() ? "" : "; ",
                                    source.catalogue.categories[category].title, figure(h.percentile_ms(50)),
                                    figure(h.percentile_ms(99.9)), figure(h.max_ms()));
  }
  spectrum.summary += ".";
  spread.summary = fmt::format("Between {} and {} ms, on a logarithmic scale.", figure(least), figure(most));
  return {std::move(spread), std::move(spectrum)};
}

std::vector<Chart> generator_charts(const ReportSource& source) {
  const Timeline& timeline = *source.timeline;
  Chart late = time_chart(timeline, std::string(generator_chart), "Lateness of the generator", "ms", {});
  const auto percentile = [&](double percent) {
    return each(timeline, [&](const TimelineColumn& c) {
      return c.lateness.empty() ? no_value : c.lateness.percentile_ms(percent);
    });
  };
  late.lines = {{"p50", 2, 2, page::Mark::line, percentile(50), {}},
                {"p99", 1, 0, page::Mark::line, percentile(99), {}},
                {"most", 4, 1, page::Mark::line, percentile(100), {}}};
  late.log_values =
      timeline.lateness.max_ms() > 12 * timeline.lateness.percentile_ms(50) && timeline.lateness.percentile_ms(50) > 0;
  late.summary =
      fmt::format("99 % of the requests were sent within {} ms of when they could be, the last within {} ms.",
                  figure(timeline.lateness.percentile_ms(99)), figure(timeline.lateness.max_ms()));
  Chart cpu = time_chart(timeline, "c-cpu", "Processor time of the generator", "% of a core", {});
  Extent whole;
  for (const TimelineColumn& column : timeline.columns) whole.merge(column.cpu);
  const auto share = [&](double Extent::*part) {
    return each(timeline, [&](const TimelineColumn& c) { return c.cpu.count == 0 ? no_value : 100 * (c.cpu.*part); });
  };
  cpu.lines = {
      {"most", 4, 1, page::Mark::line, share(&Extent::high), {}},
      {"mean",
       0,
       0,
       page::Mark::line,
       each(timeline, [](const TimelineColumn& c) { return c.cpu.count == 0 ? no_value : 100 * c.cpu.mean(); }),
       {}}};
  cpu.limits.push_back({"one core", 100});
  cpu.summary = fmt::format("{} % of one core on average, {} % in the busiest second.", figure(100 * whole.mean()),
                            figure(100 * whole.high));
  return {std::move(late), std::move(cpu)};
}

}  // namespace launchgate::load
