#include "lib/report/gates.hpp"

namespace launchgate::report {

Report gate_report(std::string tool, std::string version, const std::string& prefix, const std::string& file,
                   const std::vector<Gate>& gates) {
  Report report;
  report.tool = std::move(tool);
  report.version = std::move(version);
  report.documents = 1;
  for (const Gate& gate : gates) {
    finding::RuleInfo rule;
    rule.id = prefix + "/" + gate.name;
    rule.severity = gate.severity;
    rule.summary = gate.message;
    rule.help = gate.help;
    if (!gate.passed) {
      finding::Finding finding;
      finding.rule_id = rule.id;
      finding.severity = gate.severity;
      finding.file = file;
      finding.message = gate.message;
      finding.help = gate.help;
      report.findings.push_back(std::move(finding));
    }
    report.rules.add(std::move(rule));
  }
  finding::sort_findings(report.findings);
  finding::assign_fingerprints(report.findings);
  return report;
}

}  // namespace launchgate::report
