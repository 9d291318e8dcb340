#include "launchgate/change_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "leaks/added_lines.hpp"
#include "leaks/baseline.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/equality.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/io/blob_stream.hpp"
#include "lib/io/git.hpp"
#include "lib/secrets/text_encoding.hpp"

namespace launchgate::suite_tool {
namespace {

using document::JsonDocument;
using document::JsonKind;
using document::JsonValue;
using finding::Finding;

enum ChangeRule : std::uint8_t { allowance, baseline, coverage, exclusion, owners, waiver };

std::optional<JsonDocument> parse(const std::string& path, std::string text) {
  auto document = JsonDocument::parse(path, std::move(text));
  return document ? std::optional(std::move(*document)) : std::nullopt;
}

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// The repository as it was.
class Before {
 public:
  static base::Result<Before> open(const std::string& root, const std::string& revision) {
    const io::Git git(root);
    auto commit = git.fork_point(revision);
    if (!commit) return commit.error();
    auto blobs = io::BlobStream::open(root);
    if (!blobs) return blobs.error();
    return Before(git, std::move(*commit), std::move(*blobs));
  }

  base::Result<void> look_up(const std::vector<std::string>& paths) {
    auto objects = git_.objects(commit_, paths);
    if (!objects) return objects.error();
    objects_.merge(*objects);
    return {};
  }

  // None: it was not there. Its path must have been looked up.
  base::Result<std::optional<std::string>> text(const std::string& path) {
    const auto object = objects_.find(path);
    if (object == objects_.end()) return std::optional<std::string>();
    const auto size = blobs_.request(object->second);
    if (!size) return size.error();
    std::string text(static_cast<std::size_t>(*size), '\0');
    for (std::size_t have = 0; have < text.size();) {
      const auto got = blobs_.read(text.data() + have, text.size() - have);
      if (!got) return got.error();
      if (*got == 0) break;
      have += *got;
    }
    return std::optional(std::move(text));
  }

 private:
  Before(io::Git git, std::string commit, io::BlobStream blobs)
      : git_(std::move(git)), commit_(std::move(commit)), blobs_(std::move(blobs)) {}

  io::Git git_;
  std::string commit_;
  io::BlobStream blobs_;
  std::map<std::string, std::string> objects_;
};

// Compares what is left out now with what was before.
class Comparison {
 public:
  Comparison(const Change& change, suite::Workspace& workspace, Before before)
      : change_(change), workspace_(workspace), now_(workspace.configuration()), before_(std::move(before)) {}

  base::Result<std::vector<Finding>> run(const std::vector<finding::Allowed>& allowed) {
    if (auto done = read_configurations(); !done) return done.error();
    lists();
    if (auto done = baselines(); !done) return done.error();
    if (auto done = waivers(); !done) return done.error();
    if (auto done = comments(allowed); !done) return done.error();
    settle();
    return std::move(findings_);
  }

 private:
  base::Result<void> read_configurations() {
    // A configuration that a person named elsewhere is none of the change's.
    if (now_.path.starts_with('/')) {
      was_ = now_;
      return {};
    }
    const std::string path = now_.path.empty() ? "launchgate.json" : now_.path;
    if (auto found = before_.look_up({path}); !found) return found;
    auto text = before_.text(path);
    if (!text) return text.error();
    std::optional<JsonDocument> own;
    if (*text) own = parse(path, std::move(**text));
    auto was = workspace_.configuration_of(own ? &*own : nullptr);
    // What could not be used left nothing out.
    if (!was) was = workspace_.configuration_of(nullptr);
    if (!was) return was.error();
    was_ = std::move(*was);
    if (now_.path.empty()) return {};
    if (const auto source = workspace_.source(now_.path))
      if (auto document = JsonDocument::parse(*source)) configuration_ = std::move(*document);
    return {};
  }

  // In the configuration as it is now; the first of the values in the list at the pointer that `is` wanted.
  template <typename Is>
  void add_configured(ChangeRule rule, const std::string& pointer, std::string message, const Is& is) {
    std::optional<JsonValue> place;
    const auto list = configuration_ ? evidence::find_at(configuration_->root(), pointer) : std::nullopt;
    if (list) place = *list;
    if (list && list->is(JsonKind::array)) {
      for (const JsonValue element : list->elements()) {
        if (is(element)) place = element;
      }
    }
    add(rule, now_.path, place, std::move(message));
  }

  void add(ChangeRule rule, const std::string& file, const std::optional<JsonValue>& place, std::string message) {
    const finding::RuleInfo info = change_rules()[rule];
    Finding finding;
    if (place) {
      finding = finding::make_finding(info, place->document().source(), place->span(), std::move(message), info.help);
      finding.json_pointer = place->pointer();
    } else {
      finding.rule_id = info.id;
      finding.severity = info.severity;
      finding.file = file;
      finding.message = std::move(message);
      finding.help = info.help;
    }
    finding.context = finding.message;
    findings_.push_back(std::move(finding));
  }

