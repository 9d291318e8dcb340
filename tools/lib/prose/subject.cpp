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

AcceptedTier accepted_tier(const document::JsonValue& tiers, std::string_view accepted) {
  AcceptedTier found;
  found.name = accepted.empty() ? tiers.string_member("acceptedTier") : accepted;
  const auto ladder = tiers.find("ladder");
  if (!ladder) return found;
  for (const document::JsonValue rung : ladder->elements()) {
    std::vector<std::string> names;
    for (const char* key : {"claim", "matrixTier"}) {
      if (const std::string_view name = rung.string_member(key); !name.empty()) names.emplace_back(name);
    }
    if (std::find(names.begin(), names.end(), found.name) != names.end()) found.rung = found.ladder.size();
    found.ladder.push_back(std::move(names));
  }
  return found;
}

}  // namespace launchgate::prose
