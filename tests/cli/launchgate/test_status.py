"""How far the way is, on the sample product, with an empty record and with a full one; as text, JSON and a page."""

import json
import unittest

import evidence
import support

NOW = ["--now", "2026-11-30T12:00:00Z"]


class StatusTest(evidence.EvidenceTest):
    def status(self, *arguments, **keywords):
        return self.tool("launchgate", "status", *arguments, **keywords)

    def empty_record(self):
        path = self.scratch / "empty.json"
        done = self.record_tool("init", "--tier", evidence.TIER, "--output", path)
        self.assertEqual(done.code, 0, done)
        return path

    def test_the_tier_that_takes_no_record(self):
        done = self.status()
        self.assertEqual(done.code, 0, done)
        self.assertIn("local-self-host-beta: nothing is missing", done.out)
        self.assertIn("$ launchgate promote --tier local-self-host-beta --decision FILE", done.out)

    def test_nothing_but_a_tier(self):
        done = self.status("--tier", evidence.TIER)
        self.assertEqual(done.code, 1, done)
        steps = [line.strip() for line in done.out.splitlines() if line.strip().startswith("$ ")]
        self.assertEqual(steps[0], f"$ launchgate record init --tier {evidence.TIER} --output RECORD")
        self.assertIn("$ launchgate record run --manifest RECORD --item deployedLoadTest", done.out)
        self.assertTrue(steps[-1].startswith("$ launchgate promote --tier"), steps)

    def test_an_empty_record_says_what_to_run_and_a_full_one_that_nothing_is_missing(self):
        done = self.status("--manifest", self.empty_record(), "--format", "json")
        self.assertEqual(done.code, 1, done)
        said = done.json()
        self.assertEqual((said["tier"], said["complete"]), (evidence.TIER, False))
        items = [one for one in said["requirements"] if one["item"]]
        self.assertEqual((len(items), {one["status"] for one in items}), (15, {"missing"}))
        commands = [step["command"] for step in said["next"]]
        self.assertTrue(any(command.endswith("-- pnpm deploy:failover:drill") and "--item workerFailover --also schedulerReplicaFailover" in command for command in commands), commands)
        for item in items:
            self.assertTrue(any(item["id"] in command.split() for command in commands), item["id"])
        full = self.status("--manifest", self.record, "--format", "json")
        self.assertEqual(full.code, 0, full)
        said = full.json()
        self.assertTrue(said["complete"])
        self.assertEqual({one["status"] for one in said["requirements"]}, {"met"})
        self.assertTrue(all(one["owner"] == "release manager" and one["finishedAt"] and one["goodUntil"] for one in said["requirements"] if one["item"]))
        self.assertIn("--expected-commit-sha SHA", said["next"][-1]["command"])

    def test_what_is_missing_is_named_with_its_command(self):
        record = self.read_record()
        item = self.item(record, "byokRedactionNoPlaintext")
        item["status"], item["report"] = "pending-private-evidence", None
        del item["report"]
        self.item(record, "workerFailover")["owner"] = ""
        self.write_record(record)
        done = self.status("--manifest", self.record)
        self.assertEqual(done.code, 1, done)
        self.assertIn("13 of 15 items met", done.out)
        self.assertRegex(done.out, r"missing +byokRedactionNoPlaintext")
        self.assertRegex(done.out, r"failed +workerFailover")
        self.assertIn("--item byokRedactionNoPlaintext -- pnpm test", done.out)
        self.assertIn("--item workerFailover", done.out)

    def test_the_table_fits_a_terminal(self):
        for arguments in ((), ("--tier", "enterprise-ready"), ("--manifest", self.record), ("--manifest", self.empty_record())):
            for line in self.status(*arguments).out.splitlines():
                if not line.strip().startswith("$ "):
                    self.assertLessEqual(len(line), 80, line)

    def test_in_public_there_is_nothing_private(self):
        record = self.read_record()
        item = self.item(record, "workerFailover")
        item["owner"], item["privateEvidenceRef"] = "Jane Doe, jane@corp.example", "s3://secret-bucket/evidence"
        item["publicRedactedSummary"] = "ran on db-7.internal"
        self.write_record(record)
        page = self.scratch / "status.html"
        done = self.status("--manifest", self.record, "--public", "--html", page, "--format", "json")
        self.assertIn(done.code, (0, 1), done)
        for text in (done.out, page.read_text()):
            for private in ("Jane", "corp.example", "secret-bucket", "db-7", str(self.scratch), "release manager"):
                self.assertNotIn(private, text)
            self.assertIn("workerFailover", text)

    def test_the_page_and_the_last_decision(self):
        decision, page = self.scratch / "decision.json", self.scratch / "status.html"
        self.assertEqual(self.promote("--decision", decision).code, 0)
        done = self.status("--manifest", self.record, "--decision", decision, "--html", page)
        self.assertEqual(done.code, 0, done)
        self.assertIn("last decision: private-hosted-beta, promoted", done.out)
        text = page.read_text()
        self.assertIn(">READY<", text)
        self.assertIn("default-src &#39;none&#39;", text)

    def test_wrong_use(self):
        self.assertEqual(self.status("--tier", "private-hosted-bet").code, 2)
        self.assertEqual(self.status("--manifest", self.scratch / "none.json").code, 3)
        self.assertEqual(self.status("--manifest", self.record, "--html", self.record).code, 2)
        self.assertTrue(self.record.exists())
        self.assertEqual(self.status("--decision", self.record).code, 3)


class DecisionPageTest(evidence.EvidenceTest):
    def test_a_promotion_as_a_page(self):
        page = self.scratch / "decision.html"
        self.assertEqual(self.promote("--html", page).code, 0)
        text = page.read_text()
        self.assertIn(">PROMOTED<", text)
        for word in (evidence.COMMIT, evidence.DIGESTS["cloud"], "deployedLoadTest", "figures judged again", "Taken on trust"):
            self.assertIn(word, text)
        record = self.read_record()
        self.item(record, "workerFailover")["report"]["status"] = "</script><b>"
        self.write_record(record)
        self.assertEqual(self.promote("--html", page).code, 1)
        text = page.read_text()
        self.assertIn(">REFUSED<", text)
        self.assertEqual(text.count("</script"), 1)

    def test_an_old_page_never_outlives_a_run(self):
        page = self.scratch / "decision.html"
        page.write_text("PROMOTED")
        self.assertNotEqual(self.promote("--html", page, manifest=self.scratch / "none.json").code, 0)
        self.assertFalse(page.exists() and "PROMOTED" == page.read_text())


if __name__ == "__main__":
    unittest.main()
