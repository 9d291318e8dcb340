#include "lib/rules/kinds.hpp"

#include <array>

namespace launchgate::rules {
namespace {

template <auto load>
Body body(Fields& fields) {
  return Body(load(fields));
}

constexpr std::array table = {
    Kind{"reference", Input::json, body<load_reference>},
    Kind{"covers", Input::json, body<load_covers>},
    Kind{"equal", Input::json, body<load_equal>},
    Kind{"ladder", Input::json, body<load_ladder>},
    Kind{"format", Input::json, body<load_format>},
    Kind{"matches", Input::json, body<load_matches>},
    Kind{"capacity", Input::json, body<load_capacity>},
    Kind{"json-key", Input::json, body<load_json_key>},
    Kind{"unique", Input::json, body<load_unique>},
    Kind{"require", Input::markdown, body<load_require>},
    Kind{"forbid", Input::markdown, body<load_forbid>},
    Kind{"order", Input::markdown, body<load_order>},
    Kind{"structure", Input::markdown, body<load_structure>},
    Kind{"claim", Input::markdown, body<load_claim>},
    Kind{"secret", Input::text, body<load_secret>},
};

}  // namespace

std::span<const Kind> kinds() { return table; }

const Kind* find_kind(std::string_view name) {
  for (const Kind& kind : table) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

}  // namespace launchgate::rules
