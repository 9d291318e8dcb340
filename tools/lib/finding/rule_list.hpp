#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "lib/finding/finding.hpp"

namespace launchgate::finding {

// The rules that a run consulted. Which they are is known at once; what is said of them is read when a report shows it:
// most reports show a count. Copies share what they hold.
class RuleList {
 public:
  using Read = std::function<std::vector<RuleInfo>()>;

  RuleList() = default;
  RuleList(std::vector<RuleInfo> rules) { add(std::move(rules)); }  // NOLINT(google-explicit-constructor)

  void add(RuleInfo rule);
  void add(std::vector<RuleInfo> rules);
  void add(const RuleList& other);
  // `read` gives the rules of these ids, in any order; it may be called later than what made it is gone, and more than
  // once.
  void add(std::vector<std::string> ids, Read read);

  std::set<std::string> ids() const;
  std::size_t size() const;
  // In the order in which they were added, or sorted; of several with one id the first that was added.
  std::vector<RuleInfo> read() const;
  // The same list, to be read by id.
  RuleList sorted() const;

 private:
  struct Part {
    std::vector<std::string> ids;
    Read read;
  };
  std::vector<std::shared_ptr<const Part>> parts_;
  bool sorted_ = false;
};

}  // namespace launchgate::finding
