"""Whether the load engine's memory stays as it is: a hundred times a profile's rate for a minute, with errors among the answers.

    python3 tests/bench/load/bench_memory.py BIN_FOLDER [--rate 2000] [--seconds 60]

Prints one JSON object: resident KiB every five seconds, and the growth from the first third of the run to its end.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries", type=pathlib.Path)
    parser.add_argument("--rate", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        ready = pathlib.Path(scratch) / "ready.json"
        standin = subprocess.Popen([options.binaries / "launchgate-standin", "--print", "json", "--ready-file", ready, "--lifetime-ms", "300000",
                                    "--fault", "error:status=503,rate=0.05", "--fault", "reset:rate=0.01"], stdout=subprocess.DEVNULL)
        try:
            while not ready.exists():
                time.sleep(0.02)
            variables = {name: value for name, value in json.loads(ready.read_text())["environment"].items() if "_LOAD_" in name}
            load = subprocess.Popen([options.binaries / "launchgate-load", "--root", ROOT / "fixtures/sample-product", "--output-dir", scratch, "--profile", "public-beta",
                                     "--pacing", "shared", "--request-rate", str(options.rate), "--concurrency", "400", "--duration-ms", str(options.seconds * 1000),
                                     "--include-mutations", "--include-sse", "--operator", "--byok-provider", "openai"],
                                    env={**os.environ, **variables}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            resident = []
            end = time.monotonic() + options.seconds - 1
            while time.monotonic() < end and load.poll() is None:
                time.sleep(5)
                if load.poll() is None:
                    resident.append(int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{load.pid}/status").read_text()).group(1)))
            out, _ = load.communicate(timeout=120)
            report = json.loads(pathlib.Path(json.loads(out)["jsonPath"]).read_text())
        finally:
            standin.terminate()
            standin.wait()
    print(json.dumps({"requests": report["run"]["requestCount"], "perSecond": report["run"]["achievedRequestRatePerSecond"], "residentKiB": resident,
                      "growthKiB": max(resident) - max(resident[: max(1, len(resident) // 3)]), "cpuShare": report["generator"]["cpuShare"]}, indent=2))


if __name__ == "__main__":
    main()
