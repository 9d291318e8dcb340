#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/secrets/decode.hpp"
#include "lib/secrets/engine.hpp"
#include "lib/secrets/json_places.hpp"
#include "lib/secrets/rulebook.hpp"

// Where private values stand in a text: in clear and in what is encoded there. Scans, redaction, records and masks all
// ask here.
namespace launchgate::secrets {

// A private value in a text.
struct PrivateSpan {
  std::uint32_t rule = 0;
  Encoding encoding = Encoding::none;
  std::size_t begin = 0;  // in the text: of the value, or of the encoded run that holds it
  std::size_t end = 0;
  std::size_t value_begin = 0;  // in what the run decodes to; in clear the same as `begin`
  std::string value;

  EncodedRun run() const { return {encoding, begin, end}; }
};

// One per thread. The rulebook must outlive it.
class SpanFinder {
 public:
  // With the rules of the first `packs` packs of the book.
  explicit SpanFinder(const Rulebook& book, std::size_t packs = all_packs) : book_(book), share_(book.share(packs)) {}

  // Those that begin in [begin, end) of the piece: those in clear by position, then those of each encoded run. They may
  // overlap. `path` is what allowances of paths look at. The error is one of a rule's pattern.
  base::Result<std::vector<PrivateSpan>> find(Piece piece, std::string_view path);

  // Members of a JSON text whose names say that their values are private; without a word of those names there is none.
  bool may_have_keys(std::string_view json) const { return book_.may_have_keys(json); }
  base::Result<std::vector<JsonKey>> find_keys(const JsonPlaces& places) const;

  // Whether the texts that follow are the pieces of one text, in order.
  void begin_text(bool in_pieces) { scratch_.resume.assign(in_pieces ? book_.engine().rules().size() : 0, 0); }
  void drop(std::size_t bytes);  // so many at the front are gone in the next piece

  // Where the marker of allowances stands in the text of the last find().
  const std::vector<std::size_t>& markers() const { return scratch_.markers; }
  const finding::RuleInfo& info(std::uint32_t rule) const { return book_.engine().rule(rule).info; }
  const Rulebook::Share& share() const { return share_; }

 private:
  base::Result<void> find_within(const EncodedRun& run, std::string_view text, std::size_t place, std::string_view path,
                                 int depth, std::vector<PrivateSpan>& spans);

  const Rulebook& book_;
  Rulebook::Share share_;
  Scratch scratch_;
  Scratch decoded_scratch_;  // without markers and pieces
  std::vector<Match> matches_;
  std::vector<EncodedRun> runs_;
  std::vector<LiteralPlace> stretches_;
};

// A place that a rule claims.
struct Claim {
  std::uint32_t rule = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Which of them stay, by position: of overlapping ones that of the earlier rule, since a pack lists specific rules
// first.
std::vector<std::size_t> without_overlaps(const std::vector<Claim>& claims);

}  // namespace launchgate::secrets
