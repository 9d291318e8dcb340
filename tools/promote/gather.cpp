#include "promote/gather.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/hex.hpp"
#include "lib/base/text.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/finding/digest.hpp"
#include "lib/io/guard.hpp"
#include "lib/io/path.hpp"
#include "lib/rules/json_rule.hpp"
#include "lib/suite/embedded.hpp"

namespace launchgate::promote {
namespace {

constexpr std::uint64_t largest_input = 64UL * 1024 * 1024;
constexpr std::uint64_t largest_evidence = 4UL * 1024 * 1024 * 1024;

// Outside the root only the name is kept: a decision is published, a machine's folders are not.
std::string shown_path(const suite::Workspace& workspace, const std::string& path) {
  const std::string relative = workspace.to_root_relative(path);
  return relative.starts_with('/') ? std::string(io::file_name(relative)) : relative;
}

}  // namespace

void Gatherer::add_findings(std::vector<finding::Finding> findings) {
  findings_.all().insert(findings_.all().end(), std::make_move_iterator(findings.begin()),
                         std::make_move_iterator(findings.end()));
}

void Gatherer::input(const std::string& role, const std::string& path, std::string_view bytes) {
  all_.inputs.push_back({role, path, finding::sha256_hex(bytes)});
}

std::shared_ptr<const suite::LoadedDocument> Gatherer::one_of_kind(const std::string& kind, const std::string& role) {
  const auto bindings = workspace_.bindings({kind});
  if (bindings.empty()) {
    findings_.add_file("unreadable", "", workspace_.configuration().path,
                       fmt::format("the configuration names no document of kind {}", kind));
    return nullptr;
  }
  suite::LoadOutcome loaded = workspace_.load({bindings.front()});
  all_.unreadable = all_.unreadable || loaded.unreadable;
  add_findings(std::move(loaded.findings));
  if (loaded.documents.empty() || !loaded.documents.front()->json) return nullptr;
  input(role, loaded.documents.front()->json->path(), loaded.documents.front()->json->source().text());
  return loaded.documents.front();
}

void Gatherer::documents() {
  all_.matrix = one_of_kind("evidence-matrix", "evidence-matrix");
  all_.targets = one_of_kind("target-profiles", "target-profiles");
  suite::LoadOutcome loaded = workspace_.load(workspace_.bindings({"evidence-record"}));
  all_.templates = std::move(loaded.documents);
}

void Gatherer::record(const std::string& path) {
  const std::string relative = workspace_.to_root_relative(path);
  const auto canonical = workspace_.disk().canonical(path);
  for (const auto& known : all_.templates) {
    const auto place = workspace_.disk().canonical(workspace_.on_disk(known->binding.path));
    if (known->binding.path == relative || (canonical && place && *canonical == *place)) {
      findings_.add_file("template", "", shown_path(workspace_, path),
                         "must not use the committed public launch evidence template: the manifest is that very file");
    }
  }
  const auto kind = workspace_.configuration().kinds.find("evidence-record");
  if (kind == workspace_.configuration().kinds.end()) {
    findings_.add_file("unreadable", "", workspace_.configuration().path,
                       "the configuration has no kind evidence-record");
    return;
  }
  suite::LoadOutcome loaded = workspace_.load({{relative, kind->second, true, false}});
  all_.unreadable = all_.unreadable || loaded.unreadable;
  const bool is_read = !loaded.documents.empty() && loaded.documents.front()->json;
  if (is_read)
    std::erase_if(loaded.findings,
                  [](const finding::Finding& finding) { return finding.rule_id.ends_with("/duplicate-key"); });
  add_findings(std::move(loaded.findings));
  if (!is_read) return;
  all_.record = loaded.documents.front();
  for (const document::DuplicateKey& duplicate : all_.record->json->duplicates()) {
    finding::Finding& twice =
        findings_.add("duplicate-key", "", all_.record->json->root(),
                      fmt::format("key {} stands twice in one object", rules::quoted(duplicate.key)));
    twice.span = duplicate.span;
    twice.excerpt = finding::make_excerpt(all_.record->json->source(), duplicate.span);
  }
  input("evidence-record", shown_path(workspace_, path), all_.record->json->source().text());
}

std::shared_ptr<const document::JsonDocument> Gatherer::json(const std::string& role, const std::string& path) {
  auto text = workspace_.disk().read(path, largest_input);
  if (!text) {
    all_.unreadable = true;
    findings_.add_file("unreadable", "", shown_path(workspace_, path),
                       fmt::format("the {} could not be read: {}", role, text.error().message));
    return nullptr;
  }
  input(role, shown_path(workspace_, path), *text);
  auto parsed = document::JsonDocument::parse(shown_path(workspace_, path), std::move(*text));
  if (!parsed) {
    findings_
        .add_file("image-file", "", shown_path(workspace_, path),
                  fmt::format("the {} is no JSON: {}", role, parsed.error().message))
        .span = {parsed.error().position, parsed.error().position};
    return nullptr;
  }
  return std::make_shared<const document::JsonDocument>(std::move(*parsed));
}

void Gatherer::evidence_files(const evidence::Policy& policy, const evidence::Rung& rung,
                              const std::optional<std::string>& folder) {
  if (!all_.record) return;
  std::optional<std::string> root;
  if (folder) {
    const auto canonical = workspace_.disk().canonical(*folder);
    if (!canonical) {
      all_.unreadable = true;
      findings_.add_file("unreadable", "", "", "the folder of --evidence-root does not exist");
      return;
    }
    root = *canonical;
  }
  for (const auto& [id, item] : evidence::items_by_id(policy, all_.record->json->root())) {
    const auto reference = evidence::find_at(item, policy.record.evidence);
    const auto checksum = evidence::find_at(item, policy.record.checksum);
    if (!reference || evidence::is_placeholder(policy.placeholders, reference->string()) || !checksum ||
        !base::is_checksum(checksum->string()))
      continue;
    if (!base::is_image_digest(checksum->string())) {
      // An artefact's id is proved by the store that keeps it, not by a file.
      finding::Finding& found =
          findings_.add("unverifiable", id, *checksum, "the evidence is not verifiable here: its id is of no file");
      if (!rung.require_pins) found.severity = finding::Severity::warning;
    } else if (root) {
      compare_file(id, *root, *reference, *checksum, checksum->string().substr(7));
    }
    const auto runs = root ? evidence::find_at(item, policy.record.report + "/runs") : std::nullopt;
    if (!runs) continue;
    for (const document::JsonValue run : runs->elements()) {
      const auto log = run.find("evidence");
      const auto digest = run.find("sha256");
      if (log && digest && log->string() != reference->string())
        compare_file(id, *root, *log, *digest, digest->string());
    }
  }
}

void Gatherer::compare_file(const std::string& id, const std::string& root, const document::JsonValue& reference,
                            const document::JsonValue& place, std::string_view digest) {
  const io::Opening opening = io::look_up(workspace_.disk(), root, std::string(reference.string()));
  if (opening.access != io::Access::file) {
    const bool missing = opening.access == io::Access::missing;
    findings_.add("evidence-file", id, reference,
                  opening.access == io::Access::outside ? "the evidence's file lies outside the evidence root"
                                                        : "the evidence's file " + io::describe(opening.access) +
                                                              (missing ? " below the evidence root" : ""));
    return;
  }
  finding::Sha256 sum;
  const auto read =
      workspace_.disk().read_parts(opening.path, largest_evidence, [&](std::string_view part) { sum.add(part); });
  if (!read) {
    findings_.add("evidence-file", id, reference, "the evidence's file could not be read: " + read.error().message);
    return;
  }
  const std::string actual = sum.hex();
  if (actual != base::lower_case(digest))
    findings_.add("evidence-file", id, place,
                  fmt::format("the evidence's file has sha256:{}, not the checksum", actual));
  const std::string relative = io::relative_to(root, opening.path);
  const std::string role = "evidence " + id;
  const bool known = std::any_of(all_.inputs.begin(), all_.inputs.end(),
                                 [&](const Input& one) { return one.role == role && one.path == relative; });
  if (!known) all_.inputs.push_back({role, relative, actual});
}

base::Result<std::string> rules_digest(suite::Workspace& workspace, bool replaced) {
  std::string list;
  const auto add_digest = [&](std::string_view path, std::string_view digest) {
    list += fmt::format("{} {}\n", digest, path);
  };
  const auto add = [&](std::string_view path, std::string_view bytes) { add_digest(path, finding::sha256_hex(bytes)); };
  if (!replaced) {
    for (const suite::EmbeddedFile& file : suite::embedded_files()) add_digest(file.path, file.digest());
  } else {
    for (const std::string& name : workspace.resources().schema_names()) {
      const auto schema = workspace.resources().schema(name);
      if (!schema) return schema.error();
      add("schemas/" + name, (*schema)->source().text());
    }
    for (const std::string& name : workspace.resources().rule_names()) {
      const auto pack = workspace.resources().rules(name);
      if (!pack) return pack.error();
      add("rules/" + name, (*pack)->source().text());
    }
  }
  add("tiers", workspace.tiers().source().text());
  if (const std::string& path = workspace.configuration().path; !path.empty()) {
    const auto text = workspace.source(path);
    if (!text) return text.error();
    add("configuration", (*text)->text());
  }
  return finding::sha256_hex(list);
}

}  // namespace launchgate::promote