  void lists() {
    const suite::LeakSettings& now = now_.leaks;
    const suite::LeakSettings& was = was_.leaks;
    const auto nothing = [](const JsonValue&) { return false; };
    const auto text = [](const std::string& wanted) {
      return [&](const JsonValue& one) { return one.string() == wanted; };
    };
    for (const std::string& glob : now.exclude) {
      if (!contains(was.exclude, glob))
        add_configured(exclusion, "/leaks/exclude", fmt::format("the change excludes {} from the scan", shown(glob)),
                       text(glob));
    }
    for (const std::string& glob : was.include) {
      if (!contains(now.include, glob) && !contains(now.include, "**"))
        add_configured(exclusion, "/leaks/include",
                       fmt::format("the change no longer includes {} in the scan", shown(glob)), nothing);
    }
    if (now.max_file_bytes > 0 && (was.max_file_bytes == 0 || now.max_file_bytes < was.max_file_bytes))
      add_configured(exclusion, "/leaks/maxFileBytes",
                     fmt::format("the change leaves out files of more than {} bytes", now.max_file_bytes), nothing);
    for (const auto& [before, after, pointer] :
         {std::tuple(&was.packs, &now.packs, "/leaks/packs"),
          std::tuple(&was.public_safe_packs, &now.public_safe_packs, "/leaks/publicSafePacks")}) {
      for (const std::string& pack : *before) {
        if (!contains(*after, pack))
          add_configured(coverage, pointer, fmt::format("the change no longer applies the pack {}", shown(pack)),
                         nothing);
      }
    }
    for (const suite::LeakAllowance& one : now.allow) {
      const bool known = std::any_of(was.allow.begin(), was.allow.end(), [&](const suite::LeakAllowance& other) {
        return other.rule == one.rule && other.path == one.path && (!other.pointer || other.pointer == one.pointer);
      });
      if (known) continue;
      add_configured(allowance, "/leaks/allow",
                     fmt::format("the change allows {} in {}", one.rule, base::printable(one.path)),
                     [&](const JsonValue& entry) {
                       return entry.string_member("rule") == one.rule && entry.string_member("path") == one.path &&
                              entry.string_member("pointer") == one.pointer.value_or("");
                     });
    }
    for (const std::string& owner : was_.owners) {
      if (!contains(now_.owners, owner))
        add_configured(owners, "/owners", fmt::format("the change takes {} out of the owners", shown(owner)), nothing);
    }
    if (!was_.owners.empty()) {
      for (const std::string& owner : now_.owners) {
        if (!contains(was_.owners, owner))
          add_configured(owners, "/owners", fmt::format("the change makes {} an owner", shown(owner)), text(owner));
      }
    }
    if (now_.tiers != was_.tiers)
      add_configured(
          coverage, "/tiers",
          fmt::format("the change judges by the ladder {} in place of {}", shown(now_.tiers), shown(was_.tiers)),
          nothing);
    documents();
  }

  // One that is moved or removed hides nothing; one that is still there and no longer judged does.
  void documents() {
    const auto nothing = [](const JsonValue&) { return false; };
    for (const suite::DocumentBinding& was : was_.documents) {
      const auto now = std::find_if(now_.documents.begin(), now_.documents.end(),
                                    [&](const suite::DocumentBinding& one) { return one.path == was.path; });
      if (now == now_.documents.end()) {
        if (workspace_.path_status(was.path) != io::Access::missing)
          add_configured(coverage, "/documents",
                         fmt::format("the change no longer checks {}, which is still there", shown(was.path)), nothing);
        continue;
      }
      const auto same = [&](const JsonValue& entry) { return entry.string_member("path") == was.path; };
      for (const std::string& pack : was.kind.packs) {
        if (!contains(now->kind.packs, pack))
          add_configured(
              coverage, "/documents",
              fmt::format("the change no longer applies the pack {} to {}", shown(pack), base::printable(was.path)),
              same);
      }
      if (was.kind.schema && now->kind.schema != was.kind.schema)
        add_configured(coverage, "/documents", fmt::format("the change judges {} by another schema", shown(was.path)),
                       same);
      if (was.required && !now->required && workspace_.path_status(was.path) == io::Access::missing)
        add_configured(coverage, "/documents",
                       fmt::format("the change no longer requires {}, which is not there", shown(was.path)), same);
      if (was.public_safe && !now->public_safe)
        add_configured(coverage, "/documents", fmt::format("the change no longer takes {} for public", shown(was.path)),
                       same);
    }
  }

  base::Result<void> baselines() {
    if (!now_.leaks.baseline) return {};
    const auto source = workspace_.source(*now_.leaks.baseline);
    if (!source) return source.error();
    const auto now = leaks::read_baseline(*now_.leaks.baseline, std::string((*source)->text()));
    if (!now) return now.error();
    std::set<leaks::BaselineEntry> known;
    if (was_.leaks.baseline) {
      if (auto found = before_.look_up({*was_.leaks.baseline}); !found) return found;
      auto text = before_.text(*was_.leaks.baseline);
      if (!text) return text.error();
      if (*text) {
        const auto was = leaks::read_baseline(*was_.leaks.baseline, std::move(**text));
        // With another salt, nothing can be compared: all of it is new.
        if (was && was->salt == now->salt) known = was->entries;
      }
    }
    for (const leaks::BaselineEntry& entry : now->entries) {
      if (known.contains(entry)) continue;
      add(baseline, now->path, std::nullopt,
          fmt::format("the change adds {} in {} to the baseline", entry.rule, base::printable(entry.path)));
      findings_.back().span = entry.span;
    }
    return {};
  }

