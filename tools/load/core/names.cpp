#include "load/core/names.hpp"

#include <vector>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/json_document.hpp"

namespace launchgate::load {
namespace {

using document::JsonValue;

struct Wanted {
  std::string_view member;
  std::string_view what;
  std::string name;
  std::string reader;  // of the catalogue, for people
};

base::Result<void> resolve(const JsonValue& profile, std::string_view profile_name, const Wanted& wanted) {
  const auto values = profile.find(wanted.member);
  if (!values || values->find(wanted.name)) return {};
  std::vector<std::string> own;
  for (const JsonValue::Member member : values->members()) own.emplace_back(member.name());
  base::Error error{base::ErrorCategory::configuration, profile.document().path(), values->span().begin,
                    "profile \"" + base::printable(profile_name) + "\" has no " + std::string(wanted.what) + " \"" +
                        wanted.name + "\", which " + wanted.reader + " reads",
                    "add it, or leave it out of the operation catalogue"};
  const auto meant = base::nearest(wanted.name, own);
  if (!meant || base::edit_distance(wanted.name, *meant, 2) > 2) return error;
  for (const JsonValue::Member member : values->members()) {
    if (member.name() != *meant) continue;
    error.position = member.key.span().begin;
    error.help = "\"" + base::printable(*meant) + "\" stands here: did you mean \"" + wanted.name + "\"?";
  }
  return error;
}

}  // namespace

base::Result<void> resolve_names(const Catalogue& catalogue, std::string path, std::string text,
                                 std::string_view profile) {
  const auto document = document::JsonDocument::parse(std::move(path), std::move(text));
  if (!document) return document.error();
  const auto profiles = document->root().find("profiles");
  const auto own = profiles ? profiles->find(profile) : std::nullopt;
  if (!own) return {};
  std::vector<Wanted> wanted;
  for (const GateSpec& gate : catalogue.gates)
    wanted.push_back({"thresholds", "threshold", gate.threshold, "gate \"" + gate.check + "\""});
  for (const OperationSpec& operation : catalogue.operations) {
    const std::string reader = "operation \"" + operation.name + "\"";
    if (operation.rate)
      wanted.push_back({"capacityTargets", "capacity target", operation.rate->capacity_target, reader});
    if (operation.stream)
      wanted.push_back({"capacityTargets", "capacity target", operation.stream->capacity_target, reader});
  }
  for (const Wanted& one : wanted) {
    if (auto resolved = resolve(*own, profile, one); !resolved) return resolved;
  }
  return {};
}

}  // namespace launchgate::load
