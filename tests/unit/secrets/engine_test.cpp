#include <catch2/catch.hpp>

#include <re2/re2.h>

#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "lib/regex/pattern_shape.hpp"
#include "lib/rules/examples.hpp"
#include "lib/secrets/engine.hpp"
#include "lib/secrets/trial.hpp"

using namespace launchgate;
using secrets::Match;

namespace {

rules::Pattern pattern(const std::string& text) {
  rules::Pattern::Options options;
  options.bytes = true;
  return {text, "pack.json", {1, 1}, options};
}

secrets::SecretRule rule(const std::string& text, std::vector<std::string> keywords = {}, std::uint32_t group = 0) {
  secrets::SecretRule one;
  one.info.id = "t/" + text.substr(0, 8);
  one.pattern = pattern(text);
  one.keywords = std::move(keywords);
  one.group = group;
  return one;
}

std::vector<Match> sorted(std::vector<Match> matches) {
  std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) {
    return std::tie(a.rule, a.begin, a.match_begin) < std::tie(b.rule, b.begin, b.match_begin);
  });
  return matches;
}

// RE2 over the whole text, match after match: what the engine must agree with.
std::vector<Match> plainly(const std::vector<secrets::SecretRule>& rules, const std::string& text) {
  std::vector<Match> all;
  for (std::uint32_t i = 0; i < rules.size(); ++i) {
    const re2::RE2& regex = **rules[i].pattern->compiled();
    std::vector<re2::StringPiece> groups(static_cast<std::size_t>(regex.NumberOfCapturingGroups()) + 1);
    std::size_t at = 0;
    while (at <= text.size() &&
           regex.Match(text, at, text.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()))) {
      const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
      const re2::StringPiece secret = groups[rules[i].group].data() == nullptr ? groups[0] : groups[rules[i].group];
      const auto from = static_cast<std::size_t>(secret.data() - text.data());
      const Match match{i, from, from + secret.size(), begin, begin + groups[0].size()};
      if (match.end > match.begin) all.push_back(match);
      at = std::max(match.end, begin + 1);
    }
  }
  return sorted(all);
}

std::vector<Match> found(const secrets::Engine& engine, std::string_view text) {
  secrets::Scratch scratch;
  std::vector<Match> matches;
  REQUIRE(engine.find({text}, "file.txt", scratch, matches).ok());
  return sorted(matches);
}

// In pieces, as a large file is read: `step` bytes at a time with `overlap` bytes of context to either side.
std::vector<Match> found_in_pieces(const secrets::Engine& engine, std::string_view text, std::size_t step,
                                   std::size_t overlap) {
  secrets::Scratch scratch;
  scratch.resume.assign(engine.rules().size(), 0);
  std::vector<Match> all;
  for (std::size_t at = 0; at < text.size() || at == 0; at += step) {
    const std::size_t first = at > overlap ? at - overlap : 0;
    const std::size_t last = std::min(text.size(), at + step + overlap);
    std::vector<Match> here;
    for (std::size_t& resume : scratch.resume) resume = resume > first ? resume - first : 0;
    REQUIRE(engine
                .find({text.substr(first, last - first), at - first,
                       last == text.size() && at + step >= text.size() ? std::string_view::npos : at - first + step},
                      "file.txt", scratch, here)
                .ok());
    for (std::size_t& resume : scratch.resume) resume += first;
    for (Match match : here) {
      match.begin += first;
      match.end += first;
      match.match_begin += first;
      match.match_end += first;
      all.push_back(match);
    }
  }
  return sorted(all);
}

