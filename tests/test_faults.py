"""Faults at moments that hurt, each really provoked; `make soak` does the like at random moments."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import COMMAND, ROOT, WINDOWS
from processes import (
    METHODS,
    children_of,
    gone_within,
    linux_only,
    needs_root,
    posix_only,
    report_of,
    start,
    wait_for_children,
    wait_until_handled,
)
from processes import expected as expected
from processes import many as many
from tools import needs

pytestmark = linux_only
PROCESSES = ("--executor", "process", "--threads", "2")
SLOW = (
    b"x<y<" * 100_000
)  # error recovery takes all the memory that a file may have, which is a second: a parse that only a signal ends sooner
STOPS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]


def workers_of(process: subprocess.Popen) -> list[int]:
    """Without multiprocessing's tracker of semaphores."""
    found = children_of(process.pid)
    if WINDOWS:
        return found
    return [pid for pid in found if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()]


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():
        time.sleep(0.005)
    assert condition()


def handles(pid: int, number: int) -> bool:
    caught = Path(f"/proc/{pid}/status").read_text().partition("SigCgt:\t")[2].split()[0]
    return bool(int(caught, 16) >> (number - 1) & 1)


def cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # it has ended, as what starts a process for wine does at once
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.fixture
def slow(project) -> Path:
    """Two files, so that both workers are in a parse that does not end."""
    return project({"a.tsx": SLOW, "b.tsx": SLOW})


# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────────────

CHANGES = {
    "removed": (lambda path: None, "no such file"),
    "a folder": (lambda path: path.mkdir(), "permission denied" if WINDOWS else "directory|regular"),
    "a pipe": (os.mkfifo, "not a regular file"),
    "a dead link": (lambda path: path.symlink_to("nowhere"), "no such file"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "symbolic links?"),
    "an endless device": (lambda path: path.symlink_to("/dev/zero"), "not a regular file"),
}
if WINDOWS:
    CHANGES = {name: CHANGES[name] for name in ("removed", "a folder")}


@pytest.mark.parametrize("method", METHODS)
def test_files_that_change_between_discovery_and_reading(many, expected, tmp_path, method):
    """The last files of the run, once all were found and the workers are at the first."""
    folder = tmp_path / "files"
    shutil.copytree(many, folder)
    changed = {f"f{119 - i:03}.ts": words for i, words in enumerate(CHANGES.values())}
    process = start(folder, *PROCESSES, "--start-method", method)
    wait_for_children(process, 2)
    for name, (change, _) in changed.items():
        (folder / name).unlink()
        change(folder / name)
    out, errors = process.communicate(timeout=120)
    report = report_of(out)
    skipped = {entry["path"]: entry["reason"] for entry in report["skipped"]}
    assert (process.returncode, errors) == (4, "")
    assert skipped.keys() == changed.keys()
    for name, (_, reason) in changed.items():
        assert re.search(reason, skipped[name]), (name, skipped[name])
    assert report["files"] == [entry for entry in expected["files"] if entry["path"] not in changed]


# ── Workers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", METHODS)
def test_all_workers_killed_again_and_again(many, expected, method):
    """What dies twice alone is named; everything else is right."""
    process = start(many, *PROCESSES, "--start-method", method)
    wait_for_children(process, 2)
    for _ in range(8):
        for pid in workers_of(process):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.03)
    out, errors = process.communicate(timeout=120)
    report = report_of(out)
    named = {entry["path"] for entry in report["skipped"]}
    assert process.returncode == (4 if named else 0) and "Traceback" not in errors
    assert all("died" in entry["reason"] for entry in report["skipped"]) and len(named) <= 4
    assert report["files"] == [entry for entry in expected["files"] if entry["path"] not in named]


@posix_only
def test_a_worker_that_stands_still_once_all_is_read_keeps_nobody(project):
    """It waits for more work, so that no time limit ends it."""
    folder = project({"small.ts": "f();", "large.ts": "a(b, c);" * 600_000})
    process = start(folder, *PROCESSES)
    workers = wait_for_children(process, 2)
    wait_for(lambda: max(map(cpu_of, workers)) > 0.3)  # one is at the large file, and the other has long been ready
    os.kill(min(workers, key=cpu_of), signal.SIGSTOP)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and len(report_of(out)["files"]) == 2
    assert gone_within(0.5, workers)


@pytest.mark.parametrize("method", METHODS)
def test_no_worker_survives_its_killed_parent(slow, method):
    """Nor says anything: they are in the middle of a parse, without the interpreter's lock."""
    process = start(slow, *PROCESSES, "--start-method", method)
    wait_for(
        lambda: (
            len(workers := workers_of(process)) == 2
            and all((WINDOWS or handles(pid, signal.SIGALRM)) and cpu_of(pid) > 0.2 for pid in workers)
        )
    )
    workers = workers_of(process)
    process.kill()
    assert gone_within(6, workers), "a look at the parent every two seconds"
    errors = process.communicate(timeout=10)[1]
    assert "Traceback" not in errors and (
        method == "spawn" or errors == ""
    )  # multiprocessing's tracker counts what was left


