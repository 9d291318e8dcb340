#include "lib/privacy/privacy.hpp"

#include "lib/rules/pack.hpp"
#include "lib/secrets/decode.hpp"
#include "lib/secrets/redactor.hpp"
#include "lib/secrets/rulebook.hpp"

namespace launchgate::privacy {

struct Guard::State {
  State(const evidence::Policy& rules, std::shared_ptr<const secrets::Rulebook> leaks)
      : policy(rules), book(std::move(leaks)), redactor(book) {}
  const evidence::Policy& policy;
  std::shared_ptr<const secrets::Rulebook> book;
  secrets::Scratch scratch;
  secrets::Redactor redactor;
};

base::Result<Guard> Guard::load(suite::Workspace& workspace, const evidence::Policy& policy) {
  auto packs = workspace.resources().pack_sources(workspace.configuration().leaks.packs);
  if (!packs) return std::move(packs).error();
  return Guard(std::make_shared<State>(policy, std::make_shared<const secrets::Rulebook>(std::move(*packs))));
}

evidence::PrivateScan Guard::scan() const {
  return [state = state_](std::string_view text) {
    std::vector<evidence::PrivateHit> hits;
    const secrets::Engine& engine = state->book->engine();
    std::vector<secrets::Match> matches;
    // A rule that cannot be applied finds everything.
    const auto failed = [&] { hits.push_back({0, text.size(), "a leak rule could not be applied"}); };
    if (!engine.find({text}, "", state->scratch, matches)) failed();
    for (const secrets::Match& match : matches)
      hits.push_back({match.begin, match.end, engine.rule(match.rule).info.summary});
    std::vector<secrets::EncodedRun> runs;
    secrets::find_encoded(text, 0, text.size(), runs);
    std::string decoded;
    for (const secrets::EncodedRun& run : runs) {
      secrets::decode(text, run, decoded);
      matches.clear();
      if (!engine.find({decoded}, "", state->scratch, matches)) failed();
      for (const secrets::Match& match : matches)
        hits.push_back({run.begin, run.end, engine.rule(match.rule).info.summary + " (encoded)"});
    }
    return hits;
  };
}

std::string Guard::redact(std::string_view text) const {
  return evidence::mask_private(state_->policy, state_->redactor.redact(text));
}

}  // namespace launchgate::privacy
