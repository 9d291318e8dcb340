import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from standin_support import Client, Standin, event_ids, serve_catalogue
from support import DEADLINE, SOURCE, run, until

EVENTS = "/api/events"
SESSIONS = "/api/sessions"


class Starting(unittest.TestCase):
    def test_exports_for_a_shell(self):
        outcome = run("launchgate-standin", "--lifetime-ms", 50, "--token", "operator=it's")
        self.assertEqual(outcome.code, 0, outcome)
        shown = subprocess.run(["sh", "-c", outcome.out + 'printf "%s %s" "$OPEN_COWORK_LOAD_CLOUD_TOKEN" "$OPEN_COWORK_LOAD_CLOUD_URL"'],
                               stdout=subprocess.PIPE, check=True).stdout.decode()
        self.assertRegex(shown, r"^it's http://127\.0\.0\.1:\d+$")
        self.assertEqual(outcome.err, "")

    def test_the_ready_file_is_what_is_printed(self):
        with Standin() as standin:
            self.assertEqual(json.loads(standin.ready.read_text()), standin.info)
            self.assertEqual(standin.info["environment"]["OPEN_COWORK_LOAD_GATEWAY_URL"], standin.info["services"]["gateway"])
            self.assertEqual(standin.info["pid"], standin.process.pid)

    def test_signals_end_it_cleanly(self):
        for sign in (signal.SIGTERM, signal.SIGINT):
            with Standin() as standin, standin.client().connect():
                self.assertEqual(standin.end(sign), 0)
                self.assertEqual(standin.process.stderr.read(), b"")

    def test_only_the_loopback(self):
        for host in ("0.0.0.0", "192.0.2.1", "::", "example.org", ""):
            outcome = run("launchgate-standin", "--host", host, "--lifetime-ms", 50)
            self.assertEqual(outcome.code, 2, outcome)
            self.assertIn("loopback", outcome.err)

    def test_other_loopback_addresses(self):
        for host, start in (("127.0.0.2", "http://127.0.0.2:"), ("localhost", "http://localhost:"), ("::1", "http://[::1]:")):
            if host == "::1" and not pathlib.Path("/proc/net/if_inet6").exists():
                continue
            with Standin("--host", host) as standin:
                self.assertTrue(standin.info["services"]["cloud"].startswith(start))
                self.assertEqual(standin.client().get("/livez").status, 200)

    def test_a_port_in_use(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            outcome = run("launchgate-standin", "--port", f"cloud={taken.getsockname()[1]}", "--lifetime-ms", 50)
        self.assertEqual(outcome.code, 3, outcome)
        self.assertIn("cannot listen", outcome.err)

    def test_given_ports_are_kept(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with Standin("--port", f"gateway={port}") as standin:
            self.assertTrue(standin.info["services"]["gateway"].endswith(f":{port}"))

    def test_wrong_use_is_met_with_help(self):
        for arguments, part in (
                (["--fault", "latancy:ms=1"], 'did you mean "latency"?'),
                (["--fault", "latency:ms=x"], '"ms" must be a number'),
                (["--fault", "hung:route=cloud-sesion-list"], 'did you mean "cloud-session-list"?'),
                (["--fault", "hung:route=no-*"], "matches nothing"),
                (["--fault", "refused:service=clowd"], 'did you mean "cloud"?'),
                (["--fault", "error:service=cloud,route=gateway-*"], "matches nothing"),
                (["--fault", "metric-absent:metric=lagg"], 'did you mean "lag"?'),
                (["--token", "operator=two words"], "blank"),
                (["--token", "operator=one", "--token", "tenant=one"], "equal"),
                (["--limit", "http=1"], "http-requests"),
                (["--limit", "http-requests=x"], "whole number"),
                (["--port", "clowd=1"], 'did you mean "cloud"?'),
                (["--port", "cloud=70000"], "port number"),
                (["--token", "operator"], "NAME=VALUE"),
                (["--product", "open-cowrk"], 'did you mean "open-cowork"?'),
                (["--certificate", "expired"], "--tls"),
                (["--lifetime-ms", "0"], "at least 1"),
                (["--lifetme-ms", "1"], "--lifetime-ms")):
            outcome = run("launchgate-standin", *arguments)
            self.assertEqual(outcome.code, 2, outcome)
            self.assertIn(part, outcome.err)
            self.assertEqual(outcome.out, "")

    def test_a_file_that_cannot_be_written(self):
        self.assertEqual(run("launchgate-standin", "--ready-file", "/nonexistent/x", "--lifetime-ms", 50).code, 3)
        self.assertEqual(run("launchgate-standin", "--faults", "/nonexistent/x", "--lifetime-ms", 50).code, 3)

    def test_the_list_of_faults_and_the_manual_agree(self):
        listed = [line.split()[0] for line in run("launchgate-standin", "--list-faults").out.splitlines()][:-1]
        manual = (SOURCE / "docs/tools/launchgate-standin.md").read_text(encoding="utf-8")
        described = re.findall(r"^\| `([a-z-]+)` \|", manual[manual.index("| kind | effect | keys |"):], re.M)
        self.assertEqual(sorted(listed), sorted(described))

    def test_faults_from_a_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({"faults": [{"kind": "error", "status": 503}]}, file)
            file.flush()
            with Standin("--faults", file.name) as standin:
                self.assertEqual(standin.client().get("/livez").status, 503)


class Serving(unittest.TestCase):
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

    def post(self, path, value):
        return self.cloud.request("POST", path, self.auth, json.dumps(value))

    def test_every_operation_of_the_catalogue_is_served_under_its_name(self):
        serve_catalogue(self, self.standin, SOURCE / "rules/load/open-cowork.json", {"cloud": "operator", "gateway": "gateway-admin"})

    def test_keep_alive_pipelining_and_closing(self):
        with self.cloud.connect() as connection:
            for _ in range(3):
                connection.sendall(Client.text("GET", "/livez"))
                self.assertEqual(Client.read(connection).status, 200)
            connection.sendall(Client.text("GET", "/livez") + Client.text("GET", "/readyz", {"Connection": "close"}))
            raw = b""
            while got := connection.recv(65536):
                raw += got
            self.assertEqual(raw.count(b"HTTP/1.1 200 OK"), 2)
            self.assertIn(b"Connection: close", raw)

    def test_a_large_body_in_pieces(self):
        session = self.post(SESSIONS, {}).json()["session"]["sessionId"]
        data = "QUJD" * 700000
        answer = self.post(f"{SESSIONS}/{session}/artifacts", {"filename": "a", "contentType": "b", "dataBase64": data})
        self.assertEqual(answer.status, 201)
        got = self.cloud.get(f"{SESSIONS}/{session}/artifacts/{answer.json()['artifact']['id']}", self.auth)
        self.assertEqual(got.json()["artifact"]["dataBase64"], data)

    def test_what_is_no_request(self):
        with self.cloud.connect() as connection:
            connection.sendall(b"\x16\x03\x01 no http\r\n\r\n")
            self.assertEqual(Client.read(connection).status, 400)
        with self.cloud.connect() as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nA: " + b"x" * 200000)
            self.assertEqual(Client.read(connection).status, 413)
        with self.cloud.connect() as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n")
            self.assertEqual(Client.read(connection).status, 413)

    def test_counts_are_exact(self):
        before = self.standin.stats()["routes"]
        for _ in range(7):
            self.cloud.get("/api/byok", self.auth)
        for _ in range(4):
            self.cloud.get("/api/byok", {"Authorization": "Bearer no"})
        after = self.standin.stats()["routes"]
        count = lambda all, status: all["cloud-byok-status"]["responses"].get(status, 0)
        self.assertEqual(count(after, "200") - count(before, "200"), 7)
        self.assertEqual(count(after, "401") - count(before, "401"), 4)
        self.assertEqual(after["cloud-byok-status"]["requests"] - before["cloud-byok-status"]["requests"], 11)

    def test_a_web_page_may_not_steer(self):
        self.assertEqual(self.cloud.get("/__standin/stats", {"Origin": "http://evil.example"}).status, 403)
        self.assertEqual(self.cloud.get("/__standin/stats").status, 200)

    def test_other_paths_on_the_control_port(self):
        for path in ("/stats", "/", "/__standin", "/__standin/", "/__standin/stat", "/x" * 2000):
            answer = self.standin.control.get(path)
            self.assertEqual((path, answer.status), (path, 404))
            self.assertIn("/__standin/", answer.json()["error"])

    @unittest.skipUnless(shutil.which("curl"), "curl is not installed")
    def test_curl(self):
        with tempfile.NamedTemporaryFile() as body:
            body.write(b'{"title": "' + b"x" * 100000 + b'", "instructions": "i", "agentName": "a", "triggers": []}')
            body.flush()
            done = subprocess.run(["curl", "-sS", "--max-time", str(DEADLINE), "-H", "Expect: 100-continue", "-H", "Authorization: " + self.auth["Authorization"],
                                   "--data-binary", "@" + body.name, "-w", "%{http_code}", "-o", os.devnull, self.standin.info["services"]["cloud"] + "/api/workflows"],
                                  stdout=subprocess.PIPE, check=True)
        self.assertEqual(done.stdout, b"201")

    @unittest.skipUnless(shutil.which("node"), "node is not installed")
    def test_node(self):
        script = """
          const url = process.argv[1], headers = {authorization: 'Bearer ' + process.argv[2]};
          const post = async (path, body) => (await fetch(url + path, {method: 'POST', headers, body: JSON.stringify(body)})).json();
          const {session} = await post('/api/sessions', {});
          const {command} = await post(`/api/sessions/${session.sessionId}/prompt`, {text: 'hi', agent: 'build'});
          for (let i = 0; i < 10000; i++) {
            const now = await (await fetch(`${url}/api/sessions/${session.sessionId}/prompts/${command.commandId}`, {headers})).json();
            if (now.command.status === 'completed') { console.log('completed'); break; }
            await new Promise(done => setTimeout(done, 20));
          }
        """
        done = subprocess.run(["node", "--input-type=module", "-e", script, self.standin.info["services"]["cloud"], self.standin.tokens["operator"]],
                              stdout=subprocess.PIPE, timeout=DEADLINE, check=True)
        self.assertEqual(done.stdout.strip(), b"completed")


class Streams(unittest.TestCase):
    def test_history_is_replayed_from_where_the_client_was(self):
        with Standin() as standin:
            standin.post("events", {"count": 5})
            cloud, auth = standin.client(), standin.operator()
            raw, ended = cloud.stream(EVENTS, auth, 0.3, least=5)
            self.assertEqual(ended, "timeout")
            self.assertIn(b"Content-Type: text/event-stream", raw)
            self.assertIn(b"\r\n\r\n: connected\n\n", raw)
            self.assertEqual(event_ids(raw), [1, 2, 3, 4, 5])
            self.assertEqual(event_ids(cloud.stream(EVENTS + "?after=3", auth, 0.2, least=2)[0]), [4, 5])
            self.assertEqual(event_ids(cloud.stream(EVENTS, {**auth, "Last-Event-ID": "4"}, 0.2, least=1)[0]), [5])
            streams = standin.stats()["streams"]
            self.assertEqual((streams["opened"], streams["resumed"], streams["events"]), (3, 2, 8))
            until(lambda: standin.stats()["openStreams"] == 0)

    def test_events_reach_an_open_stream_with_heartbeats(self):
        with Standin("--heartbeat-ms", 100, "--broadcast", 20) as standin:
            begin = time.monotonic()
            raw, _ = standin.client().stream(EVENTS + "?after=1000000", standin.operator(), 1.05, least=18)
            seconds = time.monotonic() - begin
            ids = event_ids(raw)
            # No more than the time that has passed holds; fewer come from a busy machine.
            self.assertLessEqual(len(ids), seconds * 20 + 2)
            self.assertEqual(ids, list(range(ids[0], ids[0] + len(ids))))
            self.assertGreaterEqual(raw.count(b": keep-alive\n\n"), 1)
            self.assertLessEqual(raw.count(b": keep-alive\n\n"), seconds * 10 + 2)
            data = json.loads(re.search(rb"data: (.*)\n", raw).group(1))
            self.assertEqual(sorted(data), ["createdAt", "eventId", "sequence", "sessionId", "type"])

    def test_no_heartbeat_when_there_is_to_be_none(self):
        with Standin("--heartbeat-ms", 0) as standin:
            raw, _ = standin.client().stream(EVENTS, standin.operator(), 0.4)
            self.assertNotIn(b"keep-alive", raw)

    def fault(self, fault, seconds=0.5, rate=100, path=EVENTS, least=0):
        with Standin("--broadcast", rate, "--heartbeat-ms", 50) as standin:
            standin.faults(fault)
            raw, ended = standin.client().stream(path, standin.operator(), seconds, least)
            return raw, ended, standin.stats()["streams"]

    def test_drops_and_resets(self):
        raw, ended, streams = self.fault({"kind": "sse-drop", "lifeMs": 200}, DEADLINE)
        self.assertEqual((ended, streams["dropped"]), ("closed", 1))
        self.assertTrue(event_ids(raw))
        self.assertEqual(self.fault({"kind": "sse-drop", "lifeMs": 100, "how": "reset"}, DEADLINE)[1], "reset")

    def test_gaps(self):
        raw, _, streams = self.fault({"kind": "sse-gap", "everyEvents": 5}, least=25)
        ids = event_ids(raw)
        self.assertGreater(len(ids), 20)
        self.assertFalse([one for one in ids if one % 5 == 0])
        self.assertGreaterEqual(streams["leftOut"], 5)

    def test_duplicates(self):
        raw, _, streams = self.fault({"kind": "sse-duplicate", "everyEvents": 7}, least=20)
        ids = event_ids(raw)
        twice = {one for one in ids if ids.count(one) == 2}
        self.assertTrue(twice)
        self.assertFalse([one for one in twice if one % 7])
        self.assertEqual(streams["doubled"], len(twice))

    def test_silence(self):
        raw, ended, _ = self.fault({"kind": "sse-silent"})
        self.assertEqual(ended, "timeout")
        self.assertTrue(raw.endswith(b": connected\n\n"))

    def test_a_last_event_id_that_is_ignored(self):
        with Standin() as standin:
            standin.post("events", {"count": 4})
            standin.faults({"kind": "sse-replay-all"})
            raw, _ = standin.client().stream(EVENTS, {**standin.operator(), "Last-Event-ID": "4"}, 0.2, least=4)
            self.assertEqual(event_ids(raw), [1, 2, 3, 4])

    def test_other_spellings(self):
        raw, _, _ = self.fault({"kind": "sse-style", "newline": "crlf", "splitData": True, "noSpace": True, "comment": True, "retryMs": 1500}, least=3)
        body = raw.partition(b": connected\n\n")[2].replace(b": keep-alive\n\n", b"")
        frame = body.split(b"\r\n\r\n")[0].split(b"\r\n")
        self.assertEqual(frame[0], b": style")
        self.assertEqual(frame[1], b"retry:1500")
        self.assertEqual(sum(line.startswith(b"data:") for line in frame), 2)
        self.assertNotIn(b"\n", body.replace(b"\r\n", b""))

    def test_a_share_of_the_streams(self):
        with Standin() as standin:
            standin.faults({"kind": "sse-drop", "lifeMs": 0, "rate": 0.5})
            ended = []
            threads = [threading.Thread(target=lambda: ended.append(standin.client().stream(EVENTS, standin.operator(), 5)[1])) for _ in range(40)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertGreater(ended.count("closed"), 8)
            self.assertGreater(ended.count("timeout"), 8)

    def test_the_limit_of_streams(self):
        with Standin("--limit", "event-streams=1") as standin:
            with standin.client().connect() as connection:
                connection.sendall(Client.text("GET", EVENTS, standin.operator()))
                self.assertIn(b"200 OK", connection.recv(1000))
                second = standin.client().get(EVENTS, standin.operator())
                self.assertEqual(second.status, 429)
                self.assertNotIn("verdict", second.json())


if __name__ == "__main__":
    unittest.main()
