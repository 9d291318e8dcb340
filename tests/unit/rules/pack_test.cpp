#include "unit/rules/rule_helpers.hpp"

using namespace launchgate;
using namespace launchgate::rules;

TEST_CASE("a pack is read whole") {
  const Pack pack = pack_of(R"("kind": "unique", "why": "because", "at": "/a/*")");
  CHECK(pack.name() == "p");
  REQUIRE(pack.size() == 1);
  const Rule& rule = pack.rule(0);
  CHECK(rule.info.id == "p/r");
  CHECK(rule.info.severity == finding::Severity::error);
  CHECK(rule.info.summary == "the message");
  CHECK(rule.info.help == "the help");
  CHECK(rule.info.why == "because");
  CHECK(rule.info.wrong == "1");
  CHECK(rule.info.right == "3");
  CHECK(rule.kind->name == "unique");
  CHECK(rule.position == base::Position{2, 8});
}

TEST_CASE("unknown kinds and fields are refused at their place") {
  CHECK(refusal_of(R"("kind": "uniqe", "at": "/a")") ==
        "pack.json:3:10: unknown kind of rule \"uniqe\"; did you mean \"unique\"?");
  CHECK(refusal_of(R"("kind": "unique", "att": "/a")").find("rule lacks the field \"at\"") != std::string::npos);
  CHECK(refusal_of(R"("kind": "unique", "at": "/a", "kee": "/b")") ==
        "pack.json:3:32: rule has no field \"kee\"; did you mean \"key\"?");
  CHECK(refusal_of(R"("kind": "unique", "at": 7)") ==
        "pack.json:3:26: \"at\" must be a string, not a number; docs/rule-packs.md lists the kinds and their fields");
  CHECK(refusal_of(R"("kind": "unique", "at": "a")").find("must be a JSON pointer") != std::string::npos);
  CHECK(refusal_of(R"("kind": "forbid", "phrases": ["x"], "unless": {"patern": "y"})")
            .find("has no field \"patern\"; did you mean \"pattern\"?") != std::string::npos);
  CHECK(refusal_of(R"("kind": "require", "phrases": ["x"], "scope": "headings")").find("did you mean \"heading\"?") !=
        std::string::npos);
}

TEST_CASE("fields that contradict each other are refused") {
  for (const char* fields : {R"("kind": "equal", "at": "/a")",
                             R"("kind": "equal", "at": "/a", "with": "/b", "value": 1)",
                             R"("kind": "equal", "at": "/a", "with": "/b/*")",
                             R"("kind": "reference", "at": "/a", "to": "pointer")",
                             R"("kind": "reference", "at": "/a", "to": "file", "in": "/b/*")",
                             R"("kind": "reference", "at": "/a", "to": "url")",
                             R"("kind": "ladder", "at": "/a", "along": ["x", "y"], "direction": "grow")",
                             R"("kind": "ladder", "at": "/{step}", "along": ["x"], "direction": "grow")",
                             R"("kind": "ladder", "at": "/{step}", "along": ["x", "y"], "direction": "up")",
                             R"("kind": "covers", "lists": [])",
                             R"("kind": "covers", "lists": [{"at": [], "values": ["x"]}])",
                             R"("kind": "covers", "lists": [{"at": "/a", "values": ["x", "x"]}])",
                             R"("kind": "covers", "lists": [{"values": ["x"]}])",
                             R"("kind": "require", "phrases": ["x"], "any": ["y"])",
                             R"("kind": "require")",
                             R"("kind": "require", "phrases": [" "])",
                             R"("kind": "require", "phrases": ["x"], "count": {})",
                             R"("kind": "require", "phrases": ["x"], "count": {"min": 3, "max": 2})",
                             R"("kind": "require", "phrases": ["x"], "count": {"min": -1})",
                             R"("kind": "forbid", "any": ["x"])",
                             R"("kind": "require", "phrases": ["x"], "scope": "raw", "section": "y")",
                             R"("kind": "order", "headings": ["x"])",
                             R"("kind": "structure", "section": "x")",
                             R"("kind": "structure", "tables": [{"rows": ["x"]}])",
                             R"("kind": "claim")",
                             R"("kind": "secret", "pattern": "x", "keywords": ["X"])",
                             R"("kind": "secret", "pattern": "x", "minEntropy": 9)",
                             R"("kind": "secret", "pattern": "x", "window": 1)",
                             R"("kind": "secret", "pattern": "")"}) {
    INFO(fields);
    CHECK_FALSE(refusal_of(fields).empty());
  }
}

TEST_CASE("text rules show their fields") {
  const Pack forbid = pack_of(
      R"("kind": "forbid", "phrases": ["prod  ready"], "scope": "table-cell", "unless": {"pattern": "not", "window": 2}, "replacement": "beta")");
  const auto& rule = std::get<Forbid>(forbid.rule(0).body);
  CHECK(rule.wanted.scope == Scope::table_cell);
  CHECK(rule.wanted.phrases[0].text == "prod ready");
  CHECK(rule.unless_window == 2);
  CHECK(rule.replacement == "beta");
  const Pack secret = pack_of(
      R"x("kind": "secret", "pattern": "(k)(.*)", "group": 2, "keywords": ["k_"], "minEntropy": 3.5, "requires": "y", "window": 4,
         "allow": {"paths": ["a"], "values": ["b", "c"], "lines": ["d"]})x");
  const auto& body = std::get<Secret>(secret.rule(0).body);
  CHECK(body.group == 2);
  CHECK(body.keywords == std::vector<std::string>{"k_"});
  CHECK(body.min_entropy == 3.5);
  CHECK(body.needs_window == 4);
  CHECK(body.allow_values.size() == 2);
}

TEST_CASE("the pack itself is read strictly") {
  const auto refusal = [](const std::string& text) {
    const auto pack = load_pack("pack.json", text);
    REQUIRE_FALSE(pack.ok());
    CHECK(pack.error().category == base::ErrorCategory::configuration);
    return to_string(pack.error());
  };
  CHECK(refusal("[]").find("must be an object") != std::string::npos);
  CHECK(refusal("{").substr(0, 12) == "pack.json:1:");
  CHECK(refusal(R"({"schemaVersion": 2})").find("\"schemaVersion\" must be 1") != std::string::npos);
  CHECK(refusal(R"({"schemaVersion": 1, "pack": "A b", "title": "t", "description": "d", "rules": []})")
            .find("must be a name") != std::string::npos);
  CHECK(refusal(R"({"schemaVersion": 1, "pack": "a", "title": "t", "description": "d", "rules": []})")
            .find("at least one rule") != std::string::npos);
  std::string twice = pack_text(R"("kind": "unique", "at": "/a")");
  const std::size_t begin = twice.find("{\"id\"");
  const std::string rule = twice.substr(begin, twice.rfind("]}") - begin);
  twice.insert(begin, rule + ",\n");
  CHECK(refusal(twice).find("a rule of this id at line 2 already") != std::string::npos);
  CHECK(refusal(pack_text(R"("kind": "unique", "at": "/a")",
                          R"({"match": [{"document": 1}], "pass": [{"document": 1}, {"document": 2}]})"))
            .find("at least two examples under \"match\"") != std::string::npos);
  CHECK(refusal(pack_text(R"("kind": "unique", "at": "/a")",
                          R"({"match": [{"document": 1}, {"dokument": 1}], "pass": []})"))
            .find("example has no field \"dokument\"; did you mean \"document\"?") != std::string::npos);
  CHECK(refusal(pack_text(R"("kind": "require", "phrases": ["x"])", R"({"match": ["a", {}], "pass": ["b", "c"]})"))
            .find("are strings") != std::string::npos);
}

TEST_CASE("a pattern that RE2 refuses is an error at the string") {
  const std::string text = pack_text(R"x("kind": "matches", "at": "/a", "pattern": "(?=x)")x");
  const auto ready = load_pack("pack.json", text);
  REQUIRE_FALSE(ready.ok());
  CHECK(ready.error().category == base::ErrorCategory::configuration);
  CHECK(ready.error().position == base::Position{3, 44});
  CHECK(ready.error().message.find("RE2") != std::string::npos);
  // Of a pack that is built in, patterns are compiled when they are asked for.
  const auto pack = load_pack("pack.json", text, proven);
  REQUIRE(pack.ok());
  const auto document = document::JsonDocument::parse("d.json", R"({"a": "x"})");
  const Documents documents;
  const KnownFiles repository;
  CHECK_FALSE(check_json(*pack, {document->root(), documents, repository}).ok());
}

TEST_CASE("every pattern of a rule is compiled where the pack is loaded") {
  const std::vector<std::string> rules = {
      R"x("kind": "reference", "at": "/v", "to": "file", "pattern": "(")x",
      R"x("kind": "matches", "at": "/v", "pattern": "(")x",
      R"x("kind": "json-key", "keyPattern": "(")x",
      R"x("kind": "json-key", "keyPattern": "k", "unless": {"type": "null", "keyPattern": "("})x",
      R"x("kind": "json-key", "keyPattern": "k", "allow": {"values": ["a", "("]})x",
      R"x("kind": "json-key", "keyPattern": "k", "allow": {"paths": ["("]})x",
      R"x("kind": "require", "pattern": "(")x",
      R"x("kind": "require", "phrases": ["x"], "when": "(")x",
      R"x("kind": "forbid", "pattern": "(")x",
      R"x("kind": "forbid", "phrases": ["x"], "when": "(")x",
      R"x("kind": "forbid", "phrases": ["x"], "unless": {"pattern": "("})x",
      R"x("kind": "claim", "pattern": "(")x",
      R"x("kind": "claim", "pattern": ["a", "("])x",
      R"x("kind": "secret", "pattern": "(")x",
      R"x("kind": "secret", "pattern": "k", "requires": "(")x",
      R"x("kind": "secret", "pattern": "k", "allow": {"paths": ["("]})x",
      R"x("kind": "secret", "pattern": "k", "allow": {"values": ["("]})x",
      R"x("kind": "secret", "pattern": "k", "allow": {"lines": ["("]})x",
  };
  for (const std::string& rule : rules) {
    INFO(rule);
    const auto pack = load_pack("pack.json", pack_text(rule));
    REQUIRE_FALSE(pack.ok());
    CHECK(pack.error().message.find("RE2") != std::string::npos);
    CHECK(pack.error().position == base::Position{3, static_cast<std::uint32_t>(rule.find("\"(\"") + 2)});
    CHECK(load_pack("pack.json", pack_text(rule), proven).ok());
  }
}

TEST_CASE("alternatives too large together are refused where the pack is loaded") {
  std::string parts;
  for (int i = 0; i < 100; ++i) parts += (i > 0 ? ", \"" : "\"") + std::to_string(i) + "[[:^ascii:]]{900}\"";
  const auto pack = load_pack("pack.json", pack_text(R"("kind": "claim", "pattern": [)" + parts + "]"));
  REQUIRE_FALSE(pack.ok());
  CHECK(pack.error().message.find("pattern too large") != std::string::npos);
  CHECK(pack.error().position == base::Position{3, 30});
}

TEST_CASE("examples that lie are found") {
  const auto pack = load_pack("pack.json", pack_text(R"("kind": "format", "at": "/v", "as": "date")", R"({
    "match": [{"document": {"v": "today"}}, {"document": {"v": "2026-01-01"}}],
    "pass": [{"document": {"v": "2026-01-02"}}, {"document": {"v": "tomorrow"}}]})"));
  REQUIRE(pack.ok());
  const ExampleReport report = test_examples(*pack, {});
  CHECK(report.examples == 4);
  REQUIRE(report.errors.size() == 2);
  CHECK(report.errors[0].message == "rule p/r does not fire on this \"match\" example");
  CHECK(report.errors[0].position == base::Position{4, 45});
  CHECK(report.errors[1].message == "rule p/r fires on this \"pass\" example");
}

TEST_CASE("examples bring their repository") {
  const auto pack = load_pack("pack.json", pack_text(R"("kind": "reference", "at": "/v", "to": "file")", R"({
    "match": [{"document": {"v": "docs"}, "files": ["docs/a.md"]}, {"document": {"v": "../a"}}],
    "pass": [{"document": {"v": "docs/a.md"}, "files": ["docs/a.md"]}, {"document": {"v": 1}}]})"));
  REQUIRE(pack.ok());
  CHECK(test_examples(*pack, {}).errors.empty());
  const auto scripts =
      load_pack("pack.json", pack_text(R"("kind": "reference", "at": "/v", "to": "package-script")", R"({
    "match": [{"document": {"v": "b"}, "scripts": ["a"]}, {"document": {"v": "a"}}],
    "pass": [{"document": {"v": "a\"b"}, "scripts": ["a\"b"]}, {"document": {"v": "c"}, "documents": {"package-scripts": {"scripts": {"c": ""}}}}]})"));
  REQUIRE(scripts.ok());
  CHECK(test_examples(*scripts, {}).errors.empty());
}

TEST_CASE("hundreds of rules load") {
  std::string text = R"({"schemaVersion": 1, "pack": "p", "title": "t", "description": "d", "rules": [)";
  for (int i = 0; i < 300; ++i) {
    text +=
        (i > 0 ? "," : "") + std::string(R"({"id": "r)") + std::to_string(i) +
        R"(", "kind": "secret", "severity": "error", "message": "a secret", "help": "revoke it", "pattern": "\\bk)" +
        std::to_string(i) + R"(_[A-Za-z0-9]{20,60}\\b", "keywords": ["k_"], "minEntropy": 3,
            "examples": {"match": ["one", "two"], "pass": ["three", "four"]}})";
  }
  text += "]}";
  const auto pack = load_pack("pack.json", std::move(text));
  REQUIRE(pack.ok());
  CHECK(pack->size() == 300);
}
