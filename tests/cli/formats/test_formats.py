"""One report, six formats: nothing differs in count, rule, place or message, and parsers and schemas of others take each."""

import json
import unittest

from renderings import FORMATS, READERS, expected, from_json
from support import SOURCE, TARGETS, RepositoryTest, library

GOLDENS = SOURCE / "tests/report"
SARIF_SCHEMA = SOURCE / "build/deps/sarif/sarif-2.1.0.json"
# Built here, so that no file of the project holds what a scanner would find.
TOKEN = "ghp" + "_" + "8Zq3LmT0vKx7RbW2yNc5Hd9Jf4Ps6Ga1Ue0Q"


def schema_errors(test, schema, document):
    jsonschema = library(test, "jsonschema")
    validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(document)]


class Renderings(unittest.TestCase):
    """Over the files that the unit tests keep: one finding of every severity and status, with hostile names and texts."""

    maxDiff = None

    def text(self, name):
        return (GOLDENS / f"every-kind.{name}").read_text(encoding="utf-8")

    def test_nothing_differs(self):
        findings = from_json(self.text("json"))
        self.assertEqual({finding[4] for finding in findings}, {"error", "warning", "note"})
        self.assertEqual({finding[5] for finding in findings}, {"open", "waived", "baselined"})
        for name in FORMATS:
            with self.subTest(format=name):
                self.assertEqual(READERS[name](self.text(name)), expected(name, findings))

    def test_sarif_fits_its_schema(self):
        if not SARIF_SCHEMA.exists():
            self.skipTest("scripts/install-dependencies test fetches the schema")
        document = json.loads(self.text("sarif"))
        self.assertEqual(schema_errors(self, json.loads(SARIF_SCHEMA.read_text(encoding="utf-8")), document), [])
        rules = {rule["id"]: rule for rule in document["runs"][0]["tool"]["driver"]["rules"]}
        self.assertEqual(rules["p/error"]["help"], {"text": "help"})
        self.assertEqual(rules["p/note"]["defaultConfiguration"], {"level": "note"})
        for result in document["runs"][0]["results"]:
            self.assertRegex(result["partialFingerprints"]["launchgate/v1"], "^[0-9a-f]{32}$")

    def test_json_fits_its_schema(self):
        schema = json.loads((SOURCE / "schemas/report.schema.json").read_text(encoding="utf-8"))
        self.assertEqual(schema_errors(self, schema, json.loads(self.text("json"))), [])

    def test_gitlab_has_what_the_widget_asks_for(self):
        issues = json.loads(self.text("gitlab"))
        self.assertEqual(len({issue["fingerprint"] for issue in issues}), len(issues))
        for issue in issues:
            self.assertLessEqual({"description", "check_name", "fingerprint", "severity", "location"}, issue.keys())
            self.assertIn(issue["severity"], {"info", "minor", "major", "critical", "blocker"})
            location = issue["location"]
            self.assertFalse(location["path"].startswith("./"))
            self.assertTrue(location.get("lines", {}).get("begin") or location.get("positions", {}).get("begin", {}).get("line"))

    def test_junit_is_read_by_another_parser(self):
        junitparser = library(self, "junitparser")
        suites = junitparser.JUnitXml.fromfile(str(GOLDENS / "every-kind.junit"))
        totals = (suites.tests, suites.failures, suites.errors, sum(suite.skipped for suite in suites))
        cases = [case for suite in suites for case in suite]
        self.assertEqual(len({(case.classname, case.name) for case in cases}), len(cases))
        suites.update_statistics()
        self.assertEqual((suites.tests, suites.failures, suites.errors, suites.skipped), totals)
        self.assertEqual(totals, (7, 2, 0, 2))


class RealRuns(RepositoryTest):
    """The same over the executables."""

    def renderings(self, tool, *arguments, **keywords):
        words = [word for name in FORMATS for word in ("--format", f"{name}={self.scratch / name}")]
        outcome = self.tool(tool, *arguments, *words, **keywords)
        return outcome, {name: (self.scratch / name).read_text(encoding="utf-8") for name in FORMATS}

    def assert_same(self, texts, *rules):
        findings = from_json(texts["json"])
        for rule in rules:
            self.assertIn(rule, {finding[0] for finding in findings})
        for name in FORMATS:
            with self.subTest(format=name):
                self.assertEqual(READERS[name](texts[name]), expected(name, findings))
        return findings

    def test_a_suite_with_every_kind_of_defect(self):
        self.replace(TARGETS, '"p95ReadLatencyMs": 750', '"p95ReadLatencyMS": 750')
        self.replace(TARGETS, '"concurrency": 12', '"concurrency": 13,\n      "concurrency": 12')
        self.replace("package.json", '"deploy:soak:strict"', '"deploy:soak:strct"')
        (self.root / "docs/release-checklist.md").unlink()
        self.replace("docs/runbooks/launch-readiness.md", "# ", f"Token: {TOKEN}\n\nWe are production ready.\n\n# ")
        self.git("add", "-A")
        summary = self.scratch / "summary.md"
        summary.write_text("# of another step\n", encoding="utf-8")
        outcome, texts = self.renderings("launchgate", "check", "--stage", "ci", env={"GITHUB_STEP_SUMMARY": str(summary)})
        self.assert_code(outcome, 1)
        findings = self.assert_same(texts, "profiles/unknown-key", "profiles/duplicate-key", "suite/missing-document", "private-values/github-pat")
        self.assertEqual(len(findings), len(set(findings)), "the document check and the scan told the same leak")
        text = summary.read_text(encoding="utf-8")
        self.assertTrue(text.startswith("# of another step\n### launchgate check: failed\n"))
        self.assertEqual(text.count("\n| error |") + text.count("\n| warning |"), len(findings))
        for name, rendered in [*texts.items(), ("summary", text), ("stdout", outcome.out + outcome.err)]:
            self.assertNotIn(TOKEN, rendered, name)
            self.assertNotIn(TOKEN[:12], rendered, name)
        if SARIF_SCHEMA.exists():
            self.assertEqual(schema_errors(self, json.loads(SARIF_SCHEMA.read_text(encoding="utf-8")), json.loads(texts["sarif"])), [])

    def test_baselined_leaks(self):
        self.write("notes.txt", f"token {TOKEN}\n")
        self.assert_passes(self.tool("launchgate-leaks", "--write-baseline", "known.json"))
        outcome, texts = self.renderings("launchgate-leaks", "--baseline", "known.json")
        self.assert_passes(outcome)
        findings = self.assert_same(texts, "private-values/github-pat")
        self.assertEqual([finding[5] for finding in findings], ["baselined"])
        self.assertEqual(len(json.loads(texts["sarif"])["runs"][0]["results"][0]["suppressions"]), 1)

    def test_a_clean_run(self):
        outcome, texts = self.renderings("launchgate", "check")
        self.assert_passes(outcome)
        self.assertEqual(self.assert_same(texts), [])


if __name__ == "__main__":
    unittest.main()
