import json
import os
import stat
import unittest

from support import MATRIX, SOURCE, RepositoryTest, public_data, run

RUNBOOK = "docs/runbooks/launch-readiness.md"
GUIDE = "docs/deployment-readiness.md"
CHECKLIST = "docs/release-checklist.md"
SUMMARY = "deploy/private-beta/private-beta-go-no-go.public.md"


class Wording(RepositoryTest):
    def check(self, *arguments, **keywords):
        return self.tool("launchgate-wording", *arguments, **keywords)

    def append(self, path, text):
        self.write(path, self.read(path) + text)

    def line_of(self, path, text):
        return self.read(path).splitlines().index(text) + 1

    def test_a_misspelt_command_is_pointed_out(self):
        page = "docs/release-checklist.md"
        self.replace(page, "`pnpm deploy:soak:strict`", "`pnpm deploy:soak:strct`")
        line = next(number for number, text in enumerate(self.read(page).split("\n"), 1) if "strct" in text)
        outcome = self.tool("launchgate-wording")
        self.assert_finds(outcome, "release-checklist/gate-commands", 'does not say "pnpm deploy:soak:strict"')
        self.assertIn(f'is "deploy:soak:strct" at line {line} meant to be it? add a checkbox with the command; add below:  pnpm deploy:soak:strict', outcome.out)

    def test_the_sample_passes(self):
        outcome = self.check()
        self.assert_passes(outcome)
        self.assertIn("0 errors, 0 warnings · 6 documents, ", outcome.out)

    def test_a_missing_name_is_shown_with_what_to_add(self):
        self.replace(RUNBOOK, "export OPEN_COWORK_LOAD_INCLUDE_SSE=true\n", "")
        self.append(RUNBOOK, "\n<!-- OPEN_COWORK_LOAD_INCLUDE_SSE -->\n")
        self.replace(RUNBOOK, "---\ntitle: Launch gates\n---\n\n", "")
        outcome = self.check()
        self.assert_code(outcome, 1)
        line = self.line_of(RUNBOOK, "<!-- OPEN_COWORK_LOAD_INCLUDE_SSE -->")
        self.assertEqual(
            outcome.out.split("\n\n")[0],
            f'{RUNBOOK}:1:1: error: the document does not say "OPEN_COWORK_LOAD_INCLUDE_SSE" [launch-runbook/load-variables]\n'
            "    1 | # Launch Readiness\n"
            "      | ^\n"
            f"      = at line {line} it stands in a comment or in markup, which a reader does not see; "
            "name it with what it does, in prose or in a code block; add below:  OPEN_COWORK_LOAD_INCLUDE_SSE")

    def test_a_missing_disposition_points_to_its_section(self):
        self.replace(RUNBOOK, "- `immediate-fix`: mended", "- at once: mended")
        outcome = self.check()
        self.assert_code(outcome, 1)
        line = self.line_of(RUNBOOK, "## Findings Workflow")
        self.assertIn(f'{RUNBOOK}:{line}:1: error: section "Findings Workflow" does not say "immediate-fix" [launch-runbook-structure/dispositions]\n',
                      outcome.out)

    def test_the_public_file_never_says_go(self):
        self.replace(SUMMARY, "- Decision: `no-go`", "- Decision: `go`")
        outcome = self.check()
        self.assert_finds(outcome, "public-summary/decision-go", '"Decision: go"')
        self.assert_finds(outcome, "public-summary/decision", 'no list item says "Decision: no-go"')

    def test_a_page_that_is_one_comment_does_not_pass(self):
        self.write(RUNBOOK, "<!--\n" + self.read(RUNBOOK) + "\n-->\n")
        outcome = self.check()
        self.assert_code(outcome, 1)
        self.assertGreater(outcome.out.count("[launch-runbook"), 20)

    def test_claims_are_judged_by_the_accepted_tier(self):
        self.append(GUIDE, "\nThe Gateway is production ready.\n\nIt does not claim general availability.\n")
        self.assert_finds(self.check(), "claims/production-ready", 'the accepted tier is "local-self-host-beta"')
        self.replace(MATRIX, '"acceptedPublicTier": "local-self-host-beta"', '"acceptedPublicTier": "general-availability"')
        self.assertNotIn("claims/production-ready", self.check().out)
        self.replace(MATRIX, '"acceptedPublicTier": "general-availability"', '"acceptedPublicTier": "platinum"')
        self.assert_finds(self.check(), "claims/production-ready", 'the accepted tier is "platinum"')

    def test_the_matrix_publishes_claims_too(self):
        self.replace(MATRIX, '"For teams that run', '"Certified for teams that run')
        for outcome in (self.check(), self.tool("launchgate-matrix"), self.tool("launchgate", "check")):
            self.assert_finds(outcome, "claims/certified", '"Certified"')
            self.assertIn("at /tiers/local-self-host-beta/description", outcome.out)

    def test_a_file_of_no_kind_is_checked_for_claims(self):
        self.write("notes.md", "# Notes\n\nThe hosted tier is now available.\n")
        outcome = self.check("notes.md")
        self.assert_finds(outcome, "claims/hosted")
        self.assertIn("notes.md:3:5: error", outcome.out)
        self.write("notes.md", "# Notes\n\nThe hosted tier is not available.\n")
        self.assert_passes(self.check("notes.md"))

    def test_what_cannot_be_read_is_no_pass(self):
        self.write(RUNBOOK, b"# Launch\n\nbad \xff byte\n")
        self.assert_finds(self.check(), "launch-runbook/syntax", "not UTF-8")
        self.write(RUNBOOK, b"|a" * 50000 + b"|\n" + b"|-" * 50000 + b"|\n")
        self.assert_finds(self.check(), "launch-runbook/syntax", "too long")
        (self.root / RUNBOOK).unlink()
        self.assert_finds(self.check(), "suite/missing-document", RUNBOOK)

    def test_hostile_nesting_ends_soon(self):
        page = self.read(RUNBOOK)
        self.write(RUNBOOK, page + "\n" + ">" * 50000 + " deep\n")
        self.assert_passes(self.check())

    def test_a_wrong_pack_is_an_error_with_its_place(self):
        self.dump("own.json", {"schemaVersion": 1, "pack": "own", "title": "t", "description": "d", "rules": [
            {"id": "r", "kind": "requires", "severity": "error", "message": "m", "help": "h", "phrases": ["x"],
             "examples": {"match": ["a", "b"], "pass": ["x", "x x"]}}]})
        self.dump("launchgate.json", {"schemaVersion": 1, "documents": [{"path": "README.md", "kind": "markdown", "packs": ["own.json"]}]})
        outcome = self.check()
        self.assert_code(outcome, 2)
        self.assertIn("own.json:", outcome.err)
        self.assertIn('unknown kind of rule "requires"; did you mean "require"?', outcome.err)

    def test_real_documents_pass_unchanged(self):
        folder = public_data(self, "open-cowork")
        for tool in ("launchgate-wording", "launchgate-report"):
            self.assert_passes(run(tool, "--root", folder, cwd=folder))


