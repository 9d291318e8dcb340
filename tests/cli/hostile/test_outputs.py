"""Names and texts of a repository are inert in every output: they repaint no terminal, reorder no line, and give no CI service a command."""
import json
import re
import unittest

from support import RepositoryTest

ESCAPE, BELL, REVERSED, ISOLATE, C1 = "\x1b", "\x07", "\u202e", "\u2066", "\x9b"
PAINT = f"{ESCAPE}[2J{BELL}{REVERSED}{ISOLATE}{C1}\x7f\u061c\u200f"
# What services take for commands: GitHub where a line begins, Azure and GitHub's older form anywhere.
COMMANDS = ("::error::owned", "::set-output name=x::owned", "::add-mask::e", "##[error]owned", "##vso[task.setvariable variable=x]owned", "##teamcity[buildStop]")
LINE_START = re.compile(r"^\s*::(error|warning|notice|debug|set-output|add-mask|add-path|stop-commands|group)", re.MULTILINE)
ANYWHERE = re.compile(r"##(vso|teamcity)?\[")
RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
TEXTS = ("text", "github")


class Inert(RepositoryTest):
    def setUp(self):
        super().setUp()
        self.configure()

    def configure(self, documents=(), **members):
        self.dump("launchgate.json", {"schemaVersion": 1, "documents": [{"path": "x.json", "kind": "json", "required": False}, *documents], **members})

    def assert_inert(self, text, own_commands=False):
        self.assertEqual(RAW.findall(text), [], text)
        self.assertEqual(ANYWHERE.findall(text), [], text)
        lines = [line for line in text.splitlines() if LINE_START.match(line)]
        if own_commands:
            lines = [line for line in lines if not re.match(r"^::(error|warning|notice) file=[^:]*,title=[^:]*::", line) and not re.match(r"^::(error|warning|notice) file=[^:]*::", line)]
        self.assertEqual(lines, [], text)

    def check(self, *arguments, code=1):
        for form in TEXTS:
            outcome = self.tool("launchgate", "check", "--format", form, *arguments)
            self.assertEqual(outcome.code, code, outcome)
            self.assert_inert(outcome.out, own_commands=form == "github")
            self.assert_inert(outcome.err)
        for form in ("json", "sarif", "gitlab", "junit"):
            outcome = self.tool("launchgate", "check", "--format", form, *arguments)
            self.assertEqual(outcome.code, code, outcome)
            self.assert_inert(outcome.out)
        summary = self.scratch / "summary.md"
        self.tool("launchgate", "check", "--format", "github", *arguments, env={"GITHUB_STEP_SUMMARY": str(summary)})
        self.assert_inert(summary.read_text(encoding="utf-8") if summary.exists() else "")

    def test_names_of_files(self):
        for name in (*COMMANDS, PAINT, "line\n::error::owned", "tab\t" + ESCAPE):
            name = name.replace("/", "_") + ".json"
            with self.subTest(name=name):
                self.write(name, '{"a": 1,}')
                self.configure([{"path": name, "kind": "json"}])
                self.check()

    def test_texts_of_documents(self):
        for text in (*COMMANDS, PAINT, "a\u2028::error::owned"):
            with self.subTest(text=text):
                self.write("doc.json", "{\n" + json.dumps(text, ensure_ascii=False).replace("\\u001b", ESCAPE) + ': 1,\n"b" 2}')
                self.write("keys.json", json.dumps({text: 1}, ensure_ascii=False))
                self.write("schema.json", json.dumps({"type": "object", "additionalProperties": False}))
                self.write("doc.md", f"{text}\n\n[x](none-{text}.md)\n")
                self.configure([{"path": "doc.json", "kind": "json"}, {"path": "keys.json", "kind": "json", "schema": "schema.json"}, {"path": "doc.md", "kind": "markdown"}])
                self.check()

    def test_where_the_mark_stands_below_a_command(self):
        self.write("keys.json", '{"##[a]": 1, "bad": 2}')
        self.write("schema.json", json.dumps({"type": "object", "additionalProperties": False, "properties": {"##[a]": {}}}))
        self.configure([{"path": "keys.json", "kind": "json", "schema": "schema.json"}])
        lines = self.tool("launchgate", "check").out.splitlines()
        at = next(i for i, line in enumerate(lines) if '"bad": 2' in line)
        self.assertEqual(lines[at + 1].index("^"), lines[at].index('"bad"'), lines)

    def test_names_of_kinds_and_reasons(self):
        for text in (*COMMANDS, PAINT):
            with self.subTest(text=text):
                self.write("a.json", "{}")
                self.configure([{"path": "a.json", "kind": text}], kinds={text: {"format": "json", "packs": [], "rulePrefix": "own"}})
                outcome = self.tool("launchgate-profiles", "a.json")
                self.assertIn(outcome.code, (1, 2), outcome)
                self.assert_inert(outcome.out)
                self.assert_inert(outcome.err)

    def test_rule_packs(self):
        for text in (*COMMANDS, PAINT):
            with self.subTest(text=text):
                rule = {"id": "one", "kind": "forbid", "severity": "error", "message": text, "help": text, "why": text, "pattern": "owned", "examples": {"match": ["owned"], "pass": ["other"]}}
                self.dump("house.json", {"schemaVersion": 1, "pack": "house", "title": text, "description": text, "rules": [rule]})
                self.write("a.md", "owned\n")
                self.configure([{"path": "a.md", "kind": "markdown", "packs": ["house.json"]}])
                for words in (("check",), ("check", "--format", "github"), ("rules", "list"), ("explain", "house/one"), ("explain", "house"), ("check", "--explain", "house/one"), ("rules", "test", ".")):
                    outcome = self.tool("launchgate", *words)
                    self.assert_inert(outcome.out, own_commands="github" in words)
                    self.assert_inert(outcome.err)

    def test_what_is_typed(self):
        for text in (*COMMANDS, PAINT):
            for words in (("check", text), ("check", "--root", text), ("check", "--config", text), ("explain", text), (text,), ("check", "--format", text), ("check", "--now", text), ("check", "--rules", text)):
                with self.subTest(words=words):
                    outcome = self.tool("launchgate", *words)
                    self.assertIn(outcome.code, (2, 3), outcome)
                    self.assert_inert(outcome.out)
                    self.assert_inert(outcome.err)


if __name__ == "__main__":
    unittest.main()
