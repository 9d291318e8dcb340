"""`launchgate init --git-hook`: a plain hook, where git looks for it, that judges what is staged and overwrites nothing."""

import os
import unittest

from hooks import RECORD, TOKEN, HookTest
from support import TARGETS


class GitHook(HookTest):
    def setUp(self):
        super().setUp()
        self.assert_passes(self.tool("launchgate", "init", "--git-hook"))
        self.assert_passes(self.commit())

    def test_each_defect_is_blocked_with_its_message(self):
        for name, rule, make in self.defects():
            with self.subTest(name):
                before = self.head()
                make()
                self.assert_blocked(self.commit(), f"[{rule}")
                self.assertEqual(self.head(), before)
                self.git_run("reset", "-q", "--hard")

    def test_an_existing_hook_is_never_overwritten(self):
        hook = self.root / ".git/hooks/pre-commit"
        before = hook.read_text()
        outcome = self.tool("launchgate", "init", "--git-hook")
        self.assert_code(outcome, 3)
        self.assertIn("exists already; it is never overwritten; add the line `launchgate check --stage pre-commit` to it", outcome.err)
        self.assertEqual(hook.read_text(), before)
        hook.unlink()
        hook.symlink_to("/nonexistent/hook")
        self.assert_code(self.tool("launchgate", "init", "--git-hook"), 3)
        self.assertEqual(os.readlink(hook), "/nonexistent/hook")

    def test_only_what_is_staged_counts(self):
        # A defect that is staged, mended on disk only.
        good = self.read(TARGETS)
        self.replace(TARGETS, '"p95ReadLatencyMs": 750', '"p95ReadLatencyMS": 750')
        self.git_run("add", TARGETS)
        self.write(TARGETS, good)
        self.assert_blocked(self.commit(add=False), "profiles/unknown-key", f"{TARGETS}:63:9")
        # The other way round: a defect on disk that is not staged.
        self.git_run("add", TARGETS)
        self.write("notes.txt", "a note\n")
        self.git_run("add", "notes.txt")
        self.write(TARGETS, good.replace('"p95ReadLatencyMs": 750', '"p95ReadLatencyMS": 750'))
        self.assert_passes(self.commit(add=False))
        # A leak on disk that is not staged, and one that is staged and gone from disk.
        self.write(TARGETS, good)
        self.write("notes.txt", f"{TOKEN}\n")
        self.write("other.txt", "other\n")
        self.git_run("add", "other.txt")
        self.assert_passes(self.commit(add=False))
        self.git_run("add", "notes.txt")
        self.write("notes.txt", "a note\n")
        self.assert_blocked(self.commit(add=False), "private-values/github-pat", "notes.txt:1:1")

    def test_part_of_a_file_is_staged(self):
        text = self.read(TARGETS)
        self.write(TARGETS, text.replace('"description": "', '"description": "Revised: ', 1))
        self.git_run("add", TARGETS)
        self.replace(TARGETS, '"durationMs": 120000', '"durationMs": 0')
        self.assert_passes(self.commit(add=False))
        self.assertIn('"durationMs": 0', self.read(TARGETS))

    def test_commit_all_and_commit_paths(self):
        self.replace(TARGETS, '"durationMs": 120000', '"durationMs": 0')
        self.assert_blocked(self.commit("-a", add=False), "durationMs")
        self.assert_blocked(self.commit(TARGETS, add=False), "durationMs")
        self.write("notes.txt", "a note\n")
        self.git_run("add", "-N", "notes.txt")
        # The defect stays on disk and out of this commit.
        self.assert_passes(self.commit("notes.txt", add=False))

    def test_renames_and_removals(self):
        self.git_run("mv", TARGETS, TARGETS.replace("targets", "aims"))
        self.assert_blocked(self.commit(), "suite/missing-document", TARGETS)
        self.git_run("reset", "-q", "--hard")
        self.git_run("rm", "-q", "--cached", RECORD)
        self.assertTrue((self.root / RECORD).exists())
        self.assert_blocked(self.commit(add=False), "suite/missing-document", RECORD)
        self.git_run("reset", "-q", "--hard")
        self.write("notes.txt", "a note\n")
        self.assert_passes(self.commit())
        self.git_run("mv", "notes.txt", "remarks.txt")
        self.assert_passes(self.commit())
        self.git_run("rm", "-q", "remarks.txt")
        self.assert_passes(self.commit())

    def test_a_document_that_is_only_on_disk_does_not_count(self):
        self.git_run("rm", "-q", "--cached", TARGETS)
        self.assertTrue((self.root / TARGETS).exists())
        self.assert_blocked(self.commit(add=False), "suite/missing-document")

    def test_a_merge(self):
        self.git_run("checkout", "-q", "-b", "side")
        self.write("side.txt", "side\n")
        self.replace(TARGETS, '"concurrency": 12', '"concurrency": 14')
        self.assert_passes(self.commit())
        self.git_run("checkout", "-q", "-")
        self.replace(TARGETS, '"concurrency": 12', '"concurrency": 13')
        self.assert_passes(self.commit())
        self.assertNotEqual(self.git_run("merge", "-q", "side").code, 0)
        conflicted = self.read(TARGETS)
        self.assertIn("<<<<<<<", conflicted)
        self.git_run("add", TARGETS)
        self.assert_blocked(self.commit(add=False), "[profiles/syntax]")
        self.write(TARGETS, self.git_run("show", f"side:{TARGETS}").out)
        self.git_run("add", TARGETS)
        self.assert_passes(self.commit(add=False))
        self.assertEqual(len(self.git_run("rev-list", "--parents", "-1", "HEAD").out.split()), 3)

    def test_an_empty_commit_and_an_amended_message(self):
        self.assert_passes(self.commit("--allow-empty"))
        self.write("notes.txt", "a note\n")
        self.assert_passes(self.commit())
        self.assert_passes(self.git_run("commit", "-q", "--amend", "-m", "other words"))

    def test_two_thousand_files(self):
        for number in range(2000):
            self.write(f"many/{number % 40}/file-{number}.txt", f"line {number}\n" * 5)
        self.git_run("add", "-A")
        # What is asked of git is asked for all files at once.
        self.assertLess(self.git_commands("launchgate", "check", "--stage", "pre-commit"), 10)
        self.assert_passes(self.commit(add=False))
        self.write("many/7/file-7.txt", f"{TOKEN}\n")
        self.assert_blocked(self.commit("-a"), "many/7/file-7.txt:1:1", "private-values/github-pat")


