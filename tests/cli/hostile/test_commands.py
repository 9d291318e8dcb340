"""Nothing of a repository is executed, whatever its configuration says."""

import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from hostile import COMMANDS, TOKEN, HostileTest  # noqa: E402

# Every key of git-config(1) that names a command, or what becomes one; {} is the command.
KEYS = """
alias.ls-files=!{}
alias.cat-file=!{}
browser.evil.cmd={}
browser.evil.path={}
core.alternateRefsCommand={}
core.askPass={}
core.editor={}
core.fsmonitor={}
core.gitProxy={}
core.pager={}
core.sshCommand={}
credential.helper=!{}
credential.https://example.com.helper=!{}
diff.evil.command={}
diff.evil.textconv={}
diff.external={}
diff.guitool=evil
diff.tool=evil
difftool.evil.cmd={}
difftool.evil.path={}
filter.evil.clean={}
filter.evil.smudge={}
filter.evil.process={}
filter.evil.required=true
gpg.openpgp.program={}
gpg.program={}
gpg.ssh.defaultKeyCommand={}
gpg.ssh.program={}
gpg.x509.program={}
guitool.evil.cmd={}
help.browser=evil
http.proxy=http://127.0.0.1:1/
imap.tunnel={}
instaweb.httpd={}
interactive.diffFilter={}
log.showSignature=true
man.evil.cmd={}
man.evil.path={}
man.viewer=evil
merge.evil.driver={}
merge.tool=evil
mergetool.evil.cmd={}
mergetool.evil.path={}
pager.cat-file={}
pager.diff={}
pager.ls-files={}
pager.rev-list={}
protocol.allow=always
protocol.ext.allow=always
receive.procReceiveRefs=refs/heads
remote.origin.promisor=true
remote.origin.proxy=http://127.0.0.1:1/
remote.origin.receivepack={}
remote.origin.uploadpack={}
remote.origin.url=ext::{}
remote.origin.vcs=ext
sendemail.smtpServer={}
sendemail.toCmd={}
sequence.editor={}
submodule.evil.update=!{}
svn.authorsProg={}
tar.tar.gz.command={}
trailer.evil.cmd={}
trailer.evil.command={}
uploadpack.packObjectsHook={}
web.browser=evil
""".split("\n")[1:-1]

ATTRIBUTES = "* filter=evil diff=evil merge=evil\n*.json text working-tree-encoding=UTF-8\n"


class Commands(HostileTest):
    def setUp(self):
        super().setUp()
        self.write(".gitattributes", ATTRIBUTES)
        self.write("notes.txt", "one\n")
        self.commit_all()
        self.write("notes.txt", "one\ntwo\n")
        self.commit_all()
        # Staged, and of the same age as the index: git would have to look at the content to know whether it differs.
        self.write("notes.txt", "one\ntwo\nthree\n")
        self.git("add", "-f", "notes.txt")
        self.write("notes.txt", "one\ntwo\nthree!\n")
        self.write("untracked.txt", "x\n")
        for hook in ("post-index-change", "pre-commit", "post-checkout", "reference-transaction", "fsmonitor-watchman", "query-watchman"):
            path = self.root / ".git/hooks" / hook
            path.parent.mkdir(exist_ok=True)
            path.write_text(pathlib.Path(self.trap(f"hook-{hook}")).read_text(encoding="utf-8"), encoding="utf-8")
            path.chmod(0o755)

    def set_key(self, line):
        key, value = line.split("=", 1)
        self.git("config", key, value.replace("{}", self.trap(key)))

    def stale_index(self):
        """Every entry must be looked at again."""
        for path in self.root.rglob("*"):
            if ".git" not in path.relative_to(self.root).parts and path.is_file():
                os.utime(path)

    def spring(self, commands):
        for command in commands:
            with self.subTest(command):
                self.stale_index()
                if "--git-hook" in command and (self.root / ".git/hooks/pre-commit").exists():
                    os.remove(self.root / ".git/hooks/pre-commit")
                outcome = self.launchgate(*command)
                self.assert_nothing_sprung(outcome)
                self.assertNotIn(outcome.code, (4, -6, -11), outcome)

    def test_all_keys_at_once(self):
        for line in KEYS:
            self.set_key(line)
        hooks = self.scratch / "hooks"
        os.rename(self.root / ".git/hooks", hooks)
        self.git("config", "core.hooksPath", str(hooks))
        self.spring(COMMANDS)

    def test_each_key(self):
        for line in KEYS:
            with self.subTest(line):
                config = self.root / ".git/config"
                before = config.read_text(encoding="utf-8")
                self.set_key(line)
                self.spring(COMMANDS[:2])
                config.write_text(before, encoding="utf-8")

    def test_an_included_file_and_the_configuration_of_a_work_tree(self):
        included = self.scratch / "included"
        included.write_text(f"[core]\n\tfsmonitor = {self.trap('included')}\n", encoding="utf-8")
        self.configure(f"[include]\n\tpath = {included}\n[extensions]\n\tworktreeConfig = true\n")
        self.write(".git/config.worktree", f"[core]\n\tfsmonitor = {self.trap('worktree')}\n\tsshCommand = {self.trap('ssh')}\n")
        self.spring(COMMANDS)

    def test_the_traps_are_traps(self):
        """Without launchgate's care they spring, or this file would prove nothing."""
        self.set_key("core.fsmonitor={}")
        self.set_key("filter.evil.clean={}")
        self.stale_index()
        subprocess.run(["git", "status"], cwd=self.root, env={**os.environ, **self.environment}, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)
        self.assertLessEqual({"core.fsmonitor", "filter.evil.clean"}, set(os.listdir(self.traps)))


