"""Allowances, baselines, foreign rules, and that no output holds a secret."""

import json
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from leaks import LeaksTest, github, in_base64, in_percent, npm  # noqa: E402

ALLOW = "launchgate" + ":allow "


class Allowances(LeaksTest):
    def test_on_the_line_and_above_it(self):
        self.write("a.txt", f"t = {github(1)}  # {ALLOW}github-pat made up for a test\n"
                            f"# {ALLOW}private-values/github-pat made up too\nt = {github(2)}\n")
        self.assertEqual(self.leaks().code, 0)

    def test_it_allows_one_rule_and_two_lines(self):
        self.write("a.txt", f"# {ALLOW}github-pat made up\nt = {github(1)} {npm(1)}\nt = {github(2)}\n")
        self.assertEqual(self.places(), [("npm-token", "a.txt", 2), ("github-pat", "a.txt", 3)])

    def test_the_reason_is_mandatory(self):
        self.write("a.txt", f"t = {github(1)}  # {ALLOW}github-pat\n")
        self.assertEqual(self.places(), [("github-pat", "a.txt", 1), ("allow", "a.txt", 1)])
        self.assertIn("the allowance gives no reason", self.leaks().out)

    def test_wrong_and_unused_ones_are_told(self):
        self.write("a.txt", f"# {ALLOW}github-pta made up\n# {ALLOW}github-pat nothing here\n#{ALLOW}\n")
        messages = [f["message"] for f in self.findings(code=0)]
        self.assertEqual(len(messages), 3, messages)
        self.assertIn("did you mean \"github-pat\"", messages[0])
        self.assertIn("matches no finding", messages[1])
        self.assertIn("names no rule", messages[2])
        self.assertEqual(self.leaks("--fail-on", "warning").code, 1)

    def test_a_text_about_it_is_no_allowance(self):
        self.write("a.md", "Write `launchgate" + ":allow` with a reason: " + ALLOW + "RULE reason, or " + ALLOW + "<rule> why.\n")
        self.assertEqual(self.findings(code=0), [])

    def test_by_pointer_in_the_configuration(self):
        self.write("a.json", json.dumps({"x": [{"owner": github(1)}, {"owner": github(2)}]}))
        entry = {"rule": "private-values/github-pat", "path": "a.json", "pointer": "/x/1/owner", "reason": "made up"}
        self.write("launchgate.json", json.dumps({"schemaVersion": 1, "leaks": {"allow": [entry]}}))
        one, = self.findings()
        self.assertEqual(one["pointer"], "/x/0/owner")
        entry["pointer"] = "/x/2/owner"
        self.write("launchgate.json", json.dumps({"schemaVersion": 1, "leaks": {"allow": [entry]}}))
        self.assertEqual([f["rule"] for f in self.findings()].count("leaks/allow"), 1)

    def test_placeholders(self):
        self.write("a.txt", "token: ghp" + "_" + "x" * 36 + "\npassword = \"{password}\"\n")
        self.assertEqual(self.leaks().code, 0)


class Json(LeaksTest):
    def test_a_key_that_names_a_secret(self):
        self.write("a.json", '{"a": {"webhookSecret": "q7-zk2"}, "tokenProvided": true, "apiKeyConfigured": false}')
        one, = self.findings()
        self.assertEqual((one["rule"], one["pointer"]), ("private-values/json-secret-key", "/a/webhookSecret"))
        self.assertNotIn("q7-zk2", self.leaks().out)

    def test_malformed_json_is_scanned_as_text(self):
        self.write("a.json", '{"a": "' + github() + '"')
        self.assertEqual(len(self.findings()), 1)

    def test_public_safe_documents_get_the_stricter_packs(self):
        config = {"schemaVersion": 1, "documents": [{"path": "a.json", "kind": "json", "publicSafe": True}, {"path": "b.json", "kind": "json"}]}
        self.write("launchgate.json", json.dumps(config))
        for name in ("a.json", "b.json"):
            self.write(name, '{"at": "https://gateway.internal-corp.net/livez"}')
        self.assertEqual([(f["rule"].split("/")[0], f["file"]) for f in self.findings()], [("public-safe", "a.json")])
        self.assertEqual(len(self.findings("--public-safe", "a.json", "b.json")), 2)


