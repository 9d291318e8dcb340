#!/usr/bin/env python3
"""Whole-process times of `launchgate check` on the sample product against the same check with ajv in Node, start-up against /bin/true, and a 50 MB
evidence matrix. Needs npm; ajv is installed below build/. Run it on an idle machine: tests/bench/bench_check.py"""

import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("LAUNCHGATE_BIN", SOURCE / "build/release/bin"))
ROUNDS = 40


def median_ms(command, rounds=ROUNDS, **keywords):
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, **keywords)
        times.append((time.perf_counter() - begin) * 1000)
        if done.returncode != 0:
            sys.exit(f"{command} failed: {done.stderr.decode()[:500]}")
    return statistics.median(times)


def ajv_folder():
    folder = SOURCE / "build/bench/ajv"
    if not (folder / "node_modules/ajv").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "ajv@8"], cwd=folder, check=True)
    return folder


def big_matrix(path, megabytes):
    matrix = json.loads((SOURCE / "fixtures/sample-product/deploy/load/launch-evidence-matrix.json").read_text())
    surfaces = matrix["evidenceCategories"]["loadAndSoak"]["coveredSurfaces"]
    line = "a surface of no particular interest that only makes the document long, number "
    surfaces += [f"{line}{i}" for i in range(megabytes * 1000 * 1000 // (len(line) + 18))]
    path.write_text(json.dumps(matrix, indent=2))
    return path.stat().st_size


def peak_kib(command):
    """Wall seconds and peak resident KiB of one run."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - begin, usage.ru_maxrss, os.waitstatus_to_exitcode(status)


def main():
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="launchgate-bench-"))
    try:
        root = scratch / "product"
        shutil.copytree(SOURCE / "fixtures/sample-product", root)
        for path in sorted(pathlib.Path(BIN).glob("launchgate*")):
            mib = path.stat().st_size / 1024 / 1024
            print(f"{path.name:<30} {mib:8.2f} MiB  limit 4 MiB   {'ok' if mib <= 4 else 'MISSED'}")
        true = median_ms(["/bin/true"], 200)
        version = median_ms([BIN / "launchgate", "--version"], 200)
        print(f"/bin/true                      {true:8.2f} ms")
        print(f"launchgate --version           {version:8.2f} ms   limit {3 * true + 2:.2f} ms   {'ok' if version <= 3 * true + 2 else 'MISSED'}")
        check = median_ms([BIN / "launchgate", "check", "--root", root])
        print(f"launchgate check               {check:8.2f} ms   limit 10 ms   {'ok' if check <= 10 else 'MISSED'}")
        pair = median_ms(["sh", "-c", f"{BIN}/launchgate-profiles --root {root} && {BIN}/launchgate-matrix --root {root}"])
        print(f"profiles, then matrix          {pair:8.2f} ms")
        if shutil.which("npm"):
            peer = median_ms(["node", SOURCE / "tests/bench/check_with_ajv.mjs", root, SOURCE / "schemas", ajv_folder()], 15)
            print(f"node with ajv                  {peer:8.2f} ms   ratio {peer / check:.1f}   limit 20   {'ok' if peer / check >= 20 else 'MISSED'}")
        else:
            print("node with ajv: npm is not installed")
        matrix = root / "deploy/load/launch-evidence-matrix.json"
        size = big_matrix(matrix, 50)
        seconds, kib, code = peak_kib([BIN / "launchgate-matrix", "--root", root])
        factor = kib * 1024 / size
        print(f"{size / 1e6:.0f} MB matrix: exit {code}, {seconds:.2f} s (limit 2), {kib / 1024:.0f} MiB, {factor:.1f}x its size (limit 12)   "
              f"{'ok' if seconds < 2 and factor < 12 and code == 0 else 'MISSED'}")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
