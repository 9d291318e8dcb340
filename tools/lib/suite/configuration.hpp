#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"

namespace launchgate::suite {

enum class DocumentFormat : std::uint8_t { json, markdown, text };

// What documents of a kind must satisfy. Kinds are data; a few names mean something to a tool (see each tool's page).
struct Kind {
  std::string name;
  DocumentFormat format = DocumentFormat::json;
  std::optional<std::string> schema;  // see Resources for the meaning of names
  std::vector<std::string> packs;
  std::string rule_prefix;
};

struct DocumentBinding {
  std::string path;  // relative to the root, or a glob
  Kind kind;         // with the document's own schema and packs applied
  bool required = true;
  bool public_safe = false;
};

struct LeakAllowance {
  std::string rule;
  std::string path;
  std::optional<std::string> pointer;
  std::string reason;
};

struct LeakSettings {
  std::vector<std::string> packs;
  std::vector<std::string> public_safe_packs;
  std::vector<std::string> include;
  std::vector<std::string> exclude;
  std::optional<std::string> baseline;
  std::uint64_t max_file_bytes = 0;
  std::vector<LeakAllowance> allow;
};

struct Configuration {
  std::string path;  // of launchgate.json relative to the root; empty when the built-in one applies
  std::string environment_prefix;
  std::map<std::string, Kind> kinds;
  std::vector<DocumentBinding> documents;
  std::string tiers;
  std::string operations;
  std::string waivers;
  LeakSettings leaks;
  std::vector<std::string> owners;  // who may approve a change of what is left out
};

// The packs of leak rules that a suite names.
std::vector<std::string> usual_leak_packs(const document::JsonDocument& suite);

// What a configuration is made of.
struct ConfigurationSources {
  const document::JsonDocument& built_in;               // the default suite
  const document::JsonDocument* other_kinds = nullptr;  // those of a product with a ladder of its own; none: not one
  const document::JsonDocument* own = nullptr;          // a validated launchgate.json
  bool own_catalogue = false;                           // its operations are another product's
};

// The members of `own` replace the default's; its kinds replace those of the same name whole, its leak settings one by
// one. Packs belong to the schema, the ladder and the catalogue that they were written for: where a document names
// another schema, or the repository is another product's, those of the default suite do not apply, and what is stated
// does. An unknown kind is a `configuration` error with its position.
base::Result<Configuration> make_configuration(const ConfigurationSources& sources);

}  // namespace launchgate::suite
