#include "unit/rules/rule_helpers.hpp"

using namespace launchgate;
using namespace launchgate::rules;
using document::JsonDocument;

namespace {

struct Others {
  std::vector<std::string> files;
  std::vector<std::pair<std::string, std::string>> documents;  // kind and text
};

// "line:column pointer message | help" of every finding, one a line.
std::string found(const std::string& rule, const std::string& text, const Others& others = {}) {
  const Pack pack = pack_of(rule);
  const auto document = JsonDocument::parse("doc.json", text);
  REQUIRE(document.ok());
  std::vector<std::unique_ptr<JsonDocument>> kept;
  Documents documents;
  for (const auto& [kind, other] : others.documents) {
    auto parsed = JsonDocument::parse(kind + ".json", other);
    REQUIRE(parsed.ok());
    kept.push_back(std::make_unique<JsonDocument>(std::move(*parsed)));
    documents[kind].push_back(kept.back()->root());
  }
  const KnownFiles repository(others.files);
  const auto findings = check_json(pack, {document->root(), documents, repository});
  REQUIRE(findings.ok());
  std::string out;
  for (const auto& finding : *findings) {
    CHECK(finding.rule_id == "p/r");
    out += std::to_string(finding.span.begin.line) + ':' + std::to_string(finding.span.begin.column) + ' ' +
           finding.json_pointer + ' ' + finding.message + " | " + finding.help + '\n';
  }
  return out;
}

}  // namespace

TEST_CASE("reference: files") {
  const std::string rule = R"("kind": "reference", "at": "/a/*", "to": "file")";
  const Others files{{"docs/runbook.md", "docs/other.md"}, {}};
  CHECK(found(rule, R"({"a": ["docs/runbook.md", 7]})", files).empty());
  CHECK(found(rule, R"({"b": ["docs/none.md"]})", files).empty());
  CHECK(found(rule, R"({"a": ["docs/runbok.md"]})", files) ==
        "1:8 /a/0 the message: \"docs/runbok.md\" does not exist | did you mean \"docs/runbook.md\"? the help\n");
  CHECK(found(rule, R"({"a": {"x": "docs"}})", files) == "1:13 /a/x the message: \"docs\" is a folder | the help\n");
  CHECK(found(rule, R"({"a": ["../x"]})", files).find("leads out of the repository") != std::string::npos);
}

TEST_CASE("reference: package scripts, only where the pattern matches") {
  const std::string rule =
      R"x("kind": "reference", "at": "/commands/*", "to": "package-script", "pattern": "^pnpm ([a-z:]+)")x";
  const Others scripts{{}, {{"package-scripts", R"({"scripts": {"deploy:load": "x", "test": "y"}})"}}};
  CHECK(found(rule, R"({"commands": ["pnpm deploy:load --x", "git diff --check", "pnpm test"]})", scripts).empty());
  CHECK(found(rule, R"({"commands": ["pnpm deploy:laod"]})", scripts) ==
        "1:15 /commands/0 the message: there is no package script \"deploy:laod\" | did you mean \"deploy:load\"? the "
        "help\n");
  CHECK(found(rule, R"({"commands": ["pnpm test"]})").find("there is no document of kind \"package-scripts\"") !=
        std::string::npos);
}

TEST_CASE("reference: ids elsewhere") {
  const std::string rule = R"("kind": "reference", "at": "/items/*/category", "to": "pointer", "in": "/categories/*")";
  CHECK(found(rule, R"({"categories": {"load": 1, "soak": 2}, "items": {"a": {"category": "soak"}}})").empty());
  CHECK(found(rule, R"({"categories": ["load", "soak"], "items": [{"category": "load"}]})").empty());
  CHECK(found(rule, R"({"categories": {"load": 1}, "items": {"a": {"category": "laod"}}})") ==
        "1:57 /items/a/category the message: nothing has the name \"laod\" under /categories/* | did you mean "
        "\"load\"? the help\n");
  const std::string across = R"("kind": "reference", "at": "/c", "to": "pointer", "in": "other#/names/*")";
  CHECK(found(across, R"({"c": "x"})", {{}, {{"other", R"({"names": ["x"]})"}}}).empty());
  CHECK_FALSE(found(across, R"({"c": "y"})", {{}, {{"other", R"({"names": ["x"]})"}}}).empty());
}

TEST_CASE("covers: values of lists that count together") {
  const std::string rule = R"("kind": "covers", "lists": [{"at": "/groups/*/commands", "values": ["run a", "run b"]}])";
  CHECK(found(rule, R"({"groups": [{"commands": ["run a"]}, {"commands": ["run b", "other"]}]})").empty());
  CHECK(found(rule, R"({"groups": [{"commands": ["run a"]}, {"commands": ["rub b"]}]})") ==
        "1:14 /groups/0/commands the message: \"run b\" is missing | is \"rub b\" meant to be it? else add \"run b\"; "
        "the help\n");
  CHECK(found(rule, R"({"groups": [{"commands": "run a"}, {"commands": "run b"}]})").empty());
  // Where nothing has that list, the nearest thing that exists is pointed at.
  CHECK(found(rule, R"({"groups": 1})").substr(0, 12) == "1:12 /groups");
  CHECK(found(rule, R"({"x": 1})").substr(0, 4) == "1:1 ");
}

