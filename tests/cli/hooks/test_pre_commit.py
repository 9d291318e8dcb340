"""The hooks of .pre-commit-hooks.yaml under the real pre-commit."""

import re
import shutil
import unittest

from hooks import RECORD, TOKEN, HookTest
from support import SOURCE, TARGETS, need

VALIDATORS = {"profile": "launchgate-profiles", "matrix": "launchgate-matrix", "record": "launchgate-record", "wording": "launchgate-wording",
              "report": "launchgate-report", "leak": "launchgate-leaks"}


class PreCommit(HookTest):
    hooks = ["launchgate"]

    def setUp(self):
        super().setUp()
        need(self, "pre-commit")
        # The hooks come from a repository, as they do for a user; it needs nothing but the file.
        source = self.scratch / "source"
        source.mkdir()
        shutil.copy(SOURCE / ".pre-commit-hooks.yaml", source)
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "hooks"]):
            self.assert_passes(self.git_run(*words, cwd=source))
        revision = self.git_run("rev-parse", "HEAD", cwd=source).out.strip()
        hooks = "".join(f"      - id: {hook}\n" for hook in self.hooks)
        self.write(".pre-commit-config.yaml", f"repos:\n  - repo: {source}\n    rev: {revision}\n    hooks:\n{hooks}")
        self.assert_passes(self.command("pre-commit", "install", "--install-hooks"))
        outcome = self.commit()
        self.assert_passes(outcome)
        self.assertEqual(len(re.findall(r"\.Passed$", outcome.out + outcome.err, re.M)), len(self.hooks), outcome)


class OneForAll(PreCommit):
    def test_each_defect_is_blocked_with_its_message(self):
        for name, rule, make in self.defects():
            with self.subTest(name):
                before = self.head()
                make()
                self.assert_blocked(self.commit(), f"[{rule}", "Failed")
                self.assertEqual(self.head(), before)
                self.git_run("reset", "-q", "--hard")

    def test_partial_staging(self):
        self.replace(TARGETS, '"description": "', '"description": "Revised: ')
        self.git_run("add", TARGETS)
        self.replace(TARGETS, '"durationMs": 120000', '"durationMs": 0')
        self.assert_passes(self.commit(add=False))
        self.assertIn('"durationMs": 0', self.read(TARGETS))
        self.git_run("add", TARGETS)
        self.replace(TARGETS, '"durationMs": 0', '"durationMs": 120000')
        self.assert_blocked(self.commit(add=False), "durationMs")
        self.assertIn('"durationMs": 120000', self.read(TARGETS))

    def test_removals_renames_and_commit_all(self):
        self.git_run("rm", "-q", RECORD)
        self.assert_blocked(self.commit(add=False), "suite/missing-document", RECORD)
        self.git_run("reset", "-q", "--hard")
        self.git_run("rm", "-q", "--cached", TARGETS)
        self.assert_blocked(self.commit(add=False), "suite/missing-document", TARGETS)
        self.git_run("reset", "-q", "--hard")
        self.git_run("mv", TARGETS, "elsewhere.json")
        self.assert_blocked(self.commit(add=False), "suite/missing-document")
        self.git_run("reset", "-q", "--hard")
        self.replace(TARGETS, '"durationMs": 120000', '"durationMs": 0')
        self.assert_blocked(self.commit("-a", add=False), "durationMs")
        self.git_run("reset", "-q", "--hard")
        self.write("notes.txt", "a note\n")
        self.assert_passes(self.commit())
        self.git_run("rm", "-q", "notes.txt")
        self.assert_passes(self.commit(add=False))

    def test_a_merge(self):
        self.git_run("checkout", "-q", "-b", "side")
        self.replace(TARGETS, '"concurrency": 12', '"concurrency": 14')
        self.assert_passes(self.commit())
        self.git_run("checkout", "-q", "-")
        self.replace(TARGETS, '"concurrency": 12', '"concurrency": 13')
        self.assert_passes(self.commit())
        self.assertNotEqual(self.git_run("merge", "-q", "side").code, 0)
        # A half-resolved conflict is no JSON.
        self.write(TARGETS, self.read(TARGETS).replace("<<<<<<< HEAD\n", "", 1))
        self.git_run("add", TARGETS)
        self.assert_blocked(self.commit(add=False), "[profiles/syntax]")
        self.write(TARGETS, self.git_run("show", f"side:{TARGETS}").out)
        self.git_run("add", TARGETS)
        self.assert_passes(self.commit(add=False))

    def test_two_thousand_files(self):
        for number in range(2000):
            self.write(f"many/{number % 40}/file-{number}.txt", f"line {number}\n" * 5)
        self.write("many/7/file-7.txt", f"{TOKEN}\n")
        self.assert_blocked(self.commit(), "many/7/file-7.txt:1:1", "private-values/github-pat")
        self.write("many/7/file-7.txt", "mended\n")
        self.assert_passes(self.commit())

    def test_all_files(self):
        self.assert_passes(self.command("pre-commit", "run", "--all-files"))
        self.write("src/settings.txt", f"{TOKEN}\n")
        self.commit("--no-verify")
        self.assert_blocked(self.command("pre-commit", "run", "--all-files"), "src/settings.txt:1:1")


class OneForEach(PreCommit):
    hooks = list(VALIDATORS.values())

    def test_each_defect_fails_its_own_hook(self):
        for name, rule, make in self.defects():
            with self.subTest(name):
                make()
                outcome = self.commit()
                self.assert_blocked(outcome, f"[{rule}")
                text = outcome.out + outcome.err
                self.assertRegex(text, rf"(?m)^{VALIDATORS[name]}\.+Failed$")
                self.git_run("reset", "-q", "--hard")

    def test_excluded_files_are_not_scanned(self):
        self.write("launchgate.json", '{"schemaVersion": 1, "leaks": {"exclude": ["vectors/**"]}}\n')
        self.write("vectors/known.txt", f"{TOKEN}\n")
        self.assert_passes(self.commit())


if __name__ == "__main__":
    unittest.main()
