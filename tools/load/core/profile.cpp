#include "load/core/profile.hpp"

#include <algorithm>
#include <cmath>

#include "lib/base/similar.hpp"
#include "lib/document/json_document.hpp"

namespace launchgate::load {

namespace {

using document::JsonKind;
using document::JsonValue;

base::Error error_at(const JsonValue& at, std::string message) {
  return {base::ErrorCategory::configuration, at.document().path(), at.span().begin, std::move(message), {}};
}

// Reports are named after the profile, and belong into their folder.
bool names_a_file(std::string_view name) {
  return !name.empty() && name.size() <= 100 && name.front() != '.' &&
         std::none_of(name.begin(), name.end(),
                      [](char c) { return c == '/' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

base::Result<double> positive(const JsonValue& object, std::string_view key) {
  const auto value = object.find(key);
  if (!value) return error_at(object, "\"" + std::string(key) + "\" is missing");
  const double number = value->is(JsonKind::number) ? value->number() : 0;
  if (!std::isfinite(number) || number <= 0 || number > 1e12) {
    return error_at(*value, "\"" + std::string(key) + "\" must be a positive number");
  }
  return number;
}

base::Result<std::map<std::string, double>> numbers(const JsonValue& object, std::string_view key) {
  std::map<std::string, double> out;
  const auto map = object.find(key);
  if (!map || !map->is(JsonKind::object)) return error_at(object, "\"" + std::string(key) + "\" must be an object");
  for (const auto member : map->members()) {
    const double number = member.value.is(JsonKind::number) ? member.value.number() : -1;
    if (!std::isfinite(number) || number < 0) {
      return error_at(member.value, "\"" + std::string(member.name()) + "\" must be a number, at least 0");
    }
    out.emplace(member.name(), number);
  }
  return out;
}

base::Result<Profile> read_profile(const JsonValue& at, std::string name) {
  Profile out;
  out.name = std::move(name);
  out.text = at.raw();
  const std::pair<std::string_view, std::int64_t*> integers[] = {
      {"durationMs", &out.duration_ms}, {"soakDurationMs", &out.soak_duration_ms}, {"concurrency", &out.concurrency}};
  for (const auto& [key, place] : integers) {
    auto value = positive(at, key);
    if (!value) return value.error();
    if (*value != std::floor(*value)) return error_at(*at.find(key), "\"" + std::string(key) + "\" must be an integer");
    *place = static_cast<std::int64_t>(*value);
  }
  auto rate = positive(at, "requestRatePerSecond");
  if (!rate) return rate.error();
  out.request_rate = *rate;
  auto capacity = numbers(at, "capacityTargets");
  if (!capacity) return capacity.error();
  out.capacity_targets = *std::move(capacity);
  auto thresholds = numbers(at, "thresholds");
  if (!thresholds) return thresholds.error();
  out.thresholds = *std::move(thresholds);
  return out;
}

}  // namespace

base::Result<Profile> Profile::parse(std::string path, std::string text, std::string name) {
  auto document = document::JsonDocument::parse(std::move(path), std::move(text));
  if (!document) return document.error();
  return read_profile(document->root(), std::move(name));
}

base::Result<Profile> Profile::find(std::string path, std::string text, std::string_view name) {
  auto document = document::JsonDocument::parse(std::move(path), std::move(text));
  if (!document) {
    // For this tool a profile is configuration; "findings" would read as the verdict of a run.
    base::Error error = document.error();
    error.category = base::ErrorCategory::configuration;
    return error;
  }
  const auto profiles = document->root().find("profiles");
  if (!profiles || !profiles->is(JsonKind::object)) return error_at(document->root(), "\"profiles\" must be an object");
  const auto found = profiles->find(name);
  if (!found) {
    std::vector<std::string> known;
    for (const auto member : profiles->members()) known.emplace_back(member.name());
    std::string help = base::did_you_mean(name, known);
    if (help.empty()) help = "known are " + base::quoted_list(known, "and");
    return base::Error{
        base::ErrorCategory::usage, document->path(), {}, "unknown profile \"" + std::string(name) + "\"", help};
  }
  if (!names_a_file(name)) {
    return error_at(*found,
                    "the name of the profile cannot be part of a file's name: it is empty, too long, begins with a "
                    "dot, or holds a slash or a control character");
  }
  return read_profile(*found, std::string(name));
}

}  // namespace launchgate::load
