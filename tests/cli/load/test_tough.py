"""launchgate-load against a deployment that misbehaves: each fault has its own counted error and the right verdict, and nothing hangs."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time
import unittest

import support
from standin import DIGESTS, EVERYTHING, LoadTest, Standin

BRIEF = ["--duration-ms", "2000", "--concurrency", "20", "--request-rate", "60", "--timeout-ms", "700", *EVERYTHING]
QUICK = ["--profile", "private-beta", *BRIEF]


class Verdicts(LoadTest):
    def judge(self, standin, *arguments, code=1):
        done = self.load(standin, *(arguments or QUICK))
        result, failed = self.judged(done)
        if code is not None:
            self.assertEqual(bool(failed), code == 1, done)
        return dict(done.json(), result=result, failedChecks=failed), self.report(done)

    def when_under_way(self, standin, fault):
        """The fault comes when more has been asked for than the first probes."""
        def install():
            support.until(lambda: sum(route["requests"] for route in standin.control("stats")["routes"].values()) > 10)
            standin.control("faults", "POST", fault)

        thread = threading.Thread(target=install)
        thread.start()
        self.addCleanup(thread.join)

    def test_connections(self):
        def run(case):
            kind, expected = case
            # Answers without a length close their connection, so that each request needs a new one.
            standin = Standin(self, "--fault", "unframed")
            self.when_under_way(standin, {"kind": kind, "service": "cloud", **({"backlog": 0} if kind == "hung-accept" else {})})
            result, report = self.judge(standin)
            self.assertIn("overall-error-rate", result["failedChecks"])
            seen = {}
            for stats in report["summary"]["operations"].values():
                for status, n in stats["statuses"].items():
                    seen[status] = seen.get(status, 0) + n
            self.assertGreater(sum(seen.get(status, 0) for status in expected), 5, seen)

        # The kernel completes the first connections that a server does not accept.
        self.together([("refused", ["connection-refused"]), ("hung-accept", ["connect-timeout", "header-timeout"]), ("closed-at-accept", ["connection-reset"])], run)

    def test_a_handshake_that_hangs(self):
        authority = self.scratch / "ca.pem"
        standin = Standin(self, "--tls", "--write-ca", str(authority), "--fault", "unframed")
        self.when_under_way(standin, {"kind": "hung-handshake", "service": "cloud"})
        _, report = self.judge(standin, *QUICK, "--cacert", authority)
        self.assertGreater(report["summary"]["operations"]["cloud-session-list"]["statuses"].get("tls-timeout", 0), 0)

    def test_metrics_decide(self):
        def run(case):
            result, _ = self.judge(Standin(self, "--fault", case[0]))
            self.assertEqual(result["failedChecks"], [case[1]])

        self.together({
            "metric-grow:metric=lag,from=500": "projection-lag",
            "metric-grow:metric=age,from=900000": "command-oldest-age",
            "metric-grow:metric=dead-letters,perSecond=2": "gateway-dead-letters",
            "metric-grow:metric=retries,perSecond=5": "gateway-retry-rate",
            "metric-grow:metric=reconnects,perSecond=5": "sse-reconnect-rate",
            "metric-grow:metric=rejections,perSecond=3": "quota-rejections",
        }.items(), run)

    def test_a_counter_that_starts_over_has_not_shrunk(self):
        standin = Standin(self, "--fault", "metric-grow:metric=dead-letters,from=50", "--fault", "metric-reset:metric=dead-letters,afterMs=1000")
        result, report = self.judge(standin, code=0)
        self.assertEqual(result["result"], "go")
        self.assertEqual(report["metrics"]["delta"]["open_cowork_gateway_delivery_dead_letters_total"], 0)
        self.assertEqual(report["metrics"]["resets"]["open_cowork_gateway_delivery_dead_letters_total"], 1)

    def test_metrics_that_are_not_there(self):
        def run(fault):
            result, _ = self.judge(Standin(self, "--fault", fault), code=0)
            self.assertEqual(result["result"], "conditional-go")
            self.assertIn("projection_lag", " ".join(result["warnings"]))
            result, _ = self.judge(Standin(self, "--fault", fault), *QUICK, "--strict")
            self.assertIn("metrics-available", result["failedChecks"])

        self.together(["metric-absent:metric=lag", "metric-absent:metric=lag,afterMs=1000", "metric-text:metric=lag,text=NaN"], run)

    def test_a_timestamp_is_not_the_value(self):
        result, _ = self.judge(Standin(self, "--fault", "metric-timestamp:metric=*"), code=0)
        self.assertEqual(result["result"], "go")

    def test_quotas(self):
        result, report = self.judge(Standin(self, "--limit", "http-requests=60"))
        self.assertIn("overall-error-rate", result["failedChecks"])
        read = report["summary"]["categories"]["read"]
        self.assertGreater(read["rejections"]["rate_limit.http_exceeded"], 0)
        self.assertEqual(read["outcomes"]["rejected"], read["failures"])
        self.assertIn("answered 429 rate_limit.http_exceeded", " ".join(read["sampleErrors"]))
        result, report = self.judge(Standin(self, "--limit", "prompts-per-hour=1"))
        self.assertIn("quota-rejections", result["failedChecks"])
        self.assertEqual(report["metrics"]["delta"]["open_cowork_cloud_quota_rejections_total"],
                         report["summary"]["operations"]["cloud-prompt-enqueue"]["rejections"]["quota.prompts_per_hour_exceeded"])

    def test_rejections_that_are_expected(self):
        result, report = self.judge(Standin(self, "--limit", "prompts-per-hour=1"), *QUICK, "--expect-quota-rejections", code=0)
        self.assertEqual(result["result"], "go")
        self.assertTrue(report["evidence"]["environmentProfile"]["expectQuotaRejections"])
        result, report = self.judge(Standin(self), *QUICK, "--expect-quota-rejections")
        self.assertEqual(result["failedChecks"], ["quota-rejections", "quota-rejections-expected"])
        # Streams that were refused are none of the server's counter, and are refused all the same.
        result, report = self.judge(Standin(self, "--limit", "prompts-per-hour=1", "--fault", "metric-absent:metric=rejections"), *QUICK, "--expect-quota-rejections", code=0)
        message = next(check["message"] for check in report["gates"]["checks"] if check["name"] == "quota-rejections-expected")
        self.assertRegex(message, r"this client was refused \d+ times \(\d+ × quota\.prompts_per_hour_exceeded\); open_cowork_cloud_quota_rejections_total was not read")

    def test_the_cause_is_named(self):
        def run(case):
            arguments, check, text = case
            _, report = self.judge(Standin(self, *arguments), code=None)
            messages = {one["name"]: one["message"] for one in report["gates"]["checks"]} | {"warnings": " ".join(report["gates"]["warnings"])}
            self.assertRegex(messages[check], text)

        self.together([
            (("--limit", "event-streams=10"), "sse-streams-held", r"\d+ refused with 429"),
            (("--fault", "error:status=429,route=cloud-prometheus-metrics,afterMs=1500"), "warnings", r"scrapes of Cloud \(\d+ × 429\)"),
            (("--fault", "error:status=403,code=no.scope,route=cloud-session-create"), "sessionCreatesPerMinute-attained", r"other answers: \d+ × 403"),
        ], run)

    def test_billing(self):
        result, report = self.judge(Standin(self, "--limit", "billing-sessions=0"))
        self.assertIn("cloud-session-create-operation-error-rate", result["failedChecks"])
        self.assertEqual(set(report["summary"]["operations"]["cloud-session-create"]["statuses"]), {"402"})

    def test_a_slow_deployment(self):
        done = self.load(Standin(self, "--fault", "latency:ms=400,route=cloud-*-list", "--fault", "token-check:ms=300"), "--profile", "enterprise-scale",
                         *BRIEF, "--sse", "probe", "--pacing", "shared")
        self.assertEqual(done.code, 1, done)
        self.assertIn("read-p95", done.json()["failedChecks"])

    def test_an_unreached_target_is_the_deployments(self):
        # A quarter of a second for each token, one at a time: four requests a second is all there is.
        result, report = self.judge(Standin(self, "--fault", "token-check:ms=250,servers=1"), *QUICK, "--pacing", "shared")
        self.assertIn("overall-error-rate", result["failedChecks"])
        self.assertGreater(report["summary"]["operations"]["cloud-session-list"]["statuses"].get("header-timeout", 0), 0)


class Streams(LoadTest):
    def streams(self, *arguments, duration="5000", code=0):
        done = self.load(Standin(self, "--broadcast", "20", *arguments), "--profile", "local-self-host-beta", "--duration-ms", duration, "--request-rate", "5", "--include-sse", *DIGESTS)
        _, failed = self.judged(done)
        if code:
            self.assertEqual(done.code, code, done)
        else:
            self.assertEqual(failed, [], done)
        return done.json(), self.report(done)["streams"]

    def test_each_event_once(self):
        result, streams = self.streams(duration="3000")
        self.assertEqual((streams["gaps"], streams["duplicates"], streams["missingEvents"], streams["malformed"], streams["reconnects"]), (0, 0, 0, 0, 0))
        self.assertGreaterEqual(streams["events"], 10 * 20 * 2)
        self.assertEqual(streams["heldMean"], 10)

    def test_silent_streams_are_not_held(self):
        result, streams = self.streams("--fault", "sse-silent:lifeMs=500", code=1)
        self.assertGreaterEqual(streams["silent"], 10)
        self.assertIn("sse-streams-held", result["failedChecks"])

    def test_what_is_lost_or_repeated_is_told(self):
        def run(case):
            result, _ = self.streams("--fault", case[0], duration="2000")
            self.assertIn(case[1], " ".join(result["warnings"]))

        self.together([("sse-gap:everyEvents=7", "skipped"), ("sse-duplicate:everyEvents=7", "again")], run)

    def test_a_server_that_replays_everything(self):
        result, streams = self.streams("--fault", "sse-replay-all", "--fault", "sse-drop:lifeMs=700,how=close", duration="3500", code=1)
        self.assertGreater(streams["reconnects"], 5)
        self.assertGreater(streams["ended"], 5)
        self.assertGreater(streams["duplicates"], 20)

    def test_other_spellings(self):
        def run(style):
            _, streams = self.streams("--fault", "sse-style:" + style, duration="2000")
            self.assertEqual((streams["gaps"], streams["duplicates"], streams["malformed"], streams["unnumbered"]), (0, 0, 0, 0))
            self.assertGreater(streams["events"], 100)

        self.together(["newline=cr,splitData=true", "newline=crlf,noSpace=true", "comment=true,retryMs=50"], run)

    def test_too_few_places(self):
        result, streams = self.streams("--limit", "event-streams=6", duration="3000", code=1)
        self.assertIn("sse-streams-held", result["failedChecks"])
        self.assertGreater(streams["refused"], 3)
        self.assertEqual(streams["heldMean"], 6)


class Disks(LoadTest):
    def small_disk(self, size):
        """A shell prefix that runs the rest of its arguments with a full disk soon to come in `self.out`."""
        if os.geteuid() != 0 or not shutil.which("unshare"):
            self.skipTest("a disk of one's own takes root and unshare")
        self.out.mkdir()
        prefix = ["unshare", "-m", "sh", "-c", f'mount -t tmpfs -o size={size} none {self.out} || exit 77; "$@"; code=$?; cp -r {self.out} {self.scratch}/kept; exit $code', "sh"]
        if subprocess.run([*prefix, "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            self.skipTest("no disk can be mounted here")
        shutil.rmtree(self.scratch / "kept")
        return prefix

    def test_a_disk_that_fills_up(self):
        prefix = self.small_disk("24k")
        standin = Standin(self)
        variables = {**os.environ, **standin.environment}
        done = subprocess.run([*prefix, str(support.BIN / "launchgate-load"), "--output-dir", str(self.out), "--duration-ms", "5000", "--request-rate", "200",
                               "--concurrency", "50", *EVERYTHING], cwd=self.root, env=variables, capture_output=True, timeout=support.DEADLINE, check=False)
        said = done.stderr.decode()
        self.assertEqual(done.returncode, 3, said)
        self.assertIn("No space left on device", said)
        self.assertIn("timeline cannot be written", said)
        # What could not be written is not half there.
        for path in (self.scratch / "kept").glob("*.json"):
            json.loads(path.read_text())
        result = json.loads(done.stdout)
        self.assertIn(result["result"], ("go", "no-go", "conditional-go"))

    def test_a_folder_that_is_not_writable(self):
        if os.geteuid() == 0:
            self.out = pathlib.Path("/proc/launchgate-test")
        else:
            self.out.mkdir()
            self.out.chmod(0o555)
        standin = Standin(self)
        done = self.tool("launchgate-load", "--output-dir", self.out, *QUICK, env=standin.environment)
        self.assertEqual(done.code, 3, done)
        self.assertIn("--output-dir", done.err)
        self.assertEqual(sum(route["requests"] for route in standin.control("stats")["routes"].values()), 0)


class Endings(LoadTest):
    def hang(self, standin):
        self.wait_for_seconds(1)
        standin.control("faults", "POST", {"kind": "hung"})
        support.until(lambda: standin.control("stats")["routes"]["cloud-session-list"]["requests"] > sum(
            standin.control("stats")["routes"]["cloud-session-list"]["responses"].values()))

    def test_a_deployment_that_hangs_does_not_keep_it_from_ending(self):
        standin = Standin(self)
        process = self.start(standin, "--timeout-ms", "2000")
        self.hang(standin)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=support.DEADLINE)
        self.assertEqual(process.returncode, 130)
        self.assertEqual(json.loads(out)["result"], "no-go")

    def test_a_second_signal_ends_it_at_once(self):
        standin = Standin(self)
        process = self.start(standin, "--timeout-ms", "3600000")
        self.hang(standin)
        process.send_signal(signal.SIGINT)

        def ended():
            time.sleep(0.5)  # two signals that come together would be one
            process.send_signal(signal.SIGINT)
            return process.poll() is not None

        support.until(ended)
        process.communicate(timeout=support.DEADLINE)
        self.assertEqual(process.returncode, 130)
        # The timeline is there all the same.
        [timeline] = self.out.glob("*-timeline.jsonl")
        self.assertEqual(self.load(None, "--recover", timeline).code, 1)

    def test_a_timeline_that_is_none(self):
        for text in ("", "{}\n", "[]\n", '{"journal": 1}\n', "\0" * 100, '{"journal": 99}\n' * 3):
            with self.subTest(text[:20]):
                self.write("x-timeline.jsonl", text)
                done = self.load(None, "--recover", self.root / "x-timeline.jsonl")
                self.assertIn(done.code, (2, 3), done)
                self.assertIn("x-timeline.jsonl", done.err)
        self.assertEqual(self.load(None, "--recover", self.root / "absent.jsonl").code, 3)


TROUBLES = ("connection-leak", "stale-sse-cursor", "projection-lag-growth", "command-backlog-growth", "worker-lease", "scheduler-claim-drift", "retry-loop",
            "dead-letter-growth", "quota-interference")


class Soak(LoadTest):
    def test_a_short_soak(self):
        done = self.load(Standin(self), "--mode", "soak", "--strict", "--profile", "private-beta", "--duration-ms", "14000", "--warmup-ms", "1000", *EVERYTHING)
        self.assertEqual(self.judged(done), ("go", []), done)
        checks = {check["name"]: check["status"] for check in self.report(done)["gates"]["checks"]}
        for trouble in TROUBLES:
            self.assertEqual(checks[trouble], "pass", trouble)
        result, report = done.json(), self.report(done)
        self.assertEqual(result["mode"], "soak")
        self.assertIn("-soak-report.json", result["jsonPath"])
        self.assertEqual(report["evidence"]["command"], "pnpm deploy:soak:strict")
        self.assertGreater(report["run"]["warmupRequests"], 0)
        self.assertGreaterEqual(report["run"]["measuredMs"], 14000)
        self.assertTrue(all(one["judged"] for one in report["soak"]["series"] if one["name"] in ("memory", "open-files")), report["soak"])

    def test_a_trouble_is_named_from_the_report_and_from_the_journal(self):
        standin = Standin(self, "--fault", "metric-grow:metric=descriptors,perSecond=40", "--fault", "metric-grow:metric=stale-owners,perSecond=2")
        done = self.load(standin, "--mode", "soak", "--profile", "private-beta", "--duration-ms", "14000", *EVERYTHING)
        failed = self.judged(done)[1]
        self.assertIn("connection-leak", failed)
        self.assertIn("worker-lease", failed)
        report = self.report(done)
        message = next(check["message"] for check in report["gates"]["checks"] if check["name"] == "connection-leak")
        self.assertRegex(message, r"open-files of (cloud|gateway) grows by [\d.]+ an hour from [\d.]+ descriptors")
        self.assertIn("## Soak Analysis", pathlib.Path(done.json()["markdownPath"]).read_text())
        again = self.load(None, "--recover", pathlib.Path(done.json()["jsonPath"].replace("-report.json", "-timeline.jsonl")))
        self.assertEqual(self.report(again)["soak"], report["soak"])
        self.assertEqual(set(self.judged(again)[1]) - {"run-completed"}, set(failed))

    def test_a_soak_too_short_for_a_trend_is_not_green(self):
        done = self.load(Standin(self), "--mode", "soak", "--profile", "private-beta", "--duration-ms", "2000", *EVERYTHING)
        self.assertEqual(self.judged(done), ("conditional-go", []))
        self.assertIn("there was not enough data for", " ".join(done.json()["warnings"]))

    def test_probed_streams_are_a_warning_in_a_soak_alone(self):
        arguments = ["--sse", "probe", "--profile", "private-beta", "--duration-ms", "2000", *EVERYTHING]
        self.assertEqual(self.judged(self.load(Standin(self), *arguments)), ("go", []))
        soak = self.load(Standin(self), "--mode", "soak", *arguments)
        self.assertEqual(self.judged(soak), ("conditional-go", []))
        self.assertIn("probed", " ".join(soak.json()["warnings"]))


if __name__ == "__main__":
    unittest.main()
