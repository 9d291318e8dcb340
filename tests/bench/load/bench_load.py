"""The load engine against wrk, both against one nginx worker on the loopback, in alternating rounds; medians.

Usage: bench_load.py BIN_FOLDER [ROUNDS]      needs nginx, wrk and taskset
"""

import json
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

PORT = 18080
SECONDS = 3
HERE = pathlib.Path(__file__).resolve().parent
FIXTURE = HERE.parents[2] / "fixtures" / "sample-product"


def measured(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(["taskset", "-c", "1", *command], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def engine(binary, folder, rate, concurrency):
    done, cpu = measured([str(binary), "--root", str(FIXTURE), "--operations", str(HERE / "catalogue.json"), "--web-url", f"http://127.0.0.1:{PORT}",
                          "--output-dir", str(folder), "--duration-ms", str(SECONDS * 1000), "--concurrency", str(concurrency), "--request-rate", str(rate)])
    report = json.loads(pathlib.Path(json.loads(done.stdout)["jsonPath"]).read_text())
    return report, cpu


def main():
    binary = pathlib.Path(sys.argv[1]) / "launchgate-load"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        configuration = folder / "nginx.conf"
        configuration.write_text(f"worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.err;\n"
                                 "events { worker_connections 4096; }\n"
                                 "http { access_log off; keepalive_requests 100000000;\n"
                                 f"  server {{ listen 127.0.0.1:{PORT}; location / {{ return 200 \"hello\\n\"; }} }} }}\n")
        nginx = subprocess.Popen(["taskset", "-c", "0", "nginx", "-p", str(folder), "-c", str(configuration)])
        try:
            time.sleep(0.5)
            figures = {"wrk": [], "engine": []}
            open_loop = []
            for _ in range(rounds):
                done, cpu = measured(["wrk", "-t1", "-c64", f"-d{SECONDS}s", f"http://127.0.0.1:{PORT}/"])
                count, seconds = re.search(r"(\d+) requests in ([\d.]+)s", done.stdout).groups()
                figures["wrk"].append((int(count) / float(seconds), cpu / int(count) * 1e5))
                report, cpu = engine(binary, folder, 1_000_000, 64)
                figures["engine"].append((report["run"]["achievedRequestRatePerSecond"], cpu / report["run"]["requestCount"] * 1e5))
                report, _ = engine(binary, folder, 20_000, 512)
                page = report["summary"]["operations"]["page"]
                open_loop.append((report["run"]["achievedRequestRatePerSecond"], page["p50LatencyMs"], page["p99LatencyMs"]))
        finally:
            nginx.terminate()
            nginx.wait()
    medians = {name: [statistics.median(values) for values in zip(*runs)] for name, runs in figures.items()}
    rate, p50, p99 = (statistics.median(values) for values in zip(*open_loop))
    print(json.dumps({
        "closedLoop": {name: {"requestsPerSecond": round(values[0]), "cpuSecondsPer100k": round(values[1], 3)} for name, values in medians.items()},
        "rateAgainstWrk": round(medians["engine"][0] / medians["wrk"][0], 3),
        "cpuAgainstWrk": round(medians["engine"][1] / medians["wrk"][1], 3),
        "openLoop20000": {"achieved": rate, "p50Ms": p50, "p99Ms": p99},
    }, indent=2))


if __name__ == "__main__":
    main()
