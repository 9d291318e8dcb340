#!/usr/bin/env python3
"""Scans the packages that this machine has of several ecosystems, prints every finding for review, and fails above one file in a thousand.

    tests/bench/leak_corpus.py [--bin DIR] [--true FILE] [FOLDER…]

Without folders: those of npm, Python, C and Go or Rust that are there. Lines of the file of --true are paths (globs) whose findings were looked at and are
what they say, such as keys that packages bring for their tests; they do not count."""

import argparse
import collections
import fnmatch
import glob
import json
import os
import pathlib
import subprocess
import sys

MOST = 1.0  # files with findings in a thousand
PLACES = {
    "npm": ["/usr/lib/node_modules", "/usr/local/lib/node_modules", "/usr/share/nodejs"],
    "Python": ["/usr/lib/python3/dist-packages", "/usr/local/lib/python3*/site-packages"],
    "C": ["/usr/include"],
    "Go": ["/usr/share/gocode/src", "/usr/lib/go*/src", "~/go/pkg/mod"],
    "Rust": ["/usr/share/cargo/registry", "~/.cargo/registry/src"],
}


def line_of(path, number):
    with open(path, errors="replace") as file:
        return next((line for at, line in enumerate(file, 1) if at == number), "").strip()


def scan(program, folder):
    done = subprocess.run([program, "--no-ignore", "--root", "/", "--format", "json", folder], stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{folder}: exit {done.returncode}")
    return json.loads(done.stdout)["findings"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=os.environ.get("LAUNCHGATE_BIN", "build/release/bin"))
    parser.add_argument("--true", type=pathlib.Path)
    parser.add_argument("folders", nargs="*")
    options = parser.parse_args()
    known = options.true.read_text().split() if options.true else []
    places = {"given": options.folders} if options.folders else PLACES
    worst = 0.0
    for ecosystem, patterns in places.items():
        for folder in sorted(one for pattern in patterns for one in glob.glob(os.path.expanduser(pattern))):
            files = sum(len(names) for _, _, names in os.walk(folder))
            findings = scan(pathlib.Path(options.bin) / "launchgate-leaks", folder)
            counted = [f for f in findings if not any(fnmatch.fnmatch("/" + f["file"].lstrip("/"), one) for one in known)]
            share = 1000 * len({f["file"] for f in counted}) / max(files, 1)
            worst = max(worst, share)
            print(f"{ecosystem:8}{folder}: {files} files, {share:.2f} in a thousand with findings, {len(findings) - len(counted)} known ones")
            for rule, number in collections.Counter(f["rule"] for f in counted).most_common():
                print(f"{'':8}{number:6} {rule}")
            for f in counted:
                print(f"{'':8}{f['file']}:{f['line']}: {f['rule']}: {line_of('/' + f['file'].lstrip('/'), f['line'])[:160]}")
    if worst > MOST:
        sys.exit(f"more than {MOST:.0f} file in a thousand")


if __name__ == "__main__":
    main()
