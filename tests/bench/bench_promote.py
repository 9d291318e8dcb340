#!/usr/bin/env python3
"""Whole-process time of `launchgate-promote` on an honest private record of the sample product, made with `launchgate-record` alone, against the
limit of 15 ms and against /bin/true. Run it on an idle machine: tests/bench/bench_promote.py"""

import os
import pathlib
import statistics
import subprocess
import sys
import time
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
os.environ.setdefault("LAUNCHGATE_BIN", str(SOURCE / "build/release/bin"))
sys.path.insert(0, str(SOURCE / "tests/cli"))

import evidence  # noqa: E402

LIMIT_MS = 15
ROUNDS = 60


def median_ms(command, **keywords):
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False, **keywords)
        times.append((time.perf_counter() - begin) * 1000)
        if done.returncode != 0:
            sys.exit(f"{command} failed")
    return statistics.median(times)


class Bench(evidence.EvidenceTest):
    def test_promote(self):
        words = [evidence.BIN / "launchgate-promote", "--tier", evidence.TIER, "--manifest", self.record, *self.pins()]
        took, nothing = median_ms(words, cwd=self.root), median_ms(["/bin/true"])
        print(f"launchgate-promote, {evidence.TIER}   {took:6.2f} ms   limit {LIMIT_MS} ms   {'ok' if took <= LIMIT_MS else 'MISSED'}")
        print(f"/bin/true                                 {nothing:6.2f} ms   ratio {took / nothing:.1f}")


if __name__ == "__main__":
    unittest.main()
