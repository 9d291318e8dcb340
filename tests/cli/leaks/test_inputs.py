"""What is scanned: encodings, sizes, odd files, ignore files."""

import json
import os
import pathlib
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from leaks import LeaksTest, github, in_base64, in_percent, npm  # noqa: E402


class Texts(LeaksTest):
    def found(self, content, name="a.txt", **keywords):
        self.write(name, content)
        return self.findings(**keywords)

    def test_the_place_is_exact(self):
        one, = self.found("a\nb é " + github() + "\n")
        self.assertEqual((one["rule"], one["file"], one["line"], one["column"], one["endColumn"]), ("private-values/github-pat", "a.txt", 2, 5, 45))

    def test_a_file_without_a_final_newline(self):
        self.assertEqual(len(self.found("x = " + github())), 1)

    def test_utf_16_with_a_byte_order_mark(self):
        for encoding in ("utf-16-le", "utf-16-be"):
            text = "\ufeff" + "é\nkey: " + github() + "\n"
            one, = self.found(text.encode(encoding))
            self.assertEqual((one["line"], one["column"]), (2, 6))

    def test_utf_16_without_a_byte_order_mark(self):
        for encoding in ("utf-16-le", "utf-16-be"):
            for text in ("key: " + github(), "some lines é 日本\n" * 3000 + "key: " + github() + "\n"):
                one, = self.found(text.encode(encoding))
                self.assertEqual((one["line"], one["column"]), (1 + text.count("\n", 0, text.index("key")), 6))

    def test_numbers_of_two_bytes_are_no_text(self):
        self.write("b.txt", "fine\n")
        self.write("a.bin", b"".join((number % 300).to_bytes(2, "little") for number in range(4000)))
        outcome = self.leaks("--format", "json")
        self.assertEqual([s["file"] for s in outcome.json()["skipped"]], ["a.bin"], outcome)

    def test_utf_8_with_a_byte_order_mark(self):
        one, = self.found(b"\xef\xbb\xbf" + github().encode())
        self.assertEqual((one["line"], one["column"]), (1, 1))

    def test_latin_1(self):
        self.assertEqual(len(self.found("é à ".encode("latin-1") + github().encode() + b"\n")), 1)

    def test_a_stray_nul_hides_nothing(self):
        self.assertEqual(len(self.found((b"some text\0 and " + github().encode() + b" and more text of the same kind\n") * 4)), 4)

    def test_base64(self):
        one, = self.found("data: " + in_base64("the value is " + github()) + "\n")
        self.assertIn("base64-encoded", one["message"])
        self.assertEqual((one["line"], one["column"]), (1, 7))

    def test_base64_in_lines(self):
        before = "".join(f"setting_{i} = {i * 7919}\n" for i in range(30))
        after = "".join(f"option_{i} = {i}\n" for i in range(30))
        for width in (60, 64, 70, 76):
            for shift in range(60):
                # The token slides over the ends of the lines; the finding stands on the line where it begins.
                clear = "#" * shift + before + "token = " + github() + "\n" + after
                encoded = in_base64(clear)
                lines = [encoded[at:at + width] for at in range(0, len(encoded), width)]
                one, = self.found("data: |\n" + "".join(f"  {line}\n" for line in lines))
                self.assertIn("base64-encoded", one["message"])
                self.assertEqual(one["line"], 2 + clear.index("ghp") * 8 // 6 // width)
        lines = [encoded[at:at + 76] for at in range(0, len(encoded), 76)]
        self.assertEqual(len(self.found("\r\n".join(lines))), 1)
        self.assertEqual(len(self.found(json.dumps({"data": "\n".join(lines)}), "b.json", code=1)), 2)
        self.assertEqual(len(self.found(json.dumps({"data": in_base64("a>?b>?c " + github())}).replace("/", "\\/"), "c.json")), 3)

    def test_base64_texts_one_below_the_other(self):
        texts = [in_base64(f"this is number {i}: " + github(i)).rstrip("=") for i in range(4)]
        self.assertEqual([f["line"] for f in self.found("\n".join(texts))], [1, 2, 3, 4])

    def test_wrapped_base64_over_the_end_of_a_piece(self):
        encoded = in_base64("".join(f"setting_{i} = {i * 7919}\n" for i in range(700_000)) + github() + "\n" + github(2) + " end of it\n" * 200_000)
        self.assertEqual(len(self.found("\n".join(encoded[at:at + 76] for at in range(0, len(encoded), 76)))), 2)

    def test_percent_encoding(self):
        one, = self.found("https://x.example/?t=" + in_percent(github()) + "\n")
        self.assertIn("percent-encoded", one["message"])

    def test_a_line_of_five_megabytes(self):
        filler = "lorem ipsum dolor " * 150_000
        one, = self.found(filler + github() + " " + filler)
        self.assertEqual((one["line"], one["column"]), (1, len(filler) + 1))

    def test_two_pieces(self):
        # Pieces of a large file end at 15 MiB and every 9 MiB or so on; the token slides over the borders.
        line = "0123456789 abcdef\n"
        for border in (15 * 1024 * 1024, 16 * 1024 * 1024):
            for shift in (-39, -20, 0):
                before = line * ((border + shift) // len(line)) + " " * ((border + shift) % len(line))
                one, = self.found(before + github() + "\n" + line * 600_000)
                self.assertEqual(one["line"], before.count("\n") + 1)

    def test_the_same_with_one_thread_and_two(self):
        for number in range(200):
            self.write(f"d{number % 7}/f{number}.txt", "x\n" * (number % 5) + (github(number) if number % 3 == 0 else "nothing") + "\n")
        one = self.leaks("--format", "json", "--threads", "1")
        two = self.leaks("--format", "json", "--threads", "2")
        self.assertEqual(one.out, two.out)
        self.assertEqual(len(one.json()["findings"]), 67)

    def test_standard_input(self):
        outcome = self.leaks("-", stdin=("x\n" + github()).encode())
        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("<stdin>:2:1: error: GitHub", outcome.out)
        self.assertEqual(self.leaks("-", stdin=b"nothing here\n").code, 0)


class Files(LeaksTest):
    def skipped(self, *arguments, code=0):
        outcome = self.leaks("--format", "json", *arguments)
        self.assertEqual(outcome.code, code, outcome)
        return {s["file"]: s["reason"] for s in outcome.json()["skipped"]}

    def test_odd_files_are_skipped_and_said_so(self):
        self.write("a.txt", "fine\n")
        self.write("b.bin", bytes(range(256)) * 20)
        os.mkfifo(self.root / "pipe")
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(str(self.root / "socket"))
        os.symlink("nowhere", self.root / "broken")
        os.symlink(".", self.root / "loop")
        self.assertEqual(self.skipped(), {"b.bin": "binary", "pipe": "named pipe", "socket": "socket"})
        self.assertEqual(self.skipped("a.txt", "pipe"), {"pipe": "named pipe"})

    def test_a_sparse_file_of_four_gigabytes(self):
        self.write("a.txt", "fine\n")
        with open(self.root / "sparse", "wb") as file:
            file.truncate(4 * 1024 ** 3)
        self.assertEqual(self.skipped(), {"sparse": "binary"})

    def test_a_large_text_is_skipped_and_said_so(self):
        self.write("a.txt", "fine\n")
        self.write("launchgate.json", '{"schemaVersion": 1, "leaks": {"maxFileBytes": 100}}')
        self.write("large.txt", "text\n" * 100 + github())
        self.assertEqual(self.skipped()["large.txt"], "larger than 100 bytes")

    @unittest.skipIf(os.geteuid() == 0, "root reads everything")
    def test_an_unreadable_file_is_exit_3(self):
        self.write("a.txt", "fine\n")
        self.write("b.txt", github()).chmod(0)
        outcome = self.leaks()
        self.assertEqual(outcome.code, 3, outcome)
        self.assertIn("b.txt: error: cannot open: Permission denied [leaks/unreadable]", outcome.out)

    def test_what_cannot_be_read_is_exit_3_for_root_too(self):
        if not os.path.exists("/proc/self/mem"):
            self.skipTest("no /proc here")
        outcome = self.leaks("/proc/self/mem")
        self.assertEqual(outcome.code, 3, outcome)
        self.assertIn("cannot read", outcome.out)

    def test_a_missing_path_is_exit_3(self):
        outcome = self.leaks("nothing.txt")
        self.assertEqual(outcome.code, 3, outcome)
        self.assertIn("nothing.txt: does not exist", outcome.err)

    def test_an_empty_folder_is_no_pass(self):
        self.assertEqual(self.leaks().code, 1)

    def test_odd_names(self):
        for name in (b"new\nline.txt", b"bad\xff\xfeutf8.txt", "é ü.txt".encode(), b"-dash.txt", b"quote\".txt"):
            with open(os.path.join(os.fsencode(self.root), name), "wb") as file:
                file.write(github().encode())
        self.assertEqual(len(self.findings()), 5)
        text = self.leaks()
        self.assertIn("new\\u000aline.txt:1:1", text.out)

    def test_links_are_not_followed_but_their_text_is_scanned(self):
        other = self.scratch / "other"
        other.mkdir()
        (other / "secret.txt").write_text(github())
        os.symlink(other, self.root / "folder")
        os.symlink(other / "secret.txt", self.root / "file")
        os.symlink("https://" + github(), self.root / "text")
        one, = self.findings()
        self.assertEqual(one["file"], "text")
        self.assertIn("the text of the link", one["message"])

    def test_a_named_link_is_followed(self):
        self.write("a.txt", "fine\n")
        other = self.scratch / "other"
        other.mkdir()
        (other / "secret.txt").write_text(github())
        os.symlink(other, self.root / "folder")
        os.symlink(other / "secret.txt", self.root / "file")
        os.symlink(".", self.root / "loop")
        os.symlink("nowhere", self.root / "broken")
        os.symlink("knot", self.root / "knot")
        os.mkfifo(self.root / "pipe")
        os.symlink("pipe", self.root / "to-pipe")
        self.assertEqual(self.places("file"), [("github-pat", "file", 1)])
        self.assertEqual(self.places("folder"), [("github-pat", "folder/secret.txt", 1)])
        # What git keeps of a link is its text.
        self.assertEqual(self.leaks("--force-exclude", "file").code, 0)
        self.assertEqual(self.leaks("loop").code, 0)
        self.assertEqual(self.skipped("broken", "knot"),
                         {"broken": "broken link, of which the text was scanned", "knot": "link to itself, of which the text was scanned"})
        self.assertEqual(self.skipped("to-pipe", code=1), {"to-pipe": "named pipe"})

    def test_names_are_scanned_and_never_shown(self):
        token = github()
        self.write(token + ".txt", "nothing\n" + npm() + "\n")
        outcome = self.leaks()
        self.assertEqual(outcome.code, 1)
        self.assertIn("the name of the file holds: GitHub", outcome.out)
        self.assertNotIn(token[8:20], outcome.out + outcome.err)

    def test_hidden_files_are_scanned_and_git_is_not(self):
        self.git("init", "-q")
        self.write(".env", github())
        self.write(".config/x", github(2))
        self.write(".git/notes", github(3))
        self.assertEqual([p[1] for p in self.places()], [".config/x", ".env"])

    def test_ignore_files(self):
        self.git("init", "-q")
        self.write(".gitignore", "*.log\n/build/\n!keep.log\ndeep/**/x.txt\n")
        self.write(".launchgateignore", "vendor\n")
        for path in ("a.log", "keep.log", "build/a.txt", "sub/build/a.txt", "deep/a/b/x.txt", "vendor/a.txt", "sub/a.log", "plain.txt"):
            self.write(path, github())
        self.write("sub/.gitignore", "local.txt\n!a.log\n")
        self.write("sub/local.txt", github())
        self.assertEqual([p[1] for p in self.places()], ["keep.log", "plain.txt", "sub/a.log", "sub/build/a.txt"])
        self.assertEqual(self.skipped(code=1)["build"], "ignored")
        self.assertEqual(len(self.places("--no-ignore")), 9)
        self.assertEqual([p[1] for p in self.places("sub")], ["sub/a.log", "sub/build/a.txt"])

    def test_a_tracked_file_is_scanned_although_it_is_ignored(self):
        self.git("init", "-q")
        self.write("build/kept.txt", github())
        self.write("build/other.txt", github(2))
        self.write("plain.txt", "fine\n")
        self.git("add", "build/kept.txt")
        self.write(".gitignore", "build/\n")
        self.assertEqual([p[1] for p in self.places()], ["build/kept.txt"])

    def test_configured_include_and_exclude(self):
        self.write("launchgate.json", '{"schemaVersion": 1, "leaks": {"include": ["**/*.txt", "*.txt"], "exclude": ["gen/**"]}}')
        self.write("a.txt", github())
        self.write("a.md", github())
        self.write("gen/a.txt", github())
        self.assertEqual([p[1] for p in self.places()], ["a.txt"])


if __name__ == "__main__":
    unittest.main()
