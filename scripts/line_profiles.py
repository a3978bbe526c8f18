#!/usr/bin/env python3
"""How often each line of C runs, for the compiler of the static binaries: of the kernel, and of the interpreter.

    make line-profiles [ARGS="kernel|interpreter [FOLDER …]"]    needs gcc and gcov; without FOLDER, packages of `make bench`

The C files are compiled with gcc's counters and run once over the sources. What each line was run is written in the text
format that clang reads with -fprofile-sample-use: functions by name, lines counted from where the function begins, so that
the profile fits as long as a function's text does, on every machine and for every version of clang. A profile that has
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
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path += [str(ROOT / folder) for folder in ("build", "build/native", "build/static", "build/grammar", "spec")]

import bench  # noqa: E402

import freeze_static  # noqa: E402
import sources  # noqa: E402

# Of the packages of `make bench`, five of different kinds: functions, SDK, React, classes, a compiler-like library.
PACKAGES = ("viem", "aws-amplify-storage", "blueprintjs-core", "xterm-xterm", "effect-cli")
OBJECTS = ROOT / "out" / "native" / sysconfig.get_config_var("SOABI")
COUNTING = "gcc --coverage -fprofile-update=single -fno-inline"
Lines = dict[str, Counter[int]]  # of each function by its name, how often each line ran, counted from its first


def run(command: list[str], **environment: str) -> None:
    subprocess.run(command, check=True, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)


def build_kernel(into: Path, compiler: str) -> None:
    run([sys.executable, str(ROOT / "build" / "native" / "compile.py"), "--plain", str(into)], CC=compiler)


# ── The kernel ───────────────────────────────────────────────────────────────────────────────────────────────────────

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


def lines_of_kernel(folders: list[str], work: Path) -> Lines:
    for old in OBJECTS.glob("*.gcda"):
        old.unlink()
    build_kernel(work, COUNTING)
    run([sys.executable, "-c", SCAN_ALL, *folders], PYTHONPATH=os.pathsep.join((str(work), str(ROOT))))
    found = counted_lines(OBJECTS)
    for left in (*OBJECTS.glob("*.gcda"), *OBJECTS.glob("*.gcno")):
        left.unlink()
    return found


# ── The interpreter ──────────────────────────────────────────────────────────────────────────────────────────────────

# What it runs: ten starts with one small file, which most runs are, then the ways through a project.
SMALL_FILE = ROOT / "build" / "npm" / "index.js"
STARTS = 10
WAYS = (
    ("-f", "console", "--no-cache"),
    ("-f", "json", "--no-cache"),
    ("-f", "sarif", "--no-cache", "--duplication"),
    ("-f", "json", "--graph", "--cache-dir", "{}/cache"),
    ("-f", "json", "--cache-dir", "{}/cache"),
    ("-f", "html", "--cache-dir", "{}/cache"),
)


def lines_of_interpreter(folders: list[str], work: Path) -> Lines:
    """Of the CPython that the static binary holds, built for this machine's own C library."""
    tree, build, kernel = sources.unpack("cpython"), work / "build", work / "kernel"
    build.mkdir()
    kernel.mkdir()
    chosen = [one for one in freeze_static.CONFIGURE if not one.startswith("ac_cv_")]
    for command in (
        [str(tree / "configure"), f"CC={COUNTING} -O1 -w", "OPT=-DNDEBUG", *chosen],
        ["make", f"-j{os.cpu_count()}", "python"],
    ):
        subprocess.run(command, cwd=build, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    build_kernel(kernel, f"gcc -O2 -I{build} -I{tree / 'Include'}")
    (made,) = kernel.iterdir()
    made.rename(kernel / "complexity_guard_kernel.so")  # of whatever Python that compiled it
    for old in build.rglob("*.gcda"):
        old.unlink()
    program = [str(build / "python"), "-S", "-m", "complexity_guard", "--threads", "1", "--fail-on", "none"]
    program += ["--force", "--output", str(work / "report")]
    runs = [("--no-cache", str(SMALL_FILE))] * STARTS
    runs += [(*(word.format(work) for word in way), *folders) for way in WAYS]
    for arguments in runs:
        run([*program, *arguments], PYTHONPATH=os.pathsep.join((str(kernel), str(ROOT))))
    return counted_lines(build)


# ── Profiles ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def counted_lines(folder: Path) -> Lines:
    """Functions of one name, as the two parsers have, are one."""
    found: Lines = {}
    for counters in sorted(folder.rglob("*.gcda")):
        command = ["gcov", "--json-format", "--stdout", counters.name]
        told = subprocess.run(command, cwd=counters.parent, check=True, capture_output=True, text=True).stdout
        for unit in map(json.loads, told.splitlines()):
            for name, line, count in lines_of(unit["files"]):
                found.setdefault(name, Counter())[line] += count
    return found


def lines_of(files: list[dict]) -> Iterator[tuple[str, int, int]]:
    """A function's lines may stand in a file that it includes: clang counts modulo 2**16 from where it begins."""
    starts = {function["name"]: function["start_line"] for file in files for function in file["functions"]}
    for file in files:
        for line in file["lines"]:
            name = line.get("function_name")
            if name in starts and line["count"]:
                yield name, line["line_number"] - starts[name] & 0xFFFF, line["count"]


def profile(functions: Lines, share: float) -> Iterator[str]:
    """The costliest function first, and so many that this share of all lines run is theirs."""
    left = sum(counts.total() for counts in functions.values()) * share
    for name, counts in sorted(functions.items(), key=lambda item: (-item[1].total(), item[0])):
        if left <= 0:
            return
        left -= counts.total()
        yield f"{name}:{counts.total()}:{counts[min(counts)]}\n"
        yield from (f" {line}: {count}\n" for line, count in sorted(counts.items()))


# What is profiled → its profile, how its lines are counted, which share of them is told.
Counted = tuple[Path, Callable[[list[str], Path], Lines], float]
PROFILES: dict[str, Counted] = {
    "kernel": (ROOT / "build" / "native" / "kernel.profile", lines_of_kernel, 1.0),
    "interpreter": (ROOT / "build" / "static" / "interpreter.profile", lines_of_interpreter, 0.995),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", nargs="?", choices=PROFILES, help="both, if not said")
    parser.add_argument("folders", nargs="*")
    arguments = parser.parse_args()
    if not shutil.which("gcov"):
        print("needed: gcov", file=sys.stderr)
        return 1
    if not arguments.folders:
        bench.fetch_corpus()
    folders = arguments.folders or [str(bench.CORPUS / name) for name in PACKAGES]
    for what in [arguments.what] if arguments.what else PROFILES:
        path, count, share = PROFILES[what]
        with tempfile.TemporaryDirectory() as place:
            path.write_text("".join(profile(count(folders, Path(place)), share)))
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
