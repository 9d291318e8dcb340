#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "load/core/catalogue.hpp"

namespace launchgate::load {

// Ids that responses yielded, each with the ids of the request that made it. Keeps the newest `most` of each kind, so
// that memory is bounded however long the run.
class IdStore {
 public:
  static constexpr std::size_t most = 10'000;

  struct Entry {
    std::string value;
    std::vector<std::pair<Index, std::string>> with;
  };

  explicit IdStore(std::size_t kinds) : kinds_(kinds) {}

  void add(Index id, Entry entry);
  bool has(Index id) const { return !kinds_[id].entries.empty(); }
  // How many were added, dropped ones included.
  std::uint64_t added(Index id) const { return kinds_[id].added; }
  // The cursor-th entry, round and round.
  const Entry& at(Index id, std::uint64_t cursor) const;

 private:
  struct Kind {
    std::vector<Entry> entries;
    std::uint64_t added = 0;
  };
  std::vector<Kind> kinds_;
};

}  // namespace launchgate::load