class WhereGitLooks(HookTest):
    def test_hooks_path_of_the_configuration(self):
        self.git_run("config", "core.hooksPath", ".githooks")
        outcome = self.tool("launchgate", "init", "--git-hook")
        self.assert_passes(outcome)
        self.assertEqual(outcome.out, f"wrote {self.root.resolve()}/.githooks/pre-commit\n")
        self.assertTrue(os.access(self.root / ".githooks/pre-commit", os.X_OK))
        self.assertFalse((self.root / ".git/hooks/pre-commit").exists())
        self.write("notes.txt", f"{TOKEN}\n")
        self.assert_blocked(self.commit(), "private-values/github-pat")

    def test_a_linked_work_tree(self):
        self.assert_passes(self.commit())
        linked = self.scratch / "linked"
        self.assert_passes(self.git_run("worktree", "add", "-q", linked))
        self.assert_passes(self.tool("launchgate", "init", "--git-hook", cwd=linked))
        self.assertTrue((self.root / ".git/hooks/pre-commit").exists())
        (linked / "notes.txt").write_text(f"{TOKEN}\n")
        self.git_run("add", "-A", cwd=linked)
        self.assert_blocked(self.commit(add=False, cwd=linked), "private-values/github-pat")
        (linked / "notes.txt").write_text("a note\n")
        self.git_run("add", "-A", cwd=linked)
        self.assert_passes(self.commit(add=False, cwd=linked))

    def test_a_product_in_a_folder_of_the_repository(self):
        product = self.scratch / "mono" / "product"
        product.parent.mkdir()
        self.root.rename(product)
        (product / ".git").rename(product.parent / ".git")
        self.root = product.parent
        self.write("product/launchgate.json", '{"schemaVersion": 1}\n')
        self.assert_passes(self.commit())
        self.replace(f"product/{TARGETS}", '"durationMs": 120000', '"durationMs": 0')
        self.git_run("add", "-A")
        self.assert_blocked(self.command("launchgate", "check", "--stage", "pre-commit", "--root", "product"), f"{TARGETS}:6:21: error:", "durationMs")
        self.git_run("commit", "-q", "-m", "x", "-n")
        self.git_run("config", "core.hooksPath", ".githooks")
        self.write(".githooks/pre-commit", "#!/bin/sh\nexec launchgate check --stage pre-commit --root product\n")
        (self.root / ".githooks/pre-commit").chmod(0o755)
        self.assert_blocked(self.commit(), "durationMs")
        self.replace(f"product/{TARGETS}", '"durationMs": 0', '"durationMs": 120000')
        self.assert_passes(self.commit("-a", add=False))

    def test_without_the_executable_it_blocks(self):
        self.assert_passes(self.tool("launchgate", "init", "--git-hook"))
        self.environment["PATH"] = "/usr/bin:/bin"
        self.assert_blocked(self.commit(), "launchgate is neither in PATH nor in node_modules/.bin")

    def test_outside_a_repository(self):
        outcome = self.tool("launchgate", "init", "--git-hook", cwd=self.scratch)
        self.assert_code(outcome, 3)
        self.assertIn("not a git repository", outcome.err)
        self.assert_code(self.tool("launchgate", "check", "--stage", "pre-commit", cwd=self.scratch), 3)

    def test_stage_ci_checks_the_whole_tree(self):
        self.write("src/settings.txt", f"{TOKEN}\n")
        self.assert_passes(self.tool("launchgate", "check"))
        self.assert_finds(self.tool("launchgate", "check", "--stage", "ci"), "private-values/github-pat", "src/settings.txt:1:1")
        self.assert_code(self.tool("launchgate", "check", "--stage", "deploy"), 2)


if __name__ == "__main__":
    unittest.main()
