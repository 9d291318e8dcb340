"""A stand-in for one test: started with faults, asked for its counts, stopped at the end."""

import concurrent.futures
import json
import pathlib
import subprocess
import threading
import time
import urllib.request

import support

DIGESTS = ["--cloud-image-digest", "sha256:" + "a1" * 32, "--gateway-image-digest", "sha256:" + "b2" * 32,
           "--commit-sha", "3f786850e387550fdab836ed7e6dc881de23001b"]
EVERYTHING = ["--include-mutations", "--include-sse", "--operator", "--byok-provider", "openai", *DIGESTS]


class Standin:
    def __init__(self, test, *arguments, environment=""):
        ready = test.scratch / f"ready-{time.monotonic_ns()}.json"
        self.process = subprocess.Popen([str(support.BIN / "launchgate-standin"), "--ready-file", str(ready), "--print", "json",
                                         "--lifetime-ms", "120000", *arguments],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        test.addCleanup(self.stop)
        deadline = time.monotonic() + 20
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("the stand-in does not start: " + self.process.stderr.read().decode())
            time.sleep(0.02)
        self.ready = json.loads(ready.read_text())
        self.environment = {key: value for key, value in self.ready["environment"].items() if "_LOAD_" in key and key.startswith(environment)}

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        self.process.stderr.close()

    def control(self, path, method="GET", body=None):
        request = urllib.request.Request(self.ready["control"] + "/__standin/" + path, method=method,
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


class LoadTest(support.RepositoryTest):
    numbers = threading.Lock()
    runs = 0

    def setUp(self):
        if not (support.BIN / "launchgate-standin").exists():
            self.skipTest("launchgate-standin is not built")
        super().setUp()
        self.out = self.scratch / "out"

    def load(self, standin, *arguments, env=None, timeout=90):
        variables = dict(standin.environment if standin else {})
        variables.update(env or {})
        # A folder each, since several may run at a time.
        with LoadTest.numbers:
            LoadTest.runs += 1
            folder = self.out / str(LoadTest.runs)
        return self.tool("launchgate-load", "--output-dir", folder, *arguments, env=variables, timeout=timeout)

    def together(self, cases, run):
        """Runs `run(case)` for all cases, four at a time; what one raises is raised with the case."""
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for case, future in [(case, pool.submit(run, case)) for case in cases]:
                with self.subTest(case):
                    future.result()

    def report(self, outcome):
        return json.loads(pathlib.Path(outcome.json()["jsonPath"]).read_text())

    def written(self):
        return "\n".join(path.read_text() for path in sorted(self.out.rglob("*")) if path.is_file())
