"""An honest private record of the sample product, made by the tools alone, for the tests of record, promote and decide."""

import datetime
import json
import os
import pathlib
import shutil

from support import BIN, RepositoryTest, run

COMMIT = "3f7868512aa0d4be7bc2a1d0b2f9e1a07c5d9e64"
DIGESTS = {"cloud": "sha256:" + "4b1d7f0e" * 8, "gateway": "sha256:" + "c90a13e2" * 8}
BUILD = ["--commit-sha", COMMIT, "--cloud-image-digest", DIGESTS["cloud"], "--gateway-image-digest", DIGESTS["gateway"]]
TIER = "private-hosted-beta"
TEMPLATE = "deploy/private-beta/launch-evidence-record.template.json"
SUMMARY = ("The rollback was rehearsed: the release was revoked, workers were drained, and the communication to customers went out. "
           "All steps were timed.")


def stamp(when):
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_now():
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def load_report(mode, duration_ms, finished, profile="private-beta", **changes):
    """The shape of the load engine's JSON report."""
    started = stamp(finished - datetime.timedelta(milliseconds=duration_ms))
    names = {
        "load": ["overall-error-rate", "read-p95", "sessionCreatesPerMinute-attained", "cloud-web-workbench-sampled", "cloud-session-list-sampled",
                 "cloud-thread-list-sampled", "quota-rejections"],
        "soak": ["overall-error-rate", "projection-lag", "command-oldest-age", "promptCommandsPerMinute-attained", "workflowRunsPerMinute-attained",
                 "gateway-p95", "gateway-dead-letters", "gateway-retry-rate"],
    }[mode]
    environment = {"profileName": profile, "mode": mode, "strict": True, "cloudUrl": "https://cloud.example.com", "gatewayUrl": "https://gateway.example.com",
                   "cloudTokenProvided": True, "gatewayAdminTokenProvided": True, "includeMutations": True, "includeSse": True, "includeOperator": True}
    report = {
        "ok": True, "generatedAt": stamp(finished), "mode": mode, "profileName": profile,
        "evidence": {"command": f"pnpm deploy:{mode}:strict", "commitSha": COMMIT, "imageDigests": dict(DIGESTS), "environmentProfile": environment,
                     "status": "go", "startedAt": started, "finishedAt": stamp(finished), "durationMs": duration_ms},
        "targets": {"cloudUrl": "https://cloud.example.com", "gatewayUrl": "https://gateway.example.com", "capacityTargets": {"concurrentCloudUsers": 25},
                    "thresholds": {"p95ReadLatencyMs": 750}},
        "run": {"startedAt": started, "finishedAt": stamp(finished), "durationMs": duration_ms, "concurrency": 12, "requestRatePerSecond": 6, "operationCount": 20},
        "summary": {"operations": {}, "categories": {}}, "metrics": {"before": {}, "after": {}, "delta": {}},
        "gates": {"overall": "go", "checks": [{"name": name, "status": "pass", "message": "0 of 1"} for name in names], "warnings": []},
    }
    report.update(changes)
    return report


