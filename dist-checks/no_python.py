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
            bare = f"an empty PATH and environment{' but for '.join(['', *LEFT])}"
            return f"runs with {bare}; no strace here to watch what it opens"
        watch = ("strace", "-f", "-qq", "-e", "trace=open,openat,execve,readlink")
        command = [*watch, binary, "--format", "json", folder]
        trace = subprocess.run(command, env={}, capture_output=True, text=True, errors="replace").stderr
    own = (str(binary), "_MEI", "/onefile_", "ENOENT")  # its own name, where it unpacks itself, and what is not there
    pythons = [line for line in trace.splitlines() if "/python3" in line or "site-packages" in line]
    opened = [line for line in pythons if not any(word in line for word in own)]
    require(not opened, f"it opened {opened[:1]}")
    return "runs with an empty environment and PATH; of the files it opens none is a Python's"


main(check)
