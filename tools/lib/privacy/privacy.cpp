#include "lib/privacy/privacy.hpp"

namespace launchgate::privacy {

struct Guard::State {
  const evidence::Policy& policy;
};

base::Result<Guard> Guard::load(suite::Workspace&, const evidence::Policy& policy) {
  return Guard(std::make_shared<const State>(State{policy}));
}

evidence::PrivateScan Guard::scan() const { return {}; }

std::string Guard::redact(std::string_view text) const { return evidence::mask_private(state_->policy, text); }

}  // namespace launchgate::privacy
