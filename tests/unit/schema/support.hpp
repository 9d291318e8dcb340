#pragma once

#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/schema/schema.hpp"

namespace schema_test {

using launchgate::document::JsonDocument;

inline JsonDocument parse(std::string text, std::string path = "doc.json") {
  auto document = JsonDocument::parse(std::move(path), std::move(text));
  INFO(launchgate::base::to_string(document.ok() ? launchgate::base::Error{} : document.error()));
  REQUIRE(document.ok());
  return std::move(*document);
}

inline std::shared_ptr<const launchgate::schema::Schema> compile(
    std::string text, const launchgate::schema::SchemaSettings& settings = {}) {
  const auto document = parse(std::move(text), "s.json");
  auto schema = launchgate::schema::compile(document, settings);
  INFO(launchgate::base::to_string(schema.ok() ? launchgate::base::Error{} : schema.error()));
  REQUIRE(schema.ok());
  return *schema;
}

// "line:column rule pointer: message | help", one a line.
inline std::string shown(const std::vector<launchgate::finding::Finding>& findings) {
  std::string text;
  for (const auto& finding : findings) {
    if (!text.empty()) text += '\n';
    text += std::to_string(finding.span.begin.line) + ":" + std::to_string(finding.span.begin.column) + " " +
            finding.rule_id + " " + finding.json_pointer + ": " + finding.message;
    if (!finding.help.empty()) text += " | " + finding.help;
  }
  return text;
}

inline std::string check(std::string schema, std::string document) {
  const auto compiled = compile(std::move(schema));
  const auto parsed = parse(std::move(document));
  return shown(launchgate::schema::validate(*compiled, parsed, "t"));
}

}  // namespace schema_test
