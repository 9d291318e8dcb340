"""The ways there are: proxies, IPv6, names, TLS versions, another product's catalogue; and rates that are attained."""

import select
import socket
import socketserver
import threading
import unittest

from standin import DIGESTS, EVERYTHING, LoadTest, Standin

BRIEF = ["--profile", "private-beta", "--duration-ms", "1500", "--concurrency", "20", "--request-rate", "60"]


class Proxy(socketserver.ThreadingTCPServer):
    """A forward proxy: absolute-form requests and CONNECT. Keeps what it was asked for."""

    daemon_threads = True
    allow_reuse_address = True

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            head = b""
            while b"\r\n\r\n" not in head:
                part = self.request.recv(65536)
                if not part:
                    return
                head += part
            first = head.split(b"\r\n", 1)[0].decode()
            self.server.seen.append(first)
            method, where, _ = first.split(" ")
            if self.server.refuses:
                self.request.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                return
            authority = where if method == "CONNECT" else where.split("/")[2]
            host, _, port = authority.rpartition(":")
            with socket.create_connection((host.strip("[]"), int(port))) as upstream:
                try:
                    self.carry(method, head, upstream)
                except OSError:
                    pass  # whoever has gone

        def carry(self, method, head, upstream):
            if method == "CONNECT":
                self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                head = head.split(b"\r\n\r\n", 1)[1]
            if head:
                # An origin server takes the absolute form as well.
                upstream.sendall(head)
            pair = {self.request: upstream, upstream: self.request}
            while True:
                for ready in select.select(list(pair), [], [], 30)[0]:
                    part = ready.recv(65536)
                    if not part:
                        return
                    if ready is self.request and method != "CONNECT":
                        self.server.seen += [line.decode() for line in part.split(b"\r\n") if b" HTTP/1.1" in line]
                    pair[ready].sendall(part)

    def __init__(self, test, refuses=False):
        super().__init__(("127.0.0.1", 0), self.Handler)
        self.seen = []
        self.refuses = refuses
        threading.Thread(target=self.serve_forever, daemon=True).start()
        test.addCleanup(self.server_close)
        test.addCleanup(self.shutdown)
        self.url = "http://127.0.0.1:%d" % self.server_address[1]


