"""The index, changes and the history, read as blobs."""

import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from leaks import LeaksTest, github, npm  # noqa: E402


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
        self.assertEqual(self.leaks("--staged").code, 1, "nothing is staged: nothing was checked")
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


if __name__ == "__main__":
    unittest.main()
