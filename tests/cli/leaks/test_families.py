"""Random tokens in the formats that vendors document, in their surroundings: each must be found whole.

As a test: three seeds, few bodies, the public generator. By hand, a table of what is not found always:

    test_families.py --table [--bodies N] [--seeds N] [--family NAME]"""

import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from leaks import LeaksTest  # noqa: E402
from support import SHARED, public_data, run  # noqa: E402

GENERATOR = "token-families/generate.py"
# Known by the name beside them alone, and not always found yet.
WANTING = set("""assemblyai atlassian-jira-basic auth0-secret aws-secret azure-openai-32hex coinbase-cdp datadog-app exa-uuid gradle-properties heroku-uuid
    hetzner launchdarkly-api linode logdna/loki mandrill maven-settings-password mongodb-atlas-key okta-SSWS opsgenie pagerduty
    paypal-client-secret postmark semgrep splunk-hec teleport-hex travis twilio-auth-token vonage vultr""".split())


def generated(generator, seed, bodies, family=None):
    command = [sys.executable, "-B", str(generator), "--seed", str(seed), "--bodies", str(bodies)]
    done = subprocess.run(command + (["--family", family] if family else []), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def spans(finding, text):
    """The part of a text of one line that a finding covers."""
    return text[finding["column"] - 1:finding["endColumn"] - 1]


def missed(samples, root):
    """Those whose token no finding holds whole, each text scanned as a file of its own, with what was found there."""
    for number, sample in enumerate(samples):
        (root / f"{number}.txt").write_text(sample["text"] + "\n", encoding="utf-8")
    found = collections.defaultdict(list)
    for finding in run("launchgate-leaks", "--format", "json", "--no-ignore", ".", cwd=root).json()["findings"]:
        found[int(finding["file"].split(".")[0])].append(finding)
    rest = []
    for number, sample in enumerate(samples):
        lines = sample["text"].split("\n")
        whole = any(finding["line"] != finding["endLine"] or sample["token"] in spans(finding, lines[finding["line"] - 1])
                    for finding in found[number])
        if not whole:
            rest.append((sample, [(finding["rule"], finding["message"]) for finding in found[number]]))
    return rest


class Families(LeaksTest):
    def test_every_family_is_found_in_every_context(self):
        generator = public_data(self, GENERATOR)
        samples = [sample for seed in (1, 2, 3) for sample in generated(generator, seed, 2)]
        rest = missed(samples, self.root)
        self.assertEqual([(sample["family"], sample["context"], rules) for sample, rules in rest if sample["family"].split()[0] not in WANTING], [])


def table(options):
    samples = [sample for seed in range(1, options.seeds + 1)
               for sample in generated(SHARED / GENERATOR, seed, options.bodies, options.family)]
    with tempfile.TemporaryDirectory() as folder:
        rest = missed(samples, pathlib.Path(folder))
    families = collections.Counter(sample["family"] for sample in samples)
    contexts = collections.Counter((sample["family"], sample["context"]) for sample in samples)
    lost = collections.defaultdict(list)
    for sample, rules in rest:
        lost[sample["family"], sample["context"]].append((sample, rules))
    for (family, context), those in sorted(lost.items()):
        rules = collections.Counter(rule for _, found in those for rule, _ in found)
        print(f"{family:28}{len(those):4} of {contexts[family, context]:<4}{context[:44]!r:48}{' '.join(rule.split('/')[1] for rule in rules)}")
        if options.show:
            for sample, found in those[:options.show]:
                print(f"        {sample['text'][:300]}  {found}")
    print(f"{len(samples)} tokens of {len(families)} families, {len(rest)} missed, of {len({f for f, _ in lost})} families")


if __name__ == "__main__":
    if "--table" in sys.argv:
        parser = argparse.ArgumentParser()
        parser.add_argument("--table", action="store_true")
        parser.add_argument("--bodies", type=int, default=20)
        parser.add_argument("--seeds", type=int, default=3)
        parser.add_argument("--show", type=int, default=0)
        parser.add_argument("--family")
        table(parser.parse_args())
    else:
        unittest.main()
