import datetime
import hashlib
import json
import os
import random
import re
import shutil
import string
import subprocess
import unittest

from evidence import COMMIT, DIGESTS, TIER, EvidenceTest, stamp, utc_now
from support import SOURCE

ITEM = "workerFailover"


class Decision(EvidenceTest):
    def now(self):
        return stamp(utc_now() + datetime.timedelta(seconds=1))

    def decide(self, *arguments, **keywords):
        return self.promote("--decision", self.scratch / "decision.json", *arguments, **keywords)

    def decision(self):
        return json.loads((self.scratch / "decision.json").read_text())

    def keys(self, algorithm):
        private, public = self.scratch / f"{algorithm}.pem", self.scratch / f"{algorithm}.pub.pem"
        options = ["-algorithm", "ed25519"] if algorithm == "ed25519" else ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        if algorithm == "sec1":
            subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-out", private], check=True, stderr=subprocess.DEVNULL)
        else:
            subprocess.run(["openssl", "genpkey", *options, "-out", private], check=True, stderr=subprocess.DEVNULL)
        subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True)
        return private, public

    def test_success_says_so(self):
        outcome = self.promote()
        self.assertTrue(outcome.out.startswith(f"{TIER} promotion gate validated\n"), outcome)
        outcome = self.tool("launchgate-promote")
        self.assert_code(outcome, 0)
        self.assertTrue(outcome.out.startswith("local-self-host-beta promotion gate validated\n"), outcome)

    def test_flags_and_environment(self):
        for prefix in ("OPEN_COWORK_", "LAUNCHGATE_"):
            env = {prefix + "RELEASE_CLAIM_TIER": TIER, prefix + "PROMOTION_EVIDENCE_MANIFEST": str(self.record), prefix + "EXPECTED_COMMIT_SHA": COMMIT,
                   prefix + "CLOUD_IMAGE_JSON": str(self.image_file("cloud")), prefix + "GATEWAY_IMAGE_JSON": str(self.image_file("gateway"))}
            outcome = self.tool("launchgate-promote", "--", env=env)
            self.assert_code(outcome, 0)
            self.assertIn("commit and digests pinned", outcome.out)
            env[prefix + "EXPECTED_COMMIT_SHA"] = "1" * 20 + "2" * 20
            outcome = self.tool("launchgate-promote", env=env)
            self.assert_code(outcome, 1)
            self.assertIn("must match expected release commit", outcome.out)
            # A flag wins.
            self.assert_code(self.tool("launchgate-promote", "--expected-commit-sha", COMMIT, env=env), 0)
            self.assert_code(self.tool("launchgate-promote", "--tier", "local-self-host-beta", env={prefix + "RELEASE_CLAIM_TIER": TIER}), 0)

    def test_the_decision_holds_what_it_rests_on(self):
        now = self.now()
        self.assert_code(self.decide("--now", now), 0)
        decision = self.decision()
        self.assertEqual((decision["result"], decision["tier"], decision["unpinned"], decision["now"]), ("promoted", TIER, False, now))
        self.assertEqual(decision["commitSha"], COMMIT)
        self.assertEqual(decision["imageDigests"], DIGESTS)
        self.assertEqual(len([one for one in decision["requirements"] if "item" in one]), 15)
        self.assertEqual({one["status"] for one in decision["requirements"]}, {"met"})
        inputs = {one["role"]: one for one in decision["inputs"]}
        self.assertEqual(inputs["evidence-record"]["sha256"], hashlib.sha256(self.record.read_bytes()).hexdigest())
        self.assertEqual(inputs["evidence-record"]["path"], "record.json")
        self.assertIn("evidence-matrix", inputs)
        self.assertIn("cloud-image", inputs)
        self.assertNotIn(str(self.scratch), json.dumps(decision))
        self.assert_code(self.decide("--now", now, pinned=False), 0)
        self.assertTrue(self.decision()["unpinned"])

    def test_equal_inputs_give_equal_bytes(self):
        now = self.now()
        private, _ = self.keys("p256")
        texts = set()
        for _ in range(3):
            self.assert_code(self.decide("--now", now), 0)
            texts.add((self.scratch / "decision.json").read_bytes())
        self.assertEqual(len(texts), 1)
        texts = set()
        for _ in range(3):
            self.assert_code(self.decide("--now", now, "--sign", private), 0)
            texts.add((self.scratch / "decision.json").read_bytes())
        self.assertEqual(len(texts), 1)

    def test_an_old_decision_does_not_survive(self):
        path = self.scratch / "decision.json"
        for words in (["--tier", "nonsense"], ["--config", "/nowhere.json"], ["--max-age", "soon"], ["--manifest", "/nowhere.json", "--tier", TIER]):
            path.write_text('{"result": "promoted"}')
            outcome = self.tool("launchgate-promote", "--decision", path, *words)
            self.assertNotEqual(outcome.code, 0)
            self.assertFalse(path.exists() and json.loads(path.read_text())["result"] == "promoted", words)
        self.assert_code(self.promote("--decision", self.scratch / "no" / "folder.json"), 3)
        self.assert_code(self.promote("--decision", self.scratch), 3)

    def test_the_statement(self):
        outcome = self.promote("--format", "intoto", "--now", self.now())
        self.assert_code(outcome, 0)
        statement = json.loads(outcome.out)
        self.assertEqual(statement["_type"], "https://in-toto.io/Statement/v1")
        self.assertEqual(statement["predicateType"], "https://slsa.dev/verification_summary/v1")
        self.assertEqual({one["name"]: "sha256:" + one["digest"]["sha256"] for one in statement["subject"]}, DIGESTS)
        self.assertEqual(statement["predicate"]["verificationResult"], "PASSED")
        self.assertEqual(statement["predicate"]["https://launchgate.dev/decision"]["tier"], TIER)
        # In a file of its own, beside the decision.
        self.assert_code(self.decide("--format", f"intoto={self.scratch / 'statement.json'}"), 0)
        self.assertEqual(self.decision()["purpose"], "promotion-decision")
        self.assertEqual(json.loads((self.scratch / "statement.json").read_text())["_type"], "https://in-toto.io/Statement/v1")
        record = self.read_record()
        self.item(record, ITEM)["status"] = "private-fail"
        self.write_record(record)
        outcome = self.promote("--format", "intoto")
        self.assert_code(outcome, 1)
        self.assertEqual(json.loads(outcome.out)["predicate"]["verificationResult"], "FAILED")

    def test_the_envelope_verifies_here_and_with_openssl(self):
        for algorithm in ("ed25519", "p256", "sec1"):
            with self.subTest(algorithm):
                private, public = self.keys(algorithm)
                self.assert_code(self.decide("--sign", private), 0)
                path = self.scratch / "decision.json"
                outcome = self.tool("launchgate-promote", "--verify", path, "--key", public)
                self.assert_code(outcome, 0)
                self.assertIn(f"{TIER} at", outcome.out)
                self.assertIn("PASSED", outcome.out)
                # The commands of docs/tools/launchgate-promote.md, as they stand there.
                page = (SOURCE / "docs/tools/launchgate-promote.md").read_text()
                script = re.search(r"<!-- verify -->\s*```sh\n(.*?)```", page, re.S).group(1)
                shutil.copy(public, self.scratch / "pub.pem")
                done = subprocess.run(["sh", "-e", "-c", script], cwd=self.scratch, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
                self.assertEqual(done.returncode, 0, done.stdout)
                self.assertIn(b"Verified Successfully", done.stdout)
                envelope = path.read_bytes()
                for place in range(0, len(envelope), max(1, len(envelope) // 60)):
                    changed = bytearray(envelope)
                    changed[place] ^= 1
                    path.write_bytes(changed)
                    self.assert_code(self.tool("launchgate-promote", "--verify", path, "--key", public), 1)
                path.write_bytes(envelope)
                other = self.keys("ed25519" if algorithm != "ed25519" else "p256")[1]
                self.assert_code(self.tool("launchgate-promote", "--verify", path, "--key", other), 1)

    def test_nobody_is_told_of_a_promotion_without_its_decision(self):
        outcome = self.promote("--decision", "/proc/decision.json")
        self.assert_code(outcome, 3)
        self.assertEqual(outcome.out, "")
        self.assertIn("launchgate-promote: error: /proc/decision.json: ", outcome.err)

    def test_a_disk_that_cannot_hold_the_decision(self):
        if os.geteuid() != 0:
            self.skipTest("mounting needs root")
        folder = self.scratch / "small"
        folder.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder], check=False, stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("no mounting here")
        self.addCleanup(subprocess.run, ["umount", "-l", folder], check=False)
        path = folder / "decision.json"
        path.write_text('{"result": "promoted"}')
        try:
            with open(folder / "filler", "wb", buffering=0) as filler:
                while True:
                    filler.write(b"x" * 4096)
        except OSError:
            pass
        self.assert_code(self.promote("--decision", path), 3)
        self.assertFalse(path.exists() and path.stat().st_size > 0, "an old or half a decision is left")
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        outcome = self.promote("--decision", path)
        self.assert_code(outcome, 3)
        self.assertNotIn("validated", outcome.out)

    def test_waivers_lift_no_evidence(self):
        """What cannot be read, what says which evidence is needed, and the evidence itself stay needed whatever is waived."""
        day = utc_now().date().isoformat()
        honest = self.record.read_text()
        matrix = "deploy/load/launch-evidence-matrix.json"

        def all_waived(expected):
            found = {(one["rule"], one["file"]) for one in self.promote("--format", "json").json()["findings"] if one["severity"] == "error"}
            self.assertTrue(found)
            self.waive(*({"rule": rule, "scope": {"file": file} if file else {"tier": TIER}, "owner": "release manager", "reason": "agreed in the review", "expires": day} for rule, file in found))
            outcome = self.promote()
            self.assert_code(outcome, expected)
            (self.root / "launchgate-waivers.json").unlink()
            return outcome

        for name, text in (("no JSON", "{"), ("a list", "[]"), ("nothing in it", "{}"), ("a duplicate key", honest.replace('"requiredEvidence"', '"requiredEvidence": [], "requiredEvidence"', 1))):
            with self.subTest(name):
                self.write_record(text)
                if name == "a duplicate key":
                    self.waive()
                    self.assert_code(self.promote(), 1)
                else:
                    all_waived(1)
        for change in (lambda i: i.pop("report"), lambda i: i.update(status="pending-private-evidence"), lambda i: i.update(checksum="none"), lambda i: i["report"].update(status="fail"),
                       lambda i: i["report"].update(dryRun=True), lambda i: i["report"].pop("commitSha"), lambda i: i.update(id="other")):
            record = json.loads(honest)
            change(self.item(record, ITEM))
            self.write_record(record)
            all_waived(1)
        self.write_record(honest)
        before = self.read(matrix)
        for change in (lambda m: m.pop("privateBetaEvidenceItems"), lambda m: m["privateBetaEvidenceItems"].update(items={}), lambda m: m["privateBetaEvidenceItems"]["items"].pop(ITEM),
                       lambda m: m["privateBetaEvidenceItems"]["items"][ITEM].update(requiredCommands=[]), lambda m: m["tiers"]["private-beta"].update(claimStatus="not-claimed"),
                       lambda m: m.clear()):
            value = json.loads(before)
            change(value)
            self.dump(matrix, value)
            outcome = all_waived(1)
            self.assertIn("cannot be waived", outcome.out)
        (self.root / matrix).unlink()
        all_waived(1)
        self.write(matrix, "{")
        all_waived(1)
        self.write(matrix, before)
        (self.root / "deploy/load/launch-readiness-targets.json").unlink()
        all_waived(1)

    def test_texts_that_pipelines_look_for(self):
        record = self.read_record()
        item = self.item(record, ITEM)
        record["targetTier"] = "public-beta"
        item["status"] = "private-fail"
        item["owner"] = "jane.doe" + "@acme-hosting.io"
        item["report"]["apiToken"] = "x"
        item["report"]["evidenceCommands"].remove("pnpm ops:validate")
        for one in record["requiredEvidence"]:
            one["report"]["commitSha"] = "1" * 20 + "2" * 20
            one["report"]["imageDigests"] = {"cloud": "sha256:" + "12" * 32, "gateway": "sha256:" + "34" * 32}
        self.write_record(record)
        texts = ["must be private-pass", "must not include private", "private-looking value", "targetTier must be private-beta", "evidenceCommands must include pnpm ops:validate",
                 "must match expected release commit", "must match pushed cloud image digest", "must match pushed gateway image digest"]
        for words in ([], ["--"], ["--", "--quiet", "--"]):
            outcome = self.promote(*words)
            self.assert_code(outcome, 1)
            for text in texts:
                self.assertIn(text, outcome.out)
        outcome = self.promote(tier="enterprise-ready")
        self.assertIn("enterprise-ready is not claimable", outcome.out)
        outcome = self.promote(manifest="deploy/private-beta/launch-evidence-record.template.json")
        self.assertIn("must not use the committed public launch evidence template", outcome.out)
        self.assertIn("launch evidence manifest validated", self.tool("launchgate-record", "--", "check", "--").out + self.tool("launchgate-record", "--").out)

    def test_images_are_those_of_the_configuration_given(self):
        """Options are named after the images of the ladder that applies, wherever the tool is started."""
        ladder = json.loads((SOURCE / "rules/tiers.json").read_text())
        ladder["images"] = ["portal", "relay"]
        self.dump("ladder.json", ladder)
        self.dump("other.json", {"schemaVersion": 1, "tiers": "ladder.json"})
        words = ["--root", self.root, "--config", self.root / "other.json", "--tier", TIER, "--manifest", self.record]
        files = ["--portal-image-json", self.image_file("cloud"), f"--relay-image-json={self.image_file('gateway')}"]
        outcome = self.tool("launchgate-promote", *words, *files, cwd=self.scratch)
        self.assert_code(outcome, 1)
        self.assertIn("imageDigests.portal is missing", outcome.out)
        self.assertNotIn("no pushed portal", outcome.out)
        outcome = self.tool("launchgate-promote", *words, "--cloud-image-json", self.image_file("cloud"), cwd=self.scratch)
        self.assert_code(outcome, 2)
        self.assertIn('there is no "cloud"', outcome.err)
        outcome = self.promote("--clod-image-json", self.image_file("cloud"))
        self.assert_code(outcome, 2)
        self.assertIn('did you mean "cloud"', outcome.err)
        self.assert_code(self.promote("--cloud-image-json", self.image_file("cloud")), 2)  # a second time

    def test_keys_that_are_none(self):
        path = self.scratch / "key.pem"
        path.write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
        outcome = self.decide("--sign", path)
        self.assert_code(outcome, 2)
        self.assertFalse((self.scratch / "decision.json").exists())
        self.assert_code(self.decide("--sign", "/nowhere.pem"), 3)
        self.assert_code(self.tool("launchgate-promote", "--verify", path), 2)

    def test_other_formats(self):
        record = self.read_record()
        self.item(record, ITEM)["status"] = "private-fail"
        self.write_record(record)
        outcome = self.promote("--format", "json")
        self.assert_code(outcome, 1)
        found = [one for one in outcome.json()["findings"] if one["rule"] == "promotion/item-status"]
        self.assertEqual(len(found), 1)
        self.assertRegex(found[0]["pointer"], r"^/requiredEvidence/\d+/status$")
        self.assertGreater(found[0]["line"], 1)
        self.assert_code(self.promote("--format", "sarif"), 1)

    def test_the_local_tier_is_the_lint_stage(self):
        self.assert_code(self.tool("launchgate-promote", "--tier", "local-self-host-beta"), 0)
        self.replace("deploy/load/launch-readiness-targets.json", '"soakDurationMs"', '"soakDurationMS"')
        outcome = self.tool("launchgate-promote", "--tier", "local-self-host-beta")
        self.assert_code(outcome, 1)
        self.assertIn("soakDurationMs", outcome.out)
        self.replace("deploy/load/launch-readiness-targets.json", '"soakDurationMS"', '"soakDurationMs"')
        # Whatever `launchgate check` finds refuses this tier: wording, links, leaks, forms, scripts.
        changes = [
            ("docs/runbooks/launch-readiness.md", "deploy:load:plan", "deploy:load:plans"),
            ("docs/release-checklist.md", "deploy:launch:validate", "deploy:launch:validates"),
            ("docs/runbooks/launch-readiness-report.md", "## Known Limits", "## Limits"),
            ("deploy/private-beta/private-beta-go-no-go.public.md", "\n\n", "\n\nMail jane.doe" + "@acme-hosting.io first.\n\n"),
            ("package.json", '"deploy:load:strict"', '"deploy:load:strikt"'),
            ("deploy/private-beta/launch-evidence-record.template.json", '"{issue}"', '"ghp' + "_" + "".join(random.Random(7).choices(string.ascii_letters + string.digits, k=36)) + '"'),
        ]
        for path, old, new in changes:
            with self.subTest(path):
                before = self.read(path)
                self.replace(path, old, new, count=-1 if "@" not in new else 1)
                rules = {one["rule"] for one in self.tool("launchgate", "check", "--format", "json").json()["findings"]}
                self.assertTrue(rules)
                outcome = self.tool("launchgate-promote", "--tier", "local-self-host-beta")
                self.assert_code(outcome, 1)
                for rule in rules:
                    self.assertIn(rule, outcome.out)
                self.write(path, before)
        self.assert_code(self.tool("launchgate-promote", "--tier", "local-self-host-beta"), 0)

    def test_nothing_private_is_shown(self):
        record = self.read_record()
        mail = "jane.doe" + "@acme-hosting.io"
        self.item(record, ITEM)["owner"] = mail
        self.item(record, ITEM)["report"]["status"] = mail
        self.write_record(record)
        for words in ([], ["--format", "json"], ["--format", "sarif"], ["--format", "intoto"]):
            outcome = self.decide(*words)
            self.assert_code(outcome, 1)
            self.assertNotIn("jane", outcome.out + outcome.err)
            self.assertNotIn("jane", (self.scratch / "decision.json").read_text())

    def waive(self, *waivers):
        self.dump("launchgate-waivers.json", {"schemaVersion": 1, "waivers": list(waivers)})

    def test_waivers(self):
        record = self.read_record()
        self.item(record, ITEM)["report"]["note"] = "TBD"
        self.write_record(record)
        self.assert_code(self.promote(), 1)
        day = (utc_now().date()).isoformat()
        waiver = {"rule": "promotion/placeholder", "scope": {"item": ITEM}, "owner": "release manager", "reason": "the note is not evidence", "expires": day}
        self.waive(waiver)
        outcome = self.decide()
        self.assert_code(outcome, 0)
        self.assertRegex(outcome.out, rf"waived +{ITEM}")
        self.assertIn("waived by release manager until " + day, outcome.out)
        self.assertEqual(self.decision()["waivers"][0]["owner"], "release manager")
        self.waive({**waiver, "scope": {"item": "schedulerReplicaFailover"}})
        outcome = self.promote()
        self.assert_code(outcome, 1)
        self.assertIn("waivers/unused", outcome.out)
        for change, rule in (({"expires": "2020-01-01"}, "waivers/expired"), ({"expires": "2999-01-01"}, "waivers/too-long"), ({"owner": ""}, "waivers/malformed"),
                             ({"rule": "promotion/item-status"}, "waivers/forbidden"), ({"rule": "promotion/private-value"}, "waivers/forbidden")):
            self.waive({**waiver, **change})
            outcome = self.promote()
            self.assert_code(outcome, 1)
            self.assertIn(rule, outcome.out)


if __name__ == "__main__":
    unittest.main()
