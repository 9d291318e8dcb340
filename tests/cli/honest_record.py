"""An honest private record of the sample product in a folder of its own, for blocks of documents: honest_record.py FOLDER. The executables are in PATH."""

import os
import pathlib
import shutil
import sys

os.environ.setdefault("LAUNCHGATE_SOURCE", str(pathlib.Path(__file__).resolve().parents[2]))
os.environ.setdefault("LAUNCHGATE_BIN", str(pathlib.Path(shutil.which("launchgate")).parent))

import evidence  # noqa: E402, which reads the variables


def main(folder):
    maker = evidence.EvidenceTest("make_record")
    maker.setUp()
    try:
        shutil.copytree(maker.operations, folder)
    finally:
        maker.doCleanups()
        evidence.EvidenceTest.tearDownClass()


main(sys.argv[1])