class Baselines(LeaksTest):
    def setUp(self):
        super().setUp()
        self.write("a.txt", f"one {github(1)}\ntwo {github(2)}\n")
        self.assertEqual(self.leaks("--write-baseline", "known.json", "a.txt").code, 0)

    def test_known_findings_pass_wherever_they_move(self):
        self.write("a.txt", f"\n\n{github(2)} and {github(1)}\n")
        outcome = self.leaks("--baseline", "known.json", "a.txt")
        self.assertEqual(outcome.code, 0, outcome)
        self.assertIn("2 baselined", outcome.out)

    def test_a_new_secret_on_a_known_line_is_found(self):
        self.write("a.txt", f"one {github(1)} {github(3)}\ntwo {github(2)}\n")
        self.assertEqual([f["status"] for f in self.findings("--baseline", "known.json", "a.txt")], ["baselined", "open", "baselined"])

    def test_the_same_value_elsewhere_is_found(self):
        self.write("b.txt", github(1))
        self.assertEqual([f["file"] for f in self.findings("--baseline", "known.json", "a.txt", "b.txt") if f["status"] == "open"], ["b.txt"])

    def test_stale_entries_are_told(self):
        self.write("a.txt", f"one {github(1)}\n")
        rules = [f["rule"] for f in self.findings("--baseline", "known.json", "a.txt", code=0)]
        self.assertEqual(rules, ["private-values/github-pat", "leaks/baseline-stale"])
        os.remove(self.root / "a.txt")
        self.write("b.txt", "fine\n")
        self.assertEqual([f["rule"] for f in self.findings("--baseline", "known.json", code=0)], ["leaks/baseline-stale"] * 2)
        self.assertEqual(self.findings("--baseline", "known.json", "b.txt", code=0), [])

    def test_it_says_nothing_and_stays_the_same(self):
        text = (self.root / "known.json").read_text()
        self.assertNotIn("ghp", text)
        self.leaks("--write-baseline", "known.json", "a.txt")
        self.assertEqual((self.root / "known.json").read_text(), text)
        self.leaks("--write-baseline", "other.json", "a.txt")
        self.assertNotEqual(json.loads((self.root / "other.json").read_text())["salt"], json.loads(text)["salt"])

    def test_a_broken_baseline_is_exit_2(self):
        for text in ("{", '{"schemaVersion": 1, "salt": "short"}', '{"schemaVersion": 1, "salt": "' + "0" * 32 + '", "entires": []}'):
            self.write("known.json", text)
            outcome = self.leaks("--baseline", "known.json", "a.txt")
            self.assertEqual(outcome.code, 2, outcome)
            self.assertIn("known.json:1:", outcome.err)
        self.assertEqual(self.leaks("--baseline", "missing.json", "a.txt").code, 3)


class ForeignRules(LeaksTest):
    def config(self, text):
        self.write("g.toml", text)
        return ["--gitleaks-config", "g.toml", "a.txt"]

    def test_rules_run_on_this_engine(self):
        self.write("a.txt", "acme_1234567890 acme_1111111111\nnone\nACME code zzz-42\n")
        arguments = self.config('[[rules]]\nid = "acme"\ndescription = "Acme token"\nregex = \'\'\'acme_([0-9]{10})\'\'\'\n'
                                'entropy = 2.0\nkeywords = ["acme_"]\n'
                                '[[rules]]\nid = "code"\nregex = "code (?<it>[a-z]+)-[0-9]+"\nkeywords = ["acme"]\n'
                                '[[rules.allowlists]]\nregexTarget = "line"\nregexes = ["never"]\n')
        found = self.findings(*arguments)
        self.assertEqual([(f["rule"], f["line"], f["column"]) for f in found], [("gitleaks/acme", 1, 6), ("gitleaks/code", 3, 11)])

    def test_allowlists(self):
        self.write("a.txt", "k_aaa1 k_bbb2 k_ccc3\nk_ddd4 harmless\n")
        arguments = self.config('[[rules]]\nid = "k"\nregex = "k_[a-z0-9]+"\n[rules.allowlist]\nstopwords = ["AAA"]\n'
                                '[allowlist]\nregexTarget = "line"\nregexes = ["harmless"]\n'
                                '[[allowlists]]\ncondition = "AND"\nregexes = ["bbb"]\npaths = ["b.txt"]\n'
                                '[[allowlists]]\ntargetRules = ["other"]\nregexes = ["ccc"]\n')
        self.assertEqual([f["column"] for f in self.findings(*arguments)], [8, 15])

    def test_paths_and_path_rules(self):
        self.write("a.txt", "secretword\n")
        self.write("b.md", "secretword\n")
        self.config('[[rules]]\nid = "w"\nregex = "secretword"\npath = ".*[.]md$"\n[[rules]]\nid = "p"\npath = "a[.]txt"\n')
        self.assertEqual([(f["rule"], f["file"]) for f in self.findings("--gitleaks-config", "g.toml", "a.txt", "b.md")],
                         [("gitleaks/p", "a.txt"), ("gitleaks/w", "b.md")])

    def test_extending_the_default_keeps_the_packs(self):
        self.write("a.txt", github() + " " + npm() + "\n")
        arguments = self.config('[extend]\nuseDefault = true\ndisabledRules = ["github-pat"]\n')
        self.assertEqual([f["rule"] for f in self.findings(*arguments)], ["private-values/npm-token"])
        arguments = self.config('[[rules]]\nid = "w"\nregex = "word"\n')
        self.assertEqual(self.leaks(*arguments).code, 0)

    def test_what_cannot_be_expressed_is_told_with_its_line(self):
        self.write("a.txt", "x\n")
        for text, line in (('[[rules]]\nid = "a"\nregex = "(?=x)"\n', 3), ('[[rules]]\nid = "a"\nregex = "x"\n[rules.allowlist]\ncommits = ["abc"]\n', 5),
                           ('[[rules]]\nid = "a"\n', 1), ('[[rules]]\nid = "a"\nregx = "x"\n', 3), ("[[rules\n", 1), ("[extend]\nurl = \"x\"\n", 2)):
            outcome = self.leaks(*self.config(text))
            self.assertEqual(outcome.code, 2, (text, outcome))
            self.assertIn(f"g.toml:{line}:", outcome.err)


