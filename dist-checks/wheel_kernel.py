#!/usr/bin/env python3
"""The kernel that goes into the wheel beside this binary: this Python loads it, and what it scans it reports as the binary does."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from _check import ROOT, Skipped, expect, kind_of, main, require
from targets import PROGRAMS, kernel_of, native_triple

TELLS = (
    "import complexity_guard as cg, complexity_guard_kernel as kernel; print(kernel.__file__, cg.is_current(kernel))"
)
CORPUS = ("-f", "csv", "--no-cache", "--fail-on", "none", "tests/corpus")


def check(binary: Path) -> str:
    kind = kind_of(binary)
    if not kind.is_released:
        raise Skipped("wheels hold what is released")
    kernel = binary.with_name(kernel_of(kind.triple).name)
    if not kernel.exists():
        raise Skipped(f"none is built: build/freeze_kernel.py {kind.triple}")
    if kind.triple != native_triple() or sys.implementation.name != "cpython":
        return f"{kernel.stat().st_size:,} bytes; no CPython of its system here to load it"
    with tempfile.TemporaryDirectory(prefix="wheel-") as folder:
        for file in (kernel, PROGRAMS[0]):
            shutil.copy(file, folder)
        loaded = asked(folder, "-c", TELLS).decode().strip()
        require(loaded == f"{Path(folder, kernel.name)} True", f"it is not the one that is loaded: {loaded}")
        said = asked(folder, "-m", PROGRAMS[0].stem, *CORPUS)
    require(said == expect(0, binary, *CORPUS, cwd=ROOT), "it reports otherwise than the binary")
    version = ".".join(map(str, sys.version_info[:2]))
    return f"{kernel.stat().st_size:,} bytes; under Python {version} {len(said):,} bytes of reports are those of the binary"


def asked(folder: str, *arguments: str) -> bytes:
    """Of this Python, without any other kernel that it may have."""
    alone = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-P", "-S", *arguments], cwd=ROOT, env=alone, capture_output=True)
    require(done.returncode == 0, f"exit {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}")
    return done.stdout


main(check)
