"""What a run's report must prove, in a record and in a decision: the committed profile, its own figures, its timeline."""

import datetime
import json
import unittest

from evidence import COMMIT, DIGESTS, EvidenceTest, load_report, utc_now
from support import SOURCE, TARGETS

ITEM = "deployedLoadTest"


def own_targets(report):
    """Thresholds that everything meets and a capacity of one, against one's own machine."""
    for name in report["targets"]["thresholds"]:
        report["targets"]["thresholds"][name] = 1e9
    for name in report["targets"]["capacityTargets"]:
        report["targets"]["capacityTargets"][name] = 1
    for place in (report["targets"], report["evidence"]["environmentProfile"]):
        place.update(cloudUrl="http://127.0.0.1:8787", gatewayUrl="http://127.0.0.1:8790")


def at(*path):
    def setter(value):
        def change(report):
            for key in path[:-1]:
                report = report[key]
            report[path[-1]] = value
        return change
    return setter


def gate(wanted, **changes):
    return lambda report: next(one for one in report["gates"]["checks"] if one["name"] == wanted).update(changes)


def without_gate(name):
    def change(report):
        report["gates"]["checks"] = [one for one in report["gates"]["checks"] if one["name"] != name]
    return change


# what is forged: (change of the report, rule)
FORGERIES = {
    "targets of one's own making": (own_targets, "promotion/profile-mismatch"),
    "a loopback address": (own_targets, "promotion/not-remote"),
    "a looser threshold": (at("targets", "thresholds", "p95ReadLatencyMs")(7500), "promotion/profile-mismatch"),
    "a threshold left out": (lambda r: r["targets"]["thresholds"].pop("p95ReadLatencyMs"), "promotion/profile-mismatch"),
    "a smaller capacity": (at("targets", "capacityTargets", "concurrentSseStreams")(5), "promotion/profile-mismatch"),
    "fewer in flight": (at("run", "concurrency")(1), "promotion/profile-mismatch"),
    "not strict": (at("evidence", "environmentProfile", "strict")(False), "promotion/profile-mismatch"),
    "without mutations": (at("evidence", "environmentProfile", "includeMutations")(False), "promotion/profile-mismatch"),
    "without a token": (at("evidence", "environmentProfile", "cloudTokenProvided")(False), "promotion/profile-mismatch"),
    "without the gateway": (at("evidence", "environmentProfile", "gatewayUrl")("skipped"), "promotion/profile-mismatch"),
    "an example host": (lambda r: [place.update(cloudUrl="https://cloud.example.com") for place in (r["targets"], r["evidence"]["environmentProfile"])], "promotion/not-remote"),
    "a gate that fails by its figures": (at("metrics", "worst", "open_cowork_cloud_projection_lag_events")(400), "promotion/gate-rejudged"),
    "a gate left out": (without_gate("read-p95"), "promotion/gate-rejudged"),
    "a gate that nobody knows": (gate("read-p95", name="read-p50"), "promotion/gate-rejudged"),
    "an operation left out": (lambda r: r["summary"]["operations"].pop("cloud-session-list"), "promotion/gate-rejudged"),
    "a sum that is none": (at("run", "requestCount")(99999), "promotion/figures-disagree"),
    "a better category": (at("summary", "categories", "read", "count")(7), "promotion/figures-disagree"),
    "percentiles out of order": (at("summary", "categories", "read", "p50LatencyMs")(700), "promotion/figures-disagree"),
    "written before it ended": (at("generatedAt")("2020-01-01T00:00:00Z"), "promotion/figures-disagree"),
    "a verdict beside": (at("verdict")("no-go"), "promotion/figures-disagree"),
    "other target profiles": (at("inputs")({"targetProfilesSha256": "ab" * 32}), "promotion/inputs-changed"),
}


