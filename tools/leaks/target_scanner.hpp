#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "leaks/target.hpp"
#include "lib/base/result.hpp"
#include "lib/io/blob_stream.hpp"
#include "lib/io/file_stream.hpp"
#include "lib/secrets/text_scan.hpp"
#include "lib/suite/leak_rules.hpp"

namespace launchgate::leaks {

struct RunSettings {
  suite::LeakRules rules;
  std::set<std::string> public_safe;  // shown paths of targets to which all of the rules apply
  std::string salt;
  std::size_t most = 0;          // leaks of a file that are kept; 0: all
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
  finding::Tally more;               // leaks that are not kept
  std::vector<std::string> skipped;  // reasons
  std::optional<base::Error> error;  // should have been read
};

// The number is the place in the order in which the targets were found.
using NumberedTarget = std::pair<std::uint64_t, Target>;
using NumberedScanned = std::pair<std::uint64_t, Scanned>;

// Scans one target after another.
class TargetScanner {
 public:
  struct Yield {
    std::vector<NumberedScanned> scanned;
    std::vector<std::string> paths;  // of what was scanned
    std::uint64_t bytes = 0;
  };

  explicit TargetScanner(const RunSettings& settings);

  void scan(std::uint64_t number, const Target& target);

  Yield& yield() { return yield_; }
  // Of a rule's pattern, or of git; nothing was scanned after it.
  const std::optional<base::Error>& failure() const { return failure_; }

 private:
  void names(const Target& target, secrets::TextScanner& scanner, Scanned& out);
  // These say whether there was something to scan.
  bool content(const Target& target, secrets::TextScanner& scanner, Scanned& out);
  bool file(const Target& target, secrets::TextScanner& scanner, Scanned& out);
  bool blob(const Target& target, secrets::TextScanner& scanner, Scanned& out);
  bool written(const Target& target, secrets::TextScanner& scanner, Scanned& out);
  bool message(const Target& target, secrets::TextScanner& scanner, Scanned& out);
  bool words(const std::string& text, const std::string& what, secrets::TextScanner& scanner, Scanned& out);
  bool text(secrets::Reader& reader, secrets::TextScanner& scanner, Scanned& out,
            const std::vector<bool>* added = nullptr);

  bool fail(base::Error error);
  bool unreadable(base::Error error, Scanned& out);
  bool open_stream(const Scanned& out);
  bool too_large(std::uint64_t bytes) const { return settings_.most_bytes > 0 && bytes > settings_.most_bytes; }
  bool skip_large(Scanned& out) const;
  base::Result<std::string> whole_blob(const std::string& object);
  base::Result<std::optional<std::vector<bool>>> added_by(const Target& target);

  const RunSettings& settings_;
  secrets::TextScanner scanner_;
  std::optional<secrets::TextScanner> public_scanner_;
  std::optional<io::BlobStream> stream_;
  io::LastFolder last_folder_;
  Yield yield_;
  std::optional<base::Error> failure_;
};

}  // namespace launchgate::leaks