@posix_only
def test_workers_say_nothing_when_their_pipes_break(many):
    for delay in (0.05, 0.1, 0.2):
        process = start(many, *PROCESSES)
        workers = wait_for_children(process, 2)
        time.sleep(delay)
        process.kill()
        assert process.communicate(timeout=10)[1] == ""  # until the last of them has closed its standard error
        assert gone_within(3, workers)


# ── Signals ──────────────────────────────────────────────────────────────────────────────────────────────────────────

EXECUTORS = [
    PROCESSES,
    (*PROCESSES, "--start-method", "spawn"),
    ("--executor", "thread", "--threads", "2"),
    ("--executor", "serial"),
]


@posix_only
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("threads", ["1", "2"])
def test_signals_end_the_run_at_once(many, tmp_path, number, code, threads):
    process = start(many, "--threads", threads, "-o", str(tmp_path / "report.json"))
    wait_until_handled(process, signal.SIGTERM)
    workers = wait_for_children(process, 2) if threads == "2" else []
    sent = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert time.monotonic() - sent < 5, "a second is the aim; the bound is wide for busy machines"
    if process.returncode == 0:
        pytest.skip("the run was over before the signal")
    assert process.returncode == code
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []
    time.sleep(0.1)
    assert not [
        pid
        for pid in workers
        if Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]
    ]


@pytest.mark.parametrize(
    ("executor", "number", "code"),
    [(executor, *STOPS[0]) for executor in EXECUTORS] + [(PROCESSES, *stop) for stop in STOPS[1:] if not WINDOWS],
    ids=str,
)
def test_a_signal_ends_a_parse_within_a_second(slow, tmp_path, executor, number, code):
    report = tmp_path / "out" / "report.json"
    report.parent.mkdir()
    process = start(slow, *executor, "-o", str(report))
    if not WINDOWS:
        wait_until_handled(process, signal.SIGTERM)
    at_work = (
        (lambda: [pid for pid in workers_of(process) if cpu_of(pid) > 0.2])
        if "process" in executor
        else (lambda: cpu_of(process.pid) > 0.5)
    )
    wait_for(at_work)
    workers = workers_of(process)
    sent = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert time.monotonic() - sent < 3, "a second is the promise; the bound is wide for busy machines"
    assert (process.returncode, errors) == (code, "complexity-guard: interrupted\n" if number == signal.SIGINT else "")
    assert os.listdir(report.parent) == []
    assert gone_within(0.5, workers)


@posix_only
@pytest.mark.parametrize("executor", EXECUTORS, ids=" ".join)
def test_signals_upon_signals_disturb_no_cleaning_up(many, tmp_path, executor):
    for delay in (0.0, 0.01):
        process = start(many, *executor, "-o", str(tmp_path / "report.json"))
        wait_until_handled(process, signal.SIGTERM)
        time.sleep(0.15)
        workers = workers_of(process)
        for _ in range(6):
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            time.sleep(delay)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 130 and errors == "complexity-guard: interrupted\n"
        assert os.listdir(tmp_path) == []
        assert gone_within(0.5, workers)


@posix_only
def test_what_the_caller_ignores_stays_ignored(many, expected):
    def deaf() -> None:
        for number, _ in STOPS:
            signal.signal(number, signal.SIG_IGN)

    process = start(many, *PROCESSES, preexec_fn=deaf)
    wait_for_children(process, 2)
    for number, _ in STOPS:
        process.send_signal(number)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and report_of(out) == expected


IN_A_FINALIZER = """
import signal, sys, time
import complexity_guard

class Last:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

def answer(argv):
    Last()
    time.sleep(20)
    return 0

complexity_guard.answer = answer
sys.exit(complexity_guard.run_command_line([]))
"""


def test_a_signal_in_a_finalizer_is_not_lost():
    """Python drops what is raised there, and shows a traceback; an import leaves such finalizers behind, too."""
    began = time.monotonic()
    command = [sys.executable, "-c", IN_A_FINALIZER]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=30)
    assert (done.returncode, done.stderr) == (130, "complexity-guard: interrupted\n")
    assert time.monotonic() - began < 15


@posix_only
def test_ctrl_c_while_it_starts_shows_no_traceback(many):
    """From the first line of the module on: before, it is the interpreter that starts."""
    seen = set()
    for delay in range(0, 60, 5):
        process = start(many, *PROCESSES)
        wait_until_started(process)
        time.sleep(delay / 1000)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=20)
        assert "Traceback" not in errors, (delay, errors)
        assert process.returncode in (130, -signal.SIGINT) and out == ""
        seen.add(process.returncode)
    assert 130 in seen


