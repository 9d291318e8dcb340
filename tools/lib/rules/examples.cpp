#include "lib/rules/examples.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace launchgate::rules {

using document::JsonDocument;
using document::JsonKind;
using document::JsonValue;

namespace {

// The repository that an example describes.
class ExampleRepository final : public Repository {
 public:
  explicit ExampleRepository(const std::optional<JsonValue>& files) {
    if (!files) return;
    for (const JsonValue file : files->elements()) files_.emplace(file.string());
  }

  PathState state(std::string_view path) const override {
    if (path.empty() || path.front() == '/' || path.substr(0, 3) == "../" ||
        path.find("/../") != std::string_view::npos) {
      return PathState::outside;
    }
    if (files_.count(std::string(path)) != 0) return PathState::file;
    const std::string folder = std::string(path) + (path.back() == '/' ? "" : "/");
    const auto below = files_.lower_bound(folder);
    return below != files_.end() && below->compare(0, folder.size(), folder) == 0 ? PathState::folder
                                                                                  : PathState::missing;
  }

  std::vector<std::string> candidates(std::string_view) const override { return {files_.begin(), files_.end()}; }

 private:
  std::set<std::string> files_;
};

// A package file that holds just these scripts.
std::string package_of(const JsonValue& scripts) {
  std::string text = R"({"scripts": {)";
  bool first = true;
  for (const JsonValue script : scripts.elements()) {
    if (!script.is(JsonKind::string)) continue;
    if (!first) text += ", ";
    first = false;
    text += std::string(script.raw()) + R"(: "true")";
  }
  return text + "}}";
}

base::Error lie(const Rule& rule, const JsonValue& example, bool should_fire) {
  return {base::ErrorCategory::configuration, example.document().path(), example.span().begin,
          "rule " + rule.info.id +
              (should_fire ? " does not fire on this \"match\" example" : " fires on this \"pass\" example"),
          "correct the rule or the example"};
}

}  // namespace

base::Result<bool> fires_on(const Rule& rule, const JsonValue& example) {
  const auto document = example.find("document");
  if (!document) return false;
  Documents documents;
  if (const auto others = example.find("documents")) {
    for (const auto member : others->members()) documents[std::string(member.name())].push_back(member.value);
  }
  std::optional<JsonDocument> package;
  if (const auto scripts = example.find("scripts")) {
    auto parsed = JsonDocument::parse("package.json", package_of(*scripts));
    if (!parsed) return parsed.error();
    package.emplace(std::move(*parsed));
    documents[std::string(scripts_kind)].push_back(package->root());
  }
  const ExampleRepository repository(example.find("files"));
  std::vector<finding::Finding> findings;
  if (auto done = check_json(rule, {*document, documents, repository, "example.json"}, findings); !done)
    return done.error();
  return !findings.empty();
}

ExampleReport test_examples(const Pack& pack, const Trials& trials) {
  ExampleReport report;
  for (const Rule* one : pack.rules()) {
    const Rule& rule = *one;
    if (rule.match.empty()) throw std::logic_error("the examples of " + rule.info.id + " were left out");
    const TextTrial* trial = nullptr;
    if (rule.kind->input == Input::markdown) trial = &trials.markdown;
    if (rule.kind->input == Input::text) trial = &trials.secret;
    if (trial != nullptr && !*trial) {
      ++report.skipped;
      continue;
    }
    const auto run = [&](const std::vector<JsonValue>& examples, bool should_fire) {
      for (const JsonValue& example : examples) {
        ++report.examples;
        const auto fires = trial == nullptr ? fires_on(rule, example) : (*trial)(rule, example.string());
        if (!fires) {
          report.errors.push_back(fires.error());
        } else if (*fires != should_fire) {
          report.errors.push_back(lie(rule, example, should_fire));
        }
      }
    };
    run(rule.match, true);
    run(rule.pass, false);
  }
  return report;
}

}  // namespace launchgate::rules
