"""One run in several processes: each makes its share, the parts are merged into one verdict."""

import collections
import json
import os
import signal
import subprocess
import time
import unittest

import support
from standin import DIGESTS, EVERYTHING, LoadTest, Standin

RUN = ["--profile", "private-beta", "--duration-ms", "4000", *EVERYTHING]


def histogram(encoded):
    """Counts by bucket, of [first bucket, count, distance to the next used bucket, count, …]."""
    out, bucket = collections.Counter(), 0
    numbers = encoded.get("h", [])
    for i in range(0, len(numbers), 2):
        bucket += numbers[i]
        out[bucket] += numbers[i + 1]
    return out


class SegmentTest(LoadTest):
    def setUp(self):
        super().setUp()
        self.parts = self.scratch / "parts"

    def start(self, standin, *arguments, env=None, parts=None):
        variables = {**os.environ, **standin.environment, **(env or {})}
        return subprocess.Popen([str(support.BIN / "launchgate-load"), *RUN, "--output-dir", str(parts or self.parts), *arguments],
                                cwd=self.root, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def finish(self, process, code=0):
        out, err = process.communicate(timeout=support.DEADLINE)
        self.assertEqual(process.returncode, code, err.decode())
        return out.decode(), err.decode()

    def merge(self, *arguments, into=None):
        return self.tool("launchgate-load", "--merge", *arguments, "--output-dir", into or self.scratch / "merged")

    def refused(self, *arguments):
        done = self.merge(*arguments)
        self.assertEqual((done.code, done.out), (3, ""), done)
        return done.err

    def part(self, segment, parts=None):
        [path] = (parts or self.parts).glob(f"*-segment-{segment}-of-*.part.json")
        return path


def planned(report):
    """What was asked for of each operation: what was sent, and what this machine was too busy to send. Ids are of the process that made them, so that the requests
    which prepare others are each process's own."""
    unsent = report["generator"]["unsentByOperation"]
    return {name: one["count"] + unsent.get(name, 0) for name, one in report["summary"]["operations"].items() if not name.endswith("-setup")}


class Equal(SegmentTest):
    def test_segments_are_the_whole(self):
        """Operation by operation as a single run, and the histograms are those of the parts, bucket by bucket."""
        single = self.report(self.load(Standin(self), *RUN))

        def run(count):
            standin, parts, into = Standin(self), self.scratch / f"parts-{count}", self.scratch / f"merged-{count}"
            begin = str(int(time.time()) + 8)
            running = [self.start(standin, "--strict", "--segment", f"{i}/{count}", "--start-at", begin, parts=parts) for i in range(1, count + 1)]
            for one in running:
                self.finish(one)
            done = self.merge(parts, into=into)
            merged = self.report(done)
            # A machine that is very busy begins late, which is told.
            failed = [name for name in self.judged(done)[1] if not name.startswith("strict-warning-late-start-")]
            self.assertEqual(failed, [], done)
            self.assertEqual(planned(merged), planned(single), count)
            self.assertEqual(merged["streams"]["target"], single["streams"]["target"])
            self.assertEqual([one["state"] for one in merged["segments"]], ["measured"] * count)
            wanted, counts = collections.defaultdict(collections.Counter), collections.Counter()
            for segment in range(1, count + 1):
                for name, one in json.loads(self.part(segment, parts).read_text())["measured"]["operations"].items():
                    wanted[name] += histogram(one.get("response", {}))
                    counts[name] += one["count"]
            [timeline] = into.glob("*-timeline.jsonl")
            for name, one in json.loads(timeline.read_text().splitlines()[1])["operations"].items():
                self.assertEqual(histogram(one.get("response", {})), wanted[name], (count, name))
                self.assertEqual(one["count"], counts[name], (count, name))
            page = self.tool("launchgate-load", "--report-from", timeline)
            self.assertEqual(page.code, 0, page)

        self.together([1, 2, 3, 7], run)


class Jobs(SegmentTest):
    def test_a_job_names_its_segments(self):
        standin = Standin(self)
        indexed = [self.start(standin, "--segments", "2", env={"JOB_COMPLETION_INDEX": str(i)}) for i in range(2)]
        for i, one in enumerate(indexed):
            self.assertEqual(json.loads(self.finish(one)[0])["segment"], i + 1)
        self.assertEqual(self.judged(self.merge(self.parts))[1], [])
        array = self.start(standin, "--segments", "2", "--plan", env={"SLURM_ARRAY_TASK_ID": "6", "SLURM_ARRAY_TASK_MIN": "5"})
        self.finish(array)

    def test_what_cannot_be_a_segment_is_told(self):
        for arguments, env, message in (
                (["--segment", "3/2"], {}, "launchgate-load: error: --segment \"3/2\" is no I/N; I from 1 to N, N at most 10000: --segment 1/4\n"),
                (["--segment", "1/2", "--segments", "3"], {}, "launchgate-load: error: --segment 1/2 and --segments 3 do not agree; give one of them\n"),
                (["--segments", "3"], {}, "launchgate-load: error: --segments is there, and nothing says which of them this is; give --segment I/N, or run it as an "
                                          "Indexed Job or an array, which set JOB_COMPLETION_INDEX or SLURM_ARRAY_TASK_ID\n"),
                (["--segments", "3"], {"JOB_COMPLETION_INDEX": "3"}, "launchgate-load: error: JOB_COMPLETION_INDEX names task 3, counted from 0, and --segments says 3; "
                                                                     "give as many --segments as the job has tasks\n"),
                (["--start-at", "noon"], {}, "launchgate-load: error: --start-at \"noon\" is no time; give 2026-01-01T00:00:00Z, or seconds since 1970: $(($(date +%s) + 60))\n"),
                (["--allow-missing"], {}, "launchgate-load: error: --allow-missing goes with --merge\n"),
                (["--merge"], {}, "launchgate-load: error: --merge names no segment; launchgate-load --merge PART… or --merge FOLDER\n")):
            done = self.load(None, *arguments, env=env)
            self.assertEqual((done.code, done.err), (2, message), done)


class Lost(SegmentTest):
    def test_a_killed_segment_is_recovered_and_a_missing_one_is_named(self):
        standin = Standin(self)
        running = [self.start(standin, "--segment", f"{i}/3") for i in (1, 2, 3)]
        support.until(lambda: any(len(path.read_text().splitlines()) >= 3 for path in self.parts.glob("*-segment-2-of-3-timeline.jsonl")))
        running[1].send_signal(signal.SIGKILL)
        running[1].communicate()
        for one in (running[0], running[2]):
            self.finish(one)
        done = self.merge(self.parts)
        self.assertEqual(done.code, 1, done)
        self.assertRegex(done.err, r"launchgate-load: segment 2 has no part and is recovered from .*-segment-2-of-3-timeline.jsonl\n")
        report = self.report(done)
        self.assertEqual([one["state"] for one in report["segments"]], ["measured", "recovered", "measured"])
        self.assertIn("run-completed", done.json()["failedChecks"])
        # Without it the merge says what is missing, and with leave it makes a report that is no-go.
        parts = [self.part(1), self.part(3)]
        self.assertEqual(self.refused(*parts), f"launchgate-load: error: {parts[0]}: of 3 segments one is missing: 2; give their parts or timelines, or --allow-missing for a no-go report of "
                                      "the others\n")
        lenient = self.merge(*parts, "--allow-missing")
        self.assertIn("segments-complete: of 3 segments one is missing: 2; what is shown is what the others measured", lenient.err)
        self.assertEqual((lenient.json()["result"], lenient.code), ("no-go", 1))
        # A timeline of a segment is no report by itself.
        [timeline] = self.parts.glob("*-segment-2-of-3-timeline.jsonl")
        alone = self.load(None, "--recover", str(timeline))
        self.assertEqual((alone.code, alone.err), (2, f"launchgate-load: error: {timeline}: it is of segment 2 of 3, which is judged with the others; give it to --merge with the parts "
                                                      "of the others\n"))

    def test_what_does_not_belong_together_is_refused(self):
        standin = Standin(self)
        running = [self.start(standin, "--segment", "1/2"), self.start(standin, "--segment", "2/2", "--request-rate", "7")]
        for one in running:
            self.finish(one)
        self.assertEqual(self.refused(self.part(1), self.part(2)), f"launchgate-load: error: {self.part(2)}: its plan is not that of {self.part(1)}; give all segments the same options\n")
        self.assertEqual(self.refused(self.part(1), self.part(1)), f"launchgate-load: error: {self.part(1)}: segment 1 of 2 is in {self.part(1)}, too; give each segment once\n")
        odd = self.root / "odd.part.json"
        for text, said in (("", "odd.part.json"), ("{}", "not the part of a segment"), ("[" * 100000, "odd.part.json"), (self.part(1).read_text()[:-9], "odd.part.json")):
            odd.write_text(text)
            self.assertIn(said, self.refused(odd))


if __name__ == "__main__":
    unittest.main()
