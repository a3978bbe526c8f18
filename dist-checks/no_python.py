#!/usr/bin/env python3
"""It needs no Python of the machine: an empty environment, an empty PATH, and no file of any Python opened."""
import os
import shutil
import subprocess
from pathlib import Path

from _check import emulator, expect, main, project, require

# No process of Windows starts without the first, and none finds a place to unpack itself without the second.
LEFT = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ} if os.name == "nt" else {}


def check(binary: Path) -> str:
    with project() as folder:
        report = expect(0, binary, "--format", "json", folder, env=LEFT)
        require(b'"functions"' in report, "the report has no functions")
        if emulator(binary) or not shutil.which("strace"):
            return f"runs with an empty PATH and environment{' but for '.join(['', *LEFT])}; no strace here to watch what it opens"
        trace = subprocess.run(["strace", "-f", "-qq", "-e", "trace=open,openat,execve,readlink", binary, "--format", "json", folder],
                               env={}, capture_output=True, text=True, errors="replace").stderr
    opened = [line for line in trace.splitlines() if "ENOENT" not in line and ("/python3" in line or "site-packages" in line)
              and str(binary) not in line and "_MEI" not in line and "/onefile_" not in line]
    require(not opened, f"it opened {opened[:1]}")
    return "runs with an empty environment and PATH; of the files it opens none is a Python's"


main(check)
