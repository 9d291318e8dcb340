#include <catch2/catch.hpp>

#include <thread>

#include "lib/secrets/redactor.hpp"
#include "lib/suite/leak_rules.hpp"
#include "lib/suite/workspace.hpp"

using namespace launchgate;
using namespace launchgate::suite;

namespace {

std::string pack(const std::string& name, const std::string& prefix) {
  return R"({"schemaVersion": 1, "pack": ")" + name + R"(", "title": "t", "description": "t", "rules": [
    {"id": "token", "kind": "secret", "severity": "error", "message": "a token", "help": "revoke it",
     "pattern": ")" +
         prefix + R"(-[0-9]{8}", "keywords": [")" + prefix +
         R"(-"], "examples": {"match": ["a", "b"], "pass": ["c", "d"]}}]})";
}

io::MemoryFileSystem repository(const std::string& public_safe) {
  io::MemoryFileSystem disk;
  disk.add("/repo/launchgate.json", R"({"schemaVersion": 1,
    "leaks": {"packs": ["one.json"], "publicSafePacks": ["two.json"]},
    "documents": [{"path": "a.json", "kind": "json", "publicSafe": )" +
                                        public_safe + "}]}");
  disk.add("/repo/one.json", pack("one", "aa"));
  disk.add("/repo/two.json", pack("two", "bb"));
  return disk;
}

std::unique_ptr<Workspace> open(io::MemoryFileSystem& disk) {
  std::vector<finding::Finding> problems;
  WorkspaceSettings settings;
  settings.root = "/repo";
  auto workspace = Workspace::open(disk, settings, problems);
  INFO(to_string(workspace ? base::Error{} : workspace.error()));
  REQUIRE(workspace.ok());
  return std::move(*workspace);
}

std::string redacted(const LeakRules& rules, bool public_safe) {
  return secrets::Redactor(rules.book, rules.packs_for(public_safe)).redact("aa-12345678 bb-12345678");
}

}  // namespace

TEST_CASE("a run has one rulebook of leaks, whichever thread asks first") {
  auto disk = repository("true");
  const auto workspace = open(disk);
  std::vector<const secrets::Rulebook*> books(4);
  std::vector<std::thread> threads;
  for (const secrets::Rulebook*& book : books)
    threads.emplace_back([&] { book = (*workspace->leak_rules())->book.get(); });
  for (std::thread& thread : threads) thread.join();
  for (const secrets::Rulebook* book : books) CHECK(book == books.front());
  CHECK(books.front() != nullptr);
}

TEST_CASE("packs for public-safe documents apply to those alone") {
  auto disk = repository("true");
  const auto workspace = open(disk);
  const auto rules = workspace->leak_rules();
  REQUIRE(rules.ok());
  CHECK(redacted(**rules, false) == "redacted-private-value bb-12345678");
  CHECK(redacted(**rules, true) == "redacted-private-value redacted-private-value");
}

TEST_CASE("without a public-safe document their packs are not read") {
  auto disk = repository("false");
  disk.add("/repo/two.json", "no pack");
  const auto workspace = open(disk);
  const auto rules = workspace->leak_rules();
  REQUIRE(rules.ok());
  CHECK((*rules)->book->packs() == 1);
}

TEST_CASE("rules may be disabled, and others added to those for every text") {
  auto disk = repository("true");
  const auto workspace = open(disk);
  LeakRuleChoice choice = configured_leak_rules(workspace->configuration());
  choice.disabled = {"one/token"};
  secrets::SecretRule more;
  more.info.id = "more/word";
  more.pattern = rules::Pattern("cc[0-9]{4}", "more", {1, 1});
  choice.more.push_back(more);
  const auto rules = load_leak_rules(workspace->resources(), choice);
  REQUIRE(rules.ok());
  secrets::Redactor redactor((*rules)->book, (*rules)->everywhere);
  CHECK(redactor.redact("aa-12345678 bb-12345678 cc1234") == "aa-12345678 bb-12345678 redacted-private-value");
  CHECK((*rules)->book->ids((*rules)->everywhere) == std::vector<std::string>{"more/word"});
}

TEST_CASE("what the configuration allows is a rule in a file, or at one place of it") {
  finding::Finding finding;
  finding.rule_id = "one/token";
  finding.json_pointer = "/a";
  CHECK(allows({"one/token", "a.json", std::nullopt, "r"}, finding, "a.json"));
  CHECK(allows({"one/token", "a.json", "/a", "r"}, finding, "a.json"));
  CHECK_FALSE(allows({"one/token", "a.json", "/b", "r"}, finding, "a.json"));
  CHECK_FALSE(allows({"one/token", "b.json", std::nullopt, "r"}, finding, "a.json"));
  CHECK_FALSE(allows({"one/other", "a.json", std::nullopt, "r"}, finding, "a.json"));
}
