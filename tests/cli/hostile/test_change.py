"""What a change adds to the list of what is left out does not go by unseen."""

import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from hostile import OTHER, TOKEN, HostileTest  # noqa: E402

MARK = "launchgate" + ":allow"
WAIVER = {"rule": "wording/term", "scope": {"file": "a.md"}, "owner": "Ada Lovelace <ada@example.com>", "reason": "the wording is being changed now", "expires": "2026-12-30"}


class ChangeTest(HostileTest):
    OWN = {"schemaVersion": 1, "leaks": {"packs": ["private-values"], "exclude": ["old/**"]}}

    def setUp(self):
        super().setUp()
        self.write("a.txt", "nothing\n")
        self.dump("launchgate.json", self.OWN)
        self.commit_all()
        self.git("branch", "base")
        self.git("checkout", "-q", "-b", "change")

    def check(self, *arguments, base="base", **keywords):
        self.commit_all()
        return self.launchgate("launchgate", "check", "--stage", "ci", "--base", base, *arguments, **keywords)

    def changes(self, *arguments, **keywords):
        outcome = self.check("--format", "json", *arguments, **keywords)
        self.assertIn(outcome.code, (0, 1), outcome)
        return [(one["rule"], one["file"], one["severity"]) for one in outcome.json()["findings"] if one["rule"].startswith("change/")]

    def own(self, **members):
        self.dump("launchgate.json", {**self.OWN, **members})

    def assert_change(self, rule, file, code=1):
        outcome = self.check()
        self.assertEqual(outcome.code, code, outcome)
        self.assertTrue(any(f"[change/{rule}]" in line and line.startswith(file) for line in outcome.out.splitlines()), outcome)


