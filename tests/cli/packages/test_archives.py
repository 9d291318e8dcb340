"""The .tar.gz and the .deb that CPack makes of a release build; nothing is compiled."""

import gzip
import json
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
import unittest

from packages import BUILD, TOOLS
from support import Outcome, need


class Archives(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="launchgate-packages-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.made = (BUILD / "CPackConfig.cmake").exists()
        if not cls.made:
            return
        done = subprocess.run(["cpack", "-G", "TGZ;DEB", "--config", BUILD / "CPackConfig.cmake", "-B", cls.folder,
                               "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip"], cwd=BUILD, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stdout.decode())
        cls.deb = next(cls.folder.glob("*.deb"))
        cls.archive = next(cls.folder.glob("*.tar.gz"))
        subprocess.run(["dpkg-deb", "-x", cls.deb, cls.folder / "deb"], check=True)
        with tarfile.open(cls.archive) as archive:
            archive.extractall(cls.folder / "tar")
        cls.roots = {"deb": cls.folder / "deb/usr", "tar": next((cls.folder / "tar").iterdir())}

    def setUp(self):
        if not self.made:
            self.skipTest("no CPackConfig.cmake beside the executables")

    def test_lintian_has_no_errors(self):
        need(self, "lintian")
        done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error", "--tag-display-limit", "0", self.deb], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              check=False)
        text = done.stdout.decode()
        self.assertEqual(done.returncode, 0, text)
        self.assertNotIn("\nE: ", "\n" + text)
        print("lintian:", len([line for line in text.splitlines() if line.startswith("W: ")]), "warnings")

    def test_both_have_all(self):
        for kind, root in self.roots.items():
            if kind == "tar" and (root / "usr").exists():
                root = root / "usr"
            with self.subTest(kind):
                for tool in TOOLS:
                    done = subprocess.run([root / "bin" / tool, "--version"], stdout=subprocess.PIPE, check=True)
                    self.assertTrue(done.stdout.decode().startswith(tool + " "))
                    self.assertIn(b".TH", gzip.decompress((root / f"share/man/man1/{tool}.1.gz").read_bytes()))
                    for path in (f"share/bash-completion/completions/{tool}", f"share/zsh/vendor-completions/_{tool}", f"share/fish/vendor_completions.d/{tool}.fish"):
                        self.assertIn(tool, (root / path).read_text())
                documents = root / "share/doc/launchgate"
                bill = json.loads((documents / "sbom.spdx.json").read_text())
                self.assertEqual({one["fileName"] for one in bill["files"]}, {f"./bin/{tool}" for tool in TOOLS})
                for one in bill["packages"][1:]:
                    package = one["externalRefs"][0]["referenceLocator"].removeprefix("pkg:deb/debian/").split("@")[0]
                    self.assertTrue((documents / f"licences/{package}.txt").exists(), package)
                for name in ("README.md", "LICENSE", "docs/exit-codes.md"):
                    self.assertTrue((documents / name).exists(), name)

    def test_the_deb_needs_nothing(self):
        done = subprocess.run(["dpkg-deb", "-f", self.deb, "Depends", "Architecture", "Maintainer", "Description"], stdout=subprocess.PIPE, check=True)
        self.assertNotIn("Depends", done.stdout.decode())

    def test_an_unpacked_archive_checks_a_repository(self):
        from support import SOURCE
        root = self.roots["tar"] / "usr" if (self.roots["tar"] / "usr").exists() else self.roots["tar"]
        done = subprocess.run([root / "bin/launchgate", "check", "--root", SOURCE / "fixtures/sample-product"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 0, Outcome(done))


if __name__ == "__main__":
    unittest.main()
