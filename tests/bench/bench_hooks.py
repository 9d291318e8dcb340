#!/usr/bin/env python3
"""What a hook costs: `launchgate check --stage pre-commit` for one changed file, and pre-commit with the hook against pre-commit with `true`. Wall-clock and
processor time in ms, medians, and the ratio. Needs pre-commit. Usage: bench_hooks.py [BIN_FOLDER]"""

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
HOOKS = """repos:
  - repo: local
    hooks:
      - {id: launchgate, name: launchgate, entry: launchgate check --stage pre-commit, language: system, pass_filenames: false, always_run: true}
      - {id: nothing, name: nothing, entry: 'true', language: system, pass_filenames: false, always_run: true}
"""


def median_ms(words, rounds, **keywords):
    walls, processors = [], []
    for _ in range(rounds):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(words, stdout=subprocess.DEVNULL, check=True, **keywords)
        walls.append((time.perf_counter() - started) * 1000)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processors.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
    return statistics.median(walls), statistics.median(processors)


def main():
    binaries = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else SOURCE / "build/release/bin").resolve()
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch) / "product"
        shutil.copytree(SOURCE / "fixtures/sample-product", root)
        (root / ".pre-commit-config.yaml").write_text(HOOKS)
        environment = {**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}", "PRE_COMMIT_HOME": str(pathlib.Path(scratch) / "cache")}
        git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com"]
        for words in ([*git, "init", "-q"], [*git, "add", "-A"], [*git, "commit", "-q", "-m", "all"]):
            subprocess.run(words, cwd=root, check=True)
        (root / "notes.txt").write_text("a note\n")
        subprocess.run([*git, "add", "-A"], cwd=root, check=True)
        wall, processor = median_ms(["launchgate", "check", "--stage", "pre-commit"], 21, cwd=root, env=environment)
        print(f"launchgate check --stage pre-commit, one changed file: {wall:.1f} ms, processor {processor:.1f} ms")
        ours, nothing = (median_ms(["pre-commit", "run", hook], 9, cwd=root, env=environment) for hook in ("launchgate", "nothing"))
        print(f"pre-commit with the hook {ours[0]:.0f} ms, with `true` {nothing[0]:.0f} ms, ratio {ours[0] / nothing[0]:.2f}; processor {ours[1] - nothing[1]:.0f} ms more")


if __name__ == "__main__":
    main()
