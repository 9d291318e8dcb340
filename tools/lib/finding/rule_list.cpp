#include "lib/finding/rule_list.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace launchgate::finding {

void RuleList::add(RuleInfo rule) { add(std::vector<RuleInfo>{std::move(rule)}); }

void RuleList::add(std::vector<RuleInfo> rules) {
  for (const RuleInfo& rule : rules) ids_.insert(rule.id);
  parts_.emplace_back([shared = std::make_shared<const std::vector<RuleInfo>>(std::move(rules))] { return *shared; });
}

void RuleList::add(const RuleList& other) {
  ids_.insert(other.ids_.begin(), other.ids_.end());
  parts_.insert(parts_.end(), other.parts_.begin(), other.parts_.end());
}

void RuleList::add(const std::vector<std::string>& ids, Read read) {
  ids_.insert(ids.begin(), ids.end());
  parts_.push_back(std::move(read));
}

std::vector<RuleInfo> RuleList::read() const {
  std::vector<RuleInfo> rules;
  std::set<std::string> seen;
  for (const Read& part : parts_) {
    for (RuleInfo& rule : part()) {
      if (seen.insert(rule.id).second) rules.push_back(std::move(rule));
    }
  }
  return rules;
}

RuleList RuleList::sorted() const {
  RuleList list;
  list.ids_ = ids_;
  list.parts_.emplace_back([parts = *this] {
    std::vector<RuleInfo> rules = parts.read();
    std::sort(rules.begin(), rules.end(), [](const RuleInfo& a, const RuleInfo& b) { return a.id < b.id; });
    return rules;
  });
  return list;
}

}  // namespace launchgate::finding
