"""What the tests over the real executables share: running a tool, and scratch repositories made from the fixtures."""

import importlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

SOURCE = pathlib.Path(os.environ.get("LAUNCHGATE_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
BIN = pathlib.Path(os.environ.get("LAUNCHGATE_BIN", SOURCE / "build/release/bin"))
SHARED = pathlib.Path(os.environ.get("LAUNCHGATE_TEST_DATA", SOURCE.parent / "shared" / "data"))

TARGETS = "deploy/load/launch-readiness-targets.json"
MATRIX = "deploy/load/launch-evidence-matrix.json"


def need(test, *programs):
    """A test over other people's tools is skipped where they are missing, but not in CI: scripts/install-dependencies installs them."""
    missing = [name for name in programs if not shutil.which(name)]
    if missing and not os.environ.get("CI"):
        test.skipTest(f"not installed: {', '.join(missing)}; see scripts/install-dependencies")
    test.assertEqual(missing, [])


def public_data(test, name):
    """A public test suite, which the repository holds no copy of. In CI, and where LAUNCHGATE_TEST_DATA names its folder, a test that needs it fails
    without it: what did not run has not passed. A clone by itself skips it, and ./run-tests says so."""
    path = SHARED / name
    missing = f"not run: the public data {name} is not in {SHARED}; LAUNCHGATE_TEST_DATA names another folder"
    if not path.exists() and not os.environ.get("CI") and "LAUNCHGATE_TEST_DATA" not in os.environ:
        test.skipTest(missing)
    test.assertTrue(path.exists(), missing)
    return path


def library(test, name):
    """A Python library of a Debian package, also where `python3` is another Python that does not look there."""
    try:
        return importlib.import_module(name)
    except ImportError:
        pass
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        return importlib.import_module(name)
    except ImportError:
        if os.environ.get("CI"):
            raise
        test.skipTest(f"no Python library {name}; see scripts/install-dependencies")
    finally:
        sys.path.remove("/usr/lib/python3/dist-packages")


class Outcome:
    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout.decode("utf-8", "surrogateescape")
        self.err = done.stderr.decode("utf-8", "surrogateescape")

    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"exit {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


# How long one waits for what ought to happen at once: no measure, but the end of a test that would hang.
DEADLINE = 300


def until(happened, deadline=DEADLINE):
    """Waits until `happened()` is true, and returns what it says."""
    end = time.monotonic() + deadline
    while not (said := happened()):
        if time.monotonic() > end:
            raise AssertionError("it did not happen")
        time.sleep(0.02)
    return said


def run(tool, *arguments, cwd=None, env=None, stdin=b"", timeout=DEADLINE):
    variables = {key: value for key, value in os.environ.items() if not key.startswith(("LAUNCHGATE_", "OPEN_COWORK_"))}
    variables.update(env or {})
    done = subprocess.run([str(BIN / tool), *map(str, arguments)], cwd=cwd, env=variables, input=stdin,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, check=False)
    return Outcome(done)


class RepositoryTest(unittest.TestCase):
    """Each test gets a copy of a fixture in a folder of its own, outside any git repository."""

    fixture = "sample-product"
    maxDiff = None

    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="launchgate-test-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)
        self.root = self.scratch / "repository"
        shutil.copytree(SOURCE / "fixtures" / self.fixture, self.root)
        self.git("init", "-q")

    def git(self, *arguments):
        return subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments], cwd=self.root,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True).stdout.decode()

    def tool(self, tool, *arguments, **keywords):
        keywords.setdefault("cwd", self.root)
        return run(tool, *arguments, **keywords)

    def read(self, path):
        return (self.root / path).read_text(encoding="utf-8")

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            target.write_bytes(text)
        else:
            target.write_text(text, encoding="utf-8")

    def replace(self, path, old, new, count=1):
        text = self.read(path)
        self.assertIn(old, text)
        self.write(path, text.replace(old, new, count))

    def load(self, path):
        return json.loads(self.read(path))

    def dump(self, path, value):
        self.write(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    def assert_code(self, outcome, code):
        self.assertEqual(outcome.code, code, outcome)

    def assert_passes(self, outcome):
        self.assert_code(outcome, 0)

    def assert_finds(self, outcome, rule, *parts):
        """One line of the text output names the rule and holds all parts."""
        self.assert_code(outcome, 1)
        lines = [line for line in outcome.out.splitlines() if f"[{rule}]" in line]
        self.assertTrue(lines, f"no finding of {rule}\n{outcome}")
        self.assertTrue(any(all(part in line for part in parts) for line in lines), f"{parts} in none of {lines}")
