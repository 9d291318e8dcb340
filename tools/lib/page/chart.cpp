#include "lib/page/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace launchgate::page {

namespace {

constexpr double width = 1000;
constexpr double height = 200;

struct Tick {
  double at = 0;
  std::string label;
};

std::string coordinate(double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

std::string compact(double value) {
  if (std::isnan(value)) return "-";
  return fmt::format("{:.4g}", value);
}

// Steps of 1, 2 or 5 times a power of ten.
double nice_step(double range, int steps) {
  const double rough = range / steps;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * 0.999) return factor * power;
  }
  return 10 * power;
}

double time_step(double seconds) {
  constexpr std::array steps = {1.0,   2.0,    5.0,    10.0,   15.0,   30.0,   60.0,    120.0,   300.0,   600.0,
                                900.0, 1800.0, 3600.0, 7200.0, 10800., 21600., 43200.0, 86400.0, 172800.0};
  for (const double step : steps) {
    if (seconds / step <= 6) return step;
  }
  return steps.back();
}

class Drawing {
 public:
  explicit Drawing(const Chart& chart) : chart_(chart) { find_range(); }

  Html draw() {
    Html out;
    out.open("figure", {{"id", chart_.id}});
    caption(out);
    plot(out);
    out.element("p", chart_.summary, {{"class", "say"}}).close();
    return out;
  }

 private:
  void find_range() {
    double least = chart_.log_values ? 1e300 : 0;
    double most = 0;
    const auto see = [&](double value) {
      if (std::isnan(value)) return;
      most = std::max(most, value);
      if (!chart_.log_values || value > 0) least = std::min(least, value);
    };
    for (const Line& line : chart_.lines) {
      for (const double value : line.values) see(value);
      for (const double value : line.low) see(value);
    }
    for (const Limit& limit : chart_.limits) see(limit.value);
    if (most <= 0) most = 1;
    if (chart_.log_values) {
      low_ = std::pow(10, std::floor(std::log10(std::min(least, most)) * 3) / 3);
      high_ = most * 1.3;
      if (high_ / low_ < 10) low_ = high_ / 10;
      return;
    }
    step_ = nice_step(most - least, 4);
    low_ = std::floor(least / step_) * step_;
    high_ = std::max(most * 1.06, low_ + step_);
  }

  double x(double value) const {
    if (chart_.axis == Axis::logarithmic)
      return width * std::log(value / chart_.from) / std::log(chart_.to / chart_.from);
    return width * (value - chart_.from) / (chart_.to - chart_.from);
  }
  double y(double value) const {
    double share = 0;
    if (chart_.log_values) {
      share = std::log(std::max(value, low_) / low_) / std::log(high_ / low_);
    } else {
      share = (value - low_) / (high_ - low_);
    }
    return height * (1 - std::clamp(share, 0.0, 1.0));
  }

