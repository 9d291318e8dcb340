#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <variant>

#include "lib/rules/fields.hpp"
#include "lib/rules/json_rule.hpp"
#include "lib/rules/text_rules.hpp"

namespace launchgate::rules {

using JsonRule = std::shared_ptr<const JsonMatcher>;
using Body = std::variant<JsonRule, Require, Forbid, Order, Structure, Claim, Secret>;

// What a rule of a kind is tried on, and so what its examples are.
enum class Input : std::uint8_t { json, markdown, text };

struct Kind {
  std::string_view name;
  Input input;
  Body (*load)(Fields& fields);
};

std::span<const Kind> kinds();
const Kind* find_kind(std::string_view name);

// One file each.
JsonRule load_reference(Fields& fields);
JsonRule load_covers(Fields& fields);
JsonRule load_equal(Fields& fields);
JsonRule load_ladder(Fields& fields);
JsonRule load_format(Fields& fields);
JsonRule load_matches(Fields& fields);
JsonRule load_capacity(Fields& fields);
JsonRule load_json_key(Fields& fields);
JsonRule load_unique(Fields& fields);

}  // namespace launchgate::rules
