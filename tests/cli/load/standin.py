"""A stand-in for one test: started with faults, asked for its counts, stopped at the end."""

import concurrent.futures
import json
import os
import pathlib
import re
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
                                         "--lifetime-ms", "3600000", *arguments],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        test.addCleanup(self.stop)
        support.until(lambda: ready.exists() or self.process.poll() is not None)
        if not ready.exists():
            raise AssertionError("the stand-in does not start: " + self.process.stderr.read().decode())
        self.ready = json.loads(ready.read_text())
        self.environment = {key: value for key, value in self.ready["environment"].items() if "_LOAD_" in key and key.startswith(environment)}

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(support.DEADLINE)
        self.process.stderr.close()

    def control(self, path, method="GET", body=None):
        request = urllib.request.Request(self.ready["control"] + "/__standin/" + path, method=method,
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=support.DEADLINE) as answer:
            return json.load(answer)


class LoadTest(support.RepositoryTest):
    numbers = threading.Lock()
    runs = 0

    def setUp(self):
        if not (support.BIN / "launchgate-standin").exists():
            self.skipTest("launchgate-standin is not built")
        super().setUp()
        self.out = self.scratch / "out"

    def load(self, standin, *arguments, env=None):
        variables = dict(standin.environment if standin else {})
        variables.update(env or {})
        # A folder each, since several may run at a time.
        with LoadTest.numbers:
            LoadTest.runs += 1
            folder = self.out / str(LoadTest.runs)
        return self.tool("launchgate-load", "--output-dir", folder, *arguments, env=variables)

    def together(self, cases, run):
        """Runs `run(case)` for all cases, four at a time; what one raises is raised with the case."""
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for case, future in [(case, pool.submit(run, case)) for case in cases]:
                with self.subTest(case):
                    future.result()

    def judged(self, outcome):
        """(result, failed checks) by all gates but those that a slow machine fails as much as a slow deployment; what the run itself says follows
        from all of them."""
        said, checks = outcome.json(), self.report(outcome)["gates"]["checks"]

        def overall(failed):
            return "no-go" if failed else "conditional-go" if said["warnings"] else "go"

        failed = [check["name"] for check in checks if check["status"] == "fail"]
        self.assertEqual((said["failedChecks"], said["result"], outcome.code), (failed, overall(failed), 1 if failed else 0), outcome)
        rest = [name for name in failed if not re.search(r"^generator-headroom$|^sse-streams-held$|-attained$|-p[0-9]+$", name)]
        return overall(rest), rest

    def start(self, standin, *arguments):
        """A run of ten minutes, to be ended early."""
        variables = {key: value for key, value in os.environ.items() if not key.startswith(("LAUNCHGATE_", "OPEN_COWORK_"))}
        variables.update(standin.environment)
        process = subprocess.Popen([str(support.BIN / "launchgate-load"), "--output-dir", str(self.out), "--duration-ms", "600000", "--request-rate", "50",
                                    "--concurrency", "20", *EVERYTHING, *arguments], cwd=self.root, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def wait_for_seconds(self, seconds):
        """Until the timeline has so many seconds of the run, and returns it."""
        def there():
            found = list(self.out.glob("*-timeline.jsonl"))
            return found if found and found[0].read_text().count("\n") > seconds else None

        return support.until(there)[0]

    def report(self, outcome):
        return json.loads(pathlib.Path(outcome.json()["jsonPath"]).read_text())

    def written(self):
        return "\n".join(path.read_text() for path in sorted(self.out.rglob("*")) if path.is_file())
