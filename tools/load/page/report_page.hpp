#pragma once

#include <string>

#include "load/page/figures.hpp"

namespace launchgate::load {

// The report of a run as a page. A pure function: what is private has been redacted in the report.
std::string report_page(const ReportSource& source);

}  // namespace launchgate::load
