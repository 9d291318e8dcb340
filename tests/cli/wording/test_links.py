"""`links` of structure rules: a link that a page must have leads to a file of the repository and, where it names one, to a heading of it."""

import unittest

from support import RepositoryTest

PAGE = "docs/page.md"


class Links(RepositoryTest):
    def setUp(self):
        super().setUp()
        self.write("docs/other.md", "# Other page\n\n## Second: *the* `part`\n\n## Twice\n\n## Twice\n\n<a id=\"own\"></a>\n\n<!-- ## Hidden -->\n")
        self.write("docs/with blank.md", "# Blank\n")
        self.write("top.md", "# Top\n")
        (self.scratch / "outside.md").write_text("# Out\n")

    def judge(self, target, page):
        rule = {"id": "r", "kind": "structure", "severity": "error", "message": "m", "help": "follow it", "links": [target],
                "examples": {"match": ["a", "b"], "pass": [f"[x](<{target}>)", f"[y](<{target}>)"]}}
        self.dump("own.json", {"schemaVersion": 1, "pack": "own", "title": "t", "description": "d", "rules": [rule]})
        self.dump("launchgate.json", {"schemaVersion": 1, "documents": [{"path": PAGE, "kind": "markdown", "packs": ["own.json"]}]})
        self.write(PAGE, page)
        return self.tool("launchgate-wording", "--format", "json").json()["findings"]

    def test_links_that_lead_somewhere(self):
        for target in ("other.md", "./other.md", "../docs/other.md", "other.md#other-page", "other.md#second-the-part", "other.md#twice", "other.md#twice-1", "other.md#own",
                       "/top.md", "../top.md#top", "with%20blank.md", "#here", "../docs/", "https://example.com/x.md", "mailto:team@example.com", "//example.com/x"):
            with self.subTest(target):
                self.assertEqual(self.judge(target, f"# Here\n\nSee [it](<{target}>).\n"), [])
                self.assertEqual(self.judge(target, f"# Here\n\nSee [it][r].\n\n[r]: <{target}>\n"), [])

    def test_links_that_lead_nowhere(self):
        for target, reason in {
            "othr.md": 'there is no file "docs/othr.md"', "Other.md": "there is no file", "other": "there is no file", "other.md#hidden": 'has no heading for "#hidden"',
            "other.md#Twice": "has no heading", "other.md#twice-2": "has no heading", "#there": "this document has no heading", "../../outside.md": "leads out of the repository",
            "../docs#x": "is a folder", "other.md%00": "there is no file", "other.md/": "",
        }.items():
            if not reason:
                continue
            with self.subTest(target):
                found = self.judge(target, f"# Here\n\nSee [it](<{target}>).\n")
                self.assertEqual([(one["rule"], one["line"], one["column"]) for one in found], [("own/r", 3, 11)], found)
                self.assertIn(f'"{target}"' if "%00" not in target else "other.md", found[0]["message"])
                self.assertIn(reason, found[0]["message"])

    def test_links_that_are_not_there(self):
        target = "other.md#twice"
        for name, page in {"none": "Text.\n", "comment": f"<!-- [x]({target}) -->\n", "code": f"`[x]({target})`\n", "code block": f"```\n[x]({target})\n```\n",
                           "picture": f"![x]({target})\n", "text": f"See {target}.\n", "link text": f"[{target}](x.md)\n", "unused": f"[r]: {target}\n",
                           "other heading": "[x](other.md)\n", "other case": "[x](other.md#Twice)\n", "html": f'<a href="{target}">x</a>\n', "longer": f"[x]({target}-1)\n"}.items():
            with self.subTest(name):
                found = self.judge(target, page)
                self.assertEqual([(one["line"], one["column"]) for one in found], [(1, 1)])
                self.assertIn(f'has no link to "{target}"', found[0]["message"])
                self.assertTrue(found[0]["help"].endswith(f"add below:  [{target}]({target})"), found)

    def test_a_link_through_a_symbolic_link_out_of_the_repository(self):
        (self.root / "docs/out.md").symlink_to(self.scratch / "outside.md")
        found = self.judge("out.md", "[x](out.md)\n")
        self.assertEqual(len(found), 1)
        self.assertIn("leads out of the repository", found[0]["message"])


if __name__ == "__main__":
    unittest.main()
