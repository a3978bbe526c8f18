"""DurablePool: the private parts of multiprocessing that it stands on, in each CPython at hand, and what it promises."""

from __future__ import annotations

import ast
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import BINARY, ROOT

import complexity_guard as cg

pytestmark = pytest.mark.skipif(bool(BINARY), reason="looks at the module's own classes")

# What DurablePool needs of CPython beside what is documented: file and class in Lib/multiprocessing, name, and the version
# of CPython that had it first. No version up to 3.14 has taken one away.
PRIVATE = {
    ("pool.py", "Pool"): {
        "_change_notifier": (3, 8),
        "_get_sentinels": (3, 8),
        "_inqueue": (2, 6),
        "_outqueue": (2, 6),
        "_processes": (2, 6),
        "_quick_get": (2, 6),
        "_repopulate_pool": (2, 7),
        "_result_handler": (2, 6),
        "_setup_queues": (2, 6),
        "_state": (2, 6),  # the string "TERMINATE" since 3.8, a number before
        "_task_handler": (2, 6),
        "_taskqueue": (2, 6),
        "_terminate": (2, 6),
        "_worker_handler": (2, 7),
    },
    ("queues.py", "SimpleQueue"): {"_reader": (2, 6), "_rlock": (2, 6), "_wlock": (2, 6), "_writer": (2, 6)},
}
NAMES = {name for names in PRIVATE.values() for name in names}
TREE = ast.parse(Path(cg.__file__).read_text())
OWN = {node.name for node in ast.walk(TREE) if isinstance(node, ast.FunctionDef)} - NAMES


def private_attributes(node: ast.AST) -> set[str]:
    """Attributes with an underscore, but for the module's own methods."""
    found = {child.attr for child in ast.walk(node) if isinstance(child, ast.Attribute)}
    found |= {child.name for child in ast.walk(node) if isinstance(child, ast.FunctionDef)}
    return {name for name in found - OWN if name.startswith("_") and not name.startswith("__")}


def test_the_list_is_what_the_class_uses():
    (durable,) = (node for node in TREE.body if isinstance(node, ast.ClassDef) and node.name == "DurablePool")
    assert private_attributes(durable) == NAMES
    others = [node for node in TREE.body if node is not durable]
    assert not NAMES & set().union(*map(private_attributes, others)), "only DurablePool knows them"


def libraries() -> dict[str, Path]:
    """CPython's version -> its folder of multiprocessing: this one, those on the path, and the static binary's sources."""
    found = {sys.version.split()[0]: Path(multiprocessing.__file__).parent}
    ask = "import sys, multiprocessing; print(sys.version.split()[0], multiprocessing.__path__[0])"
    for minor in range(8, 20):
        if python := shutil.which(f"python3.{minor}"):
            done = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                version, _, folder = done.stdout.strip().partition(" ")
                found[version] = Path(folder)
    for folder in ROOT.glob("out/cache/src/cpython-*/Lib/multiprocessing"):
        found[folder.parts[-3].partition("-")[2]] = folder
    return found


def assigned(tree: ast.AST) -> set[str]:
    """What a class defines, and what its methods set on self."""
    methods = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    stores = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store))
    return methods | {node.attr for node in stores if isinstance(node.value, ast.Name) and node.value.id == "self"}


@pytest.mark.parametrize(("version", "folder"), libraries().items(), ids=list(libraries()))
def test_each_cpython_at_hand_has_what_the_list_names(version, folder):
    mine = tuple(map(int, version.split(".")[:2]))
    for (file, name), names in PRIVATE.items():
        (found,) = (
            node
            for node in ast.parse((folder / file).read_text()).body
            if isinstance(node, ast.ClassDef) and node.name == name
        )
        assert {one for one, since in names.items() if since <= mine} <= assigned(found), (file, name)
    text = (folder / "pool.py").read_text()
    functions = {node.name: node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}
    assert 'TERMINATE = "TERMINATE"' in text
    assert ast.unparse(functions["Process"].args) == "ctx, *args, **kwds"
    assert functions["worker"].args.args[0].arg == "inqueue", "what serve() calls"
    assert "while thread._state == RUN or" in text and "if thread._state != RUN:" in text


def pool_of(workers: int, method: str = "fork") -> cg.DurablePool:
    return cg.DurablePool(workers, method, os.getpid, ())


