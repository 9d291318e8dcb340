#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/finding/finding.hpp"
#include "lib/markdown/markdown_document.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::prose {

// Which claims are accepted: the tiers in ladder order, each with all of its names, and the place of the accepted one among them.
struct AcceptedTier {
  std::string name;
  std::vector<std::vector<std::string>> ladder;
  std::optional<std::size_t> rung;  // none: no tier of the ladder has that name, and nothing above it may be claimed

  // Whether a claim that belongs to the tiers `names` goes beyond the accepted one. Without names it always does.
  bool is_exceeded_by(const std::vector<std::string>& names) const;
};

// From the suite's ladder, and the name that the evidence matrix gives at the place which the ladder names; without a matrix, the
// ladder's own accepted tier.
AcceptedTier accepted_tier(const rules::Documents& documents);

// What rules over Markdown see.
struct Subject {
  const markdown::MarkdownDocument& document;
  const AcceptedTier* accepted = nullptr;              // none: no tier is accepted
  const rules::Repository* repository = nullptr;       // none: links to files are not followed
  // Another Markdown file by its path from the root, for links to its headings; null when it cannot be read.
  std::function<const markdown::MarkdownDocument*(const std::string& path)> read;
};

// A replacement that can be made without judgement: the bytes source[begin, end) are exactly the words that the rule forbids.
struct Edit {
  markdown::Range source;
  std::string replacement;
  std::string rule_id;
};

}  // namespace launchgate::prose
