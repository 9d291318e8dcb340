#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/finding/finding.hpp"
#include "lib/secrets/private_spans.hpp"
#include "lib/secrets/rulebook.hpp"

namespace launchgate::secrets {

// Hides in the findings of any check what the leak rules find in the file that the findings are about: messages quote
// values, and excerpts show whole lines. Columns stay as they are.
class FindingMask {
 public:
  // What must not be shown of `text`, the content of the file at `path`. The error is one of a rule's pattern.
  static base::Result<FindingMask> of(const Rulebook& book, const std::string& path, std::string_view text,
                                      std::size_t packs = all_packs);

  base::Result<void> apply(finding::Finding& finding);

 private:
  explicit FindingMask(SpanFinder finder) : finder_(std::move(finder)) {}
  void add(std::string_view value);
  base::Result<void> add_all_of(const std::string& path, std::string_view text);
  base::Result<void> mask(std::string& text, bool cut_off);

  SpanFinder finder_;
  std::vector<std::string> values_;
};

}  // namespace launchgate::secrets
