// The required cases of the public draft-07 test suite.

#include "unit/schema/support.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "unit/public_data.hpp"
#include "unit/schema/meta_schema.hpp"

using namespace launchgate;
using document::JsonDocument;
using document::JsonValue;

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Remotes {
  std::vector<std::unique_ptr<JsonDocument>> documents;
  schema::SchemaSettings settings;

  void add(const std::string& uri, std::string text) {
    documents.push_back(std::make_unique<JsonDocument>(schema_test::parse(std::move(text), uri)));
    settings.resources.push_back({uri, documents.back().get()});
  }
};

Remotes load_remotes(const fs::path& suite) {
  Remotes remotes;
  remotes.settings.strict = false;
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(suite / "remotes")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    remotes.add("http://localhost:1234/" + fs::relative(file, suite / "remotes").generic_string(), read(file));
  }
  remotes.add("http://json-schema.org/draft-07/schema", schema_test::meta_schema);
  return remotes;
}

// Cases that deliberately go another way: "file: group: test", with the reason beside it.
const std::set<std::string> exceptions = {};

}  // namespace

TEST_CASE("the required cases of draft-07 are met") {
  const auto given = public_data("json-schema-draft7");
  if (!given) return;
  const fs::path suite = *given;
  const Remotes remotes = load_remotes(suite);
  std::size_t run = 0;
  std::size_t met = 0;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(suite / "tests" / "draft7")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    const auto groups = schema_test::parse(read(file), file.filename().string());
    for (const JsonValue group : groups.root().elements()) {
      const std::string group_name = file.filename().string() + ": " + std::string(group.string_member("description"));
      const auto schema_document = schema_test::parse(std::string(group.find("schema")->raw()), "schema.json");
      const auto compiled = schema::compile(schema_document, remotes.settings);
      for (const JsonValue test : group.find("tests")->elements()) {
        const std::string name = group_name + ": " + std::string(test.string_member("description"));
        if (exceptions.contains(name)) continue;
        ++run;
        INFO(name);
        INFO(group.find("schema")->raw());
        if (!compiled) {
          INFO(to_string(compiled.error()));
          CHECK(compiled.ok());
          continue;
        }
        const auto instance = schema_test::parse(std::string(test.find("data")->raw()));
        const auto findings = schema::validate(**compiled, instance, "t");
        INFO(schema_test::shown(findings));
        const bool as_expected = findings.empty() == test.find("valid")->boolean();
        CHECK(as_expected);
        met += as_expected ? 1 : 0;
        for (const auto& finding : findings) {
          CHECK_FALSE(finding.message.empty());
          CHECK(finding.span.begin.line > 0);
        }
      }
    }
  }
  CHECK(run == 927 - exceptions.size());
  CHECK(met == run);
}
