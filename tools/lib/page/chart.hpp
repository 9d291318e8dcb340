#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "lib/page/html.hpp"
#include "lib/page/page.hpp"

// Charts as SVG that stretches with the page, their labels as HTML around it, so that text keeps its size on every
// screen. Each has a summary in a sentence, which is its text alternative too.
namespace launchgate::page {

inline constexpr double no_value = std::numeric_limits<double>::quiet_NaN();
inline constexpr int colours = 7;

enum class Mark : std::uint8_t {
  line,
  area,  // between `low` and the values
  bars,  // from `low` to the values
};

struct Line {
  std::string name;
  int colour = 0;  // 0 to 6
  int dash = 0;    // 0 to 3: told apart without colour
  Mark mark = Mark::line;
  std::vector<double> values;  // NaN: none, a gap
  std::vector<double> low;
};

struct Limit {
  std::string label;
  double value = 0;
};

struct Moment {
  double x = 0;
  std::string label;
};

struct Span {
  double from = 0;
  double to = 0;
};

enum class Axis : std::uint8_t { time, logarithmic, percentile };

struct Chart {
  std::string id;  // a name of the program's own
  std::string title;
  std::string summary;
  std::string unit;
  Axis axis = Axis::time;
  double from = 0;  // of x: seconds, or what the lines are over
  double to = 1;
  std::optional<std::int64_t> wall_ms;  // at 0 s
  std::vector<double> xs;
  double width = 0;  // of one value's column, in units of x
  bool log_values = false;
  std::vector<Line> lines;
  std::vector<Limit> limits;
  std::vector<Moment> moments;
  std::vector<Span> gaps;
};

Html chart(const Chart& chart);

// A small line without axes, for tables; `label` says what it shows.
Html sparkline(const std::vector<double>& values, const std::vector<double>& high, const std::string& label);

// How much of a limit is used: `share` 1 is all of it.
struct Meter {
  std::string name;
  std::string text;  // "312 of 350 ms"
  double share = 0;
  Tone tone = Tone::good;
  bool progress = false;  // towards a goal: 1 is the end, and nothing lies beyond
};
Html meter(const Meter& meter);

// At most three significant digits and a thousands' comma: 12,300, 4.56, 0.0123.
std::string figure(double value);
// Seconds as 4:05 or 11:58:20.
std::string clock_time(double seconds);

}  // namespace launchgate::page
