"""Every key and every leaf of a passing record with all its items: deleted, renamed, emptied, given another type. Each change is refused, or is one of
those listed here as free, with the reason why nothing hangs on it."""

import collections
import concurrent.futures
import copy
import json
import os
import re
import unittest

from evidence import EvidenceTest

ALL = ("delete", "rename", "empty", "retype")

# pointer pattern: (changes that pass, why nothing hangs on them)
FREE = {
    r"/publicPrivateBoundary/(allowed|forbidden)PublicFields/\d+": (("delete",), "wording for people; the six fields that must be allowed are refused when they are missing"),
    r"/requiredEvidence/\d+/followUpIssue": (("empty",), "an item that passed needs no follow-up"),
    r"/requiredEvidence/\d+/report/runs": (ALL, "what `record run` keeps of each command beside the fields that are required; it may be left out, not contradict them"),
    r"/requiredEvidence/\d+/report/runs/\d+": (("delete", "empty", "retype"), "as above"),
    r"/requiredEvidence/\d+/report/runs/\d+/(command|evidence|sha256|status)": (("delete", "rename", "retype"), "as above; an empty text is a placeholder"),
    r"/requiredEvidence/\d+/report/runs/\d+/measured": (ALL, "a report without its figures only says how the run ended, which is told; what stands in the figures is another sweep's"),
    r"/requiredEvidence/\d+/report/runs/\d+/(durationMs|exitStatus|startedAt|finishedAt)": (("delete", "rename"), "as above; another value is a contradiction"),
    r"/requiredEvidence/\d+/report/sanitizedEnvironmentProfile/(include[A-Z][a-z]+|[a-z]+Url|includeSse|mode|strict|byokProvider|expectQuotaRejections)": (("delete", "rename", "retype"), "what the load engine says of its run beyond profile and tier"),
    r"/requiredEvidence/\d+/report/sanitizedEnvironmentProfile/(include[A-Z][a-z]+|strict|expectQuotaRejections)": (("empty",), "as above"),
    r"/requiredEvidence/\d+/report/sanitizedEnvironmentProfile/[A-Za-z]+TokenProvided": (("delete",), "as above; under another name or type it would be a secret's key"),
}


def places(value, pointer=""):
    if isinstance(value, dict):
        for key in value:
            yield pointer, key
            yield from places(value[key], f"{pointer}/{key}")
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield pointer, index
            yield from places(element, f"{pointer}/{index}")


def find(value, pointer):
    for part in pointer.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def emptied(value):
    return {str: "", list: [], dict: {}, bool: None, int: None, float: None, type(None): ""}[type(value)]


def retyped(value):
    return {str: 7, list: {}, dict: [], bool: "true", int: "7", float: "7", type(None): 7}[type(value)]


def changed(record, pointer, key, change):
    """None where the change is no change."""
    record = copy.deepcopy(record)
    holder = find(record, pointer)
    if change == "rename":
        if isinstance(holder, list):
            return None
        items = [(f"{name}X" if name == key else name, value) for name, value in holder.items()]
        holder.clear()
        holder.update(items)
    elif change == "delete":
        del holder[key]
    else:
        new = (emptied if change == "empty" else retyped)(holder[key])
        if new == holder[key] and type(new) is type(holder[key]):
            return None
        holder[key] = new
    return record


class Sweep(EvidenceTest):
    def test_every_place(self):
        honest = self.read_record()
        self.assertEqual(len(honest["requiredEvidence"]), 15)
        self.assert_code(self.promote("--quiet"), 0)
        pins = self.pins()
        cases = []
        for pointer, key in places(honest):
            if "/measured" in pointer:
                continue  # test_evidence_sweep.py
            for change in ALL:
                record = changed(honest, pointer, key, change)
                if record is not None:
                    cases.append((f"{pointer}/{key}", change, record))

        def work(number):
            pointer, change, record = cases[number]
            path = self.operations / f"forged-{number}.json"
            path.write_text(json.dumps(record))
            outcome = self.tool("launchgate-promote", "--tier", "private-hosted-beta", "--manifest", path, *pins, "--quiet")
            path.unlink()
            return pointer, change, outcome

        refused, free, wrong, used = collections.Counter(), collections.Counter(), [], set()
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for pointer, change, outcome in pool.map(work, range(len(cases))):
                patterns = [pattern for pattern, (changes, _) in FREE.items() if change in changes and re.fullmatch(pattern, pointer)]
                if outcome.code == 1 and "REFUSED" in outcome.out:
                    refused[change] += 1
                elif outcome.code == 0 and patterns:
                    free[change] += 1
                    used.update((pattern, change) for pattern in patterns)
                else:
                    wrong.append(f"{change} {re.sub('[0-9]+', 'N', pointer)}: exit {outcome.code}")
        self.assertFalse(wrong, "\n".join(f"{count} x {what}" for what, count in sorted(collections.Counter(wrong).items())))
        # What is listed as free is free, or the list would hide more than it says.
        self.assertEqual({(pattern, change) for pattern, (changes, _) in FREE.items() for change in changes} - used, set())
        self.assertGreater(refused.total() if hasattr(refused, "total") else sum(refused.values()), 1800)
        print(f"{len(cases)} changes: refused {dict(refused)}, free {dict(free)}")


if __name__ == "__main__":
    unittest.main()
