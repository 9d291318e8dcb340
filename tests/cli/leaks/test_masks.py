"""What other checks show of a line never holds what the leak rules find there; files that vanish or cannot be read; ten common leaks; this project."""

import json
import os
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from leaks import LeaksTest, github, made_up  # noqa: E402
from support import BIN, DEADLINE, MATRIX, SOURCE, TARGETS, RepositoryTest, run  # noqa: E402

FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab")


class OtherFindings(RepositoryTest):
    """A token and a password are planted where other checks complain and quote."""

    def setUp(self):
        super().setUp()
        self.token = github(91)
        self.password = made_up(24, 17)
        targets = (self.root / TARGETS).read_text()
        self.targets = targets
        planted = (f'  "ownr": "{self.token}", "soak": "{self.token}", "{self.token}": 1, "password": "{self.password}", "db": "postgres' +
                   f'://u:{self.password}@db.corp.net/x",\n')
        (self.root / TARGETS).write_text(targets.replace("{\n", "{\n" + planted, 1))
        matrix = (self.root / MATRIX).read_text()
        (self.root / MATRIX).write_text(matrix.replace("{\n", f'{{\n  "title": 7, "acceptedPublicTier": "{self.token}", "x": "{self.password}", "api_key": "{self.password}",\n', 1))
        for runbook in (self.root / "docs").rglob("*.md"):
            text = runbook.read_text()
            runbook.write_text(text + f"\nThis is production ready, generally available and certified: {self.token} [x](nowhere/{self.token}.md) ok.\n")

    def parts(self):
        return [text[i:i + 8] for text in (self.token[6:], self.password[4:]) for i in range(len(text) - 7)]

    def check_silent(self, text):
        for part in self.parts():
            at = text.find(part)
            self.assertEqual(at, -1, text[max(0, at - 400):at + 60])

    def everything(self, *command):
        wrote = []
        for output in FORMATS:
            target = self.scratch / "out"
            outcome = self.tool(*command, "--format", f"{output}={target}", "--format", "text")
            self.assertIn(outcome.code, (1, 2), outcome)
            wrote += [outcome.out, outcome.err, target.read_text() if target.exists() else ""]
        return "\n".join(wrote)

    def test_findings_of_every_check(self):
        for command in (["launchgate", "check"], ["launchgate-profiles"], ["launchgate-matrix"], ["launchgate-wording"], ["launchgate-report"], ["launchgate-leaks"]):
            with self.subTest(command=command):
                text = self.everything(*command)
                self.check_silent(text)
                self.assertIn("***", text)

    def test_a_line_cut_on_both_sides(self):
        for shift in range(0, 60, 7):
            wide = "x" * (70 + shift)
            (self.root / TARGETS).write_text(self.targets.replace("{\n", f'{{\n  "a": "{wide}", "b": "{self.token}", "ownr{wide}": 1, "c": "{self.token}", "d": 2,\n', 1))
            self.check_silent(self.everything("launchgate-profiles"))

    def test_documents_that_do_not_parse(self):
        for broken in (f'{{"a": "{self.token}" "b": 1}}', f'{{"password": "{self.password}", ', f'{{"a": {self.token}}}', f'["{self.token}", "{self.token}"\n'):
            (self.root / TARGETS).write_text(broken)
            self.check_silent(self.everything("launchgate", "check"))

    def test_a_shown_document_that_does_not_parse(self):
        (self.root / TARGETS).write_text(f'{{"a": "{self.token}" "b": 1}}')
        outcome = self.tool("launchgate-profiles", "--show")
        self.check_silent(outcome.out + outcome.err)


