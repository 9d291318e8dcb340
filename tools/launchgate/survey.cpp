#include "launchgate/survey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "launchgate/openapi.hpp"
#include "lib/base/ascii.hpp"
#include "lib/base/text.hpp"
#include "lib/document/json_document.hpp"
#include "lib/io/path.hpp"
#include "lib/io/system.hpp"
#include "lib/io/walk.hpp"

namespace launchgate::suite_tool {
namespace {

constexpr int deepest_folder = 12;
constexpr std::size_t most_files = 20000;
constexpr std::uint64_t most_bytes = 4UL * 1024 * 1024;

std::vector<std::string> files_below(const io::FileSystem& disk, const std::string& root) {
  std::vector<std::string> files;
  io::WalkSettings settings;
  settings.deepest = deepest_folder;
  settings.visit = [&](const io::WalkEntry& entry) {
    if (entry.kind == io::FileKind::regular) files.push_back(entry.shown);
    return entry.name != ".git" && entry.name != "node_modules" && entry.name != "vendor" && files.size() <= most_files;
  };
  io::walk(disk, root, "", settings);
  return files;
}

// Whether the file is a JSON object with all keys that the schema requires at the top, two at least: fewer would fit by
// accident.
bool fits_schema(suite::Workspace& workspace, const std::string& path, const std::string& schema_name) {
  const auto schema = workspace.resources().schema(schema_name);
  if (!schema) return false;
  const auto required = (*schema)->root().find("required");
  if (!required || required->size() < 2) return false;
  auto text = workspace.source(path, most_bytes);
  if (!text) return false;
  const auto document = document::JsonDocument::parse_keeping_duplicates(std::move(*text));
  if (!document) return false;
  const auto constants = (*schema)->root().find("properties");
  return std::all_of(required->elements().begin(), required->elements().end(), [&](const document::JsonValue& key) {
    const auto value = document->root().find(key.string());
    if (!value) return false;
    const auto rule = constants ? constants->find(key.string()) : std::nullopt;
    const auto constant = rule ? rule->find("const") : std::nullopt;
    return !constant || constant->raw() == value->raw();
  });
}

// What people call pages of a kind; a page that is called so is one, wherever it lies.
struct PageWords {
  std::string_view kind;
  std::array<std::string_view, 2> words;
};
constexpr std::array<PageWords, 4> page_words = {{{"release-checklist", {"checklist", "release"}},
                                                  {"report-template", {"report", "template"}},
                                                  {"public-summary", {"public", "summary"}},
                                                  {"runbook", {"runbook", ""}}}};

std::string heading_of(const suite::Workspace& workspace, const std::string& path) {
  const auto source = workspace.source(path, most_bytes);
  if (!source) return "";
  const std::string_view text = (*source)->text();
  const std::size_t begin = text.starts_with("# ") ? 0 : text.find("\n# ");
  if (begin == std::string_view::npos) return "";
  const std::size_t from = text.find("# ", begin) + 2;
  return std::string(text.substr(from, text.find('\n', from) - from));
}

bool called(const std::vector<std::string>& words, const PageWords& page) {
  return std::all_of(page.words.begin(), page.words.end(), [&](std::string_view word) {
    return word.empty() || std::find(words.begin(), words.end(), word) != words.end();
  });
}

std::vector<std::string> fitting_pages(const suite::Workspace& workspace, const std::string& kind,
                                       const std::vector<std::string>& files) {
  std::vector<std::string> fitting;
  const auto page =
      std::find_if(page_words.begin(), page_words.end(), [&](const PageWords& one) { return one.kind == kind; });
  if (page == page_words.end()) return fitting;
  for (const std::string& file : files) {
    if (!file.ends_with(".md")) continue;
    if (called(words_of(io::file_name(file)), *page) || called(words_of(heading_of(workspace, file)), *page))
      fitting.push_back(file);
  }
  return fitting;
}

std::optional<FoundDocument> find_document(suite::Workspace& workspace, const suite::DocumentBinding& binding,
                                           const std::vector<std::string>& files) {
  if (workspace.path_status(binding.path) == io::Access::file) return FoundDocument{binding, "found", false};
  std::vector<std::string> fitting;
  for (const std::string& file : files) {
    if (io::file_name(file) == io::file_name(binding.path)) fitting.push_back(file);
  }
  if (fitting.empty() && binding.kind.schema && binding.kind.format == suite::DocumentFormat::json) {
    for (const std::string& file : files) {
      if (file.ends_with(".json") && fits_schema(workspace, file, *binding.kind.schema)) fitting.push_back(file);
    }
  }
  const bool own_words = fitting.empty();
  if (fitting.empty()) fitting = fitting_pages(workspace, binding.kind.name, files);
  if (fitting.empty()) return std::nullopt;
  FoundDocument found{binding, "found in another place", own_words};
  found.binding.path = fitting.front();
  if (fitting.size() > 1) found.remark = fmt::format("{} files fit; the first is taken, please check", fitting.size());
  return found;
}

std::vector<std::string> commands_of(const suite::Workspace& workspace, const std::vector<std::string>& files) {
  std::vector<std::string> commands;
  const auto has = [&](std::string_view file) { return std::find(files.begin(), files.end(), file) != files.end(); };
  const suite::Commands known = suite::Commands::read(workspace);
  for (const suite::CommandSource& source : known.sources()) {
    std::string program = source.program;
    if (program == "npm") program = has("pnpm-lock.yaml") ? "pnpm run" : has("yarn.lock") ? "yarn run" : "npm run";
    for (const std::string& name : source.names) commands.push_back(program + ' ' + name);
  }
  for (const std::string& file : files) {
    const std::string folder = io::parent(file);
    if ((folder == "scripts" || folder == "bin" || folder.empty()) && io::is_executable(workspace.on_disk(file)))
      commands.push_back("./" + file);
  }
  return commands;
}

}  // namespace

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool upper = base::is_upper(c);
    const bool joined = i > 0 && (base::is_lower(name[i - 1]) || base::is_digit(name[i - 1]));
    if (!base::is_alnum(c) || (upper && joined)) words.emplace_back();
    if (base::is_alnum(c)) words.back() += base::lower(c);
  }
  std::erase(words, "");
  return words;
}

