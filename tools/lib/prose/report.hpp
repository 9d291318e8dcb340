#pragma once

#include <string>
#include <vector>

#include "lib/finding/finding.hpp"
#include "lib/prose/subject.hpp"

namespace launchgate::prose {

// Findings of one rule in one document.
class Reporter {
 public:
  Reporter(const finding::RuleInfo& rule, const markdown::MarkdownDocument& document,
           std::vector<finding::Finding>& findings)
      : rule_(rule), document_(document), findings_(findings) {}

  // The last of `help` is what to write, and ends the remedy; what the rule says of it comes before. `context` tells
  // findings at one place apart, for the fingerprint.
  void add(const base::Span& span, std::string message, const std::vector<std::string>& help, std::string context = {});
  void add(markdown::Range source, std::string message, const std::vector<std::string>& help,
           std::string context = {}) {
    add(document_.span_of_source(source), std::move(message), help, std::move(context));
  }

  const finding::RuleInfo& rule() const { return rule_; }
  const markdown::MarkdownDocument& document() const { return document_; }

 private:
  const finding::RuleInfo& rule_;
  const markdown::MarkdownDocument& document_;
  std::vector<finding::Finding>& findings_;
};

// `"words"`, shortened and safe to print.
std::string quoted(std::string_view words);
// `section "Title"`, or "the document".
std::string place_name(const markdown::MarkdownDocument& document, std::uint32_t section);
// The parts that are not empty, joined with "; ", or with a blank after a question.
std::string join(const std::vector<std::string>& parts);
// Titles of all sections, for did-you-mean.
std::vector<std::string> titles(const markdown::MarkdownDocument& document);
// Reports that none of the sections of that title exists.
void report_missing_section(Reporter& reporter, const std::string& title);

}  // namespace launchgate::prose
