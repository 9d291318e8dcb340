#include "record/init_verb.hpp"

#include <fmt/format.h>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/suite/workspace.hpp"
#include "lib/validator/common_options.hpp"
#include "record/json_edit.hpp"

namespace launchgate::record {
namespace {

using cli::ExitCode;
using cli::usage;

std::string member_of(const std::string& pointer) { return pointer.substr(pointer.rfind('/') + 1); }

// The object that holds the member a pointer ends in.
std::optional<document::JsonValue> holder(const document::JsonValue& root, const std::string& pointer) {
  return evidence::find_at(root, pointer.substr(0, pointer.rfind('/')));
}

}  // namespace

void InitVerb::describe(cli::OptionSet& options) {
  options.text("--tier", "TIER", tier_, "The tier that the evidence will be for, by its claim name.");
  options.output("--output", "FILE", output_, "The new record; keep it in the private operations repository.").writes =
      cli::Writes::file;
  options.text("--owner", "ROLE", owner_, "Who answers for the evidence, for every item; a role, not an address.");
  options.text("--root", "DIR", root_, "The repository that holds the template.").completion = cli::Completion::folder;
  options.text("--config", "FILE", config_, "The configuration.").completion = cli::Completion::file;
}

ExitCode InitVerb::run(cli::Process& process) {
  const auto refuse = [&](const base::Error& error) { return cli::fail(process, name(), error); };
  if (!tier_ || !output_) return refuse(usage("--tier and --output are needed"));
  const auto workspace = validator::open_workspace(process, {root_, config_, std::nullopt, std::nullopt});
  if (!workspace) return refuse(workspace.error());
  const auto policy = evidence::load_policy((*workspace)->tiers());
  if (!policy) return refuse(policy.error());
  const evidence::Rung* rung = policy->ladder.by_claim(*tier_);
  if (rung == nullptr) {
    std::string help = base::did_you_mean(*tier_, policy->ladder.claims());
    if (help.empty()) help = "known: " + base::quoted_list(policy->ladder.claims(), "and");
    return refuse(usage(fmt::format("\"{}\" is no tier of the ladder", base::printable(*tier_)), help));
  }
  if (!rung->record_tier) return refuse(usage(fmt::format("{} needs no private record", rung->claim)));

  const suite::LoadOutcome loaded = (*workspace)->load((*workspace)->bindings({"evidence-record"}));
  for (const auto& document : loaded.documents) {
    if (!document->json) continue;
    const document::JsonValue root = document->json->root();
    if (!evidence::contains(policy->record.template_scopes, evidence::string_at(root, policy->record.scope))) continue;
    std::vector<TextEdit> edits;
    for (const auto& [pointer, value] : {std::pair(policy->record.scope, policy->record.private_scope),
                                         std::pair(policy->record.target_tier, *rung->record_tier)}) {
      if (const auto object = holder(root, pointer))
        edits.push_back(set_member(*object, member_of(pointer), document::json_quoted(value)));
    }
    if (const auto items = evidence::find_at(root, policy->record.items); items && owner_) {
      for (const document::JsonValue item : items->elements())
        edits.push_back(set_member(item, member_of(policy->record.owner), document::json_quoted(*owner_)));
    }
    const std::string text = apply_edits(document->json->source().text(), std::move(edits));
    if (const auto written = process.disk.write(*output_, text, true); !written) return refuse(written.error());
    process.out.write(fmt::format("{}: a record for {}; fill it in with `launchgate-record run` and `attach`\n",
                                  base::printable(*output_), rung->claim));
    return ExitCode::ok;
  }
  return refuse({base::ErrorCategory::configuration,
                 "",
                 {},
                 "the configuration names no committed template of an evidence record",
                 ""});
}

}  // namespace launchgate::record
