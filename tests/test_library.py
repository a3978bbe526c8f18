"""analyze() and analyze_all() in other people's programs."""

from __future__ import annotations

import multiprocessing
import os
import re
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from conftest import BINARY, ROOT
from processes import children_of, gone_within, linux_only, source

import complexity_guard as cg

pytestmark = pytest.mark.skipif(bool(BINARY), reason="the library is the module")
EXECUTORS = ["serial", "thread", "process"]


@pytest.fixture
def folder(project) -> Path:
    return project({f"f{i:02}.ts": source(i, 150) for i in range(40)})


def test_all_and_one_by_one_are_the_same(folder):
    expected = cg.analyze_all([str(folder)], executor="serial")
    assert list(expected) == sorted(expected) and len(expected) == 40
    for executor in EXECUTORS:
        assert {report.path: report for report in cg.analyze([folder], threads=2, executor=executor)} == expected
    assert cg.analyze_all(folder) == expected, "one path is a path, and not a sequence of letters"


@linux_only
@pytest.mark.parametrize("executor", EXECUTORS)
def test_who_stops_early_leaves_no_process(folder, executor):
    before = set(children_of(os.getpid()))
    reports = cg.analyze([str(folder)], threads=2, executor=executor)
    assert next(reports).functions
    workers = set(children_of(os.getpid())) - before
    assert bool(workers) == (executor == "process")
    reports.close()
    assert gone_within(1, list(workers))


@pytest.mark.parametrize("executor", EXECUTORS)
def test_threads_of_a_program_may_analyse(folder, executor):
    """Handlers of signals and timers belong to the main thread, and the workers' are their own."""
    found: list = []
    threads = [
        threading.Thread(target=lambda: found.append(len(cg.analyze_all([str(folder)], threads=2, executor=executor))))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [40] * 3


def test_handlers_of_the_program_stay_and_its_pool_works(folder):
    calls: list[int] = []
    numbers = [signal.SIGINT, signal.SIGTERM]
    with multiprocessing.Pool(2) as pool:  # before the handlers: its workers would survive its own terminate() by them
        before = [signal.signal(number, lambda number, _: calls.append(number)) for number in numbers]
        try:
            handlers = [signal.getsignal(number) for number in numbers]
            assert len(cg.analyze_all([str(folder)], threads=2, executor="process")) == 40
            assert pool.map(abs, [-1, -2]) == [1, 2]
            reports = cg.analyze([str(folder)], threads=2, executor="process")
            next(reports)
            os.kill(os.getpid(), signal.SIGTERM)
            assert len(list(reports)) == 39
            assert pool.map(abs, [-3]) == [3]
            assert [signal.getsignal(number) for number in numbers] == handlers and calls == [signal.SIGTERM]
        finally:
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)


def test_what_is_wrong_is_told(folder):
    for options in (
        {"threads": 0},
        {"threads": -1},
        {"threads": 1.5},
        {"threads": True},
        {"executor": "fibres"},
        {"config": str(folder / "none.json")},
    ):
        with pytest.raises(cg.UsageError):
            cg.analyze_all([folder], **options)
    with pytest.raises(cg.UsageError, match="no such file"):
        cg.analyze_all([folder / "nowhere"])
    (folder / "f00.ts").write_bytes(bytes(range(256)) * 40)
    found = []
    with pytest.raises(cg.Incomplete) as caught:
        found.extend(cg.analyze([folder], threads=2, executor="process"))
    assert len(found) == 39 and [Path(skipped.path).name for skipped in caught.value.skipped] == ["f00.ts"]


