"""Which configuration counts, and that nothing outside the root is read or shown."""

import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from hostile import OTHER, TOKEN, HostileTest  # noqa: E402

SENTINEL = "sentinel-of-the-outside"


class Roots(HostileTest):
    def shadow(self, path, text='{"schemaVersion": 1, "documents": []}\n'):
        path.write_text(text, encoding="utf-8")

    def test_a_configuration_above_the_repository_is_not_taken(self):
        before = self.launchgate("launchgate", "check")
        self.assertEqual(before.code, 0, before)
        self.shadow(self.scratch / "launchgate.json", "{broken")
        for folder in (self.root, self.root / "deploy/load"):
            after = self.launchgate("launchgate", "check", cwd=folder)
            self.assertEqual((after.code, after.out), (0, before.out), after)

    def test_one_in_the_repository_is(self):
        self.shadow(self.root / "deploy/launchgate.json", "{broken")
        self.assertEqual(self.launchgate("launchgate", "check", cwd=self.root / "deploy/load").code, 2)
        self.assertEqual(self.launchgate("launchgate", "check").code, 0)

    def test_outside_a_repository_the_one_above_is(self):
        os.rename(self.root / ".git", self.scratch / "gone")
        self.shadow(self.root / "launchgate.json", "{broken")
        self.assertEqual(self.launchgate("launchgate", "check", cwd=self.root / "deploy/load").code, 2)

    def test_one_of_another_user_is_not_taken(self):
        self.shadow(self.root / "launchgate.json")
        self.give_away(self.root / "launchgate.json")
        outcome = self.launchgate("launchgate", "check")
        self.assertEqual(outcome.code, 2, outcome)
        self.assertIn("belongs to another user", outcome.err)
        self.assertIn("--config", outcome.err)
        # Somewhere above, it is as if it were not there.
        os.rename(self.root / ".git", self.scratch / "gone")
        os.rename(self.root / "launchgate.json", self.scratch / "launchgate.json")
        outcome = self.launchgate("launchgate", "check", cwd=self.root)
        self.assertEqual(outcome.code, 0, outcome)

    def test_named_it_is_taken(self):
        self.shadow(self.root / "launchgate.json")
        self.give_away(self.root / "launchgate.json")
        self.assertNotIn("another user", self.launchgate("launchgate", "check", "--config", "launchgate.json").err)


class Outside(HostileTest):
    """Whatever is tried, no byte of the sentinel is shown, and the run does not pass."""

    def setUp(self):
        super().setUp()
        (self.scratch / "outside.json").write_text(f'{{"schemaVersion": 1, "{SENTINEL}": "{SENTINEL}", "password": "{TOKEN}"}}\n', encoding="utf-8")
        (self.scratch / SENTINEL).mkdir()
        (self.scratch / SENTINEL / f"{SENTINEL}.json").write_text("{}", encoding="utf-8")

    def assert_kept(self, *words, codes=(1, 2, 3), **keywords):
        for output in ("text", "json", "sarif"):
            outcome = self.launchgate(*words, "--format", output, **keywords)
            self.assertIn(outcome.code, codes, outcome)
            for text in (outcome.out, outcome.err):
                self.assertNotIn(SENTINEL, text)
                self.assertNotIn(TOKEN[4:], text)
        return outcome

    def test_a_configuration_that_is_a_link(self):
        for target in ("../outside.json", ".git/config", str(self.scratch / "outside.json"), "/dev/null", "/dev/zero"):
            with self.subTest(target):
                os.symlink(target, self.root / "launchgate.json")
                self.assert_kept("launchgate", "check", codes=(2, 3))
                os.remove(self.root / "launchgate.json")

    def test_a_configuration_that_is_a_pipe(self):
        os.mkfifo(self.root / "launchgate.json")
        self.assert_kept("launchgate", "check", codes=(2, 3))

    def test_an_invalid_configuration_is_quoted_masked(self):
        self.write("launchgate.json", f'{{"schemaVersion": 1, "documents": "{TOKEN}", "{OTHER}": 1}}\n')
        outcome = self.launchgate("launchgate", "check")
        self.assertEqual(outcome.code, 2, outcome)
        for text in (TOKEN[4:], OTHER[4:]):
            self.assertNotIn(text, outcome.out + outcome.err)

    def bind(self, path, **more):
        self.write("own.json", '{"schemaVersion": 1, "pack": "own", "title": "t", "description": "d", "rules": [{"id": "all", "kind": "forbid", '
                               '"severity": "error", "message": "m {match}", "help": "h", "patterns": [".+"], "examples": {"match": ["a", "b"], "pass": ["", ""]}}]}\n')
        self.dump("launchgate.json", {"schemaVersion": 1, "documents": [{"path": path, "kind": "text", "packs": ["own.json"]}],
                                      "kinds": {"text": {"format": "text"}}, **more})

    def test_documents_outside_and_gits_own(self):
        self.git("config", "http.extraHeader", SENTINEL)
        os.symlink(".git/config", self.root / "link-to-git")
        os.symlink("../outside.json", self.root / "link-out")
        os.symlink(".git", self.root / "folder-of-git")
        for path in (".git/config", "./.git/config", "x/../.git/config", ".GIT/config", "link-to-git", "folder-of-git/config", "../outside.json", "link-out",
                     str(self.scratch / "outside.json"), "deploy/../../outside.json"):
            with self.subTest(path):
                self.bind(path)
                self.assert_kept("launchgate", "check")

    def test_globs_that_lead_out(self):
        os.symlink("..", self.root / "up")
        for path in ("../*", "../**", "up/*", "up/**/*.json", "deploy/../../**", f"{self.scratch}/*", ".git/*", ".git/**"):
            with self.subTest(path):
                self.bind(path)
                outcome = self.assert_kept("launchgate", "check")
                self.assertNotIn("refs/heads", outcome.out + outcome.err)

    def test_names_outside_are_not_suggested(self):
        for path in (f"../{SENTINEL[:-1]}/x.json", f"../{SENTINEL}/sentinel-of-the-outsid.json", f"{self.scratch}/{SENTINEL}/x.json"):
            with self.subTest(path):
                self.bind(path)
                for output in ("text", "json"):
                    outcome = self.launchgate("launchgate", "check", "--format", output)
                    self.assertNotEqual(outcome.code, 0, outcome)
                    self.assertNotIn(f"{SENTINEL}.json", outcome.out + outcome.err)

    def test_baselines_waivers_and_resources_outside(self):
        os.symlink("../outside.json", self.root / "link.json")
        for path in ("../outside.json", "link.json", str(self.scratch / "outside.json"), ".git/config", "/dev/zero", "/dev/stdin"):
            for configuration in ({"leaks": {"baseline": path}}, {"waivers": path}, {"leaks": {"packs": [path]}}, {"tiers": path}, {"operations": path}):
                with self.subTest((path, configuration)):
                    self.dump("launchgate.json", {"schemaVersion": 1, **configuration})
                    if path.endswith(".json") or "packs" not in str(configuration):
                        self.assert_kept("launchgate", "check", "--stage", "ci")


if __name__ == "__main__":
    unittest.main()
