"""What the executables are made of: each one that is released is read, so that a flag lost in the build is seen."""

import os
import re
import subprocess
import unittest

import support

TOOLS = sorted(path for path in support.BIN.glob("launchgate*") if path.is_file())


def readelf(option, path):
    done = subprocess.run(["readelf", "-W", option, path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout


@unittest.skipUnless(os.environ.get("LAUNCHGATE_BUILD_TYPE", "Release") == "Release", "a development build is linked otherwise")
class Executables(unittest.TestCase):
    def setUp(self):
        support.need(self, "readelf")
        self.assertGreaterEqual(len(TOOLS), 11)

    def each(self):
        for path in TOOLS:
            with self.subTest(path.name):
                yield path

    def test_they_are_static_and_position_independent(self):
        for path in self.each():
            self.assertRegex(readelf("-h", path), r"Type:\s+DYN")
            self.assertNotIn("INTERP", readelf("-l", path))
            self.assertIn("PIE", readelf("-d", path))
            self.assertNotIn("NEEDED", readelf("-d", path))

    def test_relocations_are_bound_at_once_and_read_only(self):
        for path in self.each():
            self.assertIn("GNU_RELRO", readelf("-l", path))
            self.assertIn("BIND_NOW", readelf("-d", path))
            self.assertIn("RELR", readelf("-d", path))

    def test_nothing_is_writable_and_executable_and_code_stands_apart(self):
        for path in self.each():
            segments = readelf("-l", path)
            flags = re.findall(r"^\s+LOAD\s+.*?\s([R ][W ][E ])\s+0x", segments, re.M)
            self.assertGreaterEqual(len(flags), 4, segments)
            self.assertEqual([one for one in flags if "W" in one and "E" in one], [])
            self.assertTrue(any(one == "R  " for one in flags), "read-only data has a segment of its own")
            stack = re.search(r"GNU_STACK.*?\s([R ][W ][E ])\s+0x", segments)
            self.assertIsNotNone(stack)
            self.assertNotIn("E", stack.group(1))

    def test_stacks_are_guarded_and_copies_checked(self):
        for path in self.each():
            content = path.read_bytes()
            self.assertIn(b"stack smashing detected", content)
            self.assertIn(b"buffer overflow detected", content)

    def test_branches_land_where_they_may(self):
        for path in self.each():
            if "X86-64" not in readelf("-h", path):
                continue
            landings = path.read_bytes().count(b"\xf3\x0f\x1e\xfa")  # endbr64
            self.assertGreater(landings, 1000)


if __name__ == "__main__":
    unittest.main()
