#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/cli/options.hpp"
#include "lib/cli/tool.hpp"
#include "lib/document/json_document.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/io/shared_file.hpp"
#include "lib/judgement/judgement.hpp"
#include "lib/privacy/privacy.hpp"
#include "lib/suite/workspace.hpp"
#include "record/json_edit.hpp"
#include "record/run_entry.hpp"
#include "record/withdraw.hpp"

// What `run` and `attach` share: their options, and the record that they add evidence to.
namespace launchgate::record {

struct EvidenceOptions {
  std::optional<std::string> manifest;
  std::optional<std::string> item;
  std::vector<std::string> also;
  std::optional<std::string> owner;
  std::optional<std::string> summary;
  std::optional<std::string> commit;
  std::vector<std::string> digests;  // NAME=DIGEST
  std::optional<std::string> root;
  std::optional<std::string> config;

  void describe(cli::OptionSet& options);
  std::vector<std::string> items() const;
};

// The configuration with what is read from it once.
struct Setting {
  std::unique_ptr<suite::Workspace> workspace;
  evidence::Policy policy;
  std::optional<privacy::Guard> guard;
  std::optional<document::JsonValue> matrix;      // none when it cannot be read
  std::optional<judgement::Committed> committed;  // what runs are judged by; likewise
};
base::Result<std::unique_ptr<Setting>> open_setting(cli::Process& process, const EvidenceOptions& options);

// Commit and digests from options and environment; what is not given stays empty.
base::Result<Subject> given_subject(const cli::Process& process, const Setting& setting,
                                    const EvidenceOptions& options);
// The commit that the repository's HEAD is at.
base::Result<std::string> head_commit(const suite::Workspace& workspace);

// A record that is being added to.
class EvidenceTarget {
 public:
  // The items must be in the record, and the record must not be the public template.
  static base::Result<EvidenceTarget> open(const Setting& setting, const std::string& manifest,
                                           const std::vector<std::string>& items);

  const evidence::Rung* rung() const { return rung_; }
  const std::string& folder() const { return folder_; }  // of the record
  // A path relative to the record's folder, or none when it lies outside.
  std::optional<std::string> relative(const suite::Workspace& workspace, const std::string& path) const;

  struct Addition {
    std::optional<RunEntry> run;  // none: only a file is attached
    Subject subject;
    std::string evidence;  // reference for the items
    std::string sha256;
    std::optional<std::string> owner;
    std::optional<std::string> summary;
  };
  // Adds to every item; what each still needs is told per item. A private value in the addition is a `content` error
  // and nothing is written.
  base::Result<std::vector<std::string>> add(const Setting& setting, const Addition& addition) const;

  // The runs of the item, as the record was opened.
  base::Result<std::vector<ItemRun>> runs(const Setting& setting) const;
  // Withdraws a run of the one item; the rest as for add().
  base::Result<std::vector<std::string>> drop(const Setting& setting, const Withdrawal& withdrawal) const;

 private:
  EvidenceTarget(std::string manifest, std::vector<std::string> items)
      : file_(manifest), manifest_(std::move(manifest)), items_(std::move(items)) {}
  base::Result<document::JsonDocument> filled(const Setting& setting, const Addition& addition,
                                              const std::string& newest) const;
  static void add_edits(const evidence::Policy& policy, const document::JsonValue& item, const Addition& addition,
                        std::vector<TextEdit>& edits);
  std::string with_statuses(const Setting& setting, const document::JsonDocument& filled,
                            std::vector<std::string>& told) const;
  base::Result<void> refuse_private(const Setting& setting, const document::JsonDocument& record) const;
  base::Result<std::string> edited(const Setting& setting, const Addition& addition, const std::string& newest,
                                   std::vector<std::string>& told) const;

  io::SharedFile file_;
  std::string manifest_;
  std::vector<std::string> items_;
  io::FileVersion version_;
  const evidence::Rung* rung_ = nullptr;
  std::string folder_;
  std::shared_ptr<const document::JsonDocument> opened_;
};

// Commands that were not really run, by their words or by the package script that they name.
std::optional<std::string> dry_run_of(const Setting& setting, const std::vector<std::string>& words);

}  // namespace launchgate::record