def results_of(pool: cg.DurablePool, count: int) -> dict[int, object]:
    return dict(pool.next_result(20) for _ in range(count))


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_tasks_come_back_by_number(method):
    pool = pool_of(2, method)
    for number, argument in enumerate((-1, 2, "x")):
        pool.submit(number, abs, argument)
    found = results_of(pool, 3)
    assert (found[0], found[1], type(found[2])) == (1, 2, TypeError)
    assert pool.next_result(0) is None and pool.is_alive()
    pool.finish()
    pool.abandon()
    pool.abandon()


def kill_one(pool: cg.DurablePool) -> None:
    os.kill(pool.processes[0].pid, signal.SIGKILL)
    pool.processes[0].join(10)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL")
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_a_dead_worker_is_seen_and_gets_no_successor(busy):
    """An idle worker dies with the lock for reading tasks in its hand, or waits for it."""
    for _ in range(10):
        pool = pool_of(3)
        for number in range(6 * busy):
            pool.submit(number, time.sleep, 60)
        try:
            kill_one(pool)
            # For a moment the pool's own thread may have waited for the process, and not yet noted how it ended.
            end = time.monotonic() + 10
            while pool.is_alive() and time.monotonic() < end:
                time.sleep(0.01)
            assert not pool.is_alive() and len(pool.processes) == 3
        finally:
            pool.abandon()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc")
@pytest.mark.parametrize("tasks", [0, 1, 40])
def test_an_abandoned_pool_leaves_nothing(tasks):
    """No descriptor, thread or process, whatever its threads and workers were at."""
    for _ in range(2):  # the first one loads modules, and starts what stays
        before = (len(os.listdir("/proc/self/fd")), threading.active_count(), len(multiprocessing.active_children()))
        for _ in range(8):
            pool = pool_of(2)
            for number in range(tasks):
                pool.submit(number, time.sleep, 60)
            if tasks:
                kill_one(pool)
            pool.abandon()
        after = (len(os.listdir("/proc/self/fd")), threading.active_count(), len(multiprocessing.active_children()))
    assert after == before


def test_what_was_done_before_the_end_is_delivered():
    pool = pool_of(1)
    pool.submit(0, len, b"x")
    pool.submit(1, time.sleep, 60)
    assert pool.next_result(20) == (0, 1)
    pool.abandon()
    assert pool.next_result(0) is None


def test_processes_that_cannot_start_are_no_one_elses(monkeypatch):
    """A pool that is half made ends its own processes, and no others of the program around it."""
    with multiprocessing.get_context("fork").Pool(1) as other:
        monkeypatch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(
            cg.CannotStart, match=r"processes cannot start \(no more threads\); using threads"
        ) as caught:
            pool_of(2)
        monkeypatch.undo()
        assert caught.value.instead == "thread"
        assert other.apply_async(abs, (-1,)).get(20) == 1
        end = time.monotonic() + 20
        while len(multiprocessing.active_children()) > 1 and time.monotonic() < end:
            time.sleep(0.01)
        assert len(multiprocessing.active_children()) == 1


def refuse(thread: threading.Thread) -> None:
    raise RuntimeError("no more threads")


def test_every_executor_has_a_runner():
    assert list(cg.RUNNERS) == list(cg.EXECUTORS)
    (option,) = (option for option in cg.OPTIONS if option.name == "analysis.executor")
    assert option.kind.words == ("auto", *cg.RUNNERS)


def test_half_a_message_of_a_killed_worker_is_the_end_of_them():
    """On Windows a pipe hands it over like a whole one; the pool's thread knows what the end of a pipe is, and no more."""
    reader, writer = multiprocessing.Pipe(duplex=False)
    read = cg.whole_messages(reader.recv)
    writer.send(("whole", 1))
    assert read() == ("whole", 1)
    writer.send_bytes(b"\x80\x04\x95\xff\x00\x00\x00\x00\x00\x00\x00half")
    with pytest.raises(EOFError):
        read()


def test_a_worker_whose_parent_has_gone_says_nothing(tmp_path):
    """Its start finds the pipe closed that it should read its task from."""
    reader, writer = os.pipe()
    os.close(writer)
    start = f"import sys; sys.argv[1:] = ['--multiprocessing-fork', 'tracker_fd=0', 'pipe_handle={reader}']\n"
    code = f"{start}sys.frozen = True\nimport complexity_guard; complexity_guard.freeze_support()"
    done = subprocess.run([sys.executable, "-c", code], pass_fds=[reader], capture_output=True, cwd=ROOT)
    os.close(reader)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
