#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/document/json_document.hpp"

// What is known of a pack without parsing it: where its parts stand in its text, and which documents its rules refer
// to. Parsing a pack of hundreds of rules takes longer than searching a small file with it, and most runs look closely
// at few rules. The index of a built-in pack is written when the executable is built (tools/cmake/compile_pack.cpp),
// that of any other where it is loaded; both are read in place.
//
// Numbers of 32 bits, little-endian; places are an offset and a length, strings without their quotes, escapes as
// written:
//
//   "LGI2", length of the text, place of the kinds, name, placeholders, published, boundary, number of rules, of
//   keywords and of patterns, number of the pack's own patterns; per rule: the parts below, first keyword, number of
//   keywords, first pattern, number of patterns; per keyword: its place; per pattern: the place of its facts. Then the
//   kinds of the documents that the rules refer to, each with a line feed, and the facts (regex::PatternFacts); their
//   places count from the beginning of the index.
namespace launchgate::rules {

class PackIndex {
 public:
  struct Place {
    std::uint32_t begin = 0;
    std::uint32_t length = 0;
  };
  // `examples` with the comma that parts them from a neighbour; `wrong` and `right` are the first example of each side.
  enum class Part : std::uint8_t { whole, id, kind, severity, message, help, why, wrong, right, examples };

  PackIndex() = default;
  // None: `bytes` does not belong to `text`. Both must outlive the index.
  static std::optional<PackIndex> read(std::string_view text, std::string_view bytes);

  // Of a pack that was found to be well-formed.
  // `facts`: what is known of the patterns of the pack itself, then of those of each rule; or nothing.
  static std::string write(const document::JsonDocument& pack, const std::set<std::string>& kinds,
                           const std::vector<std::vector<std::string>>& facts = {});
  // The bytes of an index that has only the rules that `keep` says.
  std::string only(const std::function<bool(std::size_t rule)>& keep) const;

  std::size_t size() const { return rules_; }  // rules
  std::string name() const;
  // {"placeholders": …, "published": …, "boundary": …}, as far as the pack has them.
  std::string common() const;
  std::vector<std::string> kinds() const;
  // Of the patterns of the pack itself (0), or of those of the rule before; in the order in which they are read.
  std::vector<std::string_view> facts(std::size_t owner) const;

  Place place(std::size_t rule, Part part) const;
  std::string_view raw(std::size_t rule, Part part) const;
  std::string text(std::size_t rule, Part part) const;  // without escapes
  std::vector<std::string> keywords(std::size_t rule) const;
  // The rule without its examples.
  std::string bare(std::size_t rule) const;

 private:
  std::uint32_t number(std::size_t index) const;
  Place fact_place(std::size_t pattern) const;
  Place place_at(std::size_t index) const { return {number(index), number(index + 1)}; }
  std::string_view raw(Place place) const { return text_.substr(place.begin, place.length); }

  std::string_view text_;
  std::string_view bytes_;
  std::size_t rules_ = 0;
};

}  // namespace launchgate::rules
