#include "lib/suite/workspace.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/io/glob.hpp"
#include "lib/io/path.hpp"
#include "lib/io/walk.hpp"
#include "lib/schema/schema.hpp"
#include "lib/suite/leak_rules.hpp"

namespace launchgate::suite {
namespace {

constexpr std::string_view configuration_name = "launchgate.json";
constexpr std::string_view configuration_schema = "launchgate";
constexpr std::string_view configuration_prefix = "configuration";
constexpr std::string_view ladder_schema = "tier-ladder";
constexpr std::uint64_t configuration_limit = 4UL * 1024 * 1024;
constexpr int deepest_folder = 64;
constexpr int near_folders = 3;

constexpr std::string_view product_suite = "product";

using document::JsonValue;

base::Error configuration_error(std::string path, std::string message, std::string help = "") {
  return {base::ErrorCategory::configuration, std::move(path), {}, std::move(message), std::move(help)};
}

std::string find_root(const io::FileSystem& disk, const std::string& start) {
  for (std::string folder = start;; folder = io::parent(folder)) {
    // What lies above the top of the repository is not the repository's. A link that leads nowhere is a marker too:
    // whoever left it wanted something to be found there.
    for (const std::string_view marker : {configuration_name, std::string_view(".git")})
      if (disk.link_status(io::join(folder, marker)).kind != io::FileKind::missing) return folder;
    if (folder == "/" || folder.empty()) return start;
  }
}

finding::Finding file_finding(const finding::RuleInfo& rule, const std::string& file, std::string message,
                              std::string help) {
  finding::Finding finding;
  finding.rule_id = rule.id;
  finding.severity = rule.severity;
  finding.file = file;
  finding.message = std::move(message);
  finding.help = std::move(help);
  finding.context = finding.message;
  return finding;
}

enum LoadingRule : std::uint8_t {
  missing_document,
  unreadable_document,
  outside_root,
  nothing_checked,
  syntax,
  duplicate_key
};

finding::RuleInfo loading_rule(LoadingRule rule, std::string_view prefix) { return loading_rules(prefix)[rule]; }

// The files below a folder, so many folders deep.
std::vector<std::string> files_below(const io::FileSystem& disk, const std::string& folder, const std::string& shown,
                                     int deepest) {
  std::vector<std::string> paths;
  io::WalkSettings settings;
  settings.deepest = deepest;
  settings.visit = [&](const io::WalkEntry& entry) {
    if (entry.kind == io::FileKind::directory) return entry.name != ".git" && entry.name != "node_modules";
    paths.push_back(entry.shown);
    return false;
  };
  io::walk(disk, folder, shown, settings);
  return paths;
}

base::Result<std::vector<finding::Finding>> validate_with(Resources& resources, std::string_view schema,
                                                          const document::JsonDocument& document,
                                                          std::string_view prefix) {
  const std::string schema_name(schema);
  if (Resources::is_built_in(document) && resources.has_built_in_schema(schema_name))
    return std::vector<finding::Finding>();
  auto compiled = resources.compiled_schema(schema_name);
  if (!compiled) return compiled.error();
  return schema::validate(**compiled, document, prefix);
}

// The tiers of a ladder, in order.
std::vector<std::string_view> claims(const document::JsonDocument& ladder) {
  std::vector<std::string_view> names;
  if (const auto steps = ladder.root().find("ladder")) {
    for (const JsonValue step : steps->elements()) names.push_back(step.string_member("claim"));
  }
  return names;
}

}  // namespace

std::vector<finding::RuleInfo> loading_rules(std::string_view prefix) {
  using finding::RuleInfo;
  using finding::Severity;
  const std::string p(prefix);
  return {
      RuleInfo{"suite/missing-document", Severity::error, "a document that the configuration requires does not exist",
               "create it, or change its path in launchgate.json",
               "a gate that skips what is missing would pass an empty repository", "", ""},
      RuleInfo{"suite/unreadable-document", Severity::error, "a document could not be read",
               "check its path and permissions", "what cannot be read cannot be judged, so it is never a pass", "", ""},
      RuleInfo{"suite/outside-root", Severity::error, "a document lies outside the root, directly or through a link",
               "move it into the repository", "what is outside the repository is not under review", "", ""},
      RuleInfo{"suite/nothing-checked", Severity::error, "none of the documents that the configuration names is there",
               "create one of them, or name the documents that there are in launchgate.json",
               "a gate that found nothing to judge has judged nothing", "", ""},
      RuleInfo{p + "/syntax", Severity::error, "the document is not well-formed",
               "mend the place that the message names", "two readers could disagree about what it says", "{\"a\": 1,}",
               "{\"a\": 1}"},
      RuleInfo{p + "/duplicate-key", Severity::error, "a key stands twice in one object", "remove one of them",
               "readers disagree about which of the two counts", "{\"a\": 1, \"a\": 2}", "{\"a\": 1}"},
  };
}

namespace {

base::Result<std::string> root_of(const io::FileSystem& disk, const std::optional<std::string>& given) {
  if (!given) {
    const auto here = disk.canonical(disk.current_directory());
    return here ? find_root(disk, *here) : here;
  }
  auto canonical = disk.canonical(*given);
  if (!canonical || disk.status(*canonical).kind != io::FileKind::directory)
    return base::Error{base::ErrorCategory::usage, *given, {}, "--root is no folder", ""};
  return canonical;
}

}  // namespace

base::Result<std::unique_ptr<Workspace>> Workspace::open(io::FileSystem& disk, const WorkspaceSettings& settings,
                                                         std::vector<finding::Finding>& problems) {
  auto root = root_of(disk, settings.root);
  if (!root) return root.error();
  for (const auto& folder : {settings.schemas_folder, settings.rules_folder}) {
    if (folder && disk.status(*folder).kind != io::FileKind::directory)
      return configuration_error(*folder, "is no folder");
  }
  std::unique_ptr<Workspace> workspace(new Workspace(disk, std::move(*root)));
  workspace->resources_ =
      std::make_unique<Resources>(workspace->sources_, settings.schemas_folder, settings.rules_folder);
  if (auto configured = workspace->configure(settings, problems); !configured) {
    mask_unusable(workspace->sources_, workspace->configuration_text_.get(), problems, configured.error());
    return configured.error();
  }
  return workspace;
}

namespace {

// What a suite names there, unless the repository's own configuration does.
std::string named(std::string_view member, const document::JsonDocument& usual, const document::JsonDocument* own) {
  const std::string_view stated = own != nullptr ? own->root().string_member(member) : std::string_view();
  return std::string(stated.empty() ? usual.root().string_member(member) : stated);
}

}  // namespace

base::Result<Resources::Document> Workspace::usual_suite() {
  auto built_in = resources_->rules("suite");
  return built_in || !resources_->has_rules_folder() ? built_in
                                                     : Resources(sources_, std::nullopt, std::nullopt).rules("suite");
}

// What is built in, laid over by the repository's own; then the ladder and the catalogue that it names.
base::Result<void> Workspace::configure(const WorkspaceSettings& settings, std::vector<finding::Finding>& problems) {
  const auto built_in = usual_suite();
  if (!built_in) return built_in.error();
  const auto own = read_configuration(settings, problems);
  if (!own) return own.error();
  if (*own) resources_->set_named_by(**own);
  usual_packs_ = usual_leak_packs(**built_in);
  const document::JsonDocument* const stated = *own ? &**own : nullptr;
  auto tiers = resources_->rules(named("tiers", **built_in, stated));
  if (!tiers) return tiers.error();
  auto invalid = validate_with(*resources_, ladder_schema, **tiers, ladder_schema);
  if (!invalid) return invalid.error();
  problems = std::move(*invalid);
  if (!problems.empty())
    return configuration_error((*tiers)->path(), fmt::format("is no valid {}", ladder_schema),
                               fmt::format("see `launchgate explain {}`", ladder_schema));
  tiers_ = std::move(*tiers);
  auto operations = resources_->rules(named("operations", **built_in, stated));
  if (!operations) return operations.error();
  operations_ = std::move(*operations);
  auto configuration = configuration_of(stated);
  if (!configuration) return configuration.error();
  configuration_ = std::move(*configuration);
  return {};
}

base::Result<Configuration> Workspace::configuration_of(const document::JsonDocument* own) {
  const auto built_in = usual_suite();
  if (!built_in) return built_in.error();
  const std::string ladder_name = named("tiers", **built_in, own);
  const std::string catalogue_name = named("operations", **built_in, own);
  ConfigurationSources sources{**built_in, nullptr, own, false};
  Resources embedded(sources_, std::nullopt, std::nullopt);
  const JsonValue usual = (*built_in)->root();
  Resources::Document product;
  if (ladder_name != usual.string_member("tiers")) {
    const auto tiers = resources_->rules(ladder_name);
    if (!tiers) return tiers.error();
    const auto ladder = embedded.rules(std::string(usual.string_member("tiers")));
    if (!ladder || claims(**ladder) != claims(**tiers)) {
      auto kinds = embedded.rules(std::string(product_suite));
      if (!kinds) return kinds.error();
      product = std::move(*kinds);
      sources.other_kinds = product.get();
    }
  }
  if (catalogue_name != usual.string_member("operations")) {
    const auto operations = resources_->rules(catalogue_name);
    if (!operations) return operations.error();
    const auto catalogue = embedded.rules(std::string(usual.string_member("operations")));
    sources.own_catalogue = !catalogue || (*catalogue)->root().string_member("catalogue") !=
                                              (*operations)->root().string_member("catalogue");
  }
  return make_configuration(sources);
}

base::Result<Sources::Source> Workspace::read_configuration_text(const WorkspaceSettings& settings,
                                                                 const std::string& path) const {
  const std::string relative = to_root_relative(path);
  auto text = settings.config ? sources_->get_named(relative, configuration_limit)
                              : sources_->get(relative, configuration_limit);
  if (text && !settings.config && !io::is_trusted(disk_, path, settings.root ? root_ : disk_.current_directory()))
    return configuration_error(path, "belongs to another user, who could leave out whatever the gate is for",
                               "look at it; to take it all the same, name it: --config " + base::printable(path));
  if (text) return text;
  base::Error error = text.error();
  error.path = path;
  const io::Access access = path_status(relative);
  if (!settings.config && (access == io::Access::outside || access == io::Access::special)) {
    error.category = base::ErrorCategory::configuration;
    error.help = "make it a file of the repository, or name the one that is meant with --config FILE";
  }
  return error;
}

// None: the repository has no configuration of its own.
base::Result<std::optional<document::JsonDocument>> Workspace::read_configuration(
    const WorkspaceSettings& settings, std::vector<finding::Finding>& problems) {
  const std::string path = settings.config.value_or(io::join(root_, configuration_name));
  if (settings.built_in || (!settings.config && disk_.link_status(path).kind == io::FileKind::missing))
    return std::optional<document::JsonDocument>();
  const auto text = read_configuration_text(settings, path);
  if (!text) return text.error();
  configuration_text_ = *text;
  auto own = document::JsonDocument::parse(*text);
  if (!own) {
    base::Error error = std::move(own).error();
    error.category = base::ErrorCategory::configuration;
    return error;
  }
  auto invalid = validate_with(*resources_, configuration_schema, *own, configuration_prefix);
  if (!invalid) return invalid.error();
  problems = std::move(*invalid);
  if (!problems.empty())
    return configuration_error(own->path(), "the configuration is invalid",
                               fmt::format("see `launchgate explain {}`", configuration_prefix));
  return std::optional<document::JsonDocument>(std::move(*own));
}

std::string Workspace::on_disk(const std::string& path) const { return io::join(root_, path); }

std::string Workspace::to_root_relative(const std::string& path) const {
  const std::string absolute = io::normalize(io::join(disk_.current_directory(), path));
  // The name itself may be a link that is part of the repository; its folder is resolved, it is not.
  const auto folder = disk_.canonical(io::parent(absolute));
  const std::string resolved = folder ? io::join(*folder, io::file_name(absolute)) : absolute;
  return io::relative_to(root_, resolved);
}

std::vector<std::string> Workspace::expand(const std::string& glob) const {
  // Only the folder above the first wildcard is walked.
  const std::string head = io::parent(glob.substr(0, glob.find_first_of("*?[{")));
  if (path_status(head) != io::Access::folder) return {};
  std::vector<std::string> paths = files_below(disk_, head.empty() ? root_ : on_disk(head), head, deepest_folder);
  std::erase_if(paths, [&](const std::string& path) { return !io::glob_match(glob, path); });
  return paths;
}

std::vector<DocumentBinding> Workspace::bindings(const std::vector<std::string>& kinds) const {
  std::vector<DocumentBinding> bindings;
  for (const DocumentBinding& binding : configuration_.documents) {
    if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), binding.kind.name) == kinds.end()) continue;
    if (!io::is_glob(binding.path)) {
      bindings.push_back(binding);
      continue;
    }
    const std::vector<std::string> paths = expand(binding.path);
    if (paths.empty()) bindings.push_back(binding);
    for (const std::string& path : paths) {
      bindings.push_back(binding);
      bindings.back().path = path;
    }
  }
  return bindings;
}

