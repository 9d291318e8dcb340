#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/measure/histogram.hpp"
#include "load/core/catalogue.hpp"
#include "load/core/transport.hpp"

namespace launchgate::load {

using measure::Histogram;

// How one request ended.
enum class Outcome : std::uint8_t {
  success,
  tolerated,     // a status that a lenient run accepts
  rejected,      // by a quota, a rate limit or billing
  redirect,      // not followed
  client_error,  // another 4xx
  server_error,  // 5xx
  other_status,  // a status that the operation does not accept
  bad_body,      // the right status with a body that is not what it must be
  failed,        // no complete response: see Failure
};
inline constexpr std::size_t outcome_count = 9;
std::string_view name(Outcome outcome);

struct Sample {
  Outcome outcome = Outcome::success;
  Failure failure = Failure::none;
  int status = 0;                // 0: none
  std::string_view policy_code;  // of a rejection
  std::string_view note;         // redacted; what is shown of an error
  Nanoseconds response = 0;      // from the intended start
  Nanoseconds service = 0;       // from the send
  std::uint64_t bytes = 0;
};

// What was measured of one kind of request, over the run or over one second of it.
struct Tally {
  static constexpr std::size_t most_notes = 5;
  static constexpr std::size_t most_codes = 32;

  std::uint64_t count = 0;
  std::uint64_t failures = 0;  // everything but success and tolerated
  std::array<std::uint64_t, outcome_count> outcomes{};
  std::map<std::string, std::uint64_t> statuses;    // "200", or the name of the failure or outcome without a status
  std::map<std::string, std::uint64_t> rejections;  // by policy code
  std::vector<std::string> notes;                   // distinct, at most `most_notes`
  std::uint64_t bytes = 0;
  std::uint64_t unsent_capped = 0;        // arrivals past a limit
  std::uint64_t unsent_prerequisite = 0;  // arrivals whose id could not be made
  // Of successes, and of requests that ran into a timeout, which a user would have waited for.
  Histogram response;
  Histogram service;

  void add(const Sample& sample, bool rejection_is_failure);
  void merge(const Tally& other);
  void clear();
  double error_rate() const { return count == 0 ? 0 : static_cast<double>(failures) / static_cast<double>(count); }
};

// A kind of request that is measured: an operation, or the same sent to prepare another ("<operation>-setup").
struct Series {
  std::string name;
  Index category = 0;
  Index operation = 0;
  bool setup = false;
  bool planned = false;
  Tally total;
  Tally interval;  // since the last roll
  // Statuses of the interval, so that recording needs no text.
  std::array<std::uint32_t, 600> status_cells{};
};

class Measurements {
 public:
  Measurements(const Catalogue& catalogue, const std::vector<Index>& planned, bool rejection_is_failure);

  void record(Index operation, bool setup, const Sample& sample);
  // Adds what a journal holds to the totals.
  void merge(Index operation, bool setup, const Tally& tally) { series_[place(operation, setup)].total.merge(tally); }
  void count_unsent_capped(Index operation);
  void count_unsent_prerequisite(Index operation);

  // Completes the interval tallies of all series that saw something; they stay until roll().
  const std::vector<Series>& intervals();
  // Adds the intervals to the totals and starts the next.
  void roll();

  const std::vector<Series>& series() const { return series_; }
  std::vector<Series>& series() { return series_; }
  Tally category(Index category) const;
  Tally all() const;

 private:
  std::size_t place(Index operation, bool setup);
  static void flush_statuses(Series& series);

  const Catalogue& catalogue_;
  std::vector<Series> series_;
  std::vector<std::size_t> operation_place_;
  std::vector<std::optional<std::size_t>> setup_place_;
  bool rejection_is_failure_;
};

}  // namespace launchgate::load
