"""Each rule that says what must not stand in a page, or in which order: it fires where a reader sees the words, at their line and column, and not where the
words only come near. Required phrases and forms: tests/sweep/test_wording_sweep.py."""

import json
import re
import unittest

from support import SOURCE, RepositoryTest

RUNBOOK = "docs/runbooks/launch-readiness.md"
CHECKLIST = "docs/release-checklist.md"
SUMMARY = "deploy/private-beta/private-beta-go-no-go.public.md"

# A sentence of each claim rule, and the words in it that the rule is about.
CLAIMS = {
    "production-ready": ("The Gateway is production ready today.", "production ready"),
    "certified": ("The Gateway was certified in spring.", "certified"),
    "hosted": ("The hosted tier is open.", "hosted tier is open"),
    "saas": ("We run it as SaaS.", "as SaaS"),
    "multi-tenant": ("The Gateway is multi-tenant by design.", "multi-tenant"),
    "any-scale": ("Every team gets unlimited sessions at once.", "unlimited sessions"),
    "general-availability": ("Version 2 is generally available.", "generally available"),
}


def places(sentence, words):
    """(name, page, line and column of the words or None) for a sentence that claims."""
    at = sentence.index(words)
    first = words.split()[0]
    yield "paragraph", sentence + "\n", (1, at + 1)
    yield "heading", f"## {sentence}\n", (1, at + 4)
    yield "list item", f"Text.\n\n- one\n- {sentence}\n", (4, at + 3)
    yield "nested item", f"- one\n  1. {sentence}\n", (2, at + 6)
    yield "ticked box", f"- [x] {sentence}\n", (1, at + 7)
    yield "quote", f"> > {sentence}\n", (1, at + 5)
    yield "table cell", f"| a | b |\n| --- | --- |\n| é | {sentence} |\n", (3, at + 7)
    yield "code block", f"```\n{sentence}\n```\n", (2, at + 1)
    yield "code in a line", f"Say `{sentence}`\n", (1, at + 6)
    yield "bold", sentence.replace(words, f"**{words}**") + "\n", (1, at + 3)
    yield "link text", f"[{sentence}](x.md)\n", (1, at + 2)
    yield "picture", f"![{sentence}](x.png)\n", (1, at + 3)
    yield "html", f"<p>{sentence}</p>\n", (1, at + 4)
    yield "front matter", f"---\ntitle: {sentence}\n---\n\nText.\n", (2, at + 8)
    yield "another case", sentence.replace(words, words.upper()) + "\n", (1, at + 1)
    yield "after wide characters", f"Größe 😀 — fine. {sentence}\n", (1, at + 17)
    yield "windows line ends", f"Text.\r\n\r\n{sentence}\r\n", (3, at + 1)
    if " " in words:
        yield "two lines", sentence.replace(words, words.replace(" ", "\n", 1)) + "\n", (1, at + 1)
        yield "no-break space", sentence.replace(words, words.replace(" ", "\u00a0")) + "\n", (1, at + 1)
        yield "two paragraphs", sentence.replace(words, words.replace(" ", "\n\n", 1)) + "\n", None
    yield "comment", f"<!-- {sentence} -->\n", None
    yield "comment in a line", f"Text <!-- {sentence} --> more.\n", None
    yield "link target", f"[x](<{sentence}>)\n", None
    yield "link title", f"[x](x.md '{sentence}')\n", None
    yield "open box", f"- [ ] {sentence}\n", None
    yield "question", sentence.rstrip(".") + "?\n", None
    yield "denied", f"It is not true. Nobody says: {sentence}\n", None
    yield "introduced", f"These are not claimed:\n\n- {sentence}\n", None
    yield "section of what is not claimed", f"# Not claimed\n\n{sentence}\n", None
    yield "another cell denies", f"| a | b |\n| --- | --- |\n| {sentence} | no |\n", None
    yield "inside a longer word", sentence.replace(first, f"x{first}x") + "\n", None


