#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "lib/trend/trend.hpp"

// What is no trend although it rises: steps, and waves of a known period.
namespace launchgate::trend {

namespace {

constexpr std::size_t least_stretch = 8;
constexpr std::size_t neighbours = 5;
constexpr double step_deviations = 5;
// Of the median difference of neighbours.
constexpr double visible_deviations = 3;
constexpr double known_step_deviations = 1.5;
constexpr std::size_t most_depth = 4;
constexpr double decisive = 4;
constexpr double upper_1_percent = 2.326;  // of the normal distribution

double tail(double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); }

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

void subtract(std::vector<double>& from, const std::vector<double>& direction) {
  const double square = dot(direction, direction);
  if (square <= 1e-30) return;
  const double share = dot(from, direction) / square;
  for (std::size_t i = 0; i < from.size(); ++i) from[i] -= share * direction[i];
}

// Correlation of neighbours widens the error of a mean by the square root of this.
double neighbour_factor(const std::vector<double>& residuals) {
  const double square = dot(residuals, residuals);
  if (square <= 0) return 1;
  double product = 0;
  for (std::size_t i = 1; i < residuals.size(); ++i) product += residuals[i] * residuals[i - 1];
  const double correlation = std::clamp(product / square, 0.0, 0.95);
  return (1 + correlation) / (1 - correlation);
}

struct Candidate {
  std::size_t at = 0;
  double height = 0;
  double gain = 0;  // of the sum of squares
};

class StepFinder {
 public:
  explicit StepFinder(const std::vector<Sample>& samples) : samples_(samples) {}

  void search(std::size_t begin, std::size_t end, std::size_t depth, std::vector<std::size_t>& out) const {
    if (depth == most_depth || end - begin < 2 * least_stretch) return;
    const auto step = best(begin, end);
    if (!step) return;
    out.push_back(*step);
    search(begin, *step, depth + 1, out);
    search(*step, end, depth + 1, out);
  }

  // Whether the level changes for good at a place where something is known to have happened: neighbours on both sides
  // differ by more than they scatter.
  bool steps_at(std::size_t at, double deviations) const {
    if (at < neighbours || at + neighbours > samples_.size()) return false;
    std::vector<double> before;
    std::vector<double> after;
    for (std::size_t i = 0; i < neighbours; ++i) {
      before.push_back(samples_[at - 1 - i].value);
      after.push_back(samples_[at + i].value);
    }
    const double jump = median(after) - median(before);
    std::vector<double> scatter;
    for (std::size_t i = 1; i < samples_.size(); ++i)
      scatter.push_back(std::abs(samples_[i].value - samples_[i - 1].value));
    return std::abs(jump) > deviations * median(scatter);
  }

 private:
  // The step beside a common slope that explains most, if it explains enough.
  std::optional<std::size_t> best(std::size_t begin, std::size_t end) const {
    const std::size_t n = end - begin;
    std::vector<double> t(n);
    std::vector<double> rest(n);
    double mean_t = 0;
    double mean_y = 0;
    for (std::size_t i = 0; i < n; ++i) {
      mean_t += samples_[begin + i].at / static_cast<double>(n);
      mean_y += samples_[begin + i].value / static_cast<double>(n);
    }
    for (std::size_t i = 0; i < n; ++i) {
      t[i] = samples_[begin + i].at - mean_t;
      rest[i] = samples_[begin + i].value - mean_y;
    }
    const double square_t = dot(t, t);
    subtract(rest, t);
    Candidate found;
    double after = 0;    // sum of what is left of the values from the candidate on
    double after_t = 0;  // and of the times
    for (std::size_t i = n; i-- > least_stretch;) {
      after += rest[i];
      after_t += t[i];
      if (i > n - least_stretch) continue;
      const auto k = static_cast<double>(n - i);
      const double square = k - k * k / static_cast<double>(n) - after_t * after_t / square_t;
      if (square <= 1e-9) continue;
      const double gain = after * after / square;
      if (gain > found.gain) found = {i, after / square, gain};
    }
    return found.at > 0 && convinces(begin, t, rest, found) ? std::optional(begin + found.at) : std::nullopt;
  }

  bool convinces(std::size_t begin, const std::vector<double>& t, std::vector<double> rest,
                 const Candidate& found) const {
    const std::size_t n = rest.size();
    std::vector<double> indicator(n, 0.0);
    for (std::size_t i = found.at; i < n; ++i) indicator[i] = 1;
    const double share = static_cast<double>(n - found.at) / static_cast<double>(n);
    for (double& one : indicator) one -= share;
    subtract(indicator, t);
    subtract(rest, indicator);
    const double spread = dot(rest, rest) / static_cast<double>(n - 3);
    if (found.gain < step_deviations * step_deviations * spread * neighbour_factor(rest)) return false;
    std::vector<double> before;
    std::vector<double> after;
    for (std::size_t i = 0; i < neighbours; ++i) {
      before.push_back(samples_[begin + found.at - 1 - i].value);
      after.push_back(samples_[begin + found.at + i].value);
    }
    const double jump = median(after) - median(before);
    return jump * found.height > 0 && std::abs(jump) >= std::abs(found.height) / 2 &&
           steps_at(begin + found.at, visible_deviations);
  }

