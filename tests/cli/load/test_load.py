"""launchgate-load against the stand-in: what it counts and times is what the stand-in did, and every fault has its name."""

import base64
import hashlib
import json
import pathlib
import signal
import socket
import unittest

import support
from evidence import Signer
from standin import DIGESTS, EVERYTHING, LoadTest, Standin

SHORT = ["--duration-ms", "1400", "--concurrency", "4", "--request-rate", "80", "--profile", "private-beta"]
CLOUD_ONLY = ["--skip-gateway", *DIGESTS]


class Contract(LoadTest):
    def test_short_run_samples_everything(self):
        done = self.load(Standin(self), *SHORT, *EVERYTHING)
        result = done.json()
        self.assertEqual(set(result), {"ok", "mode", "profileName", "result", "jsonPath", "markdownPath", "warnings", "failedChecks"})
        self.assertEqual(self.judged(done)[1], [], done)
        report = self.report(done)
        self.assertEqual(report["summary"]["categories"]["mutation"]["failures"], 0)
        for name, stats in report["summary"]["operations"].items():
            self.assertGreater(stats["count"], 0, name)
        self.assertTrue(pathlib.Path(result["markdownPath"]).read_text().startswith("# Open Cowork Launch Readiness Report: load, private-beta\n"))

    def test_a_run_signs_its_report_and_its_timeline(self):
        standin = Standin(self)
        signer = Signer(self.scratch)
        done = self.load(standin, "--duration-ms", "300", "--sign-key", signer.private, *EVERYTHING)
        report = pathlib.Path(done.json()["jsonPath"])
        statement = json.loads(base64.b64decode(json.loads(report.with_suffix(".intoto.json").read_text())["payload"]))
        self.assertEqual(self.report(done)["attestation"], report.with_suffix(".intoto.json").name)
        timeline = pathlib.Path(str(report).replace("-report.json", "-timeline.jsonl"))
        self.assertEqual({one["name"]: one["digest"]["sha256"] for one in statement["subject"]},
                         {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (report, timeline)})
        checks = self.report(done)["gates"]["checks"]
        predicate = statement["predicate"]
        self.assertEqual((predicate["passedTests"], predicate["failedTests"]),
                         tuple([check["name"] for check in checks if check["status"] == wanted] for wanted in ("pass", "fail")))
        self.assertEqual(predicate["result"], {"go": "PASSED", "conditional-go": "WARNED", "no-go": "FAILED"}[done.json()["result"]])
        self.assertTrue({"target profiles", "operation catalogue", "plan"} <= {one["name"] for one in predicate["configuration"]})
        # Neither a plan nor a recovered report is signed; a variable that is set for runs does not concern them.
        for words in (["--plan"], ["--recover", timeline]):
            self.assertEqual(self.load(standin, *words, "--sign-key", signer.private).code, 2)
        self.assertEqual(self.load(standin, "--plan", env={"LAUNCHGATE_EVIDENCE_SIGN_KEY_FILE": str(signer.private)}).code, 0)
        done = self.load(standin, "--sign-key", signer.public)
        self.assertEqual((done.code, "PRIVATE KEY" in done.err), (2, True))

    def test_plan_sends_nothing(self):
        standin = Standin(self)
        done = self.load(standin, "--plan", *EVERYTHING)
        self.assertEqual(done.code, 0, done)
        result = done.json()
        self.assertEqual(set(result), {"ok", "mode", "profileName", "planPath", "operations"})
        self.assertEqual(len(result["operations"]), 28)
        text = pathlib.Path(result["planPath"]).read_text()
        self.assertTrue(text.startswith("# Open Cowork Launch Readiness Plan: local-self-host-beta\n"))
        profile = json.loads(self.read("deploy/load/launch-readiness-targets.json"))["profiles"]["local-self-host-beta"]
        for words in ("cloud-session-create", profile["description"], "| concurrentSseStreams | 10 |", "| maxOverallErrorRate | 0.02 |", "- Commit SHA: ", "- Gateway image digest: "):
            self.assertIn(words, text)
        plan = json.loads(pathlib.Path(result["planPath"]).with_suffix(".json").read_text())
        self.assertEqual((plan["description"], plan["targets"]["thresholds"], plan["imageDigests"].keys()),
                         (profile["description"], {key: value for key, value in profile["thresholds"].items()}, {"cloud", "gateway"}))
        self.assertEqual(sum(route["requests"] for route in standin.control("stats")["routes"].values()), 0)

    def test_counts_are_the_servers_own(self):
        standin = Standin(self, "--fault", "error:route=cloud-thread-*,status=503,rate=0.3", "--fault", "latency:minMs=0,maxMs=30")
        done = self.load(standin, "--duration-ms", "4000", "--concurrency", "60", "--request-rate", "150", "--profile", "private-beta", *EVERYTHING)
        report = self.report(done)
        routes = standin.control("stats")["routes"]
        probes = {"cloud-liveness", "cloud-session-list", "gateway-health", "gateway-prometheus-metrics"}
        for name, route in routes.items():
            ours = {}
            for key in (name, name + "-setup"):
                for status, n in report["summary"]["operations"].get(key, {"statuses": {}})["statuses"].items():
                    ours[status] = ours.get(status, 0) + n
            extra = (1 if name in probes else 0) + report["run"]["scrapes"].get(name, {"read": 0})["read"]
            ours["200"] = ours.get("200", 0) + extra
            theirs = dict(route["responses"])
            theirs.setdefault("200", 0)
            self.assertEqual(ours, theirs, name)
        self.assertGreater(report["summary"]["operations"]["cloud-thread-list"]["statuses"].get("503", 0), 0)
        self.assertEqual(done.code, 1)

    def test_flags_win_over_the_environment_and_only_true_is_true(self):
        standin = Standin(self)
        done = self.load(standin, "--duration-ms", "300", "--concurrency", "7", env={
            "OPEN_COWORK_LOAD_CONCURRENCY": "3", "OPEN_COWORK_LOAD_REQUEST_RATE": "40", "OPEN_COWORK_LOAD_INCLUDE_SSE": "1",
            "OPEN_COWORK_LOAD_SKIP_GATEWAY": "true", "LAUNCHGATE_LOAD_PROFILE": "public-beta"})
        report = self.report(done)
        self.assertEqual(report["run"]["concurrency"], 7)
        self.assertEqual(report["run"]["requestRatePerSecond"], 40)
        self.assertEqual(report["profileName"], "public-beta")
        self.assertFalse(report["evidence"]["environmentProfile"]["includeSse"])
        self.assertEqual(report["evidence"]["environmentProfile"]["gatewayUrl"], "skipped")
        self.assertEqual(self.judged(done), ("conditional-go", []))


