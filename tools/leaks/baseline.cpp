#include "leaks/baseline.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "lib/base/hex.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/io/system.hpp"
#include "lib/rules/fields.hpp"

namespace launchgate::leaks {
namespace {

constexpr std::size_t hash_digits = 32;

}  // namespace

base::Result<Baseline> read_baseline(const std::string& path, std::string text) {
  auto document = document::JsonDocument::parse(path, std::move(text));
  if (!document) {
    base::Error error = document.error();
    error.category = base::ErrorCategory::configuration;
    error.help = "write it anew with --write-baseline";
    return error;
  }
  Baseline baseline;
  baseline.path = path;
  std::optional<base::Error> error;
  rules::Fields fields(document->root(), "baseline", error);
  const auto version = fields.value("schemaVersion", document::JsonKind::number, true);
  if (version && version->integer() != 1) fields.refuse(*version, "this version of baselines is not known");
  baseline.salt = fields.text("salt");
  if (!fields.failed() && !base::is_lower_hex(baseline.salt, hash_digits))
    fields.refuse(*document->root().find("salt"), "the salt must be 32 hexadecimal digits");
  fields.objects("entries", "entry", false, [&](rules::Fields& entry) {
    BaselineEntry one{entry.text("rule"), entry.text("path"), entry.text("digest"), entry.object().span()};
    if (!entry.failed() && !base::is_lower_hex(one.digest, hash_digits))
      entry.refuse(*entry.object().find("digest"), "the digest must be 32 hexadecimal digits");
    baseline.entries.insert(std::move(one));
  });
  fields.finish();
  if (error) return *error;
  return baseline;
}

std::string write_baseline(const Baseline& baseline) {
  std::string text = "{\n  \"schemaVersion\": 1,\n  \"salt\": " + document::json_quoted(baseline.salt);
  if (baseline.entries.empty()) return text + "\n}\n";
  text += ",\n  \"entries\": [";
  const auto member = [](std::string_view name, std::string_view value) {
    return '"' + std::string(name) + "\": " + document::json_quoted(value);
  };
  bool first = true;
  for (const BaselineEntry& entry : baseline.entries) {  // a line each, so that a difference shows one
    text += first ? "\n" : ",\n";
    first = false;
    text += "    {" + member("rule", entry.rule) + ", " + member("path", entry.path) + ", " +
            member("digest", entry.digest) + '}';
  }
  return text + "\n  ]\n}\n";
}

base::Result<std::string> random_salt() {
  std::array<unsigned char, hash_digits / 2> bytes{};
  if (auto filled = io::random_bytes(bytes); !filled) return filled.error();
  return base::to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace launchgate::leaks
