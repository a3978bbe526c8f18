#!/usr/bin/env python3
"""How long `--version` and one small file take, warm, beside a C program that does nothing, in the same run."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from _check import CLEAN, emulator, kind_of, main, project, require, timed

# Milliseconds of CPU allowed for (--version, one small file) in the best run: CPU and not wall time, because a busy
# machine would fail the check for its own sake. The median wall time is what is told. Unpacking at each start is the
# nature of onefile binaries.
LIMITS = {"static": (15, 50), "onefile": (500, 1000), "emulated": (1000, 4000)}
RUNS = 21


def check(binary: Path) -> str:
    how = emulator(binary)
    kind = "emulated" if how else "static" if kind_of(binary).freezer == "static" else "onefile"
    runs = 5 if how else RUNS
    with project(**{"add.ts": CLEAN}) as folder:
        version, small = (timed([*how, binary, argument], runs) for argument in ("--version", folder / "add.ts"))
    for name, (_, cpu), limit in zip(("--version", "one small file"), (version, small), LIMITS[kind], strict=True):
        require(cpu <= limit, f"{name} takes {cpu:.1f} ms of CPU, over {limit}")
    return f"{figures('--version', version)}, {figures('one small file', small)}{beside(version, small)}"


def figures(name: str, times: tuple[float, float]) -> str:
    return f"{name} {times[0]:.1f} ms (CPU {times[1]:.0f})"


def beside(version: tuple[float, float], small: tuple[float, float]) -> str:
    """The same figures as multiples of a C program's start."""
    compiler = shutil.which("cc")
    if not compiler:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        source, program = Path(folder) / "hello.c", Path(folder) / "hello"
        source.write_text('#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n')
        subprocess.run([compiler, "-O1", source, "-o", program], check=True)
        hello = timed([program], RUNS)
    return f"; {figures('C hello-world', hello)}: {version[0] / hello[0]:.1f}× and {small[0] / hello[0]:.1f}×"


main(check)
