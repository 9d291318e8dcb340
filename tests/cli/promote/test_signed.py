"""Signed evidence: what a run signed is what the record holds, or it is no evidence where the ladder asks for signatures."""

import copy
import hashlib
import json
import unittest

from evidence import TIER, EvidenceTest, Signer
from support import SOURCE

ITEM = "deployedLoadTest"
INVALID = "promotion/signature-invalid"


def require_signatures(test):
    """The ladder of the product asks for signatures of the hosted beta already."""
    tiers = json.loads((SOURCE / "rules/tiers.json").read_text())
    next(rung for rung in tiers["ladder"] if rung["claim"] == TIER)["requireSignedEvidence"] = True
    tiers.pop("$schema")
    test.dump("tiers.json", tiers)
    test.dump("launchgate.json", {"schemaVersion": 1, "tiers": "tiers.json"})


class Signed(EvidenceTest):
    """Every run is signed: the commands by launchgate-record, the load runs as launchgate-load does."""

    def make_record(self):
        self.signer = Signer(self.operations)
        super().make_record()

    def setUp(self):
        super().setUp()
        self.signer = Signer(self.operations)
        self.trusted = ["--evidence-key", self.signer.public]
        require_signatures(self)

    def run_item(self, items, *command, options=(), **keywords):
        return super().run_item(items, *command, options=[*options, "--sign-key", self.signer.private], **keywords)

    def attach(self, items, file, *options, **keywords):
        self.signer.sign(file)
        return super().attach(items, file, *options, **keywords)

    def refused(self, text, rule=INVALID, words=None, item=ITEM):
        outcome = self.promote(*(self.trusted if words is None else words))
        self.assert_code(outcome, 1)
        self.assertIn(rule, outcome.out)
        self.assertIn(text, outcome.out)
        if item:
            self.assertRegex(outcome.out, rf"unmet +({item} |\d+ items .*\b{item}\b)")
        return outcome

    def changed_run(self, change, item=ITEM):
        record = self.read_record()
        change(self.item(record, item)["report"])
        self.write_record(record)

    def test_signed_evidence_is_promoted(self):
        decision = self.scratch / "decision.json"
        outcome = self.promote(*self.trusted, "--decision", decision)
        self.assert_code(outcome, 0)
        self.assertIn("15 signed", outcome.out)
        self.assertNotIn("promotion/unsigned", outcome.out)
        document = json.loads(decision.read_text())
        self.assertEqual({one["evidence"]["signed"] for one in document["requirements"] if "item" in one}, {True})
        self.assertIn("load.intoto.json", {one["path"] for one in document["inputs"] if one["role"] == "envelope"})
        # A variable may name the keys, and one key that is not needed is one too many.
        self.assert_code(self.promote(env={"OPEN_COWORK_EVIDENCE_KEY_FILES": str(self.signer.public)}), 0)
        other = Signer(self.scratch, "other")
        self.refused("this key signs none of the evidence", words=[*self.trusted, "--evidence-key", other.public], item=None)

    def test_what_is_unsigned_is_refused_with_the_remedy(self):
        outcome = self.refused("no --evidence-key is given", "promotion/unsigned", words=[])
        self.assertIn("REFUSED (15 of 15 items, 15 reasons)", outcome.out)
        self.changed_run(lambda report: [run.pop("attestation") for run in report["runs"]])
        outcome = self.refused("the evidence is unsigned", "promotion/unsigned")
        self.assertIn("REFUSED (1 of 15 items, 1 reason)", outcome.out)
        told = next(one for one in self.promote(*self.trusted, "--format", "json").json()["findings"] if one["rule"] == "promotion/unsigned")
        for word in ("--sign-key", "--evidence-key", "requireSignedEvidence"):
            self.assertIn(word, told["help"])

    def test_it_cannot_be_waived(self):
        self.changed_run(lambda report: [run.pop("attestation") for run in report["runs"]])
        self.dump("launchgate-waivers.json", {"schemaVersion": 1, "waivers": [
            {"rule": "promotion/unsigned", "scope": {"item": ITEM}, "owner": "release manager", "reason": "the key is on its way", "expires": "2027-01-20"}]})
        self.refused("the evidence is unsigned", "promotion/unsigned")

    def test_a_report_with_better_figures_is_refused_by_its_signature(self):
        path = self.operations / "load.json"
        report = json.loads(path.read_text())
        report["generator"]["cpuShare"] = report["generator"]["cpuShare"] / 2
        path.write_text(json.dumps(report, indent=2))
        record = self.read_record()
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        for item in record["requiredEvidence"]:
            for run in item["report"]["runs"]:
                if run["evidence"] == "load.json":
                    run.update(measured=report, sha256=digest)
            if item["privateEvidenceRef"] == "load.json":
                item["checksum"] = "sha256:" + digest
        self.write_record(record)
        self.refused("the envelope is about other files than this run's")
        # The checksum of the old report, too: its file is not there any more.
        digest = json.loads(self.unsealed(self.operations / "load.intoto.json"))["subject"][0]["digest"]["sha256"]
        self.changed_run(lambda report: [run.update(sha256=digest) for run in report["runs"]])
        self.refused("the report beside the envelope is not the one that was signed")

    @staticmethod
    def unsealed(path):
        import base64
        return base64.b64decode(json.loads(path.read_text())["payload"])

    def test_what_the_record_says_otherwise_was_typed(self):
        honest = self.read_record()
        drill = "byokRedactionNoPlaintext"
        changes = [
            (lambda r: r["runs"][0]["measured"]["generator"].update(cpuShare=0.001), ITEM, "the figures are not those of the signed report"),
            (lambda r: r["runs"][0].update(finishedAt=r["runs"][0]["finishedAt"].replace("Z", ".500Z")), drill, "finishedAt is not that of the signed report"),
            (lambda r: r["runs"][0].update(status="passed"), drill, "status is not that of the signed report"),
            (lambda r: r.update(startedAt=r["startedAt"].replace("Z", ".001Z")), drill, "no signed run started then"),
            (lambda r: r["evidenceCommands"].append("pnpm deploy:gcp:preflight"), drill, 'no signed run is one of "pnpm deploy:gcp:preflight"'),
            (lambda r: r["runs"][0].update(attestation="load.intoto.json"), drill, "the envelope is about other files"),
            (lambda r: r["runs"][0].update(attestation="../elsewhere.intoto.json"), drill, "the envelope is not in the folder of the evidence"),
            (lambda r: r["runs"].append({**r["runs"][0], "attestation": ""}), drill, "the envelope lies outside"),
            (lambda r: r["runs"].append({**r["runs"][0], "attestation": 1}), drill, "the envelope lies outside"),
        ]
        for change, item, text in changes:
            with self.subTest(text):
                self.write_record(copy.deepcopy(honest))
                self.changed_run(change, item)
                self.refused(text, item=item)

    def test_envelopes_that_prove_nothing(self):
        path, report = self.operations / "load.intoto.json", self.operations / "load.json"
        honest = path.read_text()
        other = Signer(self.scratch, "other")
        path.write_text(honest.replace('"sig": "', '"sig": "A'))
        self.refused("the envelope is no signed envelope")
        path.write_text(honest + " ")
        self.refused("the envelope was changed after it was signed")
        path.write_text("{}")
        self.refused("the envelope is no signed envelope")
        other.sign(report)
        self.refused("the envelope is signed by another key")
        self.signer.sign(report, "FAILED")
        self.refused("the signed result is FAILED")
        self.signer.sign(report, "passed")
        self.refused("its result is none of PASSED, WARNED and FAILED")
        self.signer.sign(report, predicateType="https://slsa.dev/provenance/v1")
        self.refused("its predicate type is not https://in-toto.io/attestation/test-result/v0.1")
        self.signer.sign(report, subject=[])
        self.refused("it has no subject")
        path.unlink()
        self.refused("the envelope is not in the folder of the evidence")
        # Two people measured, and both are trusted.
        other.sign(report)
        self.assert_code(self.promote(*self.trusted, "--evidence-key", other.public), 0)

    def test_keys_that_are_none(self):
        for path, code in ((self.signer.private, 2), (self.scratch / "none.pem", 3)):
            self.assert_code(self.promote("--evidence-key", path), code)

    def test_attach_refuses_the_envelope_of_another_file(self):
        report = self.operations / "soak.json"
        for envelope, text in ((self.operations / "load.intoto.json", "is about another file"), (self.operations / "record.json", "is no signed envelope")):
            outcome = self.record_tool("attach", "--manifest", self.record, "--item", "deployedSoakTest", "--file", report, "--attestation", envelope)
            self.assert_code(outcome, 1)
            self.assertIn(text, outcome.err)


class Unsigned(EvidenceTest):
    def test_it_is_named_where_signatures_are_not_asked_for(self):
        decision = self.scratch / "decision.json"
        outcome = self.promote("--decision", decision)
        self.assert_code(outcome, 0)
        self.assertIn("note: the evidence of 15 items is unsigned", outcome.out)
        self.assertIn(" · unsigned", outcome.out)
        document = json.loads(decision.read_text())
        self.assertEqual({one["evidence"]["signed"] for one in document["requirements"] if "item" in one}, {False})
        self.assertIn("unsigned", str([one["reasons"] for one in document["requirements"] if one["id"] == "record"]))

    def test_the_ladder_asks_where_pins_are_required(self):
        ladder = json.loads((SOURCE / "rules/tiers.json").read_text())["ladder"]
        self.assertEqual([rung["claim"] for rung in ladder if rung.get("requireSignedEvidence", rung["requirePins"])],
                         ["public-beta", "general-availability", "enterprise-ready"])


if __name__ == "__main__":
    unittest.main()
