#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

#include "lib/base/rfc3339.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/contradictions.hpp"
#include "lib/evidence/duration.hpp"
#include "lib/evidence/plain_text.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/evidence/record_checks.hpp"

using namespace launchgate;
using namespace launchgate::evidence;

namespace {

const document::JsonDocument& tiers() {
  static const document::JsonDocument document = [] {
    std::ifstream file(std::string(LAUNCHGATE_SOURCE_DIR) + "/rules/tiers.json");
    std::stringstream text;
    text << file.rdbuf();
    return std::move(*document::JsonDocument::parse("rules/tiers.json", text.str()));
  }();
  return document;
}

const Policy& policy() {
  static const Policy loaded = std::move(*load_policy(tiers()));
  return loaded;
}

document::JsonDocument json(const std::string& text) {
  return std::move(*document::JsonDocument::parse("t.json", text));
}

std::optional<std::string> contradicts(const std::string& key, const std::string& value) {
  const auto document = json(value);
  return contradiction(policy().contradictions, key, document.root());
}

}  // namespace

TEST_CASE("durations are read and told") {
  CHECK(parse_duration("90d") == 90 * base::milliseconds_per_day);
  CHECK(parse_duration("4h30m") == 16200000);
  CHECK(parse_duration("15 min") == 900000);
  CHECK(parse_duration("250ms") == 250);
  for (const char* text : {"", "0s", "5", "h", "-5m", "5 parsecs", "1.5h", "99999999999999999999d", "999999999999999d"})
    CHECK_FALSE(parse_duration(text));
  CHECK(describe_duration(0) == "0 s");
  CHECK(describe_duration(300000) == "5 min");
  CHECK(describe_duration(14400000) == "4 h");
  CHECK(describe_duration(base::milliseconds_per_day * 3 + 7200000) == "3 d 2 h");
  CHECK(describe_duration(base::milliseconds_per_day + 5000) == "1 d");
}

TEST_CASE("placeholders are told from values") {
  for (const char* text : {"",
                           "  ",
                           "{owner}",
                           "<sha>",
                           "[todo]",
                           "TBD",
                           "tbd: later",
                           "TODO",
                           "N/A",
                           "n.a.",
                           "x",
                           "XXX",
                           "…",
                           "...",
                           "---",
                           "?",
                           "REPLACE_WITH_DIGEST",
                           "see replace-with",
                           "0000000000000000000000000000000000000000",
                           "sha256:0000000000000000000000000000000000000000000000000000000000000000",
                           "artifact:aaaaaaaa",
                           "artifact:--------"}) {
    INFO(text);
    CHECK(is_placeholder(policy().placeholders, text));
  }
  for (const char* text : {"release manager", "done {sic}", "extra", "Nat", "todorov", "artifact:aaaaaaab",
                           "sha256:4b1d7f0e", "tbdata", "no", "a...b", "1000000000000000"}) {
    INFO(text);
    CHECK_FALSE(is_placeholder(policy().placeholders, text));
  }
}

TEST_CASE("a word is affirmed by a sentence that does not negate it") {
  const Affirmations& rules = policy().affirmations;
  const auto said = [&](const std::string& word, const std::string& text) {
    return affirms(rules, rules.words.at(word).pattern, text);
  };
  CHECK(said("drain", "Workers were drained."));
  CHECK(said("drain", "No rollback. Workers were drained."));
  CHECK(said("drain", "Nothing failed; the drain took 40 s"));
  CHECK(said("revoke", "revocation done"));
  CHECK(said("rollback", "We rolled back twice"));
  CHECK(said("drain", "Rolled back with no data loss and drained without errors"));
  CHECK_FALSE(said("drain", "Without errors, but without a drain"));
  CHECK_FALSE(said("drain", "no rollback, no revoke, no drain"));
  CHECK_FALSE(said("drain", "no rollback, revoke or drain"));
  CHECK_FALSE(said("drain", "The drain was not tested."));
  CHECK_FALSE(said("drain", "drain: none"));
  CHECK_FALSE(said("drain", "We didn’t drain."));
  CHECK_FALSE(said("drain", "Drain?"));
  CHECK_FALSE(said("drain", "The drain is planned"));
  CHECK_FALSE(said("drain", "brainstorming"));
  CHECK_FALSE(said("drain", ""));
}

TEST_CASE("fields affirm or deny") {
  const auto yes = [&](const std::string& text) {
    const auto document = json(text);
    return affirms(policy().affirmations, policy().placeholders, document.root());
  };
  for (const char* text :
       {"true", "\"revoked in 4 min\"", "\"drained without errors\"", "{\"a\": true}", "[\"step one\"]"})
    CHECK(yes(text));
  for (const char* text :
       {"false", "null", "0", "1", "\"\"", "\"not needed\"", "\"TBD\"", "{}", "[]", "{\"a\": false}", "\"false\""})
    CHECK_FALSE(yes(text));
}