  std::vector<Tick> y_ticks() const {
    std::vector<Tick> ticks;
    if (!chart_.log_values) {
      for (double at = low_; at <= high_ * 1.0001; at += step_) ticks.push_back({y(at), figure(at)});
      return ticks;
    }
    const double decades = std::log10(high_ / low_);
    for (int power = static_cast<int>(std::floor(std::log10(low_))); power <= 12; ++power) {
      for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor != 1 && decades > 2.5) continue;
        const double at = factor * std::pow(10, power);
        if (at < low_ * 0.999 || at > high_) continue;
        ticks.push_back({y(at), figure(at)});
      }
    }
    return ticks;
  }

  std::vector<Tick> x_ticks() const {
    std::vector<Tick> ticks;
    if (chart_.axis == Axis::time) {
      const double step = time_step(chart_.to - chart_.from);
      for (double at = std::ceil(chart_.from / step) * step; at <= chart_.to + 1e-9; at += step)
        ticks.push_back({x(at), clock_time(at)});
    } else if (chart_.axis == Axis::logarithmic) {
      for (int power = static_cast<int>(std::floor(std::log10(chart_.from))); power <= 12; ++power) {
        const double at = std::pow(10, power);
        if (at >= chart_.from * 0.999 && at <= chart_.to * 1.001) ticks.push_back({x(at), figure(at)});
      }
    } else {
      // x is the number of nines: log10(1 / (1 - share)).
      constexpr std::array shares = {0.0, 50.0, 90.0, 99.0, 99.9, 99.99, 99.999};
      for (const double percent : shares) {
        const double at = -std::log10(1 - percent / 100);
        if (percent == 50 && chart_.to > 3) continue;  // too near to 0
        if (at <= chart_.to + 1e-9) ticks.push_back({x(at), fmt::format("{:.6g} %", percent)});
      }
    }
    return ticks;
  }

  void key(Html& out, const Line& line) const {
    out.open("span", {{"class", "key"}}).open("svg", {{"viewBox", "0 0 22 10"}, {"aria-hidden", "true"}});
    if (line.mark == Mark::line) {
      out.empty("path", {{"class", fmt::format("s{} d{}", line.colour, line.dash)}, {"d", "M0 5H22"}});
    } else {
      out.empty("path", {{"class", fmt::format("{} s{}", line.mark == Mark::area ? "fill" : "bar", line.colour)},
                         {"d", "M0 0H22V10H0Z"}});
    }
    out.close().text(line.name).close();
  }

  void caption(Html& out) const {
    out.open("figcaption").element("b", chart_.unit.empty() ? chart_.title : chart_.title + ", " + chart_.unit);
    out.open("span");
    for (const Line& line : chart_.lines) key(out, line);
    out.close().close();
  }

  // Points of one line; a value without neighbours is a stroke as wide as its column, or nobody would see it.
  std::string line_path(const Line& line) const {
    std::string path;
    bool down = false;
    for (std::size_t i = 0; i < line.values.size(); ++i) {
      if (std::isnan(line.values[i])) {
        down = false;
        continue;
      }
      const bool alone = !down && (i + 1 == line.values.size() || std::isnan(line.values[i + 1]));
      const double at = x(chart_.xs[i]);
      if (alone && chart_.width > 0) {
        path += fmt::format("M{} {}H{}", coordinate(x(chart_.xs[i] - chart_.width / 2)), coordinate(y(line.values[i])),
                            coordinate(x(chart_.xs[i] + chart_.width / 2)));
      } else {
        path += fmt::format("{}{} {}", down ? "L" : "M", coordinate(at), coordinate(y(line.values[i])));
      }
      down = true;
    }
    return path;
  }

  std::string box_path(const Line& line) const {
    std::string path;
    const double half = chart_.width / 2;
    for (std::size_t i = 0; i < line.values.size(); ++i) {
      if (std::isnan(line.values[i])) continue;
      double low = line.low.empty() || std::isnan(line.low[i]) ? height : y(line.low[i]);
      const double high = y(line.values[i]);
      if (line.mark == Mark::bars && low - high < 0.05) continue;
      // A band that is nearly closed is still to be seen.
      if (line.mark == Mark::area) low = std::max(low, high + 0.8);
      path += fmt::format("M{} {}V{}H{}V{}z", coordinate(x(chart_.xs[i] - half)), coordinate(low), coordinate(high),
                          coordinate(x(chart_.xs[i] + half)), coordinate(low));
    }
    return path;
  }

  static std::string listed(const Line& line) {
    std::string out;
    for (std::size_t i = 0; i < line.values.size(); ++i) {
      if (i > 0) out += ' ';
      const bool range = line.mark == Mark::area && !line.low.empty() && !std::isnan(line.values[i]);
      const double shown = line.mark == Mark::bars && !line.low.empty() && !std::isnan(line.low[i])
                               ? line.values[i] - line.low[i]
                               : line.values[i];
      out += range ? compact(line.low[i]) + ":" + compact(shown) : compact(shown);
    }
    return out;
  }

  void draw_lines(Html& out) const {
    for (const Span& gap : chart_.gaps)
      out.empty("path", {{"class", "gap"},
                         {"d", fmt::format("M{} 0H{}V200H{}z", coordinate(x(gap.from)), coordinate(x(gap.to)),
                                           coordinate(x(gap.from)))}});
    for (const Tick& tick : y_ticks())
      out.empty("path", {{"class", "grid"}, {"d", fmt::format("M0 {}H1000", coordinate(tick.at))}});
    for (const Line& line : chart_.lines) {
      const bool boxes = line.mark != Mark::line;
      const std::string css = boxes ? fmt::format("{} s{}", line.mark == Mark::area ? "fill" : "bar", line.colour)
                                    : fmt::format("s{} d{}", line.colour, line.dash);
      out.empty("path", {{"class", css},
                         {"d", boxes ? box_path(line) : line_path(line)},
                         {"data-l", line.name},
                         {"data-v", listed(line)}});
    }
    for (const Limit& limit : chart_.limits)
      out.empty("path", {{"class", "limit"}, {"d", fmt::format("M0 {}H1000", coordinate(y(limit.value)))}});
    for (const Moment& moment : chart_.moments)
      out.empty("path", {{"class", "mark"}, {"d", fmt::format("M{} 0V200", coordinate(x(moment.x)))}});
  }

  void labels(Html& out) const {
    for (const Tick& tick : y_ticks())
      out.element("span", tick.label,
                  {{"class", "y"}, {"style", fmt::format("bottom:{}%", coordinate(100 - tick.at / 2))}});
    for (const Tick& tick : x_ticks()) {
      const std::string css = tick.at < 30 ? "x first" : tick.at > 970 ? "x last" : "x";
      out.element("span", tick.label, {{"class", css}, {"style", fmt::format("left:{}%", coordinate(tick.at / 10))}});
    }
    for (const Limit& limit : chart_.limits) {
      const double at = y(limit.value);
      out.element(
          "span", limit.label,
          {{"class", at < 20 ? "lim under" : "lim"}, {"style", fmt::format("bottom:{}%", coordinate(100 - at / 2))}});
    }
    for (const Moment& moment : chart_.moments) {
      const double at = x(moment.x) / width;
      out.element("span", moment.label,
                  {{"class", at > 0.6 ? "at left" : "at"},
                   {"style", fmt::format("left:{}%", coordinate(at * 100))},
                   {"data-f", coordinate(at * 1000) + "e-3"}});
    }
  }

  void plot(Html& out) const {
    std::string xs;
    std::string names;
    for (const double at : chart_.xs) {
      xs += (xs.empty() ? "" : " ") + coordinate(x(at));
      if (chart_.axis == Axis::logarithmic) names += (names.empty() ? "" : "|") + figure(at) + " " + "ms";
      if (chart_.axis == Axis::percentile)
        names += (names.empty() ? "" : "|") + fmt::format("{:.6g} %", 100 * (1 - std::pow(10, -at)));
    }
    if (chart_.axis == Axis::time) {
      out.open("div", {{"class", "plot"},
                       {"data-x", xs},
                       {"data-u", chart_.unit},
                       {"data-t", compact(chart_.from)},
                       {"data-s", fmt::format("{}", chart_.to - chart_.from)},
                       {"data-w", chart_.wall_ms ? std::to_string(*chart_.wall_ms) : ""}});
    } else {
      out.open("div", {{"class", "plot"}, {"data-x", xs}, {"data-u", chart_.unit}, {"data-n", names}});
    }
    out.open("svg", {{"role", "img"},
                     {"aria-label", chart_.title + ": " + chart_.summary},
                     {"viewBox", "0 0 1000 200"},
                     {"preserveAspectRatio", "none"}});
    draw_lines(out);
    out.close();
    labels(out);
    out.close();
  }

  const Chart& chart_;
  double low_ = 0;
  double high_ = 1;
  double step_ = 1;
};

}  // namespace

