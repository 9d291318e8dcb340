#pragma once

#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"

// Findings that are known already. An entry is a keyed hash of rule, path and value: it survives moved lines and
// merges, and says nothing about the value without the key, which is a random salt in the same file.
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
  std::string salt;  // 32 hexadecimal digits
  std::set<BaselineEntry> entries;
};

// Strict; what is wrong is a `configuration` error with its position.
base::Result<Baseline> read_baseline(const std::string& path, std::string text);
std::string write_baseline(const Baseline& baseline);
base::Result<std::string> random_salt();

}  // namespace launchgate::leaks
