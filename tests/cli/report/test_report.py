import json
import unittest

from support import SOURCE, RepositoryTest

TEMPLATE = "docs/runbooks/launch-readiness-report.md"

LOAD_REPORT = "report.json"
FILLED = "filled.md"
SHA = "0123456789abcdef0123456789abcdef01234567"
DIGESTS = {"cloud": "sha256:" + "0123456789abcdef" * 4, "gateway": "sha256:" + "fedcba9876543210" * 4}


def fill(template):
    """Completes the sample's template."""
    values = {"Accepted Launch Tier": "local-self-host-beta", "Target profile": "private-beta", "Commit SHA": SHA,
              "Cloud image digest": DIGESTS["cloud"], "Gateway image digest": DIGESTS["gateway"], "p95 read latency": "612 ms",
              "p95 mutation latency": "1.4 s", "p95 gateway latency": "88.5 ms", "Max error rate": "0.4 %"}
    lines = []
    section = ""
    for line in template.splitlines():
        if line.startswith("#"):
            section = line.lstrip("# ")
        label = line[2:-1] if line.startswith("- ") and line.endswith(":") else None
        if label:
            value = values.get(label, "noted")
            if label == "Duration":
                value = "4 h" if section.startswith("Soak") else "5 min"
            line += " " + value
        elif line.startswith("- [ ]"):
            line = line.replace("[ ]", "[x]")
        elif line.startswith("| |"):
            line = "| slow first read | graph 3 | `narrow-follow-up-issue` | OPS-12 | none |"
        elif line.startswith("|") and "| |" in line:
            line = "|" + "|".join(cell if cell.strip() else " fine " for cell in line.strip("|").split("|")) + "|"
        lines.append(line)
    return "\n".join(lines) + "\n"


def stats(failures, count, p95):
    return {"count": count, "failures": failures, "errorRate": failures / count, "p50LatencyMs": p95 / 2, "p95LatencyMs": p95, "p99LatencyMs": p95 * 2,
            "statuses": {"200": count - failures}, "sampleErrors": []}


def soak_report():
    times = {"startedAt": "2026-03-01T10:00:00Z", "finishedAt": "2026-03-01T14:00:00Z", "durationMs": 14400000}
    return {
        "ok": True, "generatedAt": "2026-03-01T14:00:01Z", "mode": "soak", "profileName": "private-beta",
        "evidence": {"command": "pnpm deploy:soak:strict", "commitSha": SHA, "imageDigests": DIGESTS, "status": "go", **times,
                     "environmentProfile": {"profileName": "private-beta", "mode": "soak", "strict": True, "includeMutations": True, "includeSse": True,
                                            "includeOperator": True}},
        "targets": {"capacityTargets": {"concurrentCloudUsers": 25}, "thresholds": {"p95ReadLatencyMs": 750}},
        "run": {"concurrency": 12, "requestRatePerSecond": 6, "operationCount": 3, **times},
        "summary": {"operations": {"threads": stats(1, 1000, 611.8), "prompts": stats(4, 1000, 1398)},
                    "categories": {"read": stats(1, 1000, 611.8), "mutation": stats(4, 1000, 1398), "gateway": stats(0, 10, 88.49)}},
        "metrics": {"before": None, "after": None, "delta": None},
        "gates": {"overall": "go", "checks": [{"name": "read-p95", "status": "pass", "message": "611.8 of 750"}], "warnings": []},
    }


