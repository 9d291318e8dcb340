"""`launchgate init` looks at what is there, and writes the first files of a product of one's own."""
import json
import os
import unittest

from product import OwnProduct
from support import RepositoryTest

MAKEFILE = "PROFILE ?= beta\n.PHONY: load-strict\nload-strict:\n\tlaunchgate-load --strict --profile $(PROFILE)\nsoak-strict: load-strict\n\ttrue\nrestore-drill:\n\t./restore\n"
OPENAPI = """openapi: 3.0.0
servers:
  - url: http://127.0.0.1:8099
paths:
  /healthz:
    get:
      summary: health
  /parcels:
    get:
      summary: parcels are listed
    post:
      summary: a parcel is sent
  "/parcels/{id}":
    get: {}
"""
TIERS = ("--tiers", "canary,beta,stable")
WRITTEN = ["launch/tiers.json", "launch/targets.json", "launch/matrix.json", "launch/record.template.json", "launch/operations.json", "launchgate.json"]


class Empty(RepositoryTest):
    def setUp(self):
        super().setUp()
        OwnProduct.empty(self)

    def init(self, *arguments, code=0):
        outcome = self.tool("launchgate", "init", *arguments)
        self.assert_code(outcome, code)
        return outcome.out + outcome.err


class Product(Empty):
    def test_the_files_of_a_product(self):
        self.write("Makefile", MAKEFILE)
        self.write("openapi.yaml", OPENAPI)
        self.write(".gitignore", "/bin")
        told = self.init(*TIERS, "--items", "loadTest,soakTest,restoreDrill")
        for path in WRITTEN:
            self.assertIn(f"wrote {path}\n", told)
        self.assertEqual(self.read(".gitignore"), "/bin\n.launchgate/\n")
        self.assertLessEqual(self.read("launch/tiers.json").count("\n"), 40)
        items = self.load("launch/matrix.json")["privateBetaEvidenceItems"]["items"]
        self.assertEqual({name: item["requiredCommands"] for name, item in items.items()},
                         {"loadTest": ["make load-strict"], "soakTest": ["make soak-strict"], "restoreDrill": ["make restore-drill"]})
        catalogue = self.load("launch/operations.json")
        self.assertEqual([one["request"]["path"] for one in catalogue["operations"]], ["/healthz", "/parcels"])
        self.assertIn("POST /parcels, GET /parcels/{id}", catalogue["$comment"])
        self.assertEqual(catalogue["targets"]["repository"]["defaultUrl"], "http://127.0.0.1:8099")
        outcome = self.tool("launchgate", "check")
        self.assert_code(outcome, 1)
        told = [line for line in outcome.out.splitlines() if "error:" in line]
        self.assertEqual(len(told), 3, outcome)  # when each item passes
        self.assertTrue(all("is to be filled in" in line for line in told), told)
        self.write("launch/matrix.json", self.read("launch/matrix.json").replace("{when ", "When ").replace(" passes}", " passes"))
        self.assert_code(self.tool("launchgate", "check"), 0)
        self.assert_code(self.tool("launchgate-load", "--plan"), 0)

    def test_nothing_is_overwritten(self):
        for path in WRITTEN[:-1]:
            self.write(path, "mine")
            self.assertIn(f"{path}: exists, and nothing is overwritten", self.init(*TIERS, code=3))
            self.assertEqual(self.read(path), "mine")
            self.assertFalse((self.root / "launchgate.json").exists())
            (self.root / path).unlink()

    def test_a_command_that_nobody_knows_is_to_be_filled_in(self):
        self.init(*TIERS, "--items", "restoreDrill")
        self.assertIn('launch/matrix.json:12:45: error: "{command of restoreDrill}" is to be filled in', self.tool("launchgate", "check").out)

    def test_names(self):
        for arguments, message in ((("--tiers", "canary,,beta"), '--tiers: "" is no name'), (("--tiers", "a,a"), '--tiers: "a" stands twice'),
                                   ((*TIERS, "--items", "x y"), '--items: "x y" is no name'), (("--items", "x"), "--items and --openapi go with --tiers")):
            with self.subTest(arguments):
                self.assertIn(message, self.init(*arguments, code=2))
        self.assertIn("none.json", self.init(*TIERS, "--openapi", "none.json", code=3))


