#include "launchgate/init_verb.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/ascii.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/io/folder.hpp"
#include "lib/io/git.hpp"
#include "lib/io/path.hpp"

namespace launchgate::suite_tool {
namespace {

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

constexpr std::uint64_t most_bytes = 4UL * 1024 * 1024;

std::string render(const Survey& seen, const suite::Workspace& workspace) {
  document::JsonWriter out;
  out.begin_object().member("schemaVersion", 1).key("documents").begin_array();
  for (const FoundDocument& found : seen.documents) {
    const suite::DocumentBinding& binding = found.binding;
    const suite::Kind& kind = workspace.configuration().kinds.at(binding.kind.name);
    out.begin_object().member("path", binding.path).member("kind", binding.kind.name);
    out.member("required", binding.required);
    if (binding.public_safe) out.member("publicSafe", true);
    if (found.own_words) {
      out.member("packs", std::vector<std::string>());
    } else if (binding.kind.packs != kind.packs) {
      out.member("packs", binding.kind.packs);
    }
    out.end_object();
  }
  out.end_array().end_object();
  return out.take() + "\n";
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> names;
  std::string name;
  for (const char c : text + ",") {
    if (c != ',') {
      name += c;
    } else {
      names.push_back(std::string(base::trim(name)));
      name.clear();
    }
  }
  return names;
}

// "parcels" of ".../Parcels": what names a catalogue, an image and a target.
std::string product_name(const std::string& root) {
  std::string name;
  for (const std::string& word : words_of(io::file_name(root))) name += (name.empty() ? "" : "-") + word;
  return name.empty() ? "service" : name;
}

base::Result<void> check_names(const std::vector<std::string>& names, std::string_view option) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    const bool fits = !name.empty() && base::is_letter(name[0]) && std::all_of(name.begin(), name.end(), [](char c) {
      return base::is_alnum(c) || c == '-' || c == '_' || c == '.';
    });
    if (!fits)
      return cli::usage(fmt::format("{}: \"{}\" is no name", option, base::printable(name)),
                        "names begin with a letter and have letters, digits, - _ . alone, with commas between them");
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), name) !=
        names.begin() + static_cast<std::ptrdiff_t>(i))
      return cli::usage(fmt::format("{}: \"{}\" stands twice", option, name), "name each once");
  }
  return {};
}

}  // namespace

void InitVerb::describe(cli::OptionSet& options) {
  options
      .text("--root", "DIR", common_.root,
            "The repository; by default the nearest folder above that holds .git, else this one.")
      .completion = cli::Completion::folder;
  options.text("--tiers", "A,B,C", tiers_,
               "Write the files of a product with these tiers, lowest first: ladder, targets, matrix, record template, "
               "catalogue and configuration.");
  options.text("--items", "X,Y,Z", items_,
               "With --tiers: the evidence items that a hosted tier needs; by default loadTest,soakTest.");
  options.text("--openapi", "FILE", openapi_, "With --tiers: the OpenAPI document whose routes are measured.")
      .completion = cli::Completion::file;
  options.flag("--git-hook", git_hook_, "Install a pre-commit hook where git looks for it, and nothing else.");
}

// Hooks that lie elsewhere are other repositories' too, or what a hostile configuration wants to have written.
base::Result<void> InitVerb::check_hook_folder(const io::FileSystem& disk, const io::Git& git,
                                               const std::string& hook) const {
  const auto top = git.top_level();
  if (!top) return top.error();
  const auto common = git.common_folder();
  if (!common) return common.error();
  // The nearest folder that is there: links in what is not there yet lead nowhere.
  std::string folder = io::parent(hook);
  auto place = disk.canonical(folder);
  while (!place && folder.size() > 1) place = disk.canonical(folder = io::parent(folder));
  for (const std::string& own : {*top, *common}) {
    const auto real = disk.canonical(own);
    if (real && place && io::is_inside(*real, *place)) return {};
  }
  return base::Error{base::ErrorCategory::output,
                     hook,
                     {},
                     "core.hooksPath leads out of the repository, so nothing is written there",
                     "add the line `launchgate check --stage pre-commit` to that hook, or give the repository hooks of "
                     "its own: `git config core.hooksPath .githooks`"};
}

