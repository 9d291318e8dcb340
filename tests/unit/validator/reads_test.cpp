// No file is read twice in a run, whatever becomes of it: what is judged, shown and masked is one text.

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "lib/validator/checks.hpp"
#include "lib/validator/validator_tool.hpp"

using namespace launchgate;

namespace {

class SuiteTool final : public validator::ValidatorTool {
 public:
  std::string name() const override { return "suite"; }
  std::string summary() const override { return "Checks everything."; }

 protected:
  suite::Validator validator() const override { return validator::whole_suite(); }
};

// Of a kind of value that the leak packs know; in two parts, so that this file holds none.
const std::string token = std::string("ghp_") + "wN7tQ2mXz8Lr4VbKc6YdPf1HsJg0AuEo5RiT";

struct Run {
  cli::ExitCode code;
  std::map<std::string, int> reads;  // below the root, by path
  std::string report;
};

class Repository {
 public:
  Repository() {
    add("launchgate.json", R"({"schemaVersion": 1, "waivers": "waivers.json", "documents": [
      {"path": "data/one.json", "kind": "json", "schema": "s.json"},
      {"path": "s.json", "kind": "json"},
      {"path": "page.json", "kind": "json"},
      {"path": "notes.md", "kind": "markdown", "packs": ["page.json"]}]})");
    add("page.json",
        R"({"schemaVersion": 1, "pack": "page", "title": "Page", "description": "What a page says.", "rules": [
      {"id": "more", "kind": "structure", "severity": "error", "message": "a link is missing", "help": "add it",
       "why": "readers look for it", "links": ["more.md#first", "more.md#second"], "examples": {"match": ["x\n", "[a](more.md#first)\n"],
       "pass": ["[a](more.md#first) [b](more.md#second)\n", "[b](more.md#second)\n\n[a](more.md#first)\n"]}}]})");
    add("s.json", R"({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}})");
    add("data/one.json", R"({"a": 1})");
    add("notes.md", "# Notes\n\nSee [more](more.md#first) and [again](more.md#second).\n");
    add("more.md", "# More\n\n## First\n\nText.\n\n## Second\n\nText.\n");
  }
  void add(const std::string& path, std::string text) { disk_.add("/repo/" + path, std::move(text)); }

  Run check() {
    cli::Output out(cli::Output::nowhere);
    cli::Process process{disk_, [](const std::string&) { return std::nullopt; }, out, out};
    SuiteTool tool;
    const auto code = cli::run_tool(
        tool, {"--root", "/repo", "--now", "2026-03-01T00:00:00Z", "--format", "text=/out/report.txt"}, process);
    Run run{code, {}, ""};
    for (const std::string& path : disk_.reads()) {
      if (path.starts_with("/repo/")) ++run.reads[path.substr(6)];
    }
    if (const auto report = disk_.read("/out/report.txt", 1 << 20)) run.report = *report;
    return run;
  }

 private:
  io::MemoryFileSystem disk_ = [] {
    io::MemoryFileSystem disk;
    disk.add("/out/report.txt", "");
    return disk;
  }();
};

void check_read_once(const Run& run, const std::vector<std::string>& files) {
  for (const auto& [path, count] : run.reads) {
    INFO(path);
    CHECK(count == 1);
  }
  for (const std::string& file : files) {
    INFO(file);
    CHECK(run.reads.contains(file));
  }
}

bool holds(const Run& run, const std::string& text) { return run.report.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("what has no findings is read once") {
  const Run run = Repository().check();
  INFO(run.report);
  CHECK(run.code == cli::ExitCode::ok);
  check_read_once(run, {"launchgate.json", "data/one.json", "s.json", "page.json", "notes.md", "more.md"});
}

TEST_CASE("a document with a finding is read once") {
  Repository repository;
  repository.add("data/one.json", "{\n  \"a\": \"x\"\n}");
  const Run run = repository.check();
  CHECK(run.code == cli::ExitCode::findings);
  CHECK(holds(run, "json/wrong-type"));
  check_read_once(run, {"data/one.json"});
}

TEST_CASE("a document with a syntax error is read once, and its line is shown") {
  Repository repository;
  repository.add("data/one.json", "{\n  \"odd line\" 1\n}");
  const Run run = repository.check();
  CHECK(run.code == cli::ExitCode::findings);
  CHECK(holds(run, "json/syntax"));
  CHECK(holds(run, "odd line"));
  check_read_once(run, {"data/one.json"});
}

TEST_CASE("a document whose findings are masked is read once") {
  for (const std::string& text : {"{\"a\": \"" + token + "\"}", "{\"b\": \"" + token + "\", \"b\" 1}"}) {
    INFO(text);
    Repository repository;
    repository.add("data/one.json", text);
    const Run run = repository.check();
    CHECK(run.code == cli::ExitCode::findings);
    CHECK(holds(run, "data/one.json"));
    CHECK_FALSE(holds(run, token));
    check_read_once(run, {"data/one.json"});
  }
}

TEST_CASE("Markdown with findings, and what it links to, is read once") {
  Repository repository;
  repository.add("notes.md", "# Notes\n\nSee [more](more.md#first), [again](more.md#second), token " + token + ".\n");
  repository.add("more.md", "# More\n");
  const Run run = repository.check();
  CHECK(run.code == cli::ExitCode::findings);
  CHECK(holds(run, "leads nowhere"));
  CHECK_FALSE(holds(run, token));
  check_read_once(run, {"notes.md", "more.md"});
}

TEST_CASE("waivers are read once, with what is wrong with them and what they waive") {
  const auto waiver = [](const std::string& expires) {
    return R"({"schemaVersion": 1, "waivers": [{"rule": "json/wrong-type", "scope": {"file": "data/one.json"},
      "owner": "release", "reason": "the producer is mended next week", "expires": ")" +
           expires + "\"}]}";
  };
  for (const auto& [text, code] :
       {std::pair(waiver("2026-03-20"), cli::ExitCode::ok), std::pair(waiver("2026-02-01"), cli::ExitCode::findings),
        std::pair(std::string("{\"waivers\" []}"), cli::ExitCode::findings)}) {
    INFO(text);
    Repository repository;
    repository.add("data/one.json", R"({"a": "x"})");
    repository.add("waivers.json", text);
    const Run run = repository.check();
    INFO(run.report);
    CHECK(run.code == code);
    check_read_once(run, {"waivers.json", "data/one.json"});
  }
}

TEST_CASE("a configuration that is wrong is read once") {
  for (const char* text : {"{\"schemaVersion\": 1, \"documnets\": []}", "{,}"}) {
    INFO(text);
    Repository repository;
    repository.add("launchgate.json", text);
    const Run run = repository.check();
    CHECK(run.code == cli::ExitCode::usage);
    check_read_once(run, {"launchgate.json"});
  }
}
