#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "decide/render.hpp"
#include "decide/verdict.hpp"
#include "lib/attestation/verifier.hpp"
#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/judgement/timeline.hpp"
#include "lib/suite/workspace.hpp"

namespace launchgate::decide {

// The files that a decision rests on, as they are named on the command line.
struct InputFiles {
  std::optional<std::string> load;
  std::optional<std::string> soak;
  std::optional<std::string> quota;
  std::vector<std::string> smokes;
  std::vector<std::string> lower;
  std::optional<std::string> report;
  std::optional<std::string> findings;
};

// Reads inputs, keeps them, and lists their digests.
class InputReader {
 public:
  // `keys` are those that runs may be signed with.
  InputReader(suite::Workspace& workspace, judgement::Recompute recompute, std::vector<attestation::NamedKey> keys = {})
      : workspace_(workspace), recompute_(std::move(recompute)), verifier_(workspace.disk(), std::move(keys)) {}

  // All of them. What cannot be read or is not of its form is as good as missing, and the reason is told. Errors are
  // `configuration` errors.
  base::Result<void> read(const InputFiles& files, Inputs& inputs);
  base::Result<NamedInput> json(const std::string& role, const std::string& path);

  const std::vector<InputDigest>& digests() const { return digests_; }
  const std::vector<std::string>& unusable() const { return unusable_; }
  bool unreadable() const { return unreadable_; }

 private:
  base::Result<suite::Sources::Source> text(const std::string& role, const std::string& path);
  // None when the file is unusable; `kind` names its schema, empty for none.
  base::Result<std::optional<NamedInput>> take(const std::string& role, const std::string& path,
                                               const std::string& kind);
  base::Result<void> validate(const std::string& kind, const std::string& path);
  // The report of a run against its timeline, where that lies beside it.
  void compare_timeline(const std::string& path, const NamedInput& report);
  // The result of a run against the envelope beside it.
  void check_signature(const std::string& role, const std::string& path, Signatures& signatures);
  void refuse(const std::string& path, const base::Error& error);
  void read_report(const std::string& path, Inputs& inputs);
  std::string shown(const std::string& path) const;

  suite::Workspace& workspace_;
  judgement::Recompute recompute_;
  attestation::Verifier verifier_;
  std::vector<InputDigest> digests_;
  std::vector<std::string> unusable_;
  bool unreadable_ = false;
  std::vector<std::unique_ptr<document::JsonDocument>> kept_;
};

}  // namespace launchgate::decide
