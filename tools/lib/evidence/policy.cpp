#include "lib/evidence/policy.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "lib/base/text.hpp"
#include "lib/evidence/believable.hpp"

namespace launchgate::evidence {
namespace {

using document::JsonKind;
using document::JsonValue;
using document::ObjectReader;

constexpr std::int64_t most = 1'000'000'000'000;

std::optional<std::string> text_or_null(ObjectReader& reader, std::string_view name) {
  const auto value = reader.value(name);
  if (!value || value->is(JsonKind::null)) return std::nullopt;
  return reader.text(name);
}

std::vector<std::string> lower_texts(ObjectReader& reader, std::string_view name, bool required = true) {
  std::vector<std::string> words = reader.strings(name, required);
  std::transform(words.begin(), words.end(), words.begin(), base::lower_case);
  return words;
}

std::vector<std::string> folded_texts(ObjectReader& reader, std::string_view name, bool required = true) {
  std::vector<std::string> words = reader.strings(name, required);
  std::transform(words.begin(), words.end(), words.begin(), fold_key);
  return words;
}

Matcher kept(ObjectReader& reader, base::Result<Matcher> matcher) {
  if (matcher) return *std::move(matcher);
  reader.refuse(matcher.error());
  return {};
}

Matcher matcher(ObjectReader& reader, std::string_view name, bool required = true) {
  const auto value = reader.value(name, JsonKind::string, required);
  return value ? kept(reader, Matcher::compile(*value)) : Matcher();
}

Matcher any_of(ObjectReader& reader, std::string_view name, bool required = true) {
  const auto list = reader.value(name, JsonKind::array, required);
  return list ? kept(reader, Matcher::any_of(*list)) : Matcher();
}

Ladder read_ladder(ObjectReader& root) {
  Ladder ladder;
  root.objects("ladder", "step", true, [&](ObjectReader& step) {
    Rung rung;
    rung.claim = step.text("claim");
    rung.matrix_tier = step.text("matrixTier");
    rung.evidence_profile = step.text("evidenceProfile");
    rung.record_tier = text_or_null(step, "recordTier");
    rung.hosted = step.required_flag("hosted");
    rung.require_pins = step.required_flag("requirePins");
    if (const auto age = step.value("maxAgeDays"); age && !age->is(JsonKind::null))
      rung.max_age_days = step.integer("maxAgeDays", 0, most);
    rung.require_figures = step.has("requireFigures") ? step.required_flag("requireFigures") : rung.require_pins;
    rung.require_signature =
        step.has("requireSignedEvidence") ? step.required_flag("requireSignedEvidence") : rung.require_pins;
    rung.remote = step.has("deployment") ? step.text("deployment") == "remote" : rung.hosted;
    if (step.has("allowedHosts")) rung.allowed_hosts = any_of(step, "allowedHosts");
    if (step.has("staleAfterDays")) rung.stale_after_days = step.integer("staleAfterDays", 1, most);
    rung.requires_below = step.required_flag("requiresBelow");
    ladder.rungs.push_back(std::move(rung));
  });
  ladder.profiles = root.strings("profiles", true);
  ladder.accepted_status = root.text("acceptedStatus");
  ladder.evidence_status = root.text("evidenceStatus");
  ladder.closed_status = root.text("closedStatus");
  return ladder;
}

RecordPlaces read_record(ObjectReader& record) {
  RecordPlaces places;
  places.scope = record.text("scope");
  places.template_scopes = record.strings("templateScopes", true);
  places.private_scope = record.text("privateScope");
  places.target_tier = record.text("targetTier");
  places.required_report_fields = record.text("requiredReportFields");
  places.items = record.text("items");
  places.id = record.text("id");
  places.blocking = record.text("blocking");
  places.status = record.text("status");
  places.pass_status = record.text("passStatus");
  places.fail_status = record.text("failStatus");
  places.pending_status = record.text("pendingStatus");
  places.not_applicable_status = record.text("notApplicableStatus");
  places.rationale = record.text("rationale");
  places.command = record.text("command");
  places.report = record.text("report");
  places.checksum = record.text("checksum");
  places.evidence = record.text("evidence");
  places.summary = record.text("summary");
  places.owner = record.text("owner");
  places.complete = record.strings("complete", true);
  places.published = record.strings("published", false);
  return places;
}

ReportPlaces read_report(ObjectReader& report) {
  ReportPlaces places;
  places.command = report.text("command");
  places.evidence_commands = report.text("evidenceCommands");
  places.commit_sha = report.text("commitSha");
  places.image_digests = report.text("imageDigests");
  places.started_at = report.text("startedAt");
  places.finished_at = report.text("finishedAt");
  places.duration_ms = report.text("durationMs");
  places.status = report.text("status");
  places.environment_profile = report.text("environmentProfile");
  places.profile_keys = report.strings("profileKeys", true);
  places.tier_keys = report.strings("tierKeys", true);
  return places;
}

Contradictions read_contradictions(ObjectReader& object) {
  Contradictions rules;
  rules.verdict_keys = folded_texts(object, "verdictKeys");
  rules.pass_values = lower_texts(object, "passValues");
  rules.fail_values = lower_texts(object, "failValues");
  rules.failure_lists = folded_texts(object, "failureLists");
  rules.failure_counts = folded_texts(object, "failureCounts");
  rules.check_lists = folded_texts(object, "checkLists");
  rules.status_keys = folded_texts(object, "checkStatusKeys");
  rules.zero_keys = folded_texts(object, "zeroKeys");
  rules.false_keys = folded_texts(object, "falseKeys");
  rules.true_keys = folded_texts(object, "trueKeys", false);
  rules.history = object.text("history");
  rules.none_values = lower_texts(object, "noneValues", false);
  rules.false_values = lower_texts(object, "falseValues", false);
  rules.denials = matcher(object, "denials", false);
  rules.failures = matcher(object, "failures", false);
  rules.failed_line = matcher(object, "failedLine", false);
  object.object("words", "words", false, [&](ObjectReader& words) {
    rules.fail_words = lower_texts(words, "fail", false);
    rules.pass_words = lower_texts(words, "pass", false);
    rules.status_words = lower_texts(words, "status", false);
    rules.result_words = lower_texts(words, "result", false);
    rules.neutral_words = lower_texts(words, "neutral", false);
    rules.negating_words = lower_texts(words, "negating", false);
    rules.tolerated_counts = lower_texts(words, "toleratedCounts", false);
  });
  rules.measures = folded_texts(object, "measures", false);
  rules.passed_counts = folded_texts(object, "passedCounts", false);
  rules.totals = folded_texts(object, "totals", false);
  return rules;
}

DryRun read_dry_run(ObjectReader& object) {
  DryRun rules;
  rules.keys = folded_texts(object, "keys");
  rules.fields = folded_texts(object, "fields");
  rules.pattern = matcher(object, "pattern");
  rules.output = matcher(object, "output", false);
  rules.flags = folded_texts(object, "flags", false);
  rules.mode_keys = folded_texts(object, "modeKeys", false);
  rules.modes = lower_texts(object, "modes", false);
  rules.true_values = lower_texts(object, "trueValues", false);
  rules.false_values = lower_texts(object, "falseValues", false);
  return rules;
}

Placeholders read_placeholders(ObjectReader& object) {
  Placeholders rules;
  rules.pattern = any_of(object, "patterns");
  rules.empty_words = any_of(object, "emptyWords", false);
  object.object("repeated", "repeated", true, [&](ObjectReader& repeated) {
    rules.repeated_prefixes = repeated.strings("prefixes", true);
    rules.repeated_length = static_cast<std::size_t>(std::max<std::int64_t>(repeated.integer("minLength", 0, most), 2));
  });
  rules.exempt = object.strings("exempt", true);
  if (object.has("exemptForms")) rules.exempt_forms = any_of(object, "exemptForms");
  rules.implausible = any_of(object, "implausible", false);
  return rules;
}

Affirmations read_affirmations(ObjectReader& object) {
  Affirmations rules;
  rules.in = object.strings("in", true);
  rules.neutral = matcher(object, "neutral", false);
  rules.struck = matcher(object, "struck", false);
  if (object.has("verb")) rules.verb = matcher(object, "verb");
  rules.negated_before = matcher(object, "negatedBefore");
  rules.negated_after = matcher(object, "negatedAfter");
  object.members("words", true, [&](const JsonValue::Member& word) {
    ObjectReader entry = object.at(word.value, "word");
    rules.words[std::string(word.name())] = {matcher(entry, "pattern"), text_or_null(entry, "field").value_or("")};
  });
  return rules;
}

ItemPolicy read_item(ObjectReader& entry) {
  ItemPolicy policy;
  policy.must_name = entry.strings("mustName", false);
  policy.duration_field = text_or_null(entry, "durationField").value_or("");
  policy.figures = text_or_null(entry, "figures").value_or("");
  policy.must_affirm = entry.strings("mustAffirm", false);
  return policy;
}

void check_affirmations(ObjectReader& root, const Policy& policy) {
  for (const auto& [item, rules] : policy.items) {
    for (const std::string& word : rules.must_affirm) {
      if (!policy.affirmations.words.contains(word))
        root.refuse("item " + item + " must affirm \"" + word + "\", which is not described");
    }
  }
}

}  // namespace

base::Result<Matcher> Matcher::compile(const JsonValue& text) { return compile(text, std::string(text.string())); }

base::Result<Matcher> Matcher::whole(const JsonValue& text) {
  return compile(text, "^(?:" + std::string(text.string()) + ")$");
}

base::Result<Matcher> Matcher::compile(const JsonValue& text, std::string expression) {
  rules::Pattern pattern(std::move(expression), text.document().path(), text.span().begin);
  // What is built in was compiled by a test; it is compiled again when it is needed.
  if (text.document().path().starts_with("builtin:")) return Matcher(std::move(pattern));
  if (auto compiled = pattern.compiled(); !compiled) return compiled.error();
  return Matcher(std::move(pattern));
}

base::Result<Matcher> Matcher::any_of(const JsonValue& list) {
  std::string joined;
  for (const JsonValue one : list.elements()) {
    if (const auto alone = compile(one); !alone) return alone;
    joined += (joined.empty() ? "(?:" : "|(?:") + std::string(one.string()) + ")";
  }
  return Matcher(rules::Pattern(std::move(joined), list.document().path(), list.span().begin));
}

std::optional<std::pair<std::size_t, std::size_t>> Matcher::find(std::string_view text, std::size_t from) const {
  if (!pattern_ || from > text.size()) return std::nullopt;
  const re2::RE2& expression = **pattern_->compiled();
  re2::StringPiece groups[2];
  const int wanted = expression.NumberOfCapturingGroups() > 0 ? 2 : 1;
  const re2::StringPiece subject(text.data(), text.size());
  if (!expression.Match(subject, from, text.size(), re2::RE2::UNANCHORED, groups, wanted)) return std::nullopt;
  const re2::StringPiece& hit = wanted == 2 && groups[1].data() != nullptr ? groups[1] : groups[0];
  const auto begin = static_cast<std::size_t>(hit.data() - text.data());
  return std::pair(begin, begin + hit.size());
}

const Rung* Ladder::by_claim(std::string_view claim) const {
  const auto rung = std::find_if(rungs.begin(), rungs.end(), [&](const Rung& one) { return one.claim == claim; });
  return rung == rungs.end() ? nullptr : &*rung;
}

const Rung* Ladder::by_record_tier(std::string_view tier) const {
  const auto rung = std::find_if(rungs.begin(), rungs.end(), [&](const Rung& one) { return one.record_tier == tier; });
  return rung == rungs.end() ? nullptr : &*rung;
}

std::vector<std::string> Ladder::claims() const {
  std::vector<std::string> names;
  for (const Rung& rung : rungs) names.push_back(rung.claim);
  return names;
}

base::Result<Policy> load_policy(const document::JsonDocument& tiers) {
  std::optional<base::Error> error;
  Policy policy;
  ObjectReader root(tiers.root(), "tier ladder", error, tier_ladder_options);
  policy.ladder = read_ladder(root);
  policy.images = root.strings("images", true);
  root.object("matrix", "matrix", true, [&](ObjectReader& matrix) {
    policy.matrix = {matrix.text("tiers"), matrix.text("claimStatus"), matrix.text("items"),
                     matrix.text("itemCommands")};
  });
  root.object("record", "record", true, [&](ObjectReader& record) { policy.record = read_record(record); });
  root.object("report", "report", true, [&](ObjectReader& report) { policy.report = read_report(report); });
  policy.pass_statuses = root.strings("passStatuses", true);
  root.object("contradictions", "contradictions", true,
              [&](ObjectReader& object) { policy.contradictions = read_contradictions(object); });
  root.object("dryRun", "dryRun", true, [&](ObjectReader& object) { policy.dry_run = read_dry_run(object); });
  root.object("placeholders", "placeholders", true,
              [&](ObjectReader& object) { policy.placeholders = read_placeholders(object); });
  root.object("secretKeys", "secretKeys", true, [&](ObjectReader& object) {
    policy.secret_keys.pattern = matcher(object, "keyPattern");
    object.object("allowed", "allowed", true, [&](ObjectReader& allowed) {
      policy.secret_keys.allowed_suffixes = allowed.strings("suffixes", true);
    });
  });
  root.objects("privateValues", "private value", true, [&](ObjectReader& entry) {
    PrivateValue value{entry.text("name"), matcher(entry, "pattern"), std::nullopt};
    if (entry.has("allow")) value.allow = matcher(entry, "allow");
    policy.private_values.push_back(std::move(value));
  });
  root.object("hosts", "hosts", false, [&](ObjectReader& hosts) {
    policy.address_places = hosts.strings("places", true);
    policy.local_hosts = any_of(hosts, "local");
  });
  root.object("time", "time", true, [&](ObjectReader& time) {
    policy.duration_tolerance = time.integer("durationToleranceMs", 0, most);
    policy.future_tolerance = time.integer("futureToleranceMs", 0, most);
    if (time.has("longestRunMs")) policy.longest_run = time.integer("longestRunMs", 0, most);
  });
  root.objects("runLengths", "run length", false, [&](ObjectReader& entry) {
    policy.run_lengths.push_back({entry.text("names"), entry.text("field")});
  });
  root.object("commands", "commands", false, [&](ObjectReader& commands) {
    if (!commands.strings("mayVary", true).empty()) policy.may_vary = any_of(commands, "mayVary");
  });
  root.object("targets", "targets", true,
              [&](ObjectReader& targets) { policy.target_profiles = targets.text("profiles"); });
  root.object("attach", "attach", true, [&](ObjectReader& attach) {
    policy.attach = {attach.strings("reports", true), attach.strings("environmentProfile", true),
                     attach.strings("verdicts", true), attach.text("checks")};
  });
  root.members("items", true, [&](const JsonValue::Member& item) {
    ObjectReader entry = root.at(item.value, "item");
    policy.items[std::string(item.name())] = read_item(entry);
  });
  root.object("affirmations", "affirmations", true,
              [&](ObjectReader& object) { policy.affirmations = read_affirmations(object); });
  check_affirmations(root, policy);
  if (policy.ladder.rungs.empty()) root.refuse("the ladder has no tier");
  if (error) return *error;
  return policy;
}

base::Result<Placeholders> load_placeholders(const document::JsonDocument& tiers) {
  std::optional<base::Error> error;
  Placeholders placeholders;
  ObjectReader root(tiers.root(), "tier ladder", error, tier_ladder_options);
  root.object("placeholders", "placeholders", true,
              [&](ObjectReader& object) { placeholders = read_placeholders(object); });
  if (error) return *error;
  return placeholders;
}

std::optional<JsonValue> find_at(const JsonValue& value, std::string_view pointer) {
  const auto segments = document::split_pointer(pointer);
  if (!segments) return std::nullopt;
  std::optional<JsonValue> at = value;
  for (const std::string& segment : *segments) {
    if (!at->is(JsonKind::object)) return std::nullopt;
    at = at->find(segment);
    if (!at) return std::nullopt;
  }
  return at;
}

std::string_view string_at(const JsonValue& value, std::string_view pointer) {
  const auto found = find_at(value, pointer);
  return found ? found->string() : std::string_view();
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace launchgate::evidence
