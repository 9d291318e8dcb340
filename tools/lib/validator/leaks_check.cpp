#include <algorithm>

#include "lib/io/glob.hpp"
#include "lib/secrets/text_scan.hpp"
#include "lib/suite/leak_rules.hpp"
#include "lib/validator/checks.hpp"

namespace launchgate::validator {
suite::DocumentCheck leaks_check() {
  suite::DocumentCheck check;
  check.run = [](const suite::DocumentContext& context) -> base::Result<std::vector<finding::Finding>> {
    const auto& exclude = context.workspace.configuration().leaks.exclude;
    if (std::any_of(exclude.begin(), exclude.end(),
                    [&](const std::string& glob) { return io::glob_match(glob, context.document.binding.path); }))
      return std::vector<finding::Finding>();
    const auto rules = context.workspace.leak_rules();
    if (!rules) return rules.error();
    const std::size_t packs = (*rules)->packs_for(context.document.binding.public_safe);
    const auto& allow = context.workspace.configuration().leaks.allow;
    secrets::TextResult rest;
    // What the configuration allows is told only of what is kept.
    auto found = secrets::check_document(*(*rules)->book, *context.document.source, packs,
                                         allow.empty() ? secrets::most_of_a_file : 0, &rest);
    if (!found) return found;
    context.counted(rest.more);
    const std::string& path = context.document.source->path();
    for (const secrets::Allow& comment : rest.allows)
      if (comment.used) context.allowed({comment.rule, path, comment.span.begin.line});
    std::erase_if(*found, [&](const finding::Finding& finding) {
      const bool allowed = std::any_of(allow.begin(), allow.end(), [&](const auto& allowance) {
        return suite::allows(allowance, finding, finding.file);
      });
      if (allowed) context.allowed({finding.rule_id, finding.file, 0});
      return allowed;
    });
    return found;
  };
  check.rules = [](const suite::DocumentBinding& binding,
                   suite::Workspace& workspace) -> base::Result<finding::RuleList> {
    const auto rules = workspace.leak_rules();
    if (!rules) return rules.error();
    return (*rules)->book->list((*rules)->packs_for(binding.public_safe));
  };
  check.rules_by_audience = true;
  return check;
}

}  // namespace launchgate::validator
