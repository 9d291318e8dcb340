"""What the load engine needs to hold thousands of event streams, and whether it sees each event of a broadcast once.

    python3 tests/bench/load/bench_streams.py BIN_FOLDER [--streams 10000] [--seconds N] [--tls]

Prints one JSON object: resident memory per stream (against a run with ten), processor time, and what was received of a broadcast of ten
events a second. Takes about a minute.
"""

import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
RATE = 10


def resident_kib(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1))


def run(folder, binaries, streams, seconds, tls):
    repository = folder / "repository"
    shutil.copytree(ROOT / "fixtures/sample-product", repository, dirs_exist_ok=True)
    targets = repository / "deploy/load/launch-readiness-targets.json"
    profiles = json.loads(targets.read_text())
    profiles["profiles"]["enterprise-scale"]["capacityTargets"]["concurrentSseStreams"] = streams
    targets.write_text(json.dumps(profiles))
    ready, authority = folder / f"ready-{streams}.json", folder / "authority.pem"
    standin = subprocess.Popen([binaries / "launchgate-standin", "--print", "json", "--ready-file", ready, "--lifetime-ms", "300000",
                                "--broadcast", str(RATE), *(["--tls", "--write-ca", authority] if tls else [])], stdout=subprocess.DEVNULL)
    try:
        while not ready.exists():
            time.sleep(0.02)
        variables = {name: value for name, value in json.loads(ready.read_text())["environment"].items() if "_LOAD_" in name}
        load = subprocess.Popen([binaries / "launchgate-load", "--root", repository, "--output-dir", folder / "out", "--profile", "enterprise-scale",
                                 "--include-sse", "--skip-gateway", "--request-rate", "1", "--concurrency", "4", "--duration-ms", str(seconds * 1000),
                                 "--timeout-ms", "30000", *(["--cacert", authority] if tls else [])],
                                env={**os.environ, **variables}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        resident, last = 0, time.monotonic() + seconds - 1
        while load.poll() is None and time.monotonic() < last:
            resident = resident_kib(load.pid)
            time.sleep(0.25)
        out, _ = load.communicate(timeout=120)
        return resident, json.loads(pathlib.Path(json.loads(out)["jsonPath"]).read_text())
    finally:
        standin.terminate()
        standin.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries", type=pathlib.Path)
    parser.add_argument("--streams", type=int, default=10000)
    parser.add_argument("--seconds", type=int, help="default: 20, with --tls 60, in which the handshakes of both sides find place on two cores")
    parser.add_argument("--tls", action="store_true")
    options = parser.parse_args()
    options.seconds = options.seconds or (60 if options.tls else 20)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as scratch:
        few, _ = run(pathlib.Path(scratch), options.binaries, 10, 5, options.tls)
        many, report = run(pathlib.Path(scratch), options.binaries, options.streams, options.seconds, options.tls)
    streams = report["streams"]
    print(json.dumps({
        "streams": options.streams, "tls": options.tls, "residentKiBPerStream": round((many - few) / (options.streams - 10), 2),
        "residentMiB": round(many / 1024, 1), "heldMean": streams["heldMean"], "events": streams["events"], "gaps": streams["gaps"],
        "duplicates": streams["duplicates"], "missing": streams["missingEvents"], "reconnects": streams["reconnects"], "refused": streams["refused"], "drops": streams["drops"], "opened": streams["opened"],
        "eventsPerSecond": round(streams["events"] / options.seconds), "cpuShare": report["generator"]["cpuShare"],
        "cpuMicrosecondsPerEvent": round(report["generator"]["cpuSeconds"] / max(1, streams["events"]) * 1e6, 2),
    }, indent=2))


if __name__ == "__main__":
    main()
