#include "lib/evidence/key_forms.hpp"

#include <algorithm>

#include "lib/document/object_reader.hpp"

namespace launchgate::evidence {

base::Result<std::vector<PrivateValue>> load_key_forms(const document::JsonDocument& tiers) {
  std::optional<base::Error> error;
  std::vector<PrivateValue> forms;
  document::ObjectReader root(tiers.root(), "tier ladder", error, tier_ladder_options);
  root.objects("privateValues", "private value", true, [&](document::ObjectReader& entry) {
    const std::string name = entry.text("name");
    const auto pattern = entry.value("pattern", document::JsonKind::string, true);
    if (!entry.flag("inData") || !pattern) return;
    auto matcher = Matcher::compile(*pattern);
    if (!matcher) return entry.refuse(matcher.error());
    forms.push_back({name, *std::move(matcher), std::nullopt});
  });
  if (error) return *error;
  return forms;
}

bool holds(const PrivateValue& form, std::string_view text) {
  std::size_t from = 0;
  while (const auto hit = form.pattern.find(text, from)) {
    const std::string_view value = text.substr(hit->first, hit->second - hit->first);
    if (!form.allow || !form.allow->found_in(value)) return true;
    from = std::max(hit->second, hit->first + 1);
  }
  return false;
}

}  // namespace launchgate::evidence
