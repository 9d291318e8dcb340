"""The YAML that is meant for others: it passes a linter, parses as it reads, and the action's own steps run."""

import os
import pathlib
import re
import subprocess
import unittest

from support import BIN, SOURCE, TARGETS, RepositoryTest, library, need

RULES = "{extends: default, rules: {line-length: {max: 200}, truthy: {check-keys: true}, comments-indentation: enable}}"


def documents():
    """(name, text) of each YAML file and each yaml block of the docs."""
    for name in ("action.yml", ".pre-commit-hooks.yaml", ".pre-commit-config.yaml"):
        yield name, (SOURCE / name).read_text(encoding="utf-8")
    for page in sorted((SOURCE / "docs").rglob("*.md")):
        for number, body in enumerate(re.findall(r"(?ms)^```yaml\n(.*?)^```$", page.read_text(encoding="utf-8"))):
            yield f"{page.name}#{number}", body


class Yaml(unittest.TestCase):
    def test_it_passes_the_linter(self):
        need(self, "yamllint")
        seen = 0
        for name, text in documents():
            with self.subTest(name):
                text = text if text.startswith(("---", "#")) else "---\n" + text
                rules = RULES if text.startswith("---") else RULES.replace("rules: {", "rules: {document-start: disable, ")
                done = subprocess.run(["yamllint", "-s", "-d", rules, "-"], input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
                self.assertEqual(done.returncode, 0, done.stdout.decode())
                seen += 1
        self.assertGreaterEqual(seen, 7)

    def test_hooks_name_commands_that_exist(self):
        yaml = library(self, "yaml")
        hooks = yaml.safe_load((SOURCE / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
        for hook in hooks:
            self.assertTrue((BIN / hook["entry"].split()[0]).exists(), hook)
        config = yaml.safe_load((SOURCE / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
        for hook in config["repos"][0]["hooks"]:
            self.assertTrue(hook["entry"].split()[0].startswith(("launchgate", "build/", "scripts/", "./", ".ci/")), hook)

    def test_commands_of_the_jobs_have_options_that_exist(self):
        page = (SOURCE / "docs/ci.md").read_text(encoding="utf-8")
        for tool, line in re.findall(r"(?m)(launchgate(?:-[a-z]+| check)(?![a-z.]))((?: [^\n`]*|\n +--[^\n`]*)*)", page):
            words = tool.split()
            known = subprocess.run([BIN / words[0], *words[1:], "--help"], cwd=SOURCE / "fixtures/sample-product", stdout=subprocess.PIPE, check=False).stdout.decode()
            for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", line):
                self.assertRegex(known, rf"(?m)^ +{option}\b", f"{tool}{line}")


class Action(RepositoryTest):
    """The composite action, step by step, as the runner would."""

    def run_action(self, **inputs):
        action = library(self, "yaml").safe_load((SOURCE / "action.yml").read_text(encoding="utf-8"))
        values = {name: one.get("default", "") for name, one in action["inputs"].items()}
        values.update(inputs)
        files = {name: self.scratch / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_text("")

        def fill(text):
            return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: values[found[1]], text)

        code, printed = 0, ""
        for step in action["runs"]["steps"]:
            # Nothing that a user gives is pasted into a script.
            self.assertNotIn("${{", step["run"])
            environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "RUNNER_TEMP": str(self.scratch / "temp"), **{name: str(path) for name, path in files.items()}}
            environment.update({name: fill(text) for name, text in step.get("env", {}).items()})
            done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], cwd=self.root / fill(step.get("working-directory", ".")),
                                  env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            code, printed = done.returncode, printed + done.stdout.decode()
            if code != 0:
                break
        return code, printed, {name: path.read_text() for name, path in files.items()}

    def test_it_checks(self):
        code, printed, files = self.run_action()
        self.assertEqual(code, 0, printed)
        self.assertEqual(files["GITHUB_OUTPUT"], "sarif=launchgate.sarif\n")
        self.assertTrue((self.root / "launchgate.sarif").exists())
        self.assertIn("launchgate check: passed", files["GITHUB_STEP_SUMMARY"])

    def test_a_defect_fails_it_with_an_annotation(self):
        self.replace(TARGETS, '"durationMs": 120000', '"durationMs": 0')
        code, printed, files = self.run_action()
        self.assertEqual(code, 1, printed)
        self.assertIn(f"::error file={TARGETS},line=6,", printed)
        self.assertIn("durationMs", files["GITHUB_STEP_SUMMARY"])

    def test_it_promotes(self):
        code, printed, _ = self.run_action(tier="local-self-host-beta", arguments="--decision\nthe decision.json\n")
        self.assertEqual(code, 0, printed)
        self.assertTrue((self.root / "the decision.json").exists())
        code, printed, _ = self.run_action(tier="private-hosted-beta")
        self.assertNotEqual(code, 0, printed)
        code, printed, _ = self.run_action(tier="x; touch hacked")
        self.assertEqual(code, 2, printed)
        self.assertFalse((self.root / "hacked").exists())

    def test_inputs_hold_no_line_breaks(self):
        for name, value in (("sarif", "a.sarif\nPATH=/tmp/evil"), ("tier", "x\n::add-path::/tmp/evil"), ("package", "launchgate@0.1.0\n"), ("sarif", "a\rb")):
            with self.subTest(name=name, value=value):
                code, printed, files = self.run_action(**{name: value})
                self.assertEqual(code, 2, printed)
                self.assertEqual(files["GITHUB_OUTPUT"] + files["GITHUB_PATH"], "")
                self.assertNotIn("evil", printed)

    def test_what_it_installs_is_pinned(self):
        for package in ("launchgate", "launchgate@latest", "launchgate@^0.1.0", "launchgate@0.1", "git+https://example.com/x.git", "launchgate@0.1.0 other"):
            with self.subTest(package):
                code, printed, _ = self.run_action(package=package)
                self.assertEqual(code, 2, printed)
        for package in ("launchgate@0.1.0", "@house/launchgate@1.20.3-rc.1", "./launchgate-0.1.0.tgz"):
            with self.subTest(package):
                self.assertEqual(self.run_action(package=package)[0], 0)


if __name__ == "__main__":
    unittest.main()
