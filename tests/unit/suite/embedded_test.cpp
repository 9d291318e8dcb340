#include <catch2/catch.hpp>

#include <cstring>
#include <set>

#include "lib/finding/digest.hpp"
#include "lib/rules/pack.hpp"
#include "lib/schema/plan.hpp"
#include "lib/schema/schema.hpp"
#include "lib/suite/embedded.hpp"
#include "lib/suite/resources.hpp"

using namespace launchgate;

namespace {

// Which schema a file below rules/ must satisfy; empty for one that nobody knows.
std::string schema_of(std::string_view path, const document::JsonDocument& document) {
  if (path == "rules/tiers.json") return "tier-ladder";
  if (path == "rules/suite.json" || path == "rules/product.json") return "launchgate";
  if (path == "rules/report-figures.json") return "report-figures";
  if (document.root().find("pack")) return "rule-pack";
  if (document.root().find("operations")) return "operation-catalogue";
  return "";
}

}  // namespace

TEST_CASE("the digest beside an embedded file is its own") {
  REQUIRE_FALSE(suite::embedded_files().empty());
  for (const suite::EmbeddedFile& file : suite::embedded_files()) {
    INFO(file.path);
    CHECK(file.digest() == finding::sha256_hex(file.text()));
  }
}

TEST_CASE("the plan of a built-in schema is what compiling it at run time makes") {
  std::size_t schemas = 0;
  for (const suite::EmbeddedFile& file : suite::embedded_files()) {
    if (!file.path.starts_with("schemas/")) continue;
    INFO(file.path);
    const auto document = document::JsonDocument::parse(std::string(file.path), file.text());
    REQUIRE(document.ok());
    const auto compiled = schema::compile(*document);
    REQUIRE(compiled.ok());
    const auto words = (*compiled)->plan().words();
    CHECK(std::equal(words.begin(), words.end(), file.plan.begin(), file.plan.end()));
    ++schemas;
  }
  CHECK(schemas >= 15);
}

TEST_CASE("every embedded document satisfies its schema, so that runs need not ask again") {
  const io::MemoryFileSystem disk;
  suite::Resources resources(disk, "/", std::nullopt, std::nullopt);
  std::map<std::string, std::shared_ptr<const schema::Schema>> schemas;
  for (const suite::EmbeddedFile& file : suite::embedded_files()) {
    INFO(file.path);
    const auto document = document::JsonDocument::parse(std::string(file.path), file.text());
    REQUIRE(document.ok());
    CHECK(file.digest() == finding::sha256_hex(document->source().text()));
    if (file.path.starts_with("schemas/")) {
      for (const base::Error& error : schema::lint(*document)) FAIL_CHECK(to_string(error));
      CHECK_FALSE(file.plan.empty());
      continue;
    }
    // The stand-in's loader refuses what it does not know; it has no schema beside that.
    if (document->root().find("services")) continue;
    const std::string name = schema_of(file.path, *document);
    REQUIRE(name != "");
    if (!schemas.contains(name)) {
      const auto text = resources.schema(name);
      REQUIRE(text.ok());
      auto compiled = schema::compile(**text);
      REQUIRE(compiled.ok());
      schemas[name] = *compiled;
    }
    for (const auto& finding : schema::validate(*schemas[name], *document, "embedded")) {
      FAIL_CHECK(finding.file << ":" << finding.span.begin.line << ": " << finding.message << " " << finding.help);
    }
  }
}

namespace {

// The facts of `known` were written by the build, those of `made` are worked out.
void compare(const rules::Pattern& known, const rules::Pattern& made, const std::vector<std::string>& keywords,
             const rules::Rule& examples) {
  CHECK(known.text() == made.text());
  for (const auto* list : {&examples.match, &examples.pass}) {
    for (const document::JsonValue text : *list) {
      if (text.is(document::JsonKind::string)) CHECK(known.may_match(text.string()) == made.may_match(text.string()));
    }
  }
  if (keywords.empty()) return;
  const auto around = known.around(keywords);
  const auto expected = made.around(keywords);
  REQUIRE(around.has_value() == expected.has_value());
  if (around) CHECK(std::memcmp(&*around, &*expected, sizeof *around) == 0);
}

}  // namespace