io::Access Workspace::path_status(const std::string& path) const { return io::look_up(disk_, root_, path).access; }

std::vector<std::string> Workspace::siblings(const std::string& path) const {
  // The nearest folder that exists: a misspelt folder is as likely as a misspelt name.
  // An absolute path has none below the root, and no end above it: "/" is its own parent.
  std::string folder = path.starts_with('/') ? std::string() : io::parent(path);
  while (!folder.empty() && path_status(folder) != io::Access::folder) folder = io::parent(folder);
  return files_below(disk_, folder.empty() ? root_ : on_disk(folder), folder, near_folders);
}

namespace {

// Entries of the configuration that ask the same of one file are one; others apply each for itself.
std::string key_of(const DocumentBinding& binding) {
  std::string key = binding.path + '\n' + binding.kind.name + '\n' + binding.kind.schema.value_or("") +
                    (binding.public_safe ? "\n+" : "\n-");
  for (const std::string& pack : binding.kind.packs) key += '\n' + pack;
  return key;
}

}  // namespace

std::shared_ptr<const LoadedDocument> Workspace::load_one(const DocumentBinding& binding, LoadOutcome& outcome) {
  const std::string key = key_of(binding);
  if (const auto known = loaded_.find(key); known != loaded_.end()) return known->second;
  const std::string& path = binding.path;
  const bool absolute = path.starts_with('/');
  const io::Access access = absolute ? io::Access::file : path_status(path);
  if (access == io::Access::missing) {
    if (!binding.required) return nullptr;
    std::string help = base::did_you_mean(path, siblings(path));
    if (help.empty()) help = "create it, or change its path in launchgate.json (`launchgate init` writes one)";
    outcome.findings.push_back(file_finding(loading_rule(missing_document, ""), path,
                                            io::is_glob(path)
                                                ? "no document of kind " + binding.kind.name + " matches this pattern"
                                                : "required document of kind " + binding.kind.name + " does not exist",
                                            std::move(help)));
    return nullptr;
  }
  if (access == io::Access::outside || access == io::Access::git) {
    outcome.findings.push_back(file_finding(loading_rule(outside_root, ""), path,
                                            "the document " + io::describe(access), "move it into the repository"));
    return nullptr;
  }
  const auto text = source(path);
  if (!text) {
    outcome.unreadable = true;
    outcome.findings.push_back(file_finding(loading_rule(unreadable_document, ""), path,
                                            "the document could not be read: " + text.error().message,
                                            "check its path and permissions; what cannot be read is never a pass"));
    return nullptr;
  }

  auto loaded = std::make_shared<LoadedDocument>();
  loaded->binding = binding;
  loaded->source = *text;
  if (binding.kind.format == DocumentFormat::json && !load_json(*loaded, outcome)) return nullptr;
  loaded_.emplace(key, loaded);
  return loaded;
}

