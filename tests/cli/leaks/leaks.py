"""Shared by the tests of launchgate-leaks: scratch repositories and made-up secrets, spelt so that no scanner finds them here."""

import base64
import pathlib
import random
import shutil
import subprocess
import tempfile
import unittest

from support import run

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def made_up(length, seed=1, letters=LETTERS):
    source = random.Random(seed)
    return "".join(source.choice(letters) for _ in range(length))


def github(seed=1):
    return "ghp" + "_" + made_up(36, seed)


def npm(seed=1):
    return "npm" + "_" + made_up(36, seed)


def in_base64(text):
    return base64.b64encode(text.encode()).decode()


def in_percent(text):
    return "".join("%{:02X}".format(ord(c)) if c in "_-" else c for c in text)


class LeaksTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="launchgate-leaks-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)
        self.root = self.scratch / "r"
        self.root.mkdir()

    def git(self, *arguments):
        done = subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "core.autocrlf=false", *arguments],
                              cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
        return done.stdout.decode()

    def write(self, path, content):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return target

    def leaks(self, *arguments, **keywords):
        keywords.setdefault("cwd", self.root)
        return run("launchgate-leaks", *arguments, **keywords)

    def findings(self, *arguments, code=1, **keywords):
        outcome = self.leaks("--format", "json", *arguments, **keywords)
        self.assertEqual(outcome.code, code, outcome)
        return outcome.json()["findings"]

    def places(self, *arguments, **keywords):
        return [(f["rule"].split("/")[1], f["file"], f["line"]) for f in self.findings(*arguments, **keywords)]
