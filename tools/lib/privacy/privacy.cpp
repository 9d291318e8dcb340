#include "lib/privacy/privacy.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "lib/base/text.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/finding/digest.hpp"
#include "lib/io/system.hpp"
#include "lib/secrets/private_spans.hpp"
#include "lib/secrets/redactor.hpp"
#include "lib/suite/leak_rules.hpp"

namespace launchgate::privacy {

namespace {

constexpr std::size_t shortest_value = 6;  // what is shorter stands in every text

// What nobody would take for a word or an example, so that a rule about names and values speaks of the name alone.
std::string random_looking(std::string_view name) {
  constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const std::string digest = finding::sha256_hex(name);
  std::string out;
  for (std::size_t i = 0; i + 2 <= digest.size(); i += 2)
    out += digits[std::stoul(digest.substr(i, 2), nullptr, 16) % digits.size()];
  return out;
}

// The values of private variables, in the forms in which a program may print them; longer ones first, so that a value
// inside another leaves no tail of it.
std::vector<std::string> private_variables(const secrets::SpanFinder& finder) {
  std::map<std::string, std::string> variables;
  for (const std::string& variable : io::environment()) {
    const std::size_t equals = variable.find('=');
    if (equals != std::string::npos && variable.size() - equals > shortest_value)
      variables.emplace(variable.substr(0, equals), variable.substr(equals + 1));
  }
  document::JsonWriter object(document::JsonStyle::compact);
  object.begin_object();
  std::map<std::string, std::string> values_of;  // by what stands for them
  for (const auto& [name, value] : variables) {
    object.member(name, random_looking(name));
    values_of[random_looking(name)] = value;
  }
  object.end_object();
  const auto places = secrets::JsonPlaces::of("environment.json", object.take());
  const auto keys = places ? finder.find_keys(*places) : std::vector<secrets::JsonKey>();
  std::vector<std::string> values;
  if (!keys) return values;
  for (const secrets::JsonKey& key : *keys) {
    const std::string& value = values_of[key.value];
    values.push_back(value);
    values.push_back(base::percent_encoded(value));
    const std::string quoted = document::json_quoted(value);
    values.push_back(quoted.substr(1, quoted.size() - 2));
  }
  std::sort(values.begin(), values.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

std::string without(std::string text, const std::vector<std::string>& values) {
  constexpr std::string_view word = secrets::Redactor::replacement;
  for (const std::string& value : values) {
    for (std::size_t at = text.find(value); at != std::string::npos; at = text.find(value, at + word.size()))
      text.replace(at, value.size(), word);
  }
  return text;
}

}  // namespace

struct Guard::State {
  State(const evidence::Policy& private_values, const suite::LeakRules& rules)
      : policy(private_values),
        book(rules.book),
        finder(*book, rules.everywhere),
        public_finder(*book, secrets::all_packs),
        redactor(book, rules.everywhere),
        variables(private_variables(finder)) {}
  const evidence::Policy& policy;
  std::shared_ptr<const secrets::Rulebook> book;
  secrets::SpanFinder finder;
  secrets::SpanFinder public_finder;
  secrets::Redactor redactor;
  std::vector<std::string> variables;
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
  return evidence::mask_private(state_->policy, state_->redactor.redact(without(std::string(text), state_->variables)));
}

}  // namespace launchgate::privacy
