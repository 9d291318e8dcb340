#pragma once

#include <string>
#include <vector>

#include "lib/document/json_document.hpp"
#include "lib/finding/finding.hpp"

namespace launchgate::matrix {

// Categories against tiers, and below it what is missing; `findings` are those of the matrix, `tiers` the ladder that
// says where things are.
std::string show(const document::JsonValue& matrix, const document::JsonValue& tiers,
                 const std::vector<finding::Finding>& findings, bool color);

}  // namespace launchgate::matrix
