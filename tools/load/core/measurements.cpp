#include "load/core/measurements.hpp"

#include <algorithm>

namespace launchgate::load {

namespace {

constexpr std::array<std::string_view, outcome_count> outcome_names = {
    "success",      "tolerated",         "rejected", "redirect", "client-error",
    "server-error", "unexpected-status", "bad-body", "failed"};

bool is_timeout(Failure failure) {
  return failure == Failure::connect_timeout || failure == Failure::tls_timeout || failure == Failure::header_timeout ||
         failure == Failure::body_timeout;
}

void merge_counts(std::map<std::string, std::uint64_t>& into, const std::map<std::string, std::uint64_t>& from,
                  std::size_t most) {
  for (const auto& [key, n] : from) {
    const auto found = into.find(key);
    if (found != into.end()) {
      found->second += n;
    } else if (into.size() < most) {
      into.emplace(key, n);
    } else {
      into["other"] += n;
    }
  }
}

}  // namespace

std::string_view name(Outcome outcome) { return outcome_names[static_cast<std::size_t>(outcome)]; }

void Tally::add(const Sample& sample, bool rejection_is_failure) {
  ++count;
  bytes += sample.bytes;
  ++outcomes[static_cast<std::size_t>(sample.outcome)];
  const bool good = sample.outcome == Outcome::success || sample.outcome == Outcome::tolerated ||
                    (sample.outcome == Outcome::rejected && !rejection_is_failure);
  if (!good) ++failures;
  if (sample.outcome == Outcome::rejected) {
    const std::string code =
        sample.policy_code.empty() ? "status-" + std::to_string(sample.status) : std::string(sample.policy_code);
    merge_counts(rejections, {{code, 1}}, most_codes);
  }
  if (!sample.note.empty() && notes.size() < most_notes &&
      std::find(notes.begin(), notes.end(), sample.note) == notes.end()) {
    notes.emplace_back(sample.note);
  }
  if (sample.outcome == Outcome::success || (sample.outcome == Outcome::failed && is_timeout(sample.failure))) {
    response.record_us(sample.response / microsecond);
    service.record_us(sample.service / microsecond);
  }
}

void Tally::merge(const Tally& other) {
  count += other.count;
  failures += other.failures;
  bytes += other.bytes;
  unsent_capped += other.unsent_capped;
  unsent_prerequisite += other.unsent_prerequisite;
  for (std::size_t i = 0; i < outcome_count; ++i) outcomes[i] += other.outcomes[i];
  merge_counts(statuses, other.statuses, 700);
  merge_counts(rejections, other.rejections, most_codes);
  for (const std::string& note : other.notes) {
    if (notes.size() < most_notes && std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(note);
  }
  response.merge(other.response);
  service.merge(other.service);
}

void Tally::clear() {
  count = failures = bytes = unsent_capped = unsent_prerequisite = 0;
  outcomes.fill(0);
  statuses.clear();
  rejections.clear();
  notes.clear();
  response.clear();
  service.clear();
}

Measurements::Measurements(const Catalogue& catalogue, const std::vector<Index>& planned, bool rejection_is_failure)
    : catalogue_(catalogue),
      operation_place_(catalogue.operations.size()),
      setup_place_(catalogue.operations.size()),
      rejection_is_failure_(rejection_is_failure) {
  for (const Index operation : planned) {
    const OperationSpec& spec = catalogue.operations[operation];
    operation_place_[operation] = series_.size();
    Series series;
    series.name = spec.name;
    series.category = spec.category;
    series.operation = operation;
    series.planned = true;
    series_.push_back(std::move(series));
  }
}

std::size_t Measurements::place(Index operation, bool setup) {
  if (!setup) return operation_place_[operation];
  auto& place = setup_place_[operation];
  if (!place) {
    const OperationSpec& spec = catalogue_.operations[operation];
    place = series_.size();
    Series series;
    series.name = spec.name + "-setup";
    series.category = spec.category;
    series.operation = operation;
    series.setup = true;
    series_.push_back(std::move(series));
  }
  return *place;
}

void Measurements::record(Index operation, bool setup, const Sample& sample) {
  Series& series = series_[place(operation, setup)];
  series.interval.add(sample, rejection_is_failure_);
  if (sample.outcome == Outcome::failed) {
    ++series.interval.statuses[std::string(name(sample.failure))];
  } else if (sample.outcome == Outcome::bad_body) {
    ++series.interval.statuses[std::string(name(sample.outcome))];
  } else if (sample.status >= 0 && sample.status < 600) {
    ++series.status_cells[static_cast<std::size_t>(sample.status)];
  } else {
    ++series.interval.statuses[std::to_string(sample.status)];
  }
}

void Measurements::count_unsent_capped(Index operation) { ++series_[place(operation, false)].interval.unsent_capped; }
void Measurements::count_unsent_prerequisite(Index operation) {
  ++series_[place(operation, false)].interval.unsent_prerequisite;
}

void Measurements::flush_statuses(Series& series) {
  if (series.interval.count == 0) return;
  for (std::size_t status = 0; status < series.status_cells.size(); ++status) {
    if (series.status_cells[status] == 0) continue;
    series.interval.statuses[std::to_string(status)] += series.status_cells[status];
    series.status_cells[status] = 0;
  }
}

const std::vector<Series>& Measurements::intervals() {
  for (Series& series : series_) flush_statuses(series);
  return series_;
}

void Measurements::roll() {
  for (Series& series : series_) {
    flush_statuses(series);
    const Tally& interval = series.interval;
    if (interval.count == 0 && interval.unsent_capped == 0 && interval.unsent_prerequisite == 0) continue;
    series.total.merge(series.interval);
    series.interval.clear();
  }
}

Tally Measurements::category(Index category) const {
  Tally out;
  for (const Series& series : series_) {
    if (series.category == category) out.merge(series.total);
  }
  return out;
}

Tally Measurements::all() const {
  Tally out;
  for (const Series& series : series_) out.merge(series.total);
  return out;
}

}  // namespace launchgate::load
