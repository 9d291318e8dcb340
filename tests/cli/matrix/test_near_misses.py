"""Package scripts and the operation catalogue: each name that the packs ask for is taken away, or written so that it only looks like it."""

import json
import unittest

from support import SOURCE, RepositoryTest

PACKAGE = "package.json"


def rules(pack):
    return {rule["id"]: rule for rule in json.loads((SOURCE / f"rules/documents/{pack}.json").read_text(encoding="utf-8"))["rules"]}


class PackageScripts(RepositoryTest):
    def findings(self, prefix):
        return [one for one in self.tool("launchgate-matrix", "--format", "json").json()["findings"] if one["rule"].startswith(prefix)]

    def test_each_script(self):
        names = rules("package-scripts")["script-missing"]["lists"][0]["values"]
        self.assertEqual(len(names), 9)
        original = self.load(PACKAGE)
        line = self.read(PACKAGE).splitlines().index('  "scripts": {') + 1
        for name in names:
            for change in ("gone", "another case", "longer", "beside", "nested", "as a value"):
                package = json.loads(json.dumps(original))
                command = package["scripts"].pop(name)
                scripts = package["scripts"]
                if change == "another case":
                    scripts[name.replace("d", "D", 1)] = command
                elif change == "longer":
                    scripts[name + "er"] = command
                elif change == "beside":
                    package["config"] = {name: command}
                elif change == "nested":
                    package["workspace"] = {"scripts": {name: command}}
                elif change == "as a value":
                    scripts["other"] = name
                self.dump(PACKAGE, package)
                with self.subTest(name, change=change):
                    found = [one for one in self.findings("package-scripts/script-missing") if f'"{name}"' in one["message"]]
                    self.assertEqual([(one["file"], one["line"], one["pointer"]) for one in found], [(PACKAGE, line, "/scripts")])
        self.dump(PACKAGE, original)
        self.assertEqual(self.findings("package-scripts/"), [])

    def test_strict_means_strict(self):
        original = self.load(PACKAGE)
        for gate in ("load", "soak"):
            script = f"deploy:{gate}:strict"
            for command, fires in [("x --strict", False), ("x --strict --plan", False), ("x '--strict'", False), ("x --strict=true", False), ("a && x --strict;b", False),
                                   ("x", True), ("x --strictly", True), ("x -strict", True), ("x --no-strict", True), ("x ---strict", True), ("x --Strict", True),
                                   ("x --strict=false", True), ("strict", True), ("x --stri ct", True)]:
                package = json.loads(json.dumps(original))
                package["scripts"][script] = command
                self.dump(PACKAGE, package)
                line = next(number for number, text in enumerate(self.read(PACKAGE).splitlines(), 1) if f'"{script}"' in text)
                with self.subTest(script, command=command):
                    found = self.findings(f"package-scripts/{gate}-not-strict")
                    self.assertEqual([(one["line"], one["pointer"]) for one in found], [(line, f"/scripts/{script}")] if fires else [])


class Harness(RepositoryTest):
    CATALOGUE = "deploy/load/operations.json"

    def findings(self, catalogue):
        self.dump(self.CATALOGUE, catalogue)
        report = self.tool("launchgate-matrix", "--format", "json").json()
        return [one for one in report["findings"] if one["rule"] == "harness-coverage/route-not-covered"]

    def test_each_route(self):
        routes = rules("harness-coverage")["route-not-covered"]["lists"][0]["values"]
        original = json.loads((SOURCE / "rules/load/open-cowork.json").read_text(encoding="utf-8"))
        self.dump("launchgate.json", {"schemaVersion": 1, "operations": self.CATALOGUE, "documents": [{"path": PACKAGE, "kind": "package-scripts"}]})
        self.assertEqual(self.findings(original), [])

        def each(catalogue, route):
            """The requests of a route."""
            operations = catalogue["operations"]
            for operation in operations.values() if isinstance(operations, dict) else operations:
                if operation.get("request", {}).get("path") == route:
                    yield operation

        for route in routes:
            for name, path in (("gone", "/elsewhere"), ("another case", route.upper()), ("longer", route + "/more"), ("prefixed", "/v1" + route)):
                catalogue = json.loads(json.dumps(original))
                changed = list(each(catalogue, route))
                self.assertTrue(changed, route)
                for operation in changed:
                    operation["request"]["path"] = path
                    operation["description"] = f"stands for {route}"
                with self.subTest(route, change=name):
                    found = [one for one in self.findings(catalogue) if f'"{route}"' in one["message"]]
                    self.assertEqual(len(found), 1)
                    self.assertEqual(found[0]["file"], self.CATALOGUE)
                    self.assertGreater(found[0]["line"], 0)


if __name__ == "__main__":
    unittest.main()
