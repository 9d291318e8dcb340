"""Runs against each other: nothing for two of the same deployment, what moved for others, a gate, and a page."""

import json
import pathlib
import random
import unittest

import browser
import standin
import support


def bucket(us):
    if us < 512:
        return us
    exponent = us.bit_length() - 1
    return ((exponent - 8) << 9) + ((us >> (exponent - 9)) - 512)


def histogram(values):
    counts = {}
    for value in values:
        counts[bucket(value)] = counts.get(bucket(value), 0) + 1
    runs, before = [], 0
    for place in sorted(counts):
        runs += [place - before, counts[place]]
        before = place
    return {"min": min(values), "max": max(values), "sum": float(sum(values)), "h": runs}


class CompareTest(standin.LoadTest):
    def setUp(self):
        super().setUp()
        server = standin.Standin(self)
        done = self.load(server, "--duration-ms", "1000", "--profile", "local-self-host-beta", *standin.DIGESTS)
        self.report = pathlib.Path(done.json()["jsonPath"])
        timeline = pathlib.Path(str(self.report).replace("-report.json", "-timeline.jsonl"))
        self.header = timeline.read_text().splitlines()[0]

    def simulated(self, name, seed, slower=1.0, failing=0.0):
        """Five minutes at 20 requests a second of one operation; neighbouring seconds are alike."""
        numbers, drift, lines = random.Random(seed), 0.0, [self.header]
        for second in range(1, 301):
            drift = 0.6 * drift + 0.03 * numbers.gauss(0, 1)
            values = [int(40000 * slower * 2.718281828 ** (drift + 0.4 * numbers.gauss(0, 1))) for _ in range(20)]
            failures = sum(numbers.random() < failing for _ in values)
            tally = {"operation": "cloud-readiness", "setup": False, "count": 20, "failures": failures, "response": histogram(values),
                     "outcomes": {"success": 20 - failures, **({"server-error": failures} if failures else {})}}
            lines.append(json.dumps({"at": 1800000000000 + second * 1000, "elapsedMs": second * 1000, "operations": {"cloud-readiness": tally}}))
        path = self.scratch / f"{name}-timeline.jsonl"
        path.write_text("\n".join(lines) + "\n")
        report = json.loads(self.report.read_text())
        report["gates"]["checks"].append({"name": "made-up", "status": "fail" if slower > 1 else "pass", "message": "</script>"})
        (self.scratch / f"{name}-report.json").write_text(json.dumps(report))
        return path

    def compare(self, *arguments):
        return self.tool("launchgate-load", "--compare", *arguments)

    def test_nothing_for_the_same_and_a_gate_for_the_slower(self):
        base, same, slow = self.simulated("base", 1), self.simulated("same", 2), self.simulated("slow", 3, 1.25)
        done = self.compare(base, same, "--fail-on-regression", "5")
        self.assertEqual(done.code, 0, done)
        self.assertIn("nothing moved", done.out)
        done = self.compare(base, slow, "--fail-on-regression", "5")
        self.assertEqual(done.code, 1, done)
        self.assertRegex(done.out, r"WORSE +all requests p95: ")
        self.assertIn("check   made-up: pass -> fail", done.out)
        self.assertEqual(self.compare(base, slow, "--fail-on-regression", "80").code, 0)
        self.assertEqual(self.compare(base, slow).code, 0)
        faster = self.compare(slow, base, "--fail-on-regression", "1", "--compare-format", "json")
        self.assertEqual(faster.code, 0, faster)
        said = faster.json()
        self.assertFalse(said["regressed"])
        p95 = next(one for one in said["figures"] if one["kind"] == "all" and one["measure"] == "p95")
        self.assertEqual(p95["moved"], "better")
        self.assertLess(p95["high"], 0)

    def test_failures_several_runs_and_a_page(self):
        runs = [self.simulated("a", 1), self.simulated("b", 2), self.simulated("c", 3, 1.0, 0.08)]
        page = self.scratch / "compare.html"
        done = self.compare(*runs, "--base", "2", "--fail-on-regression", "50", "--html", page, "--compare-format", "markdown")
        self.assertEqual(done.code, 1, done)
        self.assertIn("| all requests | failures, % |", done.out)
        text = page.read_text()
        self.assertIn(">REGRESSION<", text)
        self.assertIn("<figure", text)
        self.assertEqual(text.count("</script"), 1)
        browser.need(self)
        self.assertEqual(browser.Visit(page).console, [])

    def test_wrong_use(self):
        base, alone = self.simulated("base", 1), self.simulated("alone", 2)
        for arguments, code in (((base,), 2), ((base, base, base), 2), ((base, base, "--base", "2"), 2), ((base, alone, "--html", alone), 2),
                                ((base, self.scratch / "none-report.json"), 3)):
            done = self.compare(*arguments)
            self.assertEqual((done.code, done.out), (code, ""), done)
        self.assertEqual(self.tool("launchgate-load", base).code, 2)
        alone.unlink()
        done = self.compare(base, self.scratch / "alone-report.json")
        self.assertEqual(done.code, 3, done)
        self.assertIn("without one nothing can be compared", done.err)


if __name__ == "__main__":
    unittest.main()