TEST_CASE("contradictions and near misses") {
  for (const auto& [key, value] : {std::pair("verdict", "\"no-go\""),
                                   std::pair("ok", "false"),
                                   std::pair("OK", "null"),
                                   std::pair("result", "1"),
                                   std::pair("over_all", "\"conditional-go\""),
                                   std::pair("failedChecks", "[1]"),
                                   std::pair("failedChecks", "2"),
                                   std::pair("failed", "true"),
                                   std::pair("exitStatus", "1"),
                                   std::pair("exit_code", "\"1\""),
                                   std::pair("timedOut", "true"),
                                   std::pair("checks", "[{\"name\": \"a\", \"status\": \"fail\"}]"),
                                   std::pair("checks", "{\"a\": {\"status\": \"skipped\"}}"),
                                   std::pair("status", "\"failed\""),
                                   std::pair("state", "\"failed\""),
                                   std::pair("verdicts", "[\"pass\", \"fail\"]"),
                                   std::pair("checks", "{\"a\": false}"),
                                   std::pair("errors", "[\"boom\"]"),
                                   std::pair("result", "\"2 checks failed\""),
                                   std::pair("result", "\"not passed\""),
                                   std::pair("result", "\"still running\"")}) {
    INFO(key << " " << value);
    CHECK(contradicts(key, value));
  }
  for (const auto& [key, value] :
       {std::pair("verdict", "\"go\""), std::pair("ok", "true"), std::pair("result", "{\"rows\": 4}"),
        std::pair("failedChecks", "[]"), std::pair("failedChecks", "0"), std::pair("exitStatus", "0"),
        std::pair("timedOut", "false"), std::pair("checks", "[{\"name\": \"a\", \"status\": \"pass\"}]"),
        std::pair("status", "200"), std::pair("note", "\"no-go\""), std::pair("failures", "\"none\""),
        std::pair("errors", "3"), std::pair("checks", "{\"total\": 3, \"passed\": 3, \"failed\": 0}"),
        std::pair("result", "\"All 12 checks passed\"")}) {
    INFO(key << " " << value);
    CHECK_FALSE(contradicts(key, value));
  }
}

TEST_CASE("dry runs and near misses") {
  const auto dry = [&](const std::string& key, const std::string& value, bool command = false) {
    const auto document = json(value);
    return dry_run(policy().dry_run, key, document.root(), command).has_value();
  };
  CHECK(dry("dryRun", "true"));
  CHECK(dry("DRY_RUN", "\"yes\""));
  CHECK(dry("flags", "[\"--dry-run\"]"));
  CHECK(dry("mode", "\"dryrun\""));
  CHECK(dry("x", "[\"pnpm a\", \"pnpm b:dry-run\"]", true));
  CHECK_FALSE(dry("dryRun", "false"));
  CHECK_FALSE(dry("mode", "\"load\""));
  CHECK_FALSE(dry("note", "\"not a dry run\""));
  CHECK_FALSE(dry("command", "\"pnpm laundryrunner\""));
}

TEST_CASE("a command is named as a word of its own") {
  CHECK(names("pnpm deploy:load:strict", "deploy:load:strict"));
  CHECK(names("pnpm run deploy:load:strict -- --x", "deploy:load:strict"));
  CHECK_FALSE(names("pnpm deploy:load:strict-not", "deploy:load:strict"));
  CHECK_FALSE(names("pnpm predeploy:load:strict", "deploy:load:strict"));
  CHECK_FALSE(names("pnpm deploy:load:strict:plan", "deploy:load:strict"));
}

TEST_CASE("private values are masked and found wherever they stand") {
  CHECK(mask_private(policy(), "mail jane@acme.io now") == "mail ************ now");
  CHECK(mask_private(policy(), "mail jane@example.com now") == "mail jane@example.com now");
  CHECK(mask_private(policy(), "in 481516234299!") == "in ************!");
  const auto document = json(
      R"({"a": 481516234299, "b": {"jane@acme.io": true}, "c": ["x", "jane@acme.io"], "tokenProvided": true, "token": 1, "d": 20260102, "e": 4.81516234299E+11})");
  Findings findings;
  check_private(
      policy(), document.root(), {}, [](const document::JsonValue&) { return std::string(); }, findings);
  std::vector<std::string> found;
  for (const finding::Finding& one : findings.all()) found.push_back(one.rule_id.substr(10) + " " + one.json_pointer);
  CHECK(found == std::vector<std::string>{"private-value /a", "private-value /b/jane@acme.io", "private-value /c/1",
                                          "private-key /token", "private-value /e"});
}

