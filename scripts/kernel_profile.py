#!/usr/bin/env python3
"""How often each line of the kernel runs, for the compiler of the static binaries: build/native/kernel.profile.

    make kernel-profile [ARGS="FOLDER …"]        needs gcc and gcov; without FOLDER, packages that `make bench` has fetched

The kernel is built with gcc's counters and scans the sources once. What each line was run is written in the text format
that clang reads with -fprofile-sample-use: functions by name, lines counted from where the function begins, so that the
profile fits as long as a function's text does, on every machine and for every version of clang. A profile that has
fallen behind costs speed and nothing else. It is a compiler's hint: no result depends on it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROFILE = ROOT / "build" / "native" / "kernel.profile"
CORPUS = ROOT / "out" / "bench" / "corpus"
# Of the packages of `make bench`, five of different kinds: functions, SDK, React, classes, a compiler-like library.
PACKAGES = ("viem", "aws-amplify-storage", "blueprintjs-core", "xterm-xterm", "effect-cli")
OBJECTS = ROOT / "out" / "native" / sysconfig.get_config_var("SOABI")


def build_counting(folder: Path) -> None:
    for old in OBJECTS.glob("*.gcda"):
        old.unlink()
    command = [sys.executable, str(ROOT / "build" / "native" / "compile.py"), "--plain", str(folder)]
    compiler = "gcc --coverage -fprofile-update=single -fno-inline"
    subprocess.run(command, check=True, env={**os.environ, "CC": compiler}, stdout=subprocess.DEVNULL)


SCAN_ALL = """
import os, sys
import complexity_guard as cg
scanner, options = cg.make_scanner(), cg.measure_options(cg.DEFAULT_ANALYSIS)
for top in sys.argv[1:]:
    for folder, _, names in os.walk(top):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                cg.scanned(file.read(), cg.grammar_of(name) or 0, options, scanner, cg.Bounds())
"""


def scan(kernel: Path, folders: list[str]) -> None:
    path = os.pathsep.join((str(kernel), str(ROOT)))
    command = [sys.executable, "-c", SCAN_ALL, *folders]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": path})


def counted_lines() -> dict[str, Counter[int]]:
    """Of each function by its name, how often each line ran, counted from its first. Functions of one name, as the two
    parsers have, are one."""
    found: dict[str, Counter[int]] = {}
    for counters in sorted(OBJECTS.glob("*.gcda")):
        command = ["gcov", "--json-format", "--stdout", counters.name]
        told = subprocess.run(command, cwd=OBJECTS, check=True, capture_output=True, text=True).stdout
        for file in json.loads(told)["files"]:
            for name, line, count in lines_of(file):
                found.setdefault(name, Counter())[line] += count
    return found


def lines_of(file: dict) -> Iterator[tuple[str, int, int]]:
    starts = {function["name"]: function["start_line"] for function in file["functions"]}
    for line in file["lines"]:
        name = line.get("function_name")
        if name in starts and line["count"] and line["line_number"] >= starts[name]:
            yield name, line["line_number"] - starts[name], line["count"]


def profile(functions: dict[str, Counter[int]]) -> Iterator[str]:
    """The costliest function first."""
    for name, counts in sorted(functions.items(), key=lambda item: (-item[1].total(), item[0])):
        first = counts[min(counts)]
        yield f"{name}:{counts.total()}:{first}\n"
        yield from (f" {line}: {count}\n" for line, count in sorted(counts.items()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folders", nargs="*", default=[str(CORPUS / name) for name in PACKAGES])
    folders = parser.parse_args().folders
    missing = [folder for folder in folders if not os.path.isdir(folder)]
    if missing or not shutil.which("gcov"):
        print(f"needed: {', '.join(missing) or 'gcov'}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as place:
        build_counting(Path(place))
        scan(Path(place), folders)
    PROFILE.write_text("".join(profile(counted_lines())))
    for left in (*OBJECTS.glob("*.gcda"), *OBJECTS.glob("*.gcno")):
        left.unlink()
    print(f"{PROFILE.relative_to(ROOT)}: {PROFILE.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
