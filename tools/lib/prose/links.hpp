#pragma once

#include <optional>
#include <string>

#include "lib/prose/subject.hpp"

namespace launchgate::prose {

struct BrokenLink {
  std::string reason;
  std::string hint;
};

// Whether a relative link leads to no regular file inside the root, or to no heading of a Markdown file. Addresses with a scheme or a host
// are not followed; neither are files when the subject has no repository.
std::optional<BrokenLink> broken_link(const Subject& subject, const std::string& target);

}  // namespace launchgate::prose
