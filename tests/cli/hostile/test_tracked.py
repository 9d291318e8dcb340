"""What git tracks is scanned, whatever a repository says of it; a git that fails is no empty answer."""

import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from hostile import OTHER, TOKEN, HostileTest  # noqa: E402


class Ignored(HostileTest):
    def leaks(self, *arguments, code=1):
        outcome = self.launchgate("launchgate-leaks", "--format", "json", *arguments)
        self.assertEqual(outcome.code, code, outcome)
        return self.found(outcome)

    def test_a_tracked_file_under_each_ignore_file(self):
        for name, pattern in ((".gitignore", "secret.txt\n"), (".launchgateignore", "secret.txt\n"), (".launchgateignore", "deep/\n"),
                              (".git/info/exclude", "*\n"), (".launchgateignore", "*\n!*.md\n"), ("deep/.launchgateignore", "*\n")):
            with self.subTest((name, pattern)):
                self.write("deep/secret.txt", f"{TOKEN}\n")
                self.write(name, pattern)
                self.git("add", "-A", "-f")
                self.assertEqual(self.leaks(), [("github-pat", "deep/secret.txt")])
                self.assertEqual(self.leaks("deep"), [("github-pat", "deep/secret.txt")])
                outcome = self.launchgate("launchgate", "check", "--stage", "ci", "--format", "json")
                self.assertIn(("github-pat", "deep/secret.txt"), self.found(outcome))
                os.remove(self.root / name)

    def test_in_a_subfolder_that_is_the_root(self):
        self.write("deep/secret.txt", f"{TOKEN}\n")
        self.write("deep/.launchgateignore", "*\n")
        self.git("add", "-A", "-f")
        self.assertEqual(self.leaks("--root", "deep"), [("github-pat", "secret.txt")])

    def test_untracked_files_are_ignored_as_git_does(self):
        # A backslash in a class makes the hyphen a member, and no range.
        self.write(".gitignore", "*.en[a\\-z]\nkept/**\n!kept/b.txt\nname\\ \n[[:digit:]].txt\n")
        for name in ("a.env", "kept/b.txt", "x/name ", "5.txt", "y.enz"):
            self.write(name, f"{TOKEN}\n")
        ignored = subprocess.run(["git", "ls-files", "-z", "--others", "--exclude-standard"], cwd=self.root, stdout=subprocess.PIPE, check=True)
        expected = sorted(name for name in ignored.stdout.decode().split("\0") if name in ("a.env", "kept/b.txt", "x/name ", "5.txt", "y.enz"))
        self.assertEqual(sorted(path for _, path in self.leaks()), expected)
        self.assertIn("a.env", expected)

    def test_own_ignore_files_hide_untracked_files(self):
        self.write(".launchgateignore", "vendor\n*.en[a\\-z]\n")
        for name in ("vendor/a.txt", "a.env", "b.en-"):
            self.write(name, f"{TOKEN}\n")
        self.assertEqual(self.leaks(), [("github-pat", "a.env")])

    def test_flags_of_the_index_hide_nothing(self):
        self.write("a.txt", "one\n")
        self.git("add", "-A", "-f")
        for flag in ("--assume-unchanged", "--skip-worktree"):
            with self.subTest(flag):
                self.git("update-index", flag, "a.txt")
                self.write("a.txt", f"{TOKEN}\n")
                self.assertEqual(self.leaks(), [("github-pat", "a.txt")])
                self.git("update-index", "--no-assume-unchanged", "--no-skip-worktree", "a.txt")

    def test_what_is_staged_is_judged_whatever_the_flags_say(self):
        self.git("add", "-A", "-f")
        path = "deploy/load/launch-readiness-targets.json"
        text = self.read(path)
        self.replace(path, '"durationMs": 120000', '"durationMs": 0')
        self.git("add", "-f", path)
        self.git("update-index", "--assume-unchanged", path)
        self.write(path, text)
        outcome = self.launchgate("launchgate", "check", "--stage", "pre-commit")
        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("durationMs", outcome.out)

    def test_a_link_in_place_of_a_tracked_file_or_folder(self):
        """The disk says something else than the index; neither what lies outside nor a pass is the answer."""
        outside = self.scratch / "outside"
        outside.mkdir()
        (outside / "a.txt").write_text(f"{OTHER}\n", encoding="utf-8")
        self.write("folder/a.txt", f"{TOKEN}\n")
        self.git("add", "-A", "-f")
        (self.root / "folder/a.txt").unlink()
        os.symlink(outside / "a.txt", self.root / "folder/a.txt")
        self.assertEqual(self.launchgate("launchgate-leaks", "--format", "json").json()["findings"], [])
        self.assertEqual(self.leaks("--staged"), [("github-pat", "folder/a.txt")])
        (self.root / "folder/a.txt").unlink()
        (self.root / "folder").rmdir()
        os.symlink(outside, self.root / "folder")
        self.assertEqual(self.launchgate("launchgate-leaks", "--format", "json").json()["findings"], [])
        self.assertEqual(self.leaks("--staged"), [("github-pat", "folder/a.txt")])

    def test_replaced_objects_hide_nothing(self):
        self.write("a.txt", f"{TOKEN}\n")
        self.commit_all()
        secret = self.git("rev-parse", "HEAD:a.txt").strip()
        self.write("clean.txt", "clean\n")
        clean = self.git("hash-object", "-w", "clean.txt").strip()
        self.git("replace", secret, clean)
        self.assertEqual(self.leaks("--history"), [("github-pat", "a.txt")])

    def test_a_work_tree_that_the_configuration_moves(self):
        other = self.scratch / "other"
        other.mkdir()
        (other / "b.txt").write_text(f"{OTHER}\n", encoding="utf-8")
        self.write("a.txt", f"{TOKEN}\n")
        self.git("add", "-A", "-f")
        for value in (other, "/", "../.."):
            with self.subTest(value):
                self.git("config", "core.worktree", str(value))
                self.assertEqual(self.leaks(), [("github-pat", "a.txt")])
                outcome = self.launchgate("launchgate", "check", "--stage", "pre-commit", "--format", "json")
                self.assertIn(("github-pat", "a.txt"), self.found(outcome))

    def test_a_repository_within(self):
        inner = self.root / "inner"
        inner.mkdir()
        subprocess.run(["git", "init", "-q"], cwd=inner, check=True)
        (inner / ".gitignore").write_text("*\n", encoding="utf-8")
        (inner / "secret.txt").write_text(f"{TOKEN}\n", encoding="utf-8")
        subprocess.run(["git", "add", "-f", "secret.txt"], cwd=inner, check=True)
        (inner / ".git/config").write_text(f"[core]\n\trepositoryformatversion = 0\n\tfsmonitor = {self.trap('inner')}\n", encoding="utf-8")
        self.assertEqual(self.leaks(), [("github-pat", "inner/secret.txt")])
        self.assert_nothing_sprung()


