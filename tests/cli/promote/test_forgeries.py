"""Every way to fool the gate that we know of, each refused with exit 1 and a reason that names the item or what is wrong."""

import copy
import datetime
import hashlib
import json
import os
import unittest

from evidence import COMMIT, DIGESTS, TEMPLATE, EvidenceTest, stamp, utc_now

ITEM = "workerFailover"
ALONE = "byokRedactionNoPlaintext"  # its evidence is of no other item
OTHER = "3f7868512aa0d4be7bc2a1d0b2f9e1a07c5d9e65"


def at(*path):
    """Sets or deletes below an item: at("report", "status")("fail")."""
    def setter(value, item=ITEM):
        def change(record):
            place = next(one for one in record["requiredEvidence"] if one["id"] == item)
            for key in path[:-1]:
                place = place[key]
            if value is DELETE:
                del place[path[-1]]
            else:
                place[path[-1]] = value
        return change
    return setter


def each(*path):
    def setter(value):
        def change(record):
            for item in record["requiredEvidence"]:
                place = item
                for key in path[:-1]:
                    place = place[key]
                place[path[-1]] = value
        return change
    return setter


def top(key, value):
    def change(record):
        record[key] = value
    return change


DELETE = object()
report = lambda *path: at("report", *path)


def drop_item(record):
    record["requiredEvidence"] = [item for item in record["requiredEvidence"] if item["id"] != ITEM]


def double_item(record):
    record["requiredEvidence"].append(copy.deepcopy(next(item for item in record["requiredEvidence"] if item["id"] == ITEM)))


def rename_item(record):
    next(item for item in record["requiredEvidence"] if item["id"] == ITEM)["id"] = "workerFailOver"


def without_command(command, item):
    def change(record):
        commands = next(one for one in record["requiredEvidence"] if one["id"] == item)["report"]["evidenceCommands"]
        commands.remove(command)
    return change


def instead_of_command(command, other, item):
    def change(record):
        commands = next(one for one in record["requiredEvidence"] if one["id"] == item)["report"]["evidenceCommands"]
        commands[commands.index(command)] = other
    return change


def times(started, finished, duration, item=ITEM):
    def change(record):
        one = next(entry for entry in record["requiredEvidence"] if entry["id"] == item)["report"]
        one.update({"startedAt": started, "finishedAt": finished, "durationMs": duration})
        one.pop("runs", None)
    return change


def ago(hours, length_ms, item):
    finished = utc_now() - datetime.timedelta(hours=hours)
    return times(stamp(finished - datetime.timedelta(milliseconds=length_ms)), stamp(finished), length_ms, item)


def rollback(summary, **fields):
    def change(record):
        item = next(one for one in record["requiredEvidence"] if one["id"] == "releaseRollback")
        item["publicRedactedSummary"] = summary
        item["report"].update(fields)
    return change


def find(record, item):
    return next(one for one in record["requiredEvidence"] if one["id"] == item)


NOW = utc_now()
LATER = NOW + datetime.timedelta(days=2)

