import copy
import datetime
import hashlib
import json
import re
import unittest

from evidence import BUILD, COMMIT, DIGESTS, EvidenceTest, Signer, expect_rejections, load_report, stamp, utc_now
from support import SOURCE

SMOKES = ["deploy:smoke", "deploy:desktop:smoke", "deploy:gateway:smoke", "deploy:continuation:smoke"]
REPORT = """# Launch report

## Cost And Scaling Notes

- hourly cost at the observed load: 4 units

## Known Limits

- users before the next test: 100
- follow-up: none open
"""


class Decide(EvidenceTest):
    def make_record(self):
        """Decisions need no record."""

    def setUp(self):
        super().setUp()
        self.inputs = self.scratch / "inputs"
        self.inputs.mkdir()
        self.finished = utc_now() - datetime.timedelta(minutes=5)
        for command in SMOKES:
            path = self.inputs / f"{command.replace(':', '-')}.json"
            self.assert_code(self.record_tool("run", "--report", path, "--tier", "private-hosted-beta", *BUILD, "--", "pnpm", command), 0)
        self.reports = {"load": load_report("load", 300000, self.finished), "soak": load_report("soak", 14400000, self.finished), "quota": load_report("load", 300000, self.finished)}
        expect_rejections(self.reports["quota"])
        self.findings = {"schemaVersion": 1, "findings": []}
        self.markdown = REPORT

    def words(self, leave_out=(), profile="private-beta"):
        for name, report in self.reports.items():
            (self.inputs / f"{name}.json").write_text(json.dumps(report))
        (self.inputs / "findings.json").write_text(json.dumps(self.findings))
        (self.inputs / "report.md").write_text(self.markdown)
        words = ["--profile", profile]
        for name in ("load", "soak", "quota", "findings"):
            if name not in leave_out:
                words += [f"--{name}", self.inputs / f"{name}.json"]
        if "report" not in leave_out:
            words += ["--report", self.inputs / "report.md"]
        for command in SMOKES:
            if command not in leave_out:
                words += ["--smoke", self.inputs / f"{command.replace(':', '-')}.json"]
        return words

    def decide(self, *arguments, leave_out=(), profile="private-beta", **keywords):
        return self.tool("launchgate-decide", *self.words(leave_out, profile), "--format", "json", *arguments, **keywords)

    def assert_decision(self, wanted, *texts, **keywords):
        outcome = self.decide(**keywords)
        self.assertEqual(outcome.json()["decision"], wanted, outcome)
        self.assert_code(outcome, 1 if wanted == "no-go" else 0)
        reasons = [reason for line in outcome.json()["lines"] for reason in line["reasons"]]
        for text in texts:
            self.assertTrue(any(text in reason for reason in reasons), f"{text} in none of {reasons}")
        return outcome.json()

    def break_check(self, name="read-p95", report="load"):
        gates = self.reports[report]["gates"]
        next(check for check in gates["checks"] if check["name"] == name).update({"status": "fail", "message": "820 ms, at most 750 ms"})
        self.conclude(report, "no-go")

    def conclude(self, report, overall, **gates):
        self.reports[report]["gates"].update(overall=overall, **gates)
        self.reports[report]["evidence"]["status"] = overall
        self.reports[report]["ok"] = overall != "no-go"

    def test_go(self):
        decision = self.assert_decision("go")
        self.assertEqual(decision["commitSha"], COMMIT)
        self.assertEqual({line["outcome"] for line in decision["lines"]}, {"go"})
        self.assert_code(self.decide("--strict"), 0)

    def test_a_load_run_that_demanded_rejections_is_the_quota_run(self):
        expect_rejections(self.reports["load"])
        self.assert_decision("go", leave_out=("quota",))

    def test_what_is_missing_is_never_a_go_of_its_line(self):
        outcome = self.tool("launchgate-decide", "--profile", "private-beta", "--format", "json")
        self.assert_code(outcome, 1)
        self.assertEqual({line["outcome"] for line in outcome.json()["lines"]}, {"no-go"})
        reasons = {line["id"]: line["reasons"] for line in outcome.json()["lines"]}
        self.assertEqual(reasons["findings"], ["missing input: findings file (--findings)"])
        self.assertEqual(reasons["nothing-skipped"], ["missing input: a run to look at (--load, --soak)"])

    def test_nobody_is_told_of_a_decision_that_is_not_on_disk(self):
        for option in ("--decision", "--markdown"):
            outcome = self.decide(option, "/proc/decision")
            self.assert_code(outcome, 3)
            self.assertEqual(outcome.out, "")

    def test_every_missing_input_is_named(self):
        for name in ("load", "soak", "quota", "findings", "report"):
            self.assert_decision("no-go", f"(--{name})", leave_out=(name,))
        for command in SMOKES:
            self.assert_decision("no-go", f"missing input: result of {command}", leave_out=(command,))

    def test_reports_must_be_about_the_profile_and_strict(self):
        honest = copy.deepcopy(self.reports)
        changes = [
            (lambda r: r["load"].update(profileName="public-beta"), "about profile"),
            (lambda r: r["load"].update(mode="soak"), "has mode"),
            (lambda r: r["load"].update(interrupted=True), "interrupted"),
            (lambda r: r["soak"]["evidence"]["environmentProfile"].update(strict=False), "not strict"),
            (lambda r: r["soak"]["evidence"].update(durationMs=300000), "the profile asks for 4 h"),
            (lambda r: r["soak"]["evidence"].update(durationMs=15000000), "start and finish are 4 h apart"),
            (lambda r: r["load"]["evidence"].update(startedAt="2999-01-01T00:00:00Z", finishedAt="2999-01-01T00:05:00Z"), "in the future"),
            (lambda r: r["load"]["evidence"].update(finishedAt="yesterday"), "finishedAt"),
            (lambda r: r["load"].update(ok=False), "contradicts itself: ok is false"),
            (lambda r: r["load"]["evidence"].update(status="no-go"), "contradicts itself: its status is \"no-go\""),
            (lambda r: r["soak"]["gates"].update(overall="no-go"), "result is"),
            (lambda r: r["quota"]["evidence"]["environmentProfile"].update(expectQuotaRejections=False), "did not demand"),
            (lambda r: r["soak"]["gates"]["checks"].pop(1), "has no check projection-lag"),
            (lambda r: r["load"]["evidence"].update(commitSha="1" * 20 + "2" * 20), "about commit"),
            (lambda r: r["soak"]["evidence"]["imageDigests"].update(cloud="sha256:" + "12" * 32), "another cloud image"),
            (lambda r: r["soak"]["evidence"]["imageDigests"].update(gateway="not-provided"), "no digest of the gateway image"),
            (lambda r: r["load"].pop("gates"), "gates"),
        ]
        for change, text in changes:
            self.reports = copy.deepcopy(honest)
            change(self.reports)
            with self.subTest(text):
                self.assert_decision("no-go", text)

    def test_what_was_skipped_is_conditional(self):
        honest = copy.deepcopy(self.reports)
        for key, value in (("cloudTokenProvided", False), ("includeMutations", False), ("includeSse", False), ("includeOperator", False), ("gatewayUrl", "skipped")):
            self.reports = copy.deepcopy(honest)
            self.reports["load"]["evidence"]["environmentProfile"][key] = value
            if key == "gatewayUrl":
                self.reports["load"]["targets"][key] = None
            with self.subTest(key):
                self.assert_decision("conditional-go", "load run:")
        self.assert_code(self.decide("--strict"), 1)
        self.reports = copy.deepcopy(honest)
        self.conclude("soak", "conditional-go", warnings=["metrics missing"])
        self.assert_decision("conditional-go", "metrics missing")

    def test_a_failed_check_needs_exactly_one_disposition(self):
        self.break_check()
        self.assert_decision("no-go", "read-p95 failed in load: 820 ms, at most 750 ms; it has no disposition")
        follow_up = {"check": "read-p95", "disposition": "narrow-follow-up-issue", "owner": "web lead", "reproduction": "run the load gate", "evidence": "load.json",
                     "tier": "private-hosted-beta", "blocking": False}
        self.findings["findings"] = [follow_up]
        self.assert_decision("conditional-go", "narrow-follow-up-issue")
        for change, text in (({"blocking": True}, "blocking"), ({"owner": "TBD"}, "lacks owner"), ({"tier": "public-beta"}, "about tier"), ({"disposition": "immediate-fix"}, "mend it and run again"),
                             ({"check": "read-p99"}, "no disposition")):
            self.findings["findings"] = [{**follow_up, **change}]
            with self.subTest(text):
                self.assert_decision("no-go", text)
        self.findings["findings"] = [follow_up, {**follow_up, "disposition": "tier-scoped-out-of-scope", "rationale": "not claimed for this tier at all"}]
        self.assert_decision("no-go", "2 dispositions")
        self.findings["findings"] = [{"check": "read-p95", "disposition": "tier-scoped-out-of-scope", "tier": "private-beta", "rationale": "not claimed for this tier at all"}]
        self.assert_decision("conditional-go", "tier-scoped-out-of-scope")
        self.findings["findings"] = [{"check": "read-p95", "disposition": "ignore"}]
        self.assert_decision("no-go", "no disposition")

    def test_a_template_for_the_findings(self):
        self.break_check()
        self.words()
        outcome = self.tool("launchgate-decide", "--findings-template", self.inputs / "load.json")
        self.assert_code(outcome, 0)
        template = outcome.json()
        self.assertEqual(template["tier"], "private-hosted-beta")
        self.assertEqual(template["commitSha"], COMMIT)
        self.assertEqual([entry["check"] for entry in template["findings"]], ["read-p95"])
        self.findings = template
        self.assert_decision("no-go", "no disposition")
        template["findings"][0].update({"disposition": "narrow-follow-up-issue", "owner": "web lead", "reproduction": "run the gate", "evidence": "load.json", "tier": "private-beta", "blocking": False})
        self.assert_decision("conditional-go")

    def test_a_waived_check_is_conditional(self):
        self.break_check()
        day = utc_now().date().isoformat()
        self.dump("launchgate-waivers.json", {"schemaVersion": 1, "waivers": [{"check": "read-p95", "scope": {"tier": "private-hosted-beta"}, "owner": "web lead", "reason": "agreed in the review", "expires": day}]})
        decision = self.assert_decision("conditional-go", "(waived)")
        self.assertEqual(decision["waivers"][0]["owner"], "web lead")
        self.dump("launchgate-waivers.json", {"schemaVersion": 1, "waivers": [{"check": "mutation-p95", "scope": {"tier": "private-hosted-beta"}, "owner": "web lead", "reason": "agreed in the review", "expires": day}]})
        self.assert_decision("no-go", "waives nothing")

    def test_a_failed_smoke_blocks(self):
        self.words()
        path = self.inputs / "deploy-smoke.json"
        report = json.loads(path.read_text())
        for change in ({"status": "fail"}, {"verdict": "no-go"}, {"dryRun": True}, {"finishedAt": "yesterday"}, {"durationMs": 99999999}):
            path.write_text(json.dumps({**report, **change}))
            with self.subTest(change):
                self.assert_decision("no-go", "pnpm deploy:smoke failed in smoke")

    def outcome_of(self, decision, line):
        return next(one for one in decision["lines"] if one["id"] == line)

    def test_each_line_of_the_list_fires_and_has_a_near_miss(self):
        """Over the go/no-go list of the ladder: what a line rests on is taken away, fails, or is there under a name that only looks like it."""
        policy = json.loads((SOURCE / "rules/tiers.json").read_text())["decision"]
        honest = copy.deepcopy(self.reports)
        lines = 0
        for requirement in policy["requirements"]:
            line, source = requirement["id"], requirement["source"]
            lines += 1
            if source == "smoke":
                self.assertEqual(self.outcome_of(self.assert_decision("no-go", leave_out=(requirement["command"],)), line)["outcome"], "no-go")
                path = self.inputs / f"{requirement['command'].replace(':', '-')}.json"
                report = path.read_text()
                for name in (requirement["command"] + ":plan", "x" + requirement["command"], requirement["command"].upper()):
                    path.write_text(report.replace(requirement["command"], name))
                    self.assertEqual(self.outcome_of(self.assert_decision("no-go", "missing input: result of " + requirement["command"]), line)["outcome"], "no-go", name)
                path.write_text(report.replace("pnpm " + requirement["command"], "pnpm run " + requirement["command"]))
                self.assertEqual(self.outcome_of(self.assert_decision("go"), line)["outcome"], "go")
                path.write_text(report)
                continue
            if source == "report":
                for title in (requirement["section"] + "s", "Our " + requirement["section"]):
                    self.markdown = REPORT.replace("## " + requirement["section"], "## " + title)
                    self.assertEqual(self.outcome_of(self.assert_decision("no-go", "no section"), line)["outcome"], "no-go")
                self.markdown = REPORT.replace("## " + requirement["section"], "### " + requirement["section"].upper())
                self.assertEqual(self.outcome_of(self.assert_decision("go"), line)["outcome"], "go")
                self.markdown = REPORT
                continue
            self.assertEqual(self.outcome_of(self.assert_decision("no-go", leave_out=(source,)), line)["outcome"], "no-go")
            for pattern in requirement.get("checks", []):
                matches = [check for check in honest[source]["gates"]["checks"] if re.fullmatch(pattern, check["name"])]
                self.assertTrue(matches, pattern)
                for change, wanted in (({"name": "x" + matches[0]["name"]}, "no-go"), ({"name": matches[0]["name"] + "-setup"}, "no-go"), ({"status": "fail"}, "no-go"), ({"message": "other"}, "go")):
                    self.reports = copy.deepcopy(honest)
                    for check in self.reports[source]["gates"]["checks"]:
                        if re.fullmatch(pattern, check["name"]):
                            check.update(change)
                    if "status" in change:
                        self.conclude(source, "no-go")
                    decision = self.assert_decision(wanted)
                    self.assertEqual(self.outcome_of(decision, line)["outcome"], wanted, (line, pattern, change))
                self.reports = copy.deepcopy(honest)
        self.assertEqual(lines, 12)
        for skip in policy["skips"]:
            for source in ("load", "soak", "quota"):
                self.reports = copy.deepcopy(honest)
                place = self.reports[source]
                for key in skip["at"].split("/")[1:-1]:
                    place = place[key]
                key = skip["at"].rsplit("/", 1)[1]
                if isinstance(place[key], str):
                    self.reports[source]["targets"][key] = None
                place[key] = "skipped" if isinstance(place[key], str) else False
                self.assertEqual(self.outcome_of(self.assert_decision("conditional-go", f"{source} run: {skip['title']}"), "nothing-skipped")["outcome"], "conditional-go")
        self.reports = honest

    def test_the_form_of_the_findings_file(self):
        entry = {"check": "read-p95", "disposition": "narrow-follow-up-issue", "owner": "web lead", "reproduction": "run the gate", "evidence": "load.json", "tier": "private-beta", "blocking": False}
        self.break_check()
        for findings, text in (({"schemaVersion": 2, "findings": [entry]}, "schemaVersion"), ({"schemaVersion": 1}, "findings"), ({"schemaVersion": 1, "findings": {}}, "findings"),
                               ({"schemaVersion": 1, "findings": [{**entry, "chek": 1}]}, "chek"), ({"schemaVersion": 1, "findings": [{**entry, "blocking": "no"}]}, "blocking"),
                               ({"schemaVersion": 1, "findings": [entry], "note": "x"}, "note")):
            self.findings = findings
            with self.subTest(text):
                self.assert_decision("no-go", text)
        for disposition, fields in (("narrow-follow-up-issue", ("owner", "reproduction", "evidence", "tier", "blocking")), ("tier-scoped-out-of-scope", ("tier", "rationale"))):
            whole = {"check": "read-p95", "disposition": disposition, **{field: {"tier": "private-beta", "blocking": False}.get(field, "as agreed with the owner of the service") for field in fields}}
            self.findings = {"schemaVersion": 1, "findings": [whole]}
            self.assert_decision("conditional-go")
            for field in fields:
                self.findings = {"schemaVersion": 1, "findings": [{key: value for key, value in whole.items() if key != field}]}
                with self.subTest(f"{disposition} without {field}"):
                    self.assert_decision("no-go", f"lacks {field}")
        self.findings = {"schemaVersion": 1, "findings": [entry], "commitSha": "1" * 20 + "2" * 20}
        self.assert_decision("no-go", "findings file is about another commit")
        self.findings = {"schemaVersion": 1, "findings": [entry], "tier": "public-beta"}
        self.assert_decision("no-go", "findings file is about tier")
        self.findings = {"schemaVersion": 1, "findings": [entry], "tier": "private-hosted-beta", "commitSha": COMMIT}
        self.assert_decision("conditional-go")

    def test_what_a_reader_does_not_see_fills_in_nothing(self):
        notes = "## Cost And Scaling Notes\n\n- hourly cost at the observed load: 4 units\n"
        for section, text in ((f"<!--\n{notes}\n-->\n", "no section"), (f"```md\n{notes}```\n", "no section"), (f"``` <!--\n```\n\n```\n{notes}```\n", "no section"),
                              (notes.replace("- hourly", "<!-- -->\n\n    - hourly"), "it is empty"), (notes.replace("4 units", "<!-- 4 units -->"), "is not filled in"),
                              (notes.replace("4 units", "~~4 units~~"), "is not filled in"), (notes.replace("- hourly", "```\n- hourly") + "```\n", "it is empty"),
                              (notes + "\n" + notes.replace("4 units", ""), "is not filled in")):
            self.markdown = REPORT.replace(notes, section)
            self.assertNotEqual(self.markdown, REPORT)
            with self.subTest(section):
                self.assert_decision("no-go", text)
        self.markdown = REPORT.replace("4 units", "`4` units <!-- measured -->")
        self.assert_decision("go")

    def test_the_report_must_be_filled_in(self):
        for old, new, text in (("100", "", "is not filled in"), ("## Known Limits", "## Limits", "no section"), ("- hourly cost at the observed load: 4 units", "<!-- fine -->", "it is empty"),
                               ("- follow-up: none open", "- TBD", "placeholder"), ("- follow-up: none open", "\nTBD", "placeholder")):
            self.markdown = REPORT.replace(old, new)
            with self.subTest(text):
                self.assert_decision("no-go", text)

    def line(self, outcome, identifier="signed-evidence"):
        return next(line for line in outcome.json()["lines"] if line["id"] == identifier)

    def test_results_are_signed_or_named_as_unsigned(self):
        outcome = self.decide()
        self.assert_code(outcome, 0)
        self.assertEqual(self.line(outcome)["outcome"], "go")
        self.assertIn('unsigned: "load (load.json)"', self.line(outcome)["reasons"][0])
        signer, other = Signer(self.scratch), Signer(self.scratch, "other")
        self.words()
        for name in self.reports:
            signer.sign(self.inputs / f"{name}.json")
        outcome = self.decide("--evidence-key", signer.public)
        self.assertEqual(outcome.json()["decision"], "go", outcome)
        self.assertNotIn("load.json", self.line(outcome)["reasons"][0])
        self.assertIn("load envelope", {one["role"] for one in outcome.json()["inputs"]})
        self.assert_code(self.decide(env={"OPEN_COWORK_EVIDENCE_KEY_FILES": str(signer.public)}), 0)
        # What is signed by another key, is another report, or has a key that signs nothing.
        for words, text in ((["--evidence-key", other.public], "is signed by another key"),
                            (["--evidence-key", signer.public, "--evidence-key", other.public], "signs none of the results")):
            outcome = self.decide(*words)
            self.assert_code(outcome, 1)
            self.assertIn(text, str(self.line(outcome)["reasons"]))
        self.reports["load"]["generator"]["peakMemoryBytes"] += 1
        outcome = self.decide("--evidence-key", signer.public)
        self.assert_code(outcome, 1)
        self.assertIn("it is not what was signed", str(self.line(outcome)["reasons"]))

    def test_a_tier_that_asks_for_signatures_refuses_what_has_none(self):
        tiers = json.loads((SOURCE / "rules/tiers.json").read_text())
        next(rung for rung in tiers["ladder"] if rung["claim"] == "private-hosted-beta")["requireSignedEvidence"] = True
        tiers.pop("$schema")
        self.dump("tiers.json", tiers)
        self.dump("launchgate.json", {"schemaVersion": 1, "tiers": "tiers.json"})
        outcome = self.decide()
        self.assert_code(outcome, 1)
        self.assertEqual(self.line(outcome)["outcome"], "no-go")
        self.assertIn("--sign-key", self.line(outcome)["reasons"][0])

    def test_the_highest_profile_needs_the_lower_ones(self):
        signer = Signer(self.scratch)
        for smoke in SMOKES:
            signer.sign(self.inputs / f"{smoke.replace(':', '-')}.json")
        durations = {"local-self-host-beta": (120000, 1800000), "private-beta": (300000, 14400000), "public-beta": (600000, 28800000), "enterprise-scale": (900000, 43200000)}
        lower = []

        def signed(*words, profile):
            self.words(profile=profile)
            for name in self.reports:
                signer.sign(self.inputs / f"{name}.json")
            return self.decide("--evidence-key", signer.public, *words, profile=profile)

        for profile, (load, soak) in durations.items():
            for name, mode, duration in (("load", "load", load), ("soak", "soak", soak), ("quota", "load", load)):
                self.reports[name] = load_report(mode, duration, self.finished, profile=profile)
            expect_rejections(self.reports["quota"])
            if profile != "enterprise-scale":
                path = self.inputs / f"lower-{profile}.json"
                self.assert_code(signed("--decision", path, profile=profile), 0)
                lower += ["--lower", path]
        outcome = signed(*lower, profile="enterprise-scale")
        self.assertEqual(outcome.json()["decision"], "go", outcome)
        for place in range(1, len(lower), 2):
            words = lower[:place - 1] + lower[place + 1:]
            outcome = signed(*words, profile="enterprise-scale")
            self.assertIn(f"missing input: decision for profile {list(durations)[place // 2]}", outcome.out)
            self.assert_code(outcome, 1)
        honest = json.loads(path.read_text())
        changes = [({"decision": "conditional-go"}, "profile public-beta is"), ({"commitSha": "1" * 20 + "2" * 20}, "about another commit"), ({"commitSha": None}, "about another commit"),
                   ({"imageDigests": {**DIGESTS, "cloud": "sha256:" + "12" * 32}}, "about another commit"), ({"now": "2999-01-01T00:00:00Z"}, "at no time that is past"),
                   ({"lines": [{**honest["lines"][0], "outcome": "no-go"}]}, "contradicts itself"), ({"purpose": "note"}, "purpose"), ({"profile": "Public-Beta"}, "missing input"),
                   ({"lines": []}, "lines"), ({"note": "fine"}, "note")]
        for change, text in changes:
            with self.subTest(text):
                path.write_text(json.dumps({**honest, **change}))
                outcome = signed(*lower, profile="enterprise-scale")
                self.assert_code(outcome, 1)
                self.assertIn(text, outcome.out)
        # A second decision for a profile does not hide the first.
        path.write_text(json.dumps(honest))
        second = self.inputs / "second.json"
        second.write_text(json.dumps({**honest, "decision": "no-go"}))
        for words in ([*lower, "--lower", second], ["--lower", second, *lower]):
            self.assert_code(signed(*words, profile="enterprise-scale"), 1)

    def test_files_are_written_and_reproducible(self):
        decision, markdown = self.scratch / "decision.json", self.scratch / "decision.md"
        decision.write_text("old")
        texts = set()
        for _ in range(3):
            self.assert_code(self.decide("--decision", decision, "--markdown", markdown, "--now", stamp(utc_now().replace(second=0) + datetime.timedelta(minutes=10))), 0)
            texts.add(decision.read_bytes() + markdown.read_bytes())
        self.assertEqual(len(texts), 1)
        self.assertTrue(markdown.read_text().startswith("# Decision: go\n"))
        inputs = {one["role"]: one for one in json.loads(decision.read_text())["inputs"]}
        self.assertEqual(inputs["load"]["sha256"], hashlib.sha256((self.inputs / "load.json").read_bytes()).hexdigest())
        outcome = self.tool("launchgate-decide", "--profile", "no-such", "--decision", decision)
        self.assert_code(outcome, 2)
        self.assertFalse(decision.exists())

    def test_what_is_wrong_with_the_configuration_is_told(self):
        configuration = self.root / "launchgate.json"
        for text, place in (('{"schemaVersion": 1, "documnets": []}', "launchgate.json:1:22"), ('{"schemaVersion": 1,\n "waivers": 7}', "launchgate.json:2:13"), ("{,}", "launchgate.json:1:2")):
            with self.subTest(text):
                configuration.write_text(text)
                outcome = self.decide()
                self.assert_code(outcome, 2)
                self.assertIn(place, outcome.err)
                self.assertEqual(outcome.out, "")

    def test_unreadable_and_broken_inputs(self):
        self.words()
        self.assert_code(self.tool("launchgate-decide", *self.words(leave_out=("load",)), "--load", "/nowhere.json"), 3)
        (self.inputs / "broken.json").write_text('{"a": 1,}')
        self.assert_code(self.tool("launchgate-decide", *self.words(leave_out=("load",)), "--load", self.inputs / "broken.json"), 1)
        self.assert_code(self.tool("launchgate-decide", *self.words(), "--frofile", "x"), 2)
        self.assert_code(self.tool("launchgate-decide"), 2)


if __name__ == "__main__":
    unittest.main()
