#!/usr/bin/env python3
"""How true the load engine's figures are: the percentiles it measures against what the stand-in says that it held its answers for, and the rates it attains
against the profile's targets; with processor time and memory. On an idle machine the worst ratios are within 1.01 and 0.98 to 1.02.

Usage: bench_accuracy.py [BIN_FOLDER]
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[2]
FIXTURE = SOURCE / "fixtures" / "sample-product"
DIGESTS = ["--cloud-image-digest", "sha256:" + "a1" * 32, "--gateway-image-digest", "sha256:" + "b2" * 32, "--commit-sha", "3f786850e387550fdab836ed7e6dc881de23001b"]


class Run:
    """One run of the engine against a stand-in of its own: `report`, and the stand-in's `routes`."""

    def __init__(self, binaries, folder, faults, arguments):
        standin = subprocess.Popen([binaries / "launchgate-standin", "--print", "json", "--lifetime-ms", "300000", *(word for fault in faults for word in ("--fault", fault))],
                                   stdout=subprocess.PIPE)
        try:
            info = json.loads(standin.stdout.readline())
            environment = {**os.environ, **{key: value for key, value in info["environment"].items() if "_LOAD_" in key}}
            done = subprocess.run([binaries / "launchgate-load", "--root", FIXTURE, "--output-dir", folder, *arguments, *DIGESTS], env=environment, stdout=subprocess.PIPE, check=False)
            self.report = json.loads(pathlib.Path(json.loads(done.stdout)["jsonPath"]).read_text())
            with urllib.request.urlopen(info["control"] + "/__standin/stats") as answer:
                self.routes = json.load(answer)["routes"]
        finally:
            standin.terminate()
            standin.wait()


def percentiles(binaries, folder, distribution):
    run = Run(binaries, folder, [distribution], ["--profile", "private-beta", "--duration-ms", "5000", "--pacing", "shared", "--request-rate", "600", "--concurrency", "2000",
                                                 "--include-mutations", "--operator", "--max-mutating-sessions", "9999", "--max-mutating-artifacts", "9999",
                                                 "--max-mutating-workflows", "9999"])
    ratios = []
    for name, route in run.routes.items():
        # Of those that the first probes ask for, the server has seen one more, which moves a percentile by a rank.
        measured = run.report["summary"]["operations"].get(name)
        if measured and measured["count"] == route["requests"]:
            ratios += [measured[key + "ServiceMs"] / route["held"][key + "Ms"] for key in ("p50", "p90", "p95", "p99")]
    print(f"{distribution}: measured/held {min(ratios):.4f} to {max(ratios):.4f} over {len(ratios)} percentiles; sent late at p99 by {run.report['generator']['lateness']['p99Ms']} ms")


def rates(binaries, folder):
    run = Run(binaries, folder, [], ["--profile", "public-beta", "--duration-ms", "12000", "--strict", "--include-mutations", "--include-sse", "--operator", "--byok-provider", "openai"])
    for name, one in run.report["attained"].items():
        print(f"{name}: achieved/target {one['achieved'] / one['target']:.4f}")
    generator = run.report["generator"]
    print(f"processor: {generator['cpuShare']:.3f} of a core (0.15 expected at most), peak memory {generator['peakMemoryBytes'] / 2**20:.0f} MiB; result {run.report['gates']['overall']}")


def main():
    binaries = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else SOURCE / "build/release/bin").resolve()
    with tempfile.TemporaryDirectory() as folder:
        for distribution in ("latency:medianMs=60,sigma=0.5", "latency:minMs=30,maxMs=90"):
            percentiles(binaries, folder, distribution)
        rates(binaries, folder)


if __name__ == "__main__":
    main()
