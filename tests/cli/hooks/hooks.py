"""Scratch repositories with hooks, and a defect of each kind."""

import os
import subprocess

from support import BIN, DEADLINE, MATRIX, TARGETS, Outcome, RepositoryTest

RECORD = "deploy/private-beta/launch-evidence-record.template.json"
RUNBOOK = "docs/runbooks/launch-readiness.md"
REPORT = "docs/runbooks/launch-readiness-report.md"
# Built here, so that no file of the project holds what a scanner would find.
TOKEN = "ghp" + "_" + "8Zq3LmT0vKx7RbW2yNc5Hd9Jf4Ps6Ga1Ue0Q"


class HookTest(RepositoryTest):
    def setUp(self):
        super().setUp()
        self.home = self.scratch / "home"
        self.home.mkdir()
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "LAUNCHGATE_", "OPEN_COWORK_"))}
        self.environment.update({
            "HOME": str(self.home), "PATH": f"{BIN}:{os.environ['PATH']}", "PRE_COMMIT_HOME": str(self.scratch / "cache"), "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.com", "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.com"})

    def command(self, *words, cwd=None, timeout=DEADLINE):
        return Outcome(subprocess.run([str(word) for word in words], cwd=cwd or self.root, env=self.environment, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, check=False))

    def git_commands(self, *words):
        """Runs a command that passes, and counts the commands of git that it starts."""
        trace = self.scratch / "trace"
        trace.write_text("")
        self.environment["GIT_TRACE"] = str(trace)
        self.assert_passes(self.command(*words))
        del self.environment["GIT_TRACE"]
        return sum("trace: built-in: git " in line for line in trace.read_text().splitlines())

    def git_run(self, *words, **keywords):
        return self.command("git", *words, **keywords)

    def commit(self, *words, add=True, **keywords):
        if add:
            self.assert_passes(self.git_run("add", "-A"))
        return self.git_run("commit", "-q", "-m", "change", *words, **keywords)

    def head(self):
        return self.git_run("rev-parse", "HEAD").out.strip()

    def assert_blocked(self, outcome, *texts):
        self.assertNotEqual(outcome.code, 0, outcome)
        for text in texts:
            self.assertIn(text, outcome.out + outcome.err)

    def defects(self):
        """(what it is called, the message on screen, how it comes about)"""
        return [
            ("profile", "profiles/unknown-key", lambda: self.replace(TARGETS, '"p95ReadLatencyMs": 750', '"p95ReadLatencyMS": 750')),
            ("matrix", "matrix/", lambda: self.replace(MATRIX, '"claimStatus": "not-claimed"', '"claimStatus": "accepted-public"')),
            ("record", "record/item-missing", lambda: self.replace(RECORD, '"id": "deployedLoadTest"', '"id": "deployedLoadTst"')),
            ("wording", "claims/", lambda: self.write(RUNBOOK, self.read(RUNBOOK) + "\nThis product is production ready.\n")),
            ("report", "launch-report/", lambda: self.replace(REPORT, "Soak Test Report", "Soak Test")),
            ("leak", "private-values/github-pat", lambda: self.write("src/settings.txt", f"token {TOKEN}\n")),
        ]
