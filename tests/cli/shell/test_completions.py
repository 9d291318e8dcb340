"""Completions and man pages: they come from the option tables, and real shells take them."""

import os
import pty
import re
import select
import signal
import subprocess
import time
import unittest

from support import BIN, DEADLINE, RepositoryTest, need, run

TOOLS = sorted(path.name for path in BIN.glob("launchgate*") if "." not in path.name)


def verbs(text):
    found = re.search(r"(?ms)^Verbs:\n(.*?)\n\n", text)
    return re.findall(r"(?m)^  ([a-z]\S*)", found[1]) if found else []


def options(text):
    return set(re.findall(r"(?m)^  (--[a-z][a-z-]*)", text))


class Shell:
    """A shell on a terminal of its own, as someone types."""

    def __init__(self, test, words, cwd):
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(cwd)
            os.environ.update({"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(cwd), "TERM": "dumb", "PS1": "ready> ", "NO_COLOR": "1"})
            os.execvp(words[0], words)
        test.addCleanup(self.end)

    def end(self):
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        os.close(self.terminal)

    def type(self, text, pause=0.0):
        os.write(self.terminal, text.encode())
        return self.read(pause) if pause else ""

    def read(self, seconds):
        text, until = b"", time.monotonic() + seconds
        while time.monotonic() < until:
            if select.select([self.terminal], [], [], 0.05)[0]:
                try:
                    text += os.read(self.terminal, 65536)
                except OSError:
                    break
        return text.decode("utf-8", "replace")

    def wait_for_text(self, wanted, seconds=DEADLINE):
        """Until the shell has shown this, and then nothing more for a moment."""
        text, until = "", time.monotonic() + seconds
        while time.monotonic() < until:
            more = self.read(0.4)
            text += more
            if wanted in text and not more:
                return
        raise AssertionError(f"{wanted!r} was not shown: {text!r}")

    def wait_for(self, path, seconds=DEADLINE):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.read(0.05)
            if path.exists():
                return
        raise AssertionError(f"{path} did not come: {self.read(0.5)}")


class Completions(RepositoryTest):
    def script(self, shell, *tools):
        outcome = self.tool("launchgate", "completions", shell, *tools)
        self.assert_passes(outcome)
        self.assertEqual(outcome.err, "")
        return outcome.out

    def candidates(self, words):
        """What bash offers for the last of these words."""
        given = " ".join(f"'{word}'" for word in words)
        program = (f"source completions; COMP_WORDS=({given}); COMP_CWORD={len(words) - 1}; COMP_LINE=; COMP_POINT=0; "
                   f"_{words[0].replace('-', '_')}; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
        done = subprocess.run(["bash", "--norc", "-c", program], cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""), words)
        return [line for line in done.stdout.decode().splitlines() if line]

    def test_every_option_and_verb_of_every_tool_is_offered(self):
        self.write("completions", self.script("bash"))
        for tool in TOOLS:
            pending = [[tool]]
            while pending:
                words = pending.pop()
                text = self.tool(words[0], *words[1:], "--help").out
                offered = options("\n".join("  " + one for one in self.candidates([*words, "--"])))
                self.assertEqual(offered, options(text) | {"--help", "--version"}, words)
                below = verbs(text)
                if below:
                    self.assertLessEqual(set(below), set(self.candidates([*words, ""])), words)
                    pending += [[*words, verb] for verb in below]

    def test_values(self):
        self.write("completions", self.script("bash"))
        self.assertEqual(self.candidates(["launchgate-profiles", "--fail-on", ""]), ["error", "warning", "note"])
        self.assertEqual(self.candidates(["launchgate-profiles", "--fail-on", "=", "w"]), ["warning"])
        self.assertEqual(self.candidates(["launchgate-profiles", "--fail-on", "="]), ["error", "warning", "note"])
        self.assertEqual(self.candidates(["launchgate", "check", "--format", "s"]), ["sarif"])
        self.assertEqual(self.candidates(["launchgate", "check", "--root", "de"]), ["deploy"])
        self.assertEqual(self.candidates(["launchgate", "check", "--config", "pack"]), ["package.json"])
        self.assertEqual(self.candidates(["launchgate", "check", "--stage", "pre"]), ["pre-commit"])
        self.assertEqual(self.candidates(["launchgate", "ru"]), ["rules"])
        self.assertEqual(self.candidates(["launchgate", "rules", "te"]), ["test"])
        # The tools that `launchgate X` becomes.
        self.assertIn("--staged", self.candidates(["launchgate", "leaks", "--st"]))
        self.assertIn("--tier", self.candidates(["launchgate", "--", "promote", "--ti"]))
        # A command after the dashes is the shell's business.
        self.assertIn("sleep", self.candidates(["launchgate-record", "run", "--item", "x", "--", "slee"]))

    def complete_and_run(self, shell, prepare):
        """Types words cut short with a tab after each; what comes of them writes a report."""
        report = self.root / "report.json"
        terminal = Shell(self, shell, self.root)
        terminal.type(prepare + "\n", 1)
        terminal.type("touch prepared\n")
        terminal.wait_for(self.root / "prepared")
        for part, added in (("launchgate che\t", "ck"), ("--for\t", "mat"), ("json --qui\t", "et")):
            terminal.type(part)
            terminal.wait_for_text(added)
        terminal.type(" > report.part 2>&1; mv report.part report.json\n")
        terminal.wait_for(report)
        self.assertIn('"result": "pass"', report.read_text())

    def test_in_a_real_bash(self):
        self.write("completions", self.script("bash"))
        self.complete_and_run(["bash", "--norc", "--noprofile", "-i"], "source completions")

    def test_in_a_real_zsh(self):
        need(self, "zsh")
        self.write("completions", self.script("zsh"))
        self.complete_and_run(["zsh", "-f", "-i"], "autoload -U compinit; compinit -u -d dump; source ./completions")

    def test_zsh_finds_them_in_its_folder(self):
        need(self, "zsh")
        for tool in TOOLS:
            self.write(f"functions/_{tool}", self.script("zsh", tool))
        self.complete_and_run(["zsh", "-f", "-i"], "fpath=($PWD/functions $fpath); autoload -U compinit; compinit -u -d dump")

    def test_in_a_real_fish(self):
        need(self, "fish")
        self.write("completions.fish", self.script("fish"))

        def offered(line):
            done = subprocess.run(["fish", "--no-config", "-c", f"source completions.fish; complete -C '{line}'"], cwd=self.root, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, env={**os.environ, "HOME": str(self.root), "PATH": f"{BIN}:{os.environ['PATH']}"}, check=False)
            self.assertEqual(done.stderr, b"")
            return [one.split("\t")[0] for one in done.stdout.decode().splitlines()]

        self.assertIn("check", offered("launchgate ch"))
        self.assertIn("--stage", offered("launchgate check --st"))
        self.assertNotIn("--stage", offered("launchgate init --st"))
        self.assertEqual(offered("launchgate check --stage pre"), ["pre-commit"])
        self.assertIn("--staged", offered("launchgate-leaks --sta"))
        self.assertIn("--staged", offered("launchgate leaks --sta"))

    def test_wrong_use(self):
        self.assert_code(self.tool("launchgate", "completions"), 2)
        outcome = self.tool("launchgate", "completions", "bsh")
        self.assert_code(outcome, 2)
        self.assertIn('did you mean "bash"?', outcome.err)
        outcome = self.tool("launchgate", "completions", "bash", "launchgate-leeks")
        self.assert_code(outcome, 2)
        self.assertIn('did you mean "leaks"?', outcome.err)


class ManPages(unittest.TestCase):
    def test_each_is_formatted_without_a_warning_and_has_every_option(self):
        need(self, "man", "groff")
        for tool in TOOLS:
            with self.subTest(tool):
                page = run("launchgate", "man", tool)
                self.assertEqual(page.code, 0, page)
                done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-K", "utf8", "-P-c"], input=page.out.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
                self.assertEqual((done.returncode, done.stderr.decode()), (0, ""))
                text = re.sub(r".\x08", "", done.stdout.decode().replace("−", "-"))  # bold and underlined by striking over
                for option in options(run(tool, "--help").out):
                    self.assertIn(option, text)
                for heading in ("NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS"):
                    self.assertRegex(text, rf"(?m)^{heading}$")


if __name__ == "__main__":
    unittest.main()