class Vanishing(LeaksTest):
    def test_files_that_vanish_are_skipped_and_said_so(self):
        for number in range(4000):
            self.write(f"d{number % 40:02}/f{number}.txt", "text\n" * 50)
        tool = subprocess.Popen([str(BIN / "launchgate-leaks"), "--format", "json"], cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for folder in sorted(self.root.iterdir(), reverse=True):
            for file in folder.iterdir():
                file.unlink()
            folder.rmdir()
            time.sleep(0)
        out, err = tool.communicate(timeout=DEADLINE)
        self.assertIn(tool.returncode, (0, 1), err)
        reasons = {skipped["reason"] for skipped in json.loads(out)["skipped"]}
        self.assertLessEqual(reasons, {"vanished"})

    @unittest.skipUnless(os.geteuid() == 0, "the tests of files run as an ordinary user already")
    def test_an_unreadable_file_is_exit_3_for_an_ordinary_user(self):
        self.scratch.chmod(0o755)
        self.write("a.txt", "fine\n")
        self.write("b.txt", github()).chmod(0)
        try:
            done = subprocess.run([str(BIN / "launchgate-leaks")], cwd=self.root, user="nobody", stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=DEADLINE, check=False)
        except PermissionError:
            self.skipTest("the executable stands where others may not go")
        self.assertEqual(done.returncode, 3, done)
        self.assertIn("b.txt: error: cannot open: Permission denied [leaks/unreadable]", done.stdout.decode())


class TenLeaks(LeaksTest):
    """Each message says what, where, why it matters, how to revoke it, and how to suppress it."""

    LEAKS = {
        "github-pat": "token: " + github(5),
        "aws-access-key-id": "id = AK" + "IA" + made_up(16, 3, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
        "aws-secret-access-key": "aws_secret_access_key = " + made_up(40, 4),
        "slack-token": "SLACK=xox" + "b-" + made_up(12, 5, "0123456789") + "-" + made_up(12, 6, "0123456789") + "-" + made_up(24, 7),
        "stripe-key": "pay: sk" + "_live_" + made_up(24, 8),
        "pem-private-key": "-----BEGIN RSA PRIVATE" + " KEY-----\n" + made_up(64, 9) + "\n" + made_up(64, 10) + "\n",
        "google-api-key": "key=AI" + "za" + made_up(35, 11),
        "database-url-credentials": "postgres" + "://app:" + made_up(16, 12) + "@db.corp.net:5432/prod",
        "json-web-token": "Cookie: ey" + "J" + made_up(34, 13) + ".ey" + "J" + made_up(60, 14) + "." + made_up(43, 15),
        "personal-users-path": "log: /Us" + "ers/mmeier/launch/out.json",
    }

    def test_each_says_everything(self):
        for rule, text in self.LEAKS.items():
            with self.subTest(rule=rule):
                self.write("a.txt", "one\n" + text + "\n")
                outcome = self.leaks("a.txt")
                self.assertEqual(outcome.code, 1, outcome)
                first = outcome.out.splitlines()[0]
                self.assertRegex(first, r"^a\.txt:[23]:\d+: error: [A-Za-z][^,]{5,}, \d+ characters.* \[private-values/" + rule + r"\]$")
                self.assertIn("\n      = ", outcome.out)
                advice = outcome.out.split("\n      = ", 1)[1].splitlines()[0]
                self.assertRegex(advice, r"^(whoever|until|the path|an? )")  # why it matters
                self.assertRegex(advice, r"revoke|rotate|replace|change|write|delete|deactivate|roll")
                self.assertIn(f"write launchgate" + f":allow {rule} REASON on or above the line", advice)
                self.assertIn(f"launchgate explain private-values/{rule}", advice)
                explained = run("launchgate", "explain", f"private-values/{rule}", cwd=self.root)
                self.assertEqual(explained.code, 0, explained)
                self.assertIn("How to fix it", explained.out)


class Published(LeaksTest):
    def test_a_key_that_its_maker_prints_is_no_finding(self):
        emulator = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/" + "K1SZFPTOtr/KBHBeksoGMGw=="
        line = "DefaultEndpointsProtocol=https;AccountName=n0tareal;Account" + "Key={};EndpointSuffix=core.windows.net\n"
        self.write("a.txt", line.format(emulator))
        self.assertEqual(self.leaks("a.txt").code, 0)
        self.write("a.txt", line.format(made_up(86, 21) + "=="))
        self.assertEqual(self.leaks("a.txt").code, 1)


class ThisProject(unittest.TestCase):
    def test_it_is_clean(self):
        outcome = run("launchgate-leaks", "rules", "tests", "fixtures", "docs", cwd=SOURCE)
        self.assertEqual(outcome.code, 0, outcome)


if __name__ == "__main__":
    unittest.main()
