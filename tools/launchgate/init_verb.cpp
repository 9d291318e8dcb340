#include "launchgate/init_verb.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/utf8.hpp"
#include "lib/document/json_document.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/io/folder.hpp"
#include "lib/io/git.hpp"
#include "lib/io/path.hpp"
#include "lib/io/walk.hpp"

namespace launchgate::suite_tool {
namespace {

constexpr int deepest_folder = 12;
constexpr std::size_t most_files = 20000;
constexpr std::uint64_t most_bytes = 4UL * 1024 * 1024;

// Looked up at each commit, so that an update or a fresh install of packages needs no new hook. What cannot be found
// blocks: a gate fails closed.
constexpr std::string_view hook_text =
    "#!/bin/sh\n"
    "# Checks what is staged before each commit; written by `launchgate init --git-hook`.\n"
    "PATH=\"$PATH:$PWD/node_modules/.bin\"\n"
    "if ! command -v launchgate >/dev/null; then\n"
    "  echo 'pre-commit hook: launchgate is neither in PATH nor in node_modules/.bin' >&2\n"
    "  exit 1\n"
    "fi\n"
    "exec launchgate check --stage pre-commit\n";

std::vector<std::string> files_below(const io::FileSystem& disk, const std::string& root) {
  std::vector<std::string> files;
  io::WalkSettings settings;
  settings.deepest = deepest_folder;
  settings.visit = [&](const io::WalkEntry& entry) {
    if (entry.kind == io::FileKind::regular) files.push_back(entry.shown);
    return entry.name != ".git" && entry.name != "node_modules" && files.size() <= most_files;
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

struct Choice {
  suite::DocumentBinding binding;
  std::string remark;  // for people
};

Choice choose(suite::Workspace& workspace, const suite::DocumentBinding& binding,
              const std::vector<std::string>& files) {
  if (workspace.path_status(binding.path) == io::Access::file) return {binding, "found"};
  std::vector<std::string> fitting;
  for (const std::string& file : files) {
    if (io::file_name(file) == io::file_name(binding.path)) fitting.push_back(file);
  }
  if (fitting.empty() && binding.kind.schema && binding.kind.format == suite::DocumentFormat::json) {
    for (const std::string& file : files) {
      if (file.ends_with(".json") && fits_schema(workspace, file, *binding.kind.schema)) fitting.push_back(file);
    }
  }
  Choice choice{binding, "not found: `launchgate check` will say so until it exists or its entry is removed"};
  if (fitting.size() == 1) {
    choice.binding.path = fitting.front();
    choice.remark = "found in another place";
  } else if (fitting.size() > 1) {
    choice.binding.path = fitting.front();
    choice.remark = fmt::format("{} files fit; the first is taken, please check", fitting.size());
  }
  return choice;
}

std::string render(const std::vector<Choice>& choices, const suite::Workspace& workspace) {
  document::JsonWriter out;
  out.begin_object().member("schemaVersion", 1).key("documents").begin_array();
  for (const Choice& choice : choices) {
    const suite::DocumentBinding& binding = choice.binding;
    const suite::Kind& kind = workspace.configuration().kinds.at(binding.kind.name);
    out.begin_object().member("path", binding.path).member("kind", binding.kind.name);
    out.member("required", binding.required);
    if (binding.public_safe) out.member("publicSafe", true);
    if (binding.kind.packs != kind.packs) out.member("packs", binding.kind.packs);
    out.end_object();
  }
  out.end_array().end_object();
  return out.take() + "\n";
}

}  // namespace

void InitVerb::describe(cli::OptionSet& options) {
  options
      .text("--root", "DIR", common_.root,
            "The repository; by default the nearest folder above that holds .git, else this one.")
      .completion = cli::Completion::folder;
  options.flag("--git-hook", git_hook_, "Install a pre-commit hook where git looks for it, and nothing else.");
}

cli::ExitCode InitVerb::write_hook(cli::Process& process) const {
  const auto path = io::Git(common_.root.value_or(".")).hook_path("pre-commit");
  if (!path) return cli::fail(process, name(), path.error());
  if (const auto made = io::make_folder(io::parent(*path)); !made) return cli::fail(process, name(), made.error());
  if (auto written = process.disk.write(*path, hook_text, true); !written) {
    base::Error error = written.error();
    if (process.disk.link_status(*path).kind != io::FileKind::missing) {
      error.help =
          "it is never overwritten; add the line `launchgate check --stage pre-commit` to it, or move it away first";
    }
    return cli::fail(process, name(), error);
  }
  if (const auto made = process.disk.make_executable(*path); !made) return cli::fail(process, name(), made.error());
  process.out.write(fmt::format("wrote {}\n", base::printable(*path)));
  return cli::ExitCode::ok;
}

cli::ExitCode InitVerb::run(cli::Process& process) {
  if (git_hook_) return write_hook(process);
  const auto opened = common_.open_workspace(process);
  if (!opened) return cli::fail(process, name(), opened.error());
  suite::Workspace& workspace = **opened;
  const std::string path = io::join(workspace.root(), "launchgate.json");
  const std::vector<std::string> files = files_below(process.disk, workspace.root());
  std::vector<Choice> choices;
  for (const suite::DocumentBinding& binding : workspace.configuration().documents)
    choices.push_back(choose(workspace, binding, files));
  if (const auto written = process.disk.write(path, render(choices, workspace), true); !written)
    return cli::fail(process, name(), written.error());
  process.out.write(fmt::format("wrote {}\n", base::printable(path)));
  for (const Choice& choice : choices)
    process.out.write(fmt::format("  {:<18} {}: {}\n", choice.binding.kind.name, base::printable(choice.binding.path),
                                  base::printable(choice.remark)));
  return cli::ExitCode::ok;
}

}  // namespace launchgate::suite_tool
