#!/usr/bin/env python3
"""Speed of launchgate-leaks against ripgrep and cat on the same files, warm cache, one core.

    bench_leaks.py [--bin DIR] [--megabytes N] [--repeat N]

The corpus is made of the machine's headers, documentation and scripts, copied once below build/bench; ripgrep (Debian: ripgrep) searches 20 patterns,
launchgate-leaks the same 20 as a pack, then its default packs. Prints the best of the runs, in wall-clock and processor seconds, and the ratios.
"""

import argparse
import collections
import json
import os
import pathlib
import resource
import shutil
import subprocess
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ["/usr/include", "/usr/share/doc", "/usr/lib/python3.11", "/usr/share/perl", "/usr/lib/python3", "/usr/lib/gcc", "/usr/share"]
SUFFIXES = {".h", ".hpp", ".ipp", ".c", ".cc", ".cpp", ".py", ".pm", ".pl", ".txt", ".md", ".html", ".json", ".xml", ".sh", ".cmake", ".js", ".css",
            ".yml", ".yaml", ".toml", ".cfg", ".conf", ".rst", ".tcl", ".vim", ".el", ".m4", ".in", ".inc", ""}
# (pattern, keywords): prefixes of well-known tokens.
TWENTY = [
    ("ghp_[0-9A-Za-z]{36}", ["ghp_"]), ("gho_[0-9A-Za-z]{36}", ["gho_"]), ("github_pat_[0-9A-Za-z_]{82}", ["github_pat_"]),
    ("glpat-[0-9A-Za-z_-]{20}", ["glpat-"]), ("xox[bp]-[0-9A-Za-z-]{20,}", ["xoxb-", "xoxp-"]), ("AKIA[0-9A-Z]{16}", ["akia"]),
    ("ASIA[0-9A-Z]{16}", ["asia"]), ("sk-ant-[0-9A-Za-z_-]{20,}", ["sk-ant-"]), ("sk_live_[0-9A-Za-z]{24}", ["sk_live_"]),
    ("AIza[0-9A-Za-z_-]{35}", ["aiza"]), (r"ya29\.[0-9A-Za-z_-]{20,}", ["ya29."]),
    (r"eyJ[0-9A-Za-z_-]{17,}\.eyJ[0-9A-Za-z_-]{17,}\.[0-9A-Za-z_-]{10,}", ["eyj"]), ("npm_[0-9A-Za-z]{36}", ["npm_"]),
    (r"SG\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}", ["sg."]), ("dop_v1_[a-f0-9]{64}", ["dop_v1_"]),
    ("-----BEGIN [A-Z ]*PRIVATE KEY-----", ["private key-----"]), ("hf_[0-9A-Za-z]{34}", ["hf_"]), ("shpat_[a-fA-F0-9]{32}", ["shpat_"]),
    ("glsa_[0-9A-Za-z]{32}_[a-f0-9]{8}", ["glsa_"]), (r"hooks\.slack\.com/services/T[0-9A-Z]{8}/B[0-9A-Z]{8}/[0-9A-Za-z]{24}", ["hooks.slack.com"]),
]


def make_corpus(target, megabytes):
    done = target.with_suffix(".size")
    if done.exists() and done.read_text() == str(megabytes):
        return
    shutil.rmtree(target, ignore_errors=True)
    total = number = 0
    for folder in FOLDERS:
        for base, folders, names in os.walk(folder):
            folders.sort()
            for name in sorted(names):
                path = pathlib.Path(base, name)
                if path.suffix.lower() not in SUFFIXES or path.is_symlink() or not path.is_file():
                    continue
                text = path.read_bytes()
                if not text or len(text) > 4_000_000 or b"\0" in text[:8192]:
                    continue
                place = target / f"{number // 100:04}"
                place.mkdir(parents=True, exist_ok=True)
                (place / f"{number}{path.suffix}").write_bytes(text)
                number += 1
                total += len(text)
                if total > megabytes * 1_000_000:
                    done.write_text(str(megabytes))
                    return
    done.write_text(str(megabytes))