TEST_CASE("covers: prefix, keys, exact, several pointers") {
  const std::string prefix = R"("kind": "covers", "match": "prefix", "lists": [{"at": "/c", "values": ["run a"]}])";
  CHECK(found(prefix, R"({"c": ["run a --fast"]})").empty());
  CHECK_FALSE(found(prefix, R"({"c": ["a run a"]})").empty());

  const std::string keys =
      R"("kind": "covers", "match": "keys", "exact": true, "lists": [{"at": "/c", "values": ["one", "two"]}])";
  CHECK(found(keys, R"({"c": {"one": 1, "two": 2}})").empty());
  CHECK(found(keys, R"({"c": {"one": 1, "tow": 2}})") ==
        "1:2 /c the message: key \"two\" is missing | is \"tow\" meant to be it? else add the key \"two\"; the help\n"
        "1:18 /c/tow the message: \"tow\" is not one of those that belong here | did you mean \"two\"? the help\n");

  const std::string several = R"("kind": "covers", "lists": [{"at": ["/a", "/b/*"], "values": ["x", "y"]}])";
  CHECK(found(several, R"({"a": ["x"], "b": ["y"]})").empty());
  CHECK_FALSE(found(several, R"({"a": ["x"], "b": ["z"]})").empty());

  const std::string exact = R"("kind": "covers", "exact": true, "lists": [{"at": "/c", "values": ["x"]}])";
  CHECK(found(exact, R"({"c": ["x"]})").empty());
  CHECK(found(exact, R"({"c": ["x", "y"]})").substr(0, 10) == "1:13 /c/1 ");
}

TEST_CASE("equal: relations between places, bound segment by segment") {
  const std::string rule = R"("kind": "equal", "at": "/p/*/soak", "with": "/p/*/load", "relation": "at-least")";
  CHECK(found(rule, R"({"p": {"a": {"load": 2, "soak": 2}, "b": {"load": 1e2, "soak": 100.0}}})").empty());
  CHECK(found(rule, R"({"p": {"a": {"load": 2, "soak": 3}, "b": {"load": 2, "soak": 1}}})") ==
        "1:62 /p/b/soak the message: 1 is less than 2, at /p/b/load | the help\n");
  CHECK(found(rule, R"({"p": {"a": {"load": 2, "soak": "9"}}})").find("cannot be compared") != std::string::npos);
  CHECK(found(rule, R"({"p": {"a": {"soak": 9}}})").empty());

  const std::string same = R"("kind": "equal", "at": "/a", "with": "other#/b")";
  const Others other{{}, {{"other", R"({"b": {"x": [1, {"y": 2.0}]}})"}}};
  CHECK(found(same, R"({"a": {"x": [1.0, {"y": 2}]}})", other).empty());
  CHECK(found(same, R"({"a": {"x": [1, {"y": 3}]}})", other) ==
        "1:2 /a the message: an object is not an object, at other.json /b | the help\n");

  CHECK(found(same, R"({"a": 1})").find("there is no document of kind \"other\"") != std::string::npos);

  const std::string literal = R"("kind": "equal", "at": "/a", "value": true)";
  CHECK(found(literal, R"({"a": true})").empty());
  CHECK(found(literal, R"({"a": "true"})") == "1:7 /a the message: \"true\" is not true | the help\n");
  const std::string differs = R"("kind": "equal", "at": "/a/*/from", "with": "/a/*/to", "relation": "differs")";
  CHECK(found(differs, R"({"a": [{"from": "x", "to": "y"}]})").empty());
  CHECK_FALSE(found(differs, R"({"a": [{"from": "x", "to": "x"}]})").empty());
}

TEST_CASE("ladder: along names, or names listed elsewhere") {
  const std::string rule =
      R"("kind": "ladder", "at": "/p/{step}/cap/*", "along": ["low", "mid", "high"], "direction": "grow")";
  CHECK(
      found(rule, R"({"p": {"high": {"cap": {"u": 9}}, "low": {"cap": {"u": 1}}, "mid": {"cap": {"u": 1}}}})").empty());
  CHECK(
      found(
          rule,
          R"({"p": {"low": {"cap": {"u": 5, "v": 1}}, "mid": {"cap": {"u": 4, "v": 2}}, "high": {"cap": {"u": 6}}}})") ==
      "1:63 /p/mid/cap/u the message: 4 at \"mid\" is below 5 at \"low\" | the help\n");
  // A step that lacks the number does not break the chain.
  CHECK_FALSE(found(rule, R"({"p": {"low": {"cap": {"u": 5}}, "mid": {}, "high": {"cap": {"u": 4}}}})").empty());

  const std::string listed =
      R"("kind": "ladder", "at": "/p/{step}/t", "along": "tiers#/ladder/*/profile", "direction": "shrink")";
  const Others tiers{{}, {{"tiers", R"({"ladder": [{"profile": "a"}, {"profile": "b"}, {"profile": "b"}]})"}}};
  CHECK(found(listed, R"({"p": {"a": {"t": 0.02}, "b": {"t": 0.01}}})", tiers).empty());
  CHECK(
      found(listed, R"({"p": {"a": {"t": 0.02}, "b": {"t": 0.020000000000000000001}}})", tiers).find("is above 0.02") !=
      std::string::npos);
  CHECK(found(listed, R"({"p": {}})").find("there are no steps at tiers#/ladder/*/profile") != std::string::npos);
}

