#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "lib/finding/finding.hpp"

namespace launchgate::finding {

// The rules that a run consulted. Which they are is known at once; what is said of them is read when a report shows it: most reports show a count.
class RuleList {
 public:
  using Read = std::function<std::vector<RuleInfo>()>;

  RuleList() = default;
  RuleList(std::vector<RuleInfo> rules) { add(std::move(rules)); }  // NOLINT(google-explicit-constructor)

  void add(RuleInfo rule);
  void add(std::vector<RuleInfo> rules);
  void add(const RuleList& other);
  // `read` gives the rules of these ids, in any order; it may be called later than what made it is gone, and more than once.
  void add(const std::vector<std::string>& ids, Read read);

  const std::set<std::string>& ids() const { return ids_; }
  std::size_t size() const { return ids_.size(); }
  // In the order in which they were added; of several with one id the first.
  std::vector<RuleInfo> read() const;
  // The same rules, by id.
  RuleList sorted() const;

 private:
  std::set<std::string> ids_;
  std::vector<Read> parts_;
};

}  // namespace launchgate::finding
