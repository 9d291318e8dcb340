#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "leaks/target.hpp"
#include "lib/base/result.hpp"
#include "lib/io/blob_stream.hpp"
#include "lib/secrets/rulebook.hpp"
#include "lib/secrets/text_scan.hpp"

// Scans many targets with a few threads; the outcome does not depend on their number.
namespace launchgate::leaks {

struct RunSettings {
  std::shared_ptr<const secrets::Rulebook> rules;  // for every target
  // For those marked public-safe, made when the first of them is met; may be called by several threads.
  std::function<std::shared_ptr<const secrets::Rulebook>()> public_rules;
  std::set<std::string> public_safe;  // shown paths
  std::string salt;
  std::uint64_t most_bytes = 0;  // larger files are skipped
  std::size_t threads = 1;
  std::function<base::Result<io::BlobStream>()> open_blobs;  // where blobs come from; may be called by several threads
};

// What a target yielded, where there is anything to tell.
struct Scanned {
  std::string shown;  // safe to print
  std::string path;   // as it is
  std::vector<secrets::Leak> leaks;
  std::vector<secrets::Allow> allows;
  std::vector<std::string> skipped;  // reasons
  std::optional<base::Error> error;  // should have been read
  bool nothing_new = false;          // a removal, a change of mode: looked at, though there is nothing to read
};

struct RunOutcome {
  std::vector<Scanned> scanned;    // by path, then in the order of the targets
  std::vector<std::string> paths;  // of all that was scanned, sorted
  std::size_t documents = 0;
  std::uint64_t bytes = 0;
  std::size_t allowed = 0;  // by comments
};

// Gives targets one by one, and Scanned entries for what it could not make a target of.
struct Supply {
  std::function<void(Target)> target;
  std::function<void(Scanned)> report;
};

// `produce` runs in a thread of its own, beside the scan. The error is one of a rule's pattern, or of git.
base::Result<RunOutcome> scan_all(const RunSettings& settings,
                                  const std::function<base::Result<void>(Supply&)>& produce);

}  // namespace launchgate::leaks
