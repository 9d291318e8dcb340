"""What merging costs: soaks of 24 hours in 10, 100 and 1,000 segments, simulated by the core on its virtual clock.

    python3 tests/bench/load/bench_merge.py BIN_FOLDER [--simulation unit_load] [--segments 10 100 1000]

Prints one JSON object: for each number of segments the size of a part, the time and the peak memory of --merge, and what one more segment costs. Limit: 256 MB.
"""

import argparse
import json
import os
import pathlib
import subprocess
import tempfile
import time

LIMIT_MB = 256


def merge(binaries, folder, into):
    before = time.monotonic()
    child = subprocess.Popen([binaries / "launchgate-load", "--merge", folder, "--output-dir", into], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = child.stdout.read(), child.stderr.read()
    _, _, usage = os.wait4(child.pid, 0)
    if not out:
        raise SystemExit(err.decode())
    return {"seconds": round(time.monotonic() - before, 2), "cpuSeconds": round(usage.ru_utime + usage.ru_stime, 2), "peakMB": round(usage.ru_maxrss / 1000, 1),
            "result": json.loads(out)["result"]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries", type=pathlib.Path)
    parser.add_argument("--simulation", type=pathlib.Path)
    parser.add_argument("--segments", type=int, nargs="+", default=[10, 100, 1000])
    options = parser.parse_args()
    binaries = options.binaries.resolve()
    simulation = options.simulation or binaries / "unit_load"
    version = subprocess.run([binaries / "launchgate-load", "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    rows = {}
    for segments in options.segments:
        with tempfile.TemporaryDirectory() as scratch:
            parts = pathlib.Path(scratch) / "parts"
            parts.mkdir()
            begun = time.monotonic()
            subprocess.run([simulation, "[segment-parts]"], check=True, stdout=subprocess.DEVNULL,
                           env={**os.environ, "LAUNCHGATE_PARTS": str(parts), "LAUNCHGATE_SEGMENTS": str(segments), "LAUNCHGATE_TOOL_VERSION": version})
            simulated = time.monotonic() - begun
            sizes = [path.stat().st_size for path in parts.iterdir()]
            rows[segments] = {"simulatedSeconds": round(simulated, 1), "partKB": round(sum(sizes) / len(sizes) / 1000), **merge(binaries, parts, scratch)}
    few, many = min(rows), max(rows)
    each = {key: (rows[many][key] - rows[few][key]) / (many - few) for key in ("cpuSeconds", "peakMB")} if few < many else {}
    print(json.dumps({"segments": rows, "oneMoreSegment": {"cpuMs": round(each.get("cpuSeconds", 0) * 1000, 2), "KB": round(each.get("peakMB", 0) * 1000, 1)},
                      "limitMB": LIMIT_MB, "within": all(row["peakMB"] <= LIMIT_MB for row in rows.values())}, indent=2))


if __name__ == "__main__":
    main()