class Additions(ChangeTest):
    def test_nothing_is_found_of_a_change_that_leaves_out_nothing(self):
        self.write("b.txt", "more\n")
        self.assertEqual(self.changes(), [])

    def test_an_exclusion(self):
        self.own(leaks={**self.OWN["leaks"], "exclude": ["old/**", "secret/**"]})
        self.write("secret/a.txt", f"{TOKEN}\n")
        self.assert_change("exclusion", "launchgate.json:")
        outcome = self.check()
        self.assertIn('the change excludes "secret/**" from the scan', outcome.out)
        self.assertIn("left out: excluded by the configuration: 1 (secret", outcome.out)

    def test_a_narrower_scan(self):
        for leaks, rule in (({"include": ["docs/**"]}, "exclusion"), ({"maxFileBytes": 10}, "exclusion"), ({"packs": ["public-safe"]}, "coverage"),
                            ({"publicSafePacks": []}, "coverage")):
            with self.subTest(leaks):
                self.own(leaks={**self.OWN["leaks"], **leaks})
                self.assert_change(rule, "launchgate.json")

    def test_an_allowance_of_the_configuration(self):
        self.own(leaks={**self.OWN["leaks"], "allow": [{"rule": "private-values/github-pat", "path": "b.txt", "reason": "none"}]})
        self.write("b.txt", f"{TOKEN}\n")
        self.assert_change("allowance", "launchgate.json:")
        outcome = self.check()
        self.assertIn("left out: allowed by the configuration: 1 (private-values/github-pat in b.txt)", outcome.out)

    def test_an_allowance_by_a_comment(self):
        self.write("b.txt", f"one\n{TOKEN}  # {MARK} github-pat an example\n")
        self.assert_change("allowance", "b.txt:2")
        outcome = self.check("--format", "github")
        self.assertIn("left out: allowed by comments: 1 (github-pat in b.txt:2)", outcome.out)
        self.assertEqual(self.check("--format", "json").json()["allowed"], [{"rule": "github-pat", "file": "b.txt", "line": 2, "by": "comment"}])

    def test_a_value_below_a_comment_that_was_there(self):
        self.git("checkout", "-q", "base")
        self.write("b.txt", f"# {MARK} github-pat an example\n{TOKEN}\n")
        self.commit_all()
        self.git("checkout", "-q", "-B", "change")
        self.assertEqual(self.changes(), [])
        self.write("b.txt", f"# {MARK} github-pat an example\n{TOKEN[:-3]}xyz\n")
        self.assertEqual([one[:2] for one in self.changes()], [("change/allowance", "b.txt")])

    def test_a_baseline_entry(self):
        self.write("b.txt", f"{TOKEN}\n")
        self.launchgate("launchgate-leaks", "b.txt", "--write-baseline", "known.json")
        self.own(leaks={**self.OWN["leaks"], "baseline": "known.json"})
        self.assert_change("baseline", "known.json:")
        # One that was there is none of the change's.
        self.git("branch", "-f", "base", "HEAD")
        self.assertEqual(self.changes(), [])
        self.write("c.txt", f"{OTHER}\n")
        self.launchgate("launchgate-leaks", "b.txt", "c.txt", "--baseline", "known.json", "--write-baseline", "known.json")
        self.assertEqual([one[:2] for one in self.changes()], [("change/baseline", "known.json")])

    def test_a_waiver_and_one_that_would_waive_itself(self):
        self.dump("launchgate-waivers.json", {"schemaVersion": 1, "waivers": [WAIVER, {**WAIVER, "rule": "change/waiver", "scope": {"file": "launchgate-waivers.json"}}]})
        outcome = self.check("--now", "2026-12-01T00:00:00Z")
        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn('the change adds a waiver of "wording/term"', outcome.out)
        found = [one for one in self.check("--now", "2026-12-01T00:00:00Z", "--format", "json").json()["findings"] if one["rule"] == "change/waiver"]
        self.assertEqual([one["status"] for one in found], ["open", "open"])

    def test_a_waiver_that_is_prolonged(self):
        self.dump("launchgate-waivers.json", {"schemaVersion": 1, "waivers": [{**WAIVER, "expires": "2026-12-10"}]})
        self.commit_all()
        self.git("branch", "-f", "base", "HEAD")
        self.assertEqual(self.changes("--now", "2026-12-01T00:00:00Z"), [])
        self.dump("launchgate-waivers.json", {"schemaVersion": 1, "waivers": [WAIVER]})
        self.assertEqual([one[0] for one in self.changes("--now", "2026-12-01T00:00:00Z")], ["change/waiver"])

    def test_documents_that_are_no_longer_checked(self):
        self.own(documents=[{"path": "deploy/load/launch-readiness-targets.json", "kind": "target-profiles"}])
        self.assert_change("coverage", "launchgate.json:")

    def test_a_configuration_that_was_not_there(self):
        self.git("checkout", "-q", "base")
        os.remove(self.root / "launchgate.json")
        self.commit_all()
        self.git("checkout", "-q", "-B", "change")
        self.own()
        self.assertEqual([one[:2] for one in self.changes()], [("change/exclusion", "launchgate.json")])

    def test_what_the_base_took_out_meanwhile_is_not_the_change_s(self):
        self.write("b.txt", "x\n")
        self.commit_all()
        self.git("checkout", "-q", "base")
        self.own(leaks={"packs": ["private-values"]})
        self.commit_all()
        self.git("checkout", "-q", "change")
        self.assertEqual(self.changes(), [])

    def test_in_a_subfolder(self):
        folder = self.root / "product"
        folder.mkdir()
        self.dump("product/launchgate.json", {"schemaVersion": 1, "documents": [{"path": "x.json", "kind": "json"}]})
        self.write("product/x.json", "{}")
        self.commit_all()
        self.git("branch", "-f", "base", "HEAD")
        self.dump("product/launchgate.json", {"schemaVersion": 1, "documents": [{"path": "x.json", "kind": "json"}], "leaks": {"exclude": ["y"]}})
        self.assertEqual([one[:2] for one in self.changes(cwd=folder)], [("change/exclusion", "launchgate.json")])


