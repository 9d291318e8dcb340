"""Masks cannot be switched off by a repository's own configuration."""

import json
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from hostile import OTHER, TOKEN, HostileTest  # noqa: E402

# Rules that find nothing.
PACK = {"schemaVersion": 1, "pack": "own", "title": "t", "description": "t", "rules": [
    {"id": "token", "kind": "secret", "severity": "error", "message": "a token", "help": "revoke it", "pattern": "zz-[0-9]{8}", "keywords": ["zz-"],
     "examples": {"match": ["zz-12345678", "zz-87654321"], "pass": ["c", "d"]}}]}


class Masks(HostileTest):
    def setUp(self):
        super().setUp()
        self.dump("own.json", PACK)
        self.own()

    def own(self, documents=(), **leaks):
        self.dump("launchgate.json", {"schemaVersion": 1, "leaks": {"packs": ["own.json"], **leaks},
                                      "documents": [{"path": "own.json", "kind": "json"}, *documents]})

    def assert_masked(self, *words, code=(0, 1, 2)):
        for form in ("text", "json", "github", "sarif", "gitlab", "junit"):
            with self.subTest(words=words, form=form):
                outcome = self.launchgate(*words, "--format", form)
                self.assertIn(outcome.code, code, outcome)
                for secret in (TOKEN, OTHER, TOKEN[8:], OTHER[8:]):
                    self.assertNotIn(secret, outcome.out + outcome.err)

    def test_findings_of_other_checks(self):
        self.write("schema.json", json.dumps({"type": "object", "additionalProperties": False, "properties": {"a": {"const": 1}}}))
        self.write("doc.json", json.dumps({"a": TOKEN, OTHER: 2}))
        self.write("doc.md", f"# a\n\n[x]({TOKEN}.md) [y](none/{OTHER})\n")
        self.own([{"path": "doc.json", "kind": "json", "schema": "schema.json"}, {"path": "doc.md", "kind": "markdown"}])
        for stage in ((), ("--stage", "ci")):
            self.assert_masked("launchgate", "check", *stage, code=(1,))

    def test_a_line_that_a_leak_of_another_kind_shows(self):
        self.write("a.txt", f"zz-12345678 {TOKEN} {OTHER}\n")
        self.assert_masked("launchgate-leaks", "a.txt", code=(1,))
        self.assert_masked("launchgate", "check", "--stage", "ci", code=(1,))
        self.assert_masked("launchgate-leaks", "--pack", "own.json", "a.txt", code=(1,))

    def test_names_of_what_is_skipped(self):
        self.write(f"{TOKEN}.bin", "x")
        self.write(f"out/{OTHER}", "x")
        self.write(f"ignored/{TOKEN}", "x")
        self.write(".gitignore", f"{TOKEN}\n{TOKEN}.bin\n")
        os.mkfifo(self.root / f"pipe-{TOKEN}")
        for packs in (["own.json"], ["private-values"]):
            self.own(packs=packs, exclude=["*.bin", "out/**"])
            self.assert_masked("launchgate-leaks")
            self.assert_masked("launchgate", "check", "--stage", "ci")
        outcome = self.launchgate("launchgate-leaks")
        self.assertIn("excluded by the configuration", outcome.out)

    def test_records(self):
        self.dump("launchgate.json", {"schemaVersion": 1, "leaks": {"packs": ["own.json"]}})
        record = self.scratch / "record.json"
        made = self.launchgate("launchgate-record", "init", "--tier", "private-hosted-beta", "--output", str(record))
        self.assertEqual(made.code, 0, made)
        item = json.loads(record.read_text(encoding="utf-8"))["requiredEvidence"][0]["id"]
        outcome = self.launchgate("launchgate-record", "run", "--manifest", str(record), "--item", item, "--", "sh", "-c", f"echo {TOKEN}")
        self.assertNotIn(TOKEN, record.read_text(encoding="utf-8"))
        for path in self.scratch.glob("*"):
            if path.is_file():
                self.assertNotIn(TOKEN, path.read_text(encoding="utf-8", errors="replace"), path)
        self.assertNotIn(outcome.code, (4, -6, -11), outcome)


if __name__ == "__main__":
    unittest.main()
