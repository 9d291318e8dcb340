#include "lib/document/equality.hpp"

#include <algorithm>
#include <functional>

#include "lib/base/ascii.hpp"
#include "lib/document/decimal.hpp"

namespace launchgate::document {
namespace {

constexpr int depth_limit = 2000;

std::strong_ordering order(std::string_view a, std::string_view b) { return a.compare(b) <=> 0; }

std::strong_ordering compare_at(const JsonValue& a, const JsonValue& b, int depth);

std::strong_ordering compare_arrays(const JsonValue& a, const JsonValue& b, int depth) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  auto other = b.elements().begin();
  for (const JsonValue element : a.elements()) {
    const auto result = compare_at(element, *other, depth);
    if (result != 0) return result;
    ++other;
  }
  return std::strong_ordering::equal;
}

std::vector<JsonValue::Member> sorted_members(const JsonValue& object) {
  std::vector<JsonValue::Member> members;
  members.reserve(object.size());
  for (const auto member : object.members()) members.push_back(member);
  std::stable_sort(members.begin(), members.end(),
                   [](const JsonValue::Member& x, const JsonValue::Member& y) { return x.name() < y.name(); });
  return members;
}

std::strong_ordering compare_objects(const JsonValue& a, const JsonValue& b, int depth) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  const auto left = sorted_members(a);
  const auto right = sorted_members(b);
  for (std::size_t i = 0; i < left.size(); ++i) {
    const auto names = order(left[i].name(), right[i].name());
    if (names != 0) return names;
    const auto values = compare_at(left[i].value, right[i].value, depth);
    if (values != 0) return values;
  }
  return std::strong_ordering::equal;
}

std::strong_ordering compare_at(const JsonValue& a, const JsonValue& b, int depth) {
  if (a.kind() != b.kind()) return a.kind() <=> b.kind();
  if (depth > depth_limit) return order(a.raw(), b.raw());
  switch (a.kind()) {
    case JsonKind::null:
      return std::strong_ordering::equal;
    case JsonKind::boolean:
      return a.boolean() <=> b.boolean();
    case JsonKind::number:
      return compare_numbers(a.number_text(), b.number_text());
    case JsonKind::string:
      return order(a.string(), b.string());
    case JsonKind::array:
      return compare_arrays(a, b, depth + 1);
    case JsonKind::object:
      return compare_objects(a, b, depth + 1);
  }
  return std::strong_ordering::equal;
}

// Finaliser of SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

std::uint64_t hash_number(const JsonValue& value) {
  if (const auto plain = plain_integer(value.number_text())) return mix(static_cast<std::uint64_t>(*plain));
  if (const auto integer = value.integer()) return mix(static_cast<std::uint64_t>(*integer));
  return mix(std::hash<double>()(value.number()));
}

std::uint64_t hash_at(const JsonValue& value, int depth) {
  const std::uint64_t kind = mix(static_cast<std::uint64_t>(value.kind()));
  if (depth > depth_limit) return kind;
  std::uint64_t result = kind;
  switch (value.kind()) {
    case JsonKind::null:
      break;
    case JsonKind::boolean:
      result += value.boolean() ? 1U : 0U;
      break;
    case JsonKind::number:
      result ^= hash_number(value);
      break;
    case JsonKind::string:
      result ^= std::hash<std::string_view>()(value.string());
      break;
    case JsonKind::array:
      for (const JsonValue element : value.elements()) result = mix(result ^ hash_at(element, depth + 1));
      break;
    case JsonKind::object:
      for (const auto member : value.members()) {
        result += mix(std::hash<std::string_view>()(member.name()) ^ mix(hash_at(member.value, depth + 1)));
      }
      break;
  }
  return result;
}

struct Item {
  std::uint64_t hash;
  std::uint32_t node;
  std::uint32_t index;
};

}  // namespace

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  const auto left = plain_integer(a);
  const auto right = plain_integer(b);
  if (left && right) return *left <=> *right;
  return Decimal::parse(a) <=> Decimal::parse(b);
}

std::strong_ordering compare(const JsonValue& a, const JsonValue& b) { return compare_at(a, b, 0); }

bool equal(const JsonValue& a, const JsonValue& b) { return compare_at(a, b, 0) == 0; }

std::uint64_t hash(const JsonValue& value) { return hash_at(value, 0); }

std::vector<Duplicate> find_duplicates(const JsonValue& array, std::size_t most, std::size_t& total) {
  std::vector<Item> items;
  items.reserve(array.size());
  std::uint32_t index = 0;
  for (const JsonValue element : array.elements()) items.push_back({hash(element), element.node(), index++});
  const auto value = [&](const Item& item) { return JsonValue(array.document(), item.node); };
  std::sort(items.begin(), items.end(),
            [](const Item& a, const Item& b) { return a.hash != b.hash ? a.hash < b.hash : a.index < b.index; });
  std::vector<Duplicate> found;
  total = 0;
  for (std::size_t begin = 0; begin < items.size();) {
    std::size_t end = begin + 1;
    while (end < items.size() && items[end].hash == items[begin].hash) ++end;
    if (end - begin > 1) {
      std::stable_sort(items.begin() + static_cast<std::ptrdiff_t>(begin),
                       items.begin() + static_cast<std::ptrdiff_t>(end),
                       [&](const Item& a, const Item& b) { return compare(value(a), value(b)) < 0; });
      std::size_t first = begin;
      for (std::size_t i = begin + 1; i < end; ++i) {
        if (equal(value(items[first]), value(items[i]))) {
          ++total;
          found.push_back({items[first].index, items[i].index});
        } else {
          first = i;
        }
      }
    }
    begin = end;
  }
  std::sort(found.begin(), found.end(), [](const Duplicate& a, const Duplicate& b) { return a.again < b.again; });
  if (found.size() > most) found.resize(most);
  return found;
}

std::optional<std::int64_t> plain_integer(std::string_view number) {
  constexpr std::size_t longest = 18;
  const bool negative = !number.empty() && number[0] == '-';
  if (negative) number.remove_prefix(1);
  if (number.empty() || number.size() > longest) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : number) {
    if (!base::is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

}  // namespace launchgate::document
