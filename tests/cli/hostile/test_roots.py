"""Nothing outside of the root is read or shown for a repository, and no configuration is taken from where it does not belong."""

import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from hostile import TOKEN, HostileTest  # noqa: E402

CONFIGURATION = {"schemaVersion": 1, "documents": [{"path": "x.json", "kind": "json", "required": False}]}
SECRET = "outside-of-the-root"


class RootsTest(HostileTest):
    def setUp(self):
        super().setUp()
        self.outside = self.scratch / "outside.json"
        self.outside.write_text(json.dumps({"secret": SECRET, "token": TOKEN}), encoding="utf-8")

    def own(self, **members):
        self.dump("launchgate.json", {**CONFIGURATION, **members})

    def bind(self, *documents, **members):
        self.own(documents=list(documents), **members)

    def assert_refused(self, outcome, *words, code=(1, 2, 3)):
        self.assertIn(outcome.code, code, outcome)
        for word in words:
            self.assertIn(word, outcome.out + outcome.err)
        for secret in (SECRET, TOKEN, TOKEN[6:]):
            self.assertNotIn(secret, outcome.out + outcome.err)

    def check(self, *arguments, **keywords):
        return self.launchgate("launchgate", "check", *arguments, **keywords)


class WhereTheConfigurationIs(RootsTest):
    def test_it_is_no_link_to_elsewhere(self):
        for target in (str(self.outside), "../outside.json", "/dev/zero", "/proc/self/environ"):
            os.symlink(target, self.root / "launchgate.json")
            for stage in ((), ("--stage", "ci")):
                with self.subTest(target=target, stage=stage):
                    self.assert_refused(self.check(*stage), "launchgate.json", code=(2, 3))
            os.remove(self.root / "launchgate.json")

    def test_it_is_no_link_to_what_is_git_s(self):
        self.configure(f"[remote \"origin\"]\n\turl = https://{TOKEN}@example.com\n")
        os.symlink(".git/config", self.root / "launchgate.json")
        self.assert_refused(self.check(), "is git's own", code=(2, 3))

    def test_a_link_within_the_repository_is_fine(self):
        self.dump("config/own.json", CONFIGURATION)
        os.symlink("config/own.json", self.root / "launchgate.json")
        self.write("x.json", "{}")
        self.assert_passes(self.check())

    def test_a_link_that_leads_nowhere_is_no_absent_configuration(self):
        os.symlink("none.json", self.root / "launchgate.json")
        self.assert_refused(self.check(), "launchgate.json", code=(2, 3))

    def test_a_pipe_is_not_waited_for(self):
        os.mkfifo(self.root / "launchgate.json")
        self.assert_refused(self.check(timeout=60), "is a named pipe", code=(2, 3))

    def test_one_above_the_top_is_not_taken(self):
        (self.scratch / "launchgate.json").write_text(json.dumps({**CONFIGURATION, "documents": [{"path": "none.json", "kind": "json"}]}), encoding="utf-8")
        self.assert_passes(self.check())
        self.assert_passes(self.check(cwd=self.root / "deploy"))

    def test_a_repository_within_another_is_a_top(self):
        self.own(documents=[{"path": "none.json", "kind": "json"}])
        inner = self.root / "inner"
        inner.mkdir()
        subprocess.run(["git", "init", "-q"], cwd=inner, check=True)
        outcome = self.check("--format", "json", cwd=inner)
        self.assertNotIn("none.json", outcome.out, outcome)

    def test_without_a_repository_it_is_looked_for_above(self):
        folder = self.scratch / "plain/deep"
        folder.mkdir(parents=True)
        (self.scratch / "plain/launchgate.json").write_text(json.dumps(CONFIGURATION), encoding="utf-8")
        (self.scratch / "plain/x.json").write_text("{}", encoding="utf-8")
        self.assert_passes(self.check(cwd=folder))

    def test_one_of_another_user_is_not_taken(self):
        place = self.scratch / "plain"
        (place / "deep").mkdir(parents=True)
        (place / "x.json").write_text("{}", encoding="utf-8")
        path = place / "launchgate.json"
        path.write_text(json.dumps(CONFIGURATION), encoding="utf-8")
        self.give_away(path)
        os.chown(path, 12345, 12345)
        for cwd in (place, place / "deep"):
            self.assert_refused(self.check(cwd=cwd), "belongs to another user", "--config", code=(2,))
        self.assert_passes(self.check("--config", str(path), "--root", str(place)))

    def test_the_same_in_a_repository(self):
        self.own()
        self.give_away(self.root / "launchgate.json")
        os.chown(self.root / "launchgate.json", 12345, 12345)
        self.assert_refused(self.check(), "belongs to another user", code=(2,))
        self.assert_refused(self.check("--stage", "ci"), "belongs to another user", code=(2,))

    def test_what_a_person_names_may_lie_anywhere(self):
        place = self.scratch / "trusted/gate.json"
        place.parent.mkdir()
        place.write_text(json.dumps(CONFIGURATION), encoding="utf-8")
        self.write("x.json", "{}")
        self.assert_passes(self.check("--config", str(place)))
        other = self.scratch / "y.json"
        other.write_text("{}", encoding="utf-8")
        self.assert_passes(self.launchgate("launchgate-profiles", str(self.root / "deploy/load/launch-readiness-targets.json")))