# what is forged: (change, texts of which all must be in the output)
FORGERIES = {
    # status of the item
    "pending": (at("status")("pending-private-evidence"), [ITEM, "must be private-pass"]),
    "failed": (at("status")("private-fail"), [ITEM, "must be private-pass"]),
    "not applicable": (lambda r: (at("status")("not-applicable-with-rationale")(r), at("rationale")("there are no workers in this deployment")(r)), [ITEM, "must be private-pass"]),
    "status in capitals": (at("status")("PRIVATE-PASS"), [ITEM, "must be private-pass"]),
    "status with a blank": (at("status")("private-pass "), [ITEM, "must be private-pass"]),
    "status as boolean": (at("status")(True), [ITEM, "must be private-pass"]),
    "not blocking": (at("blockingForPrivateBeta")(False), [ITEM, "must be true"]),
    "blocking as text": (at("blockingForPrivateBeta")("true"), [ITEM]),
    # items
    "item left out": (drop_item, [ITEM, "no entry"]),
    "item twice": (double_item, [ITEM, "twice"]),
    "item misspelt": (rename_item, [ITEM, "workerFailOver"]),
    "no items": (top("requiredEvidence", []), [ITEM]),
    "items as object": (lambda r: top("requiredEvidence", {item["id"]: item for item in r["requiredEvidence"]})(r), ["item-missing"]),
    # report
    "no report": (at("report")(DELETE), [ITEM, "no report"]),
    "report is null": (at("report")(None), [ITEM, "no object"]),
    "report is a text": (at("report")("see the ticket"), [ITEM, "no object"]),
    "report is a list": (at("report")([]), [ITEM, "no object"]),
    "report is empty": (at("report")({}), [ITEM, "has no command"]),
    "no command": (report("command")(DELETE), [ITEM, "report has no command"]),
    "another command": (report("command")("pnpm test"), [ITEM, "report.command"]),
    "command of both": (lambda r: (at("command")("pnpm test")(r), report("command")("pnpm test")(r)), [ITEM, "evidenceCommands must include pnpm test"]),
    "no evidence commands": (report("evidenceCommands")(DELETE), [ITEM, "evidenceCommands"]),
    "empty evidence commands": (report("evidenceCommands")([]), [ITEM, "must be a list"]),
    "evidence commands as text": (report("evidenceCommands")("pnpm deploy:failover:drill && pnpm ops:validate"), [ITEM, "must be a list"]),
    "a blank evidence command": (report("evidenceCommands")(["pnpm deploy:failover:drill", "pnpm ops:validate", " "]), [ITEM, "no command"]),
    "a number as command": (report("evidenceCommands")(["pnpm deploy:failover:drill", "pnpm ops:validate", 1]), [ITEM, "no command"]),
    "a required command missing": (without_command("pnpm ops:validate", ITEM), [ITEM, "evidenceCommands must include pnpm ops:validate"]),
    "own command missing": (without_command("pnpm deploy:failover:drill", ITEM), [ITEM, "evidenceCommands must include pnpm deploy:failover:drill"]),
    "a longer command instead": (instead_of_command("pnpm ops:validate", "pnpm ops:validate:quick", ITEM), [ITEM, "evidenceCommands must include pnpm ops:validate"]),
    "load without its command": (without_command("pnpm deploy:load:strict", "quotaRateLimitBehavior"), ["quotaRateLimitBehavior", "deploy:load:strict"]),
    "load not strict": (instead_of_command("pnpm deploy:load:strict", "pnpm deploy:load", "deployedLoadTest"), ["deployedLoadTest", "deploy:load:strict"]),
    "soak not strict": (instead_of_command("pnpm deploy:soak:strict", "pnpm deploy:soak", "deployedSoakTest"), ["deployedSoakTest", "deploy:soak:strict"]),
    "costs without the soak": (without_command("pnpm deploy:soak:strict", "costSloNotes"), ["costSloNotes", "deploy:soak:strict"]),
    # build
    "no commit": (report("commitSha")(DELETE), [ITEM, "commitSha"]),
    "short commit": (report("commitSha")("3f78685"), [ITEM, "40 hexadecimal"]),
    "a branch as commit": (report("commitSha")("main"), [ITEM, "40 hexadecimal"]),
    "zeros as commit": (report("commitSha")("0" * 40), [ITEM, "placeholder"]),
    "a letter beyond f": (report("commitSha")("g" * 40), [ITEM, "40 hexadecimal"]),
    "another commit": (report("commitSha")(OTHER), [ITEM, "differs from the other items"]),
    "another commit everywhere": (each("report", "commitSha")(OTHER), [ITEM, "must match expected release commit"]),
    "no digests": (report("imageDigests")(DELETE), [ITEM, "imageDigests"]),
    "digests as list": (report("imageDigests")(list(DIGESTS.values())), [ITEM, "imageDigests.cloud"]),
    "no gateway digest": (report("imageDigests", "gateway")(DELETE), [ITEM, "imageDigests.gateway is missing"]),
    "a tag as digest": (report("imageDigests", "cloud")("cloud:1.2.3"), [ITEM, "imageDigests.cloud"]),
    "digest without its algorithm": (report("imageDigests", "cloud")("4b1d7f0e" * 8), [ITEM, "imageDigests.cloud"]),
    "a short digest": (report("imageDigests", "cloud")("sha256:4b1d7f0e"), [ITEM, "imageDigests.cloud"]),
    "zeros as digest": (report("imageDigests", "cloud")("sha256:" + "0" * 64), [ITEM, "placeholder"]),
    "digests swapped": (report("imageDigests")({"cloud": DIGESTS["gateway"], "gateway": DIGESTS["cloud"]}), [ITEM, "differs"]),
    "another cloud image everywhere": (each("report", "imageDigests", "cloud")("sha256:" + "ab" * 32), [ITEM, "must match pushed cloud image digest"]),
    "another gateway image everywhere": (each("report", "imageDigests", "gateway")("sha256:" + "ab" * 32), [ITEM, "must match pushed gateway image digest"]),
    # time
    "no start": (report("startedAt")(DELETE), [ITEM, "startedAt"]),
    "start without offset": (report("startedAt")("2026-02-01T10:00:00"), [ITEM, "RFC 3339"]),
    "start with a blank": (report("startedAt")("2026-02-01 10:00:00Z"), [ITEM, "RFC 3339"]),
    "a date alone": (report("finishedAt")("2026-02-01"), [ITEM, "RFC 3339"]),
    "a day that is none": (report("startedAt")("2026-02-30T10:00:00Z"), [ITEM, "RFC 3339"]),
    "seconds since 1970": (report("startedAt")(1767261600), [ITEM, "RFC 3339"]),
    "words for a time": (report("finishedAt")("yesterday"), [ITEM, "RFC 3339"]),
    "finish before start": (times(stamp(NOW), stamp(NOW - datetime.timedelta(minutes=5)), 300000), [ITEM, "before"]),
    "in the future": (times(stamp(LATER - datetime.timedelta(minutes=5)), stamp(LATER), 300000), [ITEM, "in the future"]),
    "finish in the future": (times(stamp(NOW), stamp(LATER), 172800000), [ITEM, "in the future"]),
    "no duration": (report("durationMs")(DELETE), [ITEM, "durationMs"]),
    "duration as text": (report("durationMs")("22"), [ITEM, "no positive number"]),
    "duration of nothing": (report("durationMs")(0), [ITEM, "no positive number"]),
    "duration below nothing": (report("durationMs")(-300000), [ITEM, "no positive number"]),
    "duration of another run": (report("durationMs")(14400000), [ITEM, "apart"]),
    "a run of another length": (ago(2, 300000, ALONE), None),
    "a short soak": (ago(2, 300000, "deployedSoakTest"), ["deployedSoakTest", "report ran 5 min; profile private-beta asks for 4 h"]),
    "a soak of nearly four hours": (ago(2, 14399000, "deployedSoakTest"), ["deployedSoakTest", "asks for 4 h"]),
    "a short load": (ago(2, 120000, "deployedLoadTest"), ["deployedLoadTest", "asks for 5 min"]),
    # verdicts
    "report failed": (report("status")("fail"), [ITEM, "no pass"]),
    "report conditional": (report("status")("conditional-go"), [ITEM, "no pass"]),
    "report status missing": (report("status")(DELETE), [ITEM, "status"]),
    "report status as boolean": (report("status")(True), [ITEM, "no pass"]),
    "verdict says no": (report("verdict")("no-go"), [ITEM, "contradicts"]),
    "result says fail": (report("result")("fail"), [ITEM, "contradicts"]),
    "ok is false": (report("ok")(False), [ITEM, "contradicts"]),
    "ok is null": (report("ok")(None), [ITEM, "contradicts"]),
    "overall conditional": (report("overall")("conditional-go"), [ITEM, "contradicts"]),
    "outcome in capitals": (report("Outcome")("FAILED"), [ITEM, "contradicts"]),
    "verdict further down": (report("details")({"phase": {"verdict": "no-go"}}), [ITEM, "contradicts"]),
    "failed checks listed": (report("failedChecks")(["projection-lag"]), [ITEM, "contradicts"]),
    "failed checks counted": (report("failedChecks")(3), [ITEM, "contradicts"]),
    "a failed check in a list": (report("checks")([{"name": "a", "status": "pass"}, {"name": "projection-lag", "status": "fail"}]), [ITEM, "projection-lag"]),
    "a skipped check": (report("gates")({"checks": [{"name": "read-p95", "status": "skipped"}]}), [ITEM, "read-p95"]),
    "exit status of a failure": (report("exitStatus")(1), [ITEM, "exitStatus"]),
    "a failed run beneath": (report("runs", 0, "exitStatus")(2), [ITEM, "exitStatus"]),
    "a run of another length beneath": (report("runs", 0, "durationMs")(99999), [ITEM]),
    "timed out": (report("timedOut")(True), [ITEM, "timedOut"]),
    # dry runs
    "dry run by flag": (report("command")("pnpm deploy:failover:drill --dry-run"), [ITEM, "dry run"]),
    "dry run in another evidence command": (report("evidenceCommands")(["pnpm deploy:failover:drill", "pnpm ops:validate", "pnpm deploy:failover:drill -- --dry-run"]), [ITEM, "dry run"]),
    "dry run by script": (report("evidenceCommands")(["pnpm deploy:failover:drill", "pnpm ops:validate", "pnpm deploy:failover:drill:dry-run"]), [ITEM, "dry run"]),
    "dry run as member": (report("dryRun")(True), [ITEM, "dry run"]),
    "dry run as text member": (report("dry_run")("true"), [ITEM, "dry run"]),
    "dry run below": (report("options")({"dryRun": True}), [ITEM, "dry run"]),
    "dry run by mode": (report("mode")("dryrun"), [ITEM, "dry run"]),
    "dry run by flags": (report("flags")(["--strict", "--dry_run"]), [ITEM, "dry run"]),
    # environment
    "no environment": (report("sanitizedEnvironmentProfile")(DELETE), [ITEM, "sanitizedEnvironmentProfile"]),
    "environment as text": (report("sanitizedEnvironmentProfile")("private-beta"), [ITEM, "no object"]),
    "environment of a lower profile": (report("sanitizedEnvironmentProfile", "profileName")("local-self-host-beta"), [ITEM, "must be private-beta"]),
    "environment without profile": (report("sanitizedEnvironmentProfile", "profileName")(DELETE), [ITEM, "no target profile"]),
    "two profiles": (report("sanitizedEnvironmentProfile", "launchProfile")("public-beta"), [ITEM, "launchProfile"]),
    "environment of another tier": (report("sanitizedEnvironmentProfile", "targetTier")("public-beta"), [ITEM, "must be private-beta"]),
    "environment without tier": (report("sanitizedEnvironmentProfile", "targetTier")(DELETE), [ITEM, "no tier"]),
    "profile in capitals": (report("sanitizedEnvironmentProfile", "profileName")("Private-Beta"), [ITEM, "must be private-beta"]),
    # rollback
    "only negations": (rollback("No rollback, no revoke, no drain and no communication was needed."), ["releaseRollback", "no rollback evidence"]),
    "one negation for all": (rollback("There was no rollback, revoke, drain or communication."), ["releaseRollback", "no drain evidence"]),
    "negated afterwards": (rollback("Rollback, revoke, drain and communication were not tested."), ["releaseRollback", "no revoke evidence"]),
    "planned only": (rollback("Rollback, revoke, drain and communication are planned."), ["releaseRollback", "no communication evidence"]),
    "in the future tense": (rollback("We will rehearse rollback, revoke, drain and communication."), ["releaseRollback", "no rollback evidence"]),
    "no drain": (rollback("The rollback was rehearsed, the release was revoked and the communication went out."), ["releaseRollback", "no drain evidence"]),
    "a question": (rollback("Rollback? Revoke? Drain? Communication?"), ["releaseRollback", "no rollback evidence"]),
    "fields that deny": (rollback("The rollback was rehearsed: revoked, drained, communication sent.", rollback={"revoke": True, "drain": False, "communication": True}), ["releaseRollback", "drain is denied"]),
    "fields that deny in words": (rollback("Fine.", rollback={"revoke": "done", "drain": "not needed", "communication": "sent"}), ["releaseRollback", "drain"]),
    "a rollback that failed": (rollback("Rollback, revoke, drain and communication were cancelled."), ["releaseRollback", "no rollback evidence"]),
    "a rollback that is scheduled": (rollback("Scheduled: rollback, revoke, drain, communication."), ["releaseRollback", "no rollback evidence"]),
    # the evidence itself
    "the checksum of an empty file": (at("checksum")("sha256:" + hashlib.sha256(b"").hexdigest()), [ITEM, "placeholder"]),
    "the checksum of an empty file in capitals": (at("checksum")("sha256:" + hashlib.sha256(b"").hexdigest().upper()), [ITEM, "placeholder"]),
    "another commit beneath": (report("details")({"commitSha": OTHER}), [ITEM, "beneath is about commit"]),
    "a run beneath in the future": (report("runs", 1)({"command": "pnpm ops:validate", "startedAt": stamp(LATER), "finishedAt": stamp(LATER), "durationMs": 1}), [ITEM, "in the future"]),
    "a run beneath that ends before it starts": (report("details")({"startedAt": stamp(NOW), "finishedAt": stamp(NOW - datetime.timedelta(hours=1))}), [ITEM, "before"]),
    "a run of years": (times("1971-01-01T00:00:00Z", stamp(NOW), int((NOW - datetime.datetime(1971, 1, 1, tzinfo=datetime.timezone.utc)).total_seconds() * 1000), "deployedSoakTest"), ["deployedSoakTest", "nothing runs longer"]),
    "a short load for the quotas": (ago(2, 120000, "quotaRateLimitBehavior"), ["quotaRateLimitBehavior", "asks for 5 min"]),
    "a short soak for the costs": (ago(2, 300000, "costSloNotes"), ["costSloNotes", "asks for 4 h"]),
    "a short soak beneath": (report("runs", 1)({"command": "pnpm deploy:soak:strict", "durationMs": 5}), [ITEM, "asks for 4 h"]),
    "the future by an offset": (times(NOW.strftime("%Y-%m-%dT%H:%M:%S-23:59"), NOW.strftime("%Y-%m-%dT%H:%M:%S-23:59"), 1), [ITEM, "in the future"]),
    "a leap second at noon": (report("finishedAt")("2026-02-01T12:00:60Z"), [ITEM, "RFC 3339"]),
    "other digits": (report("finishedAt")("\u0662\u0660\u0662\u0666-02-01T12:00:00Z"), [ITEM, "RFC 3339"]),
    "a duration by exponent of another run": (report("durationMs")(1.44e7), [ITEM, "apart"]),
    # verdicts under other names
    "not passed": (report("passed")(False), [ITEM, "contradicts"]),
    "no success": (report("success")(False), [ITEM, "contradicts"]),
    "not all passed": (report("summary")({"allPassed": "no"}), [ITEM, "contradicts"]),
    "a final verdict": (report("final_verdict")("no-go"), [ITEM, "contradicts"]),
    "errors counted": (report("errorCount")(2), [ITEM, "contradicts"]),
    "a return code": (report("return_code")(1), [ITEM, "contradicts"]),
    "a verdict in another alphabet": (report("v\u0435rdict")("no-go"), [ITEM, "contradicts"]),
    "a verdict with an invisible letter": (report("ver\u200bdict")("no-go"), [ITEM, "contradicts"]),
    # dry runs under other names
    "dry run by options": (report("options")({"extra": "--dry-run"}), [ITEM, "dry run"]),
    "dry run by its short name": (report("args")(["--dry"]), [ITEM, "dry run"]),
    "dry run with another hyphen": (report("evidenceCommands")(["pnpm deploy:failover:drill", "pnpm ops:validate", "pnpm x \u2010\u2010dry\u2010run"]), [ITEM, "dry run"]),
    "dry run with an invisible letter": (report("mode")("dry\u200brun"), [ITEM, "dry run"]),
    "dry run in other letters": (report("mode")("\uff44\uff52\uff59-run"), [ITEM, "dry run"]),
    # words for nothing
    "owner nobody": (at("owner")("nobody"), [ITEM, "says nothing"]),
    "owner none": (at("owner")("None."), [ITEM, "says nothing"]),
    "summary see above": (at("publicRedactedSummary")("see above"), [ITEM, "says nothing"]),
    "reference of punctuation": (at("privateEvidenceRef")("--/--"), [ITEM, "says nothing"]),
    "owner blank": (at("owner")("\u00a0\u3000"), [ITEM, "placeholder"]),
    "owner invisible": (at("owner")("\u200b\ufeff"), [ITEM, "placeholder"]),
    "owner of a filler": (at("owner")("\u3164"), [ITEM, "placeholder"]),
    "owner to be done in another alphabet": (at("owner")("\u0422\u0412D"), [ITEM, "placeholder"]),
    "owner to be done with an invisible letter": (at("owner")("T\u200bBD"), [ITEM, "placeholder"]),
    "owner to be done in wide letters": (at("owner")("\uff34\uff22\uff24"), [ITEM, "placeholder"]),
    "owner in other brackets": (at("owner")("<owner>"), [ITEM, "placeholder"]),
    "owner to be determined": (at("owner")("to be determined"), [ITEM, "placeholder"]),
    # placeholders
    "owner to be done": (at("owner")("TBD"), [ITEM, "placeholder"]),
    "owner todo": (at("owner")("TODO: ask"), [ITEM, "placeholder"]),
    "owner n/a": (at("owner")("N/A"), [ITEM, "placeholder"]),
    "owner empty": (at("owner")(""), [ITEM, "placeholder"]),
    "owner in braces": (at("owner")("{owner}"), [ITEM, "placeholder"]),
    "owner x": (at("owner")("x"), [ITEM, "placeholder"]),
    "owner dots": (at("owner")("…"), [ITEM, "placeholder"]),
    "summary placeholder": (at("publicRedactedSummary")("{redacted-summary}"), [ITEM, "placeholder"]),
    "reference to replace": (at("privateEvidenceRef")("REPLACE_WITH_TICKET"), [ITEM, "placeholder"]),
    "checksum of zeros": (at("checksum")("sha256:" + "0" * 64), [ITEM, "placeholder"]),
    "artifact of one letter": (at("checksum")("artifact:aaaaaaaa"), [ITEM, "placeholder"]),
    "checksum too short": (at("checksum")("sha256:abc"), [ITEM, "checksum"]),
    "checksum of another kind": (at("checksum")("md5:d41d8cd98f00b204e9800998ecf8427e"), [ITEM, "checksum"]),
    "artifact with blanks": (at("checksum")("artifact:run 12345678"), [ITEM, "checksum"]),
    "no checksum": (at("checksum")(DELETE), [ITEM, "checksum"]),
    "checksum as number": (at("checksum")(12345678), [ITEM, "checksum"]),
    # names that only look right
    "an item in another alphabet": (at("id")("w\u043erkerFailover"), [ITEM, "no entry"]),
    "an item with a blank": (at("id")(ITEM + " "), [ITEM, "no entry"]),
    "a command with another blank": (report("command")("pnpm\u00a0deploy:failover:drill"), [ITEM, "report.command"]),
    "a command in another alphabet": (instead_of_command("pnpm ops:validate", "pnpm \u043eps:validate", ITEM), [ITEM, "evidenceCommands must include pnpm ops:validate"]),
    "a tier in another alphabet": (top("targetTier", "private-bet\u0430"), ["targetTier must be private-beta"]),
    "a profile with a blank": (report("sanitizedEnvironmentProfile", "profileName")("private-beta "), [ITEM, "must be private-beta"]),
    "a status with an invisible letter": (at("status")("private-pass\u200b"), [ITEM, "must be private-pass"]),
    "a report status with a blank": (report("status")("pass "), [ITEM, "no pass"]),
    "a digest in another alphabet": (report("imageDigests", "cloud")(DIGESTS["cloud"][:-1] + "\u0430"), [ITEM, "imageDigests.cloud"]),
    "a commit with a line end": (report("commitSha")(COMMIT + "\n"), [ITEM, "40 hexadecimal"]),
    # private values
    "owner by e-mail": (at("owner")("jane.doe@acme-hosting.io"), [ITEM, "private-looking value"]),
    "an account id as number": (report("account")(481516234299), [ITEM, "private-looking value"]),
    "an account id in other spelling": (report("account")(4.81516234299e11), [ITEM, "private-looking value"]),
    "an account id as text": (report("note")("ran in 481516234299 today"), [ITEM, "private-looking value"]),
    "an e-mail as key": (report("contacts")({"ops@acme-hosting.io": "primary"}), [ITEM, "private-looking value"]),
    "a database URL": (report("note")("postgres" + "://db.internal.acme.io/app"), [ITEM, "private-looking value"]),
    "a negative account id": (report("account")(-481516234299), [ITEM, "private-looking value"]),
    "an account id with hyphens": (report("note")("ran in 4815-1623-4299"), [ITEM, "private-looking value"]),
    "an account id as a fraction": (report("account")(481516234299.0), [ITEM, "private-looking value"]),
    "a private key's key in two words": (report("private key")("none"), [ITEM, "must not include private"]),
    "a database's key in two words": (report("database url")("none"), [ITEM, "must not include private"]),
    "a secret's key in another alphabet": (report("s\u0435cret")("none"), [ITEM, "must not include private"]),
    "a phone number": (report("note")("call +44 20 7946 0958"), [ITEM, "private-looking value"]),
    "a personal path": (at("privateEvidenceRef")("/Users" + "/jane/evidence.log"), [ITEM, "private-looking value"]),
    "a signed URL": (at("privateEvidenceRef")("https://store.example.com/a?X-Amz-" + "Signature=abcdef012345"), [ITEM, "private-looking value"]),
    "a private value outside the items": (lambda r: r["publicPrivateBoundary"].__setitem__("redactionReviewer", "jane.doe@acme-hosting.io"), ["private-looking value"]),
    "a secret's key": (report("apiToken")("none"), [ITEM, "must not include private"]),
    "a password's key": (report("settings")({"adminPassword": None}), [ITEM, "must not include private"]),
    "a secret's key with a number": (report("cookieCount")(3), [ITEM, "must not include private"]),
    "a text in a key for booleans": (report("databaseUrlConfigured")("yes"), [ITEM, "must not include private"]),
    # the record itself
    "scope of the template": (top("scope", "public-template-only"), ["must not use the committed public launch evidence template"]),
    "no scope": (lambda r: r.pop("scope"), ["scope"]),
    "another tier": (top("targetTier", "public-beta"), ["targetTier must be private-beta"]),
    "tier in capitals": (top("targetTier", "Private-Beta"), ["targetTier must be private-beta"]),
    "tier by its prefix": (top("targetTier", "private"), ["targetTier must be private-beta"]),
    "tier with a language's name": (top("targetTier", "__proto__"), ["targetTier must be private-beta"]),
    "no tier": (lambda r: r.pop("targetTier"), ["targetTier must be private-beta"]),
    "another purpose": (top("purpose", "notes"), ["purpose"]),
    "another version": (top("schemaVersion", 2), ["schemaVersion"]),
    "an unknown member": (top("approvedBy", "everyone"), ["approvedBy"]),
    "a report field fewer": (lambda r: (r["requiredReportFields"].remove("commitSha"), report("commitSha")(DELETE)(r)), [ITEM, "commitSha"]),
}

