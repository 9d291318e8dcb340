#include <catch2/catch.hpp>

#include "lib/suite/check.hpp"
#include "lib/suite/workspace.hpp"

using namespace launchgate;
using namespace launchgate::suite;

namespace {

constexpr const char* schema_text =
    R"({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}, "additionalProperties": false})";

io::MemoryFileSystem repository() {
  io::MemoryFileSystem disk;
  disk.add("/repo/launchgate.json", R"({"schemaVersion": 1, "documents": [
    {"path": "data/*.json", "kind": "json", "schema": "s.json"},
    {"path": "optional.json", "kind": "json", "required": false}]})");
  disk.add("/repo/s.json", schema_text);
  disk.add("/repo/data/one.json", R"({"a": 1})");
  disk.add("/repo/data/two.json", R"({"a": "x"})");
  return disk;
}

std::unique_ptr<Workspace> open(io::MemoryFileSystem& disk, std::string root = "/repo") {
  std::vector<finding::Finding> problems;
  WorkspaceSettings settings;
  settings.root = std::move(root);
  auto workspace = Workspace::open(disk, settings, problems);
  INFO(to_string(workspace ? base::Error{} : workspace.error()));
  REQUIRE(workspace.ok());
  return std::move(*workspace);
}

CheckOutcome check(Workspace& workspace, const std::vector<std::string>& paths = {}) {
  auto outcome = check_documents(workspace, {{"json"}, {}, "json"}, paths);
  INFO(to_string(outcome ? base::Error{} : outcome.error()));
  REQUIRE(outcome.ok());
  return std::move(*outcome);
}

}  // namespace

TEST_CASE("globs bind files, optional documents may be absent") {
  auto disk = repository();
  const auto workspace = open(disk);
  const auto outcome = check(*workspace);
  CHECK(outcome.documents == 2);
  REQUIRE(outcome.findings.size() == 1);
  CHECK(outcome.findings[0].file == "data/two.json");
  CHECK(outcome.findings[0].rule_id == "json/wrong-type");
}

TEST_CASE("a glob that matches nothing is a missing document") {
  auto disk = repository();
  disk.add("/repo/launchgate.json", R"({"schemaVersion": 1, "documents": [{"path": "none/*.json", "kind": "json"}]})");
  const auto outcome = check(*open(disk));
  REQUIRE(outcome.findings.size() == 1);
  CHECK(outcome.findings[0].rule_id == "suite/missing-document");
  CHECK(outcome.documents == 0);
}

TEST_CASE("every document is read once") {
  auto disk = repository();
  const auto workspace = open(disk);
  (void)check(*workspace);
  (void)check(*workspace, {"/repo/data/one.json"});
  CHECK(std::count(disk.reads().begin(), disk.reads().end(), "/repo/data/one.json") == 1);
}

TEST_CASE("an unreadable document is reported and marks the run") {
  auto disk = repository();
  disk.make_unreadable("/repo/data/one.json");
  const auto outcome = check(*open(disk));
  CHECK(outcome.unreadable);
  CHECK(outcome.findings[0].rule_id == "suite/unreadable-document");
}

TEST_CASE("links may stay inside the root and not leave it") {
  auto disk = repository();
  disk.add("/elsewhere/three.json", R"({"a": 3})");
  disk.add("/repo/inside.json", R"({"a": 4})");
  disk.add_link("/repo/data/out.json", "/elsewhere/three.json");
  disk.add_link("/repo/data/in.json", "../inside.json");
  const auto workspace = open(disk);
  CHECK(workspace->path_status("data/out.json") == io::Access::outside);
  CHECK(workspace->path_status("data/in.json") == io::Access::file);
  CHECK(workspace->path_status("../elsewhere/three.json") == io::Access::outside);
  CHECK(workspace->path_status("data") == io::Access::folder);
  const auto outcome = check(*workspace);
  CHECK(std::any_of(outcome.findings.begin(), outcome.findings.end(),
                    [](const auto& one) { return one.rule_id == "suite/outside-root"; }));
}

TEST_CASE("paths on the command line choose documents") {
  auto disk = repository();
  disk.add("/repo/extra.json", R"({"b": 1})");
  const auto workspace = open(disk);
  CHECK(check(*workspace, {"/repo/data"}).documents == 2);
  CHECK(check(*workspace, {"/repo/data/one.json"}).documents == 2);
  CHECK(check(*workspace, {"/repo/extra.json"}).documents == 1);
  const auto missing = check_documents(*workspace, {{"json"}, {}, "json"}, {"/repo/none.json"});
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().category == base::ErrorCategory::input);
  const auto skipped =
      check_documents(*workspace, {{"evidence-matrix"}, {}, ""}, {"/repo/data/one.json", "/repo/extra.json"});
  REQUIRE(skipped.ok());
  REQUIRE(skipped->skipped.size() == 2);
  CHECK(skipped->skipped[0].reason == "configured as json");
  CHECK(skipped->documents == 0);
}

TEST_CASE("a configuration names what is wrong with it") {
  auto disk = repository();
  disk.add("/repo/launchgate.json", R"({"schemaVersion": 1, "tiers": "no-such"})");
  std::vector<finding::Finding> problems;
  WorkspaceSettings settings;
  settings.root = "/repo";
  auto workspace = Workspace::open(disk, settings, problems);
  REQUIRE_FALSE(workspace.ok());
  CHECK(workspace.error().category == base::ErrorCategory::configuration);
  CHECK(workspace.error().message == "there is no rule pack \"no-such\"");
  disk.add(
      "/repo/launchgate.json",
      R"({"schemaVersion": 1, "documents": [{"path": "data/one.json", "kind": "json", "schema": "../out.json"}]})");
  disk.add("/out.json", "{}");
  workspace = Workspace::open(disk, settings, problems);
  REQUIRE(workspace.ok());
  const auto outcome = check_documents(**workspace, {{"json"}, {}, "json"}, {});
  CHECK_FALSE(outcome.ok());
}
