#pragma once

#include <string>
#include <vector>

#include "lib/report/report.hpp"

namespace launchgate::report {

// A gate of a measurement or a decision. One that failed is an open finding of its severity.
struct Gate {
  std::string name;
  bool passed = true;
  finding::Severity severity = finding::Severity::error;
  std::string message;
  std::string help;
};

// Gates as a report, so that every format can show them: each is a rule `<prefix>/<name>`, and in JUnit a test case.
// `file` is what the gates judge.
Report gate_report(std::string tool, std::string version, const std::string& prefix, const std::string& file,
                   const std::vector<Gate>& gates);

}  // namespace launchgate::report
