#pragma once

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "lib/rules/examples.hpp"
#include "lib/rules/pack.hpp"

namespace launchgate::rules {

// A pack of one rule of the given kind fields, for example R"("kind": "unique", "at": "/a/*")".
inline std::string pack_text(const std::string& fields, const std::string& examples = {}) {
  const std::string json =
      R"({"match": [{"document": 1}, {"document": 2}], "pass": [{"document": 3}, {"document": 4}]})";
  const std::string text = R"({"match": ["1", "2"], "pass": ["3", "4"]})";
  const bool is_text =
      fields.find("\"require\"") != std::string::npos || fields.find("\"forbid\"") != std::string::npos ||
      fields.find("\"order\"") != std::string::npos || fields.find("\"structure\"") != std::string::npos ||
      fields.find("\"claim\"") != std::string::npos || fields.find("\"secret\"") != std::string::npos;
  return R"({"schemaVersion": 1, "pack": "p", "title": "t", "description": "d", "rules": [
{"id": "r", "severity": "error", "message": "the message", "help": "the help",
 )" + fields +
         ", \"examples\": " + (examples.empty() ? (is_text ? text : json) : examples) + "}]}";
}

inline Pack pack_of(const std::string& fields) {
  auto pack = load_pack("pack.json", pack_text(fields));
  INFO((pack.ok() ? std::string() : to_string(pack.error())));
  REQUIRE(pack.ok());
  return std::move(*pack);
}

inline std::string refusal_of(const std::string& fields) {
  const auto pack = load_pack("pack.json", pack_text(fields));
  REQUIRE_FALSE(pack.ok());
  CHECK(pack.error().category == base::ErrorCategory::configuration);
  return to_string(pack.error());
}

class KnownFiles final : public Repository {
 public:
  explicit KnownFiles(std::vector<std::string> files = {}) : files_(std::move(files)) {}
  PathState state(std::string_view path) const override {
    if (path.substr(0, 2) == "..") return PathState::outside;
    for (const std::string& file : files_) {
      if (file == path) return PathState::file;
      if (file.compare(0, path.size() + 1, std::string(path) + '/') == 0) return PathState::folder;
    }
    return PathState::missing;
  }
  std::vector<std::string> candidates(std::string_view) const override { return files_; }

 private:
  std::vector<std::string> files_;
};

}  // namespace launchgate::rules
