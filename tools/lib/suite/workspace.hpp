#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/keeper.hpp"
#include "lib/base/once_by_name.hpp"
#include "lib/base/result.hpp"
#include "lib/base/source_text.hpp"
#include "lib/document/json_document.hpp"
#include "lib/finding/finding.hpp"
#include "lib/io/file_system.hpp"
#include "lib/io/guard.hpp"
#include "lib/suite/configuration.hpp"
#include "lib/suite/resources.hpp"
#include "lib/suite/sources.hpp"

namespace launchgate::suite {

struct LeakRules;

struct WorkspaceSettings {
  std::optional<std::string>
      root;  // default: the nearest folder above with launchgate.json or .git, else the current one
  std::optional<std::string> config;  // default: launchgate.json in the root, where there is one
  std::optional<std::string> schemas_folder;
  std::optional<std::string> rules_folder;
  bool built_in = false;  // as if the repository had no configuration of its own
};

// A document of the suite. `source` is missing when it could not be read, `json` when it is no JSON.
struct LoadedDocument {
  DocumentBinding binding;  // with a concrete path
  std::shared_ptr<const base::SourceText> source;
  std::shared_ptr<const document::JsonDocument> json;
};

struct LoadOutcome {
  std::vector<std::shared_ptr<const LoadedDocument>> documents;  // those that could be read
  std::vector<finding::Finding> findings;                        // missing, unreadable or malformed ones
  bool unreadable = false;
};

// One repository with its configuration. Every file is read at most once, whoever asks for it.
class Workspace {
 public:
  // `problems` receives what is wrong with launchgate.json; then the result is a `configuration` error. Whatever they
  // quote is masked by the built-in leak rules.
  static base::Result<std::unique_ptr<Workspace>> open(io::FileSystem& disk, const WorkspaceSettings& settings,
                                                       std::vector<finding::Finding>& problems);

  const std::string& root() const { return root_; }  // absolute, without links
  const Configuration& configuration() const { return configuration_; }
  // What another launchgate.json would make of it, such as an earlier one; null: what is built in.
  base::Result<Configuration> configuration_of(const document::JsonDocument* own);
  Resources& resources() { return *resources_; }
  // The leak rules of the configuration: the one rulebook of scans, masks, records and logs, made by whichever thread
  // asks first.
  base::Result<std::shared_ptr<const LeakRules>> leak_rules();
  // Those that outputs are masked by, records and logs redacted by: the same and, whatever the repository's own
  // configuration says, the packs that apply without it.
  base::Result<std::shared_ptr<const LeakRules>> masking_rules();
  const io::FileSystem& disk() const { return disk_; }
  const document::JsonDocument& tiers() const { return *tiers_; }
  const document::JsonDocument& operations() const { return *operations_; }

  // Bindings of these kinds (all when empty) with globs expanded. A binding that matches nothing stays, so that it is
  // reported as missing.
  std::vector<DocumentBinding> bindings(const std::vector<std::string>& kinds) const;
  LoadOutcome load(const std::vector<DocumentBinding>& bindings);

  // The text of a file, by its path relative to the root or an absolute one.
  base::Result<Sources::Source> source(const std::string& path, std::uint64_t limit = Sources::largest_document) const {
    return sources_->get(path, limit);
  }
  // The same of a file inside the root that a link leads to; null when it cannot be read.
  Sources::Source read_source(const std::string& path) const;

  // A path as given on the command line (relative to the current folder), relative to the root where it lies inside,
  // else absolute.
  std::string to_root_relative(const std::string& path) const;
  // What messages and the disk use for a root-relative path.
  std::string on_disk(const std::string& path) const;

  // What io::look_up() says of it.
  io::Access path_status(const std::string& path) const;
  // Names in the folder of `path`, each with that folder, for did-you-mean.
  std::vector<std::string> siblings(const std::string& path) const;

  // What a run makes for as long as there is the workspace.
  base::Keeper& keeper() { return keeper_; }

 private:
  Workspace(io::FileSystem& disk, std::string root)
      : disk_(disk), root_(std::move(root)), sources_(std::make_shared<const Sources>(disk_, root_)) {}
  base::Result<Resources::Document> usual_suite();
  // As the repository's own word, or a person's.
  base::Result<Sources::Source> read_configuration_text(const WorkspaceSettings& settings,
                                                        const std::string& path) const;
  base::Result<void> configure(const WorkspaceSettings& settings, std::vector<finding::Finding>& problems);
  base::Result<std::optional<document::JsonDocument>> read_configuration(const WorkspaceSettings& settings,
                                                                         std::vector<finding::Finding>& problems);
  static bool load_json(LoadedDocument& loaded, LoadOutcome& outcome);
  std::shared_ptr<const LoadedDocument> load_one(const DocumentBinding& binding, LoadOutcome& outcome);
  std::vector<std::string> expand(const std::string& glob) const;

  io::FileSystem& disk_;
  std::string root_;
  std::shared_ptr<const Sources> sources_;
  Sources::Source configuration_text_;  // null: there is none of the repository's own
  Configuration configuration_;
  std::unique_ptr<Resources> resources_;
  base::OnceByName<LeakRules> leak_rules_;
  std::vector<std::string> usual_packs_;  // of leaks, without the repository's own configuration
  std::shared_ptr<const document::JsonDocument> tiers_;
  std::shared_ptr<const document::JsonDocument> operations_;
  std::map<std::string, std::shared_ptr<const LoadedDocument>> loaded_;
  base::Keeper keeper_;
};

// Rules that loading itself applies.
std::vector<finding::RuleInfo> loading_rules(std::string_view rule_prefix);

}  // namespace launchgate::suite
