"""The index, changes and the history, read as blobs."""

import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from leaks import LeaksTest, github, npm  # noqa: E402
from support import BIN  # noqa: E402


class Git(LeaksTest):
    def setUp(self):
        super().setUp()
        self.git("init", "-q")

    def commit(self, message="m"):
        self.git("add", "-A")
        self.git("commit", "-q", "--no-verify", "-m", message)

    def test_the_index_counts_and_not_the_worktree(self):
        self.write("a.txt", "one\n")
        self.commit()
        self.write("a.txt", "one\ntwo\n")
        self.git("add", "a.txt")
        self.write("a.txt", "one\ntwo\n" + github())
        self.assertEqual(self.leaks("--staged").code, 0)
        self.git("add", "a.txt")
        self.write("a.txt", "one\n")
        self.assertEqual(self.places("--staged"), [("github-pat", "a.txt", 3)])

    def test_before_the_first_commit(self):
        self.write("a.txt", github())
        self.git("add", "a.txt")
        self.assertEqual(len(self.places("--staged")), 1)

    def test_only_what_is_staged(self):
        self.write("old.txt", github())
        self.commit()
        self.write("new.txt", "fine\n")
        self.git("add", "new.txt")
        self.assertEqual(self.leaks("--staged").code, 0)

    def test_attributes_hide_nothing(self):
        self.write(".gitattributes", "*.dat -diff\n*.raw binary\n*.conv diff=none filter=none\n")
        self.commit()
        self.write("a.dat", "x\n" + github(1))
        self.write("b.raw", "x\n" + github(2))
        self.write("c.conv", "x\n" + github(3))
        self.write("d.txt", ("\ufeff" + "x\n" + github(4)).encode("utf-16-le"))
        self.write("e.txt", b"text with a \0 in it, and words enough to be one\n" + github(5).encode())
        self.write("ü/ñ.txt", "x\n" + github(6))
        self.git("add", "-A")
        expected = ["a.dat", "b.raw", "c.conv", "d.txt", "e.txt", "ü/ñ.txt"]
        self.assertEqual([p[1] for p in self.places("--staged")], expected)
        os.mkdir(self.root / "sub")
        self.assertEqual([p[1] for p in self.places("--staged", cwd=self.root / "sub")], expected)
        self.git("commit", "-q", "-m", "m")
        self.assertEqual([p[1] for p in self.places("--diff", "HEAD~1")], expected)
        self.assertEqual([p[1] for p in self.places("--history")], expected)

    def test_staged_links_are_scanned_as_text(self):
        os.symlink("x/" + github(), self.root / "link")
        self.git("add", "link")
        self.assertEqual([p[1] for p in self.places("--staged")], ["link"])

    def test_changes_that_bring_no_content_pass(self):
        self.write("old.txt", github())
        self.write("tool.sh", "echo\n")
        self.commit()
        outcome = self.leaks("--staged")  # as before `commit --allow-empty`, and where a message alone is amended
        self.assertEqual(outcome.code, 0, outcome)
        self.assertIn("1 skipped (the commit changes no content)", outcome.out)
        self.git("rm", "-q", "old.txt")
        run = self.leaks("--staged")
        self.assertEqual((run.code, run.out.splitlines()[-1].split(",")[0]), (0, "0 errors"), run.out + run.err)
        self.assertIn("· 1 document,", run.out)
        self.git("reset", "-q", "--hard")
        self.git("update-index", "--chmod=+x", "tool.sh")
        self.assertEqual(self.leaks("--staged").code, 0)
        self.git("commit", "-q", "-m", "mode")
        self.assertEqual(self.leaks("--diff", "HEAD~1..HEAD").code, 0)

    def test_paths_narrow_what_is_staged(self):
        self.write("a/x.txt", github(1))
        self.write("b/x.txt", github(2))
        self.git("add", "-A")
        self.assertEqual([p[1] for p in self.places("--staged", "a")], ["a/x.txt"])

    def test_a_change_is_its_added_lines(self):
        self.write("a.txt", "old " + github(1) + "\nsame\n")
        self.commit()
        self.write("a.txt", "intro\nold " + github(1) + "\nsame\nnew " + npm(2) + "\n")
        self.write("b.txt", github(3) + "\n")
        self.commit()
        self.assertEqual(self.places("--diff", "HEAD~1..HEAD"), [("npm-token", "a.txt", 4), ("github-pat", "b.txt", 1)])
        self.assertEqual(self.leaks("--diff", "HEAD..HEAD").code, 1)  # nothing was checked

    def test_the_history_is_every_blob_once(self):
        self.write("a.txt", github(1))
        self.commit()
        self.write("a.txt", "gone\n")
        self.write("copy.txt", "gone\n")
        self.commit()
        self.assertEqual(self.places("--history"), [("github-pat", "a.txt", 1)])
        self.assertEqual(self.leaks("--history-range", "HEAD~1..HEAD").code, 0)

    def test_a_path_with_a_line_break(self):
        self.write("a\nb.txt", github(1))
        self.commit()
        self.write("c.txt", "fine\n")
        self.commit()
        self.assertEqual([p[1] for p in self.places("--history")], ["a"])  # git lists the path up to the line break
        self.assertEqual([p[1] for p in self.places("--diff", "HEAD~1..HEAD", code=0)], [])

    def test_merge_conflicts_show_every_stage(self):
        self.write("a.txt", "base\n")
        self.commit()
        self.git("checkout", "-q", "-b", "other")
        self.write("a.txt", "theirs " + github(1) + "\n")
        self.commit()
        self.git("checkout", "-q", "-")
        self.write("a.txt", "ours\n")
        self.commit()
        try:
            self.git("merge", "other")
        except Exception:  # the conflict
            pass
        self.assertEqual([p[1] for p in self.places("--staged")], ["a.txt"])

    def test_no_repository_and_no_such_revision(self):
        outcome = self.leaks("--diff", "nonsense")
        self.assertEqual(outcome.code, 3, outcome)
        self.assertIn("git diff-tree failed", outcome.err)
        outside = self.scratch / "outside"
        outside.mkdir()
        outcome = self.leaks("--staged", cwd=outside)
        self.assertEqual(outcome.code, 3, outcome)
        self.assertIn("not a git repository", outcome.err)

    def test_a_revision_cannot_be_an_option(self):
        self.write("a.txt", "x\n")
        self.commit()
        self.assertEqual(self.leaks("--diff", "--output=pwned").code, 3)
        self.assertFalse((self.root / "pwned").exists())

    def test_modes_exclude_each_other(self):
        self.assertEqual(self.leaks("--staged", "--history").code, 2)
        self.assertEqual(self.leaks("--staged", "--commit-msg", "m").code, 2)
        self.assertEqual(self.leaks("--staged", "--allow-shallow").code, 2)


