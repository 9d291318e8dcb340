"""The scripts around builds and tests: what they say while one waits, and what they refuse."""

import os
import pathlib
import pty
import shutil
import subprocess
import tempfile
import unittest

from support import SOURCE, need

BUILD = """1/3 Built: Building CXX object a.o
a.cpp:1:2: warning: unused
2/3 Built: Building CXX object b.o
3/3 Built: Linking tool
ninja: no work to do.
"""
TESTS = """Test project /somewhere
      Start  1: first
      Start 12: second
 1/12 Test  #1: first ............   Passed    0.10 sec
12/12 Test #12: second ...........***Failed    0.10 sec
Actual: 2
50% tests passed, 1 tests failed out of 2
"""


class Progress(unittest.TestCase):
    def shown(self, text):
        return subprocess.run([SOURCE / "scripts/progress", "it"], input=text, stdout=subprocess.PIPE, text=True, check=True).stdout

    def test_elsewhere_than_on_a_terminal_a_line_now_and_then_and_all_that_is_no_count(self):
        self.assertEqual(self.shown(BUILD), "it: 1 of 3\na.cpp:1:2: warning: unused\n")

    def test_tests_that_fail_are_named_and_their_words_shown(self):
        self.assertEqual(self.shown(TESTS), "Test project /somewhere\nit: 1 of 12\n12/12 Test #12: second ...........***Failed    0.10 sec\n"
                                            "Actual: 2\n50% tests passed, 1 tests failed out of 2\n")

    def test_a_silence_is_filled_and_parts_no_line(self):
        command = f"(printf '1/2 Built: a\\nwarn'; sleep 2.5; printf 'ing\\n2/2 Built: b\\n') | {SOURCE}/scripts/progress it 1"
        shown = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
        self.assertEqual(shown[:2], ["it: 1 of 2", "it: 1 of 2"])
        self.assertIn("warning", shown)

    def test_on_a_terminal_one_line_counts(self):
        ours, theirs = pty.openpty()
        subprocess.run([SOURCE / "scripts/progress", "it"], input=BUILD, stdout=theirs, text=True, check=True)
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 4096):
                shown += part
        except OSError:  # what a terminal without a writer answers
            pass
        os.close(ours)
        self.assertEqual(shown.decode().replace("\r\n", "\n"),
                         "\rit: 1 of 3\x1b[K\r\x1b[Ka.cpp:1:2: warning: unused\n\rit: 2 of 3\x1b[K\rit: 3 of 3\x1b[K\r\x1b[K")


class Format(unittest.TestCase):
    def setUp(self):
        need(self, "clang-format")
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="launchgate-test-"))
        self.addCleanup(shutil.rmtree, self.top)
        for folder in ("scripts", "tools", "tests"):
            (self.top / folder).mkdir()
        shutil.copy(SOURCE / "scripts/check-format", self.top / "scripts")
        shutil.copy(SOURCE / ".clang-format", self.top)
        (self.top / "tests/good.cpp").write_text("int main() { return 0; }\n")

    def check(self, *arguments):
        return subprocess.run([self.top / "scripts/check-format", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)

    def test_a_file_that_differs_is_named_with_the_remedy_which_mends_it(self):
        self.assertEqual(self.check().returncode, 0)
        (self.top / "tools/bad.hpp").write_text("int   twice( int a ){return 2*a;}\n")
        done = self.check()
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (1, "", "clang-format would change these; run scripts/check-format --fix\ntools/bad.hpp\n"))
        self.assertEqual(self.check("--fix").returncode, 0)
        self.assertEqual(self.check().returncode, 0)
        self.assertEqual((self.top / "tools/bad.hpp").read_text(), "int twice(int a) { return 2 * a; }\n")

    def test_the_sources_are_formatted(self):
        self.assertEqual(subprocess.run([SOURCE / "scripts/check-format"], stderr=subprocess.PIPE, text=True, check=False).stderr, "")


if __name__ == "__main__":
    unittest.main()
