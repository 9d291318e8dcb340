"""A regular expression that RE2 refuses ends every command that loads its pack with exit code 2 and the place, whatever the field."""

import json
import unittest

from support import RepositoryTest

GUIDE = "docs/deployment-readiness.md"
PACK = "rules/own.json"
WRONG = "(oops"
BOUNDARY = ("pattern", "before", "affirms", "clauses", "introduces", "asides", "governs", "answers", "cells")

# What a field is written in: a rule's other members, with WRONG where the field stands.
FIELDS = {
    "reference": {"kind": "reference", "at": "/v", "to": "file", "pattern": WRONG},
    "matches": {"kind": "matches", "at": "/v", "pattern": WRONG},
    "json-key": {"kind": "json-key", "keyPattern": WRONG},
    "json-key unless": {"kind": "json-key", "keyPattern": "k", "unless": {"type": "null", "keyPattern": WRONG}},
    "json-key values": {"kind": "json-key", "keyPattern": "k", "allow": {"values": ["fine", WRONG]}},
    "json-key paths": {"kind": "json-key", "keyPattern": "k", "allow": {"paths": [WRONG]}},
    "require": {"kind": "require", "pattern": WRONG},
    "require when": {"kind": "require", "phrases": ["x"], "when": WRONG},
    "forbid": {"kind": "forbid", "pattern": WRONG},
    "forbid unless": {"kind": "forbid", "phrases": ["x"], "unless": {"pattern": WRONG}},
    "claim": {"kind": "claim", "pattern": WRONG},
    "one of a claim": {"kind": "claim", "pattern": ["fine", WRONG]},
    "secret": {"kind": "secret", "pattern": WRONG},
    "secret requires": {"kind": "secret", "pattern": "k", "requires": WRONG},
    "secret paths": {"kind": "secret", "pattern": "k", "allow": {"paths": [WRONG]}},
    "secret values": {"kind": "secret", "pattern": "k", "allow": {"values": [WRONG]}},
    "secret lines": {"kind": "secret", "pattern": "k", "allow": {"lines": [WRONG]}},
}
for field in BOUNDARY:
    FIELDS[f"boundary {field}"] = {"kind": "claim", "pattern": "k", "boundary": {"pattern": "not", field: WRONG}}
    FIELDS[f"one of boundary {field}"] = {"kind": "claim", "pattern": "k", "boundary": {"pattern": "not", field: ["fine", WRONG]}}


class Patterns(RepositoryTest):
    def write_pack(self, rule=None, boundary=None):
        examples = {side: [{"document": 1}, {"document": 2}] if rule["kind"] in ("reference", "matches", "json-key") else ["a", "b"]
                    for side in ("match", "pass")}
        rule = {"id": "r", "severity": "error", "message": "m", "help": "h", **rule, "examples": examples}
        pack = {"schemaVersion": 1, "pack": "own", "title": "Own", "description": "Of our own.", **({"boundary": boundary} if boundary else {}), "rules": [rule]}
        self.dump(PACK, pack)
        for number, line in enumerate(self.read(PACK).splitlines(), 1):
            if WRONG in line:
                return f'{PACK}:{number}:{line.index(chr(34) + WRONG) + 1}: not a regular expression that RE2 accepts: missing ): {WRONG}'
        self.fail("nothing wrong was written")

    def assert_refused(self, place):
        self.write("launchgate.json", json.dumps({"schemaVersion": 1, "documents": [{"path": GUIDE, "kind": "markdown", "packs": [PACK]}]}))
        for tool, *arguments in (("launchgate", "check"), ("launchgate-wording",), ("launchgate", "rules", "test", "rules")):
            with self.subTest(command=" ".join([tool, *arguments])):
                outcome = self.tool(tool, *arguments)
                self.assert_code(outcome, 2)
                self.assertIn(place, outcome.err)

    def test_in_each_field_of_a_rule(self):
        for field, rule in FIELDS.items():
            with self.subTest(field):
                self.assert_refused(self.write_pack(rule))

    def test_in_each_boundary_of_a_pack(self):
        for field in BOUNDARY:
            with self.subTest(field):
                self.assert_refused(self.write_pack({"kind": "claim", "pattern": "k"}, {"pattern": "not", field: WRONG}))

    def test_where_words_are_replaced(self):
        place = self.write_pack(FIELDS["boundary cells"])
        self.write("launchgate.json", json.dumps({"schemaVersion": 1, "documents": [{"path": GUIDE, "kind": "markdown", "packs": [PACK]}]}))
        outcome = self.tool("launchgate-wording", "--fix")
        self.assert_code(outcome, 2)
        self.assertIn(place, outcome.err)

    def test_what_is_wrong_with_a_pack_counts_before_its_examples(self):
        self.write_pack(FIELDS["boundary cells"])
        pack = self.load(PACK)
        pack["rules"][0]["examples"]["pass"].pop()
        self.dump(PACK, pack)
        outcome = self.tool("launchgate", "rules", "test", "rules")
        self.assert_code(outcome, 2)
        self.assertIn(f"{WRONG}; RE2 has no look-around", outcome.err)


if __name__ == "__main__":
    unittest.main()