class EvidenceTest(RepositoryTest):
    """`self.record` is an honest record; making it takes a while, so that each class makes one and copies it."""

    _cache = {}

    def setUp(self):
        super().setUp()
        self.operations = self.scratch / "operations"
        cache = EvidenceTest._cache.get(self.fixture)
        if cache is None:
            self.operations.mkdir()
            self.make_record()
            cache = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"launchgate-honest-{os.getpid()}"
            shutil.rmtree(cache, ignore_errors=True)
            shutil.copytree(self.operations, cache)
            EvidenceTest._cache[self.fixture] = cache
        else:
            shutil.copytree(cache, self.operations)
        self.record = self.operations / "record.json"

    @classmethod
    def tearDownClass(cls):
        for cache in EvidenceTest._cache.values():
            shutil.rmtree(cache, ignore_errors=True)
        EvidenceTest._cache.clear()
        super().tearDownClass()

    def package_manager(self):
        """A stand-in for pnpm: says what it runs. What the drills do is not these tests' business."""
        folder = self.scratch / "bin"
        if not folder.exists():
            folder.mkdir()
            script = folder / "pnpm"
            script.write_text('#!/bin/sh\necho "running $*"\nsleep 0.01\n')
            script.chmod(0o755)
        return {"PATH": f"{folder}:{os.environ['PATH']}"}

    def record_tool(self, *arguments, **keywords):
        keywords.setdefault("env", self.package_manager())
        keywords.setdefault("cwd", self.root)
        return run("launchgate-record", *arguments, **keywords)

    def run_item(self, items, *command, options=(), manifest=None):
        also = [word for item in items[1:] for word in ("--also", item)]
        outcome = self.record_tool("run", "--manifest", manifest or self.operations / "record.json", "--item", items[0], *also, *BUILD, *options, "--", *command)
        self.assert_code(outcome, 0)
        return outcome

    def attach(self, items, file, *options, manifest=None):
        also = [word for item in items[1:] for word in ("--also", item)]
        outcome = self.record_tool("attach", "--manifest", manifest or self.operations / "record.json", "--item", items[0], *also, "--file", file, *options)
        self.assert_code(outcome, 0)
        return outcome

    def make_record(self):
        record = self.operations / "record.json"
        self.assert_code(self.record_tool("init", "--tier", TIER, "--output", record, "--owner", "release manager"), 0)
        now = utc_now()
        for mode, duration in (("load", 300000), ("soak", 14400000)):
            (self.operations / f"{mode}.json").write_text(json.dumps(load_report(mode, duration, now - datetime.timedelta(hours=1)), indent=2))
        self.attach(["deployedLoadTest", "quotaRateLimitBehavior", "costSloNotes", "gatewayDeliveryReplayDeadLetter"], self.operations / "load.json")
        self.attach(["deployedSoakTest", "costSloNotes"], self.operations / "soak.json")
        self.run_item(["deployedDesktopWebGatewayContinuation"], "pnpm", "deploy:continuation:smoke")
        self.run_item(["deployedDesktopWebGatewayContinuation"], "pnpm", "test:cloud-continuation")
        self.run_item(["workerFailover", "schedulerReplicaFailover", "gatewayDeliveryReplayDeadLetter"], "pnpm", "deploy:failover:drill")
        self.run_item(["workerFailover", "schedulerReplicaFailover", "postgresBackupRestore"], "pnpm", "ops:validate")
        self.run_item(["postgresBackupRestore", "objectStoreArtifactRoundTrip", "secretAdapterResolution"], "pnpm", "deploy:gcp:smoke")
        self.run_item(["byokRedactionNoPlaintext"], "pnpm", "test")
        self.run_item(["gatewayDeliveryReplayDeadLetter"], "pnpm", "deploy:gateway:smoke")
        self.run_item(["billingEntitlementGating", "supportIncidentOwnershipEscalation", "releaseRollback"], "pnpm", "deploy:private-beta:validate")
        self.run_item(["releaseRollback"], "pnpm", "deploy:launch:validate", options=["--summary", SUMMARY])

    def image_file(self, image, digest=None):
        path = self.scratch / f"{image}.json"
        path.write_text(json.dumps({"image": image, "digest": digest or DIGESTS[image]}))
        return path

    def pins(self):
        return ["--expected-commit-sha", COMMIT, "--cloud-image-json", self.image_file("cloud"), "--gateway-image-json", self.image_file("gateway")]

    def promote(self, *arguments, manifest=None, tier=TIER, pinned=True, **keywords):
        words = ["--tier", tier, "--manifest", manifest or self.record] + (self.pins() if pinned else [])
        return self.tool("launchgate-promote", *words, *arguments, **keywords)

    def read_record(self):
        return json.loads(self.record.read_text())

    def write_record(self, value):
        self.record.write_text(value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    @staticmethod
    def item(record, identifier):
        return next(item for item in record["requiredEvidence"] if item["id"] == identifier)
