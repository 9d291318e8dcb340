"""An honest private record of the sample product, made by the tools alone, for the tests of record, promote and decide."""

import base64
import datetime
import hashlib
import json
import os
import pathlib
import shutil
import subprocess

from support import BIN, SOURCE, TARGETS, RepositoryTest, run

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
    """A report that the load engine wrote of a strict run against the stand-in, at the length and the targets of a profile."""
    report = json.loads((SOURCE / f"tests/cli/runs/{mode}-report.json").read_text())
    targets = json.loads((SOURCE / "fixtures/sample-product" / TARGETS).read_text())["profiles"][profile]
    started = stamp(finished - datetime.timedelta(milliseconds=duration_ms))
    times = {"startedAt": started, "finishedAt": stamp(finished), "durationMs": duration_ms}
    report.update(generatedAt=stamp(finished), profileName=profile)
    report["evidence"].update(times, commitSha=COMMIT, imageDigests=dict(DIGESTS))
    report["evidence"]["environmentProfile"]["profileName"] = profile
    report["run"].update(times, measuredMs=duration_ms, concurrency=targets["concurrency"], requestRatePerSecond=targets["requestRatePerSecond"])
    report["targets"].update(capacityTargets=targets["capacityTargets"], thresholds=targets["thresholds"])
    drive(report, targets["capacityTargets"], duration_ms)
    first = ["overall-error-rate", *{"load": ["read-p95"], "soak": ["projection-lag"]}[mode]]
    report["gates"]["checks"].sort(key=lambda check: first.index(check["name"]) if check["name"] in first else len(first))
    report.update(changes)
    return report


def drive(report, targets, duration_ms):
    """The counts that a run of this length at these targets has."""
    catalogue = json.loads((SOURCE / "rules/load/open-cowork.json").read_text())
    paced = {}
    for operation in catalogue["operations"]:
        if "rate" in operation:
            paced.setdefault(operation["rate"]["capacityTarget"], []).append(operation["name"])
    operations = report["summary"]["operations"]
    wanted = {name: max(1, duration_ms // 3000) for name in operations if not name.endswith("-setup")}
    for target, names in paced.items():
        total = -(-targets[target] * duration_ms // 60000)
        for index, name in enumerate(names):
            wanted[name] = total // len(names) + (index < total % len(names))
        report["attained"][target].update(target=targets[target], achieved=round(total * 60000 / duration_ms, 3))
    streams = targets["concurrentSseStreams"]
    report["streams"].update(target=streams, heldMean=streams, heldLeast=streams, opened=streams)
    wanted["cloud-workspace-sse"] = streams
    for name, count in wanted.items():
        operations[name].update(count=count, statuses={"200": count}, outcomes={"success": count}, measuredInPercentiles=count)
    for name, category in report["summary"]["categories"].items():
        count = sum(one["count"] for one in operations.values() if one["category"] == name)
        category.update(count=count, statuses={"200": count}, outcomes={"success": count}, measuredInPercentiles=count)
    total = sum(one["count"] for one in operations.values())
    report["run"].update(requestCount=total, achievedRequestRatePerSecond=round(total * 1000 / duration_ms - 0.0005, 3))


def expect_rejections(report):
    """The run demanded that limits reject something, and they did."""
    report["evidence"]["environmentProfile"]["expectQuotaRejections"] = True
    for part in ("after", "delta", "worst"):
        report["metrics"][part]["open_cowork_cloud_quota_rejections_total"] = 3


class Signer:
    """A key pair that openssl made, and envelopes in the one spelling that is taken, signed by openssl."""

    TYPE = "application/vnd.in-toto+json"

    def __init__(self, folder, name="signer"):
        self.private, self.public = folder / f"{name}.pem", folder / f"{name}.pub.pem"
        if not self.private.exists():
            subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.private], check=True)
            subprocess.run(["openssl", "pkey", "-in", self.private, "-pubout", "-out", self.public], check=True)

    def seal(self, payload, kind=TYPE):
        signed = self.private.with_suffix(".signed")
        signed.write_bytes(b"DSSEv1 %d %s %d " % (len(kind), kind.encode(), len(payload)) + payload)
        signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", self.private, "-rawin", "-in", signed],
                                   check=True, stdout=subprocess.PIPE).stdout
        signed.unlink()
        der = subprocess.run(["openssl", "pkey", "-pubin", "-in", self.public, "-outform", "DER"], check=True, stdout=subprocess.PIPE).stdout
        return json.dumps({"payloadType": kind, "payload": base64.b64encode(payload).decode(),
                           "signatures": [{"keyid": hashlib.sha256(der).hexdigest(), "sig": base64.b64encode(signature).decode()}]}, indent=2) + "\n"

    def sign(self, report, result="PASSED", **changes):
        """The envelope beside a report, as the run that wrote it would have signed it."""
        statement = {"_type": "https://in-toto.io/Statement/v1",
                     "subject": [{"name": report.name, "digest": {"sha256": hashlib.sha256(report.read_bytes()).hexdigest()}}],
                     "predicateType": "https://in-toto.io/attestation/test-result/v0.1", "predicate": {"result": result, "configuration": []}, **changes}
        envelope = report.with_suffix(".intoto.json")
        envelope.write_text(self.seal(json.dumps(statement).encode()))
        return envelope


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