TEST_CASE("an embedded pack says what it says when it is loaded") {
  std::size_t packs = 0;
  for (const suite::EmbeddedFile& file : suite::embedded_files()) {
    INFO(file.path);
    const auto document = document::JsonDocument::parse(std::string(file.path), file.text());
    REQUIRE(document.ok());
    CHECK(file.index.empty() == !document->root().find("pack").has_value());
    if (file.index.empty()) continue;
    ++packs;
    const auto pack = rules::load_pack(std::string(file.path), file.text(), {false, true, true});
    REQUIRE(pack.ok());
    CHECK(pack->index() == file.index);  // what the build knows of it is what a run would
    const auto built_in = rules::Pack::open(std::string(file.path), file.text(), file.index);
    REQUIRE(built_in);
    CHECK(built_in->name() == pack->name());
    REQUIRE(built_in->size() == pack->size());
    CHECK(built_in->harmless()->published == pack->harmless()->published);
    CHECK(built_in->harmless()->placeholders.size() == pack->harmless()->placeholders.size());
    for (std::size_t i = 0; i < pack->size(); ++i) {
      const rules::Rule& rule = pack->rule(i);
      INFO(rule.info.id);
      const finding::RuleInfo info = built_in->info(i);
      CHECK(info.id == rule.info.id);
      CHECK(built_in->id(i) == rule.info.id);
      CHECK(built_in->kind(i) == rule.kind->name);
      CHECK(info.severity == rule.info.severity);
      CHECK(info.summary == rule.info.summary);
      CHECK(info.help == rule.info.help);
      CHECK(info.why == rule.info.why);
      CHECK(info.wrong == rule.info.wrong);
      CHECK(info.right == rule.info.right);
      const rules::Rule& own = built_in->rule(i);
      CHECK(own.info.id == rule.info.id);
      CHECK(own.info.help == rule.info.help);
      REQUIRE(own.body.index() == rule.body.index());
      if (const auto* secret = std::get_if<rules::Secret>(&rule.body)) {
        CHECK(built_in->keywords(i) == secret->keywords);
        compare(*std::get<rules::Secret>(own.body).pattern, *secret->pattern, secret->keywords, rule);
      }
      if (const auto* claim = std::get_if<rules::Claim>(&rule.body)) {
        REQUIRE(claim->boundary);
        const auto& boundary = std::get<rules::Claim>(own.body).boundary;
        REQUIRE(boundary);
        compare(*boundary->bounds, *claim->boundary->bounds, {}, rule);
        compare(*std::get<rules::Claim>(own.body).pattern, *claim->pattern, {}, rule);
      }
    }
  }
  CHECK(packs >= 10);
}

TEST_CASE("an index of another text, or a damaged one, is none") {
  const auto& files = suite::embedded_files();
  const auto file = std::find_if(files.begin(), files.end(), [](const auto& one) { return !one.index.empty(); });
  REQUIRE(file != files.end());
  const auto opens = [&](std::string text, std::string_view index) {
    return rules::Pack::open("p", std::move(text), index).has_value();
  };
  CHECK(opens(file->text(), file->index));
  CHECK_FALSE(opens(file->text().substr(1), file->index));
  CHECK_FALSE(opens(file->text(), file->index.substr(0, file->index.size() - 4)));
  CHECK_FALSE(opens(file->text(), file->index.substr(4)));
  CHECK_FALSE(opens(file->text(), ""));
}

TEST_CASE("what a pack refers to is told by its rules") {
  const io::MemoryFileSystem disk;
  suite::Resources resources(disk, "/", std::nullopt, std::nullopt);
  const auto kinds_of = [&](const std::string& name) {
    const auto pack = resources.pack(name);
    REQUIRE(pack.ok());
    std::set<std::string> kinds;
    for (const char* kind : {"tiers", "harness", "evidence-matrix", "package-scripts", "target-profiles"}) {
      if ((*pack)->refers_to(kind)) kinds.insert(kind);
    }
    return kinds;
  };
  CHECK(kinds_of("claims") == std::set<std::string>{"evidence-matrix"});
  CHECK(kinds_of("matrix").contains("package-scripts"));
  CHECK(kinds_of("private-values").empty());
}
