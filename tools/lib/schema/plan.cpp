#include "lib/schema/plan.hpp"

#include <algorithm>
#include <cstring>

#include "lib/document/equality.hpp"
#include "lib/schema/plan_builder.hpp"
#include "lib/schema/regex.hpp"
#include "lib/schema/resolver.hpp"

namespace launchgate::schema {
namespace {

using document::JsonDocument;
using document::JsonKind;
using document::JsonValue;

constexpr std::size_t word = sizeof(std::uint64_t);

std::size_t words_of(std::size_t bytes) { return (bytes + word - 1) / word; }

// Equal schemas have equal words: nothing between the members of a struct is left to chance.
template <typename T>
constexpr bool is_plain = std::is_trivially_copyable_v<T>&& std::has_unique_object_representations_v<T>;

}  // namespace

template <template <typename> typename Table>
const Property* PlanTables<Table>::find(const ObjectRules& rules, std::string_view name) const {
  const auto properties = list(rules.properties);
  const auto found = std::lower_bound(
      properties.begin(), properties.end(), name,
      [this](const Property& property, std::string_view wanted) { return text(property.name) < wanted; });
  return found != properties.end() && text(found->name) == name ? &*found : nullptr;
}

template class PlanTables<PlanVector>;
template class PlanTables<PlanView>;

// The words: the root, the sizes of the tables, the tables.
PlanWords PlanBuilder::words() const {
  PlanWords words = {static_cast<std::uint64_t>(static_cast<std::int64_t>(root_))};
  std::apply([&](const auto&... table) { (words.push_back(table.size()), ...); }, tables_);
  const auto append = [&]<typename T>(const std::vector<T>& table) {
    static_assert(is_plain<T> && alignof(T) <= word);
    const std::size_t begin = words.size();
    const std::size_t bytes = table.size() * sizeof(T);
    words.resize(begin + words_of(bytes));
    if (bytes > 0) std::memcpy(&words[begin], table.data(), bytes);
  };
  std::apply([&](const auto&... table) { (append(table), ...); }, tables_);
  return words;
}

Plan::Plan(PlanWords words) : Plan(std::span<const std::uint64_t>(words)) { owned_ = std::move(words); }

Plan::Plan(std::span<const std::uint64_t> words) : words_(words) {
  root_ = static_cast<NodeIndex>(static_cast<std::int64_t>(words[0]));
  const std::uint64_t* size = &words[1];
  const std::uint64_t* at = size + std::tuple_size_v<Tables>;
  const auto read = [&]<typename T>(std::span<const T>& table) {
    table = {reinterpret_cast<const T*>(at), *size};
    at += words_of(*size * sizeof(T));
    ++size;
  };
  std::apply([&](auto&... table) { (read(table), ...); }, tables_);
  regexes_ = std::make_unique<Lazy<RE2>[]>(all<Pattern>().size());
  containers_ = std::make_unique<Lazy<JsonDocument>[]>(all<Container>().size());
}

const RE2& Plan::regex(Ref<Pattern> pattern) const {
  return regexes_[pattern.index].get([&] {
    const std::string_view written = text(get(pattern)->text);
    return std::make_unique<const RE2>(re2::StringPiece(written.data(), written.size()), quiet_options());
  });
}

bool Plan::equals(const Value& value, const JsonValue& found) const {
  if (!value.is(found.kind())) return false;
  switch (found.kind()) {
    case JsonKind::null:
      return true;
    case JsonKind::boolean:
      return (text(value.text) == "true") == found.boolean();
    case JsonKind::number:
      return document::compare_numbers(text(value.text), found.number_text()) == 0;
    case JsonKind::string:
      return text(value.text) == found.string();
    default:
      break;
  }
  const JsonDocument& container = containers_[value.container.index].get([&] {
    document::JsonLimits limits;
    limits.depth += schema_depth;
    // It was part of a document that was parsed.
    return std::make_unique<const JsonDocument>(
        std::move(*JsonDocument::parse("", std::string(text(value.text)), limits)));
  });
  return document::equal(container.root(), found);
}

}  // namespace launchgate::schema
