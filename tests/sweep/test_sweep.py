"""For every key and every leaf of the target profiles and the evidence matrix: delete it, rename it, give it a wrong type, 0, -1, "" or null.
Each gives exit 1 with a finding at the right line and pointer, or stands in FREE with the reason."""

import concurrent.futures
import copy
import json
import os
import re
import shutil
import tempfile
import pathlib
import unittest

from support import MATRIX, SOURCE, TARGETS, run

# (document, regular expression over the pointer, mutations): deliberately free.
FREE = [
    # One entry of a list that is only asked to be non-empty.
    (MATRIX, r"/tiers/[^/]+/(acceptedClaims|notClaimed|blockedBy)/\d+", {"delete"}),
    (MATRIX, r"/evidenceCategories/[^/]+/publicArtifacts/\d+", {"delete"}),
    (MATRIX, r"/privateBetaEvidenceItems/items/[^/]+/publicArtifacts/\d+", {"delete"}),
    # Commands and surfaces beyond those that the rules ask for may go.
    (MATRIX, r"/evidenceCategories/[^/]+/requiredCommands/\d+", {"delete"}),
    (MATRIX, r"/evidenceCategories/[^/]+/coveredSurfaces/\d+", {"delete"}),
    # An optional, free label.
    (MATRIX, r"/evidenceCategories/[^/]+/issue554BuildSection", {"delete", "rename"}),
    # Zero is what these two are meant to be.
    (TARGETS, r"/profiles/[^/]+/thresholds/(maxUnexpectedQuotaRejections|maxGatewayDeadLetters)", {"zero"}),
]

VALUES = {"zero": 0, "negative": -1, "empty": "", "null": None}


def walk(value, pointer=""):
    """(pointer, parent, key) of every member and element, containers included."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        below = f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"
        yield below, value, key
        yield from walk(child, below)


def at(document, pointer):
    value = document
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def mutations(document):
    for pointer, parent, key in list(walk(document)):
        original = parent[key]
        names = ["delete", "type", *VALUES] + (["rename"] if isinstance(parent, dict) else [])
        for name in names:
            mutated = copy.deepcopy(document)
            holder = at(mutated, pointer.rsplit("/", 1)[0])
            if name == "delete":
                del holder[key]
            elif name == "rename":
                items = [(k + "x" if k == key else k, v) for k, v in holder.items()]
                holder.clear()
                holder.update(items)
            elif name == "type":
                holder[key] = {"unexpected": True} if not isinstance(original, dict) else [1]
            else:
                if original == VALUES[name] and type(original) is type(VALUES[name]):
                    continue
                holder[key] = VALUES[name]
            yield pointer, name, mutated


def line_spans(text):
    """Pointer -> (first line, last line) of a document written by json.dumps(indent=2), which puts every member and element on a line of its own."""
    spans = {}
    path = []      # pointers of the open containers
    counters = []  # None for an object, the next index for an array
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip().rstrip(",")
        if stripped in ("}", "]"):
            pointer = path.pop()
            counters.pop()
            spans[pointer] = (spans[pointer][0], number)
            continue
        if not path:
            pointer, rest = "", stripped
        elif counters[-1] is None:
            match = re.match(r'"((?:[^"\\]|\\.)*)": (.*)$', stripped)
            name = json.loads(f'"{match.group(1)}"').replace("~", "~0").replace("/", "~1")
            pointer, rest = f"{path[-1]}/{name}", match.group(2)
        else:
            pointer, rest = f"{path[-1]}/{counters[-1]}", stripped
            counters[-1] += 1
        spans[pointer] = (number, number)
        if rest in ("{", "["):
            path.append(pointer)
            counters.append(None if rest == "{" else 0)
    return spans


class Sweep(unittest.TestCase):
    def sweep(self, path):
        scratch = pathlib.Path(tempfile.mkdtemp(prefix="launchgate-sweep-"))
        self.addCleanup(shutil.rmtree, scratch, ignore_errors=True)
        workers = os.cpu_count() or 1
        roots = []
        for index in range(workers):
            root = scratch / str(index)
            shutil.copytree(SOURCE / "fixtures/sample-product", root)
            roots.append(root)
        original = json.loads((roots[0] / path).read_text())
        cases = list(mutations(original))
        problems = []

        def work(index):
            root = roots[index]
            for pointer, name, mutated in cases[index::workers]:
                text = json.dumps(mutated, indent=2, ensure_ascii=False) + "\n"
                (root / path).write_text(text)
                outcome = run("launchgate", "check", "--format", "json", "--root", root)
                free = any(document == path and name in names and re.fullmatch(pattern, pointer) for document, pattern, names in FREE)
                if outcome.code == 0 and free:
                    continue
                if outcome.code != 1:
                    problems.append(f"{name} {pointer}: exit {outcome.code} {outcome.err[:200]}")
                    continue
                deleted = at(original, pointer) if name == "delete" else None
                if not self.well_placed(text, pointer, name, outcome.json()["findings"], path, deleted):
                    places = [(f["file"], f["line"], f["pointer"], f["message"]) for f in outcome.json()["findings"]][:4]
                    problems.append(f"{name} {pointer}: no finding near it, but {places}")

        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            list(pool.map(work, range(workers)))
        print(f"{path}: {len(cases)} mutations, {len(problems)} problems")
        self.assertGreater(len(cases), 500)
        self.assertEqual(problems[:20], [])

    def well_placed(self, text, pointer, name, findings, path, deleted):
        """Whether a finding stands at the mutated place: at what lacks the deleted member, at the renamed key, at the value. What may stand in any
        of several lists is reported at the first of them, by name."""
        parent = pointer.rsplit("/", 1)[0]
        target = {"delete": parent, "rename": pointer + "x"}.get(name, pointer)
        spans = line_spans(text)
        for finding in findings:
            if finding["file"] != path:
                continue
            if isinstance(deleted, str) and f'"{deleted}" is missing' in finding["message"]:
                return True
            near = finding["pointer"] in (pointer, parent, target) or finding["pointer"].startswith(target + "/")
            first, last = spans[target]
            if near and (first <= finding["line"] <= last or finding["line"] == spans[parent][0]):
                return True
        return False

    def test_target_profiles(self):
        self.sweep(TARGETS)

    def test_evidence_matrix(self):
        self.sweep(MATRIX)


if __name__ == "__main__":
    unittest.main()
