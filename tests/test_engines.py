"""Engines that exist, started here: a run through Dask or Ray says what it says by itself, also when a worker is killed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import BINARY, ROOT
from processes import source

import complexity_guard as cg

pytestmark = pytest.mark.skipif(bool(BINARY), reason="the binary has no packages")
TOLD = re.compile(rb'("(?:elapsed_ms|thread_count)": ?)\d+')
WORKERS = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Enough for some dozen chunks, with a test, a generated file, one that is no text, and an import cycle."""
    folder = tmp_path_factory.mktemp("project")
    for i in range(60):
        (folder / f"f{i:03}.ts").write_text(source(i, 90))
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / ".gitattributes").write_text("f001.ts linguist-generated\n")
    (folder / "a.test.ts").write_text('it("x", () => { if (a) { b(); } });\n')
    (folder / "bad.ts").write_bytes(b"a\0b\xffccc" * 50)
    (folder / "one.ts").write_text('import { two } from "./two";\nexport const one = two;\n')
    (folder / "two.ts").write_text('import { one } from "./one";\nexport const two = one;\n')
    return folder


def reports(folder: Path, room: Path, *flags: str) -> dict[str, bytes]:
    room.mkdir()
    wanted = [word for name in cg.REPORTERS for word in ("--report", f"{name}={room / name}")]
    command = [sys.executable, "-m", "complexity_guard", ".", "--duplication", "--graph", *flags, *wanted]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "SOURCE_DATE_EPOCH": "0"}, capture_output=True, timeout=240, check=False
    )
    assert done.returncode == 4, done.stderr.decode()
    return {name: TOLD.sub(rb"\g<1>0", (room / name).read_bytes()) for name in cg.REPORTERS}


@pytest.fixture(scope="module")
def expected(folder, tmp_path_factory) -> dict[str, bytes]:
    return reports(folder, tmp_path_factory.mktemp("expected") / "reports", "--threads", "1")


def reported(folder: Path, **wishes) -> Iterator[cg.FileReport]:
    """The reports of all files but the one that is no text."""
    try:
        yield from cg.analyze(folder, **wishes)
    except cg.Incomplete as error:
        assert [os.path.basename(path) for path, _ in error.skipped] == ["bad.ts"]


# Dask


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """A scheduler and workers, each a process: the address, and the workers."""
    pytest.importorskip("distributed", reason="no distributed here: build/requirements-dev.txt has it")
    place = tmp_path_factory.mktemp("dask") / "scheduler.json"
    environment = {**os.environ, "DASK_DISTRIBUTED__ADMIN__LOG_LENGTH": "0"}

    def started(what: str, *words: str) -> subprocess.Popen:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(place), *words]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet, cwd=place.parent)

    scheduler = started("scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1")
    workers: list[subprocess.Popen] = []
    try:
        end = time.monotonic() + 60
        while not place.exists() and time.monotonic() < end:
            time.sleep(0.1)
        workers += [started("worker", "--no-nanny", "--nthreads", "1", "--no-dashboard") for _ in range(WORKERS)]
        yield json.loads(place.read_text())["address"], workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def test_a_run_through_dask_is_byte_identical(folder, expected, cluster, tmp_path):
    assert reports(folder, tmp_path / "reports", "--executor", f"dask={cluster[0]}") == expected


def test_the_program_as_a_file_runs_through_dask(folder, cluster):
    """There it is __main__, which no worker knows."""
    command = [sys.executable, str(ROOT / "complexity_guard.py"), ".", "-f", "csv"]
    here, there = (
        subprocess.run([*command, *flags], cwd=folder, capture_output=True, timeout=240, check=False)
        for flags in (("--threads", "1"), ("--executor", f"dask={cluster[0]}"))
    )
    assert there.stdout == here.stdout and here.stdout, there.stderr.decode()


def test_a_killed_worker_of_dask_costs_no_result(folder, cluster):
    from distributed import Client

    address, workers = cluster
    alone = {report.path: report for report in reported(folder, executor="serial")}
    with Client(address, timeout=60) as client:
        client.wait_for_workers(WORKERS, timeout=60)
        for engine in (client, client.get_executor(pure=False)):
            assert {report.path: report for report in reported(folder, executor=engine)} == alone
        arriving = reported(folder, executor=client)
        found = [next(arriving)]
        workers[0].send_signal(signal.SIGKILL)
        found += arriving
        assert {report.path: report for report in found} == alone and len(found) == len(alone)


def test_an_address_where_nobody_is(folder, guard):
    pytest.importorskip("distributed", reason="no distributed here: build/requirements-dev.txt has it")
    done = guard(".", "--executor", "dask=tcp://127.0.0.1:1", cwd=folder)
    assert done.code == 3 and "--executor dask=tcp://127.0.0.1:1: " in done.err and "Traceback" not in done.err


def test_a_python_without_the_package_says_what_is_missing(folder, guard, tmp_path):
    (tmp_path / "distributed.py").write_text("raise ImportError('not here', name='distributed')\n")
    done = guard(".", "--executor", "dask=x", cwd=folder, env={"PYTHONPATH": f"{tmp_path}:{ROOT}"})
    assert done.code == 3 and "needs the package distributed, which is not to be found here" in done.err


# Ray, which is no part of what tests need: 80 MB

STAND_IN = """
from concurrent.futures import ThreadPoolExecutor
engine = ThreadPoolExecutor(2)

def init(address, log_to_driver):
    assert address == "there"

def cluster_resources():
    return {"CPU": 2.0}

class remote:
    def __init__(self, function):
        self.function = function

    def remote(self, argument):
        self.future = lambda future=engine.submit(self.function, argument): future
        return self
"""


def test_the_command_hands_tasks_to_ray(folder, expected, tmp_path, monkeypatch):
    """As tasks, which Ray does again where a worker died; its Pool hands them to the dead. It was seen with Ray 2.60."""
    (tmp_path / "ray.py").write_text(STAND_IN)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{ROOT}")
    assert reports(folder, tmp_path / "reports", "--executor", "ray=there") == expected


def test_a_python_without_ray_says_so(folder, guard, tmp_path):
    (tmp_path / "ray.py").write_text("raise ImportError('not here', name='ray')\n")
    done = guard(".", "--executor", "ray=x", cwd=folder, env={"PYTHONPATH": f"{tmp_path}:{ROOT}"})
    assert done.code == 3 and "needs the package ray, which is not to be found here" in done.err


@pytest.fixture
def ray():
    found = pytest.importorskip("ray", reason="no ray here: pip install ray")
    yield found
    found.shutdown()


def test_a_run_through_ray_says_the_same_when_a_worker_is_killed(folder, ray):
    from ray.util.multiprocessing import Pool

    alone = {report.path: report for report in reported(folder, executor="serial")}
    path = os.pathsep.join(sys.path)
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, runtime_env={"env_vars": {"PYTHONPATH": path}})
    with Pool(2) as pool:
        assert {report.path: report for report in reported(folder, executor=pool)} == alone
        victim = pool.apply(os.getpid)
        arriving = reported(folder, executor=pool)
        found = [next(arriving)]
        os.kill(victim, signal.SIGKILL)
        found += arriving
        assert {report.path: report for report in found} == alone
