"""--verify succeeds for a promotion and for nothing else: whatever a good signature may stand under."""

import copy
import json
import unittest

from evidence import TIER, EvidenceTest, Signer

DECISION = "https://launchgate.dev/decision"
TYPE = Signer.TYPE
NOT_ONE = "the signature is good, but this is no promotion: "


class Verify(EvidenceTest):
    def setUp(self):
        super().setUp()
        self.signer = Signer(self.scratch)
        outcome = self.promote("--format", "intoto")
        self.assert_code(outcome, 0)
        self.statement = json.loads(outcome.out)

    def sealed(self, payload, kind=TYPE):
        """The envelope, in the one spelling that is taken, of any payload."""
        path = self.scratch / "envelope.json"
        path.write_text(self.signer.seal(payload, kind))
        return path

    def verify(self, payload, **keywords):
        payload = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return self.tool("launchgate-promote", "--verify", self.sealed(payload, **keywords), "--key", self.signer.public)

    def changed(self, change):
        statement = copy.deepcopy(self.statement)
        change(statement)
        return self.verify(statement)

    def test_a_promotion_is_verified(self):
        outcome = self.verify(self.statement)
        self.assert_code(outcome, 0)
        self.assertIn(f"{TIER} at", outcome.out)
        self.assertIn("cloud sha256:", outcome.out)

    def test_a_refusal_is_none(self):
        def refuse(statement):
            statement["predicate"]["verificationResult"] = "FAILED"
            statement["predicate"][DECISION]["result"] = "refused"

        outcome = self.changed(refuse)
        self.assert_code(outcome, 1)
        self.assertIn("FAILED", outcome.out)
        self.assertIn("launchgate-promote: error: the signature is good, and what it states is a refusal: nothing was promoted\n", outcome.err)

    def test_what_is_no_promotion_is_told(self):
        def put(place, value):
            def change(statement):
                at = statement
                for name in place[:-1]:
                    at = at[name]
                at[place[-1]] = value
            return change

        cases = {
            "another result": (put(["predicate", "verificationResult"], "PASS"), 'its result is "PASS"'),
            "a result that is no text": (put(["predicate", "verificationResult"], True), "it has no text at /predicate/verificationResult"),
            "a decision that says otherwise": (put(["predicate", DECISION, "result"], "refused"), 'its result is "PASSED", its decision "refused"'),
            "a result beside a promotion": (put(["predicate", "verificationResult"], "FAILED"), 'its result is "FAILED", its decision "promoted"'),
            "no decision": (put(["predicate", DECISION], {}), "it has no text at /predicate/"),
            "another type": (put(["_type"], "https://in-toto.io/Statement/v0.1"), '/_type is "https://in-toto.io/Statement/v0.1", not "https://in-toto.io/Statement/v1"'),
            "another predicate": (put(["predicateType"], "https://slsa.dev/provenance/v1"), '/predicateType is "https://slsa.dev/provenance/v1"'),
            "another verifier": (put(["predicate", "verifier", "id"], "https://example.com/other"), "/predicate/verifier/id is "),
            "no time": (put(["predicate", "timeVerified"], ""), "it has no text at /predicate/timeVerified"),
            "no subject": (lambda statement: statement.pop("subject"), "it is about no image"),
            "an empty subject": (put(["subject"], []), "it is about no image"),
            "a subject of another kind": (put(["subject"], {"name": "cloud"}), "it is about no image"),
            "a subject without digest": (put(["subject"], [{"name": "cloud", "digest": {"md5": "0" * 32}}]), "it has no text at /digest/sha256"),
            "a digest that is none": (put(["subject", 0, "digest", "sha256"], "0" * 63 + "g"), "is no SHA-256"),
            "a subject that is a text": (put(["subject"], ["cloud"]), "it has no text at /name"),
            "no predicate": (put(["predicate"], None), "it has no text at /predicate/verifier/id"),
        }
        for name, (change, message) in cases.items():
            with self.subTest(name):
                outcome = self.changed(change)
                self.assert_code(outcome, 1)
                self.assertEqual(outcome.out, "")
                self.assertIn(NOT_ONE, outcome.err)
                self.assertIn(message, outcome.err)

    def test_odd_documents(self):
        for payload in (b"{}", b"[]", b"null", b'"PASSED"', b"0"):
            with self.subTest(payload):
                outcome = self.verify(payload)
                self.assert_code(outcome, 1)
                self.assertIn(NOT_ONE, outcome.err)
        for payload in (b"", b"PASSED", b"{", b'{"_type": "a", "_type": "b"}', json.dumps(self.statement).encode() + b"\0"):
            with self.subTest(payload[:20]):
                self.assert_code(self.verify(payload), 1)

    def test_another_payload_type(self):
        outcome = self.verify(self.statement, kind="application/json")
        self.assert_code(outcome, 1)
        self.assertIn("was changed after it was signed", outcome.err)

    def test_a_hostile_text_is_inert(self):
        def change(statement):
            statement["predicate"]["verificationResult"] = "\x1b[2J\u202e::error::x"

        outcome = self.changed(change)
        self.assert_code(outcome, 1)
        self.assertNotIn("\x1b", outcome.err)
        self.assertNotIn("\u202e", outcome.err)


if __name__ == "__main__":
    unittest.main()