class InvalidConfigurations(RootsTest):
    """Quoted as far as one must see to mend them, and masked."""

    def test_values_are_masked(self):
        for members in ({"tiers": TOKEN}, {"documents": [{"path": "x.json", "kind": TOKEN}]}, {TOKEN: 1}, {"operations": f"{TOKEN}.json"},
                        {"leaks": {"packs": [TOKEN]}}, {"documents": [{"path": "x.json", "kind": "json", "schema": TOKEN}]},
                        {"environmentPrefix": TOKEN}, {"leaks": {"baseline": f"/{TOKEN}"}}):
            for tool in (("launchgate", "check"), ("launchgate", "check", "--stage", "ci"), ("launchgate-leaks",), ("launchgate", "explain", "configuration/type")):
                with self.subTest(members=members, tool=tool):
                    self.own(**members)
                    outcome = self.launchgate(*tool)
                    self.assertNotIn(outcome.code, (4, -6, -11), outcome)
                    self.assertNotIn(TOKEN, outcome.out + outcome.err)

    def test_a_text_that_is_no_json(self):
        self.write("launchgate.json", f'{{"token": {TOKEN}}}')
        self.assert_refused(self.check(), "launchgate.json:1", code=(2,))

    def test_nothing_else_is_opened_for_a_mask(self):
        """Its own packs are among what is wrong with it."""
        for pack in ("../outside.json", "none.json", "launchgate.json"):
            with self.subTest(pack):
                self.own(leaks={"packs": [pack]}, **{"no-such-member": TOKEN})
                self.assert_refused(self.check(), "no-such-member", code=(2,))