TEST_CASE("format and matches") {
  const auto format = [](const std::string& as, const std::string& text) {
    return !found(R"("kind": "format", "at": "/v", "as": ")" + as + '"', R"({"v": ")" + text + "\"}").empty();
  };
  const std::string hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  CHECK_FALSE(format("rfc3339", "2024-02-29T23:59:59.123+05:30"));
  CHECK_FALSE(format("rfc3339", "2015-07-01T05:29:60.123+05:30"));  // a leap second
  CHECK(format("rfc3339", "2024-02-29T23:59:60.123+05:30"));
  for (const char* text :
       {"2023-02-29T00:00:00Z", "2024-02-29", "2024-02-29T00:00:00", "2024-02-29 00:00:00Z", "2024-13-01T00:00:00Z",
        "2024-01-01T24:00:00Z", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00Zx"}) {
    INFO(text);
    CHECK(format("rfc3339", text));
  }
  CHECK_FALSE(format("commit-sha", hex.substr(0, 40)));
  CHECK(format("commit-sha", hex.substr(0, 39)));
  CHECK(format("commit-sha", std::string(40, '0')));
  CHECK_FALSE(format("image-digest", "sha256:" + hex));
  CHECK(format("image-digest", hex));
  CHECK(format("image-digest", "sha256:" + std::string(64, '0')));
  CHECK_FALSE(format("checksum", "artifact:run-20260301/7"));
  CHECK_FALSE(format("checksum", "sha256:" + hex));
  CHECK(format("checksum", "artifact:short"));
  CHECK(format("checksum", "artifact:aaaaaaaaaa"));
  CHECK_FALSE(format("date", "2000-02-29"));
  CHECK(format("date", "1900-02-29"));
  CHECK(format("non-blank", " \\t"));
  CHECK_FALSE(format("non-blank", "x"));
  for (const char* text :
       {"", "{owner}", "<owner>", "TBD", "n/a", "REPLACE_WITH_OWNER", "…", "x", "---", "todo: ask"}) {
    INFO(text);
    CHECK(format("placeholder-free", text));
  }
  for (const char* text : {"release owner", "sets {a} and {b}", "extra", "tbdx", "x-ray"}) {
    INFO(text);
    CHECK_FALSE(format("placeholder-free", text));
  }
  const std::string matches = R"("kind": "matches", "at": "/v", "pattern": "--strict\\b")";
  CHECK(found(matches, R"({"v": "run --strict"})").empty());
  CHECK_FALSE(found(matches, R"({"v": 1})").empty());
  CHECK(found(matches, R"({"w": "run"})").empty());
  CHECK(found(matches, R"({"v": "run --stricter"})") ==
        "1:7 /v the message: \"run --stricter\" does not match \"--strict\\b\" | the help\n");
}

TEST_CASE("capacity shows the sum") {
  const std::string rule = R"("kind": "capacity", "at": "/p/*", "concurrency": "/concurrency", "arrivals": [
    {"rate": "/reads", "per": "second", "latencyMs": "/t/read"}, {"rate": "/writes", "per": "minute", "latencyMs": "/t/write"}])";
  CHECK(found(rule, R"({"p": {"a": {"concurrency": 4, "reads": 2, "writes": 60, "t": {"read": 1000, "write": 2000}}}})")
            .empty());
  CHECK(found(rule,
              R"({"p": {"a": {"concurrency": 3, "reads": 2, "writes": 60, "t": {"read": 1000, "write": 2000}}}})") ==
        "1:29 /p/a/concurrency the message: requests in flight are 2.00 (reads) + 2.00 (writes) = 4.00, above "
        "concurrency 3 | the help\n");
}

TEST_CASE("json-key never shows the value") {
  const std::string rule =
      R"x("kind": "json-key", "keyPattern": "(?i)secret|token", "unless": {"type": "boolean", "keyPattern": "(Provided|Enabled)$"})x";
  CHECK(found(rule, R"({"tokenProvided": true, "task": "token"})").empty());
  CHECK(found(rule, R"({"a": [{"tokenProvided": "yes"}]})") ==
        "1:9 /a/0/tokenProvided the message: key \"tokenProvided\" | the help\n");
  CHECK(found(rule, R"({"clientSecret": "x"})") == "1:2 /clientSecret the message: key \"clientSecret\" | the help\n");
  CHECK(found(rule, R"({"clientSecret": "hunter2"})").find("hunter2") == std::string::npos);
}

TEST_CASE("unique: values, or keys of values") {
  const std::string plain = R"("kind": "unique", "at": "/a/*")";
  CHECK(found(plain, R"({"a": ["1", 1, true, null]})").empty());
  CHECK(found(plain, "{\"a\": [\"x\",\n\"y\", \"x\"]}") ==
        "2:6 /a/2 the message: \"x\" stands at line 1 already | the help\n");
  CHECK_FALSE(found(plain, R"({"a": [1, 1.0]})").empty());
  const std::string keyed = R"("kind": "unique", "at": "/a/*", "key": "/id")";
  CHECK(found(keyed, R"({"a": [{"id": "x"}, {"id": "y"}, {}]})").empty());
  CHECK(found(keyed, R"({"a": [{"id": "x"}, {"id": "x"}]})").substr(0, 13) == "1:28 /a/1/id ");
}

TEST_CASE("a large document costs time in proportion to its size") {
  std::string text = "{\"p\": {";
  for (int i = 0; i < 100'000; ++i)
    text += (i > 0 ? ", \"" : "\"") + std::to_string(i) + R"(": {"load": 1, "soak": 1})";
  text += "}}";
  CHECK(found(R"("kind": "equal", "at": "/p/*/soak", "with": "/p/*/load", "relation": "at-least")", text).empty());
}