// A random rule whose every match holds one of its keywords.
secrets::SecretRule random_rule(std::mt19937& random) {
  const auto pick = [&](const std::vector<std::string>& list) { return list[random() % list.size()]; };
  static const std::vector<std::string> befores = {
      "",          "",       "\\b",          "^",          "(?m)^",  "[ab]", "[a-c_]{0,3}", "[a-z]*",
      "(?:x|yy)?", "\\w{2}", "(?:^|[^a-z])", "[^b]{1,4}?", ".{0,5}", "a+?",  "(?s).{0,3}"};
  static const std::vector<std::string> middles = {
      "key",     "tok",  "ab-",         "ba",     "(?:key|tok)",       "ke?y_",
      "(?i)Key", "x_?y", "(?:ab|ba)c?", "[01]q~", "(?:key|a(?:b|c)y)", "kk{1,2}"};
  static const std::vector<std::string> afters = {"",
                                                  "[a-c]{2,}",
                                                  "(\\d{1,3})",
                                                  "[=:] ?([a-z]{1,5})",
                                                  "[^\\n]*z",
                                                  "\\w+\\b",
                                                  "(?:[^a-z]|$)",
                                                  "([ab]{1,4}?)(?:c|$)",
                                                  "\\s*=\\s*(\\S+)",
                                                  "$",
                                                  "(?s).{0,6}end",
                                                  "(?:ab)*",
                                                  "(a|ab)(c|bcd)?"};
  const std::string middle = pick(middles);
  const std::string text = pick(befores) + middle + pick(afters) + (random() % 4 == 0 ? pick(afters) : "");
  static const std::map<std::string, std::vector<std::string>> keywords = {{"key", {"key"}},
                                                                           {"tok", {"tok"}},
                                                                           {"ab-", {"ab-"}},
                                                                           {"ba", {"ba"}},
                                                                           {"(?:key|tok)", {"key", "tok"}},
                                                                           {"ke?y_", {"y_"}},
                                                                           {"(?i)Key", {"key"}},
                                                                           {"x_?y", {"xy", "x_y"}},
                                                                           {"(?:ab|ba)c?", {"ab", "ba"}},
                                                                           {"[01]q~", {"q~"}},
                                                                           {"(?:key|a(?:b|c)y)", {"key", "aby", "acy"}},
                                                                           {"kk{1,2}", {"kk"}}};
  std::vector<std::string> chosen;
  if (random() % 3 != 0) chosen = keywords.at(middle);
  secrets::SecretRule one = rule(text, chosen);
  const re2::RE2& regex = **one.pattern->compiled();
  if (regex.NumberOfCapturingGroups() > 0)
    one.group = static_cast<std::uint32_t>(random() % static_cast<unsigned>(regex.NumberOfCapturingGroups() + 1));
  return one;
}

std::string random_text(std::mt19937& random, std::size_t size) {
  static const std::vector<std::string> parts = {"key", "tok", "ab-", "ba", "KEY", "Tok",  "xy",  "x_y", "q~",   "0q~",
                                                 "kk",  "_",   "=",   ": ", "\n",  " ",    "end", "z",   "a",    "b",
                                                 "c",   "abc", "ab",  "1",  "23",  "\xe9", "\t",  "aby", "keky_"};
  std::string text;
  while (text.size() < size) text += parts[random() % parts.size()];
  return text;
}

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

rules::Pack shipped(const std::string& name) {
  const std::string path = std::string(LAUNCHGATE_SOURCE_DIR) + "/rules/leaks/" + name + ".json";
  auto pack = rules::load_pack("rules/leaks/" + name + ".json", slurp(path), rules::proven);
  if (!pack) FAIL(to_string(pack.error()));
  return std::move(*pack);
}

std::string shown(const std::vector<secrets::SecretRule>& rules, const std::vector<Match>& matches) {
  std::string text;
  for (const Match& m : matches)
    text += rules[m.rule].pattern->text() + " " + std::to_string(m.match_begin) + ".." + std::to_string(m.match_end) +
            " (" + std::to_string(m.begin) + ".." + std::to_string(m.end) + ")\n";
  return text;
}

}  // namespace

