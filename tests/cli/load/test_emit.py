"""What runs a plan on a job engine: a manifest that its API takes, a script that its shell runs, and nothing private in either."""

import json
import os
import pathlib
import re
import subprocess
import unittest

import support
from standin import DIGESTS, LoadTest

SCHEMA = support.SOURCE / "tests/cli/load/kubernetes-jobs.schema.json"
URLS = ["--cloud-url", "https://user:hunter2@cloud.fleet-operations.net/?key=hunter2", "--gateway-url", "https://gateway.fleet-operations.net"]


class Emit(LoadTest):
    def emit(self, engine, *arguments, code=0):
        token = self.scratch / "token"
        token.write_text("a" + "1b2" * 9)
        done = self.load(None, "--emit", engine, "--profile", "enterprise-scale", "--strict", "--include-mutations", "--include-sse", "--operator", *URLS, *DIGESTS,
                         "--cloud-token-file", str(token), "--gateway-admin-token-file", str(token), *arguments)
        self.assertEqual(done.code, code, done)
        if code:
            return done.err
        text = pathlib.Path(done.json()["path"]).read_text(encoding="utf-8")
        for private in ("hunter2", token.read_text(), str(self.scratch)):
            self.assertNotIn(private, text)
        return text

    def documents(self, *arguments):
        yaml, jsonschema = support.library(self, "yaml"), support.library(self, "jsonschema")
        documents = list(yaml.safe_load_all(self.emit("kubernetes", *arguments)))
        schema = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text()))
        for one in documents:
            self.assertEqual([f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in schema.iter_errors(one)], [], one["kind"])
        return documents

    def test_a_manifest_is_what_the_api_takes(self):
        inputs, claim, segments, merge = self.documents("--segments", "3", "--start-at", "1900000000")
        self.assertEqual([inputs["kind"], claim["kind"], segments["kind"], merge["kind"]], ["ConfigMap", "PersistentVolumeClaim", "Job", "Job"])
        # To the byte, so that the reports name the digests of the committed documents.
        self.assertEqual(inputs["data"]["targets.json"], self.read("deploy/load/launch-readiness-targets.json"))
        json.loads(inputs["data"]["operations.json"])
        spec = segments["spec"]
        self.assertEqual((spec["completionMode"], spec["completions"], spec["parallelism"], spec["backoffLimit"]), ("Indexed", 3, 3, 0))
        [container] = spec["template"]["spec"]["containers"]
        self.assertIn("--segments=3", container["args"])
        self.assertIn("--start-at=2030-03-17T17:46:40.000Z", container["args"])
        self.assertIn("--cloud-url=https://cloud.fleet-operations.net", [one.rstrip("/") for one in container["args"]])
        self.assertIn("--cloud-token-file=/tokens/cloud-token", container["args"])
        self.assertEqual(spec["template"]["spec"]["securityContext"]["runAsUser"], 65532)
        self.assertTrue(merge["spec"]["suspend"])
        # A segment takes the arguments that it is given.
        folder = self.scratch / "pod"
        folder.mkdir()
        for name, text in inputs["data"].items():
            (folder / name).write_text(text, encoding="utf-8")
        arguments = [one.replace("/inputs", str(folder)).replace("/tokens/", str(self.scratch) + "/token#").split("#")[0] for one in container["args"]]
        arguments = [one for one in arguments if not one.startswith(("--output-dir", "--start-at"))]
        planned = support.run("launchgate-load", *arguments, "--plan", "--output-dir", folder, cwd=folder, env={"JOB_COMPLETION_INDEX": "2"})
        self.assertEqual(planned.code, 0, planned)

    def test_as_many_segments_as_the_plan_needs(self):
        self.assertEqual(self.documents()[2]["spec"]["completions"], 1)
        self.assertEqual(self.documents("--request-rate", "45000")[2]["spec"]["completions"], 5)

    def test_a_script_submits_an_array_and_a_merge(self):
        script = self.scratch / "job.sh"
        script.write_text(self.emit("slurm", "--segments", "4", "--byok-provider", "openai"))
        # A scheduler that notes what it is asked and runs it.
        tools = self.scratch / "tools"
        tools.mkdir()
        (tools / "sbatch").write_text('#!/bin/sh\nprintf "%s\\n" "$*" >> "$NOTES"\necho 17\n')
        (tools / "sbatch").chmod(0o755)
        shared = self.scratch / "with blank"
        shared.mkdir()
        notes = self.scratch / "notes"
        environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "NOTES": str(notes), "LAUNCHGATE": str(support.BIN / "launchgate-load")}
        run = lambda: subprocess.run(["sh", str(script), str(shared)], env=environment, capture_output=True, text=True, check=False)
        refused = run()
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("LAUNCHGATE_LOAD_CLOUD_TOKEN_FILE: names the file of the cloud-token", refused.stderr)
        for name in ("CLOUD_TOKEN", "GATEWAY_ADMIN_TOKEN"):
            environment[f"LAUNCHGATE_LOAD_{name}_FILE"] = str(self.scratch / "token")
        done = run()
        self.assertEqual(done.returncode, 0, done.stderr)
        array, merge = notes.read_text().splitlines()
        self.assertIn("--array=1-4 --no-requeue", array)
        self.assertIn("--dependency=afterany:17", merge)
        [folder] = shared.iterdir()
        self.assertEqual((folder / "targets.json").read_text(), self.read("deploy/load/launch-readiness-targets.json"))
        # What a node runs is a segment.
        words = array[array.index("segment.sh") + len("segment.sh"):].split()
        planned = subprocess.run(["sh", str(folder / "segment.sh"), *words, "--plan"], capture_output=True, text=True, check=False,
                                 env={**environment, "SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_MIN": "1"})
        self.assertEqual(planned.returncode, 0, planned.stderr)
        self.assertEqual(json.loads(planned.stdout)["mode"], "plan")

    def test_a_private_value_is_refused(self):
        secret = "ghp" + "_" + "".join("abcdefghij0123456789KLMNOPQRSTUVWXYZ"[(7 * i) % 36] for i in range(36))
        self.assertIn("looks like a private value, which would be in the file for all to read", self.emit("slurm", "--agent", secret, code=2))


if __name__ == "__main__":
    unittest.main()
