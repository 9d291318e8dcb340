#pragma once

#include <string>
#include <vector>

#include "lib/finding/finding.hpp"
#include "lib/report/report.hpp"

namespace launchgate::report {

// "at /pointer; help; waived by …": what stands below a finding's message.
std::string remedy(const finding::Finding& finding);

// Message and remedy on one line, for formats that have one text for both.
std::string one_paragraph(const finding::Finding& finding);

// "file:line:column", or "file".
std::string place(const finding::Finding& finding);

// What the repository's own configuration and comments left out of this run, a line each kind, such as "excluded by the
// configuration: 3 (a.txt, b.txt and 1 more)"; names are safe to print.
std::vector<std::string> left_out(const Report& report);

// "1200 more findings are counted and not shown"; empty where all are shown.
std::string not_shown(const Report& report);

}  // namespace launchgate::report
