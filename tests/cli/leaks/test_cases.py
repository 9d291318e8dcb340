"""Files of real shapes that must be found, or must be quiet. `python3 test_cases.py --report` prints every misjudged one."""

import base64
import collections
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from leaks import LeaksTest  # noqa: E402
from support import public_data  # noqa: E402

FOUND = 86.0
QUIET = 98.0


class Cases(LeaksTest):
    def judged(self, cases):
        """By case, what is wrong with it; None where nothing is."""
        for number, case in enumerate(cases):
            self.write(f"{number}/{case['path']}", base64.b64decode(case["text_base64"]))
        places = collections.defaultdict(list)
        for finding in self.findings("--no-ignore", "."):
            places[int(finding["file"].split("/")[0])].append((finding.get("line"), finding["rule"].split("/")[1]))
        for number, case in enumerate(cases):
            lines = {line for line, rule in places[number]}
            if case["expect"] == "quiet":
                yield case, sorted(set(places[number]), key=str) or None
            elif not places[number]:
                yield case, "nothing found"
            else:
                missed = sorted(set(case["lines"]) - lines)
                yield case, f"lines {missed} missed" if missed else None

    def test_every_kind(self):
        text = public_data(self, "leak-cases.jsonl").read_text(encoding="utf-8")
        counts = collections.defaultdict(collections.Counter)
        wrong = collections.defaultdict(list)
        for case, fault in self.judged([json.loads(line) for line in text.splitlines()]):
            for kind in (case["id"].split("/")[0], "all"):
                counts[(case["expect"], kind)]["wrong" if fault else "right"] += 1
            if fault:
                wrong[case["expect"]].append(f"{case['id']}: {fault}")
        print(f"\n{'expected':10}{'kind':16}{'files':>6}{'right':>7}{'share':>9}")
        for (expected, kind), count in sorted(counts.items()):
            files = count["right"] + count["wrong"]
            print(f"{expected:10}{kind:16}{files:6}{count['right']:7}{100 * count['right'] / files:8.2f}%")
        for expected, cases in sorted(wrong.items()):
            print(f"misjudged, {expected} expected:", *cases, sep="\n    ")
        for expected, least in (("found", FOUND), ("quiet", QUIET)):
            count = counts[(expected, "all")]
            self.assertGreaterEqual(100 * count["right"] / (count["right"] + count["wrong"]), least, wrong[expected])


if __name__ == "__main__":
    unittest.main()