  base::Result<void> waivers() {
    if (now_.waivers.empty() || workspace_.path_status(now_.waivers) != io::Access::file) return {};
    const auto source = workspace_.source(now_.waivers);
    if (!source) return source.error();
    const auto now = JsonDocument::parse(*source);
    if (!now) return {};  // the check of waivers says so
    if (auto found = before_.look_up({was_.waivers}); !found) return found;
    auto text = before_.text(was_.waivers);
    if (!text) return text.error();
    const auto was = *text ? parse(was_.waivers, std::move(**text)) : std::nullopt;
    const auto old = was ? was->root().find("waivers") : std::nullopt;
    const auto list = now->root().find("waivers");
    if (!list) return {};
    for (const JsonValue one : list->elements()) {
      const auto same = [&](const JsonValue& other) { return document::equal(one, other); };
      if (old && std::any_of(old->elements().begin(), old->elements().end(), same)) continue;
      const std::string_view rule = one.string_member("rule");
      add(waiver, now_.waivers, one,
          fmt::format("the change adds a waiver of {}",
                      shown(std::string(rule.empty() ? one.string_member("check") : rule))));
    }
    return {};
  }

  base::Result<void> comments(const std::vector<finding::Allowed>& allowed) {
    std::map<std::string, std::vector<const finding::Allowed*>> by_file;
    std::vector<std::string> paths;
    for (const finding::Allowed& one : allowed) {
      if (one.line == 0 || one.file.starts_with('/')) continue;
      auto& list = by_file[one.file];
      if (list.empty()) paths.push_back(one.file);
      list.push_back(&one);
    }
    if (auto found = before_.look_up(paths); !found) return found;
    for (const auto& [file, list] : by_file) {
      auto was = before_.text(file);
      if (!was) return was.error();
      const auto now = workspace_.source(file);
      const std::vector<bool> added =
          leaks::added_lines(as_text(was->value_or("")), now ? as_text(std::string((*now)->text())) : "");
      for (const finding::Allowed* one : list) {
        // The comment, or what stands below it and is allowed by it.
        const base::Span lines{{one->line, 1}, {one->line + 1, 1}};
        if (now && !leaks::touches(added, lines)) continue;
        add(allowance, file, std::nullopt, fmt::format("the change allows {} by a comment", one->rule));
        findings_.back().span = {{one->line, 1}, {one->line, 1}};
        findings_.back().context = fmt::format("{} {}", findings_.back().message, one->line);
      }
    }
    return {};
  }

  static std::string as_text(std::string bytes) {
    if (auto converted = secrets::utf16_as_utf8(bytes)) return std::move(*converted);
    return bytes;
  }

  // Owners as they were: a change does not choose who approves it.
  void settle() {
    std::string approved;
    for (const std::string& approver : change_.approvers) {
      if (contains(was_.owners, approver)) approved = approver;
    }
    for (Finding& finding : findings_) {
      if (!approved.empty()) {
        finding.severity = finding::Severity::note;
        finding.message += ", approved by " + base::printable(approved);
      } else if (!was_.owners.empty()) {
        finding.help += "; owners: " + base::quoted_list(was_.owners, "or", was_.owners.size());
      }
    }
  }

  static std::string shown(const std::string& text) { return '"' + base::printable(text) + '"'; }

  const Change& change_;
  suite::Workspace& workspace_;
  const suite::Configuration& now_;
  Before before_;
  suite::Configuration was_;
  std::optional<JsonDocument> configuration_;  // as it is now, for places
  std::vector<Finding> findings_;
};

}  // namespace

base::Result<std::vector<Finding>> check_change(const Change& change, suite::Workspace& workspace,
                                                const std::vector<finding::Allowed>& allowed) {
  auto before = Before::open(workspace.root(), change.base);
  if (!before) return before.error();
  return Comparison(change, workspace, std::move(*before)).run(allowed);
}

std::vector<finding::RuleInfo> change_rules() {
  using finding::Severity;
  const std::string help = "have it approved by an owner of the gate (--approved-by), or take it out of the change";
  const std::string why =
      "a change that brings a value may bring the line that hides it, and nobody would hear of either";
  return {
      {"change/allowance", Severity::error, "a private value that the change itself allows", help, why, "", ""},
      {"change/baseline", Severity::error, "an entry of the baseline that the change itself adds", help, why, "", ""},
      {"change/coverage", Severity::error, "something that was checked before the change and is not any more", help,
       why, "", ""},
      {"change/exclusion", Severity::error, "files that the change itself leaves out of the scan", help, why, "", ""},
      {"change/owners", Severity::error, "a change of those who approve such changes", help, why, "", ""},
      {"change/waiver", Severity::error, "a waiver that the change itself adds", help, why, "", ""},
  };
}

}  // namespace launchgate::suite_tool
