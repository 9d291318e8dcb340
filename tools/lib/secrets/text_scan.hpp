#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/base/source_text.hpp"
#include "lib/finding/finding.hpp"
#include "lib/secrets/allow_comment.hpp"
#include "lib/secrets/leak.hpp"
#include "lib/secrets/private_spans.hpp"
#include "lib/secrets/reader.hpp"
#include "lib/secrets/rulebook.hpp"

// From bytes to findings that hold no secret. Texts are read in pieces, so that memory stays bounded whatever their
// size; a match of up to 1 MiB is found wherever it stands.
namespace launchgate::secrets {

// A file that holds more values than this is no better known by all of them.
inline constexpr std::size_t most_of_a_file = 2000;

struct TextResult {
  std::vector<Leak> leaks;  // in order; those that a comment allows are left out
  std::size_t allowed = 0;  // by comments
  finding::Tally more;      // beyond `most`, allowed or not
  std::vector<Allow> allows;
  bool binary = false;
  bool keys_unchecked = false;  // a JSON text too large for key rules
  std::uint64_t bytes = 0;
};

struct ScanSettings {
  std::string salt;
  std::size_t most = 0;           // leaks of a text that are kept, the others are counted; 0: all
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
  struct Progress;
  struct Pending;

  base::Result<void> scan_piece(const Piece& piece, Progress& progress);
  base::Result<std::vector<PrivateSpan>> find(const Piece& piece, const std::string& path);
  void read_allows(const Piece& piece, Progress& progress) const;
  base::Result<void> add_keys(const JsonPlaces& places, const Progress& progress, Pending& pending) const;
  static void finish(const Piece& piece, Pending pending, Progress& progress);

  const Rulebook& book_;
  ScanSettings settings_;
  SpanFinder finder_;
  std::vector<char> buffer_;
};

// What the rules find in a document that is at hand, of which `most` are kept; `rest` receives what else there is to
// tell. The error is one of a rule's pattern.
base::Result<std::vector<finding::Finding>> check_document(const Rulebook& book, const base::SourceText& source,
                                                           std::size_t packs = all_packs, std::size_t most = 0,
                                                           TextResult* rest = nullptr);

}  // namespace launchgate::secrets
