#include "leaks/baseline.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "lib/base/hex.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/finding/digest.hpp"
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
  baseline.check = fields.optional_text("keyCheck");
  if (!fields.failed() && !baseline.check.empty() && !base::is_lower_hex(baseline.check, hash_digits))
    fields.refuse(*document->root().find("keyCheck"), "the check of the key must be 32 hexadecimal digits");
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
  if (!baseline.check.empty()) text += ",\n  \"keyCheck\": " + document::json_quoted(baseline.check);
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

BaselineKey combine(const std::string& key, const std::string& salt) {
  if (key.empty()) return {salt, ""};
  // Hashed first, so that neither of them can be taken for a part of the other.
  const std::string both = finding::sha256_hex(key) + salt;
  return {finding::sha256_hex("launchgate baseline digests\n" + both).substr(0, hash_digits),
          finding::sha256_hex("launchgate baseline check\n" + both).substr(0, hash_digits)};
}

base::Result<std::string> read_key_file(const std::string& path, const io::FileSystem& disk) {
  constexpr std::uint64_t largest_key = 64UL * 1024;
  constexpr std::size_t shortest_key = 16;
  auto key = disk.read(path, largest_key);
  if (!key) return key.error();
  while (!key->empty() && (key->back() == '\n' || key->back() == '\r')) key->pop_back();
  if (key->size() >= shortest_key) return key;
  return base::Error{base::ErrorCategory::usage,
                     path,
                     {},
                     "is too short for a key: 16 bytes at least",
                     "make one, such as `openssl rand -hex 32`, and keep it outside of the repository"};
}

base::Result<std::string> random_salt() {
  std::array<unsigned char, hash_digits / 2> bytes{};
  if (auto filled = io::random_bytes(bytes); !filled) return filled.error();
  return base::to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace launchgate::leaks
