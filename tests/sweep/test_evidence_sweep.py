"""Every leaf of the report of a real strict run, as a record holds it and as a decision takes it: deleted, emptied, zero, negative, doubled, halved, of another
type, of another plausible value. Each change is refused at the place that it was made, or stands in a list of what is free, with the reason why it proves nothing."""

import concurrent.futures
import copy
import datetime
import json
import os
import re
import unittest

from evidence import COMMIT, DIGESTS, EvidenceTest
from support import SOURCE, TARGETS

# pointer pattern below the report: why nothing hangs on it
FREE = {
    r"/gates/checks/\d+/message": "words for people; the gate is judged by the figures",
    r"/summary/(operations|categories)/[^/]+/(p50|p90|p95|p99|p999|max)ServiceMs": "time without queueing; no gate asks for it, and what it leaves out is told by the response times",
    r"/summary/(operations|categories)/[^/]+/p999LatencyMs": "no gate asks for it; its order among the percentiles is checked",
    r"/summary/operations/[^/]+/(p50|p90|p95|p99|max)LatencyMs": "the category's percentiles decide; order and spread are checked",
    r"/summary/categories/[^/]+/(p50|p90|p99|max)LatencyMs": "gates ask for the 95th; order and spread are checked",
    r"/summary/categories/[^/]+/p95LatencyMs": "within the operations' spread and the threshold every value passes alike; the timeline tells which it was",
    r"/summary/operations/[^/]+/category": "another category must fit that category's sums",
    r"/summary/(operations|categories)/[^/]+/(bytes|notSent\w+)": "sizes prove nothing",
    r"/summary/(operations|categories)/[^/]+/(statuses|outcomes|rejections|sampleErrors)(/.*)?": "their sums are checked; which status a success had is the catalogue's matter",
    r"/summary/operations/[^/]+-setup(/.*)?": "what other requests needed; it is in no rate and no gate of a pass",
    r"/metrics/(before|after|delta|worst|resets)(/.*)?": "series that no gate asks for, and the ends of those whose worst value or growth is judged",
    r"/metrics/malformedLines": "lines that were left out are series that were not read",
    r"/streams/(opened|refused|reconnects|ended|events|heartbeats|gaps|missingEvents|duplicates|malformed|unnumbered|silent|bytes|drops|heldLeast)": "told beside the share of streams that were held, which is judged",
    r"/(notDriven|connections)(/.*)?": "what the run says of itself beside what it measured",
    r"/generator/(cpuShare|cpuSeconds|peakMemoryBytes|tool|version|queueing|unsent\w*)(/.*)?": "how the generator fared; its lateness is judged",
    r"/generator/lateness/.*": "a lateness below the limit passes whatever it was",
    r"/run/(timeoutMs|pacing|createdSessionCount|warmupMs|warmupRequests|probeRequests|achievedRequestRatePerSecond)": "how the run was made; the rates that count are under attained",
    r"/run/scrapes(/.*)?": "how often metrics were read; that they were is judged",
    r"/run/(concurrency|requestRatePerSecond|measuredMs)": "more than the profile asks for is as good",
    r"/attained/[^/]+/(per|capped)": "the unit of the target, and whether a limit of creates was reached, which the achieved rate shows",
    r"/evidence/environmentProfile/byokProvider": "which provider's key was checked",
    r"/evidence/environmentProfile/expectQuotaRejections": "a run that demands rejections is judged by them",
    r"/(generatedAt|interrupted)": "a later writing, or a run that says nothing of an interruption",
    r"/evidence/command": "the record's own command is judged",
}
# Where leaves are many and alike, these stand for the rest.
LEFT_OUT = [
    r"/summary/operations/(?!cloud-readiness/|cloud-session-create/|cloud-workspace-sse/|gateway-health/|cloud-session-create-setup/).*",
    r"/gates/checks/(?!0/|28/|29/|59/|62/|68/|69/|74/|75/|76/)\d+/.*",
    r"/metrics/\w+/(?!open_cowork_cloud_projection|open_cowork_cloud_quota|open_cowork_gateway_delivery_retries).*",
]


def leaves(value, pointer=""):
    if isinstance(value, (dict, list)) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, f"{pointer}/{key}")
    else:
        yield pointer, value


def others(value):
    """Changes by name."""
    yield "deleted", None
    if isinstance(value, bool):
        yield from (("turned round", not value), ("text", str(value).lower()), ("null", None))
    elif isinstance(value, (int, float)):
        for name, other in (("zero", 0), ("negative", -abs(value) - 1), ("doubled", value * 2 + (1 if value == 0 else 0)), ("halved", value / 2), ("text", str(value))):
            if other != value or isinstance(other, str):
                yield name, other
    elif isinstance(value, str):
        yield from (("emptied", ""), ("number", 7), ("another", {"pass": "fail", "go": "no-go", "load": "soak"}.get(value, value + "x")))


