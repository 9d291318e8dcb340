#pragma once

#include <vector>

#include "lib/page/chart.hpp"
#include "load/page/figures.hpp"

// The charts of a run, from its timeline; `failed` are the checks whose moment is marked.
namespace launchgate::load {

// Response times by category, with the limits of the gates.
std::vector<page::Chart> latency_charts(const ReportSource& source, const std::vector<Margin>& failed);
// Answers a second against what was asked for, and failures by kind.
std::vector<page::Chart> rate_charts(const ReportSource& source, const std::vector<Margin>& failed);
std::vector<page::Chart> stream_charts(const ReportSource& source, const std::vector<Margin>& failed);
std::vector<page::Chart> metric_charts(const ReportSource& source, const std::vector<Margin>& failed);
// How response times are spread, and how they rise towards the last percentiles.
std::vector<page::Chart> distribution_charts(const ReportSource& source);
// The generator's own lateness and processor time.
std::vector<page::Chart> generator_charts(const ReportSource& source);

}  // namespace launchgate::load
