#include "load/core/id_store.hpp"

namespace launchgate::load {

void IdStore::add(Index id, Entry entry) {
  Kind& kind = kinds_[id];
  if (kind.entries.size() < most) {
    kind.entries.push_back(std::move(entry));
  } else {
    kind.entries[kind.added % most] = std::move(entry);
  }
  ++kind.added;
}

const IdStore::Entry& IdStore::at(Index id, std::uint64_t cursor) const {
  const auto& entries = kinds_[id].entries;
  return entries[cursor % entries.size()];
}

}  // namespace launchgate::load
