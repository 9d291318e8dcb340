#include "lib/prose/subject.hpp"

#include <algorithm>

namespace launchgate::prose {

bool AcceptedTier::is_exceeded_by(const std::vector<std::string>& names) const {
  if (names.empty() || !rung) return true;
  for (std::size_t i = 0; i <= *rung; ++i) {
    const auto has = [&](const std::string& tier) { return std::find(ladder[i].begin(), ladder[i].end(), tier) != ladder[i].end(); };
    if (std::any_of(names.begin(), names.end(), has)) return false;
  }
  return true;
}

AcceptedTier accepted_tier(const rules::Documents& documents) {
  AcceptedTier found;
  const auto tiers = documents.find(rules::tiers_kind);
  if (tiers == documents.end() || tiers->second.empty()) return found;
  const document::JsonValue root = tiers->second.front();
  found.name = root.string_member("acceptedTier");
  const auto matrix = documents.find(rules::matrix_kind);
  const auto place = root.document().at("/matrix/acceptedTier");
  if (matrix != documents.end() && place) {
    for (const document::JsonValue& one : matrix->second) {
      const auto accepted = one.document().at(place->string());
      found.name = accepted ? accepted->string() : std::string_view();
    }
  }
  const auto ladder = root.find("ladder");
  if (!ladder) return found;
  for (const document::JsonValue rung : ladder->elements()) {
    std::vector<std::string> names;
    for (const char* key : {"claim", "matrixTier"}) {
      if (const std::string_view tier = rung.string_member(key); !tier.empty()) names.emplace_back(tier);
    }
    if (std::find(names.begin(), names.end(), found.name) != names.end()) found.rung = found.ladder.size();
    found.ladder.push_back(std::move(names));
  }
  return found;
}

}  // namespace launchgate::prose
