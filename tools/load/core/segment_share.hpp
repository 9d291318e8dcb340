#pragma once

#include <cstdint>

namespace launchgate::load {

// What one segment of a run takes of things that are counted from 0: thing k belongs to segment k mod `of`. The shares
// of all segments are the whole, and nothing is in two of them.
struct SegmentShare {
  std::uint32_t segment = 0;  // from 0
  std::uint32_t of = 1;

  bool owns(std::uint64_t k) const { return k % of == segment; }
  // How many of the first n.
  std::uint64_t count(std::uint64_t n) const { return n <= segment ? 0 : (n - 1 - segment) / of + 1; }
  // The j-th of this share.
  std::uint64_t at(std::uint64_t j) const { return segment + j * of; }
  // The first of this share that is not below k.
  std::uint64_t from(std::uint64_t k) const { return at(count(k)); }
};

}  // namespace launchgate::load