class Report(RepositoryTest):
    def setUp(self):
        super().setUp()
        self.write(FILLED, fill(self.read(TEMPLATE)))
        self.dump(LOAD_REPORT, soak_report())

    def template(self, *arguments):
        return self.tool("launchgate-report", *arguments)

    def filled(self, *arguments):
        return self.tool("launchgate-report", "--filled", FILLED, "--template", TEMPLATE, *arguments)

    def change(self, old, new):
        self.replace(FILLED, old, new)
        return self.filled("--load-report", LOAD_REPORT)

    def test_the_sample_passes(self):
        self.assert_passes(self.template())
        self.assert_passes(self.filled())
        self.assert_passes(self.filled("--load-report", LOAD_REPORT))

    def test_a_missing_field_is_shown_as_the_line_to_paste(self):
        self.replace(TEMPLATE, "- max projection lag:\n", "")
        outcome = self.template()
        self.assert_code(outcome, 1)
        line = self.read(TEMPLATE).splitlines().index("## Soak Test Report") + 1
        self.assertEqual(
            outcome.out.split("\n\n")[0],
            f'{TEMPLATE}:{line}:1: error: section "Soak Test Report" has no field "max projection lag" [launch-report/soak-fields]\n'
            f"{line:>5} | ## Soak Test Report\n"
            "      | ^~~~~~~~~~~~~~~~~~~\n"
            "      = a soak is judged by these figures and how they change over hours; add below, as a list item:  - max projection lag:")

    def test_what_the_template_asks_for_itself_is_no_misspelling(self):
        outcome = self.change("## Soak Test Report", "## Soaked Test Report")
        self.assert_finds(outcome, "filled-report/section-missing", 'the report has no section "Soak Test Report"')
        self.assertIn('did you mean "Soaked Test Report"? add the heading after section "Load Test Report":  ## Soak Test Report', outcome.out)

    def test_a_report_that_is_one_comment_does_not_pass(self):
        for open_, close in (("<!--\n", "\n-->\n"), ("```\n", "\n```\n")):
            self.write(TEMPLATE, open_ + self.read(TEMPLATE) + close)
            outcome = self.template()
            self.assert_code(outcome, 1)
            for rule in ("sections", "candidate-fields", "soak-fields", "final-smoke", "register-rows", "findings-table"):
                self.assertIn(f"[launch-report/{rule}]", outcome.out)

    def test_the_template_itself_is_not_filled(self):
        outcome = self.tool("launchgate-report", "--filled", TEMPLATE, "--template", TEMPLATE)
        self.assert_code(outcome, 1)
        self.assertGreater(outcome.out.count("filled-report/field-open"), 30)
        self.assertEqual(outcome.out.count("filled-report/checkbox-open"), 5)
        self.assertGreater(outcome.out.count("filled-report/cell-open"), 80)

    def test_open_places_are_found(self):
        self.assert_finds(self.change("- Decided by: noted", "- Decided by: TBD"), "filled-report/field-open", 'field "Decided by" still says "TBD"')
        self.assert_finds(self.change("- [x] `pnpm deploy:smoke`", "- [ ] `pnpm deploy:smoke`"), "filled-report/checkbox-open")
        self.assert_finds(self.change("| costSloNotes | fine |", "| costSloNotes | |"), "filled-report/cell-open", 'row "costSloNotes": cell "Status"')

    def test_each_finding_has_exactly_one_disposition(self):
        outcome = self.change("`narrow-follow-up-issue`", "`narrow-follow-up-issue` / `immediate-fix`")
        self.assert_finds(outcome, "filled-report/choice-open", 'has "immediate-fix" and "narrow-follow-up-issue" at once')
        outcome = self.change("`narrow-follow-up-issue` / `immediate-fix`", "later")
        self.assert_finds(outcome, "filled-report/choice-open", "has none of")

    def test_figures_must_be_those_of_the_run(self):
        for label, wrong in (("p95 read latency: 612 ms", "p95 read latency: 512 ms"), ("Max error rate: 0.4 %", "Max error rate: 0.1 %"),
                             (f"Commit SHA: {SHA}", "Commit SHA: " + SHA[::-1]), ("Cloud image digest: " + DIGESTS["cloud"], "Cloud image digest: " + DIGESTS["gateway"]),
                             ("Duration: 4 h", "Duration: 3 h")):
            with self.subTest(label):
                outcome = self.change(label, wrong)
                self.assert_finds(outcome, "filled-report/figure-differs", label.split(":")[0])
                self.assertEqual(outcome.out.count("filled-report/figure-differs"), 1)
                self.replace(FILLED, wrong, label)

    def test_a_load_report_must_satisfy_its_schema(self):
        report = soak_report()
        del report["run"]
        self.dump(LOAD_REPORT, report)
        self.assert_finds(self.filled("--load-report", LOAD_REPORT), "load-report/missing-key", '"run"')
        self.write(LOAD_REPORT, "{")
        self.assertNotEqual(self.filled("--load-report", LOAD_REPORT).code, 0)

    def test_options_belong_together(self):
        outcome = self.tool("launchgate-report", "--filled", FILLED)
        self.assert_code(outcome, 2)
        self.assertIn("--filled and --template go together", outcome.err)
        self.assert_code(self.tool("launchgate-report", "--filled", "none.md", "--template", TEMPLATE), 3)

    def test_json_output(self):
        self.change("- Decided by: noted", "- Decided by:")
        report = self.filled("--format", "json").json()
        self.assertEqual(report["result"], "fail")
        self.assertEqual([finding["rule"] for finding in report["findings"]], ["filled-report/field-open"])
        self.assertEqual(report["findings"][0]["file"], FILLED)


if __name__ == "__main__":
    unittest.main()
