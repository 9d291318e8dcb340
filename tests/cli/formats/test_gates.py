"""Gates of launchgate-load and launchgate-decide in the formats of all tools: each gate is a test case."""

import json
import pathlib
import sys
import unittest
import xml.etree.ElementTree as xml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "load"))

from renderings import FORMATS, READERS, expected, from_json  # noqa: E402
from standin import DIGESTS, EVERYTHING, LoadTest, Standin  # noqa: E402
from support import RepositoryTest  # noqa: E402


def test_cases(text):
    """(name, whether it failed) of each test case."""
    return {case.attrib["classname"]: case.find("failure") is not None for case in xml.fromstring(text).iter("testcase")}


class Load(LoadTest):
    def test_each_gate_is_a_test_case(self):
        folder = self.scratch / "formats"
        folder.mkdir()
        words = [word for name in FORMATS for word in ("--format", f"{name}={folder / name}")]
        # Reads fail, so that gates fail beside others that pass; no token for metrics, so that there are warnings.
        done = self.load(Standin(self, "--fault", "error:route=cloud-thread-list,status=500"), "--duration-ms", "1400", "--concurrency", "4", "--request-rate", "80",
                         "--profile", "private-beta", "--skip-gateway", *DIGESTS, *words)
        self.assertEqual(done.code, 1, done)
        self.assertEqual(set(done.json()), {"ok", "mode", "profileName", "result", "jsonPath", "markdownPath", "warnings", "failedChecks"})
        gates = json.loads(pathlib.Path(done.json()["jsonPath"]).read_text())["gates"]
        cases = test_cases((folder / "junit").read_text())
        for check in gates["checks"]:
            self.assertEqual(cases.pop("gate/" + check["name"]), check["status"] == "fail", check)
        self.assertEqual(len(cases), len(gates["warnings"]), cases)
        self.assertTrue(all(name.startswith("gate/warning-") and not failed for name, failed in cases.items()), cases)
        findings = from_json((folder / "json").read_text())
        for name in FORMATS:
            self.assertEqual(READERS[name]((folder / name).read_text()), expected(name, findings), name)

    def test_wrong_use(self):
        outcome = self.tool("launchgate-load", "--plan", "--format", "junit=gates.xml")
        self.assert_code(outcome, 2)
        self.assertIn("a plan has none", outcome.err)
        outcome = self.tool("launchgate-load", "--format", "junit")
        self.assert_code(outcome, 2)
        self.assertIn("give --format junit=FILE", outcome.err)
        self.assert_code(self.tool("launchgate-load", "--format", "junit=/nonexistent/gates.xml"), 3)


class Decide(RepositoryTest):
    def test_each_line_is_a_test_case(self):
        words = [word for name in FORMATS if name != "json" for word in ("--format", f"{name}={self.scratch / name}")]
        outcome = self.tool("launchgate-decide", "--profile", "private-beta", "--format", "json", *words)
        self.assert_code(outcome, 1)
        lines = outcome.json()["lines"]
        cases = test_cases((self.scratch / "junit").read_text())
        self.assertEqual(cases, {"decision/" + line["id"]: line["outcome"] != "go" for line in lines})
        for name in ("sarif", "github", "gitlab", "text"):
            found = READERS[name]((self.scratch / name).read_text())
            self.assertEqual({one[0] for one in found}, {"decision/" + line["id"] for line in lines if line["outcome"] != "go"}, name)
            for line in lines:
                for reason in line["reasons"]:
                    self.assertTrue(any(reason in one[-1] for one in found), f"{name}: {reason}")

    def test_markdown_stays_the_default_and_goes_to_files_too(self):
        outcome = self.tool("launchgate-decide", "--profile", "private-beta", "--format", f"markdown={self.scratch / 'decision.md'}")
        self.assert_code(outcome, 1)
        self.assertTrue(outcome.out.startswith("# Decision: no-go"))
        self.assertEqual((self.scratch / "decision.md").read_text(), outcome.out)
        outcome = self.tool("launchgate-decide", "--profile", "private-beta", "--format", "json", "--format", "text")
        self.assert_code(outcome, 2)
        self.assertIn("two formats cannot share standard output", outcome.err)
        outcome = self.tool("launchgate-decide", "--profile", "private-beta", "--format", "jnit")
        self.assert_code(outcome, 2)


if __name__ == "__main__":
    unittest.main()