class Proof(EvidenceTest):
    def report(self):
        return load_report("load", 300000, utc_now() - datetime.timedelta(hours=1))

    def attach_report(self, report):
        path = self.operations / "forged-report.json"
        path.write_text(json.dumps(report))
        return self.attach([ITEM], path)

    def test_forged_runs_are_no_pass_and_refused(self):
        honest = self.read_record()
        for name, (change, rule) in FORGERIES.items():
            with self.subTest(name):
                self.write_record(honest)
                report = self.report()
                change(report)
                outcome = self.attach_report(report)
                self.assertIn("no pass", outcome.out)
                self.assertEqual(self.item(self.read_record(), ITEM)["status"], "private-fail")
                # Typed over, as if it had passed.
                record = self.read_record()
                item = self.item(record, ITEM)
                item["status"] = "private-pass"
                item["report"]["status"] = "go"
                for run in item["report"]["runs"]:
                    run["status"] = "go"
                    run.pop("problems", None)
                self.write_record(record)
                outcome = self.promote()
                self.assert_code(outcome, 1)
                self.assertIn(rule, outcome.out)

    def test_near_misses_pass(self):
        honest = self.read_record()
        for name, change in {
            "more in flight": at("run", "concurrency")(20),
            "a faster rate": at("run", "requestRatePerSecond")(60),
            "the committed target profiles": lambda r: r.update(inputs={"targetProfilesSha256": self.digest(TARGETS)}),
            "words of a gate": gate("read-p95", message="fine"),
            "the generator's version": lambda r: r["generator"].update(tool="launchgate-load", version="9.9"),
        }.items():
            with self.subTest(name):
                self.write_record(honest)
                report = self.report()
                change(report)
                self.attach_report(report)
                self.assert_code(self.promote(), 0)

    def digest(self, path):
        import hashlib
        return hashlib.sha256((self.root / path).read_bytes()).hexdigest()

    def test_a_report_without_figures_only_says_so(self):
        record = self.read_record()
        for run in self.item(record, ITEM)["report"]["runs"]:
            del run["measured"]
        self.write_record(record)
        outcome = self.promote()
        self.assert_code(outcome, 0)
        self.assertIn("promotion/says-only", outcome.out)
        self.assertIn("only says how the load run ended", outcome.out)

    def test_a_private_network_may_be_the_deployment(self):
        tiers = json.loads((SOURCE / "rules/tiers.json").read_text())
        next(rung for rung in tiers["ladder"] if rung["claim"] == "private-hosted-beta")["allowedHosts"] = [r"^10\.20\."]
        report = self.report()
        for place in (report["targets"], report["evidence"]["environmentProfile"]):
            place.update(cloudUrl="https://10.20.0.4", gatewayUrl="https://10.20.0.5")
        self.assertIn("no pass", self.attach_report(report).out)
        tiers.pop("$schema")
        self.dump("tiers.json", tiers)
        self.dump("launchgate.json", {"schemaVersion": 1, "tiers": "tiers.json"})
        self.assertNotIn("no pass", self.attach_report(report).out)


class Environment(EvidenceTest):
    def make_record(self):
        """No record is read."""

    def test_variables_that_disagree_are_wrong_use(self):
        both = {"OPEN_COWORK_RELEASE_CLAIM_TIER": "private-hosted-beta", "LAUNCHGATE_RELEASE_CLAIM_TIER": "local-self-host-beta"}
        outcome = self.tool("launchgate-promote", env=both)
        self.assert_code(outcome, 2)
        self.assertIn("OPEN_COWORK_RELEASE_CLAIM_TIER and LAUNCHGATE_RELEASE_CLAIM_TIER are set, and differ", outcome.err)
        # What is given, or said twice, is clear.
        for words, environment in ((["--tier", "local-self-host-beta"], both), ([], dict.fromkeys(both, "local-self-host-beta"))):
            self.assert_code(self.tool("launchgate-promote", *words, env=environment), 0)


class Timeline(EvidenceTest):
    """The report and the timeline of one real run; the profile asks for its length."""

    def make_record(self):
        self.shorten()
        record = self.operations / "record.json"
        self.assert_code(self.record_tool("init", "--tier", "private-hosted-beta", "--output", record, "--owner", "release manager"), 0)

    def shorten(self):
        targets = json.loads(self.read(TARGETS))
        for profile in targets["profiles"].values():
            profile.update(durationMs=20000, soakDurationMs=30000)
        self.dump(TARGETS, targets)

    def attached(self, change=lambda report: None):
        self.shorten()
        report = json.loads((SOURCE / "tests/cli/runs/load-report.json").read_text())
        report["evidence"].update(commitSha=COMMIT, imageDigests=dict(DIGESTS))
        change(report)
        (self.operations / "run-report.json").write_text(json.dumps(report))
        (self.operations / "run-timeline.jsonl").write_text((SOURCE / "tests/cli/runs/load-timeline.jsonl").read_text())
        self.attach([ITEM], self.operations / "run-report.json")
        return self.promote("--quiet").out

    def test_the_timeline_of_an_honest_report_makes_it(self):
        out = self.attached()
        self.assertEqual([line for line in out.splitlines() if ITEM in line], [])

    def test_a_report_with_better_figures_is_refused(self):
        def better(report):
            for stats in [report["summary"]["categories"]["read"], *(one for one in report["summary"]["operations"].values() if one["category"] == "read")]:
                for key in [key for key in stats if key.endswith("LatencyMs")]:
                    stats[key] = round(stats[key] / 2, 3)
        self.assertIn("promotion/timeline-disagrees", self.attached(better))

    def test_without_a_timeline_nothing_is_compared(self):
        self.attached()
        (self.operations / "run-timeline.jsonl").unlink()
        self.assertNotIn("timeline-disagrees", self.promote().out)

    def test_a_timeline_that_is_none_is_refused(self):
        self.attached()
        (self.operations / "run-timeline.jsonl").write_text("{}\n")
        self.assertIn("promotion/timeline-disagrees", self.promote().out)


if __name__ == "__main__":
    unittest.main()
