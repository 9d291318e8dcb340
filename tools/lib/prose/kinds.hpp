#pragma once

#include "lib/prose/report.hpp"
#include "lib/rules/text_rules.hpp"

// One matcher for each kind of rule over Markdown.
namespace launchgate::prose {

base::Result<void> match(const rules::Require& rule, const Subject& subject, Reporter& reporter);
base::Result<void> match(const rules::Forbid& rule, const Subject& subject, Reporter& reporter,
                         std::vector<Edit>* edits);
base::Result<void> match(const rules::Order& rule, const Subject& subject, Reporter& reporter);
base::Result<void> match(const rules::Structure& rule, const Subject& subject, Reporter& reporter);
// `lines` are those that hold a keyword of the rule.
base::Result<void> match(const rules::Claim& rule, const Subject& subject, const std::vector<markdown::Range>& lines,
                         Reporter& reporter);

}  // namespace launchgate::prose
