import fcntl
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import threading
import time
import unittest

from evidence import BUILD, COMMIT, DIGESTS, TEMPLATE, TIER, EvidenceTest, load_report, stamp, utc_now
from support import BIN, DEADLINE


class Check(EvidenceTest):
    def test_the_template_passes_and_is_no_go(self):
        outcome = self.record_tool()
        self.assert_code(outcome, 0)
        self.assertIn("launch evidence manifest validated", outcome.out)
        outcome = self.record_tool("check", "--require-private-pass")
        self.assert_code(outcome, 1)
        self.assertIn("must be private-pass", outcome.out)
        self.assertNotIn("launch evidence manifest validated", outcome.out)

    def test_an_honest_record_is_a_go(self):
        for words in ([], ["check"], ["--"]):
            outcome = self.record_tool(*words, "--manifest", self.record, "--require-private-pass", "--expected-target-tier", "private-beta")
            self.assert_code(outcome, 0)
            self.assertIn("launch evidence manifest validated", outcome.out)
        self.assert_code(self.record_tool("--manifest", self.record, "--require-private-pass", "--evidence-rot"), 2)

    def test_the_expected_tier(self):
        outcome = self.record_tool("--manifest", self.record, "--expected-target-tier", "public-beta")
        self.assert_code(outcome, 1)
        self.assertIn("targetTier must be public-beta", outcome.out)
        self.assert_code(self.record_tool("--manifest", self.record, "--expected-target-tier", TIER), 0)
        self.assert_code(self.record_tool("--manifest", self.record, "--expected-target-tier", "publik-beta"), 2)

    def test_json_stays_json(self):
        outcome = self.record_tool("--manifest", self.record, "--format", "json")
        self.assertEqual(outcome.json()["result"], "pass")

    def test_what_is_missing_is_not_zero(self):
        self.assert_code(self.record_tool("--manifest", "/nowhere.json"), 3)


