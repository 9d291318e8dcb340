"""Outputs never destroy inputs, and no output still holds the verdict of an earlier run, however a run ends."""

import json
import os
import unittest

from evidence import EvidenceTest
from support import MATRIX, RepositoryTest

OLD = "the verdict of an earlier run\n"


class Clashes(RepositoryTest):
    """By path, link and inode; an input, a configured document, what the configuration names."""

    def spellings(self, path):
        linked, hard = self.scratch / "linked", self.scratch / "hard"
        for one in (linked, hard):
            one.unlink(missing_ok=True)
        linked.symlink_to(path)
        os.link(path, hard)
        return [path, path.parent / "." / path.name, path.parent / ".." / path.parent.name / path.name, linked, hard]

    def assert_kept(self, path, tool, *words, option):
        before = path.read_bytes()
        for spelling in self.spellings(path):
            with self.subTest(tool=tool, option=option, spelling=spelling.name):
                outcome = self.tool(tool, *words, *([f"{option}={spelling}"] if option.endswith("json") else [option, spelling]))
                self.assert_code(outcome, 2)
                self.assertIn("which would be lost", outcome.err)
                self.assertEqual(path.read_bytes(), before)

    def test_configured_documents(self):
        for tool, words in (("launchgate", ["check"]), ("launchgate-profiles", []), ("launchgate-leaks", []), ("launchgate-wording", []),
                            ("launchgate-record", []), ("launchgate-report", []), ("launchgate-matrix", [])):
            self.assert_kept(self.root / MATRIX, tool, *words, option="--format=json")
        self.assert_kept(self.root / "docs/release-checklist.md", "launchgate-promote", option="--decision")
        self.assert_kept(self.root / "package.json", "launchgate-decide", "--profile", "private-beta", option="--markdown")

    def test_what_is_wrong_otherwise_makes_no_difference(self):
        matrix = self.root / MATRIX
        self.assert_kept(matrix, "launchgate-promote", "--no-such-option", option="--decision")
        self.assert_kept(matrix, "launchgate", "check", "--fail-on", "never", option="--format=json")
        self.write("launchgate.json", "{")
        self.assert_kept(matrix, "launchgate", "check", option="--format=json")
        self.assert_kept(self.root / "launchgate.json", "launchgate", "check", option="--format=json")

    def test_inputs(self):
        self.write("own.json", "{}")
        self.assert_kept(self.root / "own.json", "launchgate-profiles", "own.json", option="--format=json")
        self.assert_kept(self.root / "own.json", "launchgate-decide", "--load", "own.json", option="--decision")
        self.assert_kept(self.root / "own.json", "launchgate", "check", "--config", "own.json", option="--format=json")
        self.assert_kept(self.root / "own.json", "launchgate-leaks", "--gitleaks-config", "own.json", option="--write-baseline")

    def test_one_file_for_two_outputs(self):
        outcome = self.tool("launchgate", "check", "--format", "json=out", "--format", "sarif=./out")
        self.assert_code(outcome, 2)
        self.assertIn("also written by --format", outcome.err)
        self.assertFalse((self.root / "out").exists())
        # A device is not a file, and takes both.
        self.assert_code(self.tool("launchgate", "check", "--format", "json=/dev/null", "--format", "sarif=/dev/null"), 0)
        self.assertTrue(os.path.exists("/dev/null"))

    def test_near_misses(self):
        self.assert_code(self.tool("launchgate", "check", "--format", "json=out.json"), 0)
        self.assert_code(self.tool("launchgate", "check", "--format", "json=out.json"), 0)
        self.assertEqual(json.loads(self.read("out.json"))["result"], "pass")
        # A baseline is made anew in place.
        for _ in range(2):
            self.assert_code(self.tool("launchgate-leaks", "--write-baseline", "known.json"), 0)
        self.assert_code(self.tool("launchgate-leaks", "--baseline", "known.json", "--write-baseline", "known.json"), 0)


class Records(EvidenceTest):
    def test_the_record_and_its_evidence_outlive_a_promotion(self):
        log = next((self.operations / "evidence").glob("*.log"))
        for path in (self.record, log, self.operations / "load.json", self.image_file("cloud")):
            before = path.read_bytes()
            for words in (["--decision", path], ["--format", f"json={path}"], ["--format", f"intoto={path}"]):
                outcome = self.promote(*words)
                self.assert_code(outcome, 2)
                self.assertIn("which would be lost", outcome.err)
                self.assertEqual(path.read_bytes(), before)
        # The record that a variable names.
        before = self.record.read_bytes()
        outcome = self.tool("launchgate-promote", "--decision", self.record, env={"OPEN_COWORK_PROMOTION_EVIDENCE_MANIFEST": str(self.record)})
        self.assert_code(outcome, 2)
        self.assertEqual(self.record.read_bytes(), before)


