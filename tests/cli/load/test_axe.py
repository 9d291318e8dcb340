"""Every page in headless Chromium, light and dark: no violation that axe-core knows, no message on the console."""

import concurrent.futures
import json
import os
import pathlib
import re
import unittest

import browser
import standin
import support

AXE = pathlib.Path(os.environ.get("LAUNCHGATE_AXE", support.SOURCE / "build/deps/axe/node_modules/axe-core/axe.min.js"))
RUN = """axe.run(document, {resultTypes: ["violations"]}).then(found => {
  const out = document.createElement("pre"); out.id = "axe";
  out.textContent = JSON.stringify(found.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 200))]));
  document.body.append(out);
});"""


class AxeTest(standin.LoadTest):
    def setUp(self):
        browser.need(self)
        if not AXE.exists():
            self.skipTest(f"not run: there is no axe-core at {AXE}; see scripts/install-dependencies")
        super().setUp()

    def pages(self):
        server = standin.Standin(self)
        done = self.load(server, "--duration-ms", "1500", "--profile", "local-self-host-beta", "--live-html", self.scratch / "live.html", *standin.EVERYTHING)
        report = pathlib.Path(done.json()["jsonPath"])
        self.tool("launchgate-load", "--compare", report, report, "--html", self.scratch / "compare.html")
        self.tool("launchgate", "status", "--tier", "private-hosted-beta", "--html", self.scratch / "status.html")
        self.tool("launchgate-promote", "--tier", "private-hosted-beta", "--html", self.scratch / "promote.html")
        self.tool("launchgate-decide", "--profile", "private-beta", "--load", report, "--html", self.scratch / "decide.html")
        return [report.with_suffix(".html"), *(self.scratch / f"{name}.html" for name in ("live", "compare", "status", "promote", "decide"))]

    def look(self, page, dark):
        text = page.read_text()
        # axe is no part of the page: in a copy, the policy makes way for it.
        text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
        copy = page.with_name(f"{page.stem}-{'dark' if dark else 'light'}-axe.html")
        copy.write_text(text.replace("</body>", "<script>" + AXE.read_text() + "</script><script>" + RUN + "</script></body>"))
        visit = browser.Visit(copy, dark=dark)
        found = re.search(r'<pre id="axe">(.*?)</pre>', visit.dom, re.S)
        self.assertIsNotNone(found, "axe did not end")
        self.assertEqual(json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")), [])
        self.assertEqual(visit.console, [])

    def test_no_violation_in_any_page(self):
        cases = [(page, dark) for page in self.pages() for dark in (False, True)]
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            for (page, dark), future in [(case, pool.submit(self.look, *case)) for case in cases]:
                with self.subTest(page=page.name, dark=dark):
                    future.result()


if __name__ == "__main__":
    unittest.main()
