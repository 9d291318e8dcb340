"""No secret leaves launchgate-load: neither its own tokens nor what a server plants in its answers, whatever file, stream or process list one reads."""

import json
import os
import pathlib
import subprocess
import unittest

import support
from standin import DIGESTS, EVERYTHING, LoadTest, Standin

SHORT = ["--duration-ms", "1500", "--concurrency", "8", "--request-rate", "80", "--profile", "private-beta"]
# Built from parts, so that no scanner takes this file for a leak.
PLANTED = ["ghp" + "_" + "a8Zq83hd7Gk2mW9xTt41bV5nC6rLpQ0sEyJf", "AKIA" + "Q7ZP3MWX9T4RLB2V", "sk-" + "planted-Zq83hd7Gk2mW9xTt41bV5nC6rL",
           "postgres" + "://app:Vt7kQ2mZx9@db.internal.example:5432/main"]


class Secrets(LoadTest):
    def assert_clean(self, texts, secrets):
        for text in texts:
            for secret in secrets:
                self.assertNotIn(secret, text)
                # Nor a part that is long enough to be of use.
                self.assertNotIn(secret[8:28], text)

    def everything(self, done):
        files = [path.read_text(errors="replace") for path in self.out.rglob("*") if path.is_file()]
        self.assertGreaterEqual(len(files), 3)
        return [done.out, done.err, *files]

    def test_what_a_server_plants_everywhere(self):
        def run(number):
            planted = PLANTED[number]
            standin = Standin(self, "--fault", f"plant:text={planted}", "--broadcast", "20")
            done = self.load(standin, *SHORT, *EVERYTHING)
            self.assertEqual(self.judged(done)[1], [], done)
            self.assert_clean(self.everything(done), [planted, *standin.ready["tokens"].values()])

        self.together(range(len(PLANTED)), run)

    def test_what_an_error_says(self):
        def run(number):
            planted = PLANTED[number]
            standin = Standin(self, "--faults", self.error_file(number, planted))
            done = self.load(standin, *SHORT, *EVERYTHING)
            # The error itself is told.
            self.assertIn("answered 500", self.report(done)["summary"]["operations"]["cloud-thread-list"]["sampleErrors"][0])
            self.assert_clean(self.everything(done), [planted, *standin.ready["tokens"].values()])

        self.together(range(len(PLANTED)), run)

    def error_file(self, number, planted):
        path = self.scratch / f"faults-{number}.json"
        path.write_text(json.dumps([{"kind": "error", "route": "cloud-thread-list", "status": 500, "message": f"cannot use {planted} for you"},
                                    {"kind": "error", "route": "cloud-byok-status", "status": 429, "code": planted, "message": "no"},
                                    {"kind": "error", "route": "cloud-session-create", "status": 503, "message": "Authorization: Bearer " + planted}]))
        return str(path)

    def test_its_own_tokens_and_urls(self):
        standin = Standin(self)
        url = standin.ready["services"]["cloud"].replace("http://", "http://someone:hunter2pass@") + "?key=q8Zt7"
        done = self.load(standin, *SHORT, "--cloud-url", url, "--plan", *EVERYTHING)
        self.assertIn(done.code, (0, 2), done)
        for text in [done.out, done.err, *(path.read_text() for path in self.out.rglob("*") if path.is_file())]:
            self.assertNotIn("hunter2pass", text)
            self.assertNotIn("q8Zt7", text)

    def test_a_token_that_is_echoed(self):
        standin = Standin(self)
        token = standin.ready["tokens"]["operator"]
        standin.control("faults", "POST", {"kind": "error", "route": "cloud-thread-list", "status": 400, "message": "the token " + token + " may not"})
        done = self.load(standin, *SHORT, *EVERYTHING)
        self.assertEqual(done.code, 1, done)
        self.assert_clean(self.everything(done), [token])
        self.assertIn("answered 400", self.report(done)["summary"]["operations"]["cloud-thread-list"]["sampleErrors"][0])

    def test_evidence_metadata(self):
        standin = Standin(self)
        done = self.load(standin, *SHORT, "--commit-sha", PLANTED[0], "--cloud-image-digest", "x " + PLANTED[1])
        report = self.report(done)
        self.assertEqual(report["evidence"]["commitSha"], "redacted-private-value")
        self.assertEqual(report["evidence"]["imageDigests"]["cloud"], "redacted-private-value")
        self.assert_clean(self.everything(done), PLANTED)
        done = self.load(standin, *SHORT, *DIGESTS)
        self.assertEqual(self.report(done)["evidence"]["commitSha"], DIGESTS[-1])
        self.assertEqual(self.report(done)["evidence"]["imageDigests"]["cloud"], DIGESTS[1])
        self.assertTrue(self.report(done)["targets"]["cloudUrl"].startswith("http://127.0.0.1:"))

    def test_the_process_list(self):
        standin = Standin(self)
        token = standin.ready["tokens"]["operator"]
        file = self.scratch / "token"
        file.write_text(token + "\n")
        plain = {key: value for key, value in os.environ.items() if not key.startswith(("LAUNCHGATE_", "OPEN_COWORK_"))}
        base = [str(support.BIN / "launchgate-load"), "--output-dir", str(self.out), "--duration-ms", "1500", "--skip-gateway", "--cloud-url", standin.ready["services"]["cloud"]]
        for arguments, variables in ((["--cloud-token-file", str(file)], {}), ([], {"OPEN_COWORK_LOAD_CLOUD_TOKEN": token})):
            process = subprocess.Popen([*base, *arguments], cwd=self.root, env={**plain, **variables}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            listed = support.until(pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes).decode()
            out, said = process.communicate(timeout=support.DEADLINE)
            self.assertIn("launchgate-load", listed)
            self.assertNotIn(token, listed + out.decode() + said.decode())
            self.assertNotIn("visible", said.decode())
        done = self.load(None, "--skip-gateway", "--cloud-url", standin.ready["services"]["cloud"], "--cloud-token", token, "--duration-ms", "300")
        self.assertIn("--cloud-token is visible to every user in the process list", done.err)

    def test_a_token_file_that_is_no_good(self):
        for text in ("", "\n", "two words\n", "line\nbreak\n", "\x00x"):
            with self.subTest(text):
                file = self.scratch / "token"
                file.write_text(text)
                self.assertEqual(self.load(None, "--cloud-token-file", file).code, 2)
        self.assertEqual(self.load(None, "--cloud-token-file", self.scratch / "absent").code, 3)


if __name__ == "__main__":
    unittest.main()
