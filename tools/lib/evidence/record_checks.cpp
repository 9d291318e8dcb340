#include "lib/evidence/record_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "lib/base/hex.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/contradictions.hpp"
#include "lib/evidence/item_checks.hpp"
#include "lib/evidence/report_checks.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::evidence {
namespace {

using document::JsonKind;
using document::JsonValue;

void check_header(const Policy& policy, const JsonValue& record, const RecordSettings& settings, Findings& findings) {
  const auto scope = find_at(record, policy.record.scope);
  if (!scope || !scope->is(JsonKind::string)) {
    findings.add("template", "", scope.value_or(record),
                 "the record has no scope, so it cannot be told from the public template");
  } else if (contains(policy.record.template_scopes, base::lower_case(base::trim(scope->string())))) {
    findings.add(
        "template", "", *scope,
        fmt::format("must not use the committed public launch evidence template: scope is {}", rules::shown(*scope)));
  }
  if (settings.rung == nullptr || !settings.rung->record_tier) return;
  const auto tier = find_at(record, policy.record.target_tier);
  if (!tier || tier->string() != *settings.rung->record_tier) {
    std::string text = fmt::format("targetTier must be {}", *settings.rung->record_tier);
    if (tier) text += ", is " + rules::shown(*tier);
    findings.add("target-tier", "", tier.value_or(record), std::move(text));
  }
}

void check_placeholders(const Policy& policy, const JsonValue& record,
                        const std::function<std::string(const JsonValue&)>& item_of, Findings& findings) {
  std::unordered_set<std::string_view> fine;  // a record repeats most of its strings
  walk(record, [&](const std::optional<JsonValue>&, const JsonValue& value) {
    if (value.is(JsonKind::object) && !string_at(value, policy.record.id).empty() && is_untouched(policy, value))
      return false;
    if (!value.is(JsonKind::string) || fine.contains(value.string())) return true;
    if (!is_placeholder(policy.placeholders, value.string())) {
      fine.insert(value.string());
      return true;
    }
    const std::string pointer = value.pointer();
    const auto& forms = policy.placeholders.exempt_forms;
    if (pointer_fits(policy.placeholders.exempt, pointer) && (!forms || forms->found_in(base::trim(value.string()))))
      return true;
    const std::string name = pointer.substr(pointer.rfind('/') + 1);
    findings.add("placeholder", item_of(value), value,
                 fmt::format("{} is {}, a placeholder", name, value.string().empty() ? "empty" : rules::shown(value)));
    return true;
  });
}

void check_same_build(const Policy& policy, const std::map<std::string, JsonValue>& items, const Build& build,
                      Findings& findings) {
  for (const auto& [id, item] : items) {
    const auto report = find_at(item, policy.record.report);
    if (!report) continue;
    const auto commit = find_at(*report, policy.report.commit_sha);
    if (commit && base::is_commit_sha(commit->string()) && base::lower_case(commit->string()) != build.commit) {
      findings.add("commit-differs", id, *commit,
                   fmt::format("commit {} differs from the other items' {}", commit->string().substr(0, 12),
                               build.commit.substr(0, 12)));
    }
    for (const auto& [image, common] : build.digests) {
      const auto digest = find_at(*report, policy.report.image_digests + "/" + document::escape_pointer_segment(image));
      if (digest && base::is_image_digest(digest->string()) && base::lower_case(digest->string()) != common) {
        findings.add("digest-differs", id, *digest,
                     fmt::format("{} image digest {} differs from the other items' {}", image,
                                 digest->string().substr(0, 19), common.substr(0, 19)));
      }
    }
  }
}

// One file is seldom evidence of several runs, and never an image. An archive of all evidence is such a file, so that
// these are warnings.
void check_reuse(const Policy& policy, const std::map<std::string, JsonValue>& items, const Build& build,
                 Findings& findings) {
  std::map<std::string, std::pair<std::string, JsonValue>> first;  // item and report by checksum
  for (const auto& [id, item] : items) {
    const auto checksum = find_at(item, policy.record.checksum);
    const auto report = find_at(item, policy.record.report);
    if (!checksum || !report || !base::is_checksum(checksum->string())) continue;
    const std::string digest = base::is_image_digest(checksum->string()) ? base::lower_case(checksum->string())
                                                                         : std::string(checksum->string());
    for (const auto& [image, common] : build.digests) {
      if (digest == common)
        findings.add("checksum-shared", id, *checksum,
                     fmt::format("the checksum is the digest of the {} image, not of evidence", image));
    }
    const auto [known, is_new] = first.emplace(digest, std::pair(id, *report));
    if (is_new) continue;
    for (const std::string& pointer : {policy.report.command, policy.report.started_at}) {
      if (string_at(*report, pointer) == string_at(known->second.second, pointer)) continue;
      findings.add("checksum-shared", id, *checksum,
                   fmt::format("the checksum is that of {}, whose report has another {}", known->second.first,
                               pointer.substr(1)));
      break;
    }
  }
}

// What stands in the public summary is held to the rules of public texts.
void check_published(const Policy& policy, const std::map<std::string, JsonValue>& items, const PrivateScan& scan,
                     Findings& findings) {
  if (!scan) return;
  for (const auto& [id, item] : items) {
    for (const std::string& pointer : policy.record.published) {
      const auto value = find_at(item, pointer);
      if (!value || value->string().empty()) continue;
      const auto hits = scan(value->string());
      if (!hits.empty())
        findings.add(
            "private-value", id, *value,
            fmt::format("private-looking value in {}, which is published: {}", pointer.substr(1), hits.front().what));
    }
  }
}

std::string most_common(const std::map<std::string, std::size_t>& counts) {
  std::string best;
  std::size_t most = 0;
  for (const auto& [text, count] : counts) {
    if (count > most) {
      best = text;
      most = count;
    }
  }
  return best;
}

}  // namespace

