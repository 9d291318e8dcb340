"""Decisions over reports that the load engine itself wrote, against the stand-in on loopback: the two agree on every key."""

import json
import pathlib
import sys
import unittest

from support import SOURCE, TARGETS

sys.path.insert(0, str(SOURCE / "tests/cli/load"))
from standin import DIGESTS, EVERYTHING, LoadTest, Standin  # noqa: E402

SMOKES = ["deploy:smoke", "deploy:desktop:smoke", "deploy:gateway:smoke", "deploy:continuation:smoke"]
PROFILE = "local-self-host-beta"
LENGTH = {"load": 1500, "soak": 3000}
MARKDOWN = "# Report\n\n## Cost And Scaling Notes\n\n- hourly cost: 4 units\n\n## Known Limits\n\n- users: 100\n"

class RealReports(LoadTest):
    def setUp(self):
        super().setUp()
        # The profiles ask for minutes and hours; here they ask for seconds.
        targets = self.load_json(TARGETS)
        for profile in targets["profiles"].values():
            profile.update(durationMs=LENGTH["load"], soakDurationMs=LENGTH["soak"])
        self.dump(TARGETS, targets)
        self.standin = None

    def load_json(self, path):
        return json.loads(self.read(path))

    def measure(self, mode, *more, standin=None):
        standin = standin or self.standin or Standin(self)
        outcome = self.load(standin, "--mode", mode, "--profile", PROFILE, "--strict", *EVERYTHING, *more)
        return outcome.json()["jsonPath"]

    def smoke(self, command):
        """What `record run` writes; `sh` stands for the package manager, named by a link."""
        path = self.scratch / f"{command.replace(':', '-')}.json"
        script = self.scratch / "bin" / "pnpm"
        if not script.exists():
            script.parent.mkdir()
            script.write_text("#!/bin/sh\necho \"$1 passed\"\n")
            script.chmod(0o755)
        outcome = self.tool("launchgate-record", "run", "--report", path, *DIGESTS, "--", script, command)
        self.assert_code(outcome, 0)
        return path

    def decide(self, load, soak, quota):
        findings, report = self.scratch / "findings.json", self.scratch / "report.md"
        findings.write_text(json.dumps({"schemaVersion": 1, "findings": []}))
        report.write_text(MARKDOWN)
        words = ["--profile", PROFILE, "--load", load, "--soak", soak, "--quota", quota, "--findings", findings, "--report", report, "--format", "json"]
        for command in SMOKES:
            words += ["--smoke", self.smoke(command)]
        outcome = self.tool("launchgate-decide", *words)
        self.assertIn(outcome.code, (0, 1), outcome)
        return outcome.json()

    def test_they_are_understood(self):
        standin = Standin(self)
        load, soak = (self.measure(mode, standin=standin) for mode in ("load", "soak"))
        limited = Standin(self, "--fault", "error:route=cloud-thread-list,status=429,code=rate_limit.http_exceeded,count=3")
        quota = self.measure("load", "--expect-quota-rejections", standin=limited)
        decision = self.decide(load, soak, quota)
        lines = {line["id"]: line for line in decision["lines"]}
        # Whether this machine held every threshold is not the question; whether the reports were read is.
        self.assertEqual(lines["inputs"]["reasons"], [])
        self.assertEqual(lines["same-build"]["reasons"], [])
        self.assertEqual(lines["nothing-skipped"]["reasons"], [])
        reasons = [reason for line in decision["lines"] for reason in line["reasons"]]
        for text in ("has no check", "was not strict", "asks for", "did not demand", "missing input", "contradicts"):
            self.assertFalse([reason for reason in reasons if text in reason], text)
        failed = {check["name"] for path in (load, soak, quota) for check in json.loads(pathlib.Path(path).read_text())["gates"]["checks"] if check["status"] == "fail"}
        told = {name for name in failed if any(f"{name} failed in" in reason for reason in reasons)}
        self.assertEqual(told, failed)
        self.assertEqual(decision["decision"], "no-go" if failed else "go", reasons)
        # The very same runs, but the quota run was an ordinary one.
        reasons = [reason for line in self.decide(load, soak, load)["lines"] if line["id"] == "quota-rejects" for reason in line["reasons"]]
        self.assertIn("the quota run did not demand that something be rejected", reasons)

    def test_what_was_left_out_is_seen(self):
        standin = Standin(self)
        outcome = self.load(standin, "--mode", "load", "--profile", PROFILE, "--skip-gateway", "--include-mutations", *DIGESTS)
        report = outcome.json()["jsonPath"]
        lines = {line["id"]: line for line in self.decide(report, report, report)["lines"]}
        reasons = lines["nothing-skipped"]["reasons"]
        for text in ("event streams were off", "operator checks were off", "the gateway was skipped"):
            self.assertIn("load run: " + text, reasons)
        self.assertNotIn("load run: mutations were off", reasons)
        self.assertIn("the load run was not strict", lines["strict-load"]["reasons"])
        self.assertIn('soak report has mode "load", not soak', lines["inputs"]["reasons"])

if __name__ == "__main__":
    unittest.main()
