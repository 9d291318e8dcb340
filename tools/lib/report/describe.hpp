#pragma once

#include <string>

#include "lib/finding/finding.hpp"

namespace launchgate::report {

// "at /pointer; help; waived by …": what stands below a finding's message.
std::string remedy(const finding::Finding& finding);

// Message and remedy on one line, for formats that have one text for both.
std::string one_paragraph(const finding::Finding& finding);

// "file:line:column", or "file".
std::string place(const finding::Finding& finding);

}  // namespace launchgate::report
