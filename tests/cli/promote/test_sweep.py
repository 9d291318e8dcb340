"""Every key and every leaf of a passing record: deleted, renamed, emptied, given another type. Each change is refused, or is one of those
listed here as free, with the reason why nothing hangs on it."""

import copy
import json
import re
import unittest

from evidence import EvidenceTest

# pointer patterns of what may change without a refusal
FREE = {
    r"/decisionRule": "a sentence for people",
    r"/publicPrivateBoundary/(rawEvidenceStorage|redactionReviewer)": "may be a placeholder in a go: it names no evidence",
    r"/publicPrivateBoundary/forbiddenPublicFields/\d+": "wording for people; the leak rules do the work",
    r"/publicPrivateBoundary/allowedPublicFields/\d+": "wording for people beyond the six that the schema's pack demands",
    r"/requiredReportFields/\d+": "the policy's own list holds whatever the record says",
    r"/requiredEvidence/\d+/followUpIssue": "may be a placeholder in a go",
    r"/requiredEvidence/\d+/(owner|publicRedactedSummary|privateEvidenceRef)": "any text that is no placeholder; without --evidence-root a reference is not opened",
    r"/requiredEvidence/\d+/report/(runs|exitStatus|timedOut|problems|earlierRuns)(/.*)?": "what `run` adds beside the required fields; only what contradicts the status is refused",
    r"/requiredEvidence/\d+/report/evidenceCommands/\d+": "commands beyond those that the item needs",
    r"/requiredEvidence/\d+/report/(includeMutations|mode|strict)": "copied from the load engine's report",
    r"/requiredEvidence/\d+/report/sanitizedEnvironmentProfile/(?!profileName|targetTier).*": "description of the environment beyond profile and tier",
    r"/requiredEvidence/\d+/report/status": "one passing word for another",
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


def empty(value):
    return {str: "", list: [], dict: {}, bool: None, int: None, float: None, type(None): ""}[type(value)]


def retyped(value):
    return {str: 7, list: {}, dict: [], bool: "true", int: "7", float: "7", type(None): 7}[type(value)]


class Sweep(EvidenceTest):
    def test_every_place(self):
        honest = self.read_record()
        self.assert_code(self.promote("--quiet"), 0)
        refused, free, wrong = 0, set(), []
        # The fifteen items have one shape: the first, the load, the soak and the rollback stand for all.
        shown = {0, 1, 2, len(honest["requiredEvidence"]) - 1}
        for pointer, key in list(places(honest)):
            whole = f"{pointer}/{key}"
            item = re.match(r"/requiredEvidence/(\d+)", whole)
            if item and int(item.group(1)) not in shown:
                continue
            for change in ("delete", "rename", "empty", "retype"):
                record = copy.deepcopy(honest)
                holder = find(record, pointer) if pointer else record
                if change == "rename":
                    if isinstance(holder, list):
                        continue
                    items = [(f"{name}X" if name == key else name, value) for name, value in holder.items()]
                    holder.clear()
                    holder.update(items)
                elif change == "delete":
                    del holder[key]
                else:
                    holder[key] = (empty if change == "empty" else retyped)(holder[key])
                self.write_record(record)
                outcome = self.promote("--quiet")
                if outcome.code == 1:
                    refused += 1
                elif outcome.code == 0 and any(re.fullmatch(pattern, whole) for pattern in FREE):
                    free.add(re.sub(r"\d+", "N", whole))
                else:
                    wrong.append(f"{change} {whole}: exit {outcome.code}")
        self.assertEqual(wrong, [])
        self.assertGreater(refused, 500)
        print(f"refused {refused}, free {len(free)}: {sorted(free)}")


if __name__ == "__main__":
    unittest.main()