std::string command_for(const std::string& item, const std::vector<std::string>& commands) {
  const std::vector<std::string> wanted = words_of(item);
  std::string best;
  std::size_t best_score = 0;
  for (const std::string& command : commands) {
    std::vector<std::string> words = words_of(command.substr(command.find_first_of(" /") + 1));
    std::size_t score = 0;
    for (const std::string& word : wanted)
      score += std::find(words.begin(), words.end(), word) != words.end() ? 2U : 0U;
    if (score == 0) continue;
    // Of two that fit, a gate is the strict one.
    if (std::find(words.begin(), words.end(), "strict") != words.end()) ++score;
    if (score > best_score) {
      best_score = score;
      best = command;
    }
  }
  return best;
}

Survey survey(suite::Workspace& workspace) {
  Survey seen;
  seen.files = files_below(workspace.disk(), workspace.root());
  std::sort(seen.files.begin(), seen.files.end());
  for (const suite::DocumentBinding& binding : workspace.configuration().documents) {
    auto found = find_document(workspace, binding, seen.files);
    const auto same = [&](const FoundDocument& other) { return found && other.binding.path == found->binding.path; };
    if (found && std::none_of(seen.documents.begin(), seen.documents.end(), same))
      seen.documents.push_back(*std::move(found));
  }
  seen.commands = commands_of(workspace, seen.files);
  for (const std::string& file : seen.files) {
    if (file.starts_with(".github/workflows/")) seen.workflows.push_back(file);
    const std::string name(io::file_name(file));
    const bool named = name.starts_with("openapi.") || name.starts_with("swagger.");
    const bool readable = name.ends_with(".json") || name.ends_with(".yaml") || name.ends_with(".yml");
    if (named && readable && !seen.openapi) seen.openapi = file;
  }
  return seen;
}

}  // namespace launchgate::suite_tool
