#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/schema/plan.hpp"

namespace launchgate::schema {

// The tables of a plan as they grow.
class PlanBuilder : public PlanTables<PlanVector> {
 public:
  void set_root(NodeIndex root) { root_ = root; }
  template <typename T>
  std::vector<T>& table() {
    return std::get<std::vector<T>>(tables_);
  }
  Node& node_at(NodeIndex index) { return table<Node>()[static_cast<std::size_t>(index)]; }

  template <typename T>
  Ref<T> add(T entry) {
    table<T>().push_back(std::move(entry));
    return {static_cast<std::uint32_t>(table<T>().size() - 1)};
  }
  template <typename T>
  Slice<T> add_all(const std::vector<T>& entries) {
    auto& rows = table<T>();
    const Slice<T> slice{static_cast<std::uint32_t>(rows.size()), static_cast<std::uint32_t>(entries.size())};
    rows.insert(rows.end(), entries.begin(), entries.end());
    return slice;
  }
  // Equal texts and patterns are held once.
  Text add_text(std::string_view text) {
    const auto [place, added] = texts_.try_emplace(std::string(text));
    if (added) place->second = add_all(std::vector<char>(text.begin(), text.end()));
    return place->second;
  }
  Ref<Pattern> add_pattern(std::string_view text) {
    const auto [place, added] = patterns_.try_emplace(std::string(text));
    if (added) place->second = add(Pattern{add_text(text)});
    return place->second;
  }

  PlanWords words() const;

 private:
  std::map<std::string, Text, std::less<>> texts_;
  std::map<std::string, Ref<Pattern>, std::less<>> patterns_;
};

}  // namespace launchgate::schema
