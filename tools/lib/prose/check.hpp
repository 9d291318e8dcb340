#pragma once

#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/finding/finding.hpp"
#include "lib/prose/subject.hpp"
#include "lib/rules/pack.hpp"

// Matchers of the rule kinds over Markdown: require, forbid, order, structure, claim (docs/rule-packs.md).
namespace launchgate::prose {

// What a rule, or a pack, finds in a document; rules of other kinds are left alone. The error is one of the pack. Replacements that the
// rules suggest and that can be made as they are go to `edits` where it is given.
base::Result<void> check(const rules::Rule& rule, const Subject& subject, std::vector<finding::Finding>& findings,
                         std::vector<Edit>* edits = nullptr);
base::Result<std::vector<finding::Finding>> check(const rules::Pack& pack, const Subject& subject, std::vector<Edit>* edits = nullptr);

// Whether a rule fires on an example, for rules::test_examples().
base::Result<bool> fires_on(const rules::Rule& rule, std::string_view text);

}  // namespace launchgate::prose