  const std::vector<Sample>& samples_;
};

// The samples as columns without the mean of their stretch: values (wild ones pulled in), time, sine, cosine.
struct Centred {
  std::vector<double> value, time, sine, cosine;
  double cosine_of_sine = 0;  // how much of the sine the cosine had before it was made orthogonal
};

Centred centred(const std::vector<Sample>& samples, const std::vector<std::size_t>& steps, const Trend& trend,
                double period) {
  Centred out;
  std::size_t next = 0;
  std::size_t begin = 0;
  while (begin < samples.size()) {
    while (next < steps.size() && steps[next] <= begin) ++next;
    const std::size_t end = next < steps.size() ? steps[next] : samples.size();
    std::vector<double> rest;
    for (std::size_t i = begin; i < end; ++i) rest.push_back(samples[i].value - trend.slope * samples[i].at);
    const double middle = median(rest);
    std::vector<double> off;
    for (const double one : rest) off.push_back(std::abs(one - middle));
    const double most = 6 * median(off);
    const std::size_t first = out.value.size();
    for (std::size_t i = begin; i < end; ++i) {
      const double angle = 2 * std::numbers::pi * samples[i].at / period;
      const double kept = std::clamp(rest[i - begin], middle - most, middle + most);
      out.value.push_back(kept + trend.slope * samples[i].at);
      out.time.push_back(samples[i].at);
      out.sine.push_back(std::sin(angle));
      out.cosine.push_back(std::cos(angle));
    }
    for (std::vector<double>* column : {&out.value, &out.time, &out.sine, &out.cosine}) {
      double mean = 0;
      for (std::size_t i = first; i < column->size(); ++i) mean += (*column)[i] / static_cast<double>(end - begin);
      for (std::size_t i = first; i < column->size(); ++i) (*column)[i] -= mean;
    }
    begin = end;
  }
  return out;
}

// Of the known times, those at which the level does change: a restart that clears nothing cuts nothing.
std::vector<std::size_t> confirmed(const StepFinder& finder, const std::vector<Sample>& samples,
                                   const std::vector<double>& known) {
  std::vector<std::size_t> out;
  for (const double at : known) {
    const auto place = std::lower_bound(samples.begin(), samples.end(), at,
                                        [](const Sample& sample, double time) { return sample.at < time; });
    // What was measured just after may be from before.
    for (std::size_t index = static_cast<std::size_t>(place - samples.begin()), tries = 0; tries < 2;
         ++tries, ++index) {
      if (index < samples.size() && finder.steps_at(index, known_step_deviations)) {
        out.push_back(index);
        break;
      }
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// The level at the first sample without what the wave adds, fitted to what the slope leaves.
double level_beside(const std::vector<Sample>& samples, const std::vector<std::size_t>& steps, const Centred& wave,
                    double slope, double period) {
  std::vector<double> rest = wave.value;
  for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= slope * wave.time[i];
  // The columns are orthogonal: what the cosine has of the sine has been taken out of it.
  const double sine = dot(rest, wave.sine) / std::max(dot(wave.sine, wave.sine), 1e-30);
  const double cosine = dot(rest, wave.cosine) / std::max(dot(wave.cosine, wave.cosine), 1e-30);
  const double first_sine = sine - cosine * wave.cosine_of_sine;
  const std::size_t end = steps.empty() ? samples.size() : steps.front();
  std::vector<double> levels;
  for (std::size_t i = 0; i < end; ++i) {
    const double angle = 2 * std::numbers::pi * samples[i].at / period;
    levels.push_back(samples[i].value - slope * (samples[i].at - samples.front().at) - first_sine * std::sin(angle) -
                     cosine * std::cos(angle));
  }
  return median(levels);
}

}  // namespace

std::vector<std::size_t> find_steps(const std::vector<Sample>& samples, const std::vector<double>& known) {
  const StepFinder finder(samples);
  std::vector<std::size_t> out = confirmed(finder, samples, known);
  std::vector<std::size_t> more;
  std::size_t begin = 0;
  for (const std::size_t step : out) {
    finder.search(begin, step, 0, more);
    begin = step;
  }
  finder.search(begin, samples.size(), 0, more);
  out.insert(out.end(), more.begin(), more.end());
  std::sort(out.begin(), out.end());
  return out;
}

std::optional<Trend> beside_wave(const std::vector<Sample>& samples, const std::vector<std::size_t>& steps,
                                 const Trend& line, double period_hours) {
  double longest = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= steps.size(); ++i) {
    const std::size_t end = i < steps.size() ? steps[i] : samples.size();
    if (end > begin) longest = std::max(longest, samples[end - 1].at - samples[begin].at);
    begin = end;
  }
  if (samples.size() < 2 * least_stretch || longest < period_hours / 3) return std::nullopt;
  Centred c = centred(samples, steps, line, period_hours);
  std::vector<double> without_line = c.value;
  subtract(without_line, c.time);
  // An orthogonal basis of the wave, and of what time adds to it.
  c.cosine_of_sine = dot(c.cosine, c.sine) / std::max(dot(c.sine, c.sine), 1e-30);
  subtract(c.cosine, c.sine);
  std::vector<double> rest = c.value;
  subtract(rest, c.sine);
  subtract(rest, c.cosine);
  std::vector<double> time = c.time;
  subtract(time, c.sine);
  subtract(time, c.cosine);
  const double square = dot(time, time);
  if (square <= 1e-9) return std::nullopt;
  Trend out = line;
  out.slope = dot(rest, time) / square;
  subtract(rest, time);
  const auto n = static_cast<double>(samples.size());
  const double line_square = std::max(dot(without_line, without_line), 1e-30);
  const double both_square = std::max(dot(rest, rest), 1e-30);
  // Schwarz's criterion, decisively: what is taken for a wave must not be so by chance.
  if (n * std::log(line_square / both_square) <= 2 * std::log(n) + decisive) return std::nullopt;
  const double spread = dot(rest, rest) / std::max(1.0, n - 5);
  const double deviation = std::sqrt(spread / square * neighbour_factor(rest));
  out.level = level_beside(samples, steps, c, out.slope, period_hours);
  out.slope_upper = out.slope + upper_1_percent * deviation;
  out.p = tail(out.slope / std::max(deviation, 1e-300));
  return out;
}

}  // namespace launchgate::trend
