#include "lib/privacy/privacy.hpp"

#include "lib/secrets/private_spans.hpp"
#include "lib/secrets/redactor.hpp"
#include "lib/suite/leak_rules.hpp"

namespace launchgate::privacy {

struct Guard::State {
  State(const evidence::Policy& private_values, const suite::LeakRules& rules)
      : policy(private_values),
        book(rules.book),
        finder(*book, rules.everywhere),
        public_finder(*book, secrets::all_packs),
        redactor(book, rules.everywhere) {}
  const evidence::Policy& policy;
  std::shared_ptr<const secrets::Rulebook> book;
  secrets::SpanFinder finder;
  secrets::SpanFinder public_finder;
  secrets::Redactor redactor;
};

base::Result<Guard> Guard::load(suite::Workspace& workspace, const evidence::Policy& policy) {
  const auto rules = workspace.masking_rules();
  if (!rules) return rules.error();
  return Guard(std::make_shared<State>(policy, **rules));
}

namespace {

std::vector<evidence::PrivateHit> hits_of(secrets::SpanFinder& finder, std::string_view text) {
  std::vector<evidence::PrivateHit> hits;
  const auto spans = finder.find({text}, "");
  // A rule that cannot be applied finds everything.
  if (!spans) return std::vector<evidence::PrivateHit>{{0, text.size(), "a leak rule could not be applied"}};
  for (const secrets::PrivateSpan& span : *spans) {
    const bool encoded = span.encoding != secrets::Encoding::none;
    hits.push_back({span.begin, span.end, finder.info(span.rule).summary + (encoded ? " (encoded)" : "")});
  }
  return hits;
}

}  // namespace

evidence::PrivateScan Guard::scan() const {
  return [state = state_](std::string_view text) { return hits_of(state->finder, text); };
}

evidence::PrivateScan Guard::public_scan() const {
  return [state = state_](std::string_view text) { return hits_of(state->public_finder, text); };
}

std::string Guard::redact(std::string_view text) const {
  return evidence::mask_private(state_->policy, state_->redactor.redact(text));
}

}  // namespace launchgate::privacy