def wait_until_started(process: subprocess.Popen) -> None:
    """Until our module runs: Python's own answer to SIGINT was there and has been put away, or ours is there."""
    wait_for(lambda: handles(process.pid, signal.SIGINT))
    wait_for(lambda: not handles(process.pid, signal.SIGINT) or handles(process.pid, signal.SIGTERM))


@posix_only
def test_a_terminals_ctrl_c_reaches_the_workers_too(many):
    for executor in EXECUTORS[:2]:
        process = start(many, *executor, start_new_session=True)
        workers = wait_for_children(process, 2)
        os.killpg(process.pid, signal.SIGINT)
        out, errors = process.communicate(timeout=20)
        assert (process.returncode, out, errors) == (130, "", "complexity-guard: interrupted\n")
        assert gone_within(0.5, workers)


# ── Limits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def limited(what: int, value: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(what, (value, value))


@posix_only
@pytest.mark.parametrize("descriptors", [8, 16])
@pytest.mark.parametrize("executor", EXECUTORS[:3], ids=" ".join)
def test_few_descriptors(many, expected, executor, descriptors):
    process = start(many, *executor, preexec_fn=limited(resource.RLIMIT_NOFILE, descriptors))
    out, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert process.returncode == 0 and report_of(out) == expected


@posix_only
@needs_root
@needs("unshare")
def test_full_disk_leaves_nothing_half_written(many, tmp_path):
    target = tmp_path / "small"
    target.mkdir()
    script = f'mount -t tmpfs -o size=64k none {target} || exit 99; "$@"; code=$?; ls -A {target}; exit $code'
    command = [
        "unshare",
        "-m",
        "sh",
        "-c",
        script,
        "sh",
        *COMMAND,
        str(many),
        "-f",
        "json",
        "-o",
        str(target / "report.json"),
        "--fail-on",
        "none",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=many, check=False)
    if done.returncode == 99:
        pytest.skip("mounting is not allowed here")
    assert done.returncode == 4
    assert done.stdout == "", "files left behind"
    assert "No space left" in done.stderr and "Traceback" not in done.stderr


@posix_only
@pytest.mark.parametrize("size", [0, 100_000])
def test_files_may_not_grow(many, expected, tmp_path, size):
    """A report that fits nowhere is named; fragments that fit nowhere stay in memory."""
    target = tmp_path / "report.json"
    process = start(many, *PROCESSES, "-o", str(target), preexec_fn=limited(resource.RLIMIT_FSIZE, size))
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 4 and "File too large" in errors and "Traceback" not in errors
    assert os.listdir(tmp_path) == []
    process = start(many, *PROCESSES, preexec_fn=limited(resource.RLIMIT_FSIZE, size))
    assert report_of(process.communicate(timeout=60)[0]) == expected


@posix_only
@pytest.mark.parametrize("megabytes", [80, 200])
@pytest.mark.parametrize("executor", EXECUTORS, ids=" ".join)
def test_little_memory(many, expected, executor, megabytes):
    """Everything, or in words what is missing."""
    process = start(many, *executor, preexec_fn=limited(resource.RLIMIT_AS, megabytes << 20))
    out, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    if out:
        report = report_of(out)
        named = {entry["path"] for entry in report["skipped"]}
        assert process.returncode == (4 if named else 0)
        assert report["files"] == [entry for entry in expected["files"] if entry["path"] not in named]
    else:
        assert process.returncode == 4 and "memory" in errors


@posix_only
@pytest.mark.parametrize("closed", ["<&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("executor", EXECUTORS, ids=" ".join)
def test_closed_streams(many, expected, tmp_path, executor, closed):
    target = tmp_path / "report.json"
    command = [*COMMAND, str(many), *executor, "--fail-on", "none", "--report", f"json={target}"]
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *command],
        cwd=many,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(target.read_text())["files"] == expected["files"]


@posix_only
def test_a_working_directory_that_is_gone(many, expected):
    gone = many.parent / "gone"
    gone.mkdir(exist_ok=True)
    command = [
        "sh",
        "-c",
        f'rmdir {gone}; exec "$@"',
        "sh",
        *COMMAND,
        str(many),
        *PROCESSES,
        "--fail-on",
        "none",
        "-f",
        "json",
    ]
    done = subprocess.run(command, cwd=gone, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
    if done.returncode != 3:  # with words
        assert [Path(entry["path"]).name for entry in json.loads(done.stdout)["files"]] == [
            entry["path"] for entry in expected["files"]
        ]