class Partial(LeaksTest):
    """What git can show only in part is never clean."""

    def setUp(self):
        super().setUp()
        self.git("init", "-q", "-b", "main")
        for number in range(3):
            self.write(f"{number}.txt", f"text {number}\n")
            self.git("add", "-A")
            self.git("commit", "-q", "-m", f"commit {number}")

    def clone(self, *options, name="copy"):
        self.git("clone", "-q", *options, f"file://{self.root}", str(self.scratch / name))
        return self.scratch / name

    def test_a_shallow_history_is_no_pass(self):
        copy = self.clone("--depth", "1")
        outcome = self.leaks("--history", cwd=copy)
        self.assertEqual(outcome.code, 3, outcome)
        self.assertIn("the history is shallow: 1 commit has parents that this clone left out", outcome.out)
        self.assertIn("git fetch --unshallow", outcome.out)
        outcome = self.leaks("--history", "--allow-shallow", cwd=copy)
        self.assertEqual(outcome.code, 0, outcome)
        self.assertIn("1 skipped (the history is shallow", outcome.out)
        self.assertEqual(self.leaks("--history", cwd=self.clone(name="whole")).code, 0)

    def test_a_range_within_a_shallow_clone_is_whole(self):
        copy = self.clone("--depth", "2")
        self.assertEqual(self.leaks("--history-range", "HEAD~1..HEAD", cwd=copy).code, 0)
        self.assertEqual(self.leaks("--history-range", "HEAD", cwd=copy).code, 3)

    def test_a_damaged_content_is_unreadable_and_hides_no_other(self):
        self.write("a.txt", "to be damaged\n")
        self.write("b.txt", github(1) + "\n")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "m")
        name = self.git("rev-parse", "HEAD:a.txt").strip()
        damaged = self.root / ".git/objects" / name[:2] / name[2:]
        damaged.chmod(0o600)
        content = bytearray(damaged.read_bytes())
        content[len(content) // 2] ^= 0xFF
        damaged.write_bytes(content)
        found = self.findings("--history", code=3)
        self.assertEqual(sorted(f["rule"] for f in found), ["leaks/unreadable", "private-values/github-pat"], found)

    def test_contents_that_a_partial_clone_left_out(self):
        self.git("config", "uploadpack.allowFilter", "true")
        copy = self.clone("--filter=blob:none", "--no-checkout")
        outcome = self.leaks("--history", cwd=copy)
        self.assertEqual(outcome.code, 3, outcome)
        self.assertIn("git fetch --refetch --no-filter", outcome.out + outcome.err)

    def test_replacements_and_grafts_are_not_followed(self):
        self.write("a.txt", github(1) + "\n")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "secret")
        self.git("rm", "-q", "a.txt")
        self.git("commit", "-q", "-m", "gone")
        head = self.git("rev-parse", "HEAD").strip()
        self.git("replace", "--graft", head)
        (self.root / ".git/info").mkdir(exist_ok=True)
        (self.root / ".git/info/grafts").write_text(head + "\n")
        self.git("replace", self.git("rev-parse", "HEAD~0:0.txt").strip(), self.git("rev-parse", "HEAD~0:1.txt").strip())
        self.assertEqual(self.places("--history-range", "HEAD"), [("github-pat", "a.txt", 1)])

    def test_a_bare_repository_asks_for_its_history(self):
        self.write("a.txt", github(1) + "\n")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "m")
        bare = self.clone("--bare", name="bare.git")
        outcome = self.leaks(cwd=bare)
        self.assertEqual(outcome.code, 2, outcome)
        self.assertIn("--history", outcome.err)
        self.assertEqual(self.leaks(str(bare)).code, 2)
        self.assertEqual(self.places("--history", cwd=bare), [("github-pat", "a.txt", 1)])


