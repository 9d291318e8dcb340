"""Waivers mean the same to every tool: a waived finding is shown as waived and fails nothing; a waiver that is wrong in itself fails the run."""

import datetime
import json
import random
import string
import unittest

from support import MATRIX, TARGETS, RepositoryTest

RECORD = "deploy/private-beta/launch-evidence-record.template.json"
RUNBOOK = "docs/runbooks/launch-readiness.md"
REPORT = "docs/runbooks/launch-readiness-report.md"
NOW = "2026-03-01T12:00:00Z"

# tool, what it checks, and how that is broken
TOOLS = [
    (("launchgate-profiles",), TARGETS, '"soakDurationMs": 14400000', '"soakDurationMs": 1440'),
    (("launchgate-matrix",), MATRIX, '"acceptedPublicTier": "local-self-host-beta"', '"acceptedPublicTier": "private-beta"'),
    (("launchgate-record",), RECORD, '"currentPublicTier": "local-self-host-beta"', '"currentPublicTier": "public-beta"'),
    (("launchgate-report",), REPORT, "## Known Limits", "## Limits"),
    (("launchgate-wording",), RUNBOOK, "deploy:load:plan", "deploy:load:plans"),
    (("launchgate", "check"), TARGETS, '"soakDurationMs": 14400000', '"soakDurationMs": 1440'),
]


class Waivers(RepositoryTest):
    def waive(self, *waivers):
        self.dump("launchgate-waivers.json", {"schemaVersion": 1, "waivers": list(waivers)})

    def waiver(self, rule, file, **changes):
        return {"rule": rule, "scope": {"file": file}, "owner": "release manager", "reason": "agreed in the review of March", "expires": "2026-03-31", **changes}

    def run_tool(self, words, *more):
        return self.tool(*words, *more, "--now", NOW)

    def broken(self, words, path, old, new):
        """The open findings after the break, as (rule, file)."""
        self.assert_code(self.run_tool(words), 0)
        self.replace(path, old, new, count=-1)
        outcome = self.run_tool(words, "--format", "json")
        self.assert_code(outcome, 1)
        return sorted({(one["rule"], one["file"]) for one in outcome.json()["findings"] if one["severity"] == "error"})

    def test_every_tool_honours_them(self):
        for words, path, old, new in TOOLS:
            with self.subTest(words):
                before = self.read(path)
                found = self.broken(words, path, old, new)
                self.waive(*(self.waiver(rule, file) for rule, file in found))
                outcome = self.run_tool(words, "--format", "json")
                self.assert_code(outcome, 0)
                report = outcome.json()
                waived = [one for one in report["findings"] if one["status"] == "waived"]
                self.assertEqual({(one["rule"], one["file"]) for one in waived}, set(found))
                self.assertEqual(report["counts"]["waived"], len(waived))
                self.assertEqual((report["result"], report["counts"]["errors"]), ("pass", 0))
                outcome = self.run_tool(words)
                self.assertIn(f"{len(waived)} waived", outcome.out)
                self.assertIn("waived by release manager until 2026-03-31", outcome.out)
                sarif = self.run_tool(words, "--format", "sarif").json()["runs"][0]["results"]
                suppressed = [one for one in sarif if one.get("suppressions")]
                self.assertEqual({one["ruleId"] for one in suppressed}, {rule for rule, _ in found})
                self.assertIn("release manager", suppressed[0]["suppressions"][0]["justification"])
                # Another day, another file, another rule.
                self.assert_code(self.tool(*words, "--now", "2026-04-01T00:00:00Z"), 1)
                self.waive(*(self.waiver(rule, "docs/other.md") for rule, file in found))
                outcome = self.run_tool(words)
                self.assert_finds(outcome, "waivers/unused", "waives nothing")
                self.assert_finds(outcome, found[0][0])
                (self.root / "launchgate-waivers.json").unlink()
                self.write(path, before)

    def test_every_tool_finds_what_is_wrong_with_them(self):
        cases = [
            ({"expires": "2026-02-28"}, "waivers/expired"),
            ({"expires": "2026-06-30"}, "waivers/too-long"),
            ({"owner": ""}, "waivers/malformed"),
            ({"expires": "soon"}, "waivers/malformed"),
            ({"rule": "private-values/github-pat"}, "waivers/forbidden"),
            ({"rule": "anything/syntax"}, "waivers/forbidden"),
            ({"rule": "suite/missing-document"}, "waivers/forbidden"),
            ({"rule": "no-such-pack/rule"}, "waivers/unknown"),
        ]
        for words in [tool[0] for tool in TOOLS] + [("launchgate-leaks",)]:
            for change, rule in cases:
                with self.subTest((words, change)):
                    self.waive({**self.waiver("profiles/unknown-key", TARGETS), **change})
                    outcome = self.run_tool(words)
                    self.assert_finds(outcome, rule, "launchgate-waivers.json")
            # Near misses: to the last day, and a rule that another tool applies.
            self.waive(self.waiver("filled-report/field-open", "report.md", expires="2026-03-01"), self.waiver("promotion/stale", "record.json", expires="2026-05-30"))
            self.assert_code(self.run_tool(words), 0)
            self.write("launchgate-waivers.json", "{")
            self.assert_finds(self.run_tool(words), "waivers/syntax")
            self.write("launchgate-waivers.json", "[]")
            self.assert_finds(self.run_tool(words), "waivers/malformed")

    def test_a_misspelt_rule_is_told_with_its_neighbour(self):
        self.waive(self.waiver("profiles/unknwon-key", TARGETS))
        for words in (("launchgate-profiles",), ("launchgate", "check"), ("launchgate-promote",)):
            outcome = self.run_tool(words)
            self.assert_code(outcome, 1)
            self.assertIn('there is no rule "profiles/unknwon-key"', outcome.out)
        self.assertIn('did you mean "profiles/unknown-key"', self.run_tool(("launchgate-profiles",)).out)
        # The matrix alone does not know the rules of the profiles.
        self.assert_code(self.run_tool(("launchgate-matrix",)), 0)

    def test_what_cannot_be_read_is_not_waived(self):
        """A document that is missing or broken is checked by nothing: no waiver makes that a pass."""
        for change, rule in ((lambda: (self.root / TARGETS).unlink(), "suite/missing-document"), (lambda: self.write(TARGETS, "{"), "profiles/syntax")):
            change()
            self.waive(self.waiver(rule, TARGETS))
            for words in (("launchgate-profiles",), ("launchgate", "check"), ("launchgate-promote",)):
                outcome = self.run_tool(words)
                self.assert_code(outcome, 1)
                self.assertIn(f"{rule} cannot be waived", outcome.out)

    def test_leaks_stay_leaks(self):
        self.write("docs/notes.md", "token " + "ghp" + "_" + "".join(random.Random(7).choices(string.ascii_letters + string.digits, k=36)) + "\n")
        outcome = self.run_tool(("launchgate-leaks",), "--format", "json")
        self.assert_code(outcome, 1)
        rules = sorted({one["rule"] for one in outcome.json()["findings"]})
        self.waive(*(self.waiver(rule, "docs/notes.md") for rule in rules))
        outcome = self.run_tool(("launchgate-leaks",), "--format", "json")
        self.assert_code(outcome, 1)
        self.assertEqual(outcome.json()["counts"]["waived"], 0)
        self.assertEqual(len([one for one in outcome.json()["findings"] if one["rule"] == "waivers/forbidden"]), len(rules))

    def test_a_warning_of_the_scanner_can_be_waived(self):
        self.write("docs/notes.md", "<!-- launchgate:" + "allow private-values/github-pat nothing is here -->\n")
        self.assert_code(self.run_tool(("launchgate-leaks",), "--fail-on", "warning"), 1)
        self.waive(self.waiver("leaks/allow", "docs/notes.md"))
        outcome = self.run_tool(("launchgate-leaks",), "--fail-on", "warning", "--format", "json")
        self.assert_code(outcome, 0)
        self.assertEqual(outcome.json()["counts"]["waived"], 1)

    def test_a_filled_report(self):
        filled = self.read(REPORT)
        self.write("filled.md", filled)
        words = ("launchgate-report", "--filled", "filled.md", "--template", REPORT)
        outcome = self.run_tool(words, "--format", "json")
        self.assert_code(outcome, 1)
        rules = sorted({(one["rule"], one["file"]) for one in outcome.json()["findings"]})
        self.waive(*(self.waiver(rule, file) for rule, file in rules), self.waiver("filled-report/figure-differs", "filled.md"))
        outcome = self.run_tool(words, "--format", "json")
        self.assert_code(outcome, 0)
        self.assertGreater(outcome.json()["counts"]["waived"], 0)

    def test_rules_are_explained(self):
        for rule in ("expired", "forbidden", "malformed", "too-long", "unknown", "unused"):
            for words in (("launchgate-profiles", "--explain"), ("launchgate", "explain"), ("launchgate-promote", "--explain")):
                self.assert_code(self.tool(*words, f"waivers/{rule}"), 0)
        self.assertIn("waivers/unknown", self.tool("launchgate-matrix", "--list-rules").out)

    def test_time(self):
        outcome = self.tool("launchgate-profiles", "--now", "yesterday")
        self.assert_code(outcome, 2)
        self.assertIn("--now", outcome.err)
        day = datetime.datetime.now(datetime.timezone.utc).date()
        self.waive(self.waiver("filled-report/field-open", "report.md", expires=day.isoformat()))
        self.assert_code(self.tool("launchgate-profiles"), 0)
        self.waive(self.waiver("filled-report/field-open", "report.md", expires=(day - datetime.timedelta(days=1)).isoformat()))
        self.assert_code(self.tool("launchgate-profiles"), 1)


