#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "lib/base/utf8.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/plain_text.hpp"
#include "lib/evidence/record_checks.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::evidence {
namespace {

using document::JsonKind;
using document::JsonValue;

std::optional<std::string> private_name(const Policy& policy, std::string_view text) {
  for (const PrivateValue& one : policy.private_values) {
    std::size_t from = 0;
    while (const auto hit = one.pattern.find(text, from)) {
      const std::string_view value = text.substr(hit->first, hit->second - hit->first);
      if (!one.allow || !one.allow->found_in(value)) return one.name;
      from = std::max(hit->second, hit->first + 1);
    }
  }
  return std::nullopt;
}

bool key_is_allowed(const SecretKeys& rules, std::string_view key, const JsonValue& value) {
  if (!value.is(JsonKind::boolean)) return false;
  return std::any_of(rules.allowed_suffixes.begin(), rules.allowed_suffixes.end(),
                     [&](const std::string& suffix) { return key.ends_with(suffix); });
}

}  // namespace

void check_private(const Policy& policy, const JsonValue& root, const PrivateScan& scan,
                   const std::function<std::string(const JsonValue&)>& item_of, Reasons& reasons) {
  std::set<std::size_t> reported;  // offsets of values, so that each is reported once
  const auto report = [&](const JsonValue& value, std::string_view role, const std::string& what) {
    if (!reported.insert(value.begin_offset()).second) return;
    reasons.add("private-value", item_of(value), value, fmt::format("private-looking value in a {}: {}", role, what));
  };
  // Strings as they read once their escapes are decoded, one a line, for the leak rules. A record repeats most of its
  // strings: each is looked at once.
  struct Known {
    std::optional<std::string> name;
    std::vector<JsonValue> places;
  };
  std::unordered_map<std::string, Known> known;
  std::string decoded;
  std::vector<std::pair<std::size_t, const Known*>> starts;
  const auto look = [&](const JsonValue& value, std::string_view role, std::string_view text) {
    const auto [entry, is_new] = known.try_emplace(std::string(text));
    Known& seen = entry->second;
    seen.places.push_back(value);
    if (is_new) {
      seen.name = private_name(policy, text);
      starts.emplace_back(decoded.size(), &seen);
      if (scan) (decoded += text) += '\n';
    }
    if (seen.name) report(value, role, *seen.name);
  };
  std::unordered_map<std::string, bool> secret_names;
  const auto names_secret = [&](std::string_view key) {
    const auto [entry, is_new] = secret_names.try_emplace(std::string(key));
    std::string buffer;
    if (is_new) entry->second = policy.secret_keys.pattern.found_in(plain_text(key, buffer));
    return entry->second;
  };
  std::vector<JsonValue> leaves;
  const auto visit = [&](const std::optional<JsonValue>& key, const JsonValue& value) {
    if (key) {
      look(*key, "key", key->string());
      leaves.push_back(*key);
      if (names_secret(key->string()) && !key_is_allowed(policy.secret_keys, key->string(), value)) {
        reasons.add("private-key", item_of(value), *key,
                    fmt::format("must not include private keys: {} names a secret", rules::quoted(key->string())));
      }
    }
    if (value.is(JsonKind::string)) {
      look(value, "text", value.string());
      leaves.push_back(value);
    } else if (value.is(JsonKind::number)) {
      look(value, "number", value.number_text());
      // "1.23456789012e11" is the same number as the twelve digits.
      if (const auto integer = value.integer())
        look(value, "number",
             std::to_string(*integer < 0 ? 0 - static_cast<std::uint64_t>(*integer)
                                         : static_cast<std::uint64_t>(*integer)));
      leaves.push_back(value);
    }
    return true;
  };
  if (!root.is(JsonKind::object) && !root.is(JsonKind::array)) visit(std::nullopt, root);
  walk(root, visit);

  if (!scan) return;
  for (const PrivateHit& hit : scan(decoded)) {
    const auto after = std::upper_bound(starts.begin(), starts.end(), hit.begin,
                                        [](std::size_t at, const auto& start) { return at < start.first; });
    if (after == starts.begin()) {
      report(root, "text", hit.what);
      continue;
    }
    for (const JsonValue& place : std::prev(after)->second->places) report(place, "text", hit.what);
  }
  // Rules that need what stands around a value see the text as it is written.
  std::sort(leaves.begin(), leaves.end(),
            [](const JsonValue& a, const JsonValue& b) { return a.begin_offset() < b.begin_offset(); });
  for (const PrivateHit& hit : scan(root.raw())) {
    const std::size_t offset = root.begin_offset() + hit.begin;
    auto leaf = std::upper_bound(leaves.begin(), leaves.end(), offset,
                                 [](std::size_t at, const JsonValue& value) { return at < value.begin_offset(); });
    report(leaf == leaves.begin() ? root : *std::prev(leaf), "text", hit.what);
  }
}

std::string mask_private(const Policy& policy, std::string_view text) {
  std::string masked(text);
  for (const PrivateValue& one : policy.private_values) {
    std::size_t from = 0;
    while (const auto hit = one.pattern.find(masked, from)) {
      const std::string_view value = std::string_view(masked).substr(hit->first, hit->second - hit->first);
      if (!one.allow || !one.allow->found_in(value)) {
        const std::string stars(base::count_code_points(value), '*');
        masked.replace(hit->first, hit->second - hit->first, stars);
        from = hit->first + stars.size();
      } else {
        from = hit->second;
      }
      from = std::max(from, hit->first + 1);
    }
  }
  return masked;
}

void mask(Reasons& reasons, const std::function<std::string(std::string_view)>& masked) {
  for (Reason& reason : reasons.all()) {
    reason.text = masked(reason.text);
    reason.finding.message = masked(reason.finding.message);
    std::string line = masked(reason.finding.excerpt.line);
    if (base::count_code_points(line) != base::count_code_points(reason.finding.excerpt.line)) {
      reason.finding.excerpt.caret_begin = 0;
      reason.finding.excerpt.caret_end = 0;
    }
    reason.finding.excerpt.line = std::move(line);
  }
}

}  // namespace launchgate::evidence
