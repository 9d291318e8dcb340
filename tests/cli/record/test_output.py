"""What `launchgate-record run` makes of a command's output."""

import hashlib
import json
import unittest

from evidence import BUILD, TIER, EvidenceTest

SILENT = "byokRedactionNoPlaintext"


class Output(EvidenceTest):
    def make_record(self):
        """Each test makes its own."""

    def run_in(self, name, item, *command):
        path = self.operations / f"{name}.json"
        self.assert_code(self.record_tool("init", "--tier", TIER, "--output", path, "--owner", "security lead"), 0)
        outcome = self.record_tool("run", "--manifest", path, "--item", item, *BUILD, "--", *command)
        return outcome, self.item(json.loads(path.read_text()), item)

    def test_lines_that_tell_a_dry_run(self):
        script = self.scratch / "drill.sh"
        for number, (line, is_dry) in enumerate([
                ("[dry-run] would restart worker 2", True), ("  DRY RUN", True), ("dry run: true", True), ("* dry_run mode, nothing is changed", True),
                ("dry-run: false", False), ("dry run is off, 3 workers restarted", False), ("use --dry-run to try first", False)]):
            with self.subTest(line):
                script.write_text(f"echo start\necho '{line}'\n")
                outcome, item = self.run_in(f"record-{number}", "workerFailover", "sh", script)
                self.assert_code(outcome, 1 if is_dry else 0)
                self.assertEqual("\n  the output says that it was a dry run\n" in outcome.err, is_dry, outcome)
                self.assertEqual(item["report"]["status"], "fail" if is_dry else "pass")

    def test_a_silent_command_leaves_a_log_too(self):
        """`git diff --check`, for one, says nothing when all is well."""
        self.package_manager()
        (self.scratch / "bin/pnpm").write_text("#!/bin/sh\nexit 0\n")
        outcome, item = self.run_in("record", SILENT, "pnpm", "test")
        self.assert_code(outcome, 0)
        self.assertEqual(item["status"], "private-pass")
        log = self.operations / item["privateEvidenceRef"]
        self.assertEqual(log.read_text(), f"[pnpm test printed nothing; it ended with 0 at {item['report']['finishedAt']}]\n")
        self.assertEqual(item["checksum"], "sha256:" + hashlib.sha256(log.read_bytes()).hexdigest())


if __name__ == "__main__":
    unittest.main()
