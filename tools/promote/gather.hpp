#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/evidence/findings.hpp"
#include "lib/finding/finding.hpp"
#include "lib/suite/check.hpp"
#include "lib/suite/workspace.hpp"
#include "promote/decision.hpp"
#include "promote/promotion.hpp"

// Reads what a promotion rests on. Everything that is read is listed with its digest.
namespace launchgate::promote {

struct Gathered {
  std::shared_ptr<const suite::LoadedDocument> matrix;
  std::shared_ptr<const suite::LoadedDocument> targets;
  std::shared_ptr<const suite::LoadedDocument> record;
  std::vector<std::shared_ptr<const suite::LoadedDocument>> templates;  // the committed records
  std::vector<Input> inputs;
  bool unreadable = false;
};

class Gatherer {
 public:
  Gatherer(suite::Workspace& workspace, evidence::Findings& findings) : workspace_(workspace), findings_(findings) {}

  // The matrix, the target profiles and the committed records; what is missing becomes a reason.
  void documents();
  // The private record; one that is a committed record by its path, or through a link, is a reason.
  void record(const std::string& path);
  // A file besides; none, with a reason or an error, when it cannot be read or is no JSON.
  std::shared_ptr<const document::JsonDocument> json(const std::string& role, const std::string& path);
  void input(const std::string& role, const std::string& path, std::string_view bytes);

  // Compares the files that items and their runs name below `folder` with their checksums; what no file can be compared
  // with is told.
  void evidence_files(const evidence::Policy& policy, const evidence::Rung& rung,
                      const std::optional<std::string>& folder);

  Gathered& all() { return all_; }
  const Gathered& all() const { return all_; }

 private:
  std::shared_ptr<const suite::LoadedDocument> one_of_kind(const std::string& kind, const std::string& role);
  void add_findings(std::vector<finding::Finding> findings);
  void compare_file(const std::string& id, const std::string& root, const document::JsonValue& reference,
                    const document::JsonValue& place, std::string_view digest);

  suite::Workspace& workspace_;
  evidence::Findings& findings_;
  Gathered all_;
};

// SHA-256 over every schema, pack, ladder and configuration that applies.
base::Result<std::string> rules_digest(suite::Workspace& workspace, bool replaced);

}  // namespace launchgate::promote
