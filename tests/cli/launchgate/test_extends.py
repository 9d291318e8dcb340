"""A ladder, a catalogue, a pack and a schema that state what differs from another one."""
import json
import unittest

from product import LADDER, OwnProduct
from support import RepositoryTest


class Ladder(OwnProduct):
    def test_three_tiers_in_less_than_forty_lines(self):
        self.assertLess(LADDER.count("\n"), 40)
        self.check(0)

    def test_a_ladder_that_states_no_tiers_inherits_them(self):
        self.write("launchgate.json", '{"schemaVersion": 1, "tiers": "tiers.json"}')
        self.write("tiers.json", '{"extends": "builtin", "time": {"durationToleranceMs": 500}}')
        self.assertIn("required document", self.check(1))
        told = self.tool("launchgate", "explain", "ladder").out
        self.assertRegex(told, r"\n  /ladder +from builtin:rules/tiers\.json\n")
        self.assertRegex(told, r"\n  /time/durationToleranceMs +stated in tiers\.json:1\n")
        self.assertRegex(told, r"\n  /time/futureToleranceMs +from builtin:rules/tiers\.json\n")

    def test_explain_shows_what_comes_from_where(self):
        told = self.tool("launchgate", "explain", "ladder").out
        self.assertTrue(told.startswith("launch/tiers.json extends builtin:rules/tiers.json\n"), told)
        self.assertRegex(told, r"\n  /ladder +stated in launch/tiers\.json:4\n")
        self.assertRegex(told, r"\n  /runLengths +not taken over from builtin:rules/tiers\.json\n")
        self.assertRegex(told, r"\n  /placeholders +from builtin:rules/tiers\.json\n")

    def test_wrong_extensions_are_errors_at_their_place(self):
        cases = {
            '"extends": "buitlin"': 'launch/tiers.json:2:14: there is no rule pack "buitlin" to extend; did you mean "builtin"?',
            '"extends": "launch/tiers.json"': 'launch/tiers.json:2:14: "launch/tiers.json" extends itself',
            '"extends": "launch/none.json"': 'launch/tiers.json:2:14: the rule pack "launch/none.json" does not exist',
            '"extends": "builtin", "without": ["/itmes"]': 'launch/tiers.json:2:37: what is extended has nothing at "/itmes" that could be left out; did you mean "/items"?',
        }
        for text, message in cases.items():
            with self.subTest(text):
                self.write("launch/tiers.json", LADDER.replace('"extends": "builtin"', text))
                self.assertIn(message, self.check(2))

    def test_what_is_stated_keeps_its_place(self):
        self.write("launch/tiers.json", LADDER.replace('"claim": "beta"', '"clam": "beta"'))
        self.assertRegex(self.check(2), r"launch/tiers\.json:7:6: error: .*clam")

    def test_another_file_can_be_extended(self):
        self.write("base.json", LADDER)
        self.write("launch/tiers.json", '{"extends": "base.json", "images": ["service"], "time": {"durationToleranceMs": 2}}')
        self.check(0)


class SameProduct(RepositoryTest):
    """The sample product with a ladder that states no more than what differs from the built-in one."""

    def test_a_ladder_of_one_line(self):
        self.write("launchgate.json", '{"schemaVersion": 1, "tiers": "tiers.json"}')
        self.write("tiers.json", '{"extends": "builtin", "time": {"durationToleranceMs": 500}}')
        self.assert_passes(self.tool("launchgate", "check"))
        self.assert_passes(self.tool("launchgate-promote"))
        self.replace("deploy/load/launch-readiness-targets.json", '"p95ReadLatencyMs"', '"p95ReadLatencyMS"')
        self.assertIn('did you mean "p95ReadLatencyMs"?', self.tool("launchgate", "check").out)


class OtherProducts(OwnProduct):
    def test_the_packs_of_the_built_in_product_judge_no_other(self):
        self.write("docs/runbook.md", "# How we launch\n\nRun `make restore`.\n")
        configuration = json.loads(self.read("launchgate.json"))
        configuration["documents"].append({"path": "docs/runbook.md", "kind": "runbook"})
        self.write("launchgate.json", json.dumps(configuration))
        self.check(0)

    def test_packs_belong_to_the_schema_that_they_were_written_for(self):
        self.write("launchgate.json", json.dumps({"schemaVersion": 1, "documents": [{"path": "scripts.json", "kind": "package-scripts", "schema": "own.json"}]}))
        self.write("own.json", '{"type": "object", "required": ["scripts"]}')
        self.write("scripts.json", '{"scripts": {"a": "true"}}')
        self.check(0)
        self.write("launchgate.json", json.dumps({"schemaVersion": 1, "documents": [{"path": "scripts.json", "kind": "package-scripts"}]}))
        self.assertIn("package-scripts/script-missing", self.check(1))

    def test_the_schema_of_the_template_holds_for_private_records(self):
        self.write("record.schema.json", '{"extends": "product-record", "properties": {"team": {"type": "string"}}, "required": ["team"]}')
        configuration = json.loads(self.read("launchgate.json"))
        configuration["documents"][2]["schema"] = "record.schema.json"
        self.write("launchgate.json", json.dumps(configuration))
        record = {**json.loads(self.read("launch/record.json")), "scope": "private-ops-record"}
        private = self.scratch / "private.json"
        private.write_text(json.dumps(record))
        self.assertIn('"team"', self.tool("launchgate-record", "--manifest", private).out)
        private.write_text(json.dumps({**record, "team": "post"}))
        self.assert_code(self.tool("launchgate-record", "--manifest", private), 0)

    def test_a_schema_and_a_pack_that_extend(self):
        self.write("own.json", '{"extends": "product-targets", "properties": {"team": {"type": "string"}}, "required": ["schemaVersion", "profiles", "team"]}')
        self.write("pack.json", '{"extends": "profiles", "pack": "ours", "without": ["/rules/capacity-infeasible"]}')
        configuration = json.loads(self.read("launchgate.json"))
        configuration["documents"][0].update(schema="own.json", packs=["pack.json"])
        self.write("launchgate.json", json.dumps(configuration))
        self.assertIn('"team"', self.check(1))
        targets = json.loads(self.read("launch/targets.json"))
        targets["team"] = "post"
        targets["profiles"]["small"]["soakDurationMs"] = 1
        self.write("launch/targets.json", json.dumps(targets))
        told = self.check(1)
        self.assertIn("ours/soak-shorter-than-load", told)
        self.assertEqual(told.count("error:"), 1)


if __name__ == "__main__":
    unittest.main()
