import gzip
import json
import math
import pathlib
import socket
import ssl
import tempfile
import threading
import time
import unittest

from standin_support import Client, Standin, serve_catalogue
from support import DEADLINE, SOURCE, run, until

LIVE = "/livez"


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.standin = Standin()
        cls.cloud = cls.standin.client()
        cls.auth = cls.standin.operator()

    @classmethod
    def tearDownClass(cls):
        cls.standin.__exit__()

    def setUp(self):
        self.standin.post("reset", {})

    def tearDown(self):
        self.standin.faults()

    def ask(self, fault, path=LIVE, **keywords):
        self.standin.faults(fault)
        started = time.monotonic()
        answer = self.cloud.get(path, self.auth, **keywords)
        answer.seconds = time.monotonic() - started  # at least what the fault adds; a busy machine adds more
        return answer

    def refuses(self):
        try:
            self.cloud.connect().close()
        except ConnectionRefusedError:
            return True
        return False

    def route(self, name="cloud-liveness"):
        return self.standin.stats()["routes"][name]

    def test_latency(self):
        answer = self.ask({"kind": "latency", "ms": 80})
        self.assertGreaterEqual(answer.seconds, 0.08)
        route = self.route()
        self.assertEqual((route["injected"]["count"], route["injected"]["p50Ms"], route["injected"]["maxMs"]), (1, 80, 80))
        self.assertGreaterEqual(route["held"]["p50Ms"], 80)
        self.ask({"kind": "latency", "ms": 80, "route": "cloud-liveness"}, "/readyz")
        self.assertEqual(self.route("cloud-readiness")["injected"]["maxMs"], 0)

    def test_distributions_are_what_is_recorded_and_what_a_client_sees(self):
        self.standin.faults({"kind": "latency", "medianMs": 10, "sigma": 0.6})
        seen = []
        with self.cloud.connect() as connection:
            for _ in range(150):
                started = time.monotonic()
                connection.sendall(Client.text("GET", LIVE))
                self.assertEqual(Client.read(connection).status, 200)
                seen.append((time.monotonic() - started) * 1000)
        route = self.route()
        for key, part in (("p50Ms", 0.5), ("p90Ms", 0.9)):
            exact = sorted(seen)[math.ceil(part * len(seen)) - 1]
            self.assertLessEqual(route["injected"][key], route["held"][key] + 0.01)
            # A shared machine adds to what a client sees, and takes nothing from it.
            self.assertGreaterEqual(exact, route["injected"][key] - 0.01)
        self.assertGreater(route["injected"]["p50Ms"], 7)
        self.assertLess(route["injected"]["p50Ms"], 14)

    def test_a_stall_holds_all_that_arrive(self):
        begin = time.monotonic()
        self.standin.faults({"kind": "stall", "forMs": 600})
        ends = []

        def one(delay):
            time.sleep(delay)
            self.assertEqual(self.cloud.get(LIVE).status, 200)
            ends.append(time.monotonic() - begin)
        threads = [threading.Thread(target=one, args=(delay,)) for delay in (0, 0.2, 0.4, 0.8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # Whoever came while it lasted was answered when it was over, whoever came later as well.
        self.assertEqual(len(ends), 4)
        self.assertGreaterEqual(min(ends), 0.6)

    def test_errors_at_a_rate(self):
        self.standin.faults({"kind": "error", "status": 503, "rate": 0.3})
        with self.cloud.connect() as connection:
            for _ in range(400):
                connection.sendall(Client.text("GET", LIVE))
                Client.read(connection)
        responses = self.route()["responses"]
        self.assertEqual(responses["200"] + responses["503"], 400)
        self.assertGreater(responses["503"], 80)
        self.assertLess(responses["503"], 160)

    def test_quota_answers(self):
        answer = self.ask({"kind": "error", "status": 429, "code": "rate_limit.http_exceeded", "retryAfterSeconds": 3})
        self.assertEqual((answer.status, answer.headers["retry-after"]), (429, "3"))
        self.assertEqual(answer.json()["verdict"]["policyCode"], "rate_limit.http_exceeded")
        self.assertEqual(answer.json()["retryAfterMs"], 3000)
        self.assertEqual(self.route()["policyCodes"], {"rate_limit.http_exceeded": 1})
        metrics = self.cloud.get("/api/metrics", self.auth)  # answers 429 too
        self.assertEqual(metrics.status, 429)
        self.standin.faults()
        self.assertIn(b'quota_rejections_total{policy_code="rate_limit.http_exceeded"}', self.cloud.get("/api/metrics", self.auth).body)

    def test_redirect(self):
        answer = self.ask({"kind": "redirect", "location": "/elsewhere"})
        self.assertEqual((answer.status, answer.headers["location"]), (302, "/elsewhere"))

    def test_slow_bodies(self):
        answer = self.ask({"kind": "slow-body", "bytesPerSecond": 200})
        size = int(answer.headers["content-length"])
        self.assertEqual((answer.status, len(answer.body)), (200, size))
        self.assertGreater(answer.seconds, size / 200 * 0.8)
        answer = self.ask({"kind": "slow-head", "bytesPerSecond": 500})
        self.assertEqual(answer.status, 200)
        self.assertGreater(answer.seconds, len(answer.raw) / 500 * 0.8)
        self.assertEqual(self.route()["responses"], {"200": 2})

    def test_a_client_that_leaves_is_abandoned(self):
        self.ask({"kind": "slow-body", "bytesPerSecond": 1}, timeout=0.2)
        self.ask({"kind": "latency", "ms": 500}, timeout=0.1)
        until(lambda: self.route()["unanswered"] == {"abandoned": 2})
        self.assertEqual(self.route()["responses"], {})

    def test_forms_of_valid_answers(self):
        plain = self.cloud.get("/api/config")
        chunked = self.ask({"kind": "chunked"}, "/api/config")
        self.assertEqual(chunked.headers["transfer-encoding"], "chunked")
        self.assertIn(b";part=1\r\n", chunked.body)
        self.assertTrue(chunked.body.endswith(b"0\r\nX-Trailer: end\r\n\r\n"))
        packed = self.ask({"kind": "gzip"}, "/api/config")
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        unframed = self.ask({"kind": "unframed"}, "/api/config")
        self.assertEqual((unframed.body, unframed.ended), (plain.body, "closed"))
        interim = self.ask({"kind": "interim"}, "/api/config")
        self.assertTrue(interim.raw.startswith(b"HTTP/1.1 103 "))
        large = self.ask({"kind": "oversized", "bytes": 9000000}, "/api/config")
        self.assertEqual(len(large.body), 9000000)
        self.assertEqual(large.json(), plain.json())

    def test_truncated(self):
        answer = self.ask({"kind": "truncated"})
        self.assertEqual(answer.ended, "closed")
        self.assertLess(len(answer.body), int(answer.headers["content-length"]))
        self.assertEqual(self.route()["unanswered"], {"truncated": 1})

    def test_wrong_lengths(self):
        more = self.ask({"kind": "wrong-length", "by": 5}, timeout=3)
        self.assertEqual(more.ended, "timeout")
        self.assertEqual(len(more.body), int(more.headers["content-length"]) - 5)
        with self.cloud.connect() as connection:
            self.standin.faults({"kind": "wrong-length", "by": -5, "count": 1})
            connection.sendall(Client.text("GET", LIVE))
            less = Client.read(connection)
            self.assertEqual(len(less.body), int(less.headers["content-length"]) + 5)

    def test_malformed(self):
        for variant, part in (("status-line", b"two-hundred"), ("header", b"no colon"), ("length", b"Content-Length: many"), ("chunk", b"\r\n\r\nzz\r\n"),
                              ("huge-header", b"x" * 100000)):
            answer = self.ask({"kind": "malformed", "variant": variant})
            self.assertIn(part, answer.raw)
            self.assertEqual(answer.ended, "complete" if variant in ("status-line", "header", "huge-header") else "closed", variant)
        self.assertFalse(self.ask({"kind": "malformed", "variant": "garbage"}).raw.startswith(b"HTTP"))
        broken = self.ask({"kind": "malformed", "variant": "json"})
        self.assertEqual(broken.status, 200)
        with self.assertRaises(ValueError):
            broken.json()
        self.assertEqual(sum(self.route()["unanswered"].values()), 6)
        self.assertEqual(self.route()["responses"], {"200": 1})

    def test_resets_closings_and_silence(self):
        head = self.ask({"kind": "reset"})
        self.assertEqual((head.raw, head.ended), (b"", "reset"))
        self.assertEqual(self.ask({"kind": "reset", "when": "body"}).ended, "reset")
        self.assertEqual(self.ask({"kind": "closed"}).ended, "closed")
        self.assertEqual(self.ask({"kind": "hung"}, timeout=0.3).ended, "timeout")
        self.assertEqual(self.route()["unanswered"], {"closed": 1, "hung": 1, "reset-body": 1, "reset-head": 1})

    def test_a_number_of_times(self):
        self.standin.faults({"kind": "error", "count": 2})
        self.assertEqual([self.cloud.get(LIVE).status for _ in range(4)], [500, 500, 200, 200])
        shown = self.standin.control.get("/__standin/faults").json()["faults"][0]
        self.assertEqual((shown["applied"], shown["active"]), (2, False))

    def test_refused_and_back(self):
        with self.cloud.connect() as kept:
            self.standin.faults({"kind": "refused", "service": "cloud"})
            until(self.refuses)
            with self.assertRaises(ConnectionResetError):
                kept.sendall(Client.text("GET", LIVE))
                kept.recv(1) or self.fail("closed and not reset")
        self.assertEqual(self.standin.client("gateway").get("/health").status, 200)
        self.standin.faults({"kind": "refused", "service": "cloud", "forMs": 300})
        until(lambda: not self.refuses())
        self.assertEqual(self.cloud.get(LIVE).status, 200)

    def test_refused_to_new_connections_alone(self):
        with self.cloud.connect() as kept:
            kept.sendall(Client.text("GET", LIVE))
            Client.read(kept)
            self.standin.faults({"kind": "refused", "keepOpen": True})
            until(self.refuses)
            kept.sendall(Client.text("GET", LIVE))
            self.assertEqual(Client.read(kept).status, 200)
            self.assertTrue(self.refuses())

    def test_hung_accept(self):
        self.standin.faults({"kind": "hung-accept"})
        until(lambda: self.cloud.get(LIVE, timeout=0.3).ended == "timeout")
        self.standin.faults({"kind": "hung-accept", "backlog": 0})
        held = []
        with self.assertRaises(socket.timeout):
            for _ in range(1000):
                held.append(socket.create_connection((self.cloud.host, self.cloud.port), timeout=0.3))
        for connection in held:
            connection.close()
        self.standin.faults()
        self.assertEqual(self.cloud.get(LIVE).status, 200)

    def test_closed_at_accept_and_hung_handshake(self):
        self.standin.faults({"kind": "closed-at-accept"})
        until(lambda: self.reset_or_closed() == "reset")
        self.standin.faults({"kind": "hung-handshake"})
        with self.cloud.connect() as connection:
            connection.settimeout(0.3)
            connection.sendall(Client.text("GET", LIVE))
            self.assertEqual(Client.read(connection).ended, "timeout")
            self.standin.faults()
            connection.settimeout(DEADLINE)
            self.assertEqual(Client.read(connection).status, 200)

    def reset_or_closed(self):
        try:
            return self.cloud.get(LIVE).ended
        except ConnectionResetError:
            return "reset"

    def test_planted_texts(self):
        secret = "s3cr3t-" + "x" * 20
        answer = self.ask({"kind": "plant", "text": secret}, "/api/workspace")
        self.assertEqual(answer.json()["planted"], secret)
        self.assertIn(secret, answer.headers["x-standin-planted"])
        self.assertIn(secret.encode(), self.cloud.get("/api/metrics", self.auth).body)
        self.standin.post("events", {"count": 1})
        self.assertIn(secret.encode(), self.cloud.stream("/api/events", self.auth, 0.2, least=1)[0])

    def test_token_checks_queue_for_their_servers(self):
        self.standin.faults({"kind": "token-check", "ms": 30, "servers": 1})
        started = time.monotonic()
        threads = [threading.Thread(target=lambda: self.cloud.get("/api/byok", self.auth)) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - started
        self.assertGreaterEqual(took, 0.3)
        # Who needs no token waits for nobody.
        self.cloud.get(LIVE)
        self.assertEqual(self.route()["injected"]["maxMs"], 0)

    def metric(self, name, service="cloud"):
        headers = {"Authorization": "Bearer " + self.standin.tokens["operator" if service == "cloud" else "gateway-admin"]}
        text = self.standin.client(service).get("/api/metrics" if service == "cloud" else "/metrics", headers).body.decode()
        found = [line for line in text.splitlines() if line.startswith(name)]
        return found[0].split(" ")[1] if found else None

    def test_metrics(self):
        lag, dead = "open_cowork_cloud_projection_lag_events", "open_cowork_gateway_delivery_dead_letters_total"
        self.assertEqual(self.metric(lag), "0")
        self.standin.faults({"kind": "metric-grow", "metric": "lag", "from": 7}, {"kind": "metric-grow", "metric": "dead-letters", "perSecond": 100})
        self.assertEqual(self.metric(lag), "7")
        time.sleep(0.3)
        self.assertGreaterEqual(int(self.metric(dead, "gateway")), 30)
        grown = {"kind": "metric-grow", "metric": "dead-letters", "from": 50}
        self.standin.faults(grown, {"kind": "metric-reset", "metric": "dead-letters", "afterMs": 3600000})
        self.assertEqual(self.metric(dead, "gateway"), "50")
        self.standin.faults(grown, {"kind": "metric-reset", "metric": "dead-letters", "afterMs": 200})
        until(lambda: self.metric(dead, "gateway") == "0")
        self.standin.faults({"kind": "metric-absent", "metric": "lag"}, {"kind": "metric-text", "metric": "memory", "text": "+Inf"})
        self.assertIsNone(self.metric(lag))
        self.assertEqual(self.metric("process_resident_memory_bytes"), "+Inf")
        self.standin.faults()
        self.assertGreater(int(self.metric("process_resident_memory_bytes")), 1000000)

    def test_a_growing_backlog(self):
        self.standin.faults({"kind": "worker-paused"})
        session = self.cloud.request("POST", "/api/sessions", self.auth, "{}").json()["session"]["id"]
        for _ in range(3):
            self.assertEqual(self.cloud.request("POST", f"/api/sessions/{session}/prompt", self.auth, '{"text": "x"}').status, 202)
        time.sleep(0.2)
        self.assertEqual(self.metric("open_cowork_cloud_command_queue_depth_estimate"), "3")
        self.assertGreaterEqual(float(self.metric("open_cowork_cloud_command_oldest_age_ms")), 200)
        self.standin.faults()
        until(lambda: self.metric("open_cowork_cloud_command_queue_depth_estimate") == "0")


class Limits(unittest.TestCase):
    def test_limits_by_flag(self):
        with Standin("--limit", "http-requests=2", "--limit", "billing-sessions=0") as standin:
            cloud, auth = standin.client(), standin.operator()
            self.assertEqual(cloud.request("POST", "/api/sessions", auth, "{}").status, 402)
            self.assertEqual(cloud.get("/api/byok", auth).status, 200)
            last = cloud.get("/api/byok", auth)
            self.assertEqual(last.status, 429)
            self.assertGreater(int(last.headers["retry-after"]), 50)


class Tls(unittest.TestCase):
    def connect(self, standin, authority=None):
        context = ssl.create_default_context(cafile=authority)
        return standin.client(context=context).get(LIVE)

    def run_with(self, kind, trusted, *more):
        with tempfile.TemporaryDirectory() as folder:
            authority = pathlib.Path(folder) / "ca.pem"
            with Standin("--tls", "--certificate", kind, "--write-ca", authority, *more) as standin:
                self.assertTrue(standin.info["services"]["cloud"].startswith("https://"))
                self.assertEqual(standin.info["environment"]["LAUNCHGATE_STANDIN_CA_FILE"], str(authority))
                try:
                    return self.connect(standin, authority if trusted else None), standin.stats()
                except ssl.SSLError as error:
                    return error, standin.stats()

    def test_certificates(self):
        answer, stats = self.run_with("valid", True)
        self.assertEqual(answer.status, 200)
        self.assertEqual(stats["connections"]["cloud"]["handshakes"], 1)
        self.assertEqual(self.run_with("self-signed", True)[0].status, 200)
        self.assertIn("certificate", str(self.run_with("valid", False)[0]))
        self.assertIn("expired", str(self.run_with("expired", True)[0]))
        self.assertIn("not yet valid", str(self.run_with("not-yet-valid", True)[0]))
        self.assertIn("mismatch", str(self.run_with("wrong-host", True)[0]).lower())

    def test_version_1_2(self):
        self.assertEqual(self.run_with("valid", True, "--tls-1.2")[0].status, 200)

    def test_streams_and_large_bodies(self):
        with tempfile.TemporaryDirectory() as folder:
            authority = pathlib.Path(folder) / "ca.pem"
            with Standin("--tls", "--write-ca", authority, "--broadcast", 50) as standin:
                client = standin.client(context=ssl.create_default_context(cafile=authority))
                raw, _ = client.stream("/api/events", standin.operator(), 0.5, least=20)
                self.assertGreater(raw.count(b"event: "), 15)
                standin.faults({"kind": "oversized", "bytes": 3000000})
                self.assertEqual(len(client.get(LIVE).body), 3000000)
                standin.faults({"kind": "truncated"})
                self.assertNotEqual(client.get(LIVE).ended, "complete")

    def test_plain_http_to_a_tls_port(self):
        with Standin("--tls") as standin:
            url = standin.info["services"]["cloud"].replace("https", "http")
            self.assertIn(Client(url).get(LIVE).ended, ("closed", "reset"))
            self.assertEqual(standin.stats()["connections"]["cloud"]["failedHandshakes"], 1)


class OtherProduct(unittest.TestCase):
    description = SOURCE / "fixtures/other-product/launch/standin.json"

    def test_its_catalogue_is_served(self):
        with Standin("--product", self.description) as standin:
            self.assertEqual(standin.info["environment"]["MARMOT_LOAD_TILES_URL"], standin.info["services"]["tiles"])
            serve_catalogue(self, standin, SOURCE / "fixtures/other-product/launch/operations.json", {"printer": "printer-pass"})

    def test_its_limits_and_metrics_have_its_shapes(self):
        with Standin("--product", self.description, "--limit", "jobs-per-minute=1") as standin:
            printer, auth = standin.client("printer"), {"Authorization": "Bearer " + standin.tokens["printer-pass"]}
            job = printer.request("POST", "/v1/jobs", auth, '{"region": "north"}').json()["job"]
            refused = printer.request("POST", "/v1/jobs", auth, '{"region": "north"}')
            self.assertEqual((refused.status, refused.json()["limit"]), (429, "paper"))
            until(lambda: printer.get("/v1/jobs/" + job, auth).json()["state"] == "printed")
            self.assertIn(b'marmot_refusals_total{limit="paper"} 1\n', printer.get("/metrics").body)

    def test_a_broken_description_is_told_where(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(self.description.read_text().replace('"action": "list"', '"action": "lst"'))
            file.flush()
            outcome = run("launchgate-standin", "--product", file.name, "--lifetime-ms", 50)
            self.assertEqual(outcome.code, 2)
            self.assertRegex(outcome.err, r':\d+:\d+: .*"action" must be one of .*did you mean "list"')


if __name__ == "__main__":
    unittest.main()
