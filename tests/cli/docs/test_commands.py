"""Every command block of README.md and docs/ is run, in a scratch copy of the sample product with the executables in PATH.

`sh` blocks run as they stand and must succeed. `console` blocks are commands after `$ ` with what they print: each line shown must be printed, in this
order; `…` stands for anything. A comment in front of a block, which no reader sees, can say more:

    <!-- before: shell commands that make what the block needs -->
    <!-- with: A=1 B=2 -->           variables of a console block, which its reader has
    <!-- in: other-product -->        another fixture than the sample product
    <!-- file: PATH -->               a block that is written to PATH for those that follow
    <!-- not run: why -->             what needs a deployment, a network or an hour

Blocks without a language are no commands but usage lines, pictures and texts; the options of usage lines are compared with the tools' help.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support import BIN, DEADLINE, SOURCE

PAGES = [SOURCE / "README.md", SOURCE / "CONTRIBUTING.md",
         *sorted(path for path in (SOURCE / "docs").rglob("*.md") if path.parent.name != "rules")]
LANGUAGES = {"", "sh", "console", "json", "markdown", "yaml", "text"}


class Block:
    def __init__(self, page, line, language, body, notes):
        self.page, self.line, self.language, self.body, self.notes = page, line, language, body, notes

    def __repr__(self):
        return f"{self.page.relative_to(SOURCE)}:{self.line}"


def blocks(page):
    lines = page.read_text(encoding="utf-8").splitlines()
    found = []
    notes, at = {}, 0
    while at < len(lines):
        comment = re.match(r"^<!-- ([a-z ]+): (.*)", lines[at])
        fence = re.match(r"^ *(`{3,})(\w*)$", lines[at])
        if comment:
            text = comment[2]
            while "-->" not in text:
                at += 1
                text += "\n" + lines[at]
            notes[comment[1]] = text.split("-->")[0].strip()
        elif fence:
            start = at
            at += 1
            while lines[at].strip() != fence[1]:
                at += 1
            found.append(Block(page, start + 1, fence[2], "\n".join(lines[start + 1:at]) + "\n", notes))
            notes = {}
        elif lines[at].strip() and not lines[at].startswith("<!--"):
            notes = {}
        at += 1
    return found


class Scratch:
    """One page's folder: blocks build on each other, as they do for a reader."""

    def __init__(self, test):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="launchgate-docs-"))
        test.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "LAUNCHGATE_", "OPEN_COWORK_", "npm_"))}
        self.environment.update({"PATH": f"{BIN}:{self.folder / 'bin'}:{os.environ['PATH']}", "HOME": str(self.folder), "NO_COLOR": "1", "SOURCE": str(SOURCE),
                                 "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.com", "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.com"})
        # Package scripts of the sample product need no package manager here.
        (self.folder / "bin").mkdir()
        (self.folder / "bin/pnpm").write_text("#!/bin/sh\necho \"ran $*\"\n")
        (self.folder / "bin/pnpm").chmod(0o755)

    def product(self, name):
        root = self.folder / name
        if not root.exists():
            shutil.copytree(SOURCE / "fixtures" / name, root)
            for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "product"]):
                subprocess.run(["git", *words], cwd=root, env=self.environment, check=True)
        return root

    def run(self, text, root, strict=True):
        done = subprocess.run(["bash", "-eu" if strict else "-u", "-o", "pipefail", "-c", text], cwd=root, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=DEADLINE, check=False)
        return done.returncode, done.stdout.decode("utf-8", "replace")


def dialogue(body):
    """(command, lines shown) of a console block; a command goes on after a backslash."""
    turns = []
    for line in body.splitlines():
        if line.startswith("$ "):
            turns.append([line[2:], []])
        elif turns and turns[-1][0].endswith("\\"):
            turns[-1][0] += "\n" + line
        elif turns:
            turns[-1][1].append(line)
    return turns


def missing_line(shown, printed):
    """The first line that is shown and not printed, after the one before it."""
    printed = [" ".join(line.split()) for line in printed.splitlines()]
    at = 0
    for line in shown:
        wanted = " ".join(line.split())
        if wanted in ("", "…"):
            continue
        pattern = re.compile(".*".join(re.escape(part) for part in wanted.split("…")) + r"( · \d+ ms)?$")
        while at < len(printed) and not pattern.match(printed[at]):
            at += 1
        if at == len(printed):
            return line
        at += 1
    return None