class Ways(LoadTest):
    def test_a_proxy(self):
        standin, proxy = Standin(self), Proxy(self)
        done = self.load(standin, *BRIEF, "--proxy", proxy.url, *DIGESTS, "--include-sse", "--include-mutations")
        self.assertEqual(self.judged(done)[1], [], done)
        cloud = standin.ready["services"]["cloud"]
        self.assertTrue(any(line.startswith("GET " + cloud + "/api/events") for line in proxy.seen), proxy.seen[:20])
        self.assertTrue(all(" http://" in line for line in proxy.seen))
        self.assertGreater(len(proxy.seen), 50)

    def test_a_proxy_and_tls(self):
        authority = self.scratch / "ca.pem"
        standin, proxy = Standin(self, "--tls", "--write-ca", str(authority)), Proxy(self)
        done = self.load(standin, "--profile", "local-self-host-beta", "--duration-ms", "3000", "--proxy", proxy.url, "--cacert", authority, *DIGESTS, "--include-sse")
        self.assertEqual(self.judged(done)[1], [], done)
        self.assertTrue(proxy.seen and all(line.startswith("CONNECT 127.0.0.1:") for line in proxy.seen))
        self.assertEqual(self.report(done)["streams"]["heldMean"], 10)

    def test_a_proxy_that_refuses(self):
        authority = self.scratch / "ca.pem"
        standin, proxy = Standin(self, "--tls", "--write-ca", str(authority)), Proxy(self, refuses=True)
        done = self.load(standin, *BRIEF, "--proxy", proxy.url, "--cacert", authority)
        self.assertEqual(done.code, 3, done)
        self.assertIn("the proxy answered 407", done.err)

    def test_proxies_of_the_environment_are_ignored(self):
        done = self.load(Standin(self), *BRIEF, *DIGESTS, env={"http_proxy": "http://127.0.0.1:1", "HTTP_PROXY": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1"})
        self.assertEqual(self.judged(done)[1], [], done)

    def test_ipv6(self):
        try:
            with socket.socket(socket.AF_INET6) as probe:
                probe.bind(("::1", 0))
        except OSError:
            self.skipTest("no IPv6 here")
        authority = self.scratch / "ca.pem"
        for arguments, more in (([], []), (["--tls", "--write-ca", str(authority)], ["--cacert", authority])):
            standin = Standin(self, "--host", "::1", *arguments)
            self.assertIn("[::1]", standin.ready["services"]["cloud"])
            done = self.load(standin, *BRIEF, *EVERYTHING, *more)
            self.assertEqual(self.judged(done), ("go", []), done)

    def test_a_name(self):
        standin = Standin(self)
        url = standin.ready["services"]["cloud"].replace("127.0.0.1", "localhost")
        self.assertEqual(self.judged(self.load(standin, *BRIEF, "--cloud-url", url + "/", *EVERYTHING)), ("go", []))

    def test_redirects_are_counted_and_not_followed(self):
        standin = Standin(self, "--fault", "redirect:route=cloud-config-bootstrap,location=/livez")
        report = self.report(self.load(standin, *BRIEF, *EVERYTHING))
        config = report["summary"]["operations"]["cloud-config-bootstrap"]
        self.assertEqual(config["outcomes"], {"redirect": config["count"]})
        probes = 1
        self.assertEqual(report["summary"]["operations"]["cloud-liveness"]["count"] + probes, standin.control("stats")["routes"]["cloud-liveness"]["requests"])

    def test_expired_and_wrong_certificates_are_told_before_the_run(self):
        authority = self.scratch / "ca.pem"
        for kind, word in (("expired", "expired"), ("wrong-host", "mismatch"), ("not-yet-valid", "not yet valid")):
            with self.subTest(kind):
                bad = Standin(self, "--tls", "--certificate", kind, "--write-ca", str(authority))
                done = self.load(bad, "--cacert", authority)
                self.assertEqual(done.code, 3, done)
                self.assertIn(word, done.err)
                self.assertIn("127.0.0.1", done.err)


class OtherProduct(LoadTest):
    fixture = "other-product"

    def test_its_catalogue_needs_no_code(self):
        standin = Standin(self, "--product", str(self.root / "launch/standin.json"), environment="MARMOT_")
        plan = self.load(standin, "--plan").json()
        helped = self.load(None, "--help").out
        for word in ("--printer-url", "MARMOT_LOAD_PRINTER_URL", "LAUNCHGATE_LOAD_PRINTER_URL"):
            self.assertIn(word, helped)
        self.assertNotIn("cloud", helped)
        self.check_help_without_a_catalogue()
        done = self.load(standin, "--duration-ms", "2000", "--include-mutations", "--include-sse", "--operator", "--request-rate", "50", "--concurrency", "20")
        self.assertIn(done.code, (0, 1), done)
        report = self.report(done)
        for name in plan["operations"]:
            self.assertGreater(report["summary"]["operations"][name]["count"], 0, name)
        self.assertEqual(self.judged(done)[1], [], done)

    def check_help_without_a_catalogue(self):
        """Help is given whatever is wrong with the catalogue, which is told before the options that it would have."""
        configuration = self.root / "launchgate.json"
        before = configuration.read_text()
        for broken, place in (("{,}", "launchgate.json:1:2"), ('{"schemaVersion": 1, "operations": "none.json"}', "launchgate.json:1:36")):
            configuration.write_text(broken)
            helped = self.load(None, "--help")
            self.assertEqual((helped.code, helped.err), (0, ""), helped)
            self.assertIn("--output-dir", helped.out)
            told = self.load(None, "--printer-url", "http://127.0.0.1:1", "--plan")
            self.assertEqual(told.code, 2, told)
            self.assertIn(place, told.err)
            self.assertNotIn("unknown option", told.err)
        configuration.write_text(before)


class Attained(LoadTest):
    def test_each_target_is_driven(self):
        # Twelve seconds hold a whole number of arrivals for each of the profile's targets.
        done = self.load(Standin(self), "--profile", "public-beta", "--duration-ms", "12000", "--strict", *EVERYTHING)
        self.assertEqual(self.judged(done), ("go", []), done)
        report = self.report(done)
        self.assertGreaterEqual(len(report["attained"]), 5)
        for name, one in report["attained"].items():
            # Never more than was asked for; and where this machine sent all that was due, no less.
            self.assertLessEqual(one["achieved"], one["target"] * 1.02, name)
            if report["generator"]["unsent"] == 0:
                self.assertGreaterEqual(one["achieved"], one["target"] * 0.98, name)
        self.assertEqual(report["streams"]["target"], 250)
        self.assertLess(report["generator"]["peakMemoryBytes"], 100 * 1024 * 1024)
        self.assertEqual(report["evidence"]["command"], "pnpm deploy:load:strict")


class Percentiles(LoadTest):
    def test_no_answer_is_quicker_than_the_server_was(self):
        """What lies on top is this machine's; on an idle one tests/bench/load/bench_accuracy.py shows how little."""
        def run(distribution):
            standin = Standin(self, "--fault", distribution)
            done = self.load(standin, "--profile", "private-beta", "--duration-ms", "5000", "--pacing", "shared", "--request-rate", "150", "--concurrency", "2000",
                             "--include-mutations", "--operator", "--max-mutating-sessions", "9999", "--max-mutating-artifacts", "9999", "--max-mutating-workflows", "9999", *DIGESTS)
            operations, compared = self.report(done)["summary"]["operations"], 0
            for name, route in standin.control("stats")["routes"].items():
                # Of those that the first probes ask for, the server has seen one more, which moves a percentile by a rank.
                if name not in operations or operations[name]["count"] != route["requests"]:
                    continue
                for key in ("p50", "p90", "p95", "p99"):
                    # A tenth of a per cent is the width of a bucket.
                    self.assertGreater(operations[name][key + "ServiceMs"], route["held"][key + "Ms"] * 0.998, (distribution, name, key))
                    compared += 1
            self.assertGreater(compared, 20)

        self.together(["latency:medianMs=60,sigma=0.5", "latency:minMs=30,maxMs=90"], run)


if __name__ == "__main__":
    unittest.main()
