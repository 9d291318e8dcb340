"""Filled reports that look complete to a search, and are not."""

import re
import unittest

from report.test_report import DIGESTS, FILLED, LOAD_REPORT, SHA, TEMPLATE, fill, soak_report
from support import RepositoryTest


class Hostile(RepositoryTest):
    def setUp(self):
        super().setUp()
        self.complete = fill(self.read(TEMPLATE))
        self.dump(LOAD_REPORT, soak_report())

    def judge(self, text):
        self.write(FILLED, text)
        outcome = self.tool("launchgate-report", "--filled", FILLED, "--template", TEMPLATE, "--load-report", LOAD_REPORT, "--format", "json")
        self.assertIn(outcome.code, (0, 1), outcome)
        return outcome.json()["findings"]

    def with_(self, old, new):
        self.assertIn(old, self.complete)
        return self.complete.replace(old, new, 1)

    def only(self, findings, rule, *parts):
        """One finding, of that rule, whose message holds the parts."""
        self.assertEqual([one["rule"] for one in findings], [f"filled-report/{rule}"], findings)
        for part in parts:
            self.assertIn(part, findings[0]["message"])
        return findings[0]

    def test_the_complete_report_passes(self):
        self.assertEqual(self.judge(self.complete), [])

    def test_a_report_that_is_one_comment_or_block_of_code(self):
        sections = len(re.findall(r"^#+ ", self.complete, re.M))
        for text in (f"<!--\n{self.complete}\n-->\n", f"```\n{self.complete}\n```\n", "<div>\n" + self.complete.replace("\n\n", "\n") + "</div>\n",
                     "".join("> " + line + "\n" for line in self.complete.splitlines()), "", "done\n"):
            found = self.judge(text)
            self.assertEqual(sum(one["rule"] == "filled-report/section-missing" for one in found), sections, text[:20])

    def test_each_section_is_missed_where_it_belongs(self):
        titles = re.findall(r"^## (.*)$", self.complete, re.M)
        before = "Launch Readiness Report"
        for title in titles:
            text = re.sub(rf"^## {re.escape(title)}\n(?:(?!## ).*\n)*", "", self.complete, flags=re.M)
            found = [one for one in self.judge(text) if one["rule"] == "filled-report/section-missing"]
            with self.subTest(title):
                self.assertEqual(len(found), 1)
                self.assertIn(f'"{title}"', found[0]["message"])
                self.assertIn(f"## {title}", found[0]["help"])
                self.assertEqual(text.splitlines()[found[0]["line"] - 1].lstrip("# "), before)
            before = title

    def test_each_field_box_row_and_cell_left_open_is_found_in_its_line(self):
        form = self.read(TEMPLATE).splitlines()
        lines = self.complete.splitlines()
        self.assertEqual(len(form), len(lines))
        tried = 0
        for number, (empty, full) in enumerate(zip(form, lines), 1):
            if empty == full:
                continue
            tried += 1
            found = self.judge("\n".join(lines[:number - 1] + [empty] + lines[number:]) + "\n")
            with self.subTest(empty):
                self.assertTrue(found)
                self.assertEqual({one["line"] for one in found}, {number}, found)
        self.assertGreater(tried, 60)

    def test_each_field_box_and_row_removed_is_missed_in_its_section(self):
        form = self.read(TEMPLATE).splitlines()
        lines = self.complete.splitlines()
        heading = 0
        for number, (empty, full) in enumerate(zip(form, lines), 1):
            if empty.startswith("#"):
                heading = number
            row = empty.startswith("|") and empty != full and not empty.startswith("| |")
            if not row and not re.match(r"- (\[ \]|.*:$)", empty):
                continue
            found = self.judge("\n".join(lines[:number - 1] + lines[number:]) + "\n")
            with self.subTest(empty):
                self.assertEqual(len(found), 1, found)
                self.assertRegex(found[0]["rule"], "-missing$")
                self.assertIn("add", found[0]["help"])
                if row:
                    self.assertIn("| --- |", lines[found[0]["line"]])
                else:
                    self.assertEqual(found[0]["line"], heading)
                    self.assertIn(empty.replace("[ ]", "[x]").replace("`", ""), found[0]["help"].replace("`", ""))

    def test_values_that_say_nothing(self):
        for value in ("", "TBD", "tbd", "TODO: ask", "n/a", "N/A", "…", "...", "-", "x", "?", "{owner}", "<owner>", "REPLACE_WITH_OWNER", "<!-- somebody -->",
                      "~~somebody~~", "![somebody](x.png)", "<b></b>", "&nbsp;", "\u200b", "\u00ad"):
            with self.subTest(value):
                self.only(self.judge(self.with_("- Decided by: noted", f"- Decided by: {value}")), "field-open", '"Decided by"')

    def test_dispositions(self):
        row = "| slow first read | graph 3 | `narrow-follow-up-issue` | OPS-12 | none |"
        for cell in ("", "later", "`fix`", "`immediate-fix` and `narrow-follow-up-issue`", "`immediate-fix` / `narrow-follow-up-issue` / `tier-scoped-out-of-scope`",
                     "~~`immediate-fix`~~", "<!-- immediate-fix -->", "Immediate-Fix", "immediate-fixes"):
            with self.subTest(cell):
                self.only(self.judge(self.with_("`narrow-follow-up-issue`", cell)), "choice-open", '"Disposition"')
        second = f"{row}\n\nAnd:\n\n| Finding | Evidence | Disposition | Follow-up issue | Tier impact |\n| --- | --- | --- | --- | --- |\n| more | graph 4 | open | x1 | none |"
        self.only(self.judge(self.with_(row, second)), "choice-open", '"more"')

    def test_extra_columns(self):
        table = re.search(r"^\| Finding .*\n.*\n.*\n", self.complete, re.M)[0]
        head, line, row = table.splitlines()
        wide = f"{head} Owner |\n{line} --- |\n{row} me |\n"
        self.assertEqual(self.judge(self.with_(table, wide)), [])
        self.only(self.judge(self.with_(table, wide.replace("| me |", "| |"))), "cell-open", '"Owner"')
        narrow = "\n".join(re.sub(r"\|[^|]*\|$", "|", one) for one in table.splitlines()) + "\n"
        self.only(self.judge(self.with_(table, narrow)), "table-missing", '"Tier impact"')

    def test_tables_inside_lists(self):
        table = re.search(r"^\| Finding .*\n.*\n.*\n", self.complete, re.M)[0]
        nested = "- seen:\n\n" + "".join("  " + one + "\n" for one in table.splitlines())
        self.assertEqual(self.judge(self.with_(table, nested)), [])
        self.only(self.judge(self.with_(table, nested.replace("`narrow-follow-up-issue`", ""))), "choice-open")

    def test_figures_in_other_units(self):
        for right, wrongs in {
            "p95 read latency: 612 ms": ("612 s", "612", "0.612 s", "0.61 s", "612 us", "1 s", "0 min", "612 requests", "-612 ms", "511 ms (612 ms expected)"),
            "Max error rate: 0.4 %": ("0.4", "0.4 ‰", "4 %", "0 %", "40 bp", "0.004", "below 1 %"),
            "Duration: 4 h": ("240 min", "14400 s", "4 min", "4", "4 d", "5 h", "3 h 60 min", "14400000 ms"),
        }.items():
            label, _, value = right.partition(": ")
            good = {"612", "0.612 s", "0.61 s", "0.004", "240 min", "14400 s", "3 h 60 min", "14400000 ms"}
            for wrong in wrongs:
                with self.subTest(label, value=wrong):
                    found = self.judge(self.with_(right, f"{label}: {wrong}"))
                    if wrong in good:
                        self.assertEqual(found, [])
                    else:
                        self.only(found, "figure-differs", f'"{label}"')

    def test_commit_and_digests(self):
        other = SHA[::-1]
        for value in (other, f"{other}, not {SHA}", f"{SHA} and {other}", SHA[:12], SHA.upper(), f"~~{SHA}~~ main", f"x{SHA}"):
            with self.subTest(value):
                self.only(self.judge(self.with_(f"- Commit SHA: {SHA}", f"- Commit SHA: {value}")), "figure-differs", '"Commit SHA"')
        self.assertEqual(self.judge(self.with_(f"- Commit SHA: {SHA}", f"- Commit SHA: `{SHA}` (main)")), [])
        self.only(self.judge(self.with_(DIGESTS["cloud"], DIGESTS["gateway"])), "figure-differs", '"Cloud image digest"')

    def test_each_of_several_reports_is_compared(self):
        report = soak_report()
        report["evidence"]["commitSha"] = SHA[::-1]
        self.dump("second.json", report)
        self.write(FILLED, self.complete)
        outcome = self.tool("launchgate-report", "--filled", FILLED, "--template", TEMPLATE, "--load-report", LOAD_REPORT, "--load-report", "second.json")
        self.assert_finds(outcome, "filled-report/figure-differs", "second.json /evidence/commitSha")

    def test_line_endings_and_marks_do_not_matter(self):
        self.assertEqual(self.judge(self.complete.replace("\n", "\r\n")), [])
        self.assertEqual(self.judge("\ufeff" + self.complete), [])
        self.assertEqual(self.judge("---\ntitle: x\n---\n" + self.complete), [])


if __name__ == "__main__":
    unittest.main()