TEST_CASE("the engine finds what RE2 finds in the whole text") {
  std::mt19937 random(20240611);
  std::size_t total = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<secrets::SecretRule> rules;
    for (std::size_t i = 0, n = 1 + random() % 12; i < n; ++i) rules.push_back(random_rule(random));
    const secrets::Engine engine(rules);
    for (int texts = 0; texts < 4; ++texts) {
      const std::string text = random_text(random, random() % 400);
      const auto expected = plainly(rules, text);
      const auto actual = found(engine, text);
      total += expected.size();
      INFO("round " << round << "\ntext <" << text << ">\nexpected\n"
                    << shown(rules, expected) << "actual\n"
                    << shown(rules, actual));
      REQUIRE(actual == expected);
    }
  }
  CHECK(total > 5000);
}

TEST_CASE("rules in parts find what they find together, and a text may ask for the first ones alone") {
  std::mt19937 random(31);
  std::size_t total = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<secrets::SecretRule> rules;
    for (std::size_t i = 0, n = 1 + random() % 9; i < n; ++i) rules.push_back(random_rule(random));
    std::vector<std::size_t> parts;
    for (std::size_t at = 0; at <= rules.size(); ++at) {
      if (random() % 3 == 0) parts.push_back(at);
    }
    const secrets::Engine engine(rules, parts);
    for (int texts = 0; texts < 4; ++texts) {
      const std::string text = random_text(random, random() % 300);
      auto expected = plainly(rules, text);
      const std::size_t first = random() % (rules.size() + 1);
      std::erase_if(expected, [&](const Match& match) { return match.rule >= first; });
      total += expected.size();
      secrets::Scratch scratch;
      std::vector<Match> matches;
      REQUIRE(engine.find({text, 0, std::string_view::npos, first}, "file.txt", scratch, matches).ok());
      REQUIRE(sorted(matches) == expected);
    }
  }
  CHECK(total > 1000);
}

TEST_CASE("a match across the border of two pieces is found once") {
  std::mt19937 random(7);
  const std::vector<secrets::SecretRule> rules = {rule("\\bkey[a-c]{0,9}", {"key"}),
                                                  rule("[ab]{0,4}tok(?:[^a-z]|$)", {"tok"}), rule("ab-\\w{1,20}"),
                                                  rule("(?m)^ba.{0,10}$", {"ba"})};
  const secrets::Engine engine(rules);
  for (int round = 0; round < 200; ++round) {
    const std::string text = random_text(random, 300 + random() % 300);
    const auto expected = plainly(rules, text);
    for (const std::size_t step : {40UL, 64UL, 97UL}) {
      INFO("step " << step << " text <" << text << ">");
      REQUIRE(found_in_pieces(engine, text, step, 40) == expected);
    }
  }
}

