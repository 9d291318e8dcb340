#include "lib/evidence/policy.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "lib/base/ascii.hpp"
#include "lib/evidence/believable.hpp"

namespace launchgate::evidence {
namespace {

using document::JsonKind;
using document::JsonValue;

// Reads members and keeps the first error, so that a loader is a list of fields.
class Reader {
 public:
  Reader(const JsonValue& object, std::optional<base::Error>& error) : object_(object), error_(error) {}

  std::string text(std::string_view name) {
    const auto value = member(name, JsonKind::string);
    return value ? std::string(value->string()) : std::string();
  }
  std::optional<std::string> text_or_null(std::string_view name) {
    const auto value = object_.find(name);
    if (!value || value->is(JsonKind::null)) return std::nullopt;
    return text(name);
  }
  std::vector<std::string> texts(std::string_view name) {
    std::vector<std::string> words;
    if (const auto list = member(name, JsonKind::array)) {
      for (const JsonValue word : list->elements()) {
        if (!word.is(JsonKind::string)) refuse(word, "must be a string");
        words.emplace_back(word.string());
      }
    }
    return words;
  }
  std::vector<std::string> lower_texts(std::string_view name) {
    std::vector<std::string> words = texts(name);
    std::transform(words.begin(), words.end(), words.begin(), lower_case);
    return words;
  }
  std::vector<std::string> folded_texts(std::string_view name) {
    std::vector<std::string> words = texts(name);
    for (std::string& word : words) word = fold_key(word);
    return words;
  }
  // What may be left out.
  std::vector<std::string> lower_texts_if(std::string_view name) {
    return value(name) ? lower_texts(name) : std::vector<std::string>();
  }
  std::vector<std::string> folded_texts_if(std::string_view name) {
    return value(name) ? folded_texts(name) : std::vector<std::string>();
  }
  Matcher matcher_if(std::string_view name) { return value(name) ? matcher(name) : Matcher(); }
  template <typename Read>
  void object_if(std::string_view name, const Read& read) {
    if (value(name)) object(name, read);
  }
  bool flag_or(std::string_view name, bool otherwise) { return value(name) ? flag(name) : otherwise; }
  bool flag(std::string_view name) {
    const auto value = member(name, JsonKind::boolean);
    return value && value->boolean();
  }
  std::int64_t integer(std::string_view name) {
    const auto value = member(name, JsonKind::number);
    if (!value) return 0;
    const auto number = value->integer();
    if (!number) refuse(*value, "must be a whole number");
    return number.value_or(0);
  }
  Matcher matcher(std::string_view name) {
    const auto value = member(name, JsonKind::string);
    return value ? matcher(*value) : Matcher();
  }
  Matcher matcher(const JsonValue& value) {
    auto compiled = Matcher::compile(value);
    if (compiled) return std::move(*compiled);
    if (!error_) error_ = std::move(compiled).error();
    return {};
  }
  Matcher any_of(std::string_view name) {
    const auto list = member(name, JsonKind::array);
    if (!list) return {};
    auto compiled = Matcher::any_of(*list);
    if (compiled) return std::move(*compiled);
    if (!error_) error_ = std::move(compiled).error();
    return {};
  }
  std::optional<JsonValue> value(std::string_view name) const { return object_.find(name); }
  std::optional<JsonValue> member(std::string_view name, JsonKind kind) {
    const auto value = object_.find(name);
    if (value && value->is(kind)) return value;
    refuse(value.value_or(object_),
           "\"" + std::string(name) + "\" must be there and be a " + std::string(kind_name(kind)));
    return std::nullopt;
  }
  template <typename Read>
  void object(std::string_view name, const Read& read) {
    if (const auto value = member(name, JsonKind::object)) {
      Reader inner(*value, error_);
      read(inner);
    }
  }
  template <typename Read>
  void each(std::string_view name, const Read& read) {
    if (const auto list = member(name, JsonKind::array)) {
      for (const JsonValue element : list->elements()) {
        Reader inner(element, error_);
        read(inner);
      }
    }
  }
  void refuse(const JsonValue& at, std::string message) {
    if (error_) return;
    error_ =
        base::Error{base::ErrorCategory::configuration, at.document().path(), at.span().begin, std::move(message), ""};
  }

