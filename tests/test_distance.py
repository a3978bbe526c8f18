"""analyze() and runs through engines of somebody else: what they carry is plain, and what is lost comes back."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest
from conftest import BINARY
from processes import linux_only, source

import complexity_guard as cg

pytestmark = pytest.mark.skipif(bool(BINARY), reason="the library is the module")
Futures = concurrent.futures.Future
PLAIN = {tuple, str, bytes, int, float, bool, type(None)}


@pytest.fixture
def folder(project) -> Path:
    files = {f"f{i:02}.ts": source(i, 60) for i in range(30)}
    return project(
        {
            ".git/HEAD": "ref: refs/heads/main\n",
            **files,
            "a.test.ts": "it('x', () => 1)",
            ".gitattributes": "f00.ts linguist-generated\n",
        }
    )


class OnlyMaps:
    def __init__(self, engine) -> None:
        self.engine = engine

    def map(self, function, tasks):
        return self.engine.map(function, tasks)


class OnlyImaps:
    def __init__(self, engine) -> None:
        self.engine = engine

    def imap_unordered(self, function, tasks):
        return self.engine.imap_unordered(function, tasks)


def is_plain(value) -> bool:
    return type(value) in PLAIN and (type(value) is not tuple or all(map(is_plain, value)))


class Here:
    """Does each task when it is handed over; what it saw is kept."""

    def __init__(self) -> None:
        self.seen: list = []

    def submit(self, function, task) -> Futures:
        result = function(task)
        self.seen.append((function.__name__, task, result))
        future = Futures()
        future.set_result(result)
        return future


ENGINES = {
    "processes": lambda: concurrent.futures.ProcessPoolExecutor(2),
    "threads": lambda: concurrent.futures.ThreadPoolExecutor(2),
    "pool": lambda: multiprocessing.Pool(2),
    "pool of threads": lambda: ThreadPool(2),
    "map": lambda: OnlyMaps(concurrent.futures.ThreadPoolExecutor(2)),
    "imap": lambda: OnlyImaps(ThreadPool(2)),
    "here": Here,
}


@pytest.mark.parametrize("engine", ENGINES)
def test_any_engine_says_what_one_worker_says(folder, engine):
    expected = cg.analyze_all(folder, executor="serial")
    kinds = {report.code for report in expected.values()}
    assert kinds == {"product", "test", "generated"}, "what this disk says of files has to travel"
    assert cg.analyze_all(folder, executor=ENGINES[engine]()) == expected


def test_tasks_and_results_are_plain_and_small(folder):
    engine = Here()
    cg.analyze_all(folder, executor=engine)
    assert {name for name, _, _ in engine.seen} == {"work_at_distance"}
    assert all(is_plain(task) and is_plain(result) for _, task, result in engine.seen)
    assert cg.work_at_distance is vars(cg)["work_at_distance"], "a worker finds it by its name"
    sources = sum(path.stat().st_size for path in folder.glob("*.ts"))
    assert sum(len(repr(task)) for _, task, _ in engine.seen) < sources / 4, "paths are sent, and no sources"


def test_engines_carry_bytes_and_no_tuples_that_they_look_into(folder):
    engine = Here()
    cg.analyze_all(folder, executor=engine)
    for _, (_, _, *told), result in engine.seen:
        assert {type(one) for one in (*told, result)} == {bytes}


def test_what_cannot_be_packed_is_carried_as_it_is():
    for value in (("\udce4.ts", 1), (1 << 80,), ((((((((((((((((((1,),),),),),),),),),),),),),),),),),)):
        assert cg.opened(cg.sealed(value)) == value
        assert cg.sealed(value) is value


def test_a_worker_that_has_no_such_file_gets_its_source(folder, monkeypatch):
    expected = cg.analyze_all(folder, executor="serial")
    monkeypatch.setattr(cg, "size_there", lambda file: -1)
    engine = Here()
    assert cg.analyze_all(folder, executor=engine) == expected
    sent = [row[0] for _, task, _ in engine.seen for row in cg.opened(task[3])]
    assert len(sent) == 2 * len(expected)


def test_a_bad_file_is_its_own_entry(folder):
    (folder / "bad.ts").write_bytes(b"a\0b\xffccc" * 50)
    reports = []
    with pytest.raises(cg.Incomplete) as caught:
        reports.extend(cg.analyze(folder, executor=Here()))
    assert len(reports) == 31
    assert [(os.path.basename(path), reason) for path, reason in caught.value.skipped] == [
        ("bad.ts", "binary data, not text")
    ]


def kill_or_go_on(folder: Path, monkeypatch, is_lasting: bool) -> None:
    """From now on a worker dies of killer.ts, once or each time."""
    done, flag = cg.Worker.outcome, folder / "killed"

    def outcome(worker, job):
        if job.path.endswith("killer.ts") and (is_lasting or not flag.exists()):
            flag.touch()
            os.kill(os.getpid(), 9)
        return done(worker, job)

    monkeypatch.setattr(cg.Worker, "outcome", outcome)


@linux_only
@pytest.mark.parametrize("engine", ["processes", "pool"])
@pytest.mark.parametrize("is_lasting", [False, True])
def test_what_a_lost_worker_had_comes_back(folder, monkeypatch, engine, is_lasting):
    expected = cg.analyze_all(folder, executor="serial")
    (folder / "killer.ts").write_text("export const a = 1;\n")
    kill_or_go_on(folder, monkeypatch, is_lasting)
    found, skipped = {}, ()
    with ENGINES[engine]() as lent:
        try:
            for report in cg.analyze(folder, executor=lent):
                found[report.path] = report
        except cg.Incomplete as error:
            skipped = error.skipped
    killers = [path for path in found if path.endswith("killer.ts")]
    assert {path: found[path] for path in found if path not in killers} == expected
    assert len(killers) == (not is_lasting)
    words = [(os.path.basename(path), reason[:23]) for path, reason in skipped]
    assert words == ([("killer.ts", "its worker process died")] if is_lasting else [])


class Elsewhere(Here):
    """Workers with another version."""

    def submit(self, function, task) -> Futures:
        return super().submit(function, ("0.9.9", *task[1:]))


class Without(Here):
    """Workers that have never heard of us."""

    def submit(self, function, task) -> Futures:
        future = Futures()
        future.set_exception(ModuleNotFoundError("No module named 'complexity_guard'"))
        return future


def test_workers_that_cannot_work_end_the_run(folder):
    for engine, words in ((Elsewhere(), "workers have complexity-guard"), (Without(), "cannot run complexity_guard")):
        with pytest.raises(cg.UsageError, match=words):
            cg.analyze_all(folder, executor=engine)
    for engine in (object(), None, 3):
        with pytest.raises(cg.UsageError, match="submit, map or imap_unordered"):
            cg.analyze_all(folder, executor=engine)
