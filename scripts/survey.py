#!/usr/bin/env python3
"""Measure many repositories: docs/scale.md says all about it.

    python scripts/survey.py manifest.ndjson folder --workers 8
    python scripts/survey.py manifest.ndjson folder --executor dask=tcp://scheduler:8786

The same command goes on where an interrupted one stopped. Exit codes: 0 done, 3 something in the command line or the
manifest is wrong, 4 the executor broke down; 130 interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import complexity_guard_survey as surveys  # noqa: E402

import complexity_guard as cg  # noqa: E402


@contextlib.contextmanager
def threads(count: int) -> Iterator[Executor]:
    """A thread for each worker is enough: the work of a repository is done in a process of its own."""
    pool = ThreadPoolExecutor(count)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # after Ctrl-C nobody waits for what is under way


@contextlib.contextmanager
def dask(address: str) -> Iterator[Any]:
    from distributed import Client

    with Client(address) as client:
        yield client


@contextlib.contextmanager
def ray(address: str) -> Iterator[Any]:
    import ray

    ray.init(address=address, log_to_driver=False)
    yield ray
    ray.shutdown()


@contextlib.contextmanager
def spark(master: str) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = SparkSession.builder.master(master).appName("complexity-guard survey").getOrCreate()
    yield session.sparkContext
    session.stop()


ENGINES = {"dask": dask, "ray": ray, "spark": spark}


def engine(options: argparse.Namespace) -> contextlib.AbstractContextManager[Any]:
    if not options.executor:
        return threads(options.workers)
    name, _, address = options.executor.partition("=")
    if name not in ENGINES or not address:
        raise cg.UsageError(f"--executor is {', '.join(f'{known}=ADDRESS' for known in ENGINES)}")
    return ENGINES[name](address)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", help="NDJSON or CSV: repository, revision, tag")
    parser.add_argument("folder", help="where the parts go; what is there already is not done again")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="on this machine (default: its CPUs)")
    parser.add_argument("--executor", help="dask=ADDRESS, ray=ADDRESS or spark=MASTER, in place of workers")
    parser.add_argument("--config", help="one configuration for all repositories, whatever theirs say")
    parser.add_argument("--format", default="ndjson", help=" or ".join(surveys.FORMATS))
    parser.add_argument("--part", type=int, default=64, help="repositories in a part (default: 64)")
    parser.add_argument("--in-flight", type=int, default=64, help="tasks that an executor has at a time (default: 64)")
    parser.add_argument("--scratch", help="where clones are made; must be there on every worker")
    parser.add_argument("--git-config", help="a file of git's settings: credentials, other addresses")
    for name, value in surveys.Limits()._asdict().items():
        parser.add_argument(f"--{name}", type=type(value), default=value, help=f"of one repository (default: {value})")
    parser.add_argument("--quiet", action="store_true", help="say nothing of single repositories")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    wishes = vars(options) | {"say": None if options.quiet else lambda words: print(words, file=sys.stderr)}
    chosen = {
        name: value for name, value in wishes.items() if name in (*surveys.Wishes._fields, *surveys.Limits._fields)
    }
    try:
        with engine(options) as executor:
            done = cg.survey(options.manifest, options.folder, executor=executor, **chosen)
    except cg.UsageError as error:
        print(f"survey: {error}", file=sys.stderr)
        return 3
    except ImportError as error:
        print(f"survey: {error.name} is not installed in {sys.executable}", file=sys.stderr)
        return 3
    except surveys.Stopped as error:
        print(f"survey: {error}; the same command goes on from here", file=sys.stderr)
        return 4
    print(*[f"{name} {value}" for name, value in done._asdict().items()], sep="\n")
    return 0


if __name__ == "__main__":
    try:
        code = main()
    except KeyboardInterrupt:
        os._exit(130)  # workers are waiting for processes, which end when nobody does
    sys.exit(code)