 private:
  JsonValue object_;
  std::optional<base::Error>& error_;
};

Ladder read_ladder(Reader& root) {
  Ladder ladder;
  root.each("ladder", [&](Reader& step) {
    Rung rung;
    rung.claim = step.text("claim");
    rung.matrix_tier = step.text("matrixTier");
    rung.evidence_profile = step.text("evidenceProfile");
    rung.record_tier = step.text_or_null("recordTier");
    rung.hosted = step.flag("hosted");
    rung.require_pins = step.flag("requirePins");
    if (const auto age = step.value("maxAgeDays"); age && !age->is(JsonKind::null))
      rung.max_age_days = step.integer("maxAgeDays");
    rung.require_figures = step.flag_or("requireFigures", rung.require_pins);
    rung.require_signature = step.flag_or("requireSignedEvidence", rung.require_pins);
    rung.remote = step.value("deployment") ? step.text("deployment") == "remote" : rung.hosted;
    if (step.value("allowedHosts")) rung.allowed_hosts = step.any_of("allowedHosts");
    if (step.value("staleAfterDays")) rung.stale_after_days = step.integer("staleAfterDays");
    rung.requires_below = step.flag("requiresBelow");
    ladder.rungs.push_back(std::move(rung));
  });
  ladder.profiles = root.texts("profiles");
  ladder.accepted_status = root.text("acceptedStatus");
  ladder.evidence_status = root.text("evidenceStatus");
  ladder.closed_status = root.text("closedStatus");
  return ladder;
}

RecordPlaces read_record(Reader& record) {
  RecordPlaces places;
  places.scope = record.text("scope");
  places.template_scopes = record.texts("templateScopes");
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
  places.complete = record.texts("complete");
  return places;
}

ReportPlaces read_report(Reader& report) {
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
  places.profile_keys = report.texts("profileKeys");
  places.tier_keys = report.texts("tierKeys");
  return places;
}

Contradictions read_contradictions(Reader& object) {
  Contradictions rules;
  rules.verdict_keys = object.folded_texts("verdictKeys");
  rules.pass_values = object.lower_texts("passValues");
  rules.fail_values = object.lower_texts("failValues");
  rules.failure_lists = object.folded_texts("failureLists");
  rules.failure_counts = object.folded_texts("failureCounts");
  rules.check_lists = object.folded_texts("checkLists");
  rules.status_keys = object.folded_texts("checkStatusKeys");
  rules.zero_keys = object.folded_texts("zeroKeys");
  rules.false_keys = object.folded_texts("falseKeys");
  rules.true_keys = object.folded_texts_if("trueKeys");
  rules.history = object.text("history");
  rules.none_values = object.lower_texts_if("noneValues");
  rules.false_values = object.lower_texts_if("falseValues");
  rules.denials = object.matcher_if("denials");
  rules.failures = object.matcher_if("failures");
  rules.failed_line = object.matcher_if("failedLine");
  object.object_if("words", [&](Reader& words) {
    rules.fail_words = words.lower_texts_if("fail");
    rules.pass_words = words.lower_texts_if("pass");
    rules.status_words = words.lower_texts_if("status");
    rules.result_words = words.lower_texts_if("result");
    rules.neutral_words = words.lower_texts_if("neutral");
    rules.negating_words = words.lower_texts_if("negating");
    rules.tolerated_counts = words.lower_texts_if("toleratedCounts");
  });
  rules.measures = object.folded_texts_if("measures");
  rules.passed_counts = object.folded_texts_if("passedCounts");
  rules.totals = object.folded_texts_if("totals");
  return rules;
}

DryRun read_dry_run(Reader& object) {
  DryRun rules;
  rules.keys = object.folded_texts("keys");
  rules.fields = object.folded_texts("fields");
  rules.pattern = object.matcher("pattern");
  rules.output = object.matcher_if("output");
  rules.flags = object.folded_texts_if("flags");
  rules.mode_keys = object.folded_texts_if("modeKeys");
  rules.modes = object.lower_texts_if("modes");
  rules.true_values = object.lower_texts_if("trueValues");
  rules.false_values = object.lower_texts_if("falseValues");
  return rules;
}

Placeholders read_placeholders(Reader& object) {
  Placeholders rules;
  rules.pattern = object.any_of("patterns");
  if (object.value("emptyWords")) rules.empty_words = object.any_of("emptyWords");
  object.object("repeated", [&](Reader& repeated) {
    rules.repeated_prefixes = repeated.texts("prefixes");
    rules.repeated_length = static_cast<std::size_t>(std::max<std::int64_t>(repeated.integer("minLength"), 2));
  });
  rules.exempt = object.texts("exempt");
  if (object.value("exemptForms")) rules.exempt_forms = object.any_of("exemptForms");
  if (object.value("implausible")) rules.implausible = object.any_of("implausible");
  return rules;
}

Affirmations read_affirmations(Reader& object, std::optional<base::Error>& error) {
  Affirmations rules;
  rules.in = object.texts("in");
  rules.neutral = object.matcher_if("neutral");
  rules.struck = object.matcher_if("struck");
  if (object.value("verb")) rules.verb = object.matcher("verb");
  rules.negated_before = object.matcher("negatedBefore");
  rules.negated_after = object.matcher("negatedAfter");
  if (const auto words = object.member("words", JsonKind::object)) {
    for (const JsonValue::Member word : words->members()) {
      Reader entry(word.value, error);
      rules.words[std::string(word.name())] = {entry.matcher("pattern"), entry.text_or_null("field").value_or("")};
    }
  }
  return rules;
}

std::map<std::string, ItemPolicy> read_items(const JsonValue& items, std::optional<base::Error>& error) {
  std::map<std::string, ItemPolicy> policies;
  for (const JsonValue::Member member : items.members()) {
    Reader entry(member.value, error);
    ItemPolicy& policy = policies[std::string(member.name())];
    if (entry.value("mustName")) policy.must_name = entry.texts("mustName");
    policy.duration_field = entry.text_or_null("durationField").value_or("");
    policy.figures = entry.text_or_null("figures").value_or("");
    if (entry.value("mustAffirm")) policy.must_affirm = entry.texts("mustAffirm");
  }
  return policies;
}

}  // namespace

base::Result<Matcher> Matcher::compile(const JsonValue& text) {
  rules::Pattern pattern(std::string(text.string()), text.document().path(), text.span().begin);
  // What is built in was compiled by a test; it is compiled again when it is needed.
  if (text.document().path().starts_with("builtin:")) return Matcher(std::move(pattern));
  if (auto compiled = pattern.compiled(); !compiled) return std::move(compiled).error();
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
  Reader root(tiers.root(), error);
  policy.ladder = read_ladder(root);
  policy.images = root.texts("images");
  root.object("matrix", [&](Reader& matrix) {
    policy.matrix = {matrix.text("tiers"), matrix.text("claimStatus"), matrix.text("items"),
                     matrix.text("itemCommands")};
  });
  root.object("record", [&](Reader& record) { policy.record = read_record(record); });
  root.object("report", [&](Reader& report) { policy.report = read_report(report); });
  policy.pass_statuses = root.texts("passStatuses");
  root.object("contradictions", [&](Reader& object) { policy.contradictions = read_contradictions(object); });
  root.object("dryRun", [&](Reader& object) { policy.dry_run = read_dry_run(object); });
  root.object("placeholders", [&](Reader& object) { policy.placeholders = read_placeholders(object); });
  root.object("secretKeys", [&](Reader& object) {
    policy.secret_keys.pattern = object.matcher("keyPattern");
    object.object("allowed", [&](Reader& allowed) { policy.secret_keys.allowed_suffixes = allowed.texts("suffixes"); });
  });
  root.each("privateValues", [&](Reader& entry) {
    PrivateValue value{entry.text("name"), entry.matcher("pattern"), std::nullopt};
    if (entry.value("allow")) value.allow = entry.matcher("allow");
    policy.private_values.push_back(std::move(value));
  });
  root.object_if("hosts", [&](Reader& hosts) {
    policy.address_places = hosts.texts("places");
    policy.local_hosts = hosts.any_of("local");
  });
  root.object("time", [&](Reader& time) {
    policy.duration_tolerance = time.integer("durationToleranceMs");
    policy.future_tolerance = time.integer("futureToleranceMs");
    if (time.value("longestRunMs")) policy.longest_run = time.integer("longestRunMs");
  });
  if (root.value("runLengths"))
    root.each("runLengths", [&](Reader& entry) {
      policy.run_lengths.push_back({entry.text("names"), entry.text("field")});
    });
  root.object("targets", [&](Reader& targets) { policy.target_profiles = targets.text("profiles"); });
  root.object("attach", [&](Reader& attach) {
    policy.attach = {attach.texts("reports"), attach.texts("environmentProfile"), attach.texts("verdicts"),
                     attach.text("checks")};
  });
  if (const auto items = root.member("items", JsonKind::object)) policy.items = read_items(*items, error);
  root.object("affirmations", [&](Reader& object) { policy.affirmations = read_affirmations(object, error); });

  for (const auto& [item, rules] : policy.items) {
    for (const std::string& word : rules.must_affirm) {
      if (!policy.affirmations.words.contains(word))
        root.refuse(tiers.root(), "item " + item + " must affirm \"" + word + "\", which is not described");
    }
  }
  if (policy.ladder.rungs.empty()) root.refuse(tiers.root(), "the ladder has no tier");
  if (error) return *error;
  return policy;
}

base::Result<Placeholders> load_placeholders(const document::JsonDocument& tiers) {
  std::optional<base::Error> error;
  Placeholders placeholders;
  Reader root(tiers.root(), error);
  root.object("placeholders", [&](Reader& object) { placeholders = read_placeholders(object); });
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

std::string lower_case(std::string_view text) {
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(), base::lower);
  return folded;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace launchgate::evidence