class Pages(unittest.TestCase):
    def check_page(self, page):
        scratch = Scratch(self)
        for block in blocks(page):
            with self.subTest(block=repr(block)):
                self.assertIn(block.language, LANGUAGES, f"{block}: say what language it is")
                if "not run" in block.notes:
                    self.assertGreater(len(block.notes["not run"]), 10, "say why")
                    continue
                root = scratch.product(block.notes.get("in", "sample-product"))
                if "file" in block.notes:
                    target = root / block.notes["file"]
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(block.body, encoding="utf-8")
                if block.language not in ("sh", "console"):
                    continue
                if "before" in block.notes:
                    code, printed = scratch.run(block.notes["before"], root)
                    self.assertEqual(code, 0, f"{block}: before it\n{printed}")
                if block.language == "sh":
                    code, printed = scratch.run(block.body, root)
                    self.assertEqual(code, 0, f"{block}\n{printed}")
                    continue
                for command, shown, code, printed in self.converse(scratch, block, root):
                    self.assertNotIn(code, (2, 4, 126, 127), f"{block}: {command}\n{printed}")
                    self.assertIsNone(missing_line(shown, printed), f"{block}: {command}\nshown, but not printed:\n{missing_line(shown, printed)}\nprinted:\n{printed}")

    def converse(self, scratch, block, root):
        """The commands of a console block in one shell, as they would be typed, each with what it printed."""
        turns = dialogue(block.body)
        mark = "@@ end of a command @@"
        _, printed = scratch.run(block.notes.get("with", "") + "\n" + "".join(f"{command}\nstatus=$?; echo; echo '{mark}' $status\n" for command, _ in turns), root, strict=False)
        parts = re.split(rf"(?m)^{mark} (\d+)$", printed)
        self.assertEqual(len(parts), 2 * len(turns) + 1, f"{block}\n{printed}")
        return [(command, shown, int(parts[2 * i + 1]), parts[2 * i]) for i, (command, shown) in enumerate(turns)]

    def test_usage_lines_name_options_that_exist(self):
        known = {}
        for page in PAGES:
            for block in blocks(page):
                for line in block.body.splitlines() if block.language == "" else []:
                    words = re.match(r"^(launchgate(?:-[a-z]+)?)((?: \[?[a-z-]+\]?)?)", line)
                    if not words:
                        continue
                    verb = words[2].strip(" []")
                    call = (words[1], *([verb] if verb and not verb.startswith("-") else []))
                    if call not in known:
                        done = subprocess.run([BIN / call[0], *call[1:], "--help"], cwd=SOURCE / "fixtures/sample-product", stdout=subprocess.PIPE,
                                              stderr=subprocess.PIPE, check=False)
                        known[call] = done.stdout.decode()
                        self.assertEqual(done.returncode, 0, f"{block}: {' '.join(call)}\n{done.stderr.decode()}")
                    own = line.split(" -- ")[0].split("   ")[0]
                    for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", own):
                        self.assertRegex(known[call], rf"(?m)^ +{option}\b", f"{block}: {line}")

    def test_pages_of_tools_have_one_shape(self):
        """A page for each executable: its name, what it does, usage, and where exit codes are told."""
        folder = SOURCE / "docs/tools"
        tools = {path.name for path in BIN.glob("launchgate*") if "." not in path.name}
        self.assertEqual({path.stem for path in folder.glob("*.md")}, tools)
        for tool in tools:
            text = (folder / f"{tool}.md").read_text(encoding="utf-8")
            self.assertRegex(text, rf"^# {tool}\n\n[A-Z]", tool)
            headings = re.findall(r"(?m)^## (.*)$", text)
            self.assertEqual(headings[0], "Usage", tool)
            self.assertRegex(text.split("## Usage")[1], rf"^\n\n(?:[^#`]*\n\n)?```\n{tool}\b", tool)
            self.assertIn("(../exit-codes.md)", text, tool)

    def test_links_between_pages_lead_somewhere(self):
        for page in PAGES:
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
                if not re.match(r"^[a-z]+:|…", target):
                    self.assertTrue((page.parent / target).exists(), f"{page}: {target}")


def add(page):
    name = re.sub(r"\W+", "_", str(page.relative_to(SOURCE).with_suffix("")))
    setattr(Pages, f"test_{name}", lambda self: self.check_page(page))


for one in PAGES:
    add(one)


if __name__ == "__main__":
    unittest.main()
