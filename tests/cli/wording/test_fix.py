"""Properties of --fix over generated pages: nothing changes but the forbidden words, and a second run changes nothing at all."""

import os
import random
import stat
import unittest

from support import RepositoryTest

WORDS = {"white list": "allow list", "utilise": "use", "grüßen": "greet", "in order to": "to"}
ENDS = ("\n", "\r\n")
AROUND = ("plain {} words", "é😀 {} ü", "`{}`", "**bold {} bold**", "# {}", "- {}\n- x", "> {}", "| a | {} |\n| --- | --- |\n| {} | b |", "```\ncode {}\n```", "    {}",
          "<!-- {} -->", "[x](<{}>)", "[{}](x.md)", "![{}](x.png)", "~~{}~~", "<b>{}</b>", "\\{} &amp; {}", "x{}x", "{}-y", "\t{}\t ", "{}  \nnext", "[r]: <{}>", "$ {} $", "1) {}\n   {}",
          "- [ ] {}", "*{}* _{}_", "{}\u00a0{}")


def rule(number, words, replacement, **more):
    return {"id": f"r{number}", "kind": "forbid", "severity": "error", "message": "a word that we do not use", "help": "use the other", "phrases": [words],
            "replacement": replacement, "examples": {"match": [words, f"a {words} b"], "pass": ["fine", f"x{words}x"]}, **more}


class Fix(RepositoryTest):
    def bind(self, *rules):
        self.dump("own.json", {"schemaVersion": 1, "pack": "own", "title": "t", "description": "d", "rules": list(rules)})
        self.dump("launchgate.json", {"schemaVersion": 1, "documents": [{"path": "pages/*.md", "kind": "markdown", "packs": ["own.json"]}]})

    def fix(self):
        outcome = self.tool("launchgate-wording", "--fix", "--format", "json")
        self.assertIn(outcome.code, (0, 1), outcome)
        return outcome

    def pages(self):
        return {path.name: path.read_bytes() for path in sorted((self.root / "pages").iterdir())}

    def test_generated_pages(self):
        self.bind(*(rule(number, words, replacement) for number, (words, replacement) in enumerate(WORDS.items())))
        chance = random.Random(20)
        for number in range(300):
            parts = []
            for _ in range(chance.randint(1, 12)):
                words = chance.choice([*WORDS, "nothing", "white\nlist", "white  list", "*white* list", "White list"])
                parts.append(chance.choice(AROUND).replace("{}", words))
            text = "\n\n".join(parts)
            if number % 3 == 0:
                text = text.replace("\n", "\r\n")
            elif number % 3 == 1:
                text = "".join(line + chance.choice(ENDS) for line in text.split("\n"))
            self.write(f"pages/{number}.md", ("\ufeff" if number % 7 == 0 else "").encode() + text.encode())
            os.chmod(self.root / f"pages/{number}.md", 0o600 + chance.choice((0, 0o44, 0o60)))
        before = self.pages()
        modes = {name: stat.S_IMODE((self.root / "pages" / name).stat().st_mode) for name in before}
        report = self.fix()
        after = self.pages()
        self.assertEqual(after.keys(), before.keys())  # no file beside is left behind
        changed = 0
        for name, text in after.items():
            with self.subTest(name, before=before[name]):
                # Read from the left, every byte is that of the old text, or begins a replacement for words that stood there.
                at = 0
                old = before[name]
                while at < len(old) or text:
                    for words, replacement in WORDS.items():
                        if old[at:].startswith(words.encode()) and text.startswith(replacement.encode()):
                            at += len(words.encode())
                            text = text[len(replacement.encode()):]
                            changed += 1
                            break
                    else:
                        self.assertEqual(text[:1], old[at:at + 1])
                        at += 1
                        text = text[1:]
                self.assertEqual(stat.S_IMODE((self.root / "pages" / name).stat().st_mode), modes[name])
        self.assertGreater(changed, 500)
        self.assertEqual(sum(int(line.split(": ")[1].split()[0]) for line in report.err.splitlines()), changed)
        # What is left is reported, and is not the words as they are.
        stats = {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (self.root / "pages").iterdir()}
        again = self.fix()
        self.assertEqual(again.err, "")
        self.assertEqual(again.out, report.out)
        self.assertEqual({path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (self.root / "pages").iterdir()}, stats)
        for one in again.json()["findings"]:
            line = after[one["file"].split("/")[1]].decode().lstrip("\ufeff").replace("\r\n", "\n").split("\n")[one["line"] - 1]
            for words in WORDS:
                self.assertFalse(line[one["column"] - 1:].startswith(words), (one, line))

    def test_two_rules_that_want_different_words(self):
        self.bind(rule(1, "white list", "allow list"), rule(2, "white", "pale"), rule(3, "black list", "deny list"), rule(4, "black list", "block list"),
                  rule(5, "grey list", "wait list"), rule(6, "grey list", "wait list", message="the same"))
        self.write("pages/a.md", "a white list, a black list, a grey list\n")
        outcome = self.fix()
        self.assertEqual(self.read("pages/a.md"), "a white list, a black list, a wait list\n")
        self.assertEqual(outcome.err, "pages/a.md: 1 replaced\n")
        self.assertEqual({one["rule"] for one in outcome.json()["findings"]}, {"own/r1", "own/r2", "own/r3", "own/r4"})

    def test_rules_that_would_replace_for_ever(self):
        self.bind(rule(1, "list", "list of lists"), rule(2, "alpha", "beta"), rule(3, "beta", "alpha"), rule(4, "one", "two"), rule(5, "two", "three"))
        for text, expected in (("a list, alpha, one\n", "a list, alpha, one\n"), ("alpha and beta\n", "alpha and beta\n"), ("two\n", "three\n")):
            self.write("pages/a.md", text)
            self.fix()
            first = self.read("pages/a.md")
            with self.subTest(text):
                self.assertEqual(first, expected)
                self.assertEqual(self.fix().err, "")
                self.assertEqual(self.read("pages/a.md"), first)

    def test_a_folder_that_cannot_be_written(self):
        if os.geteuid() == 0:
            self.skipTest("root writes everywhere")
        self.bind(rule(1, "white list", "allow list"))
        self.write("pages/a.md", "a white list\n")
        os.chmod(self.root / "pages", 0o500)
        self.addCleanup(os.chmod, self.root / "pages", 0o700)
        outcome = self.tool("launchgate-wording", "--fix")
        self.assert_code(outcome, 3)
        self.assertEqual(self.read("pages/a.md"), "a white list\n")


if __name__ == "__main__":
    unittest.main()
