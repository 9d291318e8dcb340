"""Over the sample product's Markdown: each thing that a wording pack requires is removed in turn (phrases, headings, table rows and columns, list fields,
checkboxes), and each removal is reported at the line of the section where it belongs, with the missing text. Required phrases are also moved to places
where they do not count, and rewritten in ways that do."""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import tempfile
import unittest

from support import SOURCE, run

SAMPLE = SOURCE / "fixtures/sample-product"
RULES = SOURCE / "rules/wording"
PAGES = {
    "docs/runbooks/launch-readiness.md": ["launch-runbook", "launch-runbook-structure"],
    "docs/deployment-readiness.md": ["launch-runbook"],
    "docs/runbooks/launch-readiness-report.md": ["launch-report"],
    "docs/release-checklist.md": ["release-checklist"],
    "deploy/private-beta/private-beta-go-no-go.public.md": ["public-summary"],
}


def rules():
    """(page, text, rule id, rule) of every rule that a page is bound to."""
    for page, packs in PAGES.items():
        text = (SAMPLE / page).read_text(encoding="utf-8")
        for name in packs:
            pack = json.loads((RULES / f"{name}.json").read_text(encoding="utf-8"))
            for rule in pack["rules"]:
                yield page, text, f"{name}/{rule['id']}", rule


def loose(phrase):
    """The phrase as it may be written in Markdown: across lines, with code marks or emphasis between its words. Whole words, as the matcher has it."""
    words = [re.escape(word) for word in phrase.split()]
    return r"(?<![\w-])[`*]*" + r"[`*]*\s+[`*]*".join(words) + r"[`*]*(?!\w)(?![:-]\w)"


def without(text, phrase):
    return re.sub(loose(phrase), "gone", text)


def heading_line(text, title):
    if not title:
        return 1
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip("#").strip() == title and line.startswith("#"):
            return number
    return 1


def section(text, title):
    """(before, section with its heading, after)."""
    if not title:
        return "", text, ""
    start = re.search(rf"^(#+) {re.escape(title)}$", text, re.M)
    after = re.search(rf"^#{{1,{len(start.group(1))}}} ", text[start.end():], re.M)
    end = start.end() + after.start() if after else len(text)
    return text[:start.start()], text[start.start():end], text[end:]


def removals():
    """(page, new text, rule id, missing text, line)."""
    for page, text, identity, rule in rules():
        title = rule.get("section", "")
        if rule["kind"] == "require":
            for phrase in rule.get("phrases", []):
                before, inside, after = section(text, title)
                changed = before + without(inside, phrase) + after
                yield page, changed, identity, phrase, heading_line(changed, title)
        if rule["kind"] != "structure":
            continue
        for heading in rule.get("headings", []):
            yield page, re.sub(rf"^#+ {re.escape(heading)}$", "Gone.", text, flags=re.M), identity, heading, 1
        for label in rule.get("fields", []):
            before, inside, after = section(text, title)
            changed = before + re.sub(rf"^- {re.escape(label)}:.*\n", "", inside, flags=re.M) + after
            yield page, changed, identity, label, heading_line(changed, title)
        for box in rule.get("checkboxes", []):
            before, inside, after = section(text, title)
            changed = before + re.sub(rf"^- \[ \] `{re.escape(box)}`\n", "", inside, flags=re.M) + after
            yield page, changed, identity, box, heading_line(changed, title)
        for table in rule.get("tables", []):
            before, inside, after = section(text, title)
            for row in table.get("rows", []):
                changed = before + re.sub(rf"^\| `?{row}`? \|.*\n", "", inside, flags=re.M) + after
                yield page, changed, identity, row, None
            for column in table["columns"]:
                changed = before + re.sub(rf"\| {re.escape(column)} \|", "| Gone |", inside, count=1) + after
                yield page, changed, identity, column, None


def moved():
    """(page, new text, rule id, phrase, whether it counts, what was done) for phrases of `require` rules."""
    for page, text, identity, rule in rules():
        if rule["kind"] != "require":
            continue
        scope = rule.get("scope", "text")
        title = rule.get("section", "")
        for phrase in rule.get("phrases", []):
            before, inside, after = section(text, title)
            rest = without(inside, phrase)
            folded = phrase.swapcase()
            lines = "\n".join(phrase.split())
            # The folded phrase must differ, and a phrase of one word cannot be split.
            cases = [
                ("comment", f"<!-- {phrase} -->", False),
                ("link target", f"[see](<{phrase}>)", False),
                ("link title", f"[see](x.md '{phrase}')", False),
                ("picture", f"![{phrase}](x.png)", False),
                ("struck out", f"~~{phrase}~~", False),
                ("another case", f"`{folded}`", False),
                ("longer word", f"x{phrase}x", False),
                ("code block", f"```\n{phrase}\n```", scope in ("text", "code")),
                ("paragraph", f"So `{phrase}` it is.", scope in ("text", "code")),
                ("plain paragraph", f"So {phrase} it is.", scope == "text" and "<" not in phrase),
                ("list item", f"- `{phrase}`", scope in ("text", "code", "list-item")),
                ("table cell", f"| a |\n| --- |\n| `{phrase}` |", scope in ("text", "code")),
                ("heading", f"##### `{phrase}`", scope in ("text", "code")),
            ]
            if len(phrase.split()) > 1 and "<" not in phrase and "--" not in phrase:
                cases.append(("two lines", f"- {lines}" if scope == "list-item" else f"`{lines}`", True))
            for name, markup, counts in cases:
                yield page, before + rest.rstrip("\n") + f"\n\n{markup}\n\n" + after, identity, phrase, counts, name
            if title:
                yield page, before + rest + after + f"\n# Elsewhere\n\n`{phrase}`\n", identity, phrase, False, "another section"