TEST_CASE("a scanner's finds are reported once, at the value") {
  const auto document = json(R"({"a": "xSENTINELx", "b": 1})");
  const PrivateScan scan = [](std::string_view text) {
    std::vector<PrivateHit> hits;
    for (std::size_t at = text.find("SENTINEL"); at != std::string_view::npos; at = text.find("SENTINEL", at + 1))
      hits.push_back({at, at + 8, "sentinel"});
    return hits;
  };
  Findings findings;
  check_private(
      policy(), document.root(), scan, [](const document::JsonValue&) { return std::string("item"); }, findings);
  REQUIRE(findings.all().size() == 1);
  CHECK(findings.all()[0].json_pointer == "/a");
  CHECK(findings.all()[0].item == "item");
}

TEST_CASE("the ladder is exact") {
  CHECK(policy().ladder.by_claim("private-hosted-beta") != nullptr);
  for (const char* name : {"private-hosted", "Private-hosted-beta", "private-hosted-beta ", "", "constructor"})
    CHECK(policy().ladder.by_claim(name) == nullptr);
}

TEST_CASE("a policy that lacks something is an error with its place") {
  std::string text(tiers().source().text());
  const auto without = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    const auto document = json(changed);
    return load_policy(document);
  };
  CHECK_FALSE(without("\"passStatuses\"", "\"passStates\""));
  const auto bad = without("(?i)secret|token", "(?i)(secret|token");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().position.line > 0);
  CHECK_FALSE(without("\"mustAffirm\": [\"rollback\"", "\"mustAffirm\": [\"somersault\""));
}

TEST_CASE("text is compared as its reader takes it") {
  std::string buffer;
  const std::string ascii = "T B-D";
  CHECK(plain_text(ascii, buffer).data() == ascii.data());
  CHECK(plain_text("T\u200bB\u00adD\ufeff", buffer) == "TBD");
  CHECK(plain_text("\u0422\u0412D", buffer) == "TBD");
  CHECK(plain_text("\uff34\uff22\uff24", buffer) == "TBD");
  CHECK(plain_text("dry\u2010run \u2212x", buffer) == "dry-run -x");
  CHECK(plain_text("a\u00a0b\u3000c", buffer) == "a b c");
  CHECK(plain_text("\u200b\u2060\u3164\U000E0020", buffer) == "");
  CHECK(plain_text("\u0436 \u00e9 \u4e2d \U0001F600", buffer) == "\u0436 \u00e9 \u4e2d \U0001F600");
  CHECK(plain_text("\xff\u0422", buffer) == "\xff\u0422");
}

TEST_CASE("words for nothing are no statement, and sentences that hold them are") {
  const Placeholders& rules = policy().placeholders;
  for (const char* text :
       {"none", "None.", " unknown ", "see above", "(pending)", "not available", "--/--", "_._", "n\u043ene"})
    CHECK(says_nothing(rules, text));
  for (const char* text : {"none of the workers failed", "pending jobs were drained", "anyone's", "\u4e2d", "7"})
    CHECK_FALSE(says_nothing(rules, text));
  for (const char* text : {"t.b.d.", "to do", "to be confirmed", "Lorem ipsum dolor", "sha256:0000000000000000"})
    CHECK(is_placeholder(rules, text));
  for (const char* text : {"to do this", "to be frank, it held", "tbdx", "sha256:ffffffffffffffff",
                           "0123456789abcdef0123456789abcdef01234567"})
    CHECK_FALSE(is_placeholder(rules, text));
}

TEST_CASE("a command that was run is the one that is named") {
  Policy strict = policy();
  strict.may_vary.reset();
  CHECK(same_command(strict, "make load", "make  load "));
  CHECK_FALSE(same_command(strict, "make load", "make load PROFILE=beta"));
  CHECK_FALSE(same_command(strict, "make load", "make"));
  CHECK_FALSE(same_command(strict, "", ""));
  const auto pattern = document::JsonDocument::parse("p.json", R"("^[A-Z]+=[a-z]*$|^--?[a-z-]+$")");
  REQUIRE(pattern);
  Policy loose = policy();
  loose.may_vary = *Matcher::compile(pattern->root());
  CHECK(same_command(loose, "make load", "make load PROFILE=beta"));
  CHECK(same_command(loose, "npm run x", "npm run x -- --flag"));
  CHECK(same_command(loose, "make load PROFILE={profile}", "make load PROFILE=beta"));
  CHECK(same_command(loose, "./drill.sh {where} now", "./drill.sh here now"));
  CHECK_FALSE(same_command(loose, "make load", "make soak PROFILE=beta"));
  CHECK_FALSE(same_command(loose, "make load", "make load; rm x"));
  CHECK_FALSE(same_command(loose, "make load", "STAGE=x make load"));
  CHECK_FALSE(same_command(loose, "make load PROFILE={profile}", "make load PROFILE="));
  CHECK(was_run(loose, "make load", {"make soak", "make load A=b"}));
}
