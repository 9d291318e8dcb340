import subprocess
import sys
import unittest

from support import SOURCE, run


class RulePages(unittest.TestCase):
    def test_the_pages_are_those_of_the_packs(self):
        done = subprocess.run([sys.executable, SOURCE / "scripts/rule-pages", "--check"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_pages_hold_nothing_that_looks_private(self):
        outcome = run("launchgate-leaks", "docs/rules", cwd=SOURCE)
        self.assertEqual(outcome.code, 0, outcome)


if __name__ == "__main__":
    unittest.main()
