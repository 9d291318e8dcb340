"""Headless Chromium for tests of pages: what a page is when its script has run, and what it said and asked for meanwhile."""

import pathlib
import re
import shutil
import subprocess
import tempfile

import support

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def need(test):
    if PROGRAM is None:
        test.skipTest("not run: there is no Chromium to read the page back with; see scripts/install-dependencies")


class Visit:
    """One look at a file: `dom` as text, `console` with all messages."""

    def __init__(self, path, *options, dark=False):
        with tempfile.TemporaryDirectory(prefix="launchgate-browser-") as folder:
            done = subprocess.run([PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                                   "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                                   "--user-data-dir=" + folder, "--enable-logging=stderr", "--virtual-time-budget=8000",
                                   "--blink-settings=preferredColorScheme=" + ("0" if dark else "1"), *options, "--dump-dom",
                                   pathlib.Path(path).resolve().as_uri()],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=support.DEADLINE, check=False)
        self.dom = done.stdout.decode("utf-8", "replace")
        self.console = re.findall(r"CONSOLE[^\n]*", done.stderr.decode("utf-8", "replace"))