TEXTS = {
    "a duplicate key": (lambda t: t.replace('"status": "private-pass"', '"status": "private-fail", "status": "private-pass"', 1), ["twice"]),
    "a duplicate item list": (lambda t: t.replace('"requiredEvidence"', '"requiredEvidence": [], "requiredEvidence"', 1), ["twice"]),
    "something after the end": (lambda t: t + "{}", ["record.json"]),
    "a NUL byte after the end": (lambda t: t + "\0", ["record.json"]),
    "a byte order mark": (lambda t: "\ufeff" + t, ["record.json"]),
    "a comment": (lambda t: t.replace("{", "{ // fine", 1), ["record.json"]),
    "a trailing comma": (lambda t: t.rstrip()[:-1] + ",}", ["record.json"]),
    "NaN as a duration": (lambda t: t.replace('"durationMs": 300000', '"durationMs": NaN', 1), ["record.json"]),
    "a number beyond numbers": (lambda t: t.replace('"durationMs": 300000', '"durationMs": 1e999', 1), ["too large"]),
    "half of it": (lambda t: t[:len(t) // 2], ["record.json"]),
    "nothing": (lambda t: "", ["record.json"]),
    "a list": (lambda t: "[" + t + "]", ["record"]),
    "null": (lambda t: "null", ["record"]),
}


class Forgeries(EvidenceTest):
    def test_there_are_enough(self):
        self.assertGreaterEqual(len(FORGERIES) + len(TEXTS), 80)

    def test_each_is_refused_and_named(self):
        honest = self.read_record()
        text = self.record.read_text()
        self.assert_code(self.promote(), 0)
        cases = [(name, change, wanted, None) for name, (change, wanted) in FORGERIES.items()]
        cases += [(name, None, wanted, change) for name, (change, wanted) in TEXTS.items()]
        for name, change, wanted, rewrite in cases:
            with self.subTest(name):
                if rewrite is None:
                    record = copy.deepcopy(honest)
                    change(record)
                    self.write_record(record)
                else:
                    self.write_record(rewrite(text))
                outcome = self.promote()
                if wanted is None:
                    self.assert_code(outcome, 0)  # a run of another length is as good, where no length is asked for
                    continue
                self.assert_code(outcome, 1)
                self.assertIn("REFUSED", outcome.out)
                for part in wanted:
                    self.assertIn(part, outcome.out)

    def test_near_misses_pass(self):
        """What only looks like one of the forgeries."""
        honest = self.read_record()
        for name, change in {
            "a word within a word": at("owner")("nobody-on-call rota"),
            "a summary that begins with a small word": at("publicRedactedSummary")("To do this, workers were drained and came back."),
            "a name in another alphabet": at("owner")("\u0434\u0435\u0436\u0443\u0440\u043d\u0430\u044f \u0441\u043c\u0435\u043d\u0430"),
            "counts of what passed": report("passed")(12),
            "no errors": report("errorCount")(0),
            "a pass under another name": report("finalVerdict")("go"),
            "not a dry run": report("dryRun")(False),
            "a word that begins with dry": report("mode")("dryer"),
            "a day in another zone": lambda r: times("2025-01-01T01:00:00+14:00", "2024-12-31T11:00:00.500Z", 500, ALONE)(r),
            "a duration by exponent": lambda r: (times("2025-01-01T01:00:00Z", "2025-01-01T01:05:00Z", 3e5, ALONE)(r)),
            "the same commit beneath": report("details")({"commitSha": COMMIT.upper()}),
            "an earlier run of another commit": report("earlierRuns")([{"commitSha": OTHER, "command": "pnpm test", "status": "fail"}]),
            "a key for booleans": report("databaseUrlConfigured")(True),
            "a number of eleven digits": report("count")(48151623429),
            "a number of thirteen digits": report("count")(4815162342999),
        }.items():
            record = copy.deepcopy(honest)
            change(record)
            self.write_record(record)
            with self.subTest(name):
                self.assert_code(self.promote(), 0)

    def test_a_forged_decision_never_says_promoted(self):
        record = self.read_record()
        self.item(record, ITEM)["report"]["verdict"] = "no-go"
        self.write_record(record)
        decision = self.scratch / "decision.json"
        decision.write_text('{"result": "promoted"}')
        self.assert_code(self.promote("--decision", decision), 1)
        written = json.loads(decision.read_text())
        self.assertEqual(written["result"], "refused")
        unmet = [one["id"] for one in written["requirements"] if one["status"] != "met"]
        self.assertEqual(unmet, [ITEM])

    def test_the_committed_template_is_refused_however_it_is_named(self):
        link = self.operations / "link.json"
        link.symlink_to(self.root / TEMPLATE)
        hard = self.operations / "hard.json"
        os.link(self.root / TEMPLATE, hard)
        copied = self.operations / "copy.json"
        copied.write_text(json.dumps(json.loads((self.root / TEMPLATE).read_text())))
        for manifest in (TEMPLATE, "./deploy/../" + TEMPLATE, link, hard, copied):
            with self.subTest(str(manifest)):
                outcome = self.promote(manifest=manifest)
                self.assert_code(outcome, 1)
                self.assertIn("must not use the committed public launch evidence template", outcome.out)

    def test_no_other_tier_takes_the_record(self):
        for tier in ("local-self-host-beta", "public-beta", "general-availability", "enterprise-ready"):
            with self.subTest(tier):
                outcome = self.promote(tier=tier)
                self.assert_code(outcome, 1)
                self.assertIn("targetTier must be " + tier, outcome.out)
                if tier != "local-self-host-beta":
                    self.assertIn(f"{tier} is not claimable", outcome.out)

    def test_names_that_are_no_tier(self):
        for tier in ("private-beta", "private-hosted", "Private-Hosted-Beta", "private-hosted-beta ", "constructor", "__proto__", "toString", ""):
            with self.subTest(tier):
                outcome = self.tool("launchgate-promote", f"--tier={tier}", "--manifest", self.record)
                self.assertIn(outcome.code, (1, 2))
                self.assertNotIn("validated", outcome.out)

    def test_pins_are_asked_for_where_the_ladder_says_so(self):
        outcome = self.promote(pinned=False)
        self.assert_code(outcome, 0)
        self.assertIn("not pinned", outcome.out)
        matrix = self.load("deploy/load/launch-evidence-matrix.json")
        outcome = self.promote(pinned=False, tier="public-beta")
        self.assertIn("promotion/unpinned", outcome.out)
        self.assert_code(outcome, 1)
        self.assertEqual(matrix["tiers"]["public-beta"]["claimStatus"], "not-claimed")

    def test_a_closed_tier_is_not_claimable(self):
        matrix = self.load("deploy/load/launch-evidence-matrix.json")
        for status in ("not-claimed", "accepted-public", "Requires-Private-Ops-Evidence"):
            matrix["tiers"]["private-beta"]["claimStatus"] = status
            self.dump("deploy/load/launch-evidence-matrix.json", matrix)
            outcome = self.promote()
            self.assert_code(outcome, 1)
            self.assertIn("private-hosted-beta is not claimable", outcome.out)

    def test_image_files_must_hold_a_digest(self):
        for text in ("{}", '{"digest": "latest"}', '{"digest": null}', "[]", "no json"):
            path = self.scratch / "broken.json"
            path.write_text(text)
            outcome = self.promote("--image-json", f"cloud={path}", pinned=False)
            self.assert_code(outcome, 1)
            self.assertIn("cloud", outcome.out)
        self.assert_code(self.promote("--image-json", "cloud=/nowhere.json", pinned=False), 3)

    def test_evidence_files_are_compared(self):
        self.assert_code(self.promote("--evidence-root", self.operations), 0)
        log = self.operations / self.item(self.read_record(), ITEM)["privateEvidenceRef"]
        text = log.read_text()
        log.write_text(text + "more\n")
        outcome = self.promote("--evidence-root", self.operations)
        self.assert_code(outcome, 1)
        self.assertIn(ITEM, outcome.out)
        self.assertIn("checksum", outcome.out)
        log.unlink()
        self.assert_code(self.promote("--evidence-root", self.operations), 1)
        outside = self.scratch / "outside.log"
        outside.write_text(text)
        log.symlink_to(outside)
        self.assertIn("outside the evidence root", self.promote("--evidence-root", self.operations).out)

    def test_old_evidence_is_stale(self):
        outcome = self.promote("--max-age", "30min")
        self.assert_code(outcome, 1)
        self.assertRegex(outcome.out, r"stale +4 items +evidence is 1 h .*deployedSoakTest")
        self.assertNotRegex(outcome.out, r"unmet")
        self.assert_code(self.promote("--max-age", "2d"), 0)
        self.assert_code(self.promote("--max-age", "soon"), 2)


if __name__ == "__main__":
    unittest.main()