class Latency(LoadTest):
    def test_stall_is_in_the_percentiles(self):
        standin = Standin(self, "--fault", "latency:ms=20", "--fault", "stall:route=cloud-*,afterMs=5000,forMs=2000")
        done = self.load(standin, "--duration-ms", "10000", "--concurrency", "800", "--request-rate", "200", *CLOUD_ONLY)
        read = self.report(done)["summary"]["categories"]["read"]
        self.assertGreaterEqual(read["p50LatencyMs"], 20)
        # A fifth of the arrivals falls into the stall, so the slowest hundredth waited for 95 % of it and more.
        self.assertGreater(read["p99LatencyMs"], 1920 * 0.95)


class Faults(LoadTest):
    def outcome(self, fault, *arguments):
        standin = Standin(self, "--fault", fault)
        done = self.load(standin, "--duration-ms", "700", "--concurrency", "20", "--request-rate", "40", "--timeout-ms", "600", *CLOUD_ONLY, *arguments)
        self.assertEqual(done.code, 1, done)
        return self.report(done)["summary"]["operations"]["cloud-session-list"]["statuses"]

    def test_each_fault_has_its_own_name(self):
        route = "route=cloud-session-list"
        def run(case):
            self.assertEqual(set(self.outcome(case[0])), {case[1]})

        self.together({
            f"reset:{route},when=head": "connection-reset",
            f"closed:{route}": "connection-closed",
            f"truncated:{route}": "truncated",
            f"wrong-length:{route},by=10": "body-timeout",
            f"wrong-length:{route},by=-1": "malformed-http",
            f"malformed:{route},variant=status-line": "malformed-http",
            f"malformed:{route},variant=garbage": "malformed-http",
            f"malformed:{route},variant=huge-header": "malformed-http",
            f"malformed:{route},variant=chunk": "malformed-http",
            f"malformed:{route},variant=json": "bad-body",
            f"hung:{route}": "header-timeout",
            f"slow-body:{route},bytesPerSecond=5": "body-timeout",
            f"oversized:{route}": "oversized",
            f"error:{route},status=503": "503",
            f"redirect:{route}": "302",
        }.items(), run)

    def test_odd_but_correct_answers_are_no_errors(self):
        def run(kind):
            standin = Standin(self, "--fault", kind)
            done = self.load(standin, "--duration-ms", "500", "--request-rate", "60", "--concurrency", "20", *DIGESTS)
            self.assertEqual(self.judged(done), ("conditional-go", []), done)

        self.together(["chunked", "gzip", "unframed", "interim"], run)

    def test_streams_that_end_are_opened_again(self):
        standin = Standin(self, "--fault", "sse-drop:lifeMs=400,how=reset", "--broadcast", "20")
        done = self.load(standin, "--duration-ms", "4000", "--request-rate", "5", "--include-sse", *DIGESTS)
        streams = self.report(done)["streams"]
        self.assertGreater(streams["reconnects"], 5)
        self.assertGreater(streams["drops"].get("connection-reset", 0), 5)
        self.assertEqual((streams["gaps"], streams["duplicates"]), (0, 0))

    def test_gaps_and_duplicates_are_seen(self):
        for kind, key in (("sse-gap:everyEvents=5", "gaps"), ("sse-duplicate:everyEvents=5", "duplicates")):
            with self.subTest(kind):
                standin = Standin(self, "--fault", kind, "--broadcast", "50")
                done = self.load(standin, "--duration-ms", "2000", "--request-rate", "5", "--include-sse", *DIGESTS)
                self.assertGreater(self.report(done)["streams"][key], 5)


