#include "load/core/exposition.hpp"

#include <charconv>
#include <cmath>

#include "lib/base/ascii.hpp"

namespace launchgate::load {

namespace {

bool is_name_char(char c, bool first) {
  return base::is_letter(c) || c == '_' || c == ':' || (!first && base::is_digit(c));
}

std::string_view trimmed_left(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" \t");
  return at == std::string_view::npos ? std::string_view{} : text.substr(at);
}

// Length of "{…}" from its opening brace, quoted braces left alone; 0 when it does not end.
std::size_t labels_length(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == '}') {
      return i + 1;
    }
  }
  return 0;
}

enum class Number { good, not_finite, bad };

Number parse_value(std::string_view text, double& value) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (stop != end || text.empty()) return Number::bad;
  if (error == std::errc::result_out_of_range) return Number::not_finite;
  if (error != std::errc{}) return Number::bad;
  return std::isfinite(value) ? Number::good : Number::not_finite;
}

bool parse_line(std::string_view line, const std::function<void(const ExpositionSample&)>& on_sample) {
  std::size_t length = 0;
  while (length < line.size() && is_name_char(line[length], length == 0)) ++length;
  if (length == 0) return false;
  ExpositionSample sample;
  sample.name = line.substr(0, length);
  std::string_view rest = trimmed_left(line.substr(length));
  if (!rest.empty() && rest.front() == '{') {
    const std::size_t braces = labels_length(rest);
    if (braces == 0) return false;
    sample.labels = rest.substr(1, braces - 2);
    rest = trimmed_left(rest.substr(braces));
  } else if (rest.size() == line.size() - length) {
    return false;  // no blank between name and value
  }
  const std::string_view value = rest.substr(0, rest.find_first_of(" \t"));
  const Number kind = parse_value(value, sample.value);
  if (kind == Number::bad) return false;
  rest = trimmed_left(rest.substr(value.size()));
  if (!rest.empty() && rest.front() != '#') {
    const std::string_view timestamp = rest.substr(0, rest.find_first_of(" \t"));
    double ignored = 0;
    if (parse_value(timestamp, ignored) == Number::bad) return false;
    rest = trimmed_left(rest.substr(timestamp.size()));
    if (!rest.empty() && rest.front() != '#') return false;
  }
  if (kind == Number::good) on_sample(sample);
  return true;
}

}  // namespace

std::size_t parse_exposition(std::string_view text, const std::function<void(const ExpositionSample&)>& on_sample) {
  std::size_t malformed = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    line = trimmed_left(line);
    if (line.empty() || line.front() == '#') continue;
    if (!parse_line(line, on_sample)) ++malformed;
  }
  return malformed;
}

}  // namespace launchgate::load
