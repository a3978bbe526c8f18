#!/usr/bin/env python3
"""Where the CPU of a run goes: native code, the interpreter, the system; by stage and by our costliest functions.

    make profile [ARGS="FOLDER … [--format json] [--rows 10]"]

A thread looks at the stack of the main thread some thousand times a second. A look weighs what the main thread's own
CPU clock says was spent since the look before, so that a busy machine distorts nothing. While the kernel scans, the
main thread does not hold the interpreter's lock, and a look finds it at the call of the kernel: that is native time,
of parsing and the walk. All else in a function of ours is interpreter, C functions of Python's own included. A look has
to wait for the lock: what it finds is up to a fiftieth of a millisecond late, so single lines are not told, functions are.
System time is the process's own, as the system accounts it. Without FOLDER: the packages that `make bench` has fetched.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import complexity_guard as cg  # noqa: E402

os.environ["COMPLEXITY_GUARD_CACHE"] = "0"  # each run is to do all of its work

CORPUS = ROOT / "out" / "bench" / "corpus"
PAUSE = 0.0002  # seconds between two looks; the profile itself costs some percent
KERNEL = "NativeScanner.scan"
STAGES = {  # the first of these up the stack is the stage of a look
    KERNEL: "kernel: parse and walk",
    "read_bytes": "read",
    "measure": "measure",
    "Judge.file": "judge",
    "digest_of": "digest",
    "Json.fragment": "render",
    "Reporter.fragment": "render",
    "Worker.outcome_of_file": "one file, else",
    "jobs_of": "discovery",
    "write_reports": "reports, written",
    "run": "the run, else",
}


class Sampler(threading.Thread):
    """Weighs the stacks of the main thread by its CPU clock until it is told to stop."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.own: Counter[str] = Counter()  # seconds in the function itself
        self.stages: Counter[str] = Counter()
        self.main = threading.main_thread().ident or 0
        self.clock = time.pthread_getcpuclockid(self.main)
        self.is_over = threading.Event()

    def run(self) -> None:
        before = time.clock_gettime(self.clock)
        while not self.is_over.wait(PAUSE):
            frame = sys._current_frames().get(self.main)
            now = time.clock_gettime(self.clock)
            if frame:
                self.look(frame, now - before)
            before = now

    def look(self, frame: FrameType, weight: float) -> None:
        names = list(ours(frame))
        self.own[names[0] if names else "elsewhere"] += weight
        stage = next((STAGES[name] for name in names if name in STAGES), "start and end")
        self.stages[stage] += weight


def ours(frame: FrameType | None) -> Iterator[str]:
    """The functions of the module on a stack, the innermost first."""
    while frame:
        if frame.f_code.co_filename == cg.__file__:
            yield frame.f_code.co_qualname
        frame = frame.f_back


def profiled(folders: list[str], report: str) -> tuple[Sampler, float, float]:
    """A run of one worker in this process, with its seconds of CPU as user and in the system."""
    sys.setswitchinterval(0.00002)
    sampler = Sampler()
    before = resource.getrusage(resource.RUSAGE_SELF)
    sampler.start()
    cg.main([*folders, "-f", report, "-o", os.devnull, "--fail-on", "none", "--threads", "1"])
    sampler.is_over.set()
    sampler.join()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return sampler, after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime


def told(sampler: Sampler, user: float, system: float, rows: int, counts: tuple[int, int]) -> Iterator[str]:
    files, functions = counts
    total = sum(sampler.own.values())
    native = sampler.own[KERNEL]
    share = system / (user + system)
    yield f"{files:,} files, {functions:,} functions; CPU of the main thread {total:.2f} s"
    yield f"native {native / total:6.1%}   interpreter {1 - native / total - share:6.1%}   system {share:6.1%}"
    yield f"\n{'stage':<32}{'share':>8}{'µs a file':>12}{'µs a function':>16}"
    for stage, seconds in sampler.stages.most_common():
        each = 1e6 * seconds
        yield f"{stage:<32}{seconds / total:8.1%}{each / files:12.1f}{each / functions:16.2f}"
    yield f"\n{'function of ours, itself':<32}{'share':>8}{'µs a file':>12}{'µs a function':>16}"
    for name, seconds in sampler.own.most_common(rows + 1):
        if name != KERNEL:
            each = 1e6 * seconds
            yield f"{name:<32}{seconds / total:8.1%}{each / files:12.1f}{each / functions:16.2f}"


def counts_of(folders: list[str]) -> tuple[int, int]:
    """How many files and functions there are; what cannot be analysed is in neither."""
    files = functions = 0
    with contextlib.suppress(cg.Incomplete):
        for report in cg.analyze(folders, threads=1):
            files += 1
            functions += len(report.functions)
    return files, functions


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", default=[str(CORPUS)])
    parser.add_argument("--format", default="json")
    parser.add_argument("--rows", type=int, default=10)
    options = parser.parse_args()
    counts = counts_of(options.folders)
    print("\n".join(told(*profiled(options.folders, options.format), options.rows, counts)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
