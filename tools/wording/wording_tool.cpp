#include "wording/wording_tool.hpp"

#include <map>
#include <string>

#include "lib/base/utf8.hpp"
#include "lib/prose/check.hpp"
#include "lib/prose/claim_text.hpp"
#include "lib/validator/checks.hpp"
#include "wording/checks.hpp"

namespace launchgate::wording {
namespace {

constexpr std::uint64_t largest_file = 256UL * 1024 * 1024;

// The replacements that the packs of a file's kind suggest. Packs are loaded once.
class Fixer {
 public:
  explicit Fixer(suite::Workspace& workspace) : workspace_(workspace) {}

  // Replacements after which nothing is left to replace. Rules that would replace each other's words for ever are left
  // to a person.
  base::Result<Fixed> fix(const suite::Kind& kind, const markdown::MarkdownDocument& document) {
    auto edits = edits_for(kind, document);
    if (!edits) return edits.error();
    const std::string_view text = document.source().text();
    while (true) {
      Fixed fixed = wording::apply(text, *edits);
      if (fixed.applied == 0) return fixed;
      const auto after = markdown::MarkdownDocument::parse(document.path(), fixed.text);
      if (!after) return Fixed{std::string(text), 0};
      const auto left = edits_for(kind, *after);
      if (!left) return left.error();
      const std::size_t before = edits->size();
      if (wording::apply(fixed.text, *left).applied == 0 || !drop_restless(*edits, *left, fixed.text)) return fixed;
      if (edits->size() == before) return Fixed{std::string(text), 0};
    }
  }

 private:
  // Drops the edits whose replacement holds what `left` would replace; false when none of `left` is new.
  static bool drop_restless(std::vector<prose::Edit>& edits, const std::vector<prose::Edit>& left,
                            std::string_view fixed) {
    bool restless = false;
    for (const prose::Edit& one : left) {
      const std::string_view words = fixed.substr(one.source.begin, one.source.size());
      restless |= std::erase_if(edits, [&](const prose::Edit& edit) {
                    return edit.replacement.find(words) != std::string::npos ||
                           (!edit.replacement.empty() && words.find(edit.replacement) != std::string_view::npos);
                  }) > 0;
    }
    return restless;
  }

  base::Result<std::vector<prose::Edit>> edits_for(const suite::Kind& kind,
                                                   const markdown::MarkdownDocument& document) {
    std::vector<prose::Edit> edits;
    for (const std::string& name : kind.packs) {
      const auto pack = workspace_.resources().pack(name);
      if (!pack) return pack.error();
      const auto found = prose::check(**pack, {document, nullptr, nullptr, {}}, &edits);
      if (!found) return found.error();
    }
    return edits;
  }

  suite::Workspace& workspace_;
};

}  // namespace

suite::Validator validator() {
  return {{}, {}, "markdown", {validator::markdown_check()}, suite::DocumentFormat::markdown};
}

void WordingTool::describe_own(cli::OptionSet& options) {
  options.flag(
      "--fix", fix_,
      "Replace forbidden words in place where a rule gives the replacement and the place is unambiguous, then check.");
}

// Files are read past the workspace, so that the check that follows sees them as they are then.
base::Result<void> WordingTool::fix_all(cli::Process& process, suite::Workspace& workspace) const {
  Fixer fixer(workspace);
  for (const suite::DocumentBinding& binding : suite::choose_bindings(workspace, validator(), common().paths)) {
    if (!binding.path.starts_with('/') && workspace.path_status(binding.path) != io::Access::file) continue;
    // A link stays a link: what it leads to is written.
    const auto path =
        process.disk.canonical(binding.path.starts_with('/') ? binding.path : workspace.on_disk(binding.path));
    if (!path) continue;  // the check reports it
    auto text = process.disk.read(*path, largest_file);
    if (!text) continue;
    const auto document = markdown::MarkdownDocument::parse(binding.path, std::move(*text));
    if (!document) continue;
    const auto fixed = fixer.fix(binding.kind, *document);
    if (!fixed) return fixed.error();
    if (fixed->applied == 0) continue;
    if (auto written = process.disk.write(*path, fixed->text); !written) return written;
    process.err.write(base::printable(binding.path) + ": " + std::to_string(fixed->applied) + " replaced\n");
  }
  return {};
}

std::optional<cli::ExitCode> WordingTool::run_instead(cli::Process& process, suite::Workspace& workspace) {
  if (!fix_) return std::nullopt;
  if (const auto fixed = fix_all(process, workspace); !fixed) return cli::fail(process, name(), fixed.error());
  return std::nullopt;
}

// The matrix publishes claims too.
base::Result<void> WordingTool::check_more(cli::Process&, suite::Workspace& workspace, suite::CheckOutcome& outcome) {
  if (!common().paths.empty()) return {};
  const suite::LoadOutcome loaded = workspace.load(workspace.bindings({std::string(rules::matrix_kind)}));
  rules::Documents documents;
  documents[std::string(rules::tiers_kind)].push_back(workspace.tiers().root());
  for (const auto& document : loaded.documents) {
    if (document->json) documents[document->binding.kind.name].push_back(document->json->root());
  }
  for (const auto& document : loaded.documents) {
    if (!document->json) continue;
    ++outcome.documents;
    for (const std::string& pack_name : document->binding.kind.packs) {
      const auto pack = workspace.resources().pack(pack_name);
      if (!pack) return pack.error();
      auto found = prose::check_json_claims(**pack, document->json->root(), documents);
      if (!found) return found.error();
      outcome.findings.insert(outcome.findings.end(), found->begin(), found->end());
    }
  }
  return {};
}

}  // namespace launchgate::wording