class FailingGit(HostileTest):
    """Unreadable, with what to do: never a pass."""

    commands = (("launchgate", "check", "--stage", "ci"), ("launchgate", "check", "--stage", "pre-commit"), ("launchgate-leaks",),
                ("launchgate-leaks", "--staged"), ("launchgate-leaks", "--history"), ("launchgate-leaks", "--diff", "HEAD"))

    def setUp(self):
        super().setUp()
        self.write("a.txt", "one\n")
        self.commit_all()

    def assert_unreadable(self, *texts, commands=commands, **keywords):
        for command in commands:
            with self.subTest(command):
                outcome = self.launchgate(*command, **keywords)
                self.assertEqual(outcome.code, 3, outcome)
                for text in texts:
                    self.assertIn(text, outcome.out + outcome.err)

    def test_a_repository_of_another_user(self):
        self.give_away(self.root)
        self.assert_unreadable("belongs to another user", f"git config --global --add safe.directory {self.root}")
        subprocess.run(["git", "config", "--global", "--add", "safe.directory", str(self.root)], env={**os.environ, **self.environment}, check=True)
        for command in self.commands:
            self.assertIn(self.launchgate(*command).code, (0, 1), command)  # 1: nothing is staged

    def test_as_git_says_it(self):
        """The same without being the superuser: a git that says so."""
        git = self.scratch / "bin/git"
        git.parent.mkdir()
        git.write_text("#!/bin/sh\necho \"fatal: detected dubious ownership in repository at '/x'\" >&2\nexit 128\n", encoding="utf-8")
        git.chmod(0o755)
        self.assert_unreadable("safe.directory", env={"PATH": f"{git.parent}:/usr/bin:/bin"})

    def test_no_git(self):
        nothing = self.scratch / "nothing"
        nothing.mkdir()
        self.assert_unreadable("git cannot be run", "install git", env={"PATH": str(nothing)})

    def test_a_git_that_answers_nothing_and_fails(self):
        git = self.scratch / "bin/git"
        git.parent.mkdir()
        for script in ("exit 1", "kill -9 $$", "head -c 100 /dev/zero; exit 1"):
            git.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            git.chmod(0o755)
            self.assert_unreadable("failed", env={"PATH": f"{git.parent}:/usr/bin:/bin"})

    def test_a_corrupt_index(self):
        index = self.root / ".git/index"
        good = index.read_bytes()
        for bad in (b"XXXX" + good[4:], good[:8], good[:4] + b"\0\0\0\x63" + good[8:], good[:200]):
            index.write_bytes(bad)
            self.assert_unreadable("index", "git reset", commands=self.commands[:4])

    def test_an_empty_folder_in_place_of_the_repository(self):
        subprocess.run(["rm", "-rf", str(self.root / ".git")], check=True)
        (self.root / ".git").mkdir()
        self.assert_unreadable("not a git repository")

    def test_a_missing_staged_content(self):
        self.write("a.txt", f"{TOKEN}\n")
        self.git("add", "a.txt")
        self.remove_object(self.git("rev-parse", ":a.txt").strip())
        self.assert_unreadable("git has no such content", "git fsck", commands=self.commands[3:4])
        path = "deploy/load/launch-readiness-targets.json"
        self.git("reset", "-q", "--hard")
        self.replace(path, '"durationMs": 120000', '"durationMs": 0')
        self.git("add", "-f", path)
        self.remove_object(self.git("rev-parse", f":{path}").strip())
        self.replace(path, '"durationMs": 0', '"durationMs": 120000')
        self.assert_unreadable("git has no such content", commands=self.commands[1:2])

    def test_a_missing_tree(self):
        self.remove_object(self.git("rev-parse", "HEAD^{tree}").strip())
        self.assert_unreadable("failed", commands=self.commands[4:])


if __name__ == "__main__":
    unittest.main()
