#pragma once

#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/io/file_system.hpp"

// Findings that are known already. An entry is a keyed hash of rule, path and value: it survives moved lines and
// merges. The key is a random salt in the same file, and one from outside where --baseline-key-file names it.
namespace launchgate::leaks {

struct BaselineEntry {
  std::string rule;
  std::string path;
  std::string digest;
  base::Span span;  // in the file
  friend bool operator<(const BaselineEntry& a, const BaselineEntry& b) {
    return std::tie(a.path, a.rule, a.digest) < std::tie(b.path, b.rule, b.digest);
  }
};

struct Baseline {
  std::string path;
  std::string salt;   // 32 hexadecimal digits
  std::string check;  // what the key makes of the salt; empty: the salt alone is the key
  std::set<BaselineEntry> entries;
};

// What digests are made with: the salt, and a key that lies outside of the repository where there is one. Whoever has
// the file alone can try guesses against a salted digest, and not against a keyed one.
struct BaselineKey {
  std::string salt;   // for digests
  std::string check;  // for the file
};
BaselineKey combine(const std::string& key, const std::string& salt);
// A file of 16 bytes at least; an `input` or `usage` error.
base::Result<std::string> read_key_file(const std::string& path, const io::FileSystem& disk);

// Strict; what is wrong is a `configuration` error with its position.
base::Result<Baseline> read_baseline(const std::string& path, std::string text);
std::string write_baseline(const Baseline& baseline);
base::Result<std::string> random_salt();

}  // namespace launchgate::leaks