SCRIPTS = {
    "as it comes": "import complexity_guard as cg\nprint(len(cg.analyze_all([{folder!r}], threads=2, executor='process')))\n",
    "spawning, with a guard": """
import complexity_guard as cg
machine = cg.this_machine
cg.this_machine = lambda: machine()._replace(start_method="spawn")
if __name__ == "__main__":
    print(len(cg.analyze_all([{folder!r}], threads=2, executor="process")))
""",
    "interrupted": """
import signal, os
import complexity_guard as cg
try:
    for number, report in enumerate(cg.analyze([{folder!r}], threads=2, executor="process")):
        if number == 3:
            signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print(40)
""",
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_scripts(folder, tmp_path, script):
    path = tmp_path / "script.py"
    path.write_text(script.format(folder=str(folder)))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, timeout=60, env=environment, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("40\n", "", 0)


def test_a_spawning_script_without_a_guard_gets_its_answer_and_advice(folder, tmp_path):
    """multiprocessing runs it again in each worker, and there it may not start others."""
    path = tmp_path / "script.py"
    path.write_text(
        SCRIPTS["spawning, with a guard"].replace('if __name__ == "__main__":', "if True:").format(folder=str(folder))
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, timeout=60, env=environment, check=False
    )
    assert done.stdout.split()[-1] == "40" and done.returncode == 0
    assert "Traceback" not in done.stderr and "processes cannot start" in done.stderr
    assert all(len(line) < 300 for line in done.stderr.splitlines())


def records_of(record: type) -> set[type]:
    """A record type, and those that its fields hold."""
    found = {record}
    for words in map(str, record.__annotations__.values()):
        named = [getattr(cg, word) for word in re.findall(r"[A-Z]\w+", words) if hasattr(cg, word)]
        inner = {kind for one in named for kind in getattr(one, "__args__", (one,)) if kind is not ...}
        found |= {one for kind in inner - found for one in records_of(kind)}
    return found


def test_the_names_to_rely_on_are_complete():
    """What analyze() returns and raises can be named, and the README's example needs no other name."""
    space: dict = {}
    exec("from complexity_guard import *", space)
    returned = records_of(cg.FileReport) | records_of(cg.Skipped)
    others = {"analyze", "analyze_all", "Incomplete", "UsageError"}
    for_servers = {"Checked", "ExplainedFile", "Finding", "METRIC", "NumberRow", "Summary", "Unreadable", "Workspace"}
    for_servers |= {"Session", "__version__", "checked", "regex", "start_command", "unquoted"}
    for_servers |= {"Extraction", "extraction_of", "extraction_words"}
    for_surveys = {"csv_row", "printable", "scanner_words", "survey", "without_halves"}
    assert {kind.__name__ for kind in returned} | others | for_servers | for_surveys == set(cg.__all__)
    assert set(cg.__all__) == space.keys() - {"__builtins__"}
    example = (ROOT / "README.md").read_text().partition("import complexity_guard")[2].partition("```")[0]
    assert set(re.findall(r"complexity_guard\.(\w+)", example)) <= set(cg.__all__)


def test_who_is_left_out_as_configured_is_no_failure(project):
    folder = project(
        {"a.ts": "f();", "large.ts": "f();" * 1000, ".complexityguard.json": '{"files": {"max_file_bytes": 1000}}'}
    )
    (report,) = cg.analyze([folder], config=str(folder / ".complexityguard.json"))
    assert Path(report.path).name == "a.ts"
    assert (cg.Skipped("a", "b").expected, cg.LeftOut("a", "b").expected) == (False, True)


@pytest.mark.skipif(bool(BINARY), reason="the library is the module")
def test_the_library_leaks_nothing(project):
    folder = project({f"f{i}.ts": source(i, 20) for i in range(3)})
    runs = int(os.environ.get("COMPLEXITY_GUARD_LEAK_RUNS", "1000"))
    others = set(children_of(os.getpid()))  # of other tests: a browser, say

    def usage() -> tuple[int, int]:
        return len(os.listdir("/proc/self/fd")), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    for _ in range(20):
        cg.analyze_all([str(folder)], threads=1)
    cg.analyze_all([str(folder)], threads=2, executor="process")
    files, memory = usage()
    for run in range(runs):
        executor = "process" if run % 10 == 0 else "thread" if run % 10 == 5 else "serial"
        assert len(cg.analyze_all([str(folder)], threads=2, executor=executor)) == 3
    files_after, memory_after = usage()
    assert files_after <= files
    assert memory_after - memory < 8 * 1024, "kilobytes"
    assert not set(children_of(os.getpid())) - others


@pytest.mark.skipif(bool(BINARY), reason="the library is the module")
def test_what_the_library_raises(project, monkeypatch):
    config = '{"files": {"max_file_bytes": 50}, "analysis": {"metrics": ["cognitive"]}}'
    monkeypatch.chdir(
        project(
            {
                "a.ts": "x",
                "large.ts": "x;" * 50,
                "some.json": config,
                ".complexityguard.json": '{"files": {"exclude": ["a.ts"]}}',
            }
        )
    )
    assert list(cg.analyze_all(["."])) == ["a.ts", "large.ts"]
    (report,) = cg.analyze(["."], config="some.json")
    assert (report.path, report.module.cyclomatic) == ("a.ts", None)
    with pytest.raises(cg.UsageError, match="no such file"):
        next(cg.analyze(["none.ts"]))
    with pytest.raises(cg.UsageError, match="to analyse in an empty list"):
        cg.analyze_all([])
    with pytest.raises(cg.UsageError, match="no such configuration"):
        next(cg.analyze(["."], config="none.json"))
    monkeypatch.setattr(cg, "read_bytes", lambda path: b"x" if path.endswith("a.ts") else refuse())
    with pytest.raises(cg.Incomplete) as caught:
        list(cg.analyze(["."]))
    assert caught.value.skipped == (cg.Skipped("large.ts", "it is gone"),)


def refuse():
    raise cg.Unreadable("it is gone")