class RecordWaivers(RepositoryTest):
    def test_items_and_tiers_are_scopes(self):
        """The check of a record with all that a go needs knows items and the tier, as promotion does."""
        record = json.loads(self.read(RECORD))
        record.update(scope="private-ops-record", targetTier="private-beta")
        for item in record["requiredEvidence"]:
            item["report"] = {field: "{to-be-written}" for field in record["requiredReportFields"]}
        self.dump("record.json", record)
        words = ("launchgate-record", "--manifest", "record.json", "--require-private-pass", "--now", NOW, "--format", "json")
        before = self.tool(*words).json()
        stale = [one for one in before["findings"] if one["rule"] == "promotion/placeholder"]
        self.assertGreater(len(stale), 15)
        waiver = {"rule": "promotion/placeholder", "scope": {"item": "workerFailover", "tier": "private-hosted-beta"}, "owner": "release manager", "reason": "agreed in the review", "expires": "2026-03-31"}
        for scope, expected in ((waiver["scope"], True), ({"item": "workerFailover", "tier": "public-beta"}, False), ({"item": "costSloNotes"}, True)):
            self.dump("launchgate-waivers.json", {"schemaVersion": 1, "waivers": [{**waiver, "scope": scope}]})
            waived = [one for one in self.tool(*words).json()["findings"] if one["status"] == "waived"]
            self.assertEqual(bool(waived), expected, scope)
            for one in waived:
                self.assertTrue(one["message"].startswith(scope["item"] + ":"), one["message"])


if __name__ == "__main__":
    unittest.main()
