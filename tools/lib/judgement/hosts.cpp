#include "lib/judgement/hosts.hpp"
#include "lib/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/evidence/plain_text.hpp"
#include "lib/judgement/judgement.hpp"

namespace launchgate::judgement {

using document::JsonKind;
using document::JsonValue;

std::string host_of(std::string_view url) {
  std::string buffer;
  url = evidence::plain_text(url, buffer);
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view host = url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#\\"));
  if (const std::size_t user = host.rfind('@'); user != std::string_view::npos) host = host.substr(user + 1);
  if (host.starts_with('[')) {
    host = host.substr(1, host.find(']') - 1);
  } else {
    host = host.substr(0, host.rfind(':'));
  }
  while (host.ends_with('.')) host.remove_suffix(1);
  return base::lower_case(host);
}

std::vector<Disagreement> local_hosts(const evidence::Policy& policy, const evidence::Rung& rung,
                                      const JsonValue& report) {
  std::vector<Disagreement> found;
  if (!rung.remote) return found;
  for (const std::string& pointer : policy.address_places) {
    const auto place = evidence::find_at(report, pointer);
    if (!place) continue;
    for (const JsonValue::Member member : place->members()) {
      if (!member.value.is(JsonKind::string)) continue;
      const std::string host = host_of(member.value.string());
      if (host.empty()) continue;
      const bool allowed = rung.allowed_hosts && rung.allowed_hosts->found_in(host);
      if (!allowed && policy.local_hosts.found_in(host))
        found.push_back(
            {member.value, fmt::format("{} is no remote deployment; {} must be proved on one", host, rung.claim)});
    }
  }
  return found;
}

}  // namespace launchgate::judgement
