#include "load/core/text.hpp"

#include <fmt/format.h>

#include <cmath>

#include "load/core/time.hpp"

namespace launchgate::load {

std::string number(double value, int digits) {
  if (!std::isfinite(value)) return "-";
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

double rounded(double value, int digits) {
  const double factor = std::pow(10.0, digits);
  return std::round(value * factor) / factor;
}

std::string human_duration(std::int64_t milliseconds) {
  if (milliseconds < 1000) return fmt::format("{} ms", milliseconds);
  if (milliseconds < 120'000) return number(static_cast<double>(milliseconds) / 1000.0, 1) + " s";
  const std::int64_t minutes = milliseconds / 60'000;
  const std::int64_t seconds = milliseconds / 1000 % 60;
  if (minutes < 60) return seconds == 0 ? fmt::format("{} min", minutes) : fmt::format("{} min {} s", minutes, seconds);
  return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60) : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

}  // namespace launchgate::load