class NearMisses(RepositoryTest):
    def findings(self, *arguments):
        return self.tool("launchgate-wording", "--format", "json", *arguments).json()["findings"]

    def test_the_table_covers_every_claim(self):
        pack = json.loads((SOURCE / "rules/wording/claims.json").read_text(encoding="utf-8"))
        self.assertEqual({rule["id"] for rule in pack["rules"]}, set(CLAIMS))

    def test_claims(self):
        cases = [(f"claims/{rule}", name, page, place) for rule, (sentence, words) in CLAIMS.items() for name, page, place in places(sentence, words)]
        self.assertGreater(len(cases), 180)
        for number, (_, _, page, _) in enumerate(cases):
            self.write(f"pages/{number}.md", page.encode())
        self.dump("launchgate.json", {"schemaVersion": 1, "documents": [{"path": "pages/*.md", "kind": "markdown"}]})
        found = {}
        for one in self.findings():
            found.setdefault((one["file"], one["rule"]), []).append((one["line"], one["column"]))
        for number, (rule, name, page, place) in enumerate(cases):
            with self.subTest(rule, place=name, page=page):
                self.assertEqual(found.get((f"pages/{number}.md", rule), []), [place] if place else [])

    def test_a_positive_decision_in_the_public_file(self):
        text = self.read(SUMMARY)
        line = len(text.splitlines()) + 2
        rule = "public-summary/decision-go"
        for name, added, place in [
                ("field", "- Decision: `go`", (line, 3)), ("bold", "- **Decision:** go", (line, 5)), ("another case", "DECISION: GO", (line, 1)),
                ("prose", "The decision is go.", (line, 5)), ("conditional", "Decision: conditional-go", (line, 1)), ("heading", "## Decision: go", (line, 4)),
                ("table cell", "| Decision: go |\n| --- |", (line, 3)), ("two lines", "- Decision:\n  go", (line, 3)), ("code", "`decision: go`", (line, 2)),
                ("no-go", "- Decision: `no-go`", None), ("comment", "<!-- Decision: go -->", None), ("link target", "[x](<Decision: go>)", None),
                ("longer word", "Decision: gone with the wind", None), ("two items", "- Decision:\n- go", None), ("another word", "Decisions go to the owner.", None)]:
            self.write(SUMMARY, f"{text}\n{added}\n")
            with self.subTest(name):
                self.assertEqual([(one["line"], one["column"]) for one in self.findings() if one["rule"] == rule], [place] if place else [])

    def test_the_order_of_the_steps(self):
        text = self.read(RUNBOOK)
        rule = "launch-runbook-structure/section-order"
        steps = ["Plan", "Load Gate", "Soak Gate", "Go/No-Go"]
        section = {step: re.search(rf"^## {step}\n(?:(?!## ).*\n)*", text, re.M)[0] for step in steps}
        for early, late in zip(steps, steps[1:]):
            moved = text.replace(section[late], "").replace(section[early], section[late].rstrip("\n") + "\n\n" + section[early])
            self.write(RUNBOOK, moved)
            with self.subTest(late):
                found = [one for one in self.findings() if one["rule"] == rule]
                self.assertEqual(len(found), 1, found)
                self.assertEqual(found[0]["line"], moved.splitlines().index(f"## {late}") + 1)
                self.assertEqual(found[0]["message"], f'section "{late}" stands before section "{early}"')
                self.assertIn(f"move it below line {moved.splitlines().index(f'## {early}') + 1}", found[0]["help"])
        for name, added in [("comment", "<!-- ## Go/No-Go -->"), ("code", "```\n## Go/No-Go\n```"), ("paragraph", "Go/No-Go"), ("another case", "## go/no-go"),
                            ("longer", "## Go/No-Go and more"), ("quote", "> ## Go/No-Go")]:
            self.write(RUNBOOK, text.replace(section["Plan"], f"{added}\n\n{section['Plan']}"))
            with self.subTest(name):
                self.assertEqual([one for one in self.findings() if one["rule"] == rule], [])

    def test_one_of_several_commands(self):
        text = self.read(CHECKLIST)
        for gate in ("load", "soak"):
            rule = f"release-checklist/{gate}-gate"
            bare = re.sub(rf"pnpm deploy:{gate}(?::strict)?(?![\w:-])", "gone", text)
            for name, added, counts in [
                    ("nothing", "", False), ("box", f"- [ ] `pnpm deploy:{gate}`", True), ("strict", f"Run `pnpm deploy:{gate}:strict`.", True),
                    ("two lines", f"- [ ] `pnpm\n  deploy:{gate}`", True), ("table cell", f"| `pnpm deploy:{gate}` |\n| --- |", True), ("code block", f"```\npnpm deploy:{gate}\n```", True),
                    ("comment", f"<!-- pnpm deploy:{gate} -->", False), ("link target", f"[x](<pnpm deploy:{gate}>)", False), ("another script", f"`pnpm deploy:{gate}:plan`", False),
                    ("another case", f"`pnpm Deploy:{gate}`", False), ("struck out", f"~~pnpm deploy:{gate}~~", False), ("two items", f"- pnpm\n- deploy:{gate}", False)]:
                self.write(CHECKLIST, f"{bare}\n{added}\n")
                with self.subTest(rule, place=name):
                    found = [one for one in self.findings() if one["rule"] == rule]
                    self.assertEqual([(one["line"], one["column"]) for one in found], [] if counts else [(1, 1)])
                    if found:
                        self.assertIn(f'"pnpm deploy:{gate}"', found[0]["message"])
                        self.assertIn(f"add below:  pnpm deploy:{gate}", found[0]["help"])


if __name__ == "__main__":
    unittest.main()
