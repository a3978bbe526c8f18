#!/usr/bin/env python3
"""The binary's reports are, byte for byte, those of the module: every format, over the test corpus."""

import os
import re
import subprocess
import sys
from pathlib import Path

from _check import ROOT, Failed, Skipped, emulator, main, require, run

CORPUS = ROOT / "tests" / "corpus"
# What differs from run to run by its nature.
VOLATILE = re.compile(
    rb'("?(?:timestamp|elapsed_ms|thread_count)"?[:=]\s*)("[^"]*"|[\d.]+)|\d\d\d\d-\d\d-\d\dT[\d:.]+Z?'
)


def check(binary: Path) -> str:
    if not CORPUS.is_dir():
        raise Skipped("no corpus here")
    compared = total = 0
    for args in ([], ["--verbose"], *(["--format", name] for name in formats(binary))):
        subjects = ([*emulator(binary), str(binary)], module())
        mine, theirs = (outcome(subject, [*args, "--threads", "1", str(CORPUS)]) for subject in subjects)
        require(mine[0] == theirs[0], f"{args}: exit {mine[0]}, the module's is {theirs[0]}")
        require(mine[1] == theirs[1], f"{args}: {difference(mine[1], theirs[1])}")
        compared, total = compared + 1, total + len(mine[1])
    return f"{compared} reports over the corpus, {total:,} bytes, are those of the module"


def module() -> list[str]:
    """The module under the project's own interpreter, where the kernel is built, else under this one."""
    private = ROOT / ".venv" / "bin" / "python"
    return [str(private) if private.exists() else sys.executable, str(ROOT / "complexity_guard.py")]


def formats(binary: Path) -> list[str]:
    """The names that `--format` itself offers when it is given none of them."""
    said = run(binary, "--format", "no-such-format", CORPUS).stderr.decode()
    names = re.findall(r"[a-z]+", said.partition("must be ")[2].partition(", not ")[0])
    return [name for name in names if name != "or"] or ["console", "json"]


def outcome(command: list[str], args: list[str]) -> tuple[int, bytes]:
    how = {"cwd": ROOT, "env": {**os.environ, "PYTHONUTF8": "1"}}
    done = subprocess.run([*command, *args], capture_output=True, timeout=600, stdin=subprocess.DEVNULL, **how)
    if done.returncode not in (0, 1, 2):
        raise Failed(f"{args}: exit {done.returncode}: {done.stderr[-300:].decode(errors='replace')}")
    return done.returncode, VOLATILE.sub(rb"\1", done.stdout)


def difference(mine: bytes, theirs: bytes) -> str:
    for number, (left, right) in enumerate(zip(mine.splitlines(), theirs.splitlines(), strict=False), 1):
        if left != right:
            return f"line {number} differs: {left[:120]!r}, the module says {right[:120]!r}"
    return f"{len(mine):,} bytes, the module's are {len(theirs):,}"


main(check)
