#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/document/json_document.hpp"
#include "standin/core/clock.hpp"
#include "standin/core/product.hpp"
#include "standin/core/random.hpp"

namespace launchgate::standin {

struct Item {
  std::string id;
  std::string parent;  // id; empty: none
  Micros created = 0;
  Micros updated = 0;
  std::string state;
  std::vector<std::string> fields;  // JSON, in the order of Collection::fields
};

// What the product keeps. Each collection holds its newest items, up to its own limit and to 64 MiB of fields.
class Store {
 public:
  Store(const std::vector<Collection>& collections, std::uint64_t seed);

  const Item& create(std::size_t collection, std::string parent, std::vector<std::string> fields, std::string state,
                     Micros now);
  Item* find(std::size_t collection, std::string_view id);
  const Item* find(std::size_t collection, std::string_view id) const;
  std::size_t size(std::size_t collection) const { return kept_[collection].items.size(); }
  std::uint64_t created(std::size_t collection) const { return kept_[collection].created; }
  // Newest first.
  std::vector<const Item*> newest(std::size_t collection, std::size_t most) const;
  void clear();

 private:
  struct Kept {
    std::deque<Item> items;
    std::unordered_map<std::string_view, std::uint64_t> places;  // id to running number; views into the items
    std::uint64_t first = 0;                                     // running number of items.front()
    std::uint64_t created = 0;
    std::size_t bytes = 0;
  };
  void evict(Kept& kept);

  const std::vector<Collection>& collections_;
  std::vector<Kept> kept_;
  std::uint64_t seed_;
  std::uint64_t counter_ = 0;
};

// The fields of a request's body, each as JSON. An error message for a body that does not have what the collection asks
// for.
struct FieldValues {
  std::vector<std::string> values;
  std::string problem;  // empty: none
};
FieldValues take_fields(const Collection& collection, std::string_view body);

}  // namespace launchgate::standin