class WrongUse(LoadTest):
    def test_unknown_profile(self):
        done = self.load(None, "--profile", "privat-beta")
        self.assertEqual(done.code, 2)
        self.assertIn('did you mean "private-beta"', done.err)

    def test_numbers_that_are_none(self):
        for arguments in (["--request-rate", "0"], ["--duration-ms", "-1"], ["--concurrency", "x"], ["--mode", "laod"], ["--cloud-url", "ftp://x"]):
            with self.subTest(arguments):
                self.assertEqual(self.load(None, *arguments).code, 2)

    def test_unreachable_host_fails_before_the_run(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        done = self.load(None, "--cloud-url", f"http://127.0.0.1:{port}", "--skip-gateway")
        self.assertEqual(done.code, 3, done)
        self.assertIn(f"127.0.0.1:{port}", done.err)
        self.assertIn("refused", done.err)
        done = self.load(None, "--cloud-url", "http://no-such-host.invalid", "--skip-gateway", "--timeout-ms", "1500")
        self.assertEqual(done.code, 3, done)
        self.assertIn("no-such-host.invalid", done.err)

    def test_wrong_token_stops_a_strict_run_at_once(self):
        standin = Standin(self)
        done = self.load(standin, "--strict", "--skip-gateway", env={"OPEN_COWORK_LOAD_CLOUD_TOKEN": "wrong" + "-token-0123456789"})
        self.assertEqual(done.code, 2, done)
        self.assertEqual({name: route["requests"] for name, route in standin.control("stats")["routes"].items() if route["requests"]},
                         {"cloud-liveness": 1, "cloud-session-list": 1})
        self.assertIn("refuses the Cloud token", done.err)

    def test_unwritable_folder_fails_before_any_traffic(self):
        standin = Standin(self)
        blocked = self.scratch / "file"
        blocked.write_text("")
        done = self.tool("launchgate-load", "--output-dir", blocked / "below", *SHORT, env=standin.environment)
        self.assertEqual(done.code, 3, done)
        self.assertEqual(sum(route["requests"] for route in standin.control("stats")["routes"].values()), 0)

    def test_certificates(self):
        authority = self.scratch / "ca.pem"
        good = Standin(self, "--tls", "--write-ca", str(authority))
        arguments = ["--duration-ms", "300", "--request-rate", "20", *DIGESTS]
        self.assertEqual(self.judged(self.load(good, *arguments, "--cacert", authority))[1], [])
        done = self.load(good, *arguments)
        self.assertEqual(done.code, 3, done)
        insecure = self.load(good, *arguments, "--insecure")
        self.assertEqual(self.judged(insecure)[1], [], insecure)
        self.assertTrue(any("not verified" in warning for warning in insecure.json()["warnings"]))
        for kind in ("expired", "self-signed", "wrong-host"):
            with self.subTest(kind):
                bad = Standin(self, "--tls", "--certificate", kind, "--write-ca", str(authority))
                # A self-signed certificate is its own authority, which nobody here has.
                done = self.load(bad, *arguments, *([] if kind == "self-signed" else ["--cacert", authority]))
                self.assertEqual(done.code, 3, done)
                self.assertIn("certificate", done.err)


class Interruptions(LoadTest):
    def test_signal_gives_a_report_and_130(self):
        process = self.start(Standin(self))
        self.wait_for_seconds(2)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=support.DEADLINE)
        self.assertEqual(process.returncode, 130)
        report = json.loads(pathlib.Path(json.loads(out)["jsonPath"]).read_text())
        self.assertTrue(report["interrupted"])
        self.assertEqual(report["gates"]["overall"], "no-go")

    def test_kill_loses_a_second_at_most(self):
        standin = Standin(self)
        process = self.start(standin)
        timeline = self.wait_for_seconds(6)
        process.kill()
        process.wait()
        with timeline.open("a") as file:
            file.write('{"at": 12')
        done = self.tool("launchgate-load", "--recover", timeline)
        self.assertEqual(done.code, 1, done)
        report = self.report(done)
        self.assertTrue(report["interrupted"])
        self.assertGreaterEqual(report["run"]["measuredMs"], 6000)
        self.assertIn("run-completed", done.json()["failedChecks"])
        served = sum(route["requests"] for route in standin.control("stats")["routes"].values())
        # Six seconds are written; of the next, a busy machine may have begun more than one.
        self.assertGreater(report["run"]["requestCount"], served / 2)


if __name__ == "__main__":
    unittest.main()
