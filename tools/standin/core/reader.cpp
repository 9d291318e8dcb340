#include "standin/core/reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"

namespace launchgate::standin {

using document::JsonKind;
using document::JsonValue;

ObjectReader::ObjectReader(const JsonValue& value, std::string what, base::ErrorCategory category)
    : value_(value), what_(std::move(what)), category_(category) {
  if (!value.is(JsonKind::object)) fail(fmt::format("a {} is an object, not {}", what_, kind_name(value.kind())));
}

void ObjectReader::fail(const JsonValue& at, std::string message, std::string help) {
  if (error_) return;
  error_ = base::Error{category_, at.document().path(), at.span().begin, std::move(message), std::move(help)};
}

std::optional<JsonValue> ObjectReader::take(std::string_view key, bool required) {
  asked_.emplace_back(key);
  auto found = value_.find(key);
  if (!found && required) fail(fmt::format("{} has no \"{}\"", what_, key));
  return found;
}

bool ObjectReader::has(std::string_view key) const { return value_.find(key).has_value(); }

std::optional<JsonValue> ObjectReader::member(std::string_view key) { return take(key, false); }

std::string ObjectReader::text(std::string_view key) {
  const auto found = take(key, true);
  if (!found) return "";
  if (!found->is(JsonKind::string) || found->string().empty())
    fail(*found, fmt::format("\"{}\" must be a text that is not empty", key));
  return std::string(found->string());
}

std::optional<std::string> ObjectReader::optional_text(std::string_view key) {
  const auto found = take(key, false);
  if (!found) return std::nullopt;
  if (!found->is(JsonKind::string)) fail(*found, fmt::format("\"{}\" must be a text", key));
  return std::string(found->string());
}

std::string ObjectReader::text(std::string_view key, std::string fallback) {
  return optional_text(key).value_or(std::move(fallback));
}

std::optional<double> ObjectReader::optional_number(std::string_view key, double least, double most) {
  const auto found = take(key, false);
  if (!found) return std::nullopt;
  if (!found->is(JsonKind::number) || !(found->number() >= least && found->number() <= most)) {
    fail(*found, fmt::format("\"{}\" must be a number from {} to {}", key, least, most));
    return std::nullopt;
  }
  return found->number();
}

double ObjectReader::number(std::string_view key, double fallback, double least, double most) {
  return optional_number(key, least, most).value_or(fallback);
}

bool ObjectReader::boolean(std::string_view key, bool fallback) {
  const auto found = take(key, false);
  if (!found) return fallback;
  if (!found->is(JsonKind::boolean)) fail(*found, fmt::format("\"{}\" must be true or false", key));
  return found->boolean();
}

std::vector<std::string> ObjectReader::texts(std::string_view key) {
  std::vector<std::string> words;
  const auto found = take(key, false);
  if (!found) return words;
  if (!found->is(JsonKind::array)) fail(*found, fmt::format("\"{}\" must be a list of texts", key));
  for (const JsonValue one : found->elements()) {
    if (!one.is(JsonKind::string)) fail(one, fmt::format("\"{}\" must be a list of texts", key));
    words.emplace_back(one.string());
  }
  return words;
}

std::vector<JsonValue> ObjectReader::elements(std::string_view key) {
  std::vector<JsonValue> all;
  const auto found = take(key, true);
  if (!found) return all;
  if (!found->is(JsonKind::array)) fail(*found, fmt::format("\"{}\" must be a list", key));
  for (const JsonValue one : found->elements()) all.push_back(one);
  return all;
}

std::size_t ObjectReader::choice(std::string_view key, const std::vector<std::string>& choices,
                                 std::optional<std::size_t> fallback) {
  const auto found = take(key, !fallback.has_value());
  if (!found) return fallback.value_or(0);
  const auto at = std::find(choices.begin(), choices.end(), found->string());
  if (found->is(JsonKind::string) && at != choices.end()) return static_cast<std::size_t>(at - choices.begin());
  fail(*found, fmt::format("\"{}\" must be one of {}", key, base::quoted_list(choices, "or", choices.size())),
       base::did_you_mean(found->string(), choices));
  return fallback.value_or(0);
}

void ObjectReader::finish() {
  if (!value_.is(JsonKind::object)) return;
  for (const auto member : value_.members()) {
    if (std::find(asked_.begin(), asked_.end(), member.name()) != asked_.end()) continue;
    std::string help = base::did_you_mean(member.name(), asked_);
    if (help.empty()) help = "known: " + base::quoted_list(asked_, "and", asked_.size());
    fail(member.key, fmt::format("{} does not know \"{}\"", what_, base::printable(member.name())), std::move(help));
    return;
  }
}

}  // namespace launchgate::standin