class Owners(ChangeTest):
    OWN = {**ChangeTest.OWN, "owners": ["@org/security", "ada"]}

    def setUp(self):
        super().setUp()
        self.own(leaks={**self.OWN["leaks"], "exclude": ["old/**", "secret/**"]})

    def test_they_are_named_and_asked(self):
        outcome = self.check()
        self.assertIn('owners: "@org/security" or "ada"', outcome.out)
        self.assertEqual(self.check("--approved-by", "mallory").code, 1)
        outcome = self.check("--approved-by", "mallory", "--approved-by", "ada")
        self.assertEqual(outcome.code, 0, outcome)
        self.assertIn("approved by ada", outcome.out)

    def test_a_change_does_not_choose_them(self):
        self.own(leaks={**self.OWN["leaks"], "exclude": ["old/**", "secret/**"]}, owners=["mallory"])
        outcome = self.check("--approved-by", "mallory")
        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("[change/owners]", outcome.out)


class Revisions(ChangeTest):
    def test_one_that_git_does_not_have(self):
        for base in ("none", "origin/main", "--output=x", "0" * 40, ""):
            with self.subTest(base):
                outcome = self.check(base=base)
                self.assertEqual(outcome.code, 3, outcome)
                self.assertIn("fetch-depth: 0", outcome.err)
        self.assertFalse((self.root / "x").exists())

    def test_a_shallow_clone(self):
        self.write("b.txt", "x\n")
        self.commit_all()
        clone = self.scratch / "clone"
        subprocess.run(["git", "clone", "-q", "--depth", "1", "--branch", "change", f"file://{self.root}", str(clone)], check=True)
        subprocess.run(["git", "fetch", "-q", "--depth", "1", "origin", "base:base"], cwd=clone, check=True)
        outcome = self.launchgate("launchgate", "check", "--stage", "ci", "--base", "base", cwd=clone)
        self.assertEqual(outcome.code, 3, outcome)
        self.assertIn("the clone is shallow", outcome.err)
        self.assertIn("fetch-depth: 0", outcome.err)

    def test_where_it_makes_no_sense(self):
        for words in (("--base", "base"), ("--stage", "pre-commit", "--base", "base"), ("--stage", "ci", "--approved-by", "ada")):
            self.assertEqual(self.launchgate("launchgate", "check", *words).code, 2)


class Summaries(ChangeTest):
    def test_all_that_is_left_out_is_named(self):
        self.write("secret/a.txt", f"{TOKEN}\n")
        self.write("old/a.txt", f"{TOKEN}\n")
        self.write("b.txt", f"{TOKEN}\n")
        self.write("c.txt", f"{TOKEN} {MARK} github-pat an example\n")
        self.write("d.txt", f"{TOKEN}\n")
        self.launchgate("launchgate-leaks", "d.txt", "--write-baseline", "known.json")
        self.own(leaks={**self.OWN["leaks"], "allow": [{"rule": "private-values/github-pat", "path": "b.txt", "reason": "none"}], "baseline": "known.json"})
        self.commit_all()
        expected = ("excluded by the configuration: 1 (old", "allowed by the configuration: 1 (private-values/github-pat in b.txt)",
                    "allowed by comments: 1 (github-pat in c.txt:1)", "known from the baseline: 1 (private-values/github-pat in d.txt:1:1)")
        for tool in (("launchgate", "check", "--stage", "ci"), ("launchgate-leaks",)):
            for form in ("text", "github"):
                outcome = self.launchgate(*tool, "--format", form)
                for line in expected:
                    self.assertIn(f"left out: {line}", outcome.out)
                self.assertIn("2 allowed", outcome.out)
                self.assertNotIn(TOKEN, outcome.out)
        report = self.launchgate("launchgate-leaks", "--format", "json").json()
        self.assertEqual((report["counts"]["allowed"], report["counts"]["baselined"]), (2, 1))
        self.assertEqual([(one["file"], one["by"]) for one in sorted(report["allowed"], key=lambda one: one["file"])], [("b.txt", "configuration"), ("c.txt", "comment")])
        summary = self.scratch / "summary.md"
        self.launchgate("launchgate-leaks", "--format", "github", env={"GITHUB_STEP_SUMMARY": str(summary)})
        self.assertEqual(summary.read_text(encoding="utf-8").count("Left out: "), 4)


if __name__ == "__main__":
    unittest.main()