class OwnPacks(LeaksTest):
    def test_a_pattern_that_re2_refuses_is_told_at_once(self):
        rule = {"id": "a", "kind": "secret", "severity": "error", "message": "m", "help": "h", "pattern": "key_(?=x)", "keywords": ["key_"],
                "examples": {"match": ["a", "b"], "pass": ["c", "d"]}}
        self.write("own.json", json.dumps({"schemaVersion": 1, "pack": "own", "title": "t", "description": "d", "rules": [rule]}))
        self.write("launchgate.json", '{"schemaVersion": 1, "leaks": {"packs": ["own.json"]}}')
        self.write("a.txt", "nothing\n")
        outcome = self.leaks("a.txt")
        self.assertEqual(outcome.code, 2, outcome)
        self.assertRegex(outcome.err, r"own.json:1:\d+: not a regular expression that RE2 accepts")


class NothingLeaks(LeaksTest):
    """A secret is planted in every way there is; nothing that the tool writes may hold a part of it."""

    def test_no_output_holds_a_secret(self):
        self.git("init", "-q")
        token = github(77)
        sentinel = token[8:]
        self.write("plain.txt", f"{token} twice {token} and x{token}\n")
        self.write("base64.txt", in_base64("value " + token))
        self.write("percent.txt", "https://x.example/?t=" + in_percent(token))
        self.write("key.json", json.dumps({"password": sentinel, "ghp": token, "url": f"postgres://u:{sentinel}@db.corp.net/x"}))
        self.write("config.yml", f"password: \"{sentinel}\"\nsecret_key = '{sentinel}'\nAuthorization: Bearer {sentinel}\n")
        self.write("broken.json", '{"password": "' + sentinel + '", ')
        self.write(token + ".txt", "x")
        os.symlink("to/" + token, self.root / "link")
        self.write("allow.txt", f"{token} # {ALLOW}github-pat\n# {ALLOW}no-such-rule {sentinel}\n")
        self.git("add", "-A")
        encoded = in_base64("value " + token)
        parts = [sentinel[i:i + 8] for i in range(len(sentinel) - 7)] + [encoded[i:i + 12] for i in range(8, len(encoded) - 16)]
        wrote = []
        for mode in ([], ["--staged"], ["--fail-on", "note", "--color", "always"], ["--write-baseline", str(self.scratch / "known.json")], ["--explain", "private-values/github-pat"]):
            for output in ("text", "json", "sarif", "junit", "github", "gitlab"):
                target = self.scratch / "out"
                outcome = self.leaks(*mode, "--format", f"{output}={target}", "--format", "text")
                self.assertIn(outcome.code, (0, 1), outcome)
                wrote += [outcome.out, outcome.err]
                if target.exists():
                    wrote.append(target.read_text())
        wrote.append((self.scratch / "known.json").read_text())
        outcome = self.leaks("--gitleaks-config", "plain.txt")
        wrote += [outcome.out, outcome.err]
        for text in wrote:
            for part in parts:
                at = text.find(part)
                self.assertEqual(at, -1, text[max(0, at - 300):at + 60])
        self.assertGreater(sum(map(len, wrote)), 20_000)


class Messages(LeaksTest):
    def test_what_where_why_how(self):
        self.write("a.txt", f"owner: {github()}\n")
        outcome = self.leaks()
        lines = outcome.out.splitlines()
        self.assertEqual(lines[0], "a.txt:1:8: error: GitHub personal access token, 40 characters, \"ghp" + "_…\" [private-values/github-pat]")
        self.assertEqual(lines[1], "    1 | owner: ghp" + "_" + "*" * 36)
        self.assertEqual(lines[2], "      |        ^" + "~" * 39)
        for part in ("revoke it", ALLOW + "github-pat REASON", "launchgate explain private-values/github-pat"):
            self.assertIn(part, lines[3])

    def test_list_and_explain(self):
        outcome = self.leaks("--list-rules")
        self.assertIn("private-values/github-pat", outcome.out)
        self.assertIn("leaks/allow", outcome.out)
        self.assertEqual(self.leaks("--explain", "private-values/github-pat").code, 0)
        outcome = self.leaks("--explain", "private-values/github-pta")
        self.assertEqual(outcome.code, 2)
        self.assertIn("did you mean", outcome.err)

    def test_the_run_is_counted(self):
        self.write("a.txt", "fine\n")
        self.assertRegex(self.leaks().out, r"^0 errors, 0 warnings · 1 document, \d+ rules, 0 waived, 0 skipped · root .+\n$")


if __name__ == "__main__":
    unittest.main()