// False, with a finding, when it is no JSON.
bool Workspace::load_json(LoadedDocument& loaded, LoadOutcome& outcome) {
  const Sources::Source& source = loaded.source;
  const std::string& prefix = loaded.binding.kind.rule_prefix;
  auto parsed = document::JsonDocument::parse_keeping_duplicates(source);
  if (!parsed) {
    const base::Error& error = parsed.error();
    finding::Finding finding = file_finding(loading_rule(syntax, prefix), source->path(), error.message, error.help);
    finding.span = {error.position, error.position};
    finding.context.clear();
    finding.excerpt = finding::make_excerpt(*source, finding.span);
    outcome.findings.push_back(std::move(finding));
    return false;
  }
  for (const document::DuplicateKey& twice : parsed->duplicates()) {
    outcome.findings.push_back(
        finding::make_finding(loading_rule(duplicate_key, prefix), *source, twice.span,
                              "key \"" + base::printable(twice.key) + "\" stands twice in one object",
                              "remove one; the other is on line " + std::to_string(twice.first.begin.line)));
  }
  loaded.json = std::make_shared<const document::JsonDocument>(std::move(*parsed));
  return true;
}

Sources::Source Workspace::read_source(const std::string& path) const {
  if (path_status(path) != io::Access::file) return nullptr;
  const auto text = source(path);
  return text ? *text : nullptr;
}

LoadOutcome Workspace::load(const std::vector<DocumentBinding>& bindings) {
  LoadOutcome outcome;
  for (const DocumentBinding& binding : bindings) {
    auto document = load_one(binding, outcome);
    const bool is_new =
        document && std::find(outcome.documents.begin(), outcome.documents.end(), document) == outcome.documents.end();
    if (is_new) outcome.documents.push_back(std::move(document));
  }
  return outcome;
}

}  // namespace launchgate::suite
