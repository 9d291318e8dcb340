"""A running stand-in, and clients that see exactly what comes over the wire."""

import json
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.parse

from support import BIN, DEADLINE


class Standin:
    def __init__(self, *arguments, lifetime_ms=3600000):
        self.folder = tempfile.TemporaryDirectory(prefix="launchgate-standin-")
        ready = pathlib.Path(self.folder.name) / "ready.json"
        self.process = subprocess.Popen(
            [str(BIN / "launchgate-standin"), "--print", "json", "--ready-file", str(ready), "--lifetime-ms", str(lifetime_ms), *map(str, arguments)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(self.process.stderr.read().decode())
        self.info = json.loads(line)
        self.ready = ready
        self.tokens = self.info["tokens"]
        self.control = Client(self.info["control"])

    def __enter__(self):
        return self

    def __exit__(self, *_unused):
        code, said = self.end(), self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        self.folder.cleanup()
        # Whatever was done to it: it ends cleanly and has nothing to complain about.
        assert (code, said) == (0, b""), (code, said.decode(errors="replace"))

    def end(self, sign=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(sign)
        return self.process.wait(timeout=DEADLINE)

    def client(self, service="cloud", **keywords):
        return Client(self.info["services"][service], **keywords)

    def operator(self):
        return {"Authorization": "Bearer " + self.tokens["operator"]}

    def stats(self):
        return self.control.get("/__standin/stats").json()

    def faults(self, *faults):
        answer = self.control.request("PUT", "/__standin/faults", body=json.dumps(list(faults)))
        assert answer.status == 200, answer.body
        return answer.json()["installed"]

    def post(self, what, value):
        answer = self.control.request("POST", "/__standin/" + what, body=json.dumps(value))
        assert answer.status == 200, answer.body
        return answer.json()


class Answer:
    def __init__(self, raw, ended):
        self.raw = raw
        self.ended = ended  # "complete", "closed", "reset" or "timeout"
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        words = lines[0].split(b" ", 2)
        self.status = int(words[1]) if len(words) > 1 and words[1].isdigit() else None
        self.headers = {}
        for line in lines[1:]:
            name, colon, value = line.partition(b":")
            if colon:
                self.headers[name.strip().lower().decode("latin-1")] = value.strip().decode("latin-1")

    def json(self):
        return json.loads(self.body)


class Client:
    """One request per connection unless kept; reads until Content-Length is met or the last chunk is there, else until the end."""

    def __init__(self, url, context=None, timeout=DEADLINE):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port, self.tls = parts.hostname, parts.port, parts.scheme == "https"
        self.context = context
        self.timeout = timeout

    def connect(self):
        connection = socket.create_connection((self.host, self.port), timeout=self.timeout)
        if self.tls:
            connection = self.context.wrap_socket(connection, server_hostname=self.host)
        return connection

    @staticmethod
    def text(method, path, headers=None, body=""):
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if body or method in ("POST", "PUT"):
            lines.append(f"Content-Length: {len(body.encode())}")
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    def get(self, path, headers=None, **keywords):
        return self.request("GET", path, headers, **keywords)

    def request(self, method, path, headers=None, body="", timeout=None):
        with self.connect() as connection:
            connection.settimeout(timeout or self.timeout)
            connection.sendall(self.text(method, path, headers, body))
            return self.read(connection)

    @staticmethod
    def read(connection):
        raw = b""
        while True:
            head, blank, body = raw.partition(b"\r\n\r\n")
            while blank and head.startswith(b"HTTP/1.1 1"):
                head, blank, body = body.partition(b"\r\n\r\n")
            if blank and b"transfer-encoding: chunked" in head.lower() and b"\r\n0\r\n" in body and body.endswith(b"\r\n\r\n"):
                return Answer(raw, "complete")
            if blank:
                length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                value = length[0].split(b":")[1].strip() if length else b""
                if value.isdigit() and len(body) >= int(value):
                    return Answer(raw, "complete")
            try:
                got = connection.recv(65536)
            except socket.timeout:
                return Answer(raw, "timeout")
            except (ConnectionResetError, ssl.SSLError):
                return Answer(raw, "reset")
            if not got:
                return Answer(raw, "closed")
            raw += got

    def stream(self, path, headers=None, seconds=1.0, least=0):
        """What a stream sends within a time, and for as long as it has not sent `least` events: (bytes, how it ended)."""
        with self.connect() as connection:
            connection.sendall(self.text("GET", path, headers))
            raw, begin = b"", time.monotonic()
            while True:
                wanted = not raw or raw.count(b"id:") < least
                left = begin + (DEADLINE if wanted else seconds) - time.monotonic()
                if left <= 0:
                    return raw, "timeout"
                connection.settimeout(left)
                try:
                    got = connection.recv(65536)
                except socket.timeout:
                    return raw, "timeout"
                except ConnectionResetError:
                    return raw, "reset"
                if not got:
                    return raw, "closed"
                raw += got


def event_ids(raw):
    body = raw.partition(b"\r\n\r\n")[2].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return [int(line.split(b":")[1]) for line in body.split(b"\n") if line.startswith(b"id:")]


def fill(template, values):
    if isinstance(template, str):
        return re.sub(r"\{([a-z-]+)\}", lambda found: str(values.get(found.group(1), "x")), template)
    if isinstance(template, list):
        return [fill(one, values) for one in template]
    if isinstance(template, dict):
        return {key: fill(one, values) for key, one in template.items()}
    return template


def at(document, pointer):
    for step in pointer.split("/")[1:]:
        if not isinstance(document, dict) or step not in document:
            return None
        document = document[step]
    return document


def serve_catalogue(test, standin, path, tokens):
    """Every operation gets a status it accepts, yields the ids it is to yield, and is counted under its own name."""
    catalogue = json.loads(path.read_text(encoding="utf-8"))
    values = {name: (one.get("default") or "acme") for name, one in catalogue["variables"].items()}
    for operation in catalogue["operations"]:
        request = operation["request"]
        target = fill(request["path"], values)
        if request.get("query"):
            target += "?" + urllib.parse.urlencode(request["query"])
        headers = {"Authorization": "Bearer " + standin.tokens[tokens[operation["target"]]]} if operation["target"] in tokens else {}
        client = standin.client(operation["target"])
        body = request.get("body")
        if isinstance(body, dict) and "dataBase64" in body:
            body = dict(body, dataBase64="aGVsbG8=")
        if operation["response"] == "event-stream":
            test.assertIn(b"HTTP/1.1 200 OK", client.stream(target, headers, 0.2)[0])
        else:
            answer = client.request(request["method"], target, headers, json.dumps(fill(body, values)) if body is not None else "")
            test.assertIn(answer.status, operation["accepts"]["success"], (operation["name"], answer.raw))
            for name, pointers in operation.get("captures", {}).items():
                found = [value for value in (at(answer.json(), pointer) for pointer in pointers) if value]
                test.assertTrue(found, (operation["name"], answer.body))
                values[name] = found[0]
        test.assertEqual(standin.stats()["routes"][operation["name"]]["requests"], 1, operation["name"])
    text = ""
    for operation in catalogue["operations"]:
        if operation["name"] in catalogue["metrics"]["scrapes"]:
            token = tokens.get(operation["target"])
            headers = {"Authorization": "Bearer " + standin.tokens[token]} if token else {}
            text += standin.client(operation["target"]).get(operation["request"]["path"], headers).body.decode()
    # Counters of what never happened may be absent; all else is there.
    for series in catalogue["metrics"]["series"]:
        if "firstSeenFrom" not in series:
            test.assertIn(series["name"], text)
