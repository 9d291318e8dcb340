import os
import pathlib
import shutil
import subprocess
import unittest

from support import BIN, MATRIX, SOURCE, TARGETS, RepositoryTest, public_data, run


class Check(RepositoryTest):
    def check(self, *arguments, **keywords):
        return self.tool("launchgate", "check", *arguments, **keywords)

    def test_the_sample_passes_without_a_configuration(self):
        self.assertFalse((self.root / "launchgate.json").exists())
        self.assert_passes(self.check())

    def test_a_bare_dash_dash_is_ignored_anywhere(self):
        self.assert_passes(self.tool("launchgate", "--", "check", "--", "--quiet", "--"))

    def test_a_real_repository_passes(self):
        source = public_data(self, "open-cowork")
        copy = self.scratch / "real"
        shutil.copytree(source, copy, copy_function=shutil.copy)
        outcome = run("launchgate", "check", cwd=copy)
        self.assert_passes(outcome)

    def test_an_empty_folder_is_no_pass(self):
        empty = self.scratch / "empty"
        empty.mkdir()
        outcome = run("launchgate", "check", cwd=empty)
        self.assert_code(outcome, 1)
        self.assertIn("required document of kind target-profiles does not exist [suite/missing-document]", outcome.out)
        self.assertIn("launchgate init", outcome.out)

    def test_a_missing_document_is_named_with_its_neighbour(self):
        os.rename(self.root / TARGETS, self.root / TARGETS.replace("targets", "target"))
        outcome = self.check()
        self.assert_finds(outcome, "suite/missing-document", TARGETS)
        self.assertIn('did you mean "deploy/load/launch-readiness-target.json"?', outcome.out)

    def test_ten_defects_in_one_file_are_ten_findings(self):
        text = self.read(TARGETS)
        defects = [
            ('"schemaVersion": 1', '"schemaVersion": 2'),
            ('"durationMs": 120000', '"durationMs": 0'),
            ('"concurrentCloudUsers": 5,', '"concurrentCloudUsers": "5",'),
            ('"maxOverallErrorRate": 0.02', '"maxOverallErrorRate": 2'),
            ('"concurrency": 12', '"concurrency": 1.5'),
            ('"p95ReadLatencyMs": 750', '"p95ReadLatencyMS": 750'),
            ('"requestRatePerSecond": 20', '"requestRatePerSecond": null'),
            ('"concurrentSseStreams": 250', '"concurrentSseStreams": -1'),
            ('"maxProjectionLagEvents": 10', '"maxProjectionLagEvents": []'),
            ('"p95GatewayLatencyMs": 500', '"p95GatewayLatencyMs": 751'),
        ]
        for old, new in defects:
            self.assertEqual(text.count(old), 1, old)
            text = text.replace(old, new)
        self.write(TARGETS, text)
        findings = self.check("--format", "json").json()["findings"]
        places = [(finding["line"], finding["column"]) for finding in findings]
        self.assertEqual(places, sorted(places))
        lines = text.splitlines()
        for _, new in defects:
            number = next(i for i, line in enumerate(lines, 1) if new in line)
            key_column = lines[number - 1].index('"') + 1
            value_column = lines[number - 1].index(new) + new.index(": ") + 3
            self.assertTrue({(number, key_column), (number, value_column)} & set(places), f"{new} at line {number}: {places}")
        self.assertEqual(len(findings), 10, findings)

    def test_duplicate_keys_are_found_beside_other_defects(self):
        self.replace(TARGETS, '"concurrency": 12', '"concurrency": 12,\n      "concurrency": 13')
        self.replace(TARGETS, '"durationMs": 120000', '"durationMs": 0')
        outcome = self.check()
        self.assert_finds(outcome, "profiles/duplicate-key", 'key "concurrency" stands twice in one object')
        self.assert_finds(outcome, "profiles/out-of-range", "durationMs")

    def test_each_output_file_is_tried_before_the_work(self):
        outcome = self.check("--format", "json=/nonexistent/folder/report.json")
        self.assert_code(outcome, 3)
        self.assertIn("/nonexistent/folder/report.json: cannot write into its folder", outcome.err)
        self.assertEqual(outcome.out, "")

    def test_formats_go_to_files_beside_the_text(self):
        outcome = self.check("--format", "json=report.json")
        self.assert_passes(outcome)
        self.assertIn("0 errors", outcome.out)
        self.assertEqual(self.load("report.json")["result"], "pass")

    def test_full_standard_output_is_an_error(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([str(BIN / "launchgate"), "check"], cwd=self.root, stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"cannot write to standard output", done.stderr)

    def test_wrong_use(self):
        outcome = self.check("--formt", "json")
        self.assert_code(outcome, 2)
        self.assertEqual(outcome.err, 'launchgate check: error: unknown option "--formt"; did you mean "--format"?\n'
                                      "Try `launchgate check --help`.\n")
        self.assert_code(self.check("--format", "jso"), 2)
        self.assert_code(self.check("--root", "/nonexistent"), 2)
        self.assert_code(self.tool("launchgate"), 2)
        outcome = self.tool("launchgate", "chekc")
        self.assert_code(outcome, 2)
        self.assertIn('unknown verb "chekc"; did you mean "check"?', outcome.err)
        outcome = self.check("no/such/file.json")
        self.assert_code(outcome, 3)
        self.assertIn("no/such/file.json: does not exist", outcome.err)

    def test_the_root_is_found_from_below(self):
        self.assert_passes(self.check(cwd=self.root / "deploy" / "load"))

    def test_a_link_out_of_the_root_is_refused(self):
        outside = self.scratch / "targets.json"
        shutil.move(self.root / TARGETS, outside)
        (self.root / TARGETS).symlink_to(outside)
        self.assert_finds(self.check(), "suite/outside-root", TARGETS)

    def test_color_is_asked_for(self):
        self.replace(TARGETS, '"durationMs": 120000', '"durationMs": 0')
        self.assertNotIn("\x1b", self.check().out)
        self.assertIn("\x1b[1;31m", self.check("--color", "always").out)


class HostileInput(RepositoryTest):
    def check(self):
        return self.tool("launchgate", "check")

    def assert_clear(self, outcome, *parts):
        self.assertIn(outcome.code, (1, 3), outcome)
        for part in parts:
            self.assertIn(part, outcome.out + outcome.err)

    def test_depth(self):
        self.write(TARGETS, "[" * 100000)
        self.assert_clear(self.check(), f"{TARGETS}:1:1001: error: values are nested more than 1000 deep")

    def test_truncation(self):
        text = self.read(TARGETS)
        for cut in (1, len(text) // 3, len(text) // 2, len(text) - 3):
            self.write(TARGETS, text[:cut])
            self.assert_clear(self.check(), "[profiles/syntax]")

    def test_encodings(self):
        text = self.read(TARGETS)
        self.write(TARGETS, b"\xef\xbb\xbf" + text.encode())
        self.assert_clear(self.check(), "byte order mark")
        self.write(TARGETS, text.encode("utf-16"))
        self.assert_clear(self.check(), "UTF-16")
        self.write(TARGETS, text.encode().replace(b"beta", b"be\xffta", 1))
        self.assert_clear(self.check(), "byte 0xff is not valid UTF-8")
        self.write(TARGETS, text.encode() + b"\0garbage")
        self.assert_clear(self.check(), "NUL byte")

    def test_special_files(self):
        path = self.root / TARGETS
        path.unlink()
        path.mkdir()
        self.assert_code(self.check(), 3)
        path.rmdir()
        os.mkfifo(path)
        outcome = self.check()
        self.assert_code(outcome, 3)
        self.assertIn("is a named pipe, not a file", outcome.out)
        path.unlink()
        path.symlink_to(path)
        self.assert_clear(self.check())
        path.unlink()
        with open(path, "wb") as file:
            file.truncate(1 << 30)
        self.assert_clear(self.check(), "bytes; at most 268435456 are read")

    def test_a_long_string_under_a_pattern(self):
        self.replace(MATRIX, '"pnpm test"', '"pnpm ' + "a" * 200000 + '"')
        outcome = self.check()
        self.assert_code(outcome, 1)
        self.assertLess(max(map(len, outcome.out.splitlines())), 2000)

    def test_a_cyclic_schema(self):
        schemas = self.scratch / "schemas"
        shutil.copytree(SOURCE / "schemas", schemas)
        (schemas / "target-profiles.schema.json").write_text(
            '{"$schema": "http://json-schema.org/draft-07/schema#",\n "$ref": "#/definitions/a",\n'
            ' "definitions": {"a": {"$ref": "#/definitions/b"},\n  "b": {"$ref": "#/definitions/a"}}}')
        outcome = self.tool("launchgate", "check", "--schemas", schemas)
        self.assert_code(outcome, 2)
        self.assertIn("target-profiles.schema.json:", outcome.err)

    def test_escape_sequences_do_not_reach_the_terminal(self):
        self.replace(TARGETS, '"concurrency": 12', '"con\\u001b[31mcurrency": 12')
        outcome = self.check()
        self.assert_code(outcome, 1)
        self.assertNotIn("\x1b", outcome.out)


class Configuration(RepositoryTest):
    def check(self, *arguments):
        return self.tool("launchgate", "check", *arguments)

    def test_init_writes_what_check_accepts_and_overwrites_nothing(self):
        outcome = self.tool("launchgate", "init")
        self.assert_passes(outcome)
        self.assertIn("target-profiles", outcome.out)
        self.assert_passes(self.check())
        outcome = self.tool("launchgate", "init")
        self.assert_code(outcome, 3)
        self.assertIn("exists already", outcome.err)

    def test_init_finds_documents_in_other_places(self):
        (self.root / "ops").mkdir()
        shutil.move(self.root / TARGETS, self.root / "ops/capacity.json")
        outcome = self.tool("launchgate", "init")
        self.assert_passes(outcome)
        self.assertIn("ops/capacity.json", self.read("launchgate.json"))

    def test_the_configuration_is_checked(self):
        self.write("launchgate.json", '{\n  "schemaVersion": 1,\n  "docments": []\n}')
        outcome = self.check()
        self.assert_code(outcome, 2)
        self.assertIn('launchgate.json:3:3: error: unknown key "docments"', outcome.err)
        self.assertIn('did you mean "documents"?', outcome.err)
        self.write("launchgate.json", '{"schemaVersion": 1, "documents": [{"path": "x.json", "kind": "target-profile"}]}')
        outcome = self.check()
        self.assert_code(outcome, 2)
        self.assertIn('launchgate.json:1:63: unknown kind "target-profile"; did you mean "target-profiles"?', outcome.err)
        self.write("launchgate.json", "{")
        self.assert_code(self.check(), 2)

    def test_any_document_takes_any_schema(self):
        self.write("my.schema.json", '{"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "integer"}, "b": {}}, "additionalProperties": false}')
        self.write("data/one.json", '{"a": "x"}')
        self.write("launchgate.json", '{"schemaVersion": 1, "documents": [{"path": "data/*.json", "kind": "json", "schema": "my.schema.json"}]}')
        outcome = self.check()
        self.assert_finds(outcome, "json/wrong-type", "data/one.json:1:7:")
        self.assert_finds(outcome, "json/missing-key", '"b"')

    def test_an_unknown_schema_or_pack_is_a_configuration_error(self):
        self.write("launchgate.json", '{"schemaVersion": 1, "documents": [{"path": "package.json", "kind": "json", "schema": "target-profile"}]}')
        outcome = self.check()
        self.assert_code(outcome, 2)
        self.assertIn('there is no schema "target-profile"; did you mean "target-profiles"?', outcome.err)

    def test_rules_and_schemas_can_be_replaced(self):
        schemas = self.scratch / "s"
        shutil.copytree(SOURCE / "schemas", schemas)
        path = schemas / "target-profiles.schema.json"
        path.write_text(path.read_text().replace('"maximum": 1', '"maximum": 0.001'))
        self.assert_code(self.check("--schemas", schemas), 1)
        self.assert_passes(self.check())
        self.assert_code(self.check("--rules", self.scratch / "none"), 2)


class OtherProduct(RepositoryTest):
    fixture = "other-product"

    def test_another_product_needs_no_change_of_code(self):
        outcome = self.tool("launchgate", "check")
        self.assert_passes(outcome)
        for tool in ("launchgate-profiles", "launchgate-matrix"):
            self.assert_passes(self.tool(tool))
            self.assert_passes(self.tool(tool, "--show"))

    def test_a_catalogue_that_is_a_document_too_is_checked_once(self):
        before = self.tool("launchgate", "check", "--format", "json").json()["counts"]["documents"]
        configuration = self.load("launchgate.json")
        configuration["documents"].append({"path": "launch/operations.json", "kind": "harness"})
        self.dump("launchgate.json", configuration)
        catalogue = self.load("launch/operations.json")
        catalogue["operation"] = []
        self.dump("launch/operations.json", catalogue)
        outcome = self.tool("launchgate", "check", "--format", "json")
        self.assert_code(outcome, 1)
        report = outcome.json()
        self.assertEqual([one["message"] for one in report["findings"]], ['unknown key "operation"'])
        self.assertEqual(report["counts"]["documents"], before)

    def test_its_own_rules_bite(self):
        targets = self.load("launch/targets.json")
        profile = next(iter(targets["profiles"].values()))
        profile["unheardOf"] = 1
        self.dump("launch/targets.json", targets)
        self.assert_finds(self.tool("launchgate", "check"), "targets/unknown-key", "unheardOf")


class Rules(RepositoryTest):
    def test_list_and_explain(self):
        listed = self.tool("launchgate-profiles", "--list-rules")
        self.assert_passes(listed)
        self.assertIn("profiles/unknown-key", listed.out)
        for line in self.tool("launchgate", "rules", "list").out.splitlines():
            rule = line.split()[1]
            explained = self.tool("launchgate", "explain", rule)
            self.assert_passes(explained)
            self.assertTrue(explained.out.startswith(rule + " ("), rule)
            self.assertIn("How to fix it", explained.out, rule)
        outcome = self.tool("launchgate-profiles", "--explain", "profiles/unknwn-key")
        self.assert_code(outcome, 2)
        self.assertIn('did you mean "profiles/unknown-key"?', outcome.err)

    def test_every_example_of_every_built_in_pack_holds(self):
        outcome = self.tool("launchgate", "rules", "test")
        self.assert_passes(outcome)
        self.assertRegex(outcome.out, r"^\d+ packs, \d+ rules, \d+ examples, 0 wrong\n$")

    def test_an_example_that_lies_fails(self):
        self.write("rules/mine.json", '{"schemaVersion": 1, "pack": "mine", "title": "t", "description": "d", "rules": [{"id": "r", "kind": "matches", '
                   '"severity": "error", "message": "m", "help": "h", "at": "/a", "pattern": "^x", "examples": {"match": [{"document": {"a": "y"}}, '
                   '{"document": {"a": "x"}}], "pass": [{"document": {"a": "x"}}, {"document": {"a": "xx"}}]}}]}')
        outcome = self.tool("launchgate", "rules", "test", "rules")
        self.assert_code(outcome, 1)
        self.assertIn("rules/mine.json:1:", outcome.out)


class Siblings(RepositoryTest):
    def test_a_tool_is_a_verb_too(self):
        for tool in ("profiles", "matrix"):
            direct = self.tool(f"launchgate-{tool}", "--format", "json")
            verb = self.tool("launchgate", "--", tool, "--format", "json")
            self.assertEqual((direct.code, direct.out, direct.err), (verb.code, verb.out, verb.err))


class Executables(unittest.TestCase):
    def test_help_and_version_of_every_executable(self):
        for path in sorted(pathlib.Path(BIN).glob("launchgate*")):
            if not os.access(path, os.X_OK) or path.is_dir():
                continue
            version = run(path.name, "--version")
            self.assertEqual(version.code, 0, path)
            self.assertRegex(version.out, rf"^{path.name} \d+\.\d+\.\d+\n$")
            help_text = run(path.name, "--help")
            self.assertEqual(help_text.code, 0, path)
            self.assertTrue(help_text.out.startswith(f"Usage: {path.name}"), help_text.out)
            self.assertIn("\n  --help                      Show this help.\n  --version                   Show the version.\n", help_text.out)

    def test_every_executable_is_static(self):
        if "release" not in str(BIN):
            self.skipTest("only release builds are static")
        for path in sorted(pathlib.Path(BIN).glob("launchgate*")):
            listed = subprocess.run(["ldd", str(path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            self.assertRegex(listed.stdout, b"not a dynamic executable|statically linked", path)


class Misspelt(RepositoryTest):
    """What the configuration or a pack of one's own gets wrong is told with the place where it stands."""

    def refusal(self, entry, pack=None, document='"docs/release-checklist.md", "kind": "markdown"'):
        self.write("launchgate.json", '{"schemaVersion": 1,\n "documents": [{"path": ' + document + ",\n  " + entry + "}]}")
        if pack is not None:
            self.write("rules/own.json", '{"schemaVersion": 1, "pack": "own", "title": "Own", "description": "Of our own.", "rules": [\n'
                       '{"id": "r", "kind": "forbid", "severity": "error", "message": "m", "help": "h",\n ' + pack + "}]}")
        outcome = self.tool("launchgate", "check")
        self.assert_code(outcome, 2)
        return outcome.err

    def test_names_in_the_configuration(self):
        self.assertIn('launchgate.json:3:13: there is no rule pack "clams"; did you mean "claims"?', self.refusal('"packs": ["clams"]'))
        self.assertIn('launchgate.json:3:23: the rule pack "rules/own.json" does not exist', self.refusal('"packs": ["claims", "rules/own.json"]'))
        self.assertIn('launchgate.json:3:13: there is no schema "package-script"; did you mean "package-scripts"?', 
                      self.refusal('"schema": "package-script"', document='"package.json", "kind": "json"'))

    def test_fields_in_a_pack(self):
        for pack, message in (('"patern": "foo"', 'rules/own.json:3:2: rule has no field "patern"; did you mean "pattern"?'),
                              ('"phrase": ["foo"]', 'rules/own.json:3:2: rule has no field "phrase"; did you mean "phrases"?'),
                              ('"pattern": "(foo", "examples": {"match": ["a", "b"], "pass": ["c", "d"]}', "rules/own.json:3:13: not a regular expression that RE2 accepts: missing ): (foo")):
            with self.subTest(pack):
                self.assertIn(message, self.refusal('"packs": ["rules/own.json"]', pack))

    def test_a_broken_pack_is_no_missing_pack(self):
        self.refusal('"packs": ["rules/own.json"]', '"pattern": "foo", "examples": {"match": ["foo\\n", "a foo\\n"], "pass": ["bar\\n"]}')
        outcome = self.tool("launchgate", "rules", "test", "rules")
        self.assert_code(outcome, 1)
        self.assertEqual(outcome.err, "")
        self.assertIn('rules/own.json:3:72: a rule needs at least two examples under "pass"', outcome.out)
        self.assertIn("0 packs, 0 rules, 0 examples, 1 wrong", outcome.out)

    def test_a_folder_without_schemas(self):
        (self.scratch / "empty").mkdir()
        outcome = self.tool("launchgate", "check", "--schemas", self.scratch / "empty")
        self.assert_code(outcome, 2)
        self.assertIn('there are none in that folder; their names end in .schema.json', outcome.err)


if __name__ == "__main__":
    unittest.main()
