"""Every name of a product's ladder, matrix, targets, catalogue and record is resolved: a slip of one letter is told at its place."""
import re
import unittest

from product import FILES, OwnProduct

# Whose letters mean nothing to anybody else: texts for people, addresses, and what a tool prints as it stands.
FREE = re.compile(r"/(title|description|passCondition|defaultUrl|urlKey|catalogue|path|method|\$comment)$|"
                  r"/(privateEvidenceRef|publicRedactedSummary|checksum|owner|checks/[0-9]+)$|/evidenceCommands/")


def names(text):
    """(pointer, offset of its first letter, the name) of each key and string of a JSON text."""
    found = []
    scanner = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+)')
    stack, pointer, key, at = [], [], None, 0
    expect_key = False
    while (match := scanner.match(text, at)):
        token, begin, at = match[1], match.start(1), match.end()
        here = "".join(f"/{part}" for part in pointer)
        if token == "{":
            stack.append("{")
            pointer.append(None)
            expect_key = True
        elif token == "[":
            stack.append("[")
            pointer.append(0)
        elif token in "}]":
            stack.pop()
            pointer.pop()
        elif token == ",":
            if stack[-1] == "[":
                pointer[-1] += 1
            else:
                expect_key = True
        elif token == ":":
            expect_key = False
        elif token.startswith('"'):
            if stack[-1] == "{" and expect_key:
                pointer[-1] = token[1:-1]
                found.append(("".join(f"/{part}" for part in pointer) + "#", begin + 1, token[1:-1]))
            else:
                found.append((here, begin + 1, token[1:-1]))
    return found


def slip(name):
    """One letter less in the middle: of any name of two and more."""
    middle = len(name) // 2
    return name[:middle] + name[middle + 1:]


class Sweep(OwnProduct):
    def setUp(self):
        super().setUp()
        self.texts = {path: self.read(path) for path in FILES if path.endswith(".json") and path != "launchgate.json"}

    def test_each_name_is_told_at_its_place(self):
        self.check(0)
        silent, elsewhere, count = [], [], 0
        for path, text in self.texts.items():
            for pointer, offset, name in names(text):
                if len(name) < 3 or FREE.search(pointer):
                    continue
                count += 1
                self.write(path, text[:offset] + slip(name) + text[offset + len(name):])
                outcome = self.tool("launchgate", "check", "--color", "never")
                if outcome.code not in (1, 2):
                    silent.append(f"{path} {pointer}: {name} as {slip(name)}")
                line = text[:offset].count("\n") + 1
                if f"{path}:{line}:" not in outcome.out + outcome.err:
                    elsewhere.append(f"{path}:{line} {pointer}: {name} as {slip(name)}: {(outcome.out + outcome.err)[:300]}")
            self.write(path, text)
        self.assertEqual(silent, [])
        self.assertEqual(elsewhere, [])
        self.assertGreater(count, 100)


if __name__ == "__main__":
    unittest.main()
