#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/document/json_document.hpp"
#include "lib/finding/finding.hpp"

namespace launchgate::evidence {

// Why a record, or one evidence item of it, does not prove what it should.
struct Reason {
  std::string item;  // empty: the whole record
  std::string text;  // without the item's name, which the finding's message begins with
  bool stale = false;
  finding::Finding finding;
};

// The rules of this module, sorted by id.
const std::vector<finding::RuleInfo>& evidence_rules();
// `name` without its pack. An unknown one is a defect.
const finding::RuleInfo& evidence_rule(std::string_view name);

class Reasons {
 public:
  // `help` is the rule's where none is given.
  void add(std::string_view rule, const std::string& item, const document::JsonValue& at, std::string text,
           std::string help = {});
  // About a whole file, or about something that has no place.
  void add_file(std::string_view rule, const std::string& item, const std::string& file, std::string text,
                std::string help = {});
  void add_stale(const std::string& item, const document::JsonValue& at, std::string text);

  std::vector<Reason>& all() { return all_; }
  const std::vector<Reason>& all() const { return all_; }

 private:
  std::vector<Reason> all_;
};

}  // namespace launchgate::evidence
