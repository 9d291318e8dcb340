#include <catch2/catch.hpp>

#include "lib/finding/digest.hpp"
#include "lib/schema/schema.hpp"
#include "lib/suite/embedded.hpp"
#include "lib/suite/resources.hpp"

using namespace launchgate;

namespace {

// Which schema a file below rules/ must satisfy; empty for one that nobody knows.
std::string schema_of(std::string_view path, const document::JsonDocument& document) {
  if (path == "rules/tiers.json") return "tier-ladder";
  if (path == "rules/suite.json") return "launchgate";
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
