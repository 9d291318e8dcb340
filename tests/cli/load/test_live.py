"""A run as it goes: the dashboard on a terminal, the page that refreshes itself, OpenMetrics text."""

import os
import pty
import re
import subprocess
import threading
import unittest

import standin
import support

SAMPLE = re.compile(r'^([a-z_]+)\{((?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\} (-?[0-9.e+-]+)$')


def families(test, text):
    """By the rules of OpenMetrics 1.0: one block each, TYPE and HELP first, suffixes by type, no sample twice, EOF at the end and nowhere else."""
    test.assertTrue(text.endswith("# EOF\n"))
    found, current, seen = {}, None, set()
    for line in text[:-len("# EOF\n")].splitlines():
        if line.startswith("# "):
            word, name, value = re.fullmatch(r"# (TYPE|UNIT|HELP) ([a-z_]+) (.*)", line).groups()
            if word == "TYPE":
                test.assertNotIn(name, found)
                current = name
                found[name] = (value, [])
            test.assertEqual(name, current)
            if word == "UNIT":
                test.assertTrue(name.endswith("_" + value), name)
            continue
        name, labels, value = SAMPLE.match(line).groups()
        kind = found[current][0]
        suffixes = {"counter": ("_total",), "gauge": ("",), "summary": ("", "_sum", "_count")}[kind]
        test.assertIn(name, [current + suffix for suffix in suffixes])
        test.assertNotIn((name, labels), seen)
        seen.add((name, labels))
        test.assertGreaterEqual(float(value), 0)
        found[current][1].append((name, labels, float(value)))
    return found


class LiveTest(standin.LoadTest):
    def test_a_terminal_shows_a_dashboard_and_keeps_nothing_of_it(self):
        server = standin.Standin(self)
        master, slave = pty.openpty()
        said = b""

        def read():
            nonlocal said
            try:
                while piece := os.read(master, 65536):
                    said += piece
            except OSError:
                pass

        reader = threading.Thread(target=read)
        reader.start()
        variables = {key: value for key, value in os.environ.items() if not key.startswith(("LAUNCHGATE_", "OPEN_COWORK_"))}
        done = subprocess.run([str(support.BIN / "launchgate-load"), "--duration-ms", "2500", "--profile", "local-self-host-beta",
                               "--output-dir", str(self.out), *standin.EVERYTHING],
                              cwd=self.root, env={**variables, **server.environment, "TERM": "xterm"}, stdout=subprocess.PIPE, stderr=slave,
                              timeout=support.DEADLINE, check=False)
        os.close(slave)
        reader.join()
        os.close(master)
        self.assertIn(done.returncode, (0, 1))
        text = said.decode()
        for word in ("read-p95", "fails now", "streams", " left", "in flight"):
            self.assertIn(word, text)
        # What is drawn is as many lines as are gone back over, and the last of it is erased.
        height = len(re.findall(r"\x1b\[K", text.split("\x1b[J")[0]))
        self.assertEqual(set(re.findall(r"\x1b\[(\d+)A", text)), {str(height)})
        after = text.rpartition("A\r\x1b[J")[2]
        self.assertTrue(after.startswith("launchgate-load: "), after)
        self.assertNotIn("\x1b", after)

    def test_files_that_are_replaced_as_it_goes(self):
        server = standin.Standin(self)
        page, metrics = self.scratch / "live.html", self.scratch / "load.prom"
        done = self.load(server, "--duration-ms", "2000", "--profile", "local-self-host-beta", "--live-html", page, "--prometheus-textfile", metrics, *standin.EVERYTHING)
        self.assertIn(done.code, (0, 1), done)
        text = page.read_text()
        self.assertIn(">ENDED<", text)
        self.assertIn("-report.html", text)
        self.assertNotIn('http-equiv="refresh"', text)
        found = families(self, metrics.read_text())
        requests = sum(value for _, _, value in found["launchgate_load_requests"][1])
        self.assertEqual(requests, self.report(done)["run"]["requestCount"])
        self.assertTrue(any('quantile="0.95"' in labels for _, labels, _ in found["launchgate_load_response_seconds"][1]))
        self.assertTrue(any('check="read-p95"' in labels for _, labels, _ in found["launchgate_load_gate_fails"][1]))
        unwritable = self.load(server, "--duration-ms", "1000", "--live-html", self.scratch / "no" / "such.html")
        self.assertEqual(unwritable.code, 3, unwritable)


if __name__ == "__main__":
    unittest.main()