class WhatTheConfigurationNames(RootsTest):
    def setUp(self):
        super().setUp()
        os.symlink(self.outside, self.root / "link.json")
        os.symlink("..", self.root / "up")
        os.mkfifo(self.root / "pipe.json")
        os.symlink("/dev/zero", self.root / "device.json")

    PLACES = ("../outside.json", "link.json", "up/outside.json", "deploy/../../outside.json", ".git/config", ".GIT/config", "pipe.json", "device.json")

    def test_documents(self):
        self.configure(f"[remote \"origin\"]\n\turl = https://{TOKEN}@example.com\n")
        for path in self.PLACES:
            for kind in ("json", "markdown", "text"):
                with self.subTest(path=path, kind=kind):
                    self.write("show.json", json.dumps({"schemaVersion": 1, "pack": "show", "title": "t", "description": "d", "rules": [
                        {"id": "all", "kind": "forbid", "severity": "error", "message": "m", "pattern": "url = .*|outside-of.*",
                         "examples": {"match": ["url = a", "url = b"], "pass": ["c", "d"]}}]}))
                    self.bind({"path": path, "kind": kind, **({"packs": ["show.json"]} if kind != "json" else {})})
                    self.assert_refused(self.check(timeout=60), code=(1, 2, 3))

    def test_globs(self):
        for glob in ("../*.json", "up/*.json", ".git/*", "deploy/../../*.json", "*/../../*.json", "{up,x}/*.json", "link*"):
            with self.subTest(glob):
                self.bind({"path": glob, "kind": "json"})
                outcome = self.check()
                self.assert_refused(outcome, code=(1, 2))
                self.assertNotIn("outside.json", (outcome.out + outcome.err).replace(glob, ""))

    def test_schemas_packs_ladders_and_catalogues(self):
        self.write("x.json", "{}")
        for path in self.PLACES:
            if not path.endswith(".json"):
                continue
            for members in ({"documents": [{"path": "x.json", "kind": "json", "schema": path}]}, {"documents": [{"path": "x.json", "kind": "json", "packs": [path]}]},
                            {"tiers": path}, {"operations": path}, {"leaks": {"packs": [path]}}, {"leaks": {"baseline": path}}):
                with self.subTest(members=members):
                    self.own(**members)
                    self.assert_refused(self.check("--stage", "ci", timeout=60), code=(2, 3))

    def test_a_baseline_and_waivers(self):
        for path in self.PLACES:
            with self.subTest(path):
                self.own(leaks={"baseline": path})
                self.assert_refused(self.launchgate("launchgate-leaks", timeout=60), "baseline", code=(3,))
                self.own(waivers=path)
                self.assert_refused(self.check(timeout=60), code=(1, 3))

    def test_a_baseline_that_a_person_names(self):
        baseline = self.scratch / "baseline.json"
        os.remove(self.root / "link.json")
        self.assertEqual(self.launchgate("launchgate-leaks", "deploy", "--write-baseline", str(baseline)).code, 0)
        self.assertEqual(self.launchgate("launchgate-leaks", "deploy", "--baseline", str(baseline)).code, 0)

    def test_rules_that_are_a_link_in_a_folder_of_the_repository(self):
        (self.root / "own").mkdir()
        os.symlink(self.outside, self.root / "own/tiers.json")
        self.assert_refused(self.check("--rules", "own"), "outside the root", code=(2,))

    def test_gitleaks_files_that_extend_others(self):
        outside = self.scratch / "outside.toml"
        outside.write_text(f"[[rules]]\nid = '{SECRET}'\nregex = '{SECRET}'\n", encoding="utf-8")
        os.symlink(outside, self.root / "link.toml")
        for path in ("../outside.toml", "link.toml", str(outside), "up/outside.toml", "/dev/stdin"):
            with self.subTest(path):
                self.write("gitleaks.toml", f"[extend]\npath = '{path}'\n")
                self.assert_refused(self.launchgate("launchgate-leaks", "--gitleaks-config", "gitleaks.toml"), "gitleaks.toml:2:8", "extends", code=(2,))
        # A person's own file may extend another one of theirs.
        (self.scratch / "mine.toml").write_text("[extend]\npath = 'outside.toml'\n", encoding="utf-8")
        outcome = self.launchgate("launchgate-leaks", "--gitleaks-config", str(self.scratch / "mine.toml"), "deploy")
        self.assertEqual(outcome.code, 0, outcome)

    def test_links_of_documents(self):
        """Whether the target of a link exists is no question to what lies outside."""
        self.write("doc.md", "# a\n\n[x](../outside.json#secret) [y](up/outside.json) [z](.git/config) [p](pipe.json)\n")
        self.bind({"path": "doc.md", "kind": "markdown"})
        self.assert_refused(self.check(timeout=60), code=(0, 1))

    def test_ignore_files_that_are_links(self):
        hides = self.scratch / "hides"
        hides.write_text("*\n", encoding="utf-8")
        os.symlink(hides, self.root / ".launchgateignore")
        self.write("a.txt", f"{TOKEN}\n")
        self.assertIn(("github-pat", "a.txt"), self.found(self.launchgate("launchgate-leaks", "--format", "json")))


class Locks(RootsTest):
    def test_a_pipe_in_place_of_a_lock(self):
        record = self.scratch / "record.json"
        made = self.launchgate("launchgate-record", "init", "--tier", "private-hosted-beta", "--output", str(record))
        self.assertEqual(made.code, 0, made)
        os.mkfifo(self.scratch / ".record.json.lock")
        item = json.loads(record.read_text(encoding="utf-8"))["requiredEvidence"][0]["id"]
        log = self.scratch / "log.txt"
        log.write_text("done\n", encoding="utf-8")
        outcome = self.launchgate("launchgate-record", "attach", "--manifest", str(record), "--item", item, "--file", str(log), timeout=60)
        self.assertEqual(outcome.code, 3, outcome)
        self.assertIn("is no regular file, so it is no lock", outcome.err)


if __name__ == "__main__":
    unittest.main()
