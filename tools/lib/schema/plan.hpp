#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/decimal.hpp"
#include "lib/document/json_document.hpp"
#include "lib/schema/formats.hpp"
#include "lib/schema/regex.hpp"

// What validation walks: one node per subschema, keywords grouped by the kind of value they speak about, patterns
// compiled, property names sorted. Nodes refer to each other by index.
namespace launchgate::schema {

using NodeIndex = std::int32_t;
inline constexpr NodeIndex anything = -1;
inline constexpr NodeIndex nothing = -2;

// A set of JSON types as bits.
using Types = std::uint8_t;
inline constexpr Types type_null = 1;
inline constexpr Types type_boolean = 2;
inline constexpr Types type_integer = 4;
inline constexpr Types type_number = 8;  // integers included
inline constexpr Types type_string = 16;
inline constexpr Types type_array = 32;
inline constexpr Types type_object = 64;

struct NumberLimit {
  document::Decimal value;
  std::optional<std::int64_t> plain;  // the same, where it is a short integer
  std::string text;                   // as written
};

struct NumberRules {
  std::optional<NumberLimit> minimum;
  std::optional<NumberLimit> exclusive_minimum;
  std::optional<NumberLimit> maximum;
  std::optional<NumberLimit> exclusive_maximum;
  std::optional<NumberLimit> multiple_of;
};

struct SizeLimits {
  std::uint64_t least = 0;
  std::uint64_t most = UINT64_MAX;
  bool any() const { return least > 0 || most != UINT64_MAX; }
};

struct StringRules {
  SizeLimits length;  // in code points
  const RE2* pattern = nullptr;
  std::optional<Format> format;
};

struct ArrayRules {
  SizeLimits size;
  bool unique = false;
  std::vector<NodeIndex> tuple;   // of the first elements
  NodeIndex elements = anything;  // of all others
  bool has_contains = false;
  NodeIndex contains = anything;
};

inline constexpr std::uint32_t not_required = UINT32_MAX;

// A key that `properties` or `required` names.
struct Property {
  std::string name;
  NodeIndex node = anything;
  bool declared = false;                  // in `properties`
  std::uint32_t required = not_required;  // else its number among the required keys
};

struct Dependency {
  std::string key;
  std::vector<std::string> names;
  NodeIndex node = anything;
};

struct ObjectRules {
  SizeLimits size;
  std::vector<Property> properties;  // sorted by name
  std::uint32_t required_count = 0;
  std::vector<std::pair<const RE2*, NodeIndex>> patterns;
  NodeIndex additional = anything;
  NodeIndex names = anything;
  std::vector<Dependency> dependencies;

  const Property* find(std::string_view name) const;
};

// A key whose value, a string, tells which branch is meant: every branch declares it with its own constants.
struct Discriminator {
  std::string key;
  std::vector<std::pair<std::string, NodeIndex>> branches;  // in the order of the schema
  bool required = false;                                    // by every branch
};

// anyOf and oneOf.
struct Alternatives {
  std::vector<NodeIndex> branches;
  bool exactly_one = false;
  std::optional<Discriminator> discriminator;
};

struct Node {
  std::string title;
  std::string description;
  NodeIndex target = anything;  // this node is a reference, and nothing but title and description is its own
  bool refers = false;
  Types types = 0;  // 0: every type
  bool has_allowed = false;
  std::vector<document::JsonValue> allowed;  // const, or the values of enum
  std::optional<document::JsonValue> constant;
  std::unique_ptr<NumberRules> number;
  std::unique_ptr<StringRules> string;
  std::unique_ptr<ArrayRules> array;
  std::unique_ptr<ObjectRules> object;
  std::vector<NodeIndex> all_of;
  std::vector<Alternatives> alternatives;
  bool has_forbidden = false;
  NodeIndex forbidden = anything;
  bool has_condition = false;
  NodeIndex condition = anything;
  NodeIndex then_node = anything;
  NodeIndex else_node = anything;
};

class Plan {
 public:
  Plan(document::JsonDocument schema_pieces, RegexCache regex_cache)
      : pieces(std::move(schema_pieces)), regexes(std::move(regex_cache)) {}

  document::JsonDocument pieces;  // holds the values of enum and const
  RegexCache regexes;
  std::vector<Node> nodes;
  NodeIndex root = anything;

  const Node& node(NodeIndex index) const { return nodes[static_cast<std::size_t>(index)]; }
  // Past references: the node that constrains, or anything, or nothing.
  NodeIndex resolved(NodeIndex index) const {
    while (index >= 0 && node(index).refers) index = node(index).target;
    return index;
  }
};

// Shortens chains of references, finds discriminators and refuses schemas that apply to one value without end: `$ref`
// to itself, also through allOf, anyOf, oneOf, not, if, then, else or a dependency. `origins` holds the node of each
// piece.
struct Origin {
  NodeIndex node;
  document::JsonValue schema;
};
base::Result<void> finish(Plan& plan, const std::vector<Origin>& origins);

}  // namespace launchgate::schema
