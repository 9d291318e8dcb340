#include <re2/re2.h>

#include <set>

#include "lib/base/similar.hpp"
#include "lib/rules/kinds.hpp"

// `reference`: values that must resolve to a file, a package script or an id elsewhere.
namespace launchgate::rules {

using document::JsonKind;
using document::JsonValue;

namespace {

enum class Target : std::uint8_t { file, package_script, pointer };

struct Reference final : JsonMatcher {
  PointerPattern at = *PointerPattern::parse("");
  Target to = Target::file;
  std::optional<Pattern> pattern;
  std::optional<PointerPattern> in;

  base::Result<void> match(const JsonSubject& subject, Reporter& reporter) const override;
};

std::set<std::string> ids(const PointerPattern& in, const JsonSubject& subject) {
  std::set<std::string> found;
  for (const JsonValue& root : roots_of(in, subject)) {
    in.each(root, [&](const Place& place) {
      if (place.key) {
        found.emplace(place.key->string());
      } else if (place.value.is(JsonKind::string)) {
        found.emplace(place.value.string());
      }
    });
  }
  return found;
}

std::string file_problem(PathState state, const std::string& path) {
  switch (state) {
    case PathState::folder:
      return quoted(path) + " is a folder";
    case PathState::outside:
      return quoted(path) + " leads out of the repository";
    case PathState::other:
      return quoted(path) + " is no regular file";
    default:
      return quoted(path) + " does not exist";
  }
}

base::Result<void> Reference::match(const JsonSubject& subject, Reporter& reporter) const {
  const re2::RE2* regex = nullptr;
  if (pattern) {
    auto compiled = pattern->compiled();
    if (!compiled) return compiled.error();
    regex = *compiled;
  }
  static const PointerPattern scripts = *PointerPattern::parse(std::string(scripts_kind) + "#/scripts/*");
  const PointerPattern* const source = to == Target::package_script ? &scripts : to == Target::pointer ? &*in : nullptr;
  std::optional<std::set<std::string>> known;
  std::vector<std::string> candidates;

  const auto look_up = [&](const Place& place, const std::string& name) {
    if (source == nullptr) {
      const PathState state = subject.repository.state(name);
      if (state == PathState::file) return;
      const auto near = subject.repository.candidates(name);
      reporter.add(place, file_problem(state, name), base::did_you_mean(name, near));
      return;
    }
    if (!known) {
      known = ids(*source, subject);
      candidates.assign(known->begin(), known->end());
    }
    if (known->count(name) != 0) return;
    if (known->empty() && roots_of(*source, subject).empty()) {
      reporter.add(place, quoted(name) + " cannot be looked up: there is no document of kind " + quoted(source->kind()),
                   "name one in the configuration");
      return;
    }
    const std::string what = to == Target::package_script ? "there is no package script " : "nothing has the name ";
    const std::string where = to == Target::package_script ? "" : " under " + in->text();
    reporter.add(place, what + quoted(name) + where, base::did_you_mean(name, candidates));
  };

  for (const JsonValue& root : roots_of(at, subject)) {
    at.each(root, [&](const Place& place) {
      if (!place.value.is(JsonKind::string)) return;
      const std::string_view text = place.value.string();
      if (regex == nullptr) {
        look_up(place, std::string(text));
        return;
      }
      re2::StringPiece groups[2];
      const int wanted = regex->NumberOfCapturingGroups() > 0 ? 2 : 1;
      if (!regex->Match({text.data(), text.size()}, 0, text.size(), re2::RE2::UNANCHORED, groups, wanted)) return;
      const re2::StringPiece& name = groups[wanted - 1];
      look_up(place, name.data() == nullptr ? std::string() : std::string(name.data(), name.size()));
    });
  }
  return {};
}

}  // namespace

JsonRule load_reference(Fields& fields) {
  auto rule = std::make_shared<Reference>();
  rule->at = fields.pointer("at");
  rule->to = static_cast<Target>(fields.one_of("to", {"file", "package-script", "pointer"}, std::nullopt));
  rule->pattern = fields.optional_pattern("pattern");
  rule->in = fields.optional_pointer("in");
  if (rule->to == Target::package_script) fields.refer_to(scripts_kind);
  const bool wants_in = rule->to == Target::pointer;
  if (!fields.failed() && wants_in != rule->in.has_value()) {
    fields.refuse(fields.object(), wants_in ? "\"to\": \"pointer\" needs the field \"in\""
                                            : "\"in\" has a meaning only with \"to\": \"pointer\"");
  }
  return rule;
}

}  // namespace launchgate::rules
