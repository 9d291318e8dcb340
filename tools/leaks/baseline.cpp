#include "leaks/baseline.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "lib/io/system.hpp"
#include "lib/rules/fields.hpp"

namespace launchgate::leaks {
namespace {

constexpr std::size_t hash_digits = 32;

bool is_hash(const std::string& text) {
  return text.size() == hash_digits &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string quoted(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += digits[byte >> 4U];
      out += digits[byte & 0xfU];
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

base::Result<Baseline> read_baseline(const std::string& path, std::string text) {
  auto document = document::JsonDocument::parse(path, std::move(text));
  if (!document) {
    base::Error error = std::move(document).error();
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
  if (!fields.failed() && !is_hash(baseline.salt))
    fields.refuse(*document->root().find("salt"), "the salt must be 32 hexadecimal digits");
  fields.objects("entries", "entry", false, [&](rules::Fields& entry) {
    BaselineEntry one{entry.text("rule"), entry.text("path"), entry.text("digest"), entry.object().span()};
    if (!entry.failed() && !is_hash(one.digest))
      entry.refuse(*entry.object().find("digest"), "the digest must be 32 hexadecimal digits");
    baseline.entries.insert(std::move(one));
  });
  fields.finish();
  if (error) return *error;
  return baseline;
}

std::string write_baseline(const Baseline& baseline) {
  std::string text = "{\n  \"schemaVersion\": 1,\n  \"salt\": " + quoted(baseline.salt);
  if (baseline.entries.empty()) return text + "\n}\n";
  text += ",\n  \"entries\": [";
  bool first = true;
  for (const BaselineEntry& entry : baseline.entries) {
    text += first ? "\n" : ",\n";
    first = false;
    text += "    {\"rule\": " + quoted(entry.rule) + ", \"path\": " + quoted(entry.path) +
            ", \"digest\": " + quoted(entry.digest) + '}';
  }
  return text + "\n  ]\n}\n";
}

base::Result<std::string> random_salt() {
  std::array<unsigned char, hash_digits / 2> bytes{};
  if (auto filled = io::random_bytes(bytes); !filled) return std::move(filled).error();
  constexpr std::string_view digits = "0123456789abcdef";
  std::string salt;
  for (const unsigned char byte : bytes) {
    salt += digits[byte >> 4U];
    salt += digits[byte & 0xfU];
  }
  return salt;
}

}  // namespace launchgate::leaks