class BareRepository(HostileTest):
    """A folder of a plain clone that git takes for a repository: HEAD, objects, refs and a configuration are files like others."""

    def setUp(self):
        super().setUp()
        for name, text in (("HEAD", "ref: refs/heads/main\n"), ("objects/x", ""), ("refs/heads/x", ""), ("a.txt", f"{TOKEN}\n"),
                           ("config", f"[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = ..\n\tfsmonitor = {self.trap('fsmonitor')}\n")):
            self.write(f"sub/{name}", text)
        self.commit_all()

    def test_in_the_folder_and_above(self):
        for keywords in ({"cwd": self.root / "sub"}, {"cwd": self.root}):
            for command in COMMANDS[:6]:
                with self.subTest(command):
                    outcome = self.launchgate(*command, **keywords)
                    self.assert_nothing_sprung(outcome)
                    if not {"pre-commit", "--staged"} & set(command):  # nothing is staged: there is nothing to find
                        self.assertNotEqual(outcome.code, 0, outcome)

    def test_as_the_root(self):
        outcome = self.launchgate("launchgate-leaks", "--root", "sub")
        self.assert_nothing_sprung(outcome)
        self.assertEqual(outcome.code, 2, outcome)
        self.assertIn("a repository without a work tree has no files to scan", outcome.err)

    def test_from_the_top_its_files_are_files(self):
        outcome = self.launchgate("launchgate-leaks", "--format", "json")
        self.assertEqual(self.found(outcome), [("github-pat", "sub/a.txt")])


class MissingObjects(HostileTest):
    """A partial clone fetches what it lacks, over whatever its configuration names."""

    def setUp(self):
        super().setUp()
        self.write("a.txt", "one\n")
        self.commit_all()
        self.write("a.txt", f"two {TOKEN}\n")
        self.git("add", "a.txt")
        self.remove_object(self.git("rev-parse", ":a.txt").strip())
        self.write("a.txt", "three\n")

    def test_nothing_is_fetched(self):
        for url, more in ((f"ext::{self.trap('ext')} %S", ""), (str(self.scratch / "none"), f"\tuploadpack = {self.trap('uploadpack')}\n"),
                          ("ssh://example.invalid/x", f"[core]\n\tsshCommand = {self.trap('ssh')}\n")):
            with self.subTest(url):
                self.configure(f"[extensions]\n\tpartialClone = origin\n[core]\n\trepositoryformatversion = 1\n[protocol \"ext\"]\n\tallow = always\n"
                               f"[remote \"origin\"]\n\tpromisor = true\n\tpartialclonefilter = blob:none\n\turl = {url}\n{more}")
                for command in (("launchgate-leaks", "--staged"), ("launchgate", "check", "--stage", "pre-commit")):
                    outcome = self.launchgate(*command)
                    self.assert_nothing_sprung(outcome)
                    self.assertEqual(outcome.code, 3, outcome)


if __name__ == "__main__":
    unittest.main()
