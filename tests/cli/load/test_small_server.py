"""launchgate-load against a server that owes nothing to the stand-in, and what its command line makes of URLs, tokens and profiles."""

import json
import pathlib
import unittest

import support
from small_server import ADMIN_TOKEN, CLOUD_TOKEN, SmallServer
from standin import EVERYTHING, LoadTest

SHORT = ["--duration-ms", "1400", "--concurrency", "4", "--request-rate", "80", "--profile", "private-beta"]
UNKNOWN = "-".join(["no", "such", "token"])


class Small(LoadTest):
    def test_short_strict_runs_are_go(self):
        def run(ways):
            server = SmallServer(self, *ways)
            done = self.load(server, "--strict", *SHORT, *EVERYTHING)
            self.assertEqual(self.judged(done), ("go", []), done)
            report = self.report(done)
            self.assertEqual(len([name for name in report["summary"]["operations"] if not name.endswith("-setup")]), 28)
            for name, stats in report["summary"]["operations"].items():
                self.assertGreater(stats["count"], 0, name)
            counted = report["run"]["requestCount"] + report["run"]["probeRequests"] + sum(one["read"] for one in report["run"]["scrapes"].values())
            self.assertEqual(counted, server.requests())

        self.together([(), ("minimal",), ("close",), ("http-1.0",), ("chunked",), ("no-length",), ("labels",)], run)

    def test_a_warmup_takes_no_sample_away(self):
        done = self.load(SmallServer(self), "--warmup-ms", "700", *SHORT, *EVERYTHING)
        self.assertEqual(self.judged(done)[1], [], done)
        self.assertGreater(self.report(done)["run"]["warmupRequests"], 0)

    def test_limits_of_one(self):
        server = SmallServer(self)
        done = self.load(server, *SHORT, *EVERYTHING, "--max-mutating-sessions", "1", "--max-mutating-artifacts", "1", "--max-mutating-workflows", "1")
        self.assertEqual(self.judged(done)[1], [], done)
        self.assertIn("--max-mutating-workflows", " ".join(done.json()["warnings"]))
        created = [n for (method, path, status), n in server.cloud.requests.items() if method == "POST" and status == 201]
        self.assertEqual(created, [1, 1, 1])

    def test_a_server_that_drops_what_it_has_read_is_not_idle(self):
        done = self.load(SmallServer(self, "drop"), *SHORT, *EVERYTHING)
        self.assertEqual(done.code, 1, done)
        report = self.report(done)
        self.assertIn("connection-closed", {status for one in report["summary"]["operations"].values() for status in one["statuses"]})
        self.assertGreater(report["connections"]["retriedAfterIdleClose"], 0)
        self.assertLessEqual(report["connections"]["retriedAfterIdleClose"], 20 + report["connections"]["reused"] // 50)
        self.assertIn("were sent again", pathlib.Path(done.json()["markdownPath"]).read_text())

    def test_a_short_soak(self):
        done = self.load(SmallServer(self), "--mode", "soak", *SHORT, *EVERYTHING)
        self.assertEqual(self.judged(done)[1], [], done)
        self.assertTrue(done.json()["jsonPath"].endswith("-private-beta-soak-report.json"))
        self.assertEqual(self.report(done)["evidence"]["command"], "pnpm deploy:soak")

    def test_messages_read_well(self):
        checks = {check["name"]: check["message"] for check in self.report(self.load(SmallServer(self), *SHORT, *EVERYTHING))["gates"]["checks"]}
        self.assertIn("was 0 events at worst; at most 25 is allowed", checks["projection-lag"])
        self.assertIn("grew by 0 deliveries a minute; at most 10 is allowed", checks["gateway-retry-rate"])


class Urls(LoadTest):
    def test_what_a_url_must_not_have_is_left_out(self):
        server = SmallServer(self)
        url = server.cloud.url.replace("http://", "HTTP://someone:hunter2pass@") + "/?key=q8Zt7#here"
        done = self.load(server, *SHORT, *EVERYTHING, "--cloud-url", url)
        self.assertEqual(self.judged(done)[1], [], done)
        self.assertIn("of --cloud-url are left out", done.err)
        self.assertEqual(self.report(done)["evidence"]["environmentProfile"]["cloudUrl"].lower(), server.cloud.url + "/")
        for text in (done.out, done.err, self.written()):
            for secret in ("someone", "hunter2pass", "q8Zt7"):
                self.assertNotIn(secret, text)

    def test_no_url_is_no_plan(self):
        for url in ("", "http://", "127.0.0.1:80", "ftp://example.com", "http://a b", "http://x:0", "someone:hunter2pass@example.com",
                    "http://someone:hunter2/pass@example.com", "http://someone:hunter2#pass@example.com"):
            for mode in ("plan", "load"):
                with self.subTest((url, mode)):
                    done = self.load(None, "--mode", mode, "--cloud-url", url)
                    self.assertEqual(done.code, 2, done)
                    self.assertIn("--cloud-url", done.err)
                    self.assertNotIn("hunter2", done.err)
        self.assertEqual(self.load(None, "--plan", "--skip-cloud", "--cloud-url", "nothing").code, 0)


class Inputs(LoadTest):
    def test_a_token_given_wins_over_a_file_in_the_environment(self):
        server = SmallServer(self)
        wrong = self.scratch / "wrong"
        wrong.write_text("no-such-token")
        right = self.scratch / "right"
        right.write_text(CLOUD_TOKEN + "\r\n")
        done = self.load(server, "--strict", *SHORT, *EVERYTHING, "--cloud-token", CLOUD_TOKEN, env={"OPEN_COWORK_LOAD_CLOUD_TOKEN_FILE": str(wrong)})
        self.assertEqual(self.judged(done)[1], [], done)
        done = self.load(server, "--strict", *SHORT, *EVERYTHING, "--cloud-token-file", right, env={"OPEN_COWORK_LOAD_CLOUD_TOKEN": UNKNOWN})
        self.assertEqual(self.judged(done)[1], [], done)
        done = self.load(server, *SHORT, "--cloud-token", CLOUD_TOKEN, "--cloud-token-file", right)
        self.assertEqual(done.code, 2, done)
        self.assertIn("both given", done.err)

    def test_each_token_has_its_second_variable(self):
        server = SmallServer(self)
        second = {name.replace("_LOAD_", "_SMOKE_"): value for name, value in server.environment.items()}
        done = self.load(None, "--strict", *SHORT, *EVERYTHING, env=second)
        self.assertEqual(self.judged(done)[1], [], done)
        self.assertIn(ADMIN_TOKEN, second.values())

    def test_a_profile_names_no_other_folder(self):
        targets = json.loads((self.root / support.TARGETS).read_text())
        for name in ("../outside", "a/b", "", ".hidden", "line\nbreak"):
            with self.subTest(name):
                targets["profiles"][name] = targets["profiles"]["private-beta"]
                file = self.scratch / "targets.json"
                file.write_text(json.dumps(targets))
                done = self.load(None, "--plan", "--targets", file, "--profile", name)
                self.assertEqual(done.code, 2, done)
        self.assertEqual([path for path in self.scratch.rglob("*readiness-plan*")], [])

    def test_targets_that_are_no_json_are_no_verdict(self):
        file = self.scratch / "targets.json"
        file.write_text("{")
        self.assertEqual(self.load(None, "--targets", file).code, 2)
        self.assertEqual(self.load(None, "--targets", self.scratch / "absent").code, 3)

    def test_authorities_that_cannot_be_read(self):
        done = self.load(SmallServer(self), *SHORT, "--cacert", self.scratch / "absent.pem")
        self.assertEqual(done.code, 3, done)
        self.assertIn("No such file", done.err)


class Metadata(LoadTest):
    def test_what_is_no_commit_or_digest_is_hidden(self):
        server = SmallServer(self)

        def shown(value):
            done = self.load(server, "--duration-ms", "50", "--request-rate", "20", "--commit-sha", value, "--cloud-image-digest", value)
            evidence = self.report(done)["evidence"]
            self.assertEqual(evidence["commitSha"], evidence["imageDigests"]["cloud"])
            return evidence["commitSha"]

        for value in ("xoxb" + "-123456789012-abcdefABCDEF123456789012", "sk" + "-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789", "AIza" + "SyA1234567890abcdefghijklmnopqrstuv",
                      "ghp" + "_abcdefghijklmnopqrstuvwxyz0123456789", "sk" + "-live-1234567890abcdef", "someone@example.com", "two words", "/home/someone/x"):
            self.assertEqual(shown(value), "redacted-private-value", value)
        for value in ("abc1234", "3f786850e387550fdab836ed7e6dc881de23001b", "v1.2.3-14-g2414721", "main", "release/2026-11", "sha256:" + "a1" * 32,
                      "registry.example/some/image@sha256:" + "b2" * 32):
            self.assertEqual(shown(value), value)


class Leftovers(LoadTest):
    def test_a_run_that_never_began_leaves_no_timeline(self):
        done = self.load(None, "--cloud-url", "http://127.0.0.1:1", "--skip-gateway")
        self.assertEqual(done.code, 3, done)
        done = self.load(SmallServer(self), "--strict", *SHORT, env={"OPEN_COWORK_LOAD_CLOUD_TOKEN": UNKNOWN})
        self.assertEqual(done.code, 2, done)
        self.assertEqual([path for path in self.out.rglob("*") if path.is_file()], [])

    def test_recovery_replaces_no_report(self):
        done = self.load(SmallServer(self), *SHORT, *EVERYTHING)
        report = pathlib.Path(done.json()["jsonPath"])
        before = report.read_bytes()
        again = self.load(None, "--recover", str(report).replace("-report.json", "-timeline.jsonl"))
        self.assertEqual(again.code, 1, again)
        self.assertEqual(report.read_bytes(), before)
        self.assertTrue(again.json()["jsonPath"].endswith("-recovered-report.json"), again)
        self.assertEqual(self.report(again)["run"]["requestCount"], self.report(done)["run"]["requestCount"])
        self.assertIn("recovered 1.4 s", again.err)

    def test_the_plan_says_what_is_off(self):
        plan = pathlib.Path(self.load(SmallServer(self), "--plan").json()["planPath"]).read_text()
        for words in ("cloud-admin-policy: operator checks are off", "cloud-workspace-sse: streams are off", "cloud-session-create: mutations are off"):
            self.assertIn(words, plan)


if __name__ == "__main__":
    unittest.main()
