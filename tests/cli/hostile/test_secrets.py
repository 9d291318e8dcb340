"""The secrets of a run itself: who may read its files, its memory and its words."""

import json
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from hostile import OTHER, TOKEN, HostileTest  # noqa: E402
from support import BIN  # noqa: E402

# No rule of a pack knows them.
ODD = "q\"8Z t/+%é0-odd"
PLAIN = "correcthorsebattery"


class Files(HostileTest):
    def mode(self, path):
        return stat.S_IMODE(os.stat(path).st_mode)

    def test_what_is_written_is_nobody_else_s(self):
        report = self.scratch / "report.json"
        record = self.scratch / "record.json"
        decision = self.scratch / "decision.json"
        baseline = self.scratch / "baseline.json"
        self.launchgate("launchgate", "check", "--format", f"json={report}")
        self.launchgate("launchgate-record", "init", "--tier", "private-hosted-beta", "--output", str(record))
        self.launchgate("launchgate-promote", "--tier", "local-self-host-beta", "--decision", str(decision))
        self.launchgate("launchgate-leaks", "deploy", "--write-baseline", str(baseline))
        for path in (report, record, decision, baseline):
            with self.subTest(path.name):
                self.assertEqual(self.mode(path), 0o600)

    def test_unless_it_is_asked_for(self):
        report = self.scratch / "report.json"
        self.launchgate("launchgate", "check", "--format", f"json={report}", env={"LAUNCHGATE_FILE_MODE": "0640"})
        self.assertEqual(self.mode(report), 0o640 & ~self.umask())
        for wrong in ("rw", "99", "0644x", "", "7777"):
            other = self.scratch / f"other-{wrong}"
            self.launchgate("launchgate", "check", "--format", f"json={other}", env={"LAUNCHGATE_FILE_MODE": wrong})
            self.assertEqual(self.mode(other), 0o600, wrong)

    @staticmethod
    def umask():
        mask = os.umask(0)
        os.umask(mask)
        return mask


class OwnVariables(HostileTest):
    def test_their_values_are_in_no_record_and_no_log(self):
        record = self.scratch / "record.json"
        made = self.launchgate("launchgate-record", "init", "--tier", "private-hosted-beta", "--output", str(record))
        self.assertEqual(made.code, 0, made)
        item = json.loads(record.read_text(encoding="utf-8"))["requiredEvidence"][0]["id"]
        variables = {"OPEN_COWORK_LOAD_CLOUD_TOKEN": ODD, "DB_PASSWORD": PLAIN, "ORDINARY": "an-ordinary-value"}
        words = ["launchgate-record", "run", "--manifest", str(record), "--item", item, "--commit-sha", "1" * 40]
        for image in ("cloud", "gateway"):
            words += [f"--{image}-image-digest", "sha256:" + "2" * 64]
        outcome = self.launchgate(*words, "--", "sh", "-c", 'printf "%s\\n" "token is $OPEN_COWORK_LOAD_CLOUD_TOKEN." "x${DB_PASSWORD}y" "$ORDINARY"', env=variables)
        self.assertIn(outcome.code, (0, 1), outcome)
        logs = list((self.scratch / "evidence").glob("*.log"))
        self.assertEqual(len(logs), 1, outcome)
        text = logs[0].read_text(encoding="utf-8")
        self.assertIn("an-ordinary-value", text)
        self.assertIn("token is redacted-private-value.", text)
        for path in [record, *(self.scratch / "evidence").iterdir()]:
            for value in (ODD, PLAIN):
                self.assertNotIn(value, path.read_text(encoding="utf-8"), path)
            self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path)


