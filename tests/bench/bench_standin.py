"""How fast and how lean launchgate-standin is: requests a second with wrk, and memory and fan-out with many idle streams.

    python3 tests/bench/bench_standin.py [--bin build/release/bin] [--streams 10000] [--seconds 5] [--tls]

Needs wrk (Debian) and a descriptor limit above the number of streams. Prints one JSON object. Takes about half a minute.
"""

import argparse
import json
import os
import pathlib
import re
import resource
import select
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.request

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_kib(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1))


class Standin:
    def __init__(self, binary, *arguments):
        self.folder = tempfile.TemporaryDirectory()
        self.authority = str(pathlib.Path(self.folder.name) / "ca.pem")
        more = ["--write-ca", self.authority] if "--tls" in arguments else []
        self.process = subprocess.Popen([binary, "--print", "json", "--lifetime-ms", "300000", *arguments, *more], stdout=subprocess.PIPE)
        self.info = json.loads(self.process.stdout.readline())
        self.cloud = self.info["services"]["cloud"]
        self.token = self.info["tokens"]["operator"]

    def control(self, method, what, value=None):
        data = None if value is None else json.dumps(value).encode()
        request = urllib.request.Request(self.info["control"] + "/__standin/" + what, data, method=method)
        return json.loads(urllib.request.urlopen(request).read())

    def end(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


def requests(binary, seconds):
    standin = Standin(binary)
    results = {}
    try:
        for path in ("/livez", "/api/config", "/api/sessions"):
            spent = cpu_seconds(standin.process.pid)
            text = subprocess.run(["wrk", "-t1", "-c64", f"-d{seconds}s", "--latency", "-H", "Authorization: Bearer " + standin.token, standin.cloud + path],
                                  stdout=subprocess.PIPE, check=True).stdout.decode()
            spent = cpu_seconds(standin.process.pid) - spent
            count = int(re.search(r"(\d+) requests in", text).group(1))
            results[path] = {"requestsPerSecond": round(float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))),
                             "cpuSecondsPer100000": round(spent / count * 100000, 3),
                             "p50": re.search(r"^\s+50%\s+(\S+)", text, re.M).group(1), "p99": re.search(r"^\s+99%\s+(\S+)", text, re.M).group(1)}
    finally:
        standin.end()
    return results


EVENT_ID = re.compile(rb"^id: (\d+)$", re.M)


def publish(standin, seconds):
    next_at = time.monotonic()
    for _ in range(seconds * 10):
        time.sleep(max(0, next_at - time.monotonic()))
        standin.control("POST", "events", {"count": 1})
        next_at += 0.1


def streams(binary, count, seconds, tls):
    standin = Standin(binary, *(["--tls"] if tls else []))
    pid = standin.process.pid
    opened = []
    try:
        before = resident_kib(pid)
        host, port = standin.cloud.split("//")[1].split(":")
        context = ssl.create_default_context(cafile=standin.authority) if tls else None
        head = f"GET /api/events?after=0 HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {standin.token}\r\n\r\n".encode()
        for _ in range(count):
            connection = socket.create_connection((host, int(port)))
            if tls:
                connection = context.wrap_socket(connection, server_hostname=host)
            connection.sendall(head)
            opened.append(connection)
        poller = select.epoll()
        by_number = {}
        for connection in opened:
            connection.setblocking(False)
            by_number[connection.fileno()] = connection
            poller.register(connection.fileno(), select.EPOLLIN)

        def read(number):
            got = b""
            try:
                while True:
                    part = by_number[number].recv(16384)
                    if not part:
                        raise RuntimeError("a stream ended")
                    got += part
                    if not tls:  # what is left is told again
                        return got
            except (BlockingIOError, ssl.SSLWantReadError):
                return got

        def settle(wait):
            end = time.monotonic() + wait
            while (left := end - time.monotonic()) > 0:
                for number, _ in poller.poll(left):
                    read(number)
        settle(2)
        spent, started = cpu_seconds(pid), time.monotonic()
        settle(3)
        idle = (cpu_seconds(pid) - spent) / (time.monotonic() - started)
        resident = resident_kib(pid)
        assert standin.control("GET", "stats")["openStreams"] == count

        # Ten events a second to all. What each stream received must be all that was published, once.
        ids = {number: [] for number in by_number}
        spent, started = cpu_seconds(pid), time.monotonic()
        publisher = threading.Thread(target=publish, args=(standin, seconds))
        publisher.start()
        late = started + seconds + 30
        while time.monotonic() < late and (publisher.is_alive() or sum(map(len, ids.values())) < seconds * 10 * count):
            for number, _ in poller.poll(0.05, 20000):
                ids[number] += EVENT_ID.findall(read(number))
        took = time.monotonic() - started
        spent = cpu_seconds(pid) - spent
        expected = [str(one).encode() for one in range(1, seconds * 10 + 1)]
        right = sum(one == expected for one in ids.values())
        events = sum(map(len, ids.values()))
        return {"streams": count, "tls": tls, "residentKiBPerStream": round((resident - before) / count, 2), "residentMiB": round(resident / 1024, 1),
                "cpuShareIdleWithHeartbeats": round(idle, 3), "published": seconds * 10, "streamsWithEachEventOnce": right,
                "seconds": round(took, 2), "cpuMicrosecondsPerEvent": round(spent / max(1, events) * 1e6, 2)}
    finally:
        standin.end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", default=str(SOURCE / "build/release/bin"))
    parser.add_argument("--streams", type=int, default=10000)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--tls", action="store_true")
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    binary = str(pathlib.Path(options.bin) / "launchgate-standin")
    print(json.dumps({"requests": requests(binary, options.seconds), "idleStreams": streams(binary, options.streams, options.seconds, options.tls)}, indent=2))


if __name__ == "__main__":
    main()
