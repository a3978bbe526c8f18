#!/usr/bin/env python3
"""What each trick of the section Start-up saves of a run on one small file.

    python scripts/startup.py [--runs 200] [--only TRICK]

The module runs by `-m` with cached bytecode, as it is, and again without each trick, in turns, so that a busy machine is
busy for all of them. Told are milliseconds of CPU (user and system): what a trick saves, and what part of the whole run
that is. Of all runs it takes the one that a tenth of them stay below, for other programs can only add to them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

MODULE = Path(__file__).resolve().parent.parent / "complexity_guard.py"
SOURCE = "export function add(a: number, b: number) {\n  return a && b ? a + b : 0;\n}\n"
PROPERTIES = "def FieldOfTuple(index, _): return property(lambda row: row[index])"

# A trick, as the table in the module names it -> texts of the module, and what stands there without the trick.
WITHOUT: dict[str, list[tuple[str, str]]] = {
    "nothing, again": [],
    "Lazy, regex": [
        ('    re = Lazy(lambda: __import__("re"))', "    import re"),
        ("    return Lazy(lambda: re.compile(pattern))", "    return re.compile(pattern)"),
    ],
    "NamedTuple": [
        ("class NamedTuple(tuple, metaclass=NamedTupleType):", "class Unused(tuple, metaclass=NamedTupleType):"),
        ("def collect_rarely() -> None:", "from typing import NamedTuple\ndef collect_rarely() -> None:"),
    ],
    "FieldOfTuple": [("from _collections import _tuplegetter as FieldOfTuple", PROPERTIES)],
    "ThreadLocal": [("from _thread import _local as ThreadLocal", "from threading import local as ThreadLocal")],
    "_collections_abc": [
        ("else:\n    from _collections_abc import", "else:\n    from collections.abc import"),
        ("    Any = object", "    from typing import Any"),
    ],
    "_signal": [("import _signal as signal", "import signal")],
    "collect_rarely": [("    gc.set_threshold(50_000, 50, 1000)", "    pass")],
    "gc.freeze": [("    gc.freeze()\n    sys.exit(code)", "    sys.exit(code)")],
    "(leave, as packed binaries do)": [("    sys.exit(code)", "    leave(code)")],
}
MILLISECOND = 1000.0


def without(trick: str) -> str:
    text = MODULE.read_text()
    for old, new in WITHOUT[trick]:
        if old not in text:
            sys.exit(f"{trick}: the module no longer holds {old!r}")
        text = text.replace(old, new)
    return text


def cpu_of(folder: Path, room: Path) -> float:
    """Milliseconds of one run of the module in the folder; its report goes nowhere."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "complexity_guard", "add.ts"], cwd=room, env=environment, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{folder}: exit code {process.returncode}")
    return (usage.ru_utime + usage.ru_stime) * MILLISECOND


def measured(tricks: list[str], runs: int, room: Path) -> dict[str, list[float]]:
    (room / "add.ts").write_text(SOURCE)
    folders = {trick: room / str(number) for number, trick in enumerate(["", *tricks])}
    for trick, folder in folders.items():
        folder.mkdir()
        (folder / "complexity_guard.py").write_text(without(trick) if trick else MODULE.read_text())
        subprocess.run([sys.executable, "-c", "import complexity_guard"], cwd=folder, check=True)
    found: dict[str, list[float]] = {trick: [] for trick in folders}
    for _ in range(runs):
        for trick, folder in folders.items():
            found[trick].append(cpu_of(folder, room))
    return found


def usual(times: list[float]) -> float:
    return statistics.quantiles(times, n=10)[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--only", choices=WITHOUT)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        found = measured([options.only] if options.only else list(WITHOUT), options.runs, Path(room))
    whole = usual(found.pop(""))
    print(f"one run: {whole:.2f} ms")
    for trick, times in found.items():
        saved = usual(times) - whole
        print(f"{trick:<32}{saved:6.2f} ms {100 * saved / whole:6.1f} %")


if __name__ == "__main__":
    main()