class Stale(RepositoryTest):
    def assert_gone(self, code, tool, *words, output, env=None):
        path = self.root / "verdict.json"
        path.write_text(OLD)
        with self.subTest(tool=tool, words=words):
            outcome = self.tool(tool, *words, *output(path), env=env)
            self.assert_code(outcome, code)
            self.assertNotEqual(path.read_text() if path.exists() else "", OLD)

    def test_wrong_use_and_broken_configuration(self):
        tools = [("launchgate", ["check"], lambda path: ["--format", f"json={path}"]), ("launchgate-leaks", [], lambda path: [f"--format=sarif={path}"]),
                 ("launchgate-promote", [], lambda path: ["--decision", path]), ("launchgate-promote", [], lambda path: ["--format", f"intoto={path}"]),
                 ("launchgate-decide", ["--profile", "private-beta"], lambda path: ["--decision", path]),
                 ("launchgate-decide", [], lambda path: [f"--markdown={path}"]), ("launchgate-load", [], lambda path: ["--format", f"junit={path}"]),
                 ("launchgate-record", ["run"], lambda path: ["--report", path])]
        for tool, words, output in tools:
            self.assert_gone(2, tool, *words, "--no-such-option", output=output)
        self.write("launchgate.json", "{")
        for tool, words, output in tools[:-1]:
            self.assert_gone(2, tool, *words, output=output)

    def test_a_verdict_behind_a_link(self):
        target = self.scratch / "target.json"
        target.write_text(OLD)
        (self.root / "link.json").symlink_to(target)
        self.assert_code(self.tool("launchgate", "check", "--no-such-option", "--format", "json=link.json"), 2)
        self.assertEqual(target.read_text(), "")
        self.assert_code(self.tool("launchgate", "check", "--format", "json=link.json"), 0)
        self.assertEqual(json.loads(target.read_text())["result"], "pass")

    def test_what_is_no_verdict_stays(self):
        for tool, words in (("launchgate-record", ["init", "--tier", "private-hosted-beta", "--no-such-option", "--output"]),
                            ("launchgate-leaks", ["--no-such-option", "--write-baseline"])):
            self.write("kept.json", OLD)
            self.assert_code(self.tool(tool, *words, "kept.json"), 2)
            self.assertEqual(self.read("kept.json"), OLD)

    def test_help_changes_nothing(self):
        self.write("kept.json", OLD)
        self.assert_code(self.tool("launchgate-promote", "--help", "--decision", "kept.json"), 0)
        self.assertEqual(self.read("kept.json"), OLD)


class EmptyVariables(RepositoryTest):
    def test_what_chooses_is_never_empty(self):
        for tool, words, variable in (("launchgate-promote", [], "OPEN_COWORK_RELEASE_CLAIM_TIER"), ("launchgate-promote", [], "LAUNCHGATE_EXPECTED_COMMIT_SHA"),
                                      ("launchgate-promote", [], "OPEN_COWORK_CLOUD_IMAGE_JSON"), ("launchgate-load", ["--plan"], "OPEN_COWORK_LOAD_PROFILE"),
                                      ("launchgate-load", ["--plan"], "LAUNCHGATE_EVIDENCE_GATEWAY_IMAGE_DIGEST"),
                                      ("launchgate-record", ["run", "--report", "r.json", "--", "true"], "OPEN_COWORK_EVIDENCE_COMMIT_SHA")):
            with self.subTest(variable):
                outcome = self.tool(tool, *words, env={variable: ""})
                self.assert_code(outcome, 2)
                self.assertIn(f"{variable} is set, but empty", outcome.err)
        # What is given on the command line needs no variable, and a record may be left open.
        self.assert_code(self.tool("launchgate-promote", "--tier", "local-self-host-beta",
                                   env={"OPEN_COWORK_RELEASE_CLAIM_TIER": "", "OPEN_COWORK_PROMOTION_EVIDENCE_MANIFEST": ""}), 0)


if __name__ == "__main__":
    unittest.main()
