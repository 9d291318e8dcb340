"""What a validator gave up before it read anything: a fault in a parser opens no socket, starts no program and writes nothing but the outputs."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from hostile import HostileTest  # noqa: E402
from support import BIN, until  # noqa: E402


def kernel_has(what):
    """Whether this kernel, or the container that it is seen through, takes a seccomp filter or a Landlock ruleset."""
    if what == "seccomp":
        return "Seccomp_filters:" in pathlib.Path("/proc/self/status").read_text(encoding="utf-8") and os.path.exists("/proc/sys/kernel/seccomp/actions_avail")
    import ctypes  # noqa: PLC0415: the only use
    landlock_create_ruleset, version = 444, 1
    return ctypes.CDLL(None).syscall(landlock_create_ruleset, None, 0, version) > 0


class Confined(HostileTest):
    def status_while_waiting(self, *words):
        """Of a run that waits for its standard input."""
        process = subprocess.Popen([str(BIN / words[0]), *words[1:]], cwd=self.root, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            def filtered():
                fields = dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines() if ":\t" in line)
                return fields if fields["Seccomp"] == "2" or process.poll() is not None else None
            return until(filtered, deadline=60)
        finally:
            process.stdin.close()
            process.wait()

    def test_a_filter_is_in_force(self):
        if not kernel_has("seccomp"):
            self.skipTest("not run: this kernel has no seccomp filters")
        fields = self.status_while_waiting("launchgate-leaks", "-")
        self.assertEqual((fields["Seccomp"], fields["NoNewPrivs"]), ("2", "1"))

    def test_a_script_in_place_of_git_still_works(self):
        """It starts programs, so that part of the filter is left out; it is found outside of the repository alone."""
        folder = self.scratch / "bin"
        folder.mkdir()
        git = folder / "git"
        git.write_text("#!/bin/sh\nexec /usr/bin/git \"$@\"\n", encoding="utf-8")
        git.chmod(0o755)
        outcome = self.launchgate("launchgate", "check", "--stage", "ci", env={"PATH": f"{folder}:/usr/bin:/bin"})
        self.assert_passes(outcome)

    def test_outputs_are_written_all_the_same(self):
        folder = self.scratch / "out"
        folder.mkdir()
        os.symlink(folder / "real.json", folder / "link.json")
        (folder / "real.json").write_text("", encoding="utf-8")
        for name in ("new.json", "link.json", "new.json"):
            self.assert_passes(self.launchgate("launchgate", "check", "--format", f"json={folder / name}"))
        self.assertIn('"result"', (folder / "real.json").read_text(encoding="utf-8"))
        self.assertTrue((folder / "link.json").is_symlink())
        self.assert_passes(self.launchgate("launchgate", "check", "--format", "json=here.json"))
        summary = self.scratch / "summary.md"
        self.assert_passes(self.launchgate("launchgate", "check", "--format", "github", env={"GITHUB_STEP_SUMMARY": str(summary)}))
        self.assertTrue(summary.exists())
        self.assert_passes(self.launchgate("launchgate-leaks", "deploy", "--write-baseline", str(folder / "baseline.json")))
        self.assert_passes(self.launchgate("launchgate-wording", "--fix"))


class Traced(HostileTest):
    """What strace(1) sees of a run in a repository that wants to do harm."""

    # What the C library and the kernel's own files need, and where git has its configuration; a debug build is linked to shared libraries.
    SYSTEM = re.compile(r"/sys/devices/system/cpu/|/proc/(self|\d+)/|/dev/(null|pts/|tty)|/lib/|/usr/lib/|/lib64/|/etc/(ld\.so|gitconfig|localtime|passwd|nsswitch)|/usr/share/(zoneinfo|locale|git-core)|/usr/bin(/git)?$|pipe:|socket:|/memfd:")

    def setUp(self):
        super().setUp()
        if not shutil.which("strace"):
            self.skipTest("not run: strace is not installed")
        for key in ("core.fsmonitor", "filter.evil.clean", "diff.external", "core.sshCommand", "core.pager", "core.editor"):
            self.git("config", key, self.trap(key))
        self.write(".gitattributes", "* filter=evil diff=evil\n")
        outside = self.scratch / "outside.json"
        outside.write_text("{}", encoding="utf-8")
        os.symlink(outside, self.root / "link.json")
        os.symlink("..", self.root / "up")
        self.dump("launchgate.json", {"schemaVersion": 1, "leaks": {"exclude": ["../**"]}, "documents": [
            *({"path": path, "kind": "json"} for path in ("../outside.json", "link.json", "up/outside.json", ".git/config", "../*.json", "up/*.json", "device.json")),
            {"path": "doc.md", "kind": "markdown"}]})
        self.write("doc.md", "# a\n\n[x](../outside.json) [y](up/outside.json#a)\n")
        os.symlink("/dev/zero", self.root / "device.json")
        self.git("-c", "core.fsmonitor=false", "-c", "filter.evil.clean=cat", "add", "-A", "-f")
        self.git("-c", "core.fsmonitor=false", "-c", "filter.evil.clean=cat", "commit", "-q", "-m", "m")
        self.write("doc.md", "# b\n")
        self.git("-c", "core.fsmonitor=false", "-c", "filter.evil.clean=cat", "add", "doc.md")
        self.write("doc.md", "# c\n")

    def trace(self, *words):
        log = self.scratch / "trace"
        done = subprocess.run(["strace", "-f", "-y", "-s", "300", "-e", "trace=execve,execveat,open,openat,openat2,socket,connect", "-o", str(log), str(BIN / words[0]), *words[1:]],
                              cwd=self.root, env={**os.environ, **self.environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300, check=False)
        if b"ptrace" in done.stderr and not log.exists():
            self.skipTest("not run: strace may not trace here")
        self.assertIn(done.returncode, (1, 3), done)
        return log.read_text(encoding="utf-8", errors="replace").splitlines()

    def test_nothing_is_run_and_nothing_opened_that_is_not_the_repository_s(self):
        git = os.path.realpath(shutil.which("git"))
        for stage in ("ci", "pre-commit"):
            with self.subTest(stage):
                lines = self.trace("launchgate", "check", "--stage", stage)
                programs = [re.search(r'execve(?:at)?\("([^"]+)"', line).group(1) for line in lines if re.search(r"\bexecve(at)?\(", line)]
                self.assertEqual(programs[0], str(BIN / "launchgate"))
                self.assertGreater(len(programs), 1)
                self.assertEqual({os.path.realpath(program) for program in programs[1:]}, {git})
                self.assertEqual([line for line in lines if re.search(r"\b(socket|connect)\(", line)], [])
                opened = {match.group(1) for line in lines if (match := re.search(r" = \d+<([^>]+)>$", line))}
                self.assertIn(str(self.root / "launchgate.json"), opened)
                home = (str(self.home), os.path.expanduser("~/.gitconfig"))
                strangers = sorted(path for path in opened if not path.startswith((str(self.root) + "/", *home)) and path != str(self.root) and not self.SYSTEM.match(path))
                self.assertEqual(strangers, [])
                self.assert_nothing_sprung()

    def test_rights_are_given_up_before_anything_is_read(self):
        log = self.scratch / "rights"
        subprocess.run(["strace", "-f", "-y", "-e", "trace=openat,prctl,landlock_restrict_self,clone3,clone", "-o", str(log), str(BIN / "launchgate"), "check"],
                       cwd=self.root, env={**os.environ, **self.environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        first_read = next(index for index, line in enumerate(lines) if f"<{self.root}/" in line)
        before = "\n".join(lines[:first_read])
        self.assertNotRegex(before, r"\bclone3?\(")
        for what, seen in (("seccomp", r"PR_SET_SECCOMP, SECCOMP_MODE_FILTER.* = 0"), ("landlock", r"landlock_restrict_self\(.* = 0")):
            if kernel_has(what):
                self.assertRegex(before, seen)


class GitOfTheMachine(HostileTest):
    """Package managers put folders of the repository in front of PATH; hooks and careless shells have the folder itself in it."""

    def test_no_git_of_the_repository_is_run(self):
        for place in ("git", "node_modules/.bin/git", "sub/git"):
            self.write(place, pathlib.Path(self.trap("git")).read_text(encoding="utf-8"))
            (self.root / place).chmod(0o755)
        self.commit_all()
        os.symlink(self.root, self.scratch / "elsewhere")
        for path in ("", ".", "sub", str(self.root), f"{self.root}/node_modules/.bin", f"{self.scratch}/elsewhere", "node_modules/.bin"):
            for command in (("launchgate", "check", "--stage", "ci"), ("launchgate-leaks", "--history"), ("launchgate", "check", "--stage", "pre-commit")):
                with self.subTest(path=path, command=command):
                    outcome = self.launchgate(*command, env={"PATH": f"{path}:/usr/bin:/bin"})
                    self.assert_nothing_sprung(outcome)
                    self.assertIn(outcome.code, (0, 1), outcome)


if __name__ == "__main__":
    unittest.main()