def moved_structure():
    """The same for headings, fields and checkboxes."""
    for page, text, identity, rule in rules():
        if rule["kind"] != "structure":
            continue
        title = rule.get("section", "")

        def cases(missing, pattern, ways, flags=re.M):
            before, inside, after = section(text, title)
            rest = re.sub(pattern, "", inside, flags=flags)
            for name, markup, counts in ways:
                yield page, before + rest.rstrip("\n") + f"\n\n{markup}\n\n" + after, identity, missing, counts, name
            if title:
                yield page, before + rest + after + f"\n# Elsewhere\n\n{ways[0][1]}\n", identity, missing, False, "another section"

        for heading in rule.get("headings", []):
            yield from cases(heading, rf"^#+ {re.escape(heading)}$", [
                ("deeper", f"##### {heading}", True), ("underlined", f"{heading}\n{'-' * len(heading)}", True), ("comment", f"<!-- ## {heading} -->", False),
                ("code block", f"```\n## {heading}\n```", False), ("bold", f"**{heading}**", False), ("another case", f"## {heading.swapcase()}", False),
                ("quoted", f"> ## {heading}", False), ("longer", f"## {heading} and more", False), ("html", f"<h2>{heading}</h2>", False)])
        for label in rule.get("fields", []):
            yield from cases(label, rf"^- {re.escape(label)}:.*\n(?:  .*\n)*", [
                ("field", f"- {label}:", True), ("bold", f"- **{label}:** value", True), ("star", f"* {label}: value", True), ("comment", f"<!--\n- {label}:\n-->", False),
                ("code block", f"```\n- {label}:\n```", False), ("another case", f"- {label.swapcase()}:", False), ("paragraph", f"{label}: value", False),
                ("longer", f"- {label} too:", False), ("no colon", f"- {label}", False), ("table cell", f"| {label}: |\n| --- |", False)])
        for box in rule.get("checkboxes", []):
            yield from cases(box, rf"^- \[ \] `{re.escape(box)}`\n", [
                ("box", f"- [ ] {box}", True), ("ticked", f"- [x] `{box}` done", True), ("numbered", f"1. [ ] `{box}`", True), ("plain item", f"- `{box}`", False),
                ("comment", f"<!-- - [ ] `{box}` -->", False), ("code block", f"```\n- [ ] {box}\n```", False), ("another case", f"- [ ] `{box.swapcase()}`", False),
                ("longer command", f"- [ ] `{box}:dry-run`", False), ("paragraph", f"[ ] `{box}`", False)])
        for table in rule.get("tables", []):
            header = "| " + " | ".join(table["columns"]) + " |\n|" + " --- |" * len(table["columns"]) + "\n"
            blanks = " |" * len(table["columns"])
            for row in table.get("rows", []):
                yield from cases(row, rf"^\| `?{row}`? \|.*\n", [
                    ("same columns", f"{header}| **{row}**{blanks}", True), ("other columns", f"| Some item | State |\n| --- | --- |\n| {row} | |", False),
                    ("second cell", f"{header}| x | {row}{blanks}", False), ("list", f"- {row}", False), ("comment", f"<!--\n{header}| {row}{blanks}\n-->", False),
                    ("code block", f"```\n{header}| {row}{blanks}\n```", False), ("another case", f"{header}| {row.swapcase()}{blanks}", False)])


class WordingSweep(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="launchgate-sweep-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)

    def findings(self, number, page, text):
        root = self.scratch / str(number)
        shutil.copytree(SAMPLE, root)
        try:
            (root / page).write_text(text, encoding="utf-8")
            outcome = run("launchgate-wording", "--root", root, "--format", "json", cwd=root)
            self.assertIn(outcome.code, (0, 1), outcome)
            return outcome.json()["findings"]
        finally:
            shutil.rmtree(root, ignore_errors=True)

    def run_all(self, cases):
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            futures = [pool.submit(self.findings, number, case[0], case[1]) for number, case in enumerate(cases)]
            for case, future in zip(cases, futures):
                yield case, future.result()

    def test_every_removal_is_reported_where_it_belongs(self):
        cases = list(removals())
        self.assertGreater(len(cases), 120)
        for (page, text, identity, missing, line), findings in self.run_all(cases):
            with self.subTest(page=page, rule=identity, missing=missing):
                self.assertNotEqual(text, (SAMPLE / page).read_text(encoding="utf-8"), "nothing was removed")
                own = [one for one in findings if one["rule"] == identity and one["file"] == page and f'"{missing}"' in one["message"]]
                if not own and missing in ("Evidence item", "Finding"):  # the column that tells the table apart
                    own = [one for one in findings if one["rule"] == identity]
                self.assertTrue(own, findings)
                self.assertTrue(own[0]["help"])
                if line is not None:
                    self.assertEqual(own[0]["line"], line, own[0])

    def test_forms_count_only_where_a_reader_sees_them(self):
        self.check_moved(list(moved_structure()), 400)

    def test_phrases_count_only_where_a_reader_sees_them(self):
        self.check_moved(list(moved()), 400)

    def check_moved(self, cases, least):
        self.assertGreater(len(cases), least)
        for (page, text, identity, phrase, counts, name), findings in self.run_all(cases):
            with self.subTest(page=page, rule=identity, phrase=phrase, done=name):
                missed = any(one["rule"] == identity and f'"{phrase}"' in one["message"] for one in findings)
                self.assertEqual(missed, not counts, findings)


if __name__ == "__main__":
    unittest.main()
