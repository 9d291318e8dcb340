"""A small product with tiers of its own, for the tests of extensions and references."""
import json
import shutil

from support import RepositoryTest

LADDER = """{
  "extends": "builtin",
  "acceptedTier": "canary",
  "ladder": [
    {"claim": "canary", "matrixTier": "canary", "evidenceProfile": "small", "recordTier": null, "hosted": false,
     "requirePins": false, "maxAgeDays": null, "requiresBelow": false},
    {"claim": "beta", "matrixTier": "beta", "evidenceProfile": "middle", "recordTier": "beta", "hosted": true,
     "requirePins": false, "maxAgeDays": null, "requiresBelow": true},
    {"claim": "stable", "matrixTier": "stable", "evidenceProfile": "large", "recordTier": "stable", "hosted": true,
     "requirePins": true, "maxAgeDays": 30, "requiresBelow": true}
  ],
  "profiles": ["small", "middle", "large"],
  "images": ["service"],
  "items": {"restoreDrill": {"mustName": ["restore"]}}
}
"""
ITEM = {"blockingForPrivateBeta": True, "status": "pending-private-evidence", "command": "make restore", "privateEvidenceRef": "{where}",
        "publicRedactedSummary": "{summary}", "checksum": "{checksum}", "owner": "{role}"}
FIELDS = ["command", "evidenceCommands", "commitSha", "imageDigests", "sanitizedEnvironmentProfile", "startedAt", "finishedAt", "durationMs", "status"]


def profile(scale):
    return {"durationMs": 1000 * scale, "soakDurationMs": 2000 * scale, "concurrency": 2 * scale, "requestRatePerSecond": 5 * scale, "capacityTargets": {"readsPerMinute": 60 * scale},
            "thresholds": {"maxOverallErrorRate": 0.05 / scale, "maxOperationErrorRate": 0.05 / scale, "p95ReadLatencyMs": 900 / scale}}


FILES = {
    "launch/tiers.json": LADDER,
    "launch/targets.json": {"schemaVersion": 1, "profiles": {"small": profile(1), "middle": profile(2), "large": profile(3)}},
    "launch/matrix.json": {
        "schemaVersion": 1, "acceptedPublicTier": "canary",
        "tiers": {"canary": {"claimStatus": "accepted-public"}, "beta": {"claimStatus": "requires-private-ops-evidence"}, "stable": {"claimStatus": "not-claimed"}},
        "privateBetaEvidenceItems": {"items": {"restoreDrill": {"requiredCommands": ["make restore"], "passCondition": "The restored service answers."}}}},
    "launch/record.json": {"schemaVersion": 1, "scope": "public-template-only", "targetTier": "beta", "requiredReportFields": FIELDS,
                           "requiredEvidence": [{"id": "restoreDrill", **ITEM}]},
    "launch/operations.json": {
        "extends": "builtin", "catalogue": "parcels", "title": "Parcels", "description": "Parcels are found.", "defaultProfile": "small",
        "targets": {"service": {"title": "Service", "defaultUrl": "http://127.0.0.1:9000", "urlKey": "serviceUrl", "probe": "parcels"}},
        "operations": [{"name": "parcels", "title": "parcels are listed", "target": "service", "category": "read", "auth": "none",
                        "request": {"method": "GET", "path": "/parcels"}, "response": "text", "accepts": {"success": [200]}, "when": {},
                        "rate": {"capacityTarget": "readsPerMinute", "per": "minute"}}]},
    "launchgate.json": {"schemaVersion": 1, "tiers": "launch/tiers.json", "operations": "launch/operations.json", "documents": [
        {"path": "launch/targets.json", "kind": "target-profiles"}, {"path": "launch/matrix.json", "kind": "evidence-matrix"},
        {"path": "launch/record.json", "kind": "evidence-record"}]},
    "Makefile": "restore:\n\techo restored\n",
}


class OwnProduct(RepositoryTest):
    """A product with a ladder of its own, in a folder that holds nothing else."""

    def setUp(self):
        super().setUp()
        self.empty()
        for path, content in FILES.items():
            self.write(path, content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False) + "\n")

    def empty(self):
        for child in list(self.root.iterdir()):
            if child.name != ".git":
                shutil.rmtree(child) if child.is_dir() else child.unlink()

    def check(self, code):
        outcome = self.tool("launchgate", "check", "--color", "never")
        self.assert_code(outcome, code)
        return outcome.out + outcome.err