def make_rules(target):
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(SOURCE / "rules", target)
    rules = [{"id": f"r{i}", "kind": "secret", "severity": "error", "message": "a token", "help": "revoke it", "pattern": pattern, "keywords": keywords,
              "examples": {"match": ["a", "b"], "pass": ["c", "d"]}} for i, (pattern, keywords) in enumerate(TWENTY)]
    pack = {"schemaVersion": 1, "pack": "twenty", "title": "Twenty", "description": "For the benchmark.", "rules": rules}
    (target / "leaks" / "twenty.json").write_text(json.dumps(pack))


def measure(command, repeat, shell=False, cwd=None):
    best = None
    for _ in range(repeat):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        done = subprocess.run(command, shell=shell, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{command}: {done.stderr.decode()}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = min(best, (wall, cpu)) if best else (wall, cpu)
    return best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", default=str(SOURCE / "build/release/bin"))
    parser.add_argument("--megabytes", type=int, default=400)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    bench = SOURCE / "build" / "bench"
    bench.mkdir(parents=True, exist_ok=True)
    corpus = bench / "corpus"
    make_corpus(corpus, options.megabytes)
    make_rules(bench / "rules")
    (bench / "patterns").write_text("\n".join(pattern for pattern, _ in TWENTY) + "\n")
    files = [path for path in corpus.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"{len(files)} files, {size:.0f} MB")

    tool = str(pathlib.Path(options.bin).resolve() / "launchgate-leaks")
    leaks = [tool, "--root", str(corpus), "--quiet", str(corpus)]
    one_core = ["taskset", "-c", "0"] if shutil.which("taskset") else []
    runs = {
        "cat": measure(f"find {corpus} -type f -print0 | xargs -0 cat", options.repeat, shell=True),
        "ripgrep, 20 patterns": measure(one_core + ["rg", "--no-unicode", "-j1", "-c", "-f", str(bench / "patterns"), str(corpus)], options.repeat),
        "leaks, 20 rules": measure(one_core + leaks + ["--threads", "1", "--rules", str(bench / "rules"), "--pack", "twenty"], options.repeat),
        "leaks, default pack": measure(one_core + leaks + ["--threads", "1"], options.repeat),
        "leaks, default pack, 2 threads": measure(leaks + ["--threads", "2"], options.repeat),
    }
    reference = runs["ripgrep, 20 patterns"]
    print(f"{'':32}{'wall s':>8}{'cpu s':>8}{'MB/s':>8}{'wall/rg':>9}{'cpu/rg':>8}")
    for name, (wall, cpu) in runs.items():
        print(f"{name:32}{wall:8.2f}{cpu:8.2f}{size / wall:8.0f}{wall / reference[0]:9.2f}{cpu / reference[1]:8.2f}")
    print(f"two threads: {runs['leaks, default pack'][0] / runs['leaks, default pack, 2 threads'][0]:.2f}x one")

    # Nobody's secrets are in there, but test keys and the names of some authors are: an upper bound of the false alarms.
    report = json.loads(subprocess.run([*leaks, "--format", "json"], stdout=subprocess.PIPE, check=False).stdout)
    alarms = collections.Counter(finding["rule"] for finding in report["findings"])
    print(f"findings: {alarms.total()}, {alarms.total() / size * 10:.2f} in 10 MB; " + ", ".join(f"{rule} {count}" for rule, count in alarms.most_common()))

    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "-q", folder], check=True)
        pathlib.Path(folder, "a.json").write_text('{"status": "pass", "checks": [1, 2, 3]}\n' * 20)
        subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "m"], cwd=folder, check=True)
        pathlib.Path(folder, "b.json").write_text('{"status": "pass", "checks": [1, 2, 3]}\n' * 20)
        subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
        wall, cpu = measure([tool, "--staged"], max(options.repeat, 20), cwd=folder)
        print(f"one small staged file, default pack: {wall * 1000:.1f} ms ({cpu * 1000:.1f} ms of processor time, git included)")
        wall, cpu = measure([tool, "b.json"], max(options.repeat, 20), cwd=folder)
        print(f"one small file, default pack: {wall * 1000:.1f} ms ({cpu * 1000:.1f} ms of processor time)")


if __name__ == "__main__":
    main()
