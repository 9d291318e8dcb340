"""The report as a page: made beside the others, made again, small, silent, and inert whatever names it shows."""

import html.parser
import json
import pathlib
import re
import unittest

import browser
import standin
import support

EVIL = "</script><svg onload=alert(1)><img src=http://x.invalid/y onerror=alert(2)>{}*{color:red}\u202eevil\u2066\x07"


class Reader(html.parser.HTMLParser):
    """Elements and what they would fetch."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.fetched, self.figures = [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        self.figures += tag == "figure"
        for name, value in attributes:
            if name.startswith("on"):
                raise AssertionError(f"{tag} has {name}")
            if name in ("src", "href", "action", "srcset", "poster", "data") and value not in ("data:,",) and not (value or "").startswith("#"):
                self.fetched.append(value)


class PageTest(standin.LoadTest):
    def run_briefly(self):
        server = standin.Standin(self)
        done = self.load(server, "--duration-ms", "1500", "--profile", "local-self-host-beta", *standin.EVERYTHING)
        self.assertIn(done.code, (0, 1), done)
        return pathlib.Path(done.json()["jsonPath"]), done

    def test_beside_the_others_and_again(self):
        report, done = self.run_briefly()
        page = report.with_suffix(".html")
        self.assertIn(str(page), done.err)
        text = page.read_text()
        self.assertLess(len(text), 150_000)
        seen = Reader(text)
        self.assertEqual(seen.fetched, [])
        self.assertGreater(seen.figures, 4)
        self.assertEqual(seen.elements.count("script"), 1)
        for check in json.loads(report.read_text())["gates"]["checks"]:
            self.assertIn(check["name"], text)
        timeline = str(report).replace("-report.json", "-timeline.jsonl")
        for source in (report, timeline):
            page.unlink()
            again = self.tool("launchgate-load", "--report-from", source)
            self.assertEqual((again.code, again.json()), (0, {"ok": True, "htmlPath": str(page)}), again)
            self.assertEqual(page.read_text(), text)

    def test_from_what_a_crash_left_and_from_a_report_alone(self):
        report, _ = self.run_briefly()
        timeline = pathlib.Path(str(report).replace("-report.json", "-timeline.jsonl"))
        text = report.read_text()
        report.unlink()
        again = self.tool("launchgate-load", "--report-from", timeline)
        self.assertEqual(again.code, 0, again)
        self.assertIn("The run did not come to its end.", report.with_suffix(".html").read_text())
        report.write_text(text)
        timeline.unlink()
        again = self.tool("launchgate-load", "--report-from", report)
        self.assertEqual(again.code, 0, again)
        self.assertIn("the page has no charts", again.err)
        self.assertEqual(Reader(report.with_suffix(".html").read_text()).figures, 0)

    def test_what_is_no_run(self):
        for name, content, code in (("a-report.json", "{}", 3), ("b-report.json", "{", 3), ("x.txt", "", 3), ("c-timeline.jsonl", "{}\n", 3), ("none-report.json", None, 3)):
            with self.subTest(name=name, content=content):
                if content is not None:
                    self.write(name, content)
                done = self.tool("launchgate-load", "--report-from", self.root / name)
                self.assertEqual((done.code, done.out), (code, ""), done)
                self.assertFalse(list(self.root.glob("*.html")))

    def test_hostile_names(self):
        report, _ = self.run_briefly()
        page = report.with_suffix(".html")
        value = json.loads(report.read_text())
        value["profileName"] = EVIL
        value["targets"]["cloudUrl"] = "javascript:" + EVIL
        value["gates"]["warnings"].append(EVIL)
        value["gates"]["checks"].append({"name": EVIL, "status": "fail", "message": EVIL})
        value["evidence"]["environmentProfile"][EVIL] = EVIL
        value["summary"]["operations"][EVIL] = dict(next(iter(value["summary"]["operations"].values())), statuses={EVIL: 1}, category=EVIL)
        report.write_text(json.dumps(value))
        done = self.tool("launchgate-load", "--report-from", report)
        self.assertEqual(done.code, 0, done)
        text = page.read_text()
        seen = Reader(text)
        self.assertEqual((seen.fetched, seen.elements.count("script"), seen.elements.count("img")), ([], 1, 0))
        for character in "\u202e\u2066\x07":
            self.assertNotIn(character, text)
        browser.need(self)
        for dark in (False, True):
            visit = browser.Visit(page, dark=dark)
            self.assertEqual(visit.console, [])
            self.assertNotIn("<img", visit.dom)
            # The script has run: its tools are there.
            self.assertIn("aria-live", visit.dom)
            self.assertRegex(visit.dom, r"<button[^>]*>Operation</button>")
            self.assertEqual(len(re.findall("<svg[^>]*onload", visit.dom)), 0)


if __name__ == "__main__":
    unittest.main()