Html chart(const Chart& chart) { return Drawing(chart).draw(); }

Html sparkline(const std::vector<double>& values, const std::vector<double>& high, const std::string& label) {
  double most = 0;
  for (const auto* list : {&values, &high}) {
    for (const double value : *list) {
      if (!std::isnan(value)) most = std::max(most, value);
    }
  }
  if (most <= 0) most = 1;
  const auto y = [&](double value) { return coordinate(21 - 20 * value / most); };
  const double step = 100.0 / static_cast<double>(std::max<std::size_t>(values.size(), 1));
  std::string line;
  std::string area;
  bool down = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) {
      down = false;
      continue;
    }
    const double left = step * static_cast<double>(i);
    line += fmt::format("{}{} {}H{}", down ? "L" : "M", coordinate(left), y(values[i]), coordinate(left + step));
    if (i < high.size() && !std::isnan(high[i]))
      area += fmt::format("M{} 22V{}H{}V22z", coordinate(left), y(high[i]), coordinate(left + step));
    down = true;
  }
  Html out;
  out.open("svg", {{"class", "spark"},
                   {"role", "img"},
                   {"aria-label", label},
                   {"viewBox", "0 0 100 22"},
                   {"preserveAspectRatio", "none"}});
  if (!area.empty()) out.empty("path", {{"class", "fill"}, {"d", area}});
  out.empty("path", {{"d", line}}).close();
  return out;
}

Html meter(const Meter& meter) {
  Html out;
  const std::string tone = meter.tone == Tone::bad ? "bad" : meter.tone == Tone::warn ? "warn" : "good";
  out.open("div", {{"class", "meter"}}).element("span", meter.name).element("span", meter.text, {{"class", "v"}});
  out.open("svg", {{"viewBox", "0 0 150 10"}, {"preserveAspectRatio", "none"}, {"aria-hidden", "true"}});
  out.empty("rect", {{"width", "150"}, {"height", "10"}});
  out.empty(
      "rect",
      {{"class", tone},
       {"width", coordinate((meter.progress ? 150 : 100) * std::clamp(meter.share, 0.0, meter.progress ? 1.0 : 1.5))},
       {"height", "10"}});
  if (!meter.progress) out.empty("path", {{"class", "mk"}, {"d", "M100 0V10"}});
  out.close().close();
  return out;
}

std::string figure(double value) {
  if (std::isnan(value)) return "none";
  const double size = std::abs(value);
  if (size >= 1e6) return fmt::format("{:.3g} M", value / 1e6);
  if (size >= 100) {
    std::string text = fmt::format("{:.0f}", value);
    if (size >= 1000) text.insert(text.size() - 3, ",");
    return text;
  }
  std::string text = fmt::format("{:.{}f}", value, size >= 10 ? 1 : size >= 1 ? 2 : size == 0 ? 0 : 3);
  if (size > 0 && size < 0.01) text = fmt::format("{:.2g}", value);
  if (text.find('.') != std::string::npos && text.find('e') == std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

std::string clock_time(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds);
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace launchgate::page