class Changes(LeaksTest):
    """Two lines of work that come from one commit."""

    def setUp(self):
        super().setUp()
        self.git("init", "-q", "-b", "main")
        self.write("a.txt", "old " + github(1) + "\nsame\n")
        self.write("gone.txt", github(2) + "\n")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "start")
        self.git("checkout", "-q", "-b", "work")
        self.write("b.txt", "new " + npm(3) + "\n")
        self.write("a.txt", "old " + github(1) + "\nsame\nmore\n")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "work")
        self.git("checkout", "-q", "main")
        self.write("a.txt", "same\n")
        self.git("rm", "-q", "gone.txt")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "removed")

    def test_lines_that_the_base_removed_are_not_added(self):
        for change in ("main...work", "main..work"):
            with self.subTest(change):
                self.assertEqual(self.places("--diff", change), [("npm-token", "b.txt", 1)])

    def test_three_dots_know_head(self):
        self.git("checkout", "-q", "work")
        self.assertEqual(self.places("--diff", "main..."), [("npm-token", "b.txt", 1)])
        self.assertEqual(self.places("--diff", "main...", "b.txt"), [("npm-token", "b.txt", 1)])
        self.git("checkout", "-q", "--orphan", "other")
        self.git("commit", "-q", "-m", "alone")
        self.assertEqual(self.leaks("--diff", "main...other").code, 3)

    def test_what_was_removed_and_comes_back_is_added(self):
        self.git("checkout", "-q", "work")
        self.git("merge", "-q", "-s", "ours", "-m", "m", "main")
        self.assertEqual([p[1] for p in self.places("--diff", "main..work")], ["a.txt", "b.txt", "gone.txt"])


