#include "lib/finding/rule_list.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace launchgate::finding {

void RuleList::add(RuleInfo rule) { add(std::vector<RuleInfo>{std::move(rule)}); }

void RuleList::add(std::vector<RuleInfo> rules) {
  std::vector<std::string> ids;
  for (const RuleInfo& rule : rules) ids.push_back(rule.id);
  add(std::move(ids), [shared = std::make_shared<const std::vector<RuleInfo>>(std::move(rules))] { return *shared; });
}

void RuleList::add(const RuleList& other) { parts_.insert(parts_.end(), other.parts_.begin(), other.parts_.end()); }

void RuleList::add(std::vector<std::string> ids, Read read) {
  parts_.push_back(std::make_shared<const Part>(Part{std::move(ids), std::move(read)}));
}

std::set<std::string> RuleList::ids() const {
  std::set<std::string> all;
  for (const auto& part : parts_) all.insert(part->ids.begin(), part->ids.end());
  return all;
}

std::size_t RuleList::size() const {
  std::unordered_set<std::string_view> all;
  for (const auto& part : parts_) all.insert(part->ids.begin(), part->ids.end());
  return all.size();
}

std::vector<RuleInfo> RuleList::read() const {
  std::vector<RuleInfo> rules;
  std::set<std::string> seen;
  for (const auto& part : parts_) {
    for (RuleInfo& rule : part->read()) {
      if (seen.insert(rule.id).second) rules.push_back(std::move(rule));
    }
  }
  if (sorted_) std::sort(rules.begin(), rules.end(), [](const RuleInfo& a, const RuleInfo& b) { return a.id < b.id; });
  return rules;
}

RuleList RuleList::sorted() const {
  RuleList list = *this;
  list.sorted_ = true;
  return list;
}

}  // namespace launchgate::finding
