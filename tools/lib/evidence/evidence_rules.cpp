#include "lib/evidence/findings.hpp"

#include <algorithm>
#include <stdexcept>

namespace launchgate::evidence {
namespace {

using finding::RuleInfo;
using finding::Severity;

struct Entry {
  Severity severity;
  std::string_view name;
  std::string_view summary;
  std::string_view help;
  std::string_view why;
  std::string_view wrong = {};
  std::string_view right = {};
};

constexpr Entry entries[] = {
    {Severity::error, "affirmation", "the evidence does not say that something was done",
     "set the report's field to true, or affirm it in a sentence without a negation",
     "\"no rollback, no drain\" holds the words and denies them", R"("publicRedactedSummary": "no drain")",
     R"("rollback": {"drain": true})"},
    {Severity::error, "checksum", "the checksum is neither sha256:<64 hex digits> nor artifact:<immutable id>",
     "attach the evidence with `launchgate-record attach`, which computes it",
     "without a checksum, the evidence can change after the decision", R"("checksum": "sha256:abc")", ""},
    {Severity::warning, "checksum-shared", "one checksum stands for two runs, or for an image",
     "attach the file that each run left behind", "one file seldom proves two runs; an archive of all evidence may"},
    {Severity::error, "claim-status", "the evidence matrix does not let this tier be claimed",
     "collect what the tier is blocked by, and change its claim status in a reviewed commit",
     "private evidence does not widen what the project claims in public", R"("claimStatus": "not-claimed")",
     R"("claimStatus": "requires-private-ops-evidence")"},
    {Severity::error, "commit", "a report has no commit of 40 hexadecimal digits",
     "record the evidence again with the full commit", "an abbreviated commit may name another one later",
     R"("commitSha": "3f78685")", ""},
    {Severity::error, "commit-differs", "two items are evidence of different commits",
     "run every item against one build", "each build alone would be proved in part only"},
    {Severity::error, "contradiction", "a passing report holds something that is no pass",
     "look at the run: attach evidence whose parts agree with its status",
     "a status is typed easily; the failed check beside it is what happened", R"("status": "pass", "verdict": "no-go")",
     R"("status": "pass", "verdict": "go")"},
    {Severity::error, "digest", "a report has no image digest sha256:<64 hex digits>",
     "record the evidence again with the digests of the deployed images", "a tag can be moved, a digest cannot",
     R"("cloud": "latest")", ""},
    {Severity::error, "digest-differs", "two items are evidence of different images",
     "run every item against one deployment", "each deployment alone would be proved in part only"},
    {Severity::warning, "digest-shared", "two images have one digest", "compare it with what was pushed",
     "one image may serve two roles; more often a digest was copied"},
    {Severity::error, "dry-run", "the evidence comes from a dry run", "run it for real",
     "a dry run shows that the command starts, not that the service holds", R"("command": "pnpm drill -- --dry-run")",
     R"("command": "pnpm drill")"},
    {Severity::error, "duplicate-key", "a key stands twice in one object", "remove one of them",
     "two readers would take different values", R"({"status": "fail", "status": "pass"})", R"({"status": "pass"})"},
    {Severity::error, "duration", "durationMs is no positive number, or not the time from start to finish",
     "record the run again; never edit times by hand",
     "three numbers that cannot all be true mean that at least one was typed", "", ""},
    {Severity::error, "environment", "the report's environment profile is not an object", "record the evidence again",
     "evidence of an unnamed environment proves nothing about this one"},
    {Severity::error, "environment-profile", "the report was made against another target profile",
     "run it against the tier's profile", "a lower profile asks for less", R"("profileName": "local")", ""},
    {Severity::error, "environment-tier", "the report was made for another tier", "record the evidence for this tier",
     "evidence does not move up the ladder by itself"},
    {Severity::error, "evidence-commands", "evidenceCommands lacks a command, or is no list of commands",
     "run what is missing with `launchgate-record run --item ITEM -- COMMAND`",
     "each required command proves a part of the item"},
    {Severity::error, "evidence-file", "the evidence's file is missing, or is not what its checksum says",
     "restore the file, or attach the evidence again", "a checksum proves something only when someone compares it"},
    {Severity::error, "expected-commit", "the evidence is of another commit than the release",
     "record the evidence for the release's commit", "what was tested is not what would be released"},
    {Severity::error, "expected-digest", "the evidence is of another image than the one pushed",
     "record the evidence for the pushed images", "what was tested is not what would be released"},
    {Severity::error, "future", "a timestamp lies in the future", "set the clock right and record the run again",
     "a run that has not happened yet proves nothing"},
    {Severity::error, "image-file", "the file with the pushed image's digest has no digest sha256:<64 hex digits>",
     "pass the file that the image build wrote, with a member \"digest\"",
     "without it the promotion would not be pinned"},
    {Severity::error, "figures-disagree", "figures of a run's report cannot be true together",
     "attach the report that the load engine wrote, unchanged",
     "one number is typed easily; the sums, rates and percentiles beside it are what was measured"},
    {Severity::error, "gate-rejudged", "a gate of a run's report does not follow from the report's own figures",
     "run it again; attach the report that the load engine wrote, unchanged",
     "a verdict is a word; the figures against the committed thresholds decide"},
    {Severity::warning, "implausible", "a checksum, digest or commit looks invented",
     "record the evidence again, so that tools compute it", "nobody's hash is one digit repeated, or a pun",
     R"("checksum": "sha256:1111…")", ""},
    {Severity::error, "inputs-changed", "a run was made from other files than the committed ones",
     "run it again from the commit that is to be promoted",
     "targets or operations of one's own making prove nothing about the committed ones"},
    {Severity::error, "item-blocking", "an item is marked as not blocking", "set it to true",
     "an item that does not block could be left out unseen"},
    {Severity::error, "item-incomplete", "a field of an item that a go needs is missing", "fill it in",
     "the decision could not be followed up later"},
    {Severity::error, "item-missing", "the record has no entry for an evidence item",
     "add the entry from the template and fill it in", "a blocking item that is missing stops every promotion"},
    {Severity::error, "item-status", "an item's status is not the passing one",
     "collect the evidence, then set the status with `launchgate-record run` or `attach`",
     "pending, failed and inapplicable items satisfy nothing"},
    {Severity::error, "item-twice", "two entries are about the same item", "keep one",
     "two readers could take different entries"},
    {Severity::error, "item-unknown", "the record has an item that the evidence matrix does not know", "correct the id",
     "evidence under another name counts for nothing"},
    {Severity::error, "must-name", "the evidence commands do not name a command that this item must have",
     "run it and record it", "the item is about that very command"},
    {Severity::error, "not-remote", "a run was made against no remote deployment",
     "run it against the deployment; where a private network is the deployment, say so with allowedHosts in the ladder",
     "what holds on one machine shows nothing about the deployment", R"("cloudUrl": "http://127.0.0.1:8787")", ""},
    {Severity::error, "placeholder", "a value is still a placeholder", "put the real value there",
     "a placeholder says that nobody has looked", R"("owner": "TBD")", R"("owner": "release manager")"},
    {Severity::error, "private-key", "a key names a secret",
     "remove it; a boolean whose name ends in Provided, Configured or Enabled may stay",
     "records are copied, mailed and archived; secrets must not travel with them", R"("databaseUrl": "{x}")",
     R"("databaseUrlConfigured": true)"},
    {Severity::error, "private-value", "a value looks private",
     "replace it by a neutral description and keep the original in the private evidence",
     "records are copied, mailed and archived; private values must not travel with them"},
    {Severity::error, "profile-mismatch", "a run was not made against the committed target profile",
     "run it with the profile of the tier, and leave nothing out",
     "thresholds and targets of one's own making are easily met"},
    {Severity::error, "report-command", "the report is about another command than the item",
     "record a run of the item's command", "evidence of another command proves another thing"},
    {Severity::error, "report-field", "a required field of the report is missing",
     "record the evidence again with `launchgate-record run`",
     "each field is what ties the evidence to the build, the time or the environment"},
    {Severity::error, "report-missing", "an item has no report", "record it with `launchgate-record run` or `attach`",
     "a status without a report is a claim"},
    {Severity::error, "report-status", "the report's status is not a pass", "mend the cause and run it again",
     "only a pass is a pass"},
    {Severity::error, "rung-skipped", "a tier below is not open, so this one cannot be reached",
     "open the tiers below first", "each tier's evidence builds on the tier below"},
    {Severity::warning, "says-only", "evidence of a run shows none of its figures",
     "attach the JSON report of the run with `launchgate-record attach`",
     "a report that only says how it ended can be typed"},
    {Severity::error, "short", "the run was shorter than the target profile asks for",
     "run it for the profile's whole duration", "what goes wrong after hours is not seen in minutes"},
    {Severity::error, "stale", "the evidence is older than allowed", "run it again", "the service has changed since"},
    {Severity::error, "target-tier", "the record is for another tier",
     "make a record for this tier with `launchgate-record init`", "evidence does not move up the ladder by itself"},
    {Severity::error, "signature-invalid", "evidence is not what was signed, or no trusted key signed it",
     "attach report and envelope as the run wrote them, and give the public key of who ran it",
     "a signature binds a report, its timeline and its log to the machine that measured; what was typed afterwards has "
     "none"},
    {Severity::error, "template", "the record is the committed public template",
     "make a private record with `launchgate-record init` and fill it in", "the template holds no evidence"},
    {Severity::error, "timeline-disagrees", "the timeline of a run does not make its report",
     "attach the report and the timeline that the load engine wrote, both unchanged",
     "every second of a run stands in its timeline; better figures than those were typed"},
    {Severity::error, "timestamp",
     "a timestamp is no RFC 3339 date-time with an offset, or start and finish are not in order",
     "record the run again", "without an offset the time is known to a day at best",
     R"("startedAt": "2026-02-01 10:00")", R"("startedAt": "2026-02-01T10:00:00Z")"},
    {Severity::error, "unverifiable", "a checksum cannot be compared with any file here",
     "give the folder of the evidence with --evidence-root",
     "a checksum proves something only when someone compares it"},
    {Severity::error, "unpinned", "the promotion is not bound to a commit and image digests from outside the record",
     "pass --expected-commit-sha and the image files that the build wrote",
     "the record alone says which build it is about; a record of an old build would pass again"},
    {Severity::error, "unsigned", "nobody signed the evidence, or no key is given to verify it with",
     "make runs with --sign-key, attach them, and give --evidence-key PUB.pem",
     "without a signature, whoever edits the record can write any result"},
    {Severity::note, "withdrawn-run", "a run was withdrawn, and counts no longer",
     "read the reason; the run's log has the digest that stands in the record",
     "a run that disappears leaves nobody who could ask why"},
    {Severity::error, "unreadable", "a file that the promotion needs could not be read",
     "check its path and permissions", "what cannot be read is never a pass"},
};

std::vector<RuleInfo> make_rules() {
  std::vector<RuleInfo> rules;
  for (const Entry& one : entries) {
    rules.push_back({"promotion/" + std::string(one.name), one.severity, std::string(one.summary),
                     std::string(one.help), std::string(one.why), std::string(one.wrong), std::string(one.right)});
  }
  std::sort(rules.begin(), rules.end(), [](const RuleInfo& a, const RuleInfo& b) { return a.id < b.id; });
  return rules;
}

}  // namespace

const std::vector<RuleInfo>& evidence_rules() {
  static const std::vector<RuleInfo> rules = make_rules();
  return rules;
}

const RuleInfo& evidence_rule(std::string_view name) {
  for (const RuleInfo& rule : evidence_rules()) {
    if (std::string_view(rule.id).substr(rule.id.find('/') + 1) == name) return rule;
  }
  throw std::logic_error("unknown rule " + std::string(name));
}

}  // namespace launchgate::evidence