std::map<std::string, JsonValue> items_by_id(const Policy& policy, const JsonValue& record) {
  std::map<std::string, JsonValue> items;
  if (const auto list = find_at(record, policy.record.items)) {
    for (const JsonValue item : list->elements()) {
      const std::string_view id = string_at(item, policy.record.id);
      if (!id.empty()) items.emplace(id, item);
    }
  }
  return items;
}

std::vector<std::string> required_items(const Policy& policy, const JsonValue& matrix) {
  std::vector<std::string> ids;
  if (const auto items = find_at(matrix, policy.matrix.items)) {
    for (const JsonValue::Member item : items->members()) ids.emplace_back(item.name());
  }
  return ids;
}

std::vector<std::string> required_commands(const Policy& policy, const JsonValue& matrix, const std::string& item) {
  std::vector<std::string> commands;
  const auto list =
      find_at(matrix, policy.matrix.items + "/" + document::escape_pointer_segment(item) + policy.matrix.item_commands);
  if (list) {
    for (const JsonValue command : list->elements()) commands.emplace_back(command.string());
  }
  return commands;
}

Build common_build(const Policy& policy, const JsonValue& record) {
  std::map<std::string, std::size_t> commits;
  std::map<std::string, std::map<std::string, std::size_t>> digests;
  for (const auto& [id, item] : items_by_id(policy, record)) {
    const auto report = find_at(item, policy.record.report);
    if (!report) continue;
    const std::string_view commit = string_at(*report, policy.report.commit_sha);
    if (base::is_commit_sha(commit)) ++commits[base::lower_case(commit)];
    for (const std::string& image : policy.images) {
      const std::string_view digest =
          string_at(*report, policy.report.image_digests + "/" + document::escape_pointer_segment(image));
      if (base::is_image_digest(digest)) ++digests[image][base::lower_case(digest)];
    }
  }
  Build build;
  build.commit = most_common(commits);
  for (const auto& [image, counts] : digests) build.digests[image] = most_common(counts);
  return build;
}

void check_record(const Policy& policy, const RecordSubject& subject, const RecordSettings& settings,
                  Findings& findings) {
  const JsonValue& record = subject.record;
  check_header(policy, record, settings, findings);

  std::map<std::string, JsonValue> items;
  const std::vector<std::string> wanted = required_items(policy, subject.matrix);
  const auto list = find_at(record, policy.record.items);
  if (!list || !list->is(JsonKind::array)) {
    findings.add("item-missing", "", list.value_or(record),
                 fmt::format("the record has no list {}", policy.record.items.substr(1)));
  } else {
    for (const JsonValue item : list->elements()) {
      const std::string id(string_at(item, policy.record.id));
      if (!contains(wanted, id)) {
        const auto at = find_at(item, policy.record.id).value_or(item);
        findings.add("item-unknown", id, at, fmt::format("the matrix knows no item {}", rules::quoted(id)),
                     base::did_you_mean(id, wanted));
      } else if (!items.emplace(id, item).second) {
        findings.add("item-twice", id, item, "stands twice in the record");
      }
    }
  }
  for (const std::string& id : wanted) {
    if (!items.contains(id))
      findings.add("item-missing", id, list.value_or(record), "the record has no entry for this item");
  }
  // An entry that repeats an id is judged like the first: neither may be evidence of anything else.
  if (list) {
    for (const JsonValue item : list->elements()) {
      const std::string id(string_at(item, policy.record.id));
      if (contains(wanted, id)) check_item(policy, subject, settings, id, item, findings);
    }
  }
  const Build build = common_build(policy, record);
  check_same_build(policy, items, build, findings);
  check_reuse(policy, items, build, findings);

  const auto item_of = [&](const JsonValue& value) -> std::string {
    for (const auto& [id, item] : items) {
      if (value.begin_offset() >= item.begin_offset() && value.end_offset() <= item.end_offset()) return id;
    }
    return "";
  };
  check_placeholders(policy, record, item_of, findings);
  check_private(policy, record, settings.scan, item_of, findings);
  check_published(policy, items, settings.public_scan, findings);
}

}  // namespace launchgate::evidence
