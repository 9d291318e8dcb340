import os
import unittest

from support import MATRIX, RepositoryTest


class Matrix(RepositoryTest):
    def check(self, *arguments, **keywords):
        return self.tool("launchgate-matrix", *arguments, **keywords)

    def change(self, old, new):
        self.replace(MATRIX, old, new)

    def first_artifact(self):
        return self.load(MATRIX)["evidenceCategories"]["securityBoundary"]["publicArtifacts"][0]

    def test_the_sample_passes(self):
        self.assert_passes(self.check())

    def test_an_artifact_that_is_gone_is_named_with_its_neighbour(self):
        artifact = self.first_artifact()
        folder, name = os.path.split(artifact)
        renamed = os.path.join(folder, name.replace(".", "x.", 1))
        os.rename(self.root / artifact, self.root / renamed)
        outcome = self.check()
        self.assert_code(outcome, 1)
        self.assertIn(artifact, outcome.out)
        self.assertIn(f'did you mean "{renamed}"?', outcome.out)

    def test_an_artifact_through_a_link_out_of_the_repository_is_none(self):
        artifact = self.root / self.first_artifact()
        outside = self.scratch / "outside.md"
        outside.write_text("x")
        artifact.unlink()
        artifact.symlink_to(outside)
        self.assert_code(self.check(), 1)
        artifact.unlink()
        inside = self.root / "README.md"
        artifact.symlink_to(inside)
        self.assert_passes(self.check())

    def test_a_folder_is_no_artifact(self):
        artifact = self.root / self.first_artifact()
        artifact.unlink()
        artifact.mkdir()
        self.assert_code(self.check(), 1)

    def test_a_path_that_climbs_out_is_refused(self):
        (self.scratch / "secret.md").write_text("x")
        self.change(f'"{self.first_artifact()}"', '"../secret.md"')
        self.assert_code(self.check(), 1)

    def test_commands_name_package_scripts(self):
        self.replace("package.json", '"deploy:soak:strict"', '"deploy:soak:strct"')
        outcome = self.check()
        self.assert_code(outcome, 1)
        self.assertIn("deploy:soak:strict", outcome.out)
        self.assertIn('did you mean "deploy:soak:strct"?', outcome.out)

    def test_a_surface_must_be_covered(self):
        self.change('"SSE fanout and reconnect"', '"SSE fanout and reconect"')
        outcome = self.check()
        self.assert_code(outcome, 1)
        self.assertIn('"SSE fanout and reconnect"', outcome.out)
        self.assertIn('is "SSE fanout and reconect" meant to be it?', outcome.out)

    def test_two_accepted_tiers_are_one_too_many(self):
        self.change('"claimStatus": "not-claimed"', '"claimStatus": "accepted-public"')
        self.assert_finds(self.check(), "matrix/accepted-tier", "is accepted beside")

    def test_an_item_needs_its_commands(self):
        matrix = self.load(MATRIX)
        matrix["privateBetaEvidenceItems"]["items"]["costSloNotes"]["requiredCommands"].remove("pnpm deploy:soak:strict")
        self.dump(MATRIX, matrix)
        outcome = self.check()
        self.assert_code(outcome, 1)
        self.assertIn("/privateBetaEvidenceItems/items/costSloNotes/requiredCommands", outcome.out)

    def test_a_sixteenth_item_is_refused(self):
        matrix = self.load(MATRIX)
        items = matrix["privateBetaEvidenceItems"]["items"]
        items["releaseRollbck"] = items.pop("releaseRollback")
        self.dump(MATRIX, matrix)
        outcome = self.check()
        self.assert_code(outcome, 1)
        self.assertIn('did you mean "releaseRollback"?', outcome.out)

    def test_strict_scripts_pass_strict(self):
        scripts = self.load("package.json")["scripts"]
        self.replace("package.json", scripts["deploy:load:strict"], scripts["deploy:load:strict"].replace("--strict", ""))
        outcome = self.check()
        self.assert_code(outcome, 1)
        self.assertIn("deploy:load:strict", outcome.out)

    def test_malformed_package_json_is_no_pass(self):
        self.write("package.json", '{"scripts": {},}')
        outcome = self.check()
        self.assert_finds(outcome, "package-scripts/syntax", "package.json:1:15: error: comma before the closing bracket")

    def test_changed_package_json_runs_the_cross_file_checks(self):
        self.replace("package.json", '"deploy:soak:strict"', '"deploy:soak:strct"')
        outcome = self.check("package.json")
        self.assert_code(outcome, 1)
        self.assertIn(MATRIX, outcome.out)

    def test_an_absolute_artifact_is_refused_at_once(self):
        """No path leads up from the top: looking there for what was meant took for ever."""
        artifact = self.first_artifact()
        self.replace(MATRIX, f'"{artifact}"', f'"/{artifact}"')
        outcome = self.check()
        self.assert_code(outcome, 1)
        self.assertIn(f'publicArtifacts[0] must be a path below the root, written with /, but is the string "/{artifact}" [matrix/pattern]', outcome.out)

    def test_a_phrase_that_the_schema_asks_for_is_quoted(self):
        matrix = self.load(MATRIX)
        matrix["privateEvidenceBoundary"] = "Evidence stays with us."
        self.dump(MATRIX, matrix)
        self.assert_finds(self.check(), "matrix/pattern", 'launch-evidence-matrix.json:6:30: error: privateEvidenceBoundary must contain '
                          '"private operations repositories", but is the string "Evidence stays with us."')

    def test_show_prints_categories_against_tiers(self):
        outcome = self.check("--show")
        self.assert_passes(outcome)
        self.assertRegex(outcome.out, r"loadAndSoak +covered")
        (self.root / self.first_artifact()).unlink()
        outcome = self.check("--show", "--color", "always")
        self.assertIn("\x1b[1;31m1 missing\x1b[0m", outcome.out)


if __name__ == "__main__":
    unittest.main()