TEST_CASE("the shipped packs find the same as RE2 in the whole text") {
  for (const char* name : {"private-values", "public-safe"}) {
    const rules::Pack pack = shipped(name);
    auto rules = secrets::secret_rules(pack);
    for (auto& one : rules) {  // the patterns themselves; what is allowed is compared elsewhere
      one.allow.clear();
      one.harmless = nullptr;
      one.min_entropy = 0;
      one.randomness.reset();
      one.names = {};
      one.name_group.reset();
      one.needs.reset();
      one.each.reset();
    }
    std::vector<std::string> texts;
    for (const rules::Rule* r : pack.rules()) {
      if (std::get_if<rules::Secret>(&r->body) == nullptr) continue;
      for (const auto& example : r->match) texts.emplace_back(example.string());
      for (const auto& example : r->pass) texts.emplace_back(example.string());
    }
    const secrets::Engine engine(rules);
    std::mt19937 random(11);
    static const std::vector<std::string> between = {"\n", " ", "", "\"", "key=", "-----", "://", "_", "password: "};
    for (int round = 0; round < 3; ++round) {
      std::string text;
      std::shuffle(texts.begin(), texts.end(), random);
      for (const std::string& part : texts) {
        std::string piece = part;
        if (random() % 4 == 0 && piece.size() > 8) piece.erase(random() % piece.size(), 1 + random() % 4);
        text += piece + between[random() % between.size()];
        if (random() % 5 == 0) text += random_text(random, 30);
      }
      text.resize(std::min<std::size_t>(text.size(), 60'000));
      const auto expected = plainly(rules, text);
      const auto actual = found(engine, text);
      for (const Match& m : expected) {
        if (std::find(actual.begin(), actual.end(), m) == actual.end()) {
          FAIL_CHECK("not found: " << rules[m.rule].info.id << " <"
                                   << text.substr(m.match_begin, m.match_end - m.match_begin) << ">");
        }
      }
      for (const Match& m : actual) {
        if (std::find(expected.begin(), expected.end(), m) == expected.end()) {
          FAIL_CHECK("found besides: " << rules[m.rule].info.id << " <"
                                       << text.substr(m.match_begin, m.match_end - m.match_begin) << ">");
        }
      }
    }
  }
}

TEST_CASE("a rule may be known by the length of a run in place of a keyword") {
  auto by_run = rule("(?:^|[^a-z0-9])(q[a-z0-9]{24})(?:[^a-z0-9]|$)", {}, 1);
  by_run.runs = {25};
  const secrets::Engine engine({by_run});
  const std::string token = "q" + std::string(12, 'x') + std::string(12, '7');
  CHECK(found(engine, token).size() == 1);
  CHECK(found(engine, "a: " + token + "; " + token + '.').size() == 2);
  CHECK(found(engine, token + "7").empty());
  CHECK(found(engine, "q7").empty());
  secrets::Scratch scratch;
  std::vector<Match> matches;
  const std::vector<secrets::LiteralPlace> known = {secrets::literal_place(3, 25)};
  REQUIRE(engine.find({"a: " + token, 0, std::string_view::npos, 1, &known}, "a.txt", scratch, matches).ok());
  CHECK(matches.size() == 1);
}

TEST_CASE("each secret of a match, and judged by another group") {
  auto several = rule("list:[ a-z0-9]*", {"list:"});
  several.each = pattern(" ([a-z]+[0-9]+)");
  several.min_entropy = 1.2;
  const auto all = found(secrets::Engine({several}), "list: ab1 aa11 x cd2; ab1 list: ef3");
  REQUIRE(all.size() == 3);  // aa11 is too regular, what comes after the semicolon is no list
  CHECK(all[0].begin == 6);
  CHECK(all[1].begin == 17);
  CHECK(all[2].end == 35);

  auto judged = rule("(key=([a-z0-9]+))@[a-z]+", {"key="}, 1);
  judged.judged = 2;
  judged.min_entropy = 1.5;
  const auto one = found(secrets::Engine({judged}), "key=aaaa@host key=abcd@host");
  REQUIRE(one.size() == 1);
  CHECK(one[0].begin == 14);
  CHECK(one[0].end == 22);
}

TEST_CASE("every example of the shipped packs holds on the engine") {
  for (const char* name : {"private-values", "public-safe"}) {
    const rules::Pack pack = shipped(name);
    rules::Trials trials;
    trials.secret = secrets::secret_trial(pack);
    const auto report = rules::test_examples(pack, trials);
    for (const auto& error : report.errors) FAIL_CHECK(to_string(error));
    CHECK(report.skipped == 0);
    CHECK(report.examples >= 4 * pack.size());
  }
}

TEST_CASE("all patterns of the shipped packs compile, and nearly all are bounded around their keywords") {
  std::size_t all = 0;
  std::size_t unbounded = 0;
  for (const char* name : {"private-values", "public-safe"}) {
    const secrets::Engine engine(secrets::secret_rules(shipped(name)));
    CHECK(engine.prepare().ok());
    for (const auto& one : engine.rules()) {
      ++all;
      const auto shape = regex::PatternShape::analyse(one.pattern->text());
      if (!shape || (!one.keywords.empty() && !shape->around(one.keywords))) {
        UNSCOPED_INFO(one.info.id);
        ++unbounded;
      }
    }
  }
  CHECK(unbounded <= all / 10);
}

TEST_CASE("every key that a key rule of the shipped packs names holds one of its keywords") {
  static const std::vector<std::string> words = {"password",
                                                 "passwd",
                                                 "passphrase",
                                                 "secret",
                                                 "api?key",
                                                 "access?key",
                                                 "secret?key",
                                                 "private?key",
                                                 "signing?key",
                                                 "encryption?key",
                                                 "client?secret",
                                                 "auth?token",
                                                 "access?token",
                                                 "refresh?token",
                                                 "bearer?token",
                                                 "id?token",
                                                 "session?token",
                                                 "api?token",
                                                 "webhook?secret",
                                                 "cookie?secret",
                                                 "credential",
                                                 "credentials",
                                                 "connection?string",
                                                 "database?url",
                                                 "service?account?key",
                                                 "token",
                                                 "bearer",
                                                 "jwt",
                                                 "cookie",
                                                 "sessionCookie",
                                                 "dsn",
                                                 "kubeconfig",
                                                 "dockerconfigjson",
                                                 "gatewayToken",
                                                 "authCookie",
                                                 "sentryDsn",
                                                 "clusterKubeconfig"};
  const rules::Pack pack = shipped("private-values");
  std::size_t named = 0;
  for (const document::JsonValue value : pack.document()->root().find("rules")->elements()) {
    if (value.string_member("kind") != "json-key") continue;
    const auto keywords = value.find("keywords");
    REQUIRE(keywords);
    const re2::RE2 key(std::string(value.string_member("keyPattern")));
    for (const std::string& word : words) {
      for (const char* join : {"", "_", "-"}) {
        std::string name = word;
        for (std::size_t at = name.find('?'); at != std::string::npos; at = name.find('?')) name.replace(at, 1, join);
        if (!re2::RE2::PartialMatch(name, key)) continue;
        ++named;
        INFO(value.string_member("id") << " " << name);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        bool holds = false;
        for (const document::JsonValue keyword : keywords->elements())
          holds = holds || name.find(keyword.string()) != std::string::npos;
        CHECK(holds);
      }
    }
  }
  CHECK(named >= 80);
}

TEST_CASE("literals are found by every kernel at every place") {
  std::mt19937 random(3);
  using Kernel = secrets::LiteralSet::Kernel;
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> literals;
    const std::size_t count = 1 + random() % (round % 2 == 0 ? 6 : 200);
    for (std::size_t i = 0; i < count; ++i) {
      std::string literal;
      for (std::size_t n = 1 + random() % 9; n > 0; --n) literal += "abcdefg_-=\"0\x80\n"[random() % 14];
      literals.push_back(literal);
    }
    std::string text;
    for (std::size_t n = random() % 700; n > 0; --n) text += "abcdefgABCDEFG_-=\"0\x80\n"[random() % 21];
    std::vector<std::pair<std::uint32_t, std::uint32_t>> expected;
    for (std::uint32_t i = 0; i < literals.size(); ++i) {
      for (std::uint32_t at = 0; at + literals[i].size() <= text.size(); ++at) {
        bool same = true;
        for (std::size_t k = 0; k < literals[i].size() && same; ++k) {
          const char c = text[at + k];
          same = (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) == literals[i][k];
        }
        if (same) expected.emplace_back(i, at);
      }
    }
    const secrets::LiteralSet set(literals);
    for (const Kernel kernel : {Kernel::scalar, Kernel::ssse3, Kernel::avx2}) {
      if (kernel > secrets::LiteralSet::best_kernel()) continue;
      std::vector<secrets::LiteralHit> hits;
      set.find(text, hits, kernel);
      std::vector<std::pair<std::uint32_t, std::uint32_t>> actual;
      for (const auto& hit : hits) actual.emplace_back(hit.literal, hit.position);
      std::sort(actual.begin(), actual.end());
      REQUIRE(actual == expected);
    }
  }
}
