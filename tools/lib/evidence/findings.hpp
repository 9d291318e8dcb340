#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/document/json_document.hpp"
#include "lib/finding/finding.hpp"

// Why a record, or one evidence item of it, does not prove what it should.
namespace launchgate::evidence {

// The rules of this module, sorted by id.
const std::vector<finding::RuleInfo>& evidence_rules();
// `name` without its pack. An unknown one is a defect.
const finding::RuleInfo& evidence_rule(std::string_view name);

class Findings {
 public:
  // `item` is empty for what is about the whole record; otherwise the message begins with it. `help` is the rule's
  // where none is given. The result is good until the next call.
  finding::Finding& add(std::string_view rule, const std::string& item, const document::JsonValue& at, std::string text,
                        std::string help = {});
  // About a whole file, or about something that has no place.
  finding::Finding& add_file(std::string_view rule, const std::string& item, const std::string& file, std::string text,
                             std::string help = {});

  std::vector<finding::Finding>& all() { return all_; }
  const std::vector<finding::Finding>& all() const { return all_; }

 private:
  std::vector<finding::Finding> all_;
};

// The message of a finding for a reader who knows the item.
std::string_view text_beside_item(const finding::Finding& finding);

// Applies a mask to everything of the findings that could quote a document.
void mask(Findings& findings, const std::function<std::string(std::string_view)>& masked);

}  // namespace launchgate::evidence
