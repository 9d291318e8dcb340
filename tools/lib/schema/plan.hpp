#pragma once

#include <re2/re2.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "lib/document/json_document.hpp"

// What validation walks: one node per subschema, keywords grouped by the kind of value they speak about, property names
// sorted.
//
// A plan is a run of words: tables of plain structs, one after the other, which refer to each other by place. The build
// compiles the built-in schemas, and their plans are read where they lie in the executable; a schema that somebody
// brings becomes the same words at run time. What cannot be data (regular expressions, values of enum that are
// containers) is made when it is first asked for.
namespace launchgate::schema {

using NodeIndex = std::int32_t;
inline constexpr NodeIndex anything = -1;
inline constexpr NodeIndex nothing = -2;

// Neighbours in the table of T.
template <typename T>
struct Slice {
  std::uint32_t begin = 0;
  std::uint32_t count = 0;
  bool empty() const { return count == 0; }
};
using Text = Slice<char>;

// One of the table of T, or none.
template <typename T>
struct Ref {
  std::uint32_t index = UINT32_MAX;
  explicit operator bool() const { return index != UINT32_MAX; }
};

// A set of JSON types as bits.
using Types = std::uint8_t;
inline constexpr Types type_null = 1;
inline constexpr Types type_boolean = 2;
inline constexpr Types type_integer = 4;
inline constexpr Types type_number = 8;  // integers included
inline constexpr Types type_string = 16;
inline constexpr Types type_array = 32;
inline constexpr Types type_object = 64;

struct Pattern {
  Text text;
};

struct Container {
  Text text;
};

// Of enum or const.
struct Value {
  std::uint32_t kind = 0;    // document::JsonKind
  Text text;                 // of a string what it says, of others as written
  Ref<Container> container;  // where it is one
  bool is(document::JsonKind wanted) const { return kind == static_cast<std::uint32_t>(wanted); }
};

enum class Bound : std::uint32_t { minimum, exclusive_minimum, maximum, exclusive_maximum, multiple_of };

struct NumberLimit {
  Bound bound = Bound::minimum;
  std::uint32_t has_plain = 0;
  std::int64_t plain = 0;  // the same, where it is a short integer
  Text text;               // as written
};

struct SizeLimits {
  std::uint64_t least = 0;
  std::uint64_t most = UINT64_MAX;
  bool any() const { return least > 0 || most != UINT64_MAX; }
};

struct StringRules {
  SizeLimits length;  // in code points
  Ref<Pattern> pattern;
  std::int32_t format = -1;  // a Format, or none
};

struct ArrayRules {
  SizeLimits size;
  Slice<NodeIndex> tuple;         // of the first elements
  NodeIndex elements = anything;  // of all others
  NodeIndex contains = anything;
  std::uint32_t has_contains = 0;
  std::uint32_t unique = 0;
};

inline constexpr std::uint32_t not_required = UINT32_MAX;

// A key that `properties` or `required` names.
struct Property {
  Text name;
  NodeIndex node = anything;
  std::uint32_t declared = 0;             // in `properties`
  std::uint32_t required = not_required;  // else its number among the required keys
};

struct PatternProperty {
  Ref<Pattern> pattern;
  NodeIndex node = anything;
};

struct Dependency {
  Text key;
  Slice<Text> names;
  NodeIndex node = anything;
};

struct ObjectRules {
  SizeLimits size;
  Slice<Property> properties;  // sorted by name
  Slice<PatternProperty> patterns;
  Slice<Dependency> dependencies;
  std::uint32_t required_count = 0;
  NodeIndex additional = anything;
  NodeIndex names = anything;
  std::uint32_t reserved = 0;
};

struct NamedBranch {
  Text value;
  NodeIndex branch = anything;
};

// A key whose value, a string, tells which branch is meant: every branch declares it with its own constants.
struct Discriminator {
  Text key;
  Slice<NamedBranch> branches;  // in the order of the schema
  std::uint32_t required = 0;   // by every branch
};

// anyOf and oneOf.
struct Alternatives {
  Slice<NodeIndex> branches;
  std::uint32_t exactly_one = 0;
  Ref<Discriminator> discriminator;
};

struct Condition {
  NodeIndex condition = anything;
  NodeIndex then_node = anything;
  NodeIndex else_node = anything;
};

struct Node {
  Text title;
  Text description;
  NodeIndex target = anything;  // this node is a reference, and nothing but title and description is its own
  NodeIndex forbidden = anything;
  Types types = 0;  // 0: every type
  bool refers = false;
  bool has_allowed = false;
  bool has_forbidden = false;
  Ref<Value> constant;
  Slice<Value> allowed;  // of enum
  Slice<NumberLimit> numbers;
  Ref<StringRules> string;
  Ref<ArrayRules> array;
  Ref<ObjectRules> object;
  Ref<Condition> condition;
  Slice<NodeIndex> all_of;
  Slice<Alternatives> alternatives;
};

// The tables, in vectors while a plan is made and as views of its words afterwards.
template <template <typename> typename Table>
class PlanTables {
 public:
  // Those that hold words of eight bytes first, characters last.
  using Tables = std::tuple<Table<NumberLimit>, Table<StringRules>, Table<ArrayRules>, Table<ObjectRules>, Table<Node>,
                            Table<Value>, Table<Container>, Table<Pattern>, Table<Property>, Table<PatternProperty>,
                            Table<Dependency>, Table<NamedBranch>, Table<Discriminator>, Table<Alternatives>,
                            Table<Condition>, Table<NodeIndex>, Table<Text>, Table<char>>;

