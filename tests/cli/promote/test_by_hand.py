"""Records that somebody typed by the specification, with none of our verbs: what is honest passes, however plain its values are."""

import copy
import datetime
import json
import unittest

from evidence import COMMIT, DIGESTS, SUMMARY, TEMPLATE, TIER, stamp, utc_now
from support import MATRIX, TARGETS, RepositoryTest

ITEM = "workerFailover"
PREFIX = "OPEN_COWORK_"


class ByHand(RepositoryTest):
    def setUp(self):
        super().setUp()
        self.finished = utc_now() - datetime.timedelta(hours=2)
        items = self.load(MATRIX)["privateBetaEvidenceItems"]["items"]
        self.honest = self.load(TEMPLATE)
        self.honest["scope"] = "private-ops-record"
        for number, item in enumerate(self.honest["requiredEvidence"]):
            length = 14400000 if "soak" in item["command"] else 300000
            item.update(status="private-pass", privateEvidenceRef="private-ops://launch/" + item["id"], publicRedactedSummary="Passed: " + item["id"],
                        checksum="sha256:" + f"{number + 17:02x}" * 32, owner="release owner", followUpIssue="")
            item["report"] = {
                "command": item["command"],
                "evidenceCommands": sorted({item["command"], *items[item["id"]]["requiredCommands"]}),
                "commitSha": COMMIT,
                "imageDigests": dict(DIGESTS),
                "sanitizedEnvironmentProfile": {"profileName": "private-beta", "targetTier": "private-beta"},
                "startedAt": stamp(self.finished - datetime.timedelta(milliseconds=length)),
                "finishedAt": stamp(self.finished),
                "durationMs": length,
                "status": "pass",
            }
        self.item(self.honest, "releaseRollback")["publicRedactedSummary"] = SUMMARY
        self.path = self.scratch / "record.json"

    @staticmethod
    def item(record, identifier):
        return next(item for item in record["requiredEvidence"] if item["id"] == identifier)

    def changed(self, change):
        record = copy.deepcopy(self.honest)
        change(record)
        self.path.write_text(json.dumps(record, indent=2))
        return self.tool("launchgate-promote", "--tier", TIER, "--manifest", self.path)

    def each_report(self, **members):
        def change(record):
            for item in record["requiredEvidence"]:
                item["report"].update(copy.deepcopy(members))
        return change

    def report(self, **members):
        return lambda record: self.item(record, ITEM)["report"].update(members)

    def test_the_environment_alone_is_enough(self):
        self.path.write_text(json.dumps(self.honest))
        environment = {PREFIX + "RELEASE_CLAIM_TIER": TIER, PREFIX + "PROMOTION_EVIDENCE_MANIFEST": str(self.path), PREFIX + "EXPECTED_COMMIT_SHA": COMMIT}
        for image, digest in DIGESTS.items():
            file = self.scratch / f"{image}.json"
            file.write_text(json.dumps({"digest": digest}))
            environment[PREFIX + image.upper() + "_IMAGE_JSON"] = str(file)
        outcome = self.tool("launchgate-promote", env=environment)
        self.assert_code(outcome, 0)
        self.assertTrue(outcome.out.startswith(f"{TIER} promotion gate validated\n"), outcome.out)
        self.assertIn("commit and digests pinned", outcome.out)

    def test_plain_values_pass(self):
        both = lambda *keys: self.each_report(sanitizedEnvironmentProfile={keys[0]: "private-beta", keys[1]: "private-beta"})
        cases = {
            "as it is": lambda record: None,
            "a commit of one digit": self.each_report(commitSha="a" * 40),
            "digests of one digit": self.each_report(imageDigests={"cloud": "sha256:" + "b" * 64, "gateway": "sha256:" + "c" * 64}),
            "a commit that counts up": self.each_report(commitSha="0123456789abcdef0123456789abcdef01234567"),
            "other names for profile and tier": both("targetProfile", "claimTier"),
            "more names for profile and tier": both("launchProfile", "promotionTier"),
            "a result in a sentence": self.report(result="All 12 checks passed"),
            "counts of checks": self.report(checks={"total": 12, "passed": 12, "failed": 0}),
            "no errors": self.report(errors=[]),
            "fields that say how it went": lambda record: (self.item(record, "releaseRollback").update(publicRedactedSummary="Rehearsed."), self.item(record, "releaseRollback")["report"].update(
                rollback={"revoke": "revoked within 4 min", "drain": "drained without errors", "communication": True})),
            "no follow-up": lambda record: self.item(record, ITEM).update(followUpIssue="N/A"),
        }
        for status in ("go", "pass", "passed", "private-pass", "success"):
            cases["status " + status] = self.each_report(status=status)
        for sentence in ("Rollback, revoke, drain and communication were rehearsed without incident.",
                         "Rolled back with no data loss, revoked the release, drained the workers without errors and communicated it."):
            cases[sentence] = lambda record, text=sentence: self.item(record, "releaseRollback").update(publicRedactedSummary=text)
        for name, change in cases.items():
            with self.subTest(name):
                self.assert_code(self.changed(change), 0)

    def test_what_is_odd_but_possible_is_a_warning(self):
        def one_checksum(record):
            for item in record["requiredEvidence"]:
                item["checksum"] = "sha256:" + "ab" * 32
        cases = [
            (one_checksum, "warning: the checksum is that of billingEntitlementGating, whose report has another command [promotion/checksum-shared]"),
            (lambda record: self.item(record, ITEM).update(checksum=DIGESTS["cloud"]), "warning: the checksum is the digest of the cloud image, not of evidence [promotion/checksum-shared]"),
            (self.each_report(imageDigests={"cloud": DIGESTS["cloud"], "gateway": DIGESTS["cloud"]}), "warning: imageDigests.gateway is that of cloud [promotion/digest-shared]"),
        ]
        for change, text in cases:
            outcome = self.changed(change)
            self.assert_code(outcome, 0)
            self.assertIn(text, outcome.out)

    def test_what_contradicts_is_refused(self):
        quoted = "the report contradicts its status: "
        for change, text in [
            (self.report(checks=[{"name": "lag", "state": "failed"}]), quoted + '"state" is "failed" [promotion/contradiction]'),
            (self.report(verdict=["pass", "fail"]), quoted + '"verdict" holds "fail" [promotion/contradiction]'),
            (self.report(result="2 of 12 checks failed"), quoted + '"result" is "2 of 12 checks failed" [promotion/contradiction]'),
            (self.report(outcome="not passed"), quoted + '"outcome" is "not passed" [promotion/contradiction]'),
            (self.report(checks={"projection-lag": "fail"}), quoted + 'check "projection-lag" is "fail" [promotion/contradiction]'),
            (self.report(checks={"projection-lag": False}), quoted + 'check "projection-lag" is false [promotion/contradiction]'),
            (self.report(checksFailed=2), quoted + '"checksFailed" is 2 [promotion/contradiction]'),
            (self.report(errors=["boom"]), quoted + '"errors" names 1 failure [promotion/contradiction]'),
            (lambda record: record.update(scope="Public-Template-Only"), 'must not use the committed public launch evidence template: scope is "Public-Template-Only" [promotion/template]'),
            (lambda record: self.item(record, ITEM).update(followUpIssue="TBD"), 'followUpIssue is "TBD", a placeholder [promotion/placeholder]'),
        ]:
            with self.subTest(text):
                outcome = self.changed(change)
                self.assert_code(outcome, 1)
                self.assertIn(text, outcome.out)

    def test_tokens_of_the_keyboard_are_private_here(self):
        """The leak rules let made-up tokens of documents pass; a record has no use for any."""
        letters = "abcdefghijklmnopqrstuvwxyz"
        for value in ("ghp" + "_" + letters + "0123456789", "sk" + "-ant-api03-" + letters, "Bearer " + letters + "0123", "AKIA" + "1234567890ABCDEF",
                      "whsec" + "_" + letters, "-----BEGIN " + "PRIVATE KEY-----", PREFIX + "CLOUD_TOKEN=" + "abc123def456"):
            with self.subTest(value[:8]):
                outcome = self.changed(self.report(notes=f"see {value} for more"))
                self.assert_code(outcome, 1)
                self.assertIn("private-looking value in a text: key or token [promotion/private-value]", outcome.out)
                self.assertNotIn(value, outcome.out)
        self.assert_code(self.changed(self.report(notes="a task-oriented run with TOKEN_TTL=3600 and risk-based checks")), 0)

    def test_what_is_published_is_public_safe(self):
        for field, value in (("publicRedactedSummary", "All passed, see https://example.com.attacker.io/report for more."), ("owner", "release owner, https://wiki.n0tareal.io/x")):
            with self.subTest(field):
                outcome = self.changed(lambda record: self.item(record, "costSloNotes").update({field: value}))
                self.assert_code(outcome, 1)
                self.assertIn(f"private-looking value in {field}, which is published", outcome.out)
        value = "All passed, see https://docs.example.com/report for more."
        self.assert_code(self.changed(lambda record: self.item(record, "costSloNotes").update(publicRedactedSummary=value)), 0)

    def test_nothing_that_is_data_looks_like_a_key(self):
        alphabet = "sk-" + "abcdefghijklmnopqrstuvwxyz"
        self.assert_code(self.changed(self.report(notes=alphabet)), 1)
        for path, pointer, tool in ((TARGETS, ("profiles", "private-beta", "description"), "launchgate-profiles"), (MATRIX, ("tiers", "private-beta", "description"), "launchgate-matrix")):
            document = json.loads(self.read(path))
            place = document
            for key in pointer[:-1]:
                place = place[key]
            honest = place[pointer[-1]]
            place[pointer[-1]] = f"{honest} {alphabet}"
            self.dump(path, document)
            for words in ([tool], ["launchgate", "check"]):
                outcome = self.tool(*words)
                self.assert_code(outcome, 1)
                self.assertIn("holds what looks like a key or token, example or not [suite/key-in-data]", outcome.out)
                self.assertNotIn(alphabet, outcome.out)
            place[pointer[-1]] = f"{honest} a task-oriented, risk-based description"
            self.dump(path, document)
            self.assert_code(self.tool(tool), 0)

    def test_an_empty_record_is_a_line_an_item(self):
        record = self.scratch / "empty.json"
        self.assert_code(self.tool("launchgate-record", "init", "--tier", TIER, "--output", record, "--owner", "release manager"), 0)
        outcome = self.tool("launchgate-promote", "--tier", TIER, "--manifest", record)
        self.assert_code(outcome, 1)
        lines = outcome.out.splitlines()
        self.assertIn("REFUSED (15 of 15 items, 1", lines[0])
        self.assertEqual(lines[-1], lines[0])
        self.assertLess(len(lines), 30, outcome.out)
        self.assertIn("must be private-pass; nothing is filled in, next: launchgate-record run --manifest empty.json --item workerFailover -- pnpm deploy:failover:drill", outcome.out)
        self.assertIn("next: pnpm deploy:soak:strict, then launchgate-record attach --manifest empty.json --item deployedSoakTest --file REPORT", outcome.out)

    def test_what_holds_for_many_items_is_said_once(self):
        outcome = self.changed(self.each_report(commitSha="0" * 39))
        self.assert_code(outcome, 1)
        self.assertEqual(outcome.out.count("no 40 hexadecimal digits"), 1, outcome.out)
        self.assertRegex(outcome.out, r"(?m)^  unmet   15 items +.*no 40 hexadecimal digits.*: .*byokRedactionNoPlaintext")

    def test_a_record_that_is_not_there_meets_nothing(self):
        missing = self.scratch / "none.json"
        outcome = self.tool("launchgate-promote", "--tier", TIER, "--manifest", missing)
        self.assert_code(outcome, 3)
        lines = outcome.out.splitlines()
        self.assertEqual(lines[0], f"promotion to {TIER}: REFUSED (15 of 15 items, 1 reason)")
        self.assertRegex(lines[1], rf"^  unmet   record +the document could not be read: cannot open: No such file or directory \[suite/unreadable-document\]  {missing}$")
        self.assertEqual([line.split()[:2] for line in lines if line.startswith("  met")], [["met", "claim"], ["met", "documents"]])
        self.assertEqual(lines[-1], lines[0])
        self.assertEqual(lines[-2], "  0 items met · not pinned from outside the record")
        outcome = self.tool("launchgate-promote", "--manifest", missing)
        self.assert_code(outcome, 3)
        self.assertRegex(outcome.out, r"unmet   record +the document could not be read")

    def test_each_thing_is_said_once(self):
        text = json.dumps(self.honest)
        self.path.write_text(text[:-1] + ', "scope": "private-ops-record"}')
        outcome = self.tool("launchgate-promote", "--tier", TIER, "--manifest", self.path)
        self.assert_code(outcome, 1)
        self.assertEqual(outcome.out.count('key "scope" stands twice in one object'), 1, outcome.out)

        def leave_out(record):
            record["requiredEvidence"] = [item for item in record["requiredEvidence"] if item["id"] != ITEM]
        outcome = self.changed(leave_out)
        self.assert_code(outcome, 1)
        self.assertIn("REFUSED (1 of 15 items, ", outcome.out)
        self.assertIn("the record has no entry for this item [promotion/item-missing]", outcome.out)

    def test_the_form_of_a_checksum_is_checked_always(self):
        self.item(self.honest, ITEM)["checksum"] = "sha256:abc"
        self.path.write_text(json.dumps(self.honest))
        outcome = self.tool("launchgate-record", "--manifest", self.path)
        self.assert_code(outcome, 1)
        self.assertIn("record/", outcome.out)
        for fine in ("", "{checksum}", "artifact:run-12345678", "sha256:" + "AB" * 32):
            self.item(self.honest, ITEM)["checksum"] = fine
            self.path.write_text(json.dumps(self.honest))
            self.assert_code(self.tool("launchgate-record", "--manifest", self.path), 0)


if __name__ == "__main__":
    unittest.main()
