"""The npm package, packed and installed from its tarball by npm and by pnpm: package scripts of a scratch repository run the executables."""

import json
import os
import pathlib
import pty
import shutil
import signal
import subprocess
import tempfile
import unittest

from packages import PNPM, TOOLS, clean_environment, npm_tarball
from support import DEADLINE, SOURCE, TARGETS, Outcome, RepositoryTest, until

RECORD = "deploy/private-beta/launch-evidence-record.template.json"
# What a package script gives to a tool beside its own words.
SCRIPTS = {"load:run": "launchgate-load --mode load --skip-gateway", "gate": "launchgate check", "version": "launchgate --version"}


class Npm(RepositoryTest):
    """`npm install launchgate-….tgz`, then `npm run`. Installed once; each test finds the repository as it was committed."""

    manager = "npm"

    @classmethod
    def setUpClass(cls):
        cls.shared = pathlib.Path(tempfile.mkdtemp(prefix="launchgate-npm-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        cls.problem = None
        if not shutil.which("npm") or (cls.manager == "pnpm" and not PNPM.exists()):
            cls.problem = f"{cls.manager} is missing: scripts/install-dependencies test"
            return
        (cls.shared / "home").mkdir()
        # Only what a user has: node, the package manager and a shell, no executable of ours in PATH.
        programs = cls.shared / "programs"
        programs.mkdir()
        for name in ("node", "npm", "git", "sh", "bash", "sed", "dirname", "uname", "env", "cat", "ls", "readlink"):
            if shutil.which(name):
                (programs / name).symlink_to(os.path.realpath(shutil.which(name)) if name != "npm" else shutil.which("npm"))
        (programs / "pnpm").write_text(f'#!/bin/sh\nexec node {PNPM.parent.parent / "pnpm/bin/pnpm.cjs"} "$@"\n')
        (programs / "pnpm").chmod(0o755)
        cls.environment = clean_environment(cls.shared / "home", PATH=str(programs), GIT_AUTHOR_NAME="t", GIT_AUTHOR_EMAIL="t@example.com",
                                            GIT_COMMITTER_NAME="t", GIT_COMMITTER_EMAIL="t@example.com")
        cls.installed = cls.shared / "repository"
        shutil.copytree(SOURCE / "fixtures/sample-product", cls.installed)
        manifest = json.loads((cls.installed / "package.json").read_text())
        manifest["scripts"].update(SCRIPTS)
        (cls.installed / "package.json").write_text(json.dumps(manifest, indent=2) + "\n")
        (cls.installed / ".gitignore").write_text("node_modules/\n")
        install = ["npm", "install", "--save-dev"] if cls.manager == "npm" else ["pnpm", "add", "--save-dev", "--offline", "--ignore-workspace"]
        for words in ([*install, npm_tarball()], ["git", "init", "-q"], ["git", "add", "-A"], ["git", "commit", "-q", "-m", "product"]):
            done = subprocess.run([str(word) for word in words], cwd=cls.installed, env=cls.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, check=False)
            if done.returncode != 0:
                raise AssertionError(f"{words}: {done.stdout.decode()}")

    def setUp(self):
        if self.problem:
            if os.environ.get("CI"):
                self.fail(self.problem)
            self.skipTest(self.problem)
        self.root = self.installed
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="launchgate-test-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)
        for words in (["checkout", "-q", "."], ["clean", "-fdq"]):
            self.assert_passes(self.command("git", *words))

    def command(self, *words, timeout=DEADLINE, **more):
        return Outcome(subprocess.run([str(word) for word in words], cwd=self.root, env={**self.environment, **more}, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, check=False))

    def script(self, name, *words, **more):
        return self.command(self.manager, "run", "--silent", name, *words, **more)

    def test_every_tool_has_a_bin(self):
        self.assertGreaterEqual(len(TOOLS), 11)
        for name in TOOLS:
            outcome = self.command(self.root / "node_modules/.bin" / name, "--version")
            self.assert_passes(outcome)
            self.assertTrue(outcome.out.startswith(name + " "), outcome)

    def test_the_package_has_pages_licences_and_a_bill_of_materials(self):
        package = self.root / "node_modules/launchgate"
        for name in TOOLS:
            self.assertTrue((package / f"man/{name}.1").read_text().startswith(".TH"))
        bill = json.loads((package / "sbom.spdx.json").read_text())
        self.assertEqual(bill["spdxVersion"], "SPDX-2.3")
        self.assertEqual({file["fileName"] for file in bill["files"]}, {f"./native/{name}" for name in TOOLS})
        linked = [one for one in bill["packages"] if one["name"] != "launchgate"]
        for one in linked:
            locator = one["externalRefs"][0]["referenceLocator"]
            self.assertNotIn("unknown", locator)
            name = locator.removeprefix("pkg:deb/debian/").split("@")[0]
            self.assertGreater(len((package / f"licences/{name}.txt").read_text()), 500, name)
        self.assertGreaterEqual(len(linked), 16)
        self.assertIn("Apache License", (package / "LICENSE").read_text())

    def test_the_everyday_scripts(self):
        scripts = [("deploy:launch:validate",), ("deploy:launch:evidence:validate",), ("deploy:promotion:validate", "--", "--tier", "local-self-host-beta"), ("deploy:load:plan",)]
        for name, *words in scripts:
            outcome = self.script(name, *words)
            self.assert_passes(outcome)
            if name == "deploy:launch:evidence:validate":
                self.assertIn("launch evidence manifest validated", outcome.out + outcome.err)
            if name == "deploy:promotion:validate":
                self.assertIn("local-self-host-beta promotion gate validated", outcome.out + outcome.err)
            if name == "deploy:load:plan":
                self.assertTrue(json.loads(outcome.out)["ok"])

    def test_a_defect_makes_each_fail(self):
        good = {path: self.read(path) for path in (TARGETS, RECORD)}
        self.replace(TARGETS, '"durationMs": 120000', '"durationMs": 0')
        for words in (["deploy:launch:validate"], ["deploy:promotion:validate", "--", "--tier", "local-self-host-beta"]):
            outcome = self.script(*words)
            self.assert_code(outcome, 1)
            self.assertIn("durationMs", outcome.out + outcome.err)
        outcome = self.script("deploy:load:plan")
        self.assertNotEqual(outcome.code, 0, outcome)
        self.assertIn("durationMs", outcome.out + outcome.err)
        self.write(TARGETS, good[TARGETS])
        self.replace(RECORD, '"id": "deployedLoadTest"', '"id": "deployedLoadTst"')
        outcome = self.script("deploy:launch:evidence:validate")
        self.assert_code(outcome, 1)
        self.assertIn("deployedLoadTest", outcome.out + outcome.err)

    def test_exit_codes_and_words_after_the_dashes(self):
        self.assert_passes(self.script("gate", "--", "--quiet"))
        self.assert_code(self.script("gate", "--", "--no-such-option"), 2)
        self.assert_code(self.script("gate", "--", "no/such/file"), 3)
        outcome = self.script("deploy:promotion:validate", "--", "--tier", "a tier with blanks and 'quotes'")
        self.assert_code(outcome, 2)
        self.assertIn("a tier with blanks and 'quotes'", outcome.err)

    def test_colours_on_a_terminal(self):
        self.replace(TARGETS, '"durationMs": 120000', '"durationMs": 0')
        self.assertNotIn("\x1b[1;31m", self.script("gate").out)
        parent, child = pty.openpty()
        running = subprocess.Popen([self.manager, "run", "--silent", "gate"], cwd=self.root, stdin=child, stdout=child, stderr=child,
                                   env={**self.environment, "TERM": "xterm"}, start_new_session=True)
        os.close(child)
        seen = b""
        while True:
            try:
                some = os.read(parent, 65536)
            except OSError:
                break
            if not some:
                break
            seen += some
        os.close(parent)
        self.assertEqual(running.wait(timeout=DEADLINE), 1)
        self.assertIn(b"\x1b[1;31m", seen)

    def start_load(self, command):
        """A load run against a server that never answers, and the process that makes it."""
        import socket
        import threading
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)

        def answer():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

        threading.Thread(target=answer, daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        running = subprocess.Popen([*command, "--cloud-url", url, "--duration-ms", "60000", "--skip-gateway", "--output-dir", str(self.scratch / "out")],
                                   cwd=self.root, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        self.addCleanup(running.kill)
        return running

    def serve(self, connection):
        with connection:
            while True:
                try:
                    if not connection.recv(65536):
                        return
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                except OSError:
                    return

    def wait_for_timeline(self):
        until(lambda: any(path.read_text().count("\n") >= 2 for path in (self.scratch / "out").glob("*-timeline.jsonl")))

    def test_an_interrupt_of_the_terminal_reaches_the_tool(self):
        running = self.start_load([self.manager, "run", "--silent", "load:run", "--"])
        self.wait_for_timeline()
        os.killpg(running.pid, signal.SIGINT)  # as Ctrl-C does
        running.communicate(timeout=DEADLINE)
        self.assertEqual(len(list((self.scratch / "out").glob("*-report.json"))), 1, "no report of what was measured")
        if self.manager == "npm":  # pnpm itself ends with 0 when it is interrupted, whatever its script did
            self.assertNotEqual(running.returncode, 0)

    def test_a_signal_to_the_bin_reaches_the_tool(self):
        running = self.start_load([str(self.root / "node_modules/.bin/launchgate-load")])
        self.wait_for_timeline()
        running.send_signal(signal.SIGTERM)
        _, err = running.communicate(timeout=DEADLINE)
        self.assertEqual(running.returncode, 130, err.decode())
        self.assertEqual(len(list((self.scratch / "out").glob("*-report.json"))), 1)

    def test_the_bin_starts_one_program_at_most(self):
        """What it takes beside the executable is one `readlink` where it is reached by a link, and nothing where it is not."""
        package = self.root / "node_modules/launchgate"
        tools, seen = self.scratch / "tools", self.scratch / "seen"
        tools.mkdir()
        (tools / "readlink").write_text(f'#!/bin/sh\necho readlink >>{seen}\nexec {shutil.which("readlink")} "$@"\n')
        (tools / "readlink").chmod(0o755)
        link = self.scratch / "linked"
        link.symlink_to(package / "bin/launchgate")
        for path, programs in ((package / "bin/launchgate", ""), (link, "readlink\n")):
            done = subprocess.run([path, "--version"], env={"PATH": str(tools)}, stdout=subprocess.PIPE, check=True)
            self.assertTrue(done.stdout.startswith(b"launchgate "), done.stdout)
            self.assertEqual(seen.read_text() if seen.exists() else "", programs)


class Pnpm(Npm):
    """The same by pnpm, whose bins are shell scripts."""

    manager = "pnpm"


if __name__ == "__main__":
    unittest.main()
