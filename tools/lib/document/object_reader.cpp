#include "lib/document/object_reader.hpp"

#include <algorithm>
#include <set>

#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"

namespace launchgate::document {
namespace {

constexpr std::size_t longest_shown = 60;  // bytes
constexpr std::size_t most_listed = 20;
constexpr std::int64_t most_counted = 1'000'000'000;

std::string quoted(std::string_view name) { return '"' + std::string(name) + '"'; }

std::string shown(std::string_view text) { return quoted(base::printable(base::utf8_prefix(text, longest_shown))); }

std::string article(JsonKind kind) {
  if (kind == JsonKind::null) return "null";
  const bool vowel = kind == JsonKind::array || kind == JsonKind::object;
  return (vowel ? "an " : "a ") + std::string(kind_name(kind));
}

// 0.5, 1000000: without the zeros of std::to_string.
std::string shown(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

ObjectReader::ObjectReader(JsonValue object, std::string what, std::optional<base::Error>& error, ReadOptions options)
    : object_(object), what_(std::move(what)), error_(&error), options_(options) {
  if (!object_.is(JsonKind::object)) refuse(object_, what_ + " must be an object", std::string(options_.guide));
}

void ObjectReader::refuse(const JsonValue& at, std::string message, std::string help) {
  if (failed()) return;
  error_->emplace(base::Error{base::ErrorCategory::configuration, at.document().path(), at.span().begin,
                              std::move(message), std::move(help)});
}

void ObjectReader::refuse(base::Error error) {
  if (!failed()) error_->emplace(std::move(error));
}

void ObjectReader::refuse_unknown(const JsonValue& key, std::string_view name, std::string help) {
  refuse(key, what_ + " has no field " + shown(name), std::move(help));
}

bool ObjectReader::refuse_misspelt(const std::vector<std::string>& missing) {
  if (!object_.is(JsonKind::object)) return false;
  for (const auto member : object_.members()) {
    // Short names are near to others that are right ("at" to "as").
    if (member.name().size() < 5 || std::find(known_.begin(), known_.end(), member.name()) != known_.end()) continue;
    std::string near = base::did_you_mean(member.name(), missing);
    if (near.empty()) continue;
    refuse_unknown(member.key, member.name(), std::move(near));
    return true;
  }
  return false;
}

std::optional<JsonValue> ObjectReader::value(std::string_view name) {
  if (std::find(known_.begin(), known_.end(), name) == known_.end()) known_.emplace_back(name);
  return object_.find(name);
}

std::optional<JsonValue> ObjectReader::required(std::string_view name) {
  const auto found = value(name);
  if (!found && !refuse_misspelt({std::string(name)})) {
    const std::string where = object_.is(JsonKind::object) ? what_ : "it";
    refuse(object_, where + " lacks the field " + quoted(name), std::string(options_.guide));
  }
  return found;
}

std::optional<JsonValue> ObjectReader::value(std::string_view name, JsonKind kind, bool is_required) {
  const auto found = is_required ? required(name) : value(name);
  if (!found || found->is(kind)) return found;
  refuse(*found, quoted(name) + " must be " + article(kind) + ", not " + article(found->kind()),
         std::string(options_.guide));
  return std::nullopt;
}

std::string ObjectReader::text(std::string_view name) {
  const auto found = value(name, JsonKind::string, true);
  if (!found) return {};
  if (base::is_blank(found->string())) refuse(*found, quoted(name) + " must not be blank");
  return std::string(found->string());
}

std::string ObjectReader::text(std::string_view name, std::string fallback) {
  const auto found = value(name, JsonKind::string, false);
  return found ? std::string(found->string()) : std::move(fallback);
}

bool ObjectReader::flag(std::string_view name) {
  const auto found = value(name, JsonKind::boolean, false);
  return found && found->boolean();
}

bool ObjectReader::required_flag(std::string_view name) {
  const auto found = value(name, JsonKind::boolean, true);
  return found && found->boolean();
}

std::optional<std::int64_t> ObjectReader::optional_integer(std::string_view name, std::int64_t least,
                                                           std::int64_t most) {
  const auto found = value(name, JsonKind::number, false);
  if (!found) return std::nullopt;
  const auto number = found->integer();
  if (!number || *number < least || *number > most) {
    refuse(*found,
           quoted(name) + " must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }
  return number;
}

std::int64_t ObjectReader::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  if (!has(name)) (void)required(name);
  return optional_integer(name, least, most).value_or(least);
}

std::optional<std::uint32_t> ObjectReader::count(std::string_view name) {
  const auto number = optional_integer(name, 0, most_counted);
  return number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
}

std::optional<double> ObjectReader::optional_number(std::string_view name, double least, double most) {
  const auto found = value(name, JsonKind::number, false);
  if (!found) return std::nullopt;
  if (found->number() >= least && found->number() <= most) return found->number();
  refuse(*found, quoted(name) + " must be a number from " + shown(least) + " to " + shown(most));
  return std::nullopt;
}

double ObjectReader::number(std::string_view name, double fallback, double least, double most) {
  return optional_number(name, least, most).value_or(fallback);
}

void ObjectReader::each(std::string_view name, bool is_required, const std::function<void(const JsonValue&)>& use) {
  const auto found = value(name, JsonKind::array, is_required);
  if (!found) return;
  for (const JsonValue element : found->elements()) {
    if (failed()) return;
    use(element);
  }
}

void ObjectReader::members(std::string_view name, bool is_required,
                           const std::function<void(const JsonValue::Member&)>& use) {
  const auto found = value(name, JsonKind::object, is_required);
  if (!found) return;
  for (const JsonValue::Member member : found->members()) {
    if (failed()) return;
    use(member);
  }
}

std::vector<std::string> ObjectReader::strings(std::string_view name, bool is_required) {
  std::vector<std::string> out;
  each(name, is_required, [&](const JsonValue& element) {
    if (!element.is(JsonKind::string)) refuse(element, quoted(name) + " must hold strings");
    out.emplace_back(element.string());
  });
  return out;
}

std::vector<std::string> ObjectReader::texts(std::string_view name, bool is_required) {
  std::vector<std::string> out;
  const auto found = value(name, JsonKind::array, is_required);
  if (!found) return out;
  if (found->size() == 0) refuse(*found, quoted(name) + " must not be empty");
  std::set<std::string_view> seen;
  for (const JsonValue element : found->elements()) {
    if (!element.is(JsonKind::string) || base::is_blank(element.string())) {
      refuse(element, quoted(name) + " must hold strings that are not blank");
      return {};
    }
    if (!seen.insert(element.string()).second) refuse(element, quoted(name) + " holds this string twice");
    out.emplace_back(element.string());
  }
  return out;
}

std::size_t ObjectReader::one_of(std::string_view name, const std::vector<std::string>& words,
                                 std::optional<std::size_t> fallback) {
  const auto found = value(name, JsonKind::string, !fallback);
  if (!found) return fallback.value_or(0);
  const auto word = std::find(words.begin(), words.end(), found->string());
  if (word != words.end()) return static_cast<std::size_t>(word - words.begin());
  refuse(*found,
         quoted(name) + " must be one of " + base::quoted_list(words, "or", most_listed) + ", not " +
             shown(found->string()),
         base::did_you_mean(found->string(), words));
  return 0;
}

void ObjectReader::finish() {
  if (failed() || options_.leave_unknown) return;
  for (const auto member : object_.members()) {
    if (std::find(known_.begin(), known_.end(), member.name()) != known_.end()) continue;
    const std::string near = base::did_you_mean(member.name(), known_);
    refuse_unknown(member.key, member.name(),
                   near.empty() ? "it may have " + base::quoted_list(known_, "and", most_listed) : near);
    return;
  }
}

}  // namespace launchgate::document
