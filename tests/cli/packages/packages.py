"""Builds packages from the executables at hand; nothing is compiled."""

import atexit
import functools
import os
import pathlib
import shutil
import subprocess
import tempfile

from support import BIN, SOURCE

BUILD = BIN.parent
PNPM = SOURCE / "build/deps/pnpm/node_modules/.bin/pnpm"
TOOLS = sorted(path.name for path in BIN.glob("launchgate*") if "." not in path.name)


def clean_environment(home, **more):
    variables = {key: value for key, value in os.environ.items() if not key.startswith(("npm_", "NPM_", "LAUNCHGATE_", "OPEN_COWORK_", "PNPM_"))}
    variables.pop("CI", None)
    variables.update({"HOME": str(home), "npm_config_update_notifier": "false", "npm_config_fund": "false", "npm_config_audit": "false",
                      "npm_config_cache": str(home / "npm"), "COREPACK_ENABLE_STRICT": "0"})
    variables.update(more)
    return variables


@functools.cache
def npm_tarball():
    """Made once for all classes of a test run."""
    folder = tempfile.mkdtemp(prefix="launchgate-tarball-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    done = subprocess.run([SOURCE / "scripts/package-npm", "--bin", BIN, "--output", folder], env=clean_environment(pathlib.Path(folder), PATH=os.environ["PATH"]),
                          stdout=subprocess.PIPE, check=True)
    return pathlib.Path(done.stdout.decode().strip().splitlines()[-1]).resolve()