cli::ExitCode InitVerb::write_hook(cli::Process& process) const {
  const io::Git git(common_.root.value_or("."));
  const auto path = git.hook_path("pre-commit");
  if (!path) return cli::fail(process, name(), path.error());
  if (const auto own = check_hook_folder(process.disk, git, *path); !own)
    return cli::fail(process, name(), own.error());
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

// What a run of the load engine leaves behind is nobody's to commit.
base::Result<void> InitVerb::ignore_outputs(cli::Process& process, const std::string& root) const {
  const std::string path = io::join(root, ".gitignore");
  std::string text;
  if (process.disk.status(path).kind == io::FileKind::regular) {
    auto old = process.disk.read(path, most_bytes);
    if (!old) return old.error();
    text = std::move(*old);
  }
  const std::string line(output_folder);
  if (('\n' + text).find('\n' + line + '\n') != std::string::npos) return {};
  if (!text.empty() && text.back() != '\n') text += '\n';
  if (auto written = process.disk.write(path, text + line + '\n'); !written) return written;
  process.out.write(fmt::format("added {} to .gitignore\n", line));
  return {};
}

base::Result<Product> InitVerb::product(cli::Process& process, const suite::Workspace& workspace,
                                        const Survey& seen) const {
  Product product;
  product.name = product_name(workspace.root());
  product.tiers = split_list(*tiers_);
  product.items = split_list(items_.value_or("loadTest,soakTest"));
  if (auto fine = check_names(product.tiers, "--tiers"); !fine) return fine.error();
  if (auto fine = check_names(product.items, "--items"); !fine) return fine.error();
  product.commands = seen.commands;
  const std::optional<std::string> api = openapi_ ? openapi_ : seen.openapi;
  if (api) {
    // One that is named is a person's word; one that was found is the repository's.
    std::string text;
    if (openapi_) {
      auto given = process.disk.read(*api, most_bytes);
      if (!given) return given.error();
      text = std::move(*given);
    } else {
      const auto found = workspace.source(*api, most_bytes);
      if (!found) return found.error();
      text = (*found)->text();
    }
    product.api = read_openapi(*api, text);
    if (openapi_ && product.api->routes.empty())
      return base::Error{base::ErrorCategory::input,
                         *api,
                         {},
                         "no route can be read from it",
                         "give an OpenAPI document in JSON, or in YAML in block style"};
  }
  for (const FoundDocument& found : seen.documents) {
    const suite::Kind& kind = found.binding.kind;
    if (kind.format == suite::DocumentFormat::markdown || kind.name == "package-scripts")
      product.documents.push_back(found);
  }
  return product;
}

cli::ExitCode InitVerb::write_product(cli::Process& process, const suite::Workspace& workspace, const Survey& seen) {
  const auto made = product(process, workspace, seen);
  if (!made) return cli::fail(process, name(), made.error());
  const std::vector<ProductFile> files = product_files(*made);
  const auto exists = [&](const ProductFile& file) {
    return process.disk.link_status(workspace.on_disk(file.path)).kind != io::FileKind::missing;
  };
  if (const auto there = std::find_if(files.begin(), files.end(), exists); there != files.end())
    return cli::fail(process, name(),
                     {base::ErrorCategory::input,
                      there->path,
                      {},
                      "exists, and nothing is overwritten",
                      "move it away first; nothing was written"});
  if (auto folder = io::make_folder(workspace.on_disk(std::string(product_folder))); !folder)
    return cli::fail(process, name(), folder.error());
  for (const ProductFile& file : files) {
    if (const auto written = process.disk.write(workspace.on_disk(file.path), file.text, true); !written)
      return cli::fail(process, name(), written.error());
    process.out.write(fmt::format("wrote {}\n", file.path));
  }
  if (const auto ignored = ignore_outputs(process, workspace.root()); !ignored)
    return cli::fail(process, name(), ignored.error());
  process.out.write("`launchgate check` lists what is to be filled in.\n");
  return cli::ExitCode::ok;
}

void InitVerb::tell(cli::Process& process, const Survey& seen) const {
  for (const FoundDocument& found : seen.documents)
    process.out.write(fmt::format("  {:<18} {}: {}\n", found.binding.kind.name, base::printable(found.binding.path),
                                  base::printable(found.remark)));
  if (seen.openapi) process.out.write(fmt::format("  {:<18} {}\n", "OpenAPI", base::printable(*seen.openapi)));
  for (const std::string& file : seen.workflows)
    process.out.write(fmt::format("  {:<18} {}\n", "workflow", base::printable(file)));
  for (const std::string& command : seen.commands)
    process.out.write(fmt::format("  {:<18} {}\n", "command", base::printable(command)));
}

cli::ExitCode InitVerb::run(cli::Process& process) {
  if (git_hook_) return write_hook(process);
  if (!tiers_ && (items_ || openapi_))
    return cli::fail(
        process, name(),
        cli::usage("--items and --openapi go with --tiers", "name the tiers of the product, lowest first"));
  const auto opened = common_.open_workspace(process);
  if (!opened) return cli::fail(process, name(), opened.error());
  suite::Workspace& workspace = **opened;
  const Survey seen = survey(workspace);
  if (tiers_) return write_product(process, workspace, seen);
  const std::string path = io::join(workspace.root(), "launchgate.json");
  if (seen.documents.empty()) {
    tell(process, seen);
    return cli::fail(
        process, name(),
        {base::ErrorCategory::content,
         "",
         {},
         "there is no document to check yet, so nothing was written",
         "`launchgate init --tiers canary,beta,stable --items loadTest,restoreDrill` writes the first ones"});
  }
  if (const auto written = process.disk.write(path, render(seen, workspace), true); !written)
    return cli::fail(process, name(), written.error());
  process.out.write(fmt::format("wrote {}\n", base::printable(path)));
  tell(process, seen);
  return cli::ExitCode::ok;
}

}  // namespace launchgate::suite_tool
