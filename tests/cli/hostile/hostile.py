"""Scratch repositories that want to do harm: each trap is a command that leaves a file behind when it is run."""

import os
import shutil

from support import RepositoryTest, run

# Built here, so that no file of the project holds what a scanner would find.
TOKEN = "ghp" + "_" + "8Zq3LmT0vKx7RbW2yNc5Hd9Jf4Ps6Ga1Ue0Q"
OTHER = "npm" + "_" + "8Zq3LmT0vKx7RbW2yNc5Hd9Jf4Ps6Ga1Ue0Q"

# Everything that asks git, or could.
COMMANDS = (
    ("launchgate", "check", "--stage", "ci"),
    ("launchgate", "check", "--stage", "pre-commit"),
    ("launchgate-leaks",),
    ("launchgate-leaks", "--staged"),
    ("launchgate-leaks", "--diff", "HEAD~1..HEAD"),
    ("launchgate-leaks", "--history"),
    ("launchgate", "init", "--git-hook"),
    ("launchgate-load", "plan", "--profile", "local-self-host-beta"),
)


class HostileTest(RepositoryTest):
    def setUp(self):
        super().setUp()
        self.traps = self.scratch / "traps"
        self.traps.mkdir()
        self.home = self.scratch / "home"
        self.home.mkdir()
        self.environment = {"HOME": str(self.home), "GIT_CONFIG_NOSYSTEM": "1", "XDG_CONFIG_HOME": str(self.home)}

    def trap(self, name):
        """A program that leaves the file `name` behind, and answers nothing of use."""
        path = self.scratch / f"trap-{name.replace('/', '-')}"
        path.write_text(f"#!/bin/sh\ntouch '{self.traps}/{name.replace('/', '-')}'\ncat >/dev/null 2>&1 </dev/null\nexit 1\n", encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    def assert_nothing_sprung(self, outcome=None):
        sprung = sorted(os.listdir(self.traps))
        for name in sprung:
            os.remove(self.traps / name)
        self.assertEqual(sprung, [], outcome)

    def commit_all(self, message="m"):
        self.git("add", "-A", "-f")
        self.git("commit", "-q", "--no-verify", "--allow-empty", "-m", message)

    def launchgate(self, *words, **keywords):
        keywords.setdefault("cwd", self.root)
        keywords["env"] = {**self.environment, **keywords.get("env", {})}
        return run(*words, **keywords)

    def configure(self, text):
        with open(self.root / ".git/config", "a", encoding="utf-8") as file:
            file.write(text)

    def found(self, outcome):
        """Rule and file of the open findings."""
        return [(one["rule"].split("/")[1], one["file"]) for one in outcome.json()["findings"] if one["status"] == "open"]

    def remove_object(self, name):
        os.remove(self.root / ".git/objects" / name[:2] / name[2:])

    def give_away(self, path):
        """To another user; only the superuser can."""
        if os.geteuid() != 0:
            self.skipTest("only the superuser gives files away")
        shutil.chown(path, 12345, 12345)
        for folder, folders, files in os.walk(path):
            for name in folders + files:
                os.chown(os.path.join(folder, name), 12345, 12345, follow_symlinks=False)
