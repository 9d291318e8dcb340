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

// Every string, number and key of a document, for the policy's patterns and for the leak rules.
class PrivateSearch {
 public:
  PrivateSearch(const Policy& policy, const JsonValue& root, const PrivateScan& scan,
                const std::function<std::string(const JsonValue&)>& item_of, Findings& findings)
      : policy_(policy), root_(root), scan_(scan), item_of_(item_of), findings_(findings) {}

  void run() {
    if (!root_.is(JsonKind::object) && !root_.is(JsonKind::array)) visit(std::nullopt, root_);
    walk(root_, [&](const std::optional<JsonValue>& key, const JsonValue& value) {
      visit(key, value);
      return true;
    });
    if (!scan_) return;
    scan_decoded();
    scan_written();
  }

 private:
  struct Known {
    std::optional<std::string> name;
    std::vector<JsonValue> places;
  };

  void report(const JsonValue& value, std::string_view role, const std::string& what) {
    if (!reported_.insert(value.begin_offset()).second) return;
    findings_.add("private-value", item_of_(value), value,
                  fmt::format("private-looking value in a {}: {}", role, what));
  }

  // A record repeats most of its strings: each is looked at once.
  void look(const JsonValue& value, std::string_view role, std::string_view text) {
    const auto [entry, is_new] = known_.try_emplace(std::string(text));
    Known& seen = entry->second;
    seen.places.push_back(value);
    if (is_new) {
      seen.name = private_name(policy_, text);
      starts_.emplace_back(decoded_.size(), &seen);
      if (scan_) (decoded_ += text) += '\n';
    }
    if (seen.name) report(value, role, *seen.name);
  }

  bool names_secret(std::string_view key) {
    const auto [entry, is_new] = secret_names_.try_emplace(std::string(key));
    std::string buffer;
    if (is_new) entry->second = policy_.secret_keys.pattern.found_in(plain_text(key, buffer));
    return entry->second;
  }

  void visit(const std::optional<JsonValue>& key, const JsonValue& value) {
    if (key) {
      look(*key, "key", key->string());
      leaves_.push_back(*key);
      if (names_secret(key->string()) && !key_is_allowed(policy_.secret_keys, key->string(), value)) {
        findings_.add("private-key", item_of_(value), *key,
                      fmt::format("must not include private keys: {} names a secret", rules::quoted(key->string())));
      }
    }
    if (value.is(JsonKind::string)) {
      look(value, "text", value.string());
      leaves_.push_back(value);
    } else if (value.is(JsonKind::number)) {
      look(value, "number", value.number_text());
      // "1.23456789012e11" is the same number as the twelve digits.
      if (const auto integer = value.integer())
        look(value, "number",
             std::to_string(*integer < 0 ? 0 - static_cast<std::uint64_t>(*integer)
                                         : static_cast<std::uint64_t>(*integer)));
      leaves_.push_back(value);
    }
  }

  void scan_decoded() {
    for (const PrivateHit& hit : scan_(decoded_)) {
      const auto after = std::upper_bound(starts_.begin(), starts_.end(), hit.begin,
                                          [](std::size_t at, const auto& start) { return at < start.first; });
      if (after == starts_.begin()) {
        report(root_, "text", hit.what);
        continue;
      }
      for (const JsonValue& place : std::prev(after)->second->places) report(place, "text", hit.what);
    }
  }

  // Rules that need what stands around a value see the text as it is written.
  void scan_written() {
    std::sort(leaves_.begin(), leaves_.end(),
              [](const JsonValue& a, const JsonValue& b) { return a.begin_offset() < b.begin_offset(); });
    for (const PrivateHit& hit : scan_(root_.raw())) {
      const std::size_t offset = root_.begin_offset() + hit.begin;
      const auto leaf =
          std::upper_bound(leaves_.begin(), leaves_.end(), offset,
                           [](std::size_t at, const JsonValue& value) { return at < value.begin_offset(); });
      report(leaf == leaves_.begin() ? root_ : *std::prev(leaf), "text", hit.what);
    }
  }

  const Policy& policy_;
  const JsonValue& root_;
  const PrivateScan& scan_;
  const std::function<std::string(const JsonValue&)>& item_of_;
  Findings& findings_;
  std::set<std::size_t> reported_;  // offsets of values, so that each is reported once
  std::unordered_map<std::string, Known> known_;
  std::string decoded_;  // strings as they read once their escapes are decoded, one a line
  std::vector<std::pair<std::size_t, const Known*>> starts_;
  std::unordered_map<std::string, bool> secret_names_;
  std::vector<JsonValue> leaves_;
};

}  // namespace

void check_private(const Policy& policy, const JsonValue& root, const PrivateScan& scan,
                   const std::function<std::string(const JsonValue&)>& item_of, Findings& findings) {
  PrivateSearch(policy, root, scan, item_of, findings).run();
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

}  // namespace launchgate::evidence
