#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/finding/finding.hpp"

namespace launchgate::secrets {

// A piece of text that must not be shown, but for its first `shown` bytes.
struct Hidden {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t shown = 0;
};

// How many leading characters of a secret may be shown: at most four, and fewer of a short one; only printable ASCII.
std::size_t showable(std::string_view secret);

// Sorted and disjoint: of overlapping ones the union, which shows only what all show.
std::vector<Hidden> united(std::vector<Hidden> hidden);

// `text`, where every hidden character is an asterisk. `begin` is the offset of `text` in what `hidden` refers to.
std::string masked(std::string_view text, std::size_t begin, const std::vector<Hidden>& hidden);

// `text` without `values`, wherever they stand in it.
std::string without(std::string text, const std::vector<std::string>& values);

// The line around [begin, end) of `text` as an excerpt without secrets. `hidden` as by united(); `values` are hidden
// wherever else they stand, for example inside a longer word.
finding::Excerpt masked_excerpt(std::string_view text, std::size_t begin, std::size_t end,
                                const std::vector<Hidden>& hidden, const std::vector<std::string>& values = {});

}  // namespace launchgate::secrets
