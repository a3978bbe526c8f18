"""The pool: the same report by every executor, and what a worker costs that dies, cannot start, or finds no room."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import BINARY, COMMAND, ROOT
from processes import (
    METHODS,
    linux_only,
    needs_root,
    posix_only,
    report_of,
    start,
    wait_for_children,
    with_capabilities,
)
from processes import expected as expected
from processes import many as many
from tools import needs


@pytest.mark.parametrize(
    "args",
    [
        ("--threads", "2"),
        ("--threads", "3"),
        ("--threads", "8"),
        ("--executor", "thread", "--threads", "2"),
        ("--executor", "serial"),
    ],
)
def test_same_report_for_every_executor(many, expected, args):
    out, _ = start(many, *args).communicate(timeout=300)
    assert report_of(out) == expected


def test_same_report_for_spawn(many, expected):
    out, _ = start(many, "--threads", "2", "--start-method", "spawn").communicate(timeout=300)
    assert report_of(out) == expected


def test_twenty_runs_under_random_load_give_the_same_bytes(many, expected):
    rng = random.Random(11)
    few = [str(many / f"f{i:03}.ts") for i in range(0, 120, 7)]
    first = None
    for _ in range(20):
        burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(rng.randint(0, 3))]
        executor, method = rng.choice(
            (*(("process", method) for method in METHODS), ("thread", METHODS[0]), ("serial", METHODS[0]))
        )
        args = ["--threads", str(rng.choice((1, 2, 3, 8))), "--executor", executor, "--start-method", method]
        try:
            command = [*COMMAND, *few, "-f", "json", "--fail-on", "none", *args]
            report = report_of(
                subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=many, check=False).stdout
            )
        finally:
            for burner in burners:
                burner.kill()
                burner.wait()
        first = first or report
        assert report == first
    assert first["files"] == [file for file in expected["files"] if str(many / file["path"]) in few]


@linux_only
@pytest.mark.parametrize("delay", [0.0, 0.05, 0.2, 0.5])
def test_a_killed_worker_costs_no_result(many, expected, delay):
    process = start(many, "--threads", "2")
    victims = wait_for_children(process, 2)
    time.sleep(delay)
    for victim in victims[:1]:
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            pytest.skip("the run was over before the kill")
    out, _ = process.communicate(timeout=300)
    assert report_of(out) == expected
    assert process.returncode == 0


def run_changed(folder: Path, script: Path, change: str, *args: str) -> subprocess.CompletedProcess[str]:
    """The module's main on a folder, after `change` was done to the module `cg`."""
    head = "import os, signal, sys, time\nimport complexity_guard as cg\n"
    script.write_text(f"{head}{change}\nsys.exit(cg.main(sys.argv[1:]))\n")
    command = [sys.executable, str(script), "-f", "json", "--threads", "2", "--fail-on", "none", *args, "."]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=folder, check=False)


@pytest.mark.skipif(bool(BINARY), reason="needs the module's own functions")
@pytest.mark.parametrize("way", ["segfault", "hang"])
def test_a_file_that_kills_its_worker_is_named(many, tmp_path, way):
    change = f"""
real = cg.Worker.outcome
def outcome(self, job):
    if job.path.endswith("f007.ts"):
        os.kill(os.getpid(), signal.SIGSEGV) if {way == "segfault"} else time.sleep(3600)
    return real(self, job)
cg.Worker.outcome = outcome
cg.STALL_GRACE, cg.STARVED = 1.0, 1
"""
    done = run_changed(many, tmp_path / "run.py", change, "--file-timeout", "1")
    report = json.loads(done.stdout)
    assert done.returncode == 4, done.stderr
    assert [entry["path"] for entry in report["skipped"]] == ["f007.ts"]
    assert report["summary"]["files_analyzed"] == 119


def few_descriptors_and_death(descriptors: int, prefix: str) -> str:
    """A change to `cg`: files whose names begin so kill their worker, and nobody may have more descriptors open."""
    return f"""
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, ({descriptors}, {descriptors}))
real = cg.Worker.outcome
def outcome(self, job):
    if job.path.startswith("{prefix}"):
        os.kill(os.getpid(), signal.SIGSEGV)
    return real(self, job)
cg.Worker.outcome = outcome
"""


@linux_only
@pytest.mark.skipif(bool(BINARY), reason="needs the module's own functions")
def test_files_that_kill_take_no_descriptors(many, tmp_path):
    done = run_changed(many, tmp_path / "run.py", few_descriptors_and_death(60, "f00"), "--executor", "process")
    assert done.returncode == 4, done.stderr
    report = json.loads(done.stdout)
    assert [entry["path"] for entry in report["skipped"]] == [f"f00{i}.ts" for i in range(10)]
    assert report["summary"]["files_analyzed"] == 110


