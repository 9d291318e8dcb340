#!/usr/bin/env python3
"""Whole-process times of `launchgate-wording` on 100 Markdown files of 1 MB together against markdownlint-cli2 in Node on the same files, and on hostile
ones. Needs npm; markdownlint-cli2 is installed below build/. Run it on an idle machine: tests/bench/bench_wording.py"""

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
PAGES = ["docs/runbooks/launch-readiness.md", "docs/deployment-readiness.md", "docs/runbooks/launch-readiness-report.md", "docs/release-checklist.md"]


def run(command, **keywords):
    """Wall seconds, processor seconds, peak resident KiB and exit code."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **keywords)
    _, status, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status)


def median_ms(command, rounds, codes, **keywords):
    """Medians of wall and processor milliseconds; the latter say more on a machine that is busy."""
    times = []
    for _ in range(rounds):
        seconds, cpu, _, code = run(command, **keywords)
        if code not in codes:
            sys.exit(f"{command}: exit {code}")
        times.append((seconds * 1000, cpu * 1000))
    return statistics.median(wall for wall, _ in times), statistics.median(cpu for _, cpu in times)


def verdict(fine):
    return "ok" if fine else "MISSED"


def linter_folder():
    folder = SOURCE / "build/bench/markdownlint"
    if not (folder / "node_modules/markdownlint-cli2").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "markdownlint-cli2"], cwd=folder, check=True)
    return folder


def hundred_pages(root):
    """Pages of about 10 KB, no two the same, cut from the sample product's."""
    text = "\n\n".join((SOURCE / "fixtures/sample-product" / page).read_text(encoding="utf-8") for page in PAGES)
    paragraphs = text.split("\n\n")
    folder = root / "pages"
    folder.mkdir()
    total = 0
    for number in range(100):
        page = [f"# Page {number}"]
        at = number * 7
        while sum(map(len, page)) < 9800:
            page.append(paragraphs[at % len(paragraphs)])
            at += 1
        body = "\n\n".join(page) + "\n"
        total += len(body.encode())
        (folder / f"page-{number}.md").write_text(body, encoding="utf-8")
    return folder, total


def main():
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="launchgate-bench-"))
    try:
        folder, size = hundred_pages(scratch)
        (scratch / "launchgate.json").write_text(json.dumps({"schemaVersion": 1, "documents": [{"path": "pages/*.md", "kind": "markdown"}]}))
        own, own_cpu = median_ms([BIN / "launchgate-wording", "--root", scratch], 30, (0, 1))
        print(f"100 files, {size / 1e6:.2f} MB; load of the machine {os.getloadavg()[0]:.1f}")
        print(f"launchgate-wording             {own:8.1f} ms   cpu {own_cpu:.1f} ms   limit 50 ms   {verdict(own <= 50)}")
        if shutil.which("npm"):
            linter = linter_folder() / "node_modules/.bin/markdownlint-cli2"
            peer, peer_cpu = median_ms([linter, f"{folder}/*.md"], 5, (0, 1), cwd=folder)
            print(f"markdownlint-cli2              {peer:8.1f} ms   cpu {peer_cpu:.1f} ms   ratio {peer / own:.1f}, of cpu {peer_cpu / own_cpu:.1f}   limit 40   {verdict(peer / own >= 40)}")
        else:
            print("markdownlint-cli2: npm is not installed")

        text = "\n\n".join((SOURCE / "fixtures/sample-product" / page).read_text(encoding="utf-8").split("---\n")[-1] for page in PAGES) + "\n\n"
        row = "|" + "|".join(f" {i} " for i in range(10)) + "|\n"
        hostile = {
            "50 MB of prose": text * (50_000_000 // len(text.encode())),
            "50 MB in one paragraph": "a line of a paragraph that does not end\n" * 1_250_000,
            "50 MB of list items": "- an item of a list that does not end\n" * 1_316_000,
            "50,000 nested quotes": ">" * 50_000 + " deep\n",
            "50,000 nested lists": "- " * 50_000 + "deep\n",
            "a table of 100,000 cells": row + "|-" * 10 + "|\n" + row * 10_000,
            "3,000 claims in one paragraph": "it is production ready and " * 3_000 + "\n",
            "12,000 claims in one paragraph": "it is production ready and " * 12_000 + "\n",
        }
        for name, content in hostile.items():
            page = scratch / "hostile.md"
            page.write_text(content, encoding="utf-8")
            seconds, cpu, kib, code = run([BIN / "launchgate-wording", "--root", scratch, page])
            print(f"{name:30} {seconds:8.2f} s   cpu {cpu:.2f} s   {kib / 1024:6.0f} MiB   exit {code}   limits 2 s, 1024 MiB   {verdict(seconds < 2 and kib < 1 << 20 and code in (0, 1))}")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
