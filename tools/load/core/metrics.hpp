#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/document/json_document.hpp"
#include "lib/document/json_writer.hpp"
#include "load/core/catalogue.hpp"

namespace launchgate::load {

// Values of the catalogue's series at one scrape of one target, by index of the series.
using ScrapeValues = std::map<Index, double>;

// Reads the catalogue's series from an exposition. `malformed` receives the number of lines that could not be read.
ScrapeValues read_series(const Catalogue& catalogue, Index target, std::string_view text, std::size_t& malformed);

// One series on one target over the run. Counters are followed across resets: a value below the last one means that the
// process began again from 0.
class SeriesTracker {
 public:
  void add(double value, bool counter, bool from_zero, bool first_scrape);

  std::optional<double> first() const { return first_; }
  std::optional<double> last() const { return last_; }
  double worst() const { return worst_; }
  // Growth of a counter, or last minus first of a gauge.
  double delta() const { return counter_ ? grown_ : last_.value_or(0) - first_.value_or(0); }
  std::uint64_t resets() const { return resets_; }
  // What another process saw of the same series: a gauge counts where it was worst, a counter where it grew most.
  void merge(const SeriesTracker& other);
  // For a journal, whose lines of many seconds hold where a series stood and not each value.
  std::vector<std::optional<double>> state() const;
  void restore(const std::vector<std::optional<double>>& state, bool counter);
  // The answered scrape, counted from 1, in which it was last seen.
  std::uint64_t seen_at = 0;

 private:
  bool counter_ = false;
  std::optional<double> first_;
  std::optional<double> last_;
  double worst_ = 0;
  double grown_ = 0;
  std::uint64_t resets_ = 0;
};

struct SeriesResult {
  std::optional<double> before;
  std::optional<double> after;
  std::optional<double> delta;
  std::optional<double> worst;
  std::uint64_t resets = 0;
};

class MetricsRecord {
 public:
  explicit MetricsRecord(const Catalogue& catalogue) : catalogue_(&catalogue), targets_(catalogue.targets.size()) {}

  // The first scrape of a target is its "before".
  void add(Index target, const ScrapeValues& values);
  void add_failure(Index target, std::uint64_t times = 1) { targets_[target].failures += times; }
  // Why a scrape failed: a status, or the name of a failure.
  void add_failure(Index target, const std::string& why) {
    ++targets_[target].failures;
    ++targets_[target].refusals[why];
  }
  const std::map<std::string, std::uint64_t>& refusals(Index target) const { return targets_[target].refusals; }
  void set_refusals(Index target, std::map<std::string, std::uint64_t> refusals) {
    targets_[target].refusals = std::move(refusals);
  }
  void add_malformed(std::size_t lines) { malformed_lines_ += lines; }

  // Over targets: the sum, or the largest, as the series says.
  SeriesResult result(Index series) const;
  bool scraped() const;
  // Seen before, but not in the last answer. A scrape that was refused tells nothing of it.
  bool vanished(Index series) const;
  std::uint64_t scrapes(Index target) const { return targets_[target].scrapes; }
  std::uint64_t failures(Index target) const { return targets_[target].failures; }
  std::uint64_t malformed_lines() const { return malformed_lines_; }
  // Adds what another process scraped of the same targets; their counters are not counted twice.
  void merge(const MetricsRecord& other);
  void write(document::JsonWriter& json) const;
  // In place of what was there.
  void read(const document::JsonValue& object);

 private:
  struct Target {
    std::map<Index, SeriesTracker> series;
    std::uint64_t scrapes = 0;
    std::uint64_t failures = 0;
    std::map<std::string, std::uint64_t> refusals;
  };
  const Catalogue* catalogue_;
  std::vector<Target> targets_;
  std::uint64_t malformed_lines_ = 0;
};

}  // namespace launchgate::load
