"""What others read: JUnit that is XML 1.0 and fits its schema, SARIF that has a place for everything, and every format where the configuration is wrong."""

import json
import shutil
import subprocess
import unittest
import xml.etree.ElementTree as xml

from support import SOURCE, RepositoryTest, need, public_data

MACHINE = ("json", "sarif", "junit", "github", "gitlab")
TOKEN = "ghp_" + "Zk3vR8tQ2mX7pL4wB9sD6fH1jN5cY0aGeUoI"
# The last character that XML 1.0 has, those that it has not, and what a template would break on.
ODD = ["\u0001", "\u000b", "\u007f", "\u0085", "\ufffe", "\uffff", "\ufffd", "\U0010ffff", "\U0001fffe", "]]>", "<!--", "&amp;", "\"'", "\u2028", "\ud7ff", "\ue000"]


class Readers(RepositoryTest):
    def render(self, *words, **keywords):
        files = {name: self.scratch / f"report.{name}" for name in MACHINE}
        formats = [word for name, path in files.items() for word in ("--format", f"{name}={path}")]
        outcome = self.tool("launchgate", "check", *words, *formats, **keywords)
        return outcome, {name: path.read_text(encoding="utf-8") for name, path in files.items() if path.exists()}

    def assert_junit(self, text):
        need(self, "xmllint")
        path = self.scratch / "junit.xml"
        path.write_text(text, encoding="utf-8")
        done = subprocess.run(["xmllint", "--noout", "--schema", str(public_data(self, "junit/junit-10.xsd")), str(path)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.assertEqual(done.returncode, 0, done.stdout.decode())

    def configure(self, *documents, **members):
        self.dump("launchgate.json", {"schemaVersion": 1, "documents": list(documents), **members})

    def test_junit_of_every_kind_of_finding_fits_the_schema(self):
        self.assert_junit((SOURCE / "tests/report/every-kind.junit").read_text(encoding="utf-8"))

    def test_junit_of_every_character(self):
        self.write("schema.json", json.dumps({"type": "object", "additionalProperties": False}))
        self.write("x.json", json.dumps({f"key {index} {text}": 1 for index, text in enumerate(ODD)}, ensure_ascii=False))
        self.configure({"path": "x.json", "kind": "json", "schema": "schema.json"})
        outcome, texts = self.render()
        self.assert_code(outcome, 1)
        self.assert_junit(texts["junit"])
        self.assertGreaterEqual(len(xml.fromstring(texts["junit"].encode()).findall(".//failure")), len(ODD))

    def test_every_sarif_result_has_a_region(self):
        (self.root / "docs/release-checklist.md").unlink()
        self.replace("package.json", '"deploy:soak:strict"', '"deploy:soak:strct"')
        outcome, texts = self.render()
        self.assert_code(outcome, 1)
        results = json.loads(texts["sarif"])["runs"][0]["results"]
        self.assertTrue(results)
        for result in results:
            region = result["locations"][0]["physicalLocation"]["region"]
            self.assertGreaterEqual(min(region.values()), 1, result)
            self.assertTrue(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])

    def test_a_wrong_configuration_is_told_in_every_format(self):
        for text, words in (("{", "launchgate.json"), ('{"schemaVersion": 1, "documnets": []}', "documnets"),
                            ('{"schemaVersion": 1, "documents": [{"path": "x.json", "kind": "jsn"}]}', "unknown kind"),
                            ('{"schemaVersion": 1, "documents": [{"path": "x.json", "kind": "json", "packs": ["none.json"]}]}', "none.json")):
            with self.subTest(text):
                self.write("launchgate.json", text)
                self.write("x.json", "{}")
                outcome, texts = self.render()
                self.assert_code(outcome, 2)
                self.assertEqual(set(texts), set(MACHINE))
                for name in MACHINE:
                    self.assertIn(words, texts[name].replace("%3A", ":"), name)
                report = json.loads(texts["json"])
                self.assertEqual(report["result"], "fail")
                self.assertFalse(json.loads(texts["sarif"])["runs"][0]["invocations"][0]["executionSuccessful"])
                self.assert_junit(texts["junit"])
                if "packs" in text:
                    continue
                # Standard output, too.
                outcome = self.tool("launchgate-profiles", "--format", "json")
                self.assert_code(outcome, 2)
                self.assertEqual(outcome.json()["result"], "fail")

    def test_what_the_leak_settings_exclude_is_excluded_from_checks(self):
        self.write("vendor/x.json", json.dumps({"token": TOKEN}))
        document = {"path": "vendor/x.json", "kind": "json"}
        self.configure(document)
        self.assert_code(self.render()[0], 1)
        self.configure(document, leaks={"exclude": ["vendor/**"]})
        self.assert_code(self.render()[0], 0)
        self.configure(document, leaks={"exclude": ["vendors/**"]})
        self.assert_code(self.render()[0], 1)


class NothingEvaluated(RepositoryTest):
    def configure(self, *documents):
        self.dump("launchgate.json", {"schemaVersion": 1, "documents": list(documents)})

    def test_optional_documents_that_are_not_there(self):
        self.configure({"path": "none.json", "kind": "json", "required": False}, {"path": "none/*.json", "kind": "json", "required": False})
        for words in ([], ["--stage", "ci"]):
            outcome = self.tool("launchgate", "check", *words)
            self.assert_code(outcome, 1)
            self.assertIn("none of the documents that the configuration names is there [suite/nothing-checked]", outcome.out)
        self.write("none/a.json", "{}")
        outcome = self.tool("launchgate", "check")
        self.assert_code(outcome, 0)
        self.assertIn("1 document, ", outcome.out)
        self.assertIn(f" · root {self.root.resolve()}", outcome.out)

    def test_a_pattern_that_matches_nothing_is_told(self):
        self.write("a.json", "{}")
        there = {"path": "a.json", "kind": "json"}
        self.configure(there, {"path": "none/*.json", "kind": "json"})
        outcome = self.tool("launchgate", "check")
        self.assert_code(outcome, 1)
        self.assertIn("none/*.json: error: no document of kind json matches this pattern [suite/missing-document]", outcome.out)
        self.configure(there, {"path": "none/*.json", "kind": "json", "required": False})
        outcome = self.tool("launchgate", "check")
        self.assert_code(outcome, 0)
        self.assertIn("1 skipped (the pattern matches no file)", outcome.out)

    def test_two_entries_for_one_document_both_count(self):
        self.write("strict.json", json.dumps({"type": "object", "required": ["a"]}))
        self.write("docs/x.json", '{"b": 1, "b": 2}')
        plain, strict = {"path": "docs/*.json", "kind": "json"}, {"path": "docs/x.json", "kind": "json", "schema": "strict.json"}
        for documents in ([plain, strict], [strict, plain]):
            self.configure(*documents)
            outcome = self.tool("launchgate", "check")
            self.assert_code(outcome, 1)
            self.assertIn('"a" is missing', outcome.out)
            self.assertEqual(outcome.out.count("stands twice in one object"), 1)
            self.assertIn("1 document, ", outcome.out)

    def test_one_file_has_one_name(self):
        self.write("a.json", "{}")
        self.configure({"path": "./a.json", "kind": "json"}, {"path": "docs/../a.json", "kind": "json"}, {"path": "a.json", "kind": "json"})
        outcome = self.tool("launchgate", "check")
        self.assert_code(outcome, 0)
        self.assertIn("1 document, ", outcome.out)

    def test_a_schema_of_what_is_no_json(self):
        self.write("strict.json", "{}")
        self.configure({"path": "docs/release-checklist.md", "kind": "markdown", "schema": "strict.json"})
        outcome = self.tool("launchgate", "check")
        self.assert_code(outcome, 2)
        self.assertIn('a schema is for JSON, and documents of kind "markdown" are none', outcome.err)


if __name__ == "__main__":
    unittest.main()
