"""`launchgate explain` answers whatever a finding or a message names."""
import json
import re
import unittest

from support import RepositoryTest, run

TOOLS = ("profiles", "matrix", "record", "report", "wording", "leaks", "promote")
ADVICE = re.compile(r"launchgate explain ([a-z0-9][a-z0-9/-]*)")


class Explain(RepositoryTest):
    def explain(self, *rules):
        return run("launchgate", "explain", *rules, cwd=self.root)

    def configure(self, **members):
        (self.root / "launchgate.json").write_text(json.dumps({"schemaVersion": 1, **members}))

    def assert_advice_is_answered(self, outcome):
        advised = ADVICE.findall(outcome.out + outcome.err)
        self.assertNotEqual(advised, [], outcome)
        for rule in advised:
            self.assert_code(self.explain(rule), 0)

    def test_every_rule_that_a_tool_lists(self):
        for tool in TOOLS:
            with self.subTest(tool):
                listed = self.tool(f"launchgate-{tool}", "--list-rules")
                self.assert_code(listed, 0)
                rules = [line.split()[1] for line in listed.out.splitlines()]
                self.assertGreater(len(rules), 5)
                answered = self.explain(*rules)
                self.assert_code(answered, 0)
                for rule in rules:
                    self.assertIn(f"\n{rule} (", "\n" + answered.out)

    def test_a_configuration_while_it_is_wrong(self):
        for text in ('{"schemaVersion": 1, "documnets": []}', "{,}", '{"schemaVersion": 1, "tiers": "none.json"}', '{"schemaVersion": 1, "kinds": {"own": {"format": "json", "packs": ["none"], "rulePrefix": "own"}}}'):
            with self.subTest(text):
                (self.root / "launchgate.json").write_text(text)
                answered = self.explain("configuration", "configuration/unknown-key")
                self.assert_code(answered, 0)
                self.assertEqual(answered.err, "")
                for word in ("\n  documents ", "\n  tiers ", "configuration/unknown-key  ", "How to fix it"):
                    self.assertIn(word, answered.out)

    def test_what_is_wrong_is_told_where_nothing_answers(self):
        (self.root / "launchgate.json").write_text("{,}")
        outcome = self.explain("no-such/rule")
        self.assert_code(outcome, 2)
        self.assertIn("launchgate.json:1:2", outcome.err)

    def test_advice_about_the_configuration(self):
        self.configure(documnets=[])
        for tool in ("launchgate-decide", "launchgate-profiles", "launchgate-leaks", "launchgate-promote", "launchgate-load"):
            with self.subTest(tool):
                outcome = self.tool(tool)
                self.assert_code(outcome, 2)
                self.assert_advice_is_answered(outcome)

    def test_advice_about_a_ladder(self):
        (self.root / "ladder.json").write_text('{"schemaVersion": 1}')
        self.configure(tiers="ladder.json")
        outcome = self.tool("launchgate-profiles")
        self.assert_code(outcome, 2)
        self.assert_advice_is_answered(outcome)

    def test_advice_about_a_rule_of_ones_own(self):
        (self.root / "house.json").write_text(json.dumps({"schemaVersion": 1, "pack": "house", "title": "House numbers", "description": "What is private in this house.", "rules": [{"id": "number", "kind": "secret", "severity": "error", "message": "house number", "why": "it is private", "help": "remove it", "pattern": "house-[0-9]{6}", "keywords": ["house-"], "examples": {"match": ["house-123456", "at house-654321."], "pass": ["house-12", "house"]}}]}))
        self.configure(leaks={"packs": ["house.json"]})
        (self.root / "notes.txt").write_text("It is house-654321.\n")
        outcome = self.tool("launchgate-leaks", "notes.txt")
        self.assert_code(outcome, 1)
        self.assert_advice_is_answered(outcome)

    def test_groups_of_rules(self):
        self.assertIn("profiles/unknown-key", self.explain("profiles").out)
        self.assertIn("\n  profiles ", self.explain("profiles").out)
        self.assertIn("waivers/expired", self.explain("waivers").out)
        self.assert_code(self.explain("no-such-group"), 2)


if __name__ == "__main__":
    unittest.main()
