#!/usr/bin/env python3
"""What Dask makes of one project with one worker and with two, on this machine, and what its client costs.

    make cluster FOLDER=out/bench/corpus [ARGS="--turns 3"]

Each cluster is a scheduler and workers, each a process with one thread. Runs take turns; the least time of each counts. The client's
CPU is told with the import of `distributed` and without, beside that of its workers. Walls mean something on an idle machine alone:
two workers, their scheduler and the client want three processors.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

ROOT = Path(__file__).resolve().parent.parent
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is imported is compiled once
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__ADMIN__LOG_LENGTH": "0"}
QUIET = subprocess.DEVNULL


class Cost(NamedTuple):
    """Of one run, in seconds."""

    wall: float
    client: float  # CPU
    workers: float
    scheduler: float


class Cluster(NamedTuple):
    address: str
    scheduler: subprocess.Popen
    workers: list[subprocess.Popen]


@contextlib.contextmanager
def cluster(count: int) -> Iterator[Cluster]:
    """A scheduler and so many workers."""
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as stack:
        file = Path(place, "scheduler.json")

        def started(what: str, *words: str) -> subprocess.Popen:
            command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(file), *words]
            process = subprocess.Popen(command, env=ENVIRONMENT, stdout=QUIET, stderr=QUIET, cwd=place)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        scheduler = started("scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1")
        while not file.exists():
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        workers = [started("worker", "--no-nanny", "--nthreads", "1", "--no-dashboard") for _ in range(count)]
        wait_for(address, count)
        yield Cluster(address, scheduler, workers)


def wait_for(address: str, count: int) -> None:
    program = f"import distributed; distributed.Client({address!r}).wait_for_workers({count}, timeout=60)"
    subprocess.run([sys.executable, "-c", program], env=ENVIRONMENT, check=True)


def cpu_of(process: subprocess.Popen) -> float:
    times = psutil.Process(process.pid).cpu_times()
    return times.user + times.system


def cost_of(words: list[str], one: Cluster | None = None) -> Cost:
    """What a process costs, and what a cluster spends meanwhile."""
    others = [one.scheduler, *one.workers] if one else []
    before = [cpu_of(process) for process in others]
    began = time.monotonic()
    process = subprocess.Popen(words, env=ENVIRONMENT, stdout=QUIET)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    assert os.waitstatus_to_exitcode(status) in (0, 1, 2, 4), words
    spent = [cpu_of(process) - past for process, past in zip(others, before)]
    return Cost(wall, usage.ru_utime + usage.ru_stime, sum(spent[1:]), sum(spent[:1]))


def run(folder: str, *flags: str) -> list[str]:
    return [sys.executable, "-m", "complexity_guard", folder, "--no-cache", "--report", f"json={os.devnull}", *flags]


def least(costs: list[Cost]) -> Cost:
    return Cost._make(map(min, zip(*costs)))


def told(name: str, cost: Cost) -> None:
    client, workers, scheduler = cost.client, cost.workers, cost.scheduler
    print(
        f"{name:12} {cost.wall:7.2f} s; CPU: client {client:.2f} s, workers {workers:.2f} s, scheduler {scheduler:.2f} s"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--turns", type=int, default=3)
    wishes = parser.parse_args()
    imports = least([cost_of([sys.executable, "-c", "import complexity_guard, distributed"]) for _ in range(3)])
    costs: dict[str, list[Cost]] = {"by itself": [], "one worker": [], "two workers": []}
    with cluster(1) as one, cluster(2) as two:
        for _ in range(wishes.turns):
            costs["by itself"].append(cost_of(run(wishes.folder, "--threads", "1")))
            costs["one worker"].append(cost_of(run(wishes.folder, "--executor", f"dask={one.address}"), one))
            costs["two workers"].append(cost_of(run(wishes.folder, "--executor", f"dask={two.address}"), two))
    best = {name: least(rows) for name, rows in costs.items()}
    for name, cost in best.items():
        told(name, cost)
    last = best["two workers"]
    own, whole = last.client - imports.client, last.client + last.workers
    print(f"two workers are {best['one worker'].wall / last.wall:.2f} times as fast as one (aim 1.7)")
    print(
        f"the client takes {100 * last.client / whole:.1f} % of the CPU, {100 * own / whole:.1f} % without its imports (aim 5)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
