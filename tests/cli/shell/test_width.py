"""Help and findings on a terminal of 80 columns, and help without one."""
import fcntl
import os
import pty
import struct
import subprocess
import termios
import unittest

from support import BIN, RepositoryTest, run

TOOLS = sorted(path.name for path in BIN.glob("launchgate*") if "." not in path.name)


def on_terminal(arguments, cwd, columns=80):
    """What a program prints on a terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    program = subprocess.Popen(arguments, cwd=cwd, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env={**os.environ, "NO_COLOR": "1"})
    os.close(theirs)
    text = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        text += part
    program.wait()
    os.close(ours)
    return text.decode().replace("\r\n", "\n")


class Width(RepositoryTest):
    def test_help_wraps_at_words(self):
        for tool in TOOLS:
            for columns in (80, 100):
                with self.subTest(tool, columns=columns):
                    text = on_terminal([BIN / tool, "--help"], self.root) if columns == 80 else run(tool, "--help", cwd=self.root).out
                    self.assertIn("Options:", text)
                    for line in text.splitlines():
                        self.assertTrue(len(line) <= columns or " " not in line.strip() or line.startswith(("Usage:", "  -")), line)

    def test_findings_and_remedies_wrap_at_words(self):
        self.replace("deploy/load/launch-readiness-targets.json", '"p95ReadLatencyMs"', '"p95ReadLatencyMS"')
        self.replace("deploy/load/launch-evidence-matrix.json", "pnpm deploy:gateway:smoke", "pnpm deploy:gatewya:smoke")
        text = on_terminal([BIN / "launchgate", "check"], self.root)
        self.assertIn("did you mean", text)
        for line in text.splitlines():
            excerpt = " | " in line[:9]
            self.assertTrue(len(line) <= 80 or excerpt or " " not in line.strip(), line)
        without = run("launchgate", "check", cwd=self.root).out
        self.assertEqual(" ".join(text.split(" · ")[0].split()), " ".join(without.split(" · ")[0].split()))


if __name__ == "__main__":
    unittest.main()