class Look(Empty):
    def test_nothing_that_is_absent_is_listed(self):
        self.write("ops/how-to.md", "# Runbook of the night shift\n\nCall somebody.\n")
        self.write("ops/scripts.txt", "no page")
        self.write("package.json", json.dumps({"name": "p", "scripts": {"load": "true"}}))
        self.write("scripts/drill.sh", "#!/bin/sh\n")
        os.chmod(self.root / "scripts/drill.sh", 0o755)
        self.write(".github/workflows/ci.yml", "on: push\n")
        self.write("justfile", "# all\nset shell := ['sh']\nship target:\n  true\n")
        self.write("Taskfile.yml", "version: 3\ntasks:\n  deploy:\n    cmds: [true]\n")
        told = self.init()
        for part in ("ops/how-to.md", "package.json: found", "npm run load", "./scripts/drill.sh", ".github/workflows/ci.yml", "just ship", "task deploy"):
            self.assertIn(part, told)
        self.assertNotIn("not found", told)
        self.assertEqual([(one["kind"], one["path"]) for one in self.load("launchgate.json")["documents"]],
                         [("runbook", "ops/how-to.md"), ("package-scripts", "package.json")])

    def test_an_empty_folder(self):
        self.assertIn("launchgate init --tiers", self.init(code=1))
        self.assertFalse((self.root / "launchgate.json").exists())


class Commands(OwnProduct):
    """What the matrix names can be run, however people run it."""

    def told(self, command):
        matrix = self.load("launch/matrix.json")
        matrix["privateBetaEvidenceItems"]["items"]["restoreDrill"]["requiredCommands"] = list(dict.fromkeys([command, "make restore"]))
        self.dump("launch/matrix.json", matrix)
        outcome = self.tool("launchgate", "check")
        self.assertIn(outcome.code, (0, 1), outcome)
        return outcome.out if outcome.code else ""

    def test_targets_scripts_recipes_and_tasks(self):
        self.write("package.json", json.dumps({"scripts": {"drill": "true"}}))
        self.write("justfile", "drill where='here':\n  true\nalias d := drill\n")
        self.write("Taskfile.yml", "version: '3'\ntasks:\n  drill:all:\n    cmds: [x]\n")
        self.write("scripts/drill.sh", "#!/bin/sh\n")
        for command in ("make restore", "make restore PROFILE=beta", "make -j2 restore", "STAGE=x make restore", "npm run drill -- --flag", "pnpm drill", "yarn run drill", "just drill",
                        "just d", "task drill:all", "./scripts/drill.sh now", "go test ./...", "make -C elsewhere all", "npx something", "launchgate-load --strict"):
            with self.subTest(command):
                self.assertEqual(self.told(command), "")
        for command, message in (("make restor", 'Makefile has no target "restor"'), ("npm run dril", 'package.json has no package script "dril"'), ("just dril", 'justfile has no recipe "dril"'),
                                 ("task dril:all", 'Taskfile.yml has no task "dril:all"'), ("./scripts/dril.sh", '"./scripts/dril.sh" does not exist')):
            with self.subTest(command):
                told = self.told(command)
                self.assertIn(message, told)
                self.assertIn("did you mean", told)

    def test_a_makefile_that_includes_others_may_hold_more(self):
        self.write("Makefile", "include more.mk\nrestore:\n\ttrue\n")
        self.assertEqual(self.told("make something-else"), "")
        self.assertIn('did you mean "restore"?', self.told("make restor"))


if __name__ == "__main__":
    unittest.main()