  template <typename T>
  std::span<const T> all() const {
    return std::get<Table<T>>(tables_);
  }
  template <typename T>
  std::span<const T> list(Slice<T> slice) const {
    return all<T>().subspan(slice.begin, slice.count);
  }
  // Null where there is none.
  template <typename T>
  const T* get(Ref<T> ref) const {
    return ref ? &all<T>()[ref.index] : nullptr;
  }
  std::string_view text(Text text) const { return {all<char>().data() + text.begin, text.count}; }
  const Node& node(NodeIndex index) const { return all<Node>()[static_cast<std::size_t>(index)]; }
  // Past references: the node that constrains, or anything, or nothing.
  NodeIndex resolved(NodeIndex index) const {
    while (index >= 0 && node(index).refers) index = node(index).target;
    return index;
  }
  const Property* find(const ObjectRules& rules, std::string_view name) const;
  NodeIndex root() const { return root_; }

 protected:
  Tables tables_;
  NodeIndex root_ = anything;
};

template <typename T>
using PlanVector = std::vector<T>;
template <typename T>
using PlanView = std::span<const T>;

using PlanWords = std::vector<std::uint64_t>;

extern template class PlanTables<PlanVector>;
extern template class PlanTables<PlanView>;

class Plan : public PlanTables<PlanView> {
 public:
  explicit Plan(PlanWords words);
  // The words must stay where they are.
  explicit Plan(std::span<const std::uint64_t> words);

  std::span<const std::uint64_t> words() const { return words_; }

  const RE2& regex(Ref<Pattern> pattern) const;
  bool equals(const Value& value, const document::JsonValue& found) const;

 private:
  // For any number of threads.
  template <typename T>
  class Lazy {
   public:
    template <typename Make>
    const T& get(const Make& make) const {
      std::call_once(once_, [&] { value_ = make(); });
      return *value_;
    }

   private:
    mutable std::once_flag once_;
    mutable std::unique_ptr<const T> value_;
  };

  PlanWords owned_;
  std::span<const std::uint64_t> words_;
  std::unique_ptr<Lazy<RE2>[]> regexes_;
  std::unique_ptr<Lazy<document::JsonDocument>[]> containers_;
};

}  // namespace launchgate::schema
