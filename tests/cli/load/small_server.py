"""A small correct Cloud and Gateway that owe nothing to the stand-in: what the contract says, in as few words as it allows.

`ways` are the liberties that such a server may take: see the tests that name them.
"""

import http.server
import itertools
import json
import threading
import time
import urllib.parse

CLOUD_TOKEN = "small-cloud-token"
ADMIN_TOKEN = "small-admin-token"
CLOUD_METRICS = ["open_cowork_cloud_" + name for name in (
    "command_queue_depth_estimate", "command_oldest_age_ms", "projection_lag_events", "sse_connections", "quota_rejections_total", "worker_stale_owner_rejections_total")]
GATEWAY_METRICS = ["open_cowork_gateway_" + name for name in ("delivery_retries_total", "delivery_dead_letters_total", "stream_reconnects_total", "session_streams")]
READS = ["/api/config", "/api/workspace", "/api/sessions", "/api/threads", "/api/threads/tags", "/api/threads/smart-filters", "/api/workflows", "/api/byok",
         "/api/usage/summary", "/api/channels/deliveries", "/api/admin/policy", "/api/workers/heartbeats", "/api/runtime/status"]


class Cloud(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536
    token = CLOUD_TOKEN

    def log_message(self, *_):
        pass

    def ways(self, name):
        return name in self.server.ways

    served = 0

    def answer(self, status, body=b"", kind="application/json"):
        self.served += 1
        if self.ways("drop") and self.served > 1:
            # It has read the request, and goes.
            self.close_connection = True
            return
        self.server.count((self.command, self.path, status))
        content = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        if self.ways("close"):
            self.send_header("Connection", "close")
            self.close_connection = True
        if self.ways("chunked"):
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for at in range(0, len(content), 7):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(content[at:at + 7]), content[at:at + 7]))
            self.wfile.write(b"0\r\n\r\n")
        elif self.ways("no-length"):
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = True
        else:
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        self.wfile.flush()

    def known(self):
        if self.headers.get("Authorization") == "Bearer " + self.token:
            return True
        self.answer(401, {"error": "who is it?"})
        return False

    def metrics(self, names):
        text = ""
        for name in names:
            if self.ways("labels"):
                text += f"# HELP {name} words\n# TYPE {name} {'counter' if name.endswith('total') else 'gauge'}\n"
                text += f'{name}{{who="a \\"b\\" }} c",of="1"}} 0 {int(time.time() * 1000)}\n{name}{{who="d",}} 0.0 {int(time.time() * 1000)}\n'
            else:
                text += name + " 0\n"
        self.answer(200, text, "text/plain")

    def do_GET(self):
        path = self.path.split("?")[0]
        if path in ("/readyz", "/livez"):
            return self.answer(200, "ok", "text/plain")
        if path == "/":
            return self.answer(200, "<!doctype html>", "text/html")
        if not self.known():
            return None
        if path == "/api/metrics":
            return self.metrics(CLOUD_METRICS)
        if path == "/api/events":
            return self.events()
        if path in READS:
            return self.answer(200, {})
        if path.startswith("/api/sessions/") and path.split("/")[-1] in self.server.ids and urllib.parse.unquote(path.split("/")[3]) in self.server.ids:
            return self.answer(200, {"artifact": {"dataBase64": "eA=="}})
        return self.answer(404, {"error": "not here"})

    def create(self, kind, prefix, pointer):
        new = prefix + str(next(self.server.numbers))
        self.server.ids.add(new)
        self.answer(201, {pointer: new} if self.ways("minimal") else {kind: {pointer if kind == "session" else "id": new}})

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)))
        if not self.known():
            return None
        path = self.path.strip("/").split("/")
        nothing = b"" if self.ways("minimal") else {"ok": True}
        if path == ["api", "sessions"]:
            # An id may hold what a path must not.
            return self.create("session", "s " if not self.ways("minimal") else "s", "sessionId")
        if path == ["api", "workflows"]:
            good = sent["triggers"] == [{"type": "manual", "enabled": True}] and sent["skillNames"] == sent["toolIds"] == [] and sent["title"] and sent["instructions"]
            return self.create("workflow", "w", "workflowId") if good and sent["agentName"] else self.answer(400)
        if len(path) == 4 and urllib.parse.unquote(path[2]) in self.server.ids | {"openai"}:
            if path[3] == "prompt" and sent["text"] and sent["agent"]:
                return self.answer(202, nothing)
            if path[3] == "artifacts" and sent["filename"] and sent["contentType"] and sent["dataBase64"]:
                return self.create("artifact", "a", "artifactId")
            if path[3] == "run" and sent["triggerType"] == "manual" and "triggerPayload" in sent:
                return self.answer(202, nothing)
            if path[3] == "validate":
                return self.answer(200, nothing)
        return self.answer(404, {"error": "not here"})

    def events(self):
        self.server.count((self.command, self.path, 200))
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "Text/Event-Stream;charset=utf-8")
        self.end_headers()
        self.wfile.write(b": connected\n\n")
        try:
            self.wfile.flush()
            while not self.server.over.wait(1):
                self.wfile.write(b": keep-alive\n\n")
                self.wfile.flush()
        except OSError:
            pass  # who listened has gone


class Gateway(Cloud):
    token = ADMIN_TOKEN

    def do_GET(self):
        if self.path in ("/health", "/ready"):
            return self.answer(200, {"ok": True})
        if self.path == "/metrics":
            return self.metrics(GATEWAY_METRICS) if self.known() else None
        return self.answer(404)


class Service(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def __init__(self, handler, ways):
        super().__init__(("127.0.0.1", 0), type("Handler", (handler,), {"protocol_version": "HTTP/1.0" if "http-1.0" in ways else "HTTP/1.1"}))
        self.ways, self.over, self.lock = ways, threading.Event(), threading.Lock()
        self.numbers, self.ids, self.requests = itertools.count(1), set(), {}
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def count(self, key):
        with self.lock:
            self.requests[key] = self.requests.get(key, 0) + 1

    def handle_error(self, *_):
        pass  # a client that hung up

    def stop(self):
        self.over.set()
        self.shutdown()
        self.server_close()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.server_address[1]


class SmallServer:
    def __init__(self, test, *ways):
        self.cloud, self.gateway = Service(Cloud, ways), Service(Gateway, ways)
        test.addCleanup(self.cloud.stop)
        test.addCleanup(self.gateway.stop)
        self.environment = {"OPEN_COWORK_LOAD_CLOUD_URL": self.cloud.url, "OPEN_COWORK_LOAD_GATEWAY_URL": self.gateway.url,
                            "OPEN_COWORK_LOAD_CLOUD_TOKEN": CLOUD_TOKEN, "OPEN_COWORK_LOAD_GATEWAY_ADMIN_TOKEN": ADMIN_TOKEN}

    def requests(self):
        return sum(self.cloud.requests.values()) + sum(self.gateway.requests.values())