def changed(report, pointer, name, other):
    report = copy.deepcopy(report)
    holder, parts = report, pointer.split("/")[1:]
    for part in parts[:-1]:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    key = int(parts[-1]) if isinstance(holder, list) else parts[-1]
    if name == "deleted":
        del holder[key]
    else:
        holder[key] = other
    return report


def cases(report):
    for pointer, value in leaves(report):
        if any(re.fullmatch(pattern, pointer) for pattern in LEFT_OUT):
            continue
        for name, other in others(value):
            yield pointer, name, changed(report, pointer, name, other)


class EvidenceSweep(EvidenceTest):
    ITEM = "deployedLoadTest"

    def real(self, mode):
        report = json.loads((SOURCE / f"tests/cli/runs/{mode}-report.json").read_text())
        report["evidence"].update(commitSha=COMMIT, imageDigests=dict(DIGESTS))
        return report

    def make_record(self):
        targets = json.loads(self.read(TARGETS))
        for profile in targets["profiles"].values():
            profile.update(durationMs=20000, soakDurationMs=30000)
        self.dump(TARGETS, targets)
        record = self.operations / "record.json"
        self.assert_code(self.record_tool("init", "--tier", "private-hosted-beta", "--output", record, "--owner", "release manager"), 0)
        for mode in ("load", "soak"):
            (self.operations / f"{mode}.json").write_text(json.dumps(self.real(mode), indent=2))
        self.attach([self.ITEM], self.operations / "load.json")
        self.attach(["deployedSoakTest"], self.operations / "soak.json")

    def setUp(self):
        super().setUp()
        targets = json.loads(self.read(TARGETS))
        for profile in targets["profiles"].values():
            profile.update(durationMs=20000, soakDurationMs=30000)
        self.dump(TARGETS, targets)

    def sweep(self, item, mode):
        honest = self.read_record()
        index = next(number for number, one in enumerate(honest["requiredEvidence"]) if one["id"] == item)
        self.assertEqual(honest["requiredEvidence"][index]["status"], "private-pass")
        report = honest["requiredEvidence"][index]["report"]["runs"][0]["measured"]
        place = f"/requiredEvidence/{index}/report/runs/0/measured"
        work = [(pointer, name, other) for pointer, name, other in cases(report)]
        self.assertGreater(len(work), 500)

        def judge(number):
            pointer, name, other = work[number]
            record = copy.deepcopy(honest)
            record["requiredEvidence"][index]["report"]["runs"][0]["measured"] = other
            path, decision = self.operations / f"forged-{number}.json", self.scratch / f"decision-{number}.json"
            path.write_text(json.dumps(record))
            self.tool("launchgate-promote", "--tier", "private-hosted-beta", "--manifest", path, *pins, "--quiet", "--decision", decision)
            requirement = next(one for one in json.loads(decision.read_text())["requirements"] if one["id"] == item)
            path.unlink()
            decision.unlink()
            return pointer, name, [reason.get("pointer", "") for reason in requirement["reasons"]], requirement["status"]

        pins = self.pins()
        accepted, elsewhere, used = [], [], set()
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for pointer, name, pointers, status in pool.map(judge, range(len(work))):
                if status == "met":
                    free = [pattern for pattern in FREE if re.fullmatch(pattern, pointer)]
                    used.update(free)
                    if not free:
                        accepted.append(f"{pointer} {name}")
                elif not any(one.startswith(place) for one in pointers):
                    elsewhere.append(f"{pointer} {name}: {pointers}")
        self.assertEqual(accepted, [], f"{len(accepted)} of {len(work)} changes were accepted")
        self.assertEqual(elsewhere, [])
        return used

    def test_a_load_report_in_a_decision(self):
        """Other inputs are missing, so that it is no go anyhow: what a change adds to the reasons is its refusal."""
        work = list(cases(self.real("load")))

        def decide(number, report):
            path = self.scratch / f"load-{number}.json"
            path.write_text(json.dumps(report))
            outcome = self.tool("launchgate-decide", "--profile", "private-beta", "--load", path, "--format", "json")
            path.unlink()
            self.assertIn(outcome.code, (1, 3), outcome)
            return {re.sub(r"load-\w+\.json", "load.json", reason) for line in outcome.json()["lines"] for reason in line["reasons"]}

        honest = decide("honest", self.real("load"))
        accepted = []
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for (pointer, name, _), reasons in zip(work, pool.map(lambda number: decide(number, work[number][2]), range(len(work)))):
                if reasons <= honest and not any(re.fullmatch(pattern, pointer) for pattern in FREE):
                    accepted.append(f"{pointer} {name}")
        self.assertEqual(sorted(accepted), [], f"{len(accepted)} of {len(work)} changes were accepted")

    def test_a_load_report_in_a_record(self):
        self.sweep(self.ITEM, "load")

    def test_a_soak_report_in_a_record(self):
        self.sweep("deployedSoakTest", "soak")


if __name__ == "__main__":
    unittest.main()
