#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/reader.hpp"
#include "lib/base/result.hpp"
#include "lib/base/source_text.hpp"
#include "lib/document/json_document.hpp"
#include "lib/finding/finding.hpp"
#include "lib/secrets/decode.hpp"
#include "lib/secrets/rulebook.hpp"

// From bytes to findings that hold no secret. Texts are read in pieces, so that memory stays bounded whatever their
// size; a match of up to 1 MiB is found wherever it stands.
namespace launchgate::secrets {

using base::Reader;

// Bytes in memory.
class MemoryReader final : public Reader {
 public:
  explicit MemoryReader(std::string_view text) : rest_(text) {}
  base::Result<std::size_t> read(char* into, std::size_t size) override;

 private:
  std::string_view rest_;
};

// A private value that was found. The finding shows at most four of its characters.
struct Leak {
  finding::Finding finding;
  // SHA-256 over the salt, rule, path and value, 32 hexadecimal digits; empty without a salt.
  std::string digest;
};

// A comment `launchgate:allow RULE reason`; it allows what that rule finds on its line and on the next.
struct Allow {
  base::Span span;
  std::string rule;
  std::string problem;  // why it allows nothing; empty when it is well-formed
  bool used = false;
};

struct TextResult {
  std::vector<Leak> leaks;  // in order; those that a comment allows are left out
  std::size_t allowed = 0;  // by comments
  std::vector<Allow> allows;
  bool binary = false;
  bool keys_unchecked = false;  // a JSON text too large for key rules
  std::uint64_t bytes = 0;
};

struct ScanSettings {
  std::string salt;
  // Added to the help of each finding: how to say that it is no secret.
  bool suggest_allowance = true;
  std::size_t packs = all_packs;  // only the rules of the first so many packs of the rulebook
  std::size_t piece = 8UL * 1024 * 1024;
  std::size_t whole = 16UL * 1024 * 1024;       // up to here a text is one piece
  std::size_t whole_json = 32UL * 1024 * 1024;  // and a JSON text, which must be parsed
  std::size_t overlap = 1024UL * 1024;
};

// One per thread.
class TextScanner {
 public:
  TextScanner(const Rulebook& book, ScanSettings settings);

  // `path` is what allowances see; `shown` what findings show, which differs when the path itself holds a secret.
  base::Result<TextResult> scan(Reader& reader, const std::string& path, const std::string& shown);

  // Rules that look at nothing but the path.
  base::Result<std::vector<Leak>> scan_path(const std::string& path, const std::string& shown);

  // A path, or a link's text: its secrets as findings without a position.
  base::Result<std::vector<Leak>> scan_name(const std::string& name, const std::string& path, std::string_view what,
                                            std::string& masked);

 private:
  struct Found {
    std::uint32_t rule = 0;
    Encoding encoding = Encoding::none;
    std::size_t begin = 0;  // in the piece; of the encoded run where it is one
    std::size_t end = 0;
    std::string value;
  };
  struct Progress;

  base::Result<void> scan_piece(const Piece& piece, const std::string& path, Progress& progress);
  base::Result<std::vector<Found>> find_all(const Piece& piece, const std::string& path);
  Leak make_leak(const finding::RuleInfo& rule, Encoding encoding, std::string_view value, const std::string& path,
                 const std::string& shown) const;
  void read_allow(const Piece& piece, std::size_t marker, Progress& progress) const;

  const Rulebook& book_;
  ScanSettings settings_;
  Rulebook::Share share_;  // of the rulebook's rules
  Scratch scratch_;
  Scratch decoded_scratch_;
  std::string decoded_;
  std::vector<EncodedRun> runs_;
  std::vector<char> buffer_;
};

// What the rules find in a document that is at hand. The error is one of a rule's pattern.
base::Result<std::vector<finding::Finding>> check_document(const Rulebook& book, const base::SourceText& source,
                                                           std::size_t packs = all_packs);

}  // namespace launchgate::secrets