class Fill(EvidenceTest):
    def fresh(self, name="fresh.json", tier=TIER):
        path = self.operations / name
        self.assert_code(self.record_tool("init", "--tier", tier, "--output", path), 0)
        return path

    def entry(self, path, item):
        return self.item(json.loads(path.read_text()), item)

    def run_verb(self, path, item, *command, options=(), **keywords):
        return self.record_tool("run", "--manifest", path, "--item", item, *BUILD, *options, "--", *command, **keywords)

    def test_init_changes_scope_and_tier_alone(self):
        path = self.fresh(tier="public-beta")
        ours, template = path.read_text().splitlines(), (self.root / TEMPLATE).read_text().splitlines()
        self.assertEqual(len(ours), len(template))
        changed = [line.strip() for line, old in zip(ours, template) if line != old]
        self.assertEqual(changed, ['"scope": "private-ops-record",', '"targetTier": "public-beta",'])
        before = path.read_bytes()
        outcome = self.record_tool("init", "--tier", TIER, "--output", path)
        self.assert_code(outcome, 3)
        self.assertEqual(path.read_bytes(), before)
        self.assert_code(self.record_tool("init", "--tier", "private-beta", "--output", self.operations / "x.json"), 2)
        self.assert_code(self.record_tool("init", "--tier", "local-self-host-beta", "--output", self.operations / "x.json"), 2)

    def test_run_records_what_happened(self):
        path = self.fresh()
        outcome = self.run_verb(path, "byokRedactionNoPlaintext", "pnpm", "test", options=["--owner", "security lead"])
        self.assert_code(outcome, 0)
        self.assertEqual(outcome.out, "running test\n")
        item = self.entry(path, "byokRedactionNoPlaintext")
        self.assertEqual(item["status"], "private-pass")
        self.assertEqual(item["owner"], "security lead")
        report = item["report"]
        self.assertEqual(report["command"], "pnpm test")
        self.assertEqual(report["evidenceCommands"], ["pnpm test"])
        self.assertEqual(report["commitSha"], COMMIT)
        self.assertEqual(report["imageDigests"], DIGESTS)
        self.assertEqual(report["sanitizedEnvironmentProfile"], {"profileName": "private-beta", "targetTier": "private-beta"})
        self.assertEqual(report["runs"][0]["exitStatus"], 0)
        log = self.operations / item["privateEvidenceRef"]
        self.assertEqual(log.read_text(), "running test\n")
        digest = hashlib.sha256(log.read_bytes()).hexdigest()
        self.assertEqual(item["checksum"], "sha256:" + digest)
        self.assertEqual(report["runs"][0]["sha256"], digest)
        alone = json.loads(log.with_suffix("").with_suffix(".report.json").read_text() if log.suffix == ".report" else (self.operations / (item["privateEvidenceRef"][:-4] + ".report.json")).read_text())
        self.assertEqual(alone["status"], "pass")

    def test_run_keeps_everything_else_byte_for_byte(self):
        path = self.fresh()
        before = path.read_text().splitlines()
        self.assert_code(self.run_verb(path, "byokRedactionNoPlaintext", "pnpm", "test"), 0)
        after = path.read_text().splitlines()
        start = next(i for i, line in enumerate(before) if '"byokRedactionNoPlaintext"' in line)
        end = next(i for i in range(start, len(before)) if before[i].strip() in ("},", "}"))
        self.assertEqual(after[:start + 1], before[:start + 1])
        tail = len(before) - end
        self.assertEqual(after[-tail:], before[-tail:])

    def test_compact_records_stay_compact(self):
        path = self.fresh()
        path.write_text(json.dumps(json.loads(path.read_text()), separators=(",", ":")))
        self.assert_code(self.run_verb(path, "byokRedactionNoPlaintext", "pnpm", "test"), 0)
        self.assertEqual(path.read_text().count("\n"), 0)
        self.assertEqual(self.entry(path, "byokRedactionNoPlaintext")["report"]["status"], "pass")

    def test_a_failing_command_is_recorded_as_failed(self):
        path = self.fresh()
        outcome = self.run_verb(path, "byokRedactionNoPlaintext", "sh", "-c", "echo before; echo trouble >&2; exit 7")
        self.assertEqual(outcome.code, 7)
        self.assertEqual(outcome.out, "before\n")
        self.assertIn("trouble\n", outcome.err)
        item = self.entry(path, "byokRedactionNoPlaintext")
        self.assertEqual(item["status"], "private-fail")
        self.assertEqual(item["report"]["status"], "fail")
        self.assertEqual(item["report"]["runs"][0]["exitStatus"], 7)
        # The next run of the item's own command does not hide it.
        self.assert_code(self.run_verb(path, "byokRedactionNoPlaintext", "pnpm", "test"), 0)
        self.assertEqual(self.entry(path, "byokRedactionNoPlaintext")["status"], "private-fail")

    def test_a_repeated_command_replaces_its_run_and_keeps_the_old_one(self):
        path = self.fresh()
        flag = self.scratch / "flag"
        command = ["sh", "-c", f"test -e {flag}"]
        self.assertEqual(self.run_verb(path, "byokRedactionNoPlaintext", *command).code, 1)
        flag.touch()
        self.assertEqual(self.run_verb(path, "byokRedactionNoPlaintext", *command).code, 0)
        report = self.entry(path, "byokRedactionNoPlaintext")["report"]
        self.assertEqual([run["status"] for run in report["runs"]], ["pass"])
        self.assertEqual([run["status"] for run in report["earlierRuns"]], ["fail"])
        # Another build: all that was moves to the history.
        other = ["--commit-sha", "1" * 20 + "2" * 20, "--cloud-image-digest", DIGESTS["cloud"], "--gateway-image-digest", DIGESTS["gateway"]]
        outcome = self.record_tool("run", "--manifest", path, "--item", "byokRedactionNoPlaintext", *other, "--", "pnpm", "test")
        self.assert_code(outcome, 0)
        report = self.entry(path, "byokRedactionNoPlaintext")["report"]
        self.assertEqual(report["evidenceCommands"], ["pnpm test"])
        self.assertEqual([entry.get("commitSha") for entry in report["earlierRuns"]], [None, COMMIT])

    def test_dry_runs_are_not_run(self):
        path = self.fresh()
        before = path.read_bytes()
        marker = self.scratch / "ran"
        package = self.load("package.json")
        package["scripts"]["drill"] = "node drill.mjs --dry-run"
        self.dump("package.json", package)
        for command in (["pnpm", "deploy:failover:drill", "--dry-run"], ["pnpm", "drill"], ["sh", "-c", f"touch {marker}; : dry-run"]):
            outcome = self.run_verb(path, "workerFailover", *command)
            self.assert_code(outcome, 1)
            self.assertIn("dry run", outcome.err)
        self.assertFalse(marker.exists())
        self.assertEqual(path.read_bytes(), before)
        # One that only its output tells is recorded as failed.
        script = self.scratch / "drill.sh"
        script.write_text('echo \'{"ok": true, "dryRun" : true}\'\n')
        outcome = self.run_verb(path, "workerFailover", "sh", script)
        self.assert_code(outcome, 1)
        self.assertEqual(self.entry(path, "workerFailover")["report"]["status"], "fail")

    def test_output_is_streamed(self):
        path = self.fresh()
        seen = self.scratch / "seen"
        process = subprocess.Popen([BIN / "launchgate-record", "run", "--manifest", path, "--item", "byokRedactionNoPlaintext", *BUILD, "--", "sh", "-c", f"echo first; until [ -e {seen} ]; do sleep 0.05; done; echo last"],
                                   cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        # The command goes on when its first line has been read, so that one that is held back is waited for in vain.
        watchdog = threading.Timer(DEADLINE, process.kill)
        watchdog.start()
        self.addCleanup(watchdog.cancel)
        self.assertEqual(process.stdout.readline(), b"first\n")
        seen.touch()
        self.assertEqual(process.stdout.read(), b"last\n")
        self.assertEqual(process.wait(), 0)
        process.stdout.close()

    def test_signals_are_passed_on(self):
        path = self.fresh()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            process = subprocess.Popen([BIN / "launchgate-record", "run", "--manifest", path, "--item", "workerFailover", *BUILD, "--", "sh", "-c",
                                        "trap 'echo caught; exit 42' TERM INT HUP; echo ready; while :; do sleep 0.05; done"],
                                       cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            self.assertEqual(process.stdout.readline(), b"ready\n")
            process.send_signal(number)
            self.assertEqual(process.stdout.read(), b"caught\n")
            self.assertEqual(process.wait(), 42)
            process.stdout.close()
            self.assertEqual(self.entry(path, "workerFailover")["report"]["status"], "fail")

    def test_a_timeout_ends_the_command_and_what_it_started(self):
        path = self.fresh()
        outcome = self.run_verb(path, "workerFailover", "sh", "-c", "sleep 3600 & sleep 3600", options=["--timeout", "300ms"])
        self.assertEqual(outcome.code, 124)
        run = self.entry(path, "workerFailover")["report"]["runs"][0]
        self.assertTrue(run["timedOut"])
        self.assertEqual(run["status"], "fail")

    def test_logs_and_commands_hold_no_private_values(self):
        path = self.fresh()
        mail = "jane.doe" + "@acme-hosting.io"
        outcome = self.run_verb(path, "workerFailover", "sh", "-c", f"echo mail {mail}")
        self.assert_code(outcome, 0)
        self.assertIn(mail, outcome.out)  # the person at the terminal sees what the command says
        item = self.entry(path, "workerFailover")
        log = (self.operations / item["privateEvidenceRef"]).read_text()
        self.assertNotIn(mail, log)
        self.assertIn("mail ***", log)
        self.assertNotIn(mail, path.read_text())

    def test_what_is_wrong_is_said_before_the_command_runs(self):
        path = self.fresh()
        marker = self.scratch / "ran"
        command = ["touch", marker]
        cases = [
            (["--manifest", path, "--item", "workerFailovr", *BUILD], 2),
            (["--manifest", path, "--item", "workerFailover", "--commit-sha", COMMIT], 2),
            (["--manifest", path, "--item", "workerFailover", *BUILD, "--commit-sha", "main"], 2),
            (["--manifest", path, *BUILD], 2),
            (["--item", "workerFailover", *BUILD], 2),
            (["--manifest", TEMPLATE, "--item", "workerFailover", *BUILD], 1),
            (["--manifest", self.operations / "none.json", "--item", "workerFailover", *BUILD], 3),
            (["--manifest", path, "--item", "workerFailover", *BUILD, "--timeout", "soon"], 2),
            (["--manifest", path, "--item", "workerFailover", *BUILD, "--log-dir", self.scratch / "elsewhere"], 2),
        ]
        for words, code in cases:
            with self.subTest(words=[str(word) for word in words[:4]]):
                self.assert_code(self.record_tool("run", *words, "--", *command), code)
        self.assertFalse(marker.exists())
        self.assert_code(self.run_verb(path, "workerFailover", "/no/such/program"), 2)
        self.assert_code(self.record_tool("run", "--manifest", path, "--item", "workerFailover", *BUILD), 2)

    def test_the_environment_gives_the_build(self):
        path = self.fresh()
        for prefix in ("OPEN_COWORK_", "LAUNCHGATE_"):
            env = {**self.package_manager(), prefix + "EVIDENCE_COMMIT_SHA": COMMIT, prefix + "EVIDENCE_CLOUD_IMAGE_DIGEST": DIGESTS["cloud"],
                   prefix + "EVIDENCE_GATEWAY_IMAGE_DIGEST": DIGESTS["gateway"]}
            self.assert_code(self.record_tool("run", "--manifest", path, "--item", "byokRedactionNoPlaintext", "--", "pnpm", "test", env=env), 0)
        self.git("add", "-A")
        self.git("commit", "-qm", "x")
        head = self.git("rev-parse", "HEAD").strip()
        self.assert_code(self.record_tool("run", "--manifest", path, "--item", "byokRedactionNoPlaintext", *BUILD[2:], "--", "pnpm", "test"), 0)
        self.assertEqual(self.entry(path, "byokRedactionNoPlaintext")["report"]["commitSha"], head)

    def test_a_report_alone(self):
        path = self.scratch / "smoke.json"
        self.assert_code(self.record_tool("run", "--report", path, *BUILD, "--", "pnpm", "deploy:smoke"), 0)
        report = json.loads(path.read_text())
        self.assertEqual(report["command"], "pnpm deploy:smoke")
        self.assertEqual(report["status"], "pass")

    def test_attach_takes_the_reports_word_and_checks_it(self):
        path = self.fresh()
        file = self.operations / "report.json"
        now = utc_now()
        cases = {
            "a go": (load_report("load", 300000, now), "private-pass"),
            "a failed check": (load_report("load", 300000, now, gates={"overall": "go", "checks": [{"name": "read-p95", "status": "fail", "message": "x"}], "warnings": []}), "private-fail"),
            "a no-go": (load_report("load", 300000, now, gates={"overall": "no-go", "checks": [], "warnings": []}), "private-fail"),
        }
        for name, (report, status) in cases.items():
            with self.subTest(name):
                file.write_text(json.dumps(report))
                self.attach(["quotaRateLimitBehavior"], file, "--owner", "load lead", manifest=path)
                item = self.entry(path, "quotaRateLimitBehavior")
                self.assertEqual(item["status"], status)
                self.assertEqual(item["checksum"], "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest())
                self.assertEqual(item["report"]["sanitizedEnvironmentProfile"]["profileName"], "private-beta")

    def test_attach_refuses_what_would_not_hold(self):
        path = self.fresh()
        before = path.read_bytes()
        file = self.operations / "report.json"
        outside = self.scratch / "report.json"
        outside.write_text(json.dumps(load_report("load", 300000, utc_now())))
        words = ["attach", "--manifest", path, "--item", "deployedLoadTest", "--file"]
        self.assert_code(self.record_tool(*words, outside), 2)
        self.assert_code(self.record_tool(*words, self.operations / "none.json"), 3)
        for text in ("{", "", " \n"):
            file.write_text(text)
            self.assert_code(self.record_tool(*words, file), 1)
        report = load_report("load", 300000, utc_now())
        report["evidence"]["commitSha"] = "unknown"
        file.write_text(json.dumps(report))
        self.assert_code(self.record_tool(*words, file), 2)
        report = load_report("load", 300000, utc_now())
        file.write_text(json.dumps(report))
        self.assert_code(self.record_tool(*words, file, "--commit-sha", "1" * 20 + "2" * 20), 2)
        report["evidence"]["note"] = "ask jane.doe" + "@acme-hosting.io"
        file.write_text(json.dumps(report))
        outcome = self.record_tool(*words, file)
        self.assert_code(outcome, 1)
        self.assertNotIn("jane", outcome.err)
        report = load_report("load", 300000, utc_now())
        report["evidence"]["apiToken"] = "x"
        file.write_text(json.dumps(report))
        self.assert_code(self.record_tool(*words, file), 1)
        self.assertEqual(path.read_bytes(), before)

    def test_any_file_can_be_attached(self):
        path = self.fresh()
        notes = self.operations / "notes.md"
        notes.write_text("# Costs\n\nnone\n")
        self.attach(["costSloNotes"], notes, "--owner", "finance", "--summary", "Costs were noted.", manifest=path)
        item = self.entry(path, "costSloNotes")
        self.assertEqual(item["privateEvidenceRef"], "notes.md")
        self.assertEqual(item["checksum"], "sha256:" + hashlib.sha256(notes.read_bytes()).hexdigest())
        self.assertEqual(item["status"], "pending-private-evidence")


class Durable(EvidenceTest):
    """What happens to the disk and to other processes must not cost evidence."""

    def setUp(self):
        super().setUp()
        self.path = self.operations / "durable.json"
        self.assert_code(self.record_tool("init", "--tier", TIER, "--output", self.path), 0)

    def words(self, item, *command, path=None):
        return [str(word) for word in (BIN / "launchgate-record", "run", "--manifest", path or self.path, "--item", item, *BUILD, "--", *command)]

    def test_two_at_once_lose_nothing(self):
        items = ["workerFailover", "schedulerReplicaFailover", "postgresBackupRestore", "objectStoreArtifactRoundTrip", "secretAdapterResolution", "byokRedactionNoPlaintext"]
        rounds = 4
        commands = [self.words(item, "sh", "-c", f"exit 0 # {number}") for number in range(rounds) for item in items]
        running = [subprocess.Popen(words, cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for words in commands]
        self.assertEqual({process.wait() for process in running}, {0})
        record = json.loads(self.path.read_text())
        for item in items:
            self.assertEqual(len(self.item(record, item)["report"]["runs"]), rounds, item)

    def test_a_kill_at_any_moment_leaves_valid_json_and_all_evidence(self):
        """200 processes are killed at random moments, two running at a time, beside others that finish."""
        rng = random.Random(7)
        note = self.operations / "note.md"
        note.write_text("x")
        kept = []
        killed = 0
        finished = 0
        while killed < 200:
            batch = []
            for _ in range(2):
                number = killed + finished + len(batch)
                if rng.random() < 0.25:
                    words = [str(BIN / "launchgate-record"), "attach", "--manifest", str(self.path), "--item", "costSloNotes", "--file", str(note), "--owner", f"owner {number}"]
                else:
                    words = self.words("workerFailover" if number % 2 else "schedulerReplicaFailover", "sh", "-c", f": run {number}")
                batch.append((number, words, subprocess.Popen(words, cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)))
            time.sleep(rng.random() * 0.06)
            for number, words, process in batch:
                if rng.random() < 0.9 and process.poll() is None:
                    process.kill()
                    process.wait()
                    killed += 1
                elif process.wait() == 0:
                    finished += 1
                    if "run" in words:
                        kept.append(f"sh -c : run {number}")
            text = self.path.read_text()
            record = json.loads(text)
            self.assertEqual(len(record["requiredEvidence"]), 15)
            there = {run["command"] for item in ("workerFailover", "schedulerReplicaFailover") for run in self.item(record, item).get("report", {}).get("runs", [])}
            self.assertLessEqual(set(kept), there)
        self.assertGreater(finished, 0)
        # A process that was killed holds no lock.
        self.assertEqual(subprocess.run(self.words("byokRedactionNoPlaintext", "true"), cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode, 0)

    def test_a_full_disk(self):
        if os.geteuid() != 0:
            self.skipTest("mounting needs root")
        folder = self.scratch / "small"
        folder.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], check=False, stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("no mounting here")
        self.addCleanup(subprocess.run, ["umount", "-l", folder], check=False)
        path = folder / "record.json"
        shutil.copy(self.path, path)
        before = path.read_bytes()
        free = os.statvfs(folder)
        (folder / "filler").write_bytes(b"x" * (free.f_bavail * free.f_bsize - 4096 * 5))
        codes = set()
        for number in range(12):
            done = subprocess.run(self.words("workerFailover", "sh", "-c", f"seq 1 2000; : {number}", path=path), cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
            codes.add(done.returncode)
            json.loads(path.read_text())
        self.assertIn(3, codes)
        self.assertLessEqual(codes, {0, 3})
        # To the last byte: the old record stays as it is.
        before = path.read_bytes()
        descriptor = os.open(folder / "filler", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            while True:
                os.write(descriptor, b"x" * 4096)
        except OSError:
            pass
        finally:
            os.close(descriptor)
        done = subprocess.run(self.words("workerFailover", "true", path=path), cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertEqual(path.read_bytes(), before)

    def test_a_read_only_folder(self):
        if os.geteuid() != 0:
            self.skipTest("mounting needs root")
        folder = self.scratch / "frozen"
        folder.mkdir()
        path = folder / "record.json"
        shutil.copy(self.path, path)
        before = path.read_bytes()
        if subprocess.run(["mount", "--bind", folder, folder], check=False, stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("no mounting here")
        self.addCleanup(subprocess.run, ["umount", "-l", folder], check=False)
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
        note = self.scratch / "note.md"
        note.write_text("x")
        for words in (self.words("workerFailover", "true", path=path), [str(BIN / "launchgate-record"), "attach", "--manifest", str(path), "--item", "workerFailover", "--file", str(note), "--ref", "note"]):
            done = subprocess.run(words, cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual(path.read_bytes(), before)

    def test_a_link_is_no_record(self):
        link = self.operations / "link.json"
        link.symlink_to(self.path)
        before = self.path.read_bytes()
        done = subprocess.run(self.words("workerFailover", "true", path=link), cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertEqual(self.path.read_bytes(), before)
        self.assertTrue(link.is_symlink())

    def test_a_record_that_is_replaced_meanwhile_is_left_alone(self):
        other = self.operations / "other.json"
        target = self.scratch / "target.json"

        def rewritten():
            other.write_text(self.path.read_text().replace("private-ops-record", "another-record"))
            os.replace(other, self.path)

        def same_bytes():
            shutil.copy(self.path, other)
            os.replace(other, self.path)

        def linked():
            shutil.copy(self.path, target)
            self.path.unlink()
            self.path.symlink_to(target)

        def edited():
            with open(self.path, "a", encoding="utf-8") as file:
                file.write("\n")

        def gone():
            self.path.unlink()

        original = self.path.read_bytes()
        for replace in (rewritten, same_bytes, linked, edited, gone):
            with self.subTest(replace.__name__):
                if self.path.is_symlink() or not self.path.exists():
                    self.path.unlink(missing_ok=True)
                self.path.write_bytes(original)
                process = subprocess.Popen(self.words("workerFailover", "sh", "-c", "echo ready; sleep 1"), cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                self.assertEqual(process.stdout.readline(), b"ready\n")
                replace()
                there = self.path.read_bytes() if self.path.exists() else None
                _, err = process.communicate()
                self.assertEqual(process.returncode, 3, err)
                self.assertIn(b"report", err)  # where the evidence is kept
                self.assertEqual(self.path.read_bytes() if self.path.exists() else None, there)

    def test_a_long_lock_is_waited_for(self):
        lock = self.operations / ".durable.json.lock"
        with open(lock, "w", encoding="utf-8") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            process = subprocess.Popen(self.words("workerFailover", "true"), cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            threading.Event().wait(0.5)
            self.assertIsNone(process.poll())
        self.assertEqual(process.wait(), 0)



class Drop(Fill):
    """A run that is withdrawn stays in the record, and counts no longer."""

    ITEM = "byokRedactionNoPlaintext"

    def drop(self, path, *arguments, code=0):
        outcome = self.record_tool("drop", "--manifest", path, "--item", self.ITEM, *arguments)
        self.assert_code(outcome, code)
        return outcome.out + outcome.err

    def script(self, status):
        """The item's own command, with a status that is chosen."""
        folder = self.scratch / "bin"
        folder.mkdir(exist_ok=True)
        (folder / "pnpm").write_text(f"#!/bin/sh\necho ran\nexit {status}\n")
        (folder / "pnpm").chmod(0o755)
        return {"PATH": f"{folder}:{os.environ['PATH']}"}

    def test_a_failing_run_is_withdrawn_and_the_one_before_it_counts_again(self):
        path = self.fresh()
        self.assert_code(self.run_verb(path, self.ITEM, "pnpm", "test", options=("--owner", "lead"), env=self.script(0)), 0)
        good = self.entry(path, self.ITEM)
        self.assertEqual(good["status"], "private-pass")
        self.run_verb(path, self.ITEM, "pnpm", "test", env=self.script(1))
        bad = self.entry(path, self.ITEM)
        self.assertEqual(bad["status"], "private-fail")
        self.assertRegex(self.drop(path), r"  1  .*  pass  pnpm test\n  2  .*  fail  pnpm test\n")
        self.assertIn("--reason is needed", self.drop(path, "--run", "2", code=2))
        self.assertIn("has no run 3", self.drop(path, "--run", "3", "--reason", "no such run", code=2))
        self.assertIn(f"{self.ITEM}: private-pass", self.drop(path, "--run", "2", "--reason", "the runner's disk was full"))
        now = self.entry(path, self.ITEM)
        self.assertEqual({key: now[key] for key in good if key != "report"}, {key: good[key] for key in good if key != "report"})
        withdrawn = now["report"]["earlierRuns"][-1]
        self.assertEqual(withdrawn["withdrawn"]["reason"], "the runner's disk was full")
        self.assertEqual(withdrawn["sha256"], bad["report"]["runs"][-1]["sha256"])
        self.assertEqual(now["report"]["startedAt"], good["report"]["startedAt"])
        self.assertRegex(self.drop(path), r"^  1  .*  pass  pnpm test\n$")

    def test_a_passing_run_is_withdrawn_the_same_way(self):
        path = self.fresh()
        self.run_verb(path, self.ITEM, "pnpm", "test", options=("--owner", "lead"), env=self.script(0))
        self.assertIn("still to run: pnpm test", self.drop(path, "--run", "1", "--reason", "it ran on the wrong build"))
        now = self.entry(path, self.ITEM)
        self.assertEqual((now["status"], now["checksum"], now["publicRedactedSummary"]), ("pending-private-evidence", "", ""))
        self.assertEqual(list(now["report"]), ["earlierRuns"])
        self.assertIn("has no run that counts", self.drop(path))
        self.run_verb(path, self.ITEM, "pnpm", "test", env=self.script(0))
        self.assertEqual(self.entry(path, self.ITEM)["status"], "private-pass")
        self.assertEqual(len(self.entry(path, self.ITEM)["report"]["earlierRuns"]), 1)

    def test_what_is_missing_names_the_option(self):
        path = self.fresh()
        outcome = self.run_verb(path, self.ITEM, "pnpm", "test", env=self.script(0))
        self.assertIn("still to fill in: owner (--owner)", outcome.err)


if __name__ == "__main__":
    unittest.main()
