import json
import unittest

from support import TARGETS, RepositoryTest


class Profiles(RepositoryTest):
    def check(self, *arguments, **keywords):
        return self.tool("launchgate-profiles", *arguments, **keywords)

    def change(self, old, new):
        self.replace(TARGETS, old, new)

    def test_the_sample_passes(self):
        outcome = self.check()
        self.assert_passes(outcome)
        self.assertIn("0 errors, 0 warnings · 1 document, ", outcome.out)
        self.assertEqual(outcome.err, "")

    def test_a_misspelt_key_is_shown_with_its_line_and_the_right_name(self):
        self.change('"p95ReadLatencyMs": 750', '"p95ReadLatencyMS": 750')
        outcome = self.check()
        self.assert_code(outcome, 1)
        number = self.read(TARGETS).splitlines().index('        "p95ReadLatencyMS": 750,') + 1
        self.assertEqual(
            outcome.out.split("\n\n")[0],
            f'{TARGETS}:{number}:9: error: unknown threshold "p95ReadLatencyMS" [profiles/unknown-key]\n'
            f'{number:>5} |         "p95ReadLatencyMS": 750,\n'
            "      |         ^~~~~~~~~~~~~~~~~~\n"
            '      = at /profiles/private-beta/thresholds; did you mean "p95ReadLatencyMs"?')

    def test_a_wrong_type_is_told_in_words(self):
        self.change('"concurrentSseStreams": 50', '"concurrentSseStreams": "50"')
        self.assert_finds(self.check(), "profiles/wrong-type", 'capacityTargets.concurrentSseStreams must be', 'but is the string "50"')

    def test_zero_passes_only_where_it_may(self):
        self.assert_passes(self.check())  # maxUnexpectedQuotaRejections and maxGatewayDeadLetters are 0 in the sample
        self.change('"maxSseReconnectsPerMinute": 5', '"maxSseReconnectsPerMinute": 0')
        self.assert_finds(self.check(), "profiles/out-of-range", "maxSseReconnectsPerMinute")

    def test_no_target_shrinks_up_the_ladder(self):
        self.change('"concurrentCloudUsers": 25,', '"concurrentCloudUsers": 4,')
        outcome = self.check()
        self.assert_code(outcome, 1)
        self.assertIn("concurrentCloudUsers", outcome.out)
        self.assertIn("local-self-host-beta", outcome.out)

    def test_equal_steps_are_no_shrinking(self):
        self.change('"concurrentCloudUsers": 25,', '"concurrentCloudUsers": 5,')
        self.assert_passes(self.check())

    def test_no_run_shrinks_up_the_ladder(self):
        for field, value, smaller in (("durationMs", 300000, 119999), ("soakDurationMs", 14400000, 1799999), ("concurrency", 12, 3), ("requestRatePerSecond", 6, 1.5)):
            honest = self.read(TARGETS)
            with self.subTest(field):
                self.change(f'"{field}": {value},', f'"{field}": {smaller},')
                outcome = self.check()
                self.assert_code(outcome, 1)
                self.assertIn(f"at /profiles/private-beta/{field}", outcome.out)
            self.write(TARGETS, honest)
        self.change('"soakDurationMs": 14400000,', '"soakDurationMs": 1800000,')
        self.assert_passes(self.check())

    def test_no_threshold_loosens_up_the_ladder(self):
        self.change('"p95ReadLatencyMs": 750', '"p95ReadLatencyMs": 1201')
        outcome = self.check()
        self.assert_code(outcome, 1)
        self.assertIn("p95ReadLatencyMs", outcome.out)

    def test_a_soak_is_no_shorter_than_the_load_run(self):
        self.change('"soakDurationMs": 1800000', '"soakDurationMs": 119999')
        outcome = self.check()
        self.assert_code(outcome, 1)
        self.assertIn("soak", outcome.out)
        self.change('"soakDurationMs": 119999', '"soakDurationMs": 120000')
        self.assert_passes(self.check())

    def test_infeasible_arithmetic_warns_and_shows_the_sum(self):
        self.change('"concurrency": 12', '"concurrency": 7')
        outcome = self.check()
        self.assert_passes(outcome)
        self.assertIn("warning", outcome.out)
        self.assertIn("7.75", outcome.out)
        self.assert_code(self.check("--fail-on", "warning"), 1)

    def test_several_defects_are_reported_in_one_run_sorted(self):
        self.change('"durationMs": 120000', '"durationMs": 0')
        self.change('"concurrency": 12', '"concurrency": 1.5')
        self.change('"maxOverallErrorRate": 0.005', '"maxOverallErrorRate": 1.5')
        self.change('"enterprise-scale": {', '"enterprise-scale": {\n      "descripton": "",')
        outcome = self.check("--format", "json")
        self.assert_code(outcome, 1)
        lines = [finding["line"] for finding in outcome.json()["findings"]]
        self.assertGreaterEqual(len(lines), 4)
        self.assertEqual(lines, sorted(lines))

    def test_show_prints_the_profiles_side_by_side(self):
        outcome = self.check("--show")
        self.assert_passes(outcome)
        header = outcome.out.splitlines()[0].split()
        self.assertEqual(header, ["local-self-host-beta", "private-beta", "public-beta", "enterprise-scale"])
        self.assertRegex(outcome.out, r"concurrentSseStreams +10 +50 +250 +1000\n")

    def test_a_file_of_its_own_is_checked_wherever_it_is(self):
        self.write("other/targets.json", self.read(TARGETS).replace('"durationMs": 120000', '"durationMs": -1'))
        outcome = self.check("other/targets.json")
        self.assert_finds(outcome, "profiles/out-of-range", "other/targets.json")
        self.assert_passes(self.check())

    def test_json_output_has_the_contract_keys(self):
        self.change('"durationMs": 120000', '"durationMs": "x"')
        report = self.check("--format", "json").json()
        self.assertEqual(set(report), {"tool", "version", "result", "findings", "skipped", "allowed", "counts"})
        self.assertEqual(set(report["findings"][0]), {"rule", "severity", "file", "line", "column", "endLine", "endColumn", "pointer",
                                                      "message", "help", "fingerprint", "status"})
        self.assertEqual(report["result"], "fail")

    def test_equal_input_gives_byte_equal_output(self):
        self.change('"durationMs": 120000', '"durationMs": "x"')
        for form in ("text", "json"):
            self.assertEqual(self.check("--format", form).out, self.check("--format", form).out)


if __name__ == "__main__":
    unittest.main()