class Examples(RepositoryTest):
    def test_every_rule_fires_on_its_examples_and_not_on_its_near_misses(self):
        packs = sorted((SOURCE / "rules/wording").glob("*.json"))
        self.assertGreaterEqual(len(packs), 6)
        for path in packs:
            pack = json.loads(path.read_text(encoding="utf-8"))
            expected = {}
            for rule in pack["rules"]:
                for side in ("match", "pass"):
                    for number, text in enumerate(rule["examples"][side]):
                        page = f"examples/{pack['pack']}/{rule['id']}-{side}-{number}.md"
                        self.write(page, text)
                        expected[page] = (f"{pack['pack']}/{rule['id']}", side == "match")
            self.dump("launchgate.json", {"schemaVersion": 1, "documents": [
                {"path": f"examples/{pack['pack']}/*.md", "kind": "markdown", "packs": [pack["pack"]]}]})
            found = {(one["file"], one["rule"]) for one in self.tool("launchgate-wording", "--format", "json").json()["findings"]}
            for page, (rule, fires) in expected.items():
                with self.subTest(page):
                    self.assertEqual((page, rule) in found, fires)


class Fix(RepositoryTest):
    PAGE = "docs/page.md"

    def setUp(self):
        super().setUp()
        rule = {"id": "word", "kind": "forbid", "severity": "error", "message": "a word that we do not use", "help": "use the other",
                "phrases": ["white list"], "replacement": "allow list",
                "examples": {"match": ["white list", "a white list"], "pass": ["allow list", "whitelist"]}}
        self.dump("own.json", {"schemaVersion": 1, "pack": "own", "title": "t", "description": "d", "rules": [rule]})
        self.dump("launchgate.json", {"schemaVersion": 1, "documents": [{"path": self.PAGE, "kind": "markdown", "packs": ["own.json"]}]})

    def fix(self):
        return self.tool("launchgate-wording", "--fix")

    def bytes(self):
        return (self.root / self.PAGE).read_bytes()

    def test_only_the_words_change(self):
        self.write(self.PAGE, b"\xef\xbb\xbf# A\r\n\r\n\xc3\xa9 white list, `white list`\t\r\n\r\n<!-- white list -->\r\n[x](white%20list)   ")
        os.chmod(self.root / self.PAGE, 0o640)
        outcome = self.fix()
        self.assert_passes(outcome)
        self.assertEqual(outcome.err, f"{self.PAGE}: 2 replaced\n")
        self.assertEqual(self.bytes(), b"\xef\xbb\xbf# A\r\n\r\n\xc3\xa9 allow list, `allow list`\t\r\n\r\n<!-- white list -->\r\n[x](white%20list)   ")
        self.assertEqual(stat.S_IMODE((self.root / self.PAGE).stat().st_mode), 0o640)

    def test_a_second_run_changes_nothing(self):
        self.write(self.PAGE, "a white list\n")
        self.fix()
        before = (self.root / self.PAGE).stat()
        outcome = self.fix()
        self.assertEqual(outcome.err, "")
        self.assertEqual((self.root / self.PAGE).stat().st_mtime_ns, before.st_mtime_ns)
        self.assertEqual((self.root / self.PAGE).stat().st_ino, before.st_ino)

    def test_what_is_ambiguous_is_left_and_reported(self):
        text = "a white\nlist and a *white* list\n"
        self.write(self.PAGE, text)
        outcome = self.fix()
        self.assert_code(outcome, 1)
        self.assertEqual(self.read(self.PAGE), text)
        self.assertEqual(outcome.out.count('write "allow list"'), 2)

    def test_without_the_flag_nothing_is_written(self):
        self.write(self.PAGE, "a white list\n")
        outcome = self.tool("launchgate-wording")
        self.assert_finds(outcome, "own/word", '"white list"')
        self.assertIn('write "allow list"', outcome.out)
        self.assertEqual(self.read(self.PAGE), "a white list\n")

    def test_a_link_stays_a_link(self):
        self.write("docs/target.md", "a white list\n")
        (self.root / self.PAGE).symlink_to("target.md")
        self.assert_passes(self.fix())
        self.assertTrue((self.root / self.PAGE).is_symlink())
        self.assertEqual(self.read("docs/target.md"), "a allow list\n")

    def test_files_outside_the_root_are_not_touched(self):
        outside = self.scratch / "outside.md"
        outside.write_text("a white list\n")
        (self.root / "docs").mkdir(exist_ok=True)
        (self.root / self.PAGE).symlink_to(outside)
        self.assert_code(self.fix(), 1)
        self.assertEqual(outside.read_text(), "a white list\n")


if __name__ == "__main__":
    unittest.main()
