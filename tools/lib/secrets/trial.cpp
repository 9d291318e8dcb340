#include "lib/secrets/trial.hpp"

#include <map>
#include <memory>

#include "lib/secrets/engine.hpp"

namespace launchgate::secrets {

rules::TextTrial secret_trial(const rules::Pack& pack) {
  auto engines = std::make_shared<std::map<std::string, std::unique_ptr<Engine>, std::less<>>>();
  auto list = secret_rules(pack);
  for (SecretRule& rule : list) {
    const std::string id = rule.info.id;
    std::vector<SecretRule> alone;
    alone.push_back(std::move(rule));
    engines->emplace(id, std::make_unique<Engine>(std::move(alone)));
  }
  return [engines](const rules::Rule& rule, std::string_view text) -> base::Result<bool> {
    const auto engine = engines->find(rule.info.id);
    if (engine == engines->end()) return false;
    Scratch scratch;
    std::vector<Match> matches;
    if (auto done = engine->second->find({text}, "example.txt", scratch, matches); !done) return done.error();
    return !matches.empty();
  };
}

}  // namespace launchgate::secrets