class Words(LeaksTest):
    """What people write into the history beside contents."""

    def setUp(self):
        super().setUp()
        self.git("init", "-q", "-b", "main")
        self.write("a.txt", "text\n")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "A start\n\nReviewed-by: Ada Lovelace <ada@engines.io>\nSigned-off-by: t <t@example.com>")

    def test_an_ordinary_history_is_quiet(self):
        self.git("tag", "-a", "v1", "-m", "first")
        outcome = self.leaks("--history")
        self.assertEqual(outcome.code, 0, outcome)

    def test_messages_authors_tags_references_and_notes(self):
        self.git("commit", "-q", "--allow-empty", "-m", "fix\n\nwith " + github(1))
        self.git("commit", "-q", "--allow-empty", "-m", "fix", "--author", f"{github(2)} <a@example.com>")
        self.git("tag", "-a", "v1", "-m", "made with " + github(3))
        self.git("branch", "try-" + github(4))
        self.git("notes", "add", "-m", "seen " + github(5))
        found = self.findings("--history")
        shown = {f["file"].split(" ")[0] if " " in f["file"] else f["file"] for f in found}
        self.assertEqual(len(found), 5, found)
        self.assertTrue({"commit", "tag", "references"} <= shown, shown)
        for number in range(1, 6):
            self.assertNotIn(github(number), self.leaks("--history").out)
        self.assertEqual(len(self.findings("--history-range", "HEAD~2..HEAD")), 2)

    def test_the_message_of_a_commit(self):
        message = "Add a note\n\n# " + github(1) + "\n# ------------------------ >8 ------------------------\n-" + github(2) + "\n"
        self.write(".git/COMMIT_EDITMSG", message)
        outcome = self.leaks("--commit-msg", ".git/COMMIT_EDITMSG")
        self.assertEqual(outcome.code, 0, outcome)
        self.write(".git/COMMIT_EDITMSG", "Add a note\n\nuse " + github(3) + "\n")
        self.assertEqual([p[2] for p in self.places("--commit-msg", ".git/COMMIT_EDITMSG")], [3])
        self.assertEqual(self.leaks("--commit-msg", "missing").code, 3)

    def test_a_hook_for_messages(self):
        self.write("hook", f"#!/bin/sh\nexec {BIN / 'launchgate-leaks'} --commit-msg \"$1\"\n").chmod(0o755)
        os.rename(self.root / "hook", self.root / ".git/hooks/commit-msg")
        self.git("commit", "-q", "--allow-empty", "-m", "fine")
        with self.assertRaises(subprocess.CalledProcessError):
            self.git("commit", "-q", "--allow-empty", "-m", "not with " + github(1))


class Names(LeaksTest):
    def test_files_that_look_like_options(self):
        self.git("init", "-q")
        for name in ("--help", "--write-baseline=b.json", "-", "--version"):
            self.write(name, "text\n")
        self.git("add", "-A")
        files = ["--help", "--write-baseline=b.json", "-", "--version"]
        outcome = self.leaks("--force-exclude", "--", *files)
        self.assertEqual(outcome.code, 0, outcome)
        self.assertIn("· 4 documents,", outcome.out)
        self.assertFalse((self.root / "b.json").exists())
        self.write("--help", github(1))
        self.assertEqual([p[1] for p in self.places("--force-exclude", "--", *files)], ["--help"])
        # A -- that package managers put in front of options ends nothing.
        self.assertEqual(self.leaks("--", "--version").out.split()[0], "launchgate-leaks")

    def test_empty_input_checked_nothing(self):
        outcome = self.leaks("-", stdin=b"")
        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("nothing was checked", outcome.out)
        self.assertEqual(self.leaks("-", stdin=b"text\n").code, 0)


if __name__ == "__main__":
    unittest.main()