class LoadTokens(HostileTest):
    def load(self, *words, **keywords):
        return self.launchgate("launchgate-load", "--mode", "plan", "--profile", "local-self-host-beta", "--output-dir", str(self.scratch / "out"), *words, **keywords)

    def test_a_token_over_http(self):
        words = ("--cloud-url", "http://cloud.example.com", "--skip-gateway")
        variables = {"OPEN_COWORK_LOAD_CLOUD_TOKEN": PLAIN}
        outcome = self.load(*words, env=variables)
        self.assertIn("goes to cloud.example.com over http", outcome.err)
        self.assertEqual(self.load(*words, "--strict", env=variables).code, 2)
        for fine in (("--cloud-url", "https://cloud.example.com"), ("--cloud-url", "http://127.0.0.1:1"), ("--cloud-url", "http://localhost:1")):
            self.assertNotIn("over http", self.load(*fine, "--skip-gateway", env=variables).err)
        self.assertNotIn("over http", self.load(*words).err)

    def test_memory_is_not_dumped(self):
        if not shutil.which("strace"):
            self.skipTest("not run: strace is not installed")
        log = self.scratch / "trace"
        subprocess.run(["strace", "-f", "-e", "trace=prctl", "-o", str(log), str(BIN / "launchgate-load"), "--mode", "plan", "--output-dir", str(self.scratch / "out")],
                       cwd=self.root, env={**os.environ, **self.environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        self.assertRegex(log.read_text(encoding="utf-8"), r"prctl\(PR_SET_DUMPABLE, (0|SUID_DUMP_DISABLE)\S* *.*= 0")


class BaselineKeys(HostileTest):
    def setUp(self):
        super().setUp()
        self.write("a.txt", f"{TOKEN}\n")
        self.key = self.scratch / "key"
        self.key.write_text("0123456789abcdef0123456789abcdef\n", encoding="utf-8")
        self.baseline = self.scratch / "known.json"

    def leaks(self, *words, **keywords):
        return self.launchgate("launchgate-leaks", "a.txt", *words, **keywords)

    def test_entries_are_made_with_it(self):
        self.leaks("--write-baseline", str(self.baseline), "--baseline-key-file", str(self.key))
        with_key = json.loads(self.baseline.read_text(encoding="utf-8"))
        self.assertRegex(with_key["keyCheck"], "^[0-9a-f]{32}$")
        self.assertEqual(self.leaks("--baseline", str(self.baseline), "--baseline-key-file", str(self.key)).code, 0)
        self.assertEqual(self.leaks("--baseline", str(self.baseline), env={"LAUNCHGATE_BASELINE_KEY_FILE": str(self.key)}).code, 0)
        # The salt alone does not make them.
        guessed = self.scratch / "guessed.json"
        guessed.write_text(json.dumps({"schemaVersion": 1, "salt": with_key["salt"]}), encoding="utf-8")
        self.leaks("--baseline", str(guessed), "--write-baseline", str(guessed))
        self.assertNotEqual(json.loads(guessed.read_text(encoding="utf-8"))["entries"][0]["digest"], with_key["entries"][0]["digest"])

    def test_a_key_that_is_missing_or_another(self):
        self.leaks("--write-baseline", str(self.baseline), "--baseline-key-file", str(self.key))
        other = self.scratch / "other"
        other.write_text("f" * 32, encoding="utf-8")
        for words, text in (((), "needs its key"), (("--baseline-key-file", str(other)), "was written with another key")):
            outcome = self.leaks("--baseline", str(self.baseline), *words)
            self.assertEqual(outcome.code, 3, outcome)
            self.assertIn(text, outcome.err)
        other.write_text("short", encoding="utf-8")
        self.assertEqual(self.leaks("--baseline", str(self.baseline), "--baseline-key-file", str(other)).code, 2)

    def test_in_a_check(self):
        self.leaks("--write-baseline", str(self.root / "known.json"), "--baseline-key-file", str(self.key))
        self.dump("launchgate.json", {"schemaVersion": 1, "leaks": {"baseline": "known.json"}})
        self.commit_all()
        self.assertEqual(self.launchgate("launchgate", "check", "--stage", "ci").code, 3)
        self.assert_passes(self.launchgate("launchgate", "check", "--stage", "ci", "--baseline-key-file", str(self.key)))


class Bounds(HostileTest):
    def test_findings_are_counted_beyond_a_number(self):
        number = 2010
        self.write("a.txt", "".join(f"{OTHER[:-6]}{i:06d}\n" for i in range(number)))
        for i in range(6):
            shutil.copy(self.root / "a.txt", self.root / f"b{i}.txt")
        report = self.launchgate("launchgate-leaks", "a.txt", "--format", "json").json()
        self.assertEqual(len(report["findings"]), 2000)
        self.assertEqual((report["counts"]["findings"], report["counts"]["errors"], report["counts"]["notShown"]), (number, number, number - 2000))
        said = f"{7 * number - 10000} more findings are counted and not shown"
        forms = ("text", "github", "sarif", "junit", "gitlab")
        self.assertEqual(self.launchgate("launchgate-leaks", *(word for form in forms for word in ("--format", f"{form}={self.scratch / form}"))).code, 1)
        for form in forms:
            self.assertIn(said, (self.scratch / form).read_text(encoding="utf-8"), form)
        self.assertEqual(self.launchgate("launchgate-leaks", "a.txt", "--write-baseline", str(self.scratch / "known.json")).code, 0)
        self.assertEqual(self.launchgate("launchgate-leaks", "a.txt", "--baseline", str(self.scratch / "known.json")).code, 0)


class Hooks(HostileTest):
    def test_a_hook_is_not_written_elsewhere(self):
        outside = self.scratch / "hooks"
        outside.mkdir()
        os.symlink(outside, self.root / "link")
        for path in (str(outside), str(outside / "none/deep"), "../hooks", "link", "/dev/null", "~/hooks"):
            with self.subTest(path):
                self.git("config", "core.hooksPath", path)
                outcome = self.launchgate("launchgate", "init", "--git-hook")
                self.assertEqual(outcome.code, 3, outcome)
                self.assertIn("core.hooksPath leads out of the repository", outcome.err)
        self.assertEqual(os.listdir(outside), [])
        self.assertEqual(os.listdir(self.home), [])

    def test_one_that_is_the_repository_s_own(self):
        for path in (".husky", ".git/own", "deep/er/hooks"):
            self.git("config", "core.hooksPath", path)
            self.assert_passes(self.launchgate("launchgate", "init", "--git-hook"))
            self.assertTrue(os.access(self.root / path / "pre-commit", os.X_OK))

    def test_one_that_is_a_link_is_not_written_through(self):
        self.git("config", "core.hooksPath", ".husky")
        (self.root / ".husky").mkdir()
        os.symlink(self.scratch / "elsewhere", self.root / ".husky/pre-commit")
        self.assertEqual(self.launchgate("launchgate", "init", "--git-hook").code, 3)
        self.assertFalse((self.scratch / "elsewhere").exists())


if __name__ == "__main__":
    unittest.main()
