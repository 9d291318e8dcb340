#include "profiles/show.hpp"

#include <algorithm>
#include <vector>

#include "lib/base/utf8.hpp"
#include "lib/report/table.hpp"

namespace launchgate::profiles {
namespace {

using document::JsonKind;
using document::JsonValue;
using report::Cell;
using report::Tone;

// Leaves in the order of the first profile that has them: group ("" at the top) and name.
struct Field {
  std::string group;
  std::string name;
  friend bool operator==(const Field&, const Field&) = default;
};

void add_fields(const JsonValue& object, const std::string& group, std::vector<Field>& fields) {
  for (const JsonValue::Member member : object.members()) {
    const std::string name(member.name());
    if (member.value.is(JsonKind::object)) {
      if (group.empty()) add_fields(member.value, name, fields);
    } else if (member.value.is(JsonKind::number)) {
      const Field field{group, name};
      if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
    }
  }
}

std::string value_of(const JsonValue& profile, const Field& field) {
  const auto object = field.group.empty() ? std::optional(profile) : profile.find(field.group);
  const auto value = object ? object->find(field.name) : std::nullopt;
  return value ? base::printable(value->raw()) : "–";
}

}  // namespace

std::string show(const JsonValue& targets, const JsonValue& tiers, bool color) {
  const auto profiles = targets.find("profiles");
  if (!profiles) return "";
  std::vector<std::string> names;
  if (const auto order = tiers.find("profiles")) {
    for (const JsonValue name : order->elements()) {
      if (profiles->find(name.string())) names.emplace_back(name.string());
    }
  }
  for (const JsonValue::Member member : profiles->members()) {
    if (std::find(names.begin(), names.end(), member.name()) == names.end()) names.emplace_back(member.name());
  }
  std::vector<Field> fields;
  for (const std::string& name : names) add_fields(*profiles->find(name), "", fields);

  std::vector<std::vector<Cell>> rows(1);
  rows[0].push_back({"", Tone::strong, false});
  for (const std::string& name : names) rows[0].push_back({base::printable(name), Tone::strong, true});
  std::string group;
  for (const Field& field : fields) {
    if (field.group != group) {
      group = field.group;
      rows.push_back({{base::printable(group), Tone::faint, false}});
    }
    std::vector<Cell> row = {{(group.empty() ? "" : "  ") + base::printable(field.name), Tone::plain, false}};
    for (const std::string& name : names) row.push_back({value_of(*profiles->find(name), field), Tone::plain, true});
    rows.push_back(std::move(row));
  }
  return report::print_table(rows, color);
}

}  // namespace launchgate::profiles
