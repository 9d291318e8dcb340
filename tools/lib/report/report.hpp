#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/finding/finding.hpp"
#include "lib/finding/rule_list.hpp"

namespace launchgate::report {

// An input that was seen and not checked, and why. Never silent: every format shows it.
struct Skipped {
  std::string file;
  std::string reason;
};

// All that a run found out; every output format is a rendering of this.
struct Report {
  std::string tool;
  std::string version;
  std::string root;                        // of what was checked, for people; empty: none
  std::vector<finding::Finding> findings;  // sorted, with fingerprints
  std::vector<Skipped> skipped;
  std::vector<finding::Allowed> allowed;  // sorted
  finding::Tally more;                    // open findings that are counted and not kept
  finding::RuleList rules;                // consulted in this run
  std::size_t documents = 0;
  finding::Severity fail_on = finding::Severity::error;
  // A finding stands for an input that could not be read: exit code 3.
  bool unreadable_input = false;
};

struct Counts {
  std::size_t errors = 0;  // open findings only
  std::size_t warnings = 0;
  std::size_t notes = 0;
  std::size_t waived = 0;
  std::size_t baselined = 0;
};

// Keeps the first findings, so many that no format drowns in them, and counts the others.
void limit(Report& report);

Counts count(const Report& report);

// False when an open finding reaches `fail_on`, when an input could not be read, or when nothing was checked.
bool passed(const Report& report);

struct PrintOptions {
  bool color = false;
  bool quiet = false;     // text: no summary line
  std::string elapsed;    // shown in the summary of a terminal only, since equal input gives equal output
  std::size_t width = 0;  // text: columns to wrap at; 0: none, for what reads lines
};

using Printer = std::string (*)(const Report& report, const PrintOptions& options);

struct Format {
  std::string_view name;
  std::string_view description;
  Printer print;
};

// The one table of output formats; a new format is one file and one line here.
const std::vector<Format>& formats();
const Format* find_format(std::string_view name);

std::string print_text(const Report& report, const PrintOptions& options);
std::string print_json(const Report& report, const PrintOptions& options);
std::string print_sarif(const Report& report, const PrintOptions& options);
std::string print_junit(const Report& report, const PrintOptions& options);
std::string print_github(const Report& report, const PrintOptions& options);
std::string print_gitlab(const Report& report, const PrintOptions& options);

// Markdown for the file that GITHUB_STEP_SUMMARY names.
std::string github_summary(const Report& report);

}  // namespace launchgate::report