LATE = """
real_abandon = cg.DurablePool.abandon
def abandon(self):
    self.asked = getattr(self, "asked", 0) + 1
    return self.asked > 2 and real_abandon(self)
cg.DurablePool.abandon = abandon
"""
NEVER = """
cg.START_LIMIT = 0.5
opened = []
real_open = cg.ProcessRun.open_pool
def open_pool(self, workers):
    opened.append(workers)
    if len(opened) > 2:
        raise cg.CannotStart("none of them can start", "thread")
    return real_open(self, workers)
cg.ProcessRun.open_pool = open_pool
"""


@linux_only
@pytest.mark.skipif(bool(BINARY), reason="needs the module's own functions")
@pytest.mark.parametrize(("way", "analyzed"), [(LATE, 119), (NEVER, None)], ids=["late", "never"])
def test_after_a_file_that_kills_no_thread_goes_on(many, tmp_path, way, analyzed):
    """Descriptors that come back late are waited for; where no pool can be had, the files that are left are named."""
    change = few_descriptors_and_death(40, "f003") + way
    done = run_changed(many, tmp_path / "run.py", change, "--executor", "process")
    assert done.returncode == 4, done.stderr
    assert "thread" not in done.stderr
    report = json.loads(done.stdout)
    skipped = {entry["path"]: entry["reason"] for entry in report["skipped"]}
    assert "f003.ts" in skipped
    if analyzed:
        assert report["summary"]["files_analyzed"] == analyzed
    else:
        assert set(skipped.values()) == {"not reached: a worker was lost, and none of them can start"}
        assert len(skipped) + report["summary"]["files_analyzed"] == 120


@pytest.mark.skipif(bool(BINARY), reason="needs the module's own functions")
def test_no_file_is_blamed_for_workers_that_die_at_their_start(many, tmp_path):
    change = """
real = cg.start_worker
def start(settings, own_process, spools):
    if own_process:
        os._exit(1)
    real(settings, own_process, spools)
cg.start_worker = start
"""
    began = time.monotonic()
    done = run_changed(many, tmp_path / "run.py", change, "--executor", "process")
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - began < 60
    assert json.loads(done.stdout)["summary"]["files_analyzed"] == 120
    assert "worker processes end as soon as they start; going on with one worker" in done.stderr


@linux_only
@posix_only
@needs_root
@needs("setpriv")
def test_no_process_to_be_had(many, expected):
    # Root may always fork; nobody may not beyond the limit. It keeps the right to read all files, wherever Python lies.
    nobody = ["--reuid", "65534", "--clear-groups"]
    for kind in ("inh", "ambient"):
        nobody += [f"--{kind}-caps", "+dac_override,+dac_read_search"]
    command = ["prlimit", "--nproc=1:1", *COMMAND, str(many), "-f", "json", "--fail-on", "none", "--threads", "2"]
    done = with_capabilities(nobody, command, many)
    assert report_of(done.stdout) == expected
    assert "cannot start" in done.stderr


@linux_only
@needs_root
@needs("unshare")
@pytest.mark.parametrize("mounts", ["mount -t tmpfs -o ro none /dev/shm", "mount -t tmpfs -o size=1k,ro none /tmp"])
def test_without_dev_shm_or_a_writable_tmp(many, expected, mounts, tmp_path_factory):
    if "/tmp" in mounts and (str(many).startswith("/tmp") or str(ROOT).startswith("/tmp")):
        pytest.skip("the project itself lies in /tmp")
    command = [
        "unshare",
        "-m",
        "sh",
        "-c",
        f'{mounts} || exit 99; exec "$@"',
        "sh",
        *COMMAND,
        str(many),
        "-f",
        "json",
        "--fail-on",
        "none",
        "--threads",
        "2",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=many, check=False)
    if done.returncode == 99:
        pytest.skip("mounting is not allowed here")
    assert report_of(done.stdout) == expected


@pytest.mark.parametrize("executor", ["serial", "process", "thread"])
def test_what_a_run_does_not_reach_in_time_is_named(guard, project, executor):
    folder = project({f"{number}.ts": "f(a && b);\n" * 100_000 for number in range(40)})
    result = guard(".", "-f", "json", "--executor", executor, "--threads", "2", "--run-timeout", "0.6", cwd=folder)
    reasons = {entry["reason"] for entry in result.json["skipped"]}
    assert result.code == 4 and len(result.json["skipped"]) > 5
    assert reasons == {"not reached within 0.6 s, the time for the whole run"}
    assert len(result.json["files"]) + len(result.json["skipped"]) == 40
