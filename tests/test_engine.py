"""The plan by value, and the engine under faults that are really provoked."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import BINARY, COMMAND, ROOT

import complexity_guard as cg

SETTINGS = cg.Settings(cg.DEFAULT_ANALYSIS)
MACHINE = cg.Machine(cpus=8, memory=16 << 30, start_methods=("fork", "spawn"))
MB = 1 << 20


@pytest.mark.parametrize(
    ("jobs", "size", "largest", "machine", "wishes", "expected"),
    [
        (1000, 10 * MB, 50_000, MACHINE, {}, ("process", 8, "fork")),
        (1000, 10 * MB, 50_000, MACHINE._replace(start_methods=("spawn",)), {}, ("process", 8, "spawn")),
        (1000, 10 * MB, 50_000, MACHINE, {"threads": 3}, ("process", 3, "fork")),
        (1000, 10 * MB, 50_000, MACHINE, {"threads": 1}, ("serial", 1, "")),
        (1000, 10 * MB, 50_000, MACHINE, {"executor": "thread"}, ("thread", 8, "")),
        (1000, 10 * MB, 50_000, MACHINE, {"executor": "serial"}, ("serial", 1, "")),
        (1000, 10 * MB, 50_000, MACHINE, {"start_method": "spawn"}, ("process", 8, "spawn")),
        (1000, 10 * MB, 50_000, MACHINE._replace(cpus=1), {}, ("serial", 1, "")),
        (3, 30_000, 20_000, MACHINE, {}, ("serial", 1, "")),  # too small for a pool
        (2, 600_000, 400_000, MACHINE, {}, ("process", 2, "fork")),  # never more workers than chunks
        (1000, 10 * MB, 50_000, MACHINE._replace(memory=256 * MB), {}, ("process", 3, "fork")),  # memory caps
        (1000, 10 * MB, 50_000, MACHINE._replace(memory=10 * MB), {}, ("serial", 1, "")),
        (0, 0, 0, MACHINE, {}, ("serial", 1, "")),
    ],
)
def test_plan(jobs, size, largest, machine, wishes, expected):
    chosen = cg.plan(jobs, size, largest, machine, SETTINGS._replace(**wishes))
    assert (chosen.executor, chosen.workers, chosen.start_method) == expected
    assert chosen.reason


def test_memory_factor_caps_workers():
    tight = MACHINE._replace(memory=400 * MB)
    few = cg.plan(1000, 10 * MB, 50_000, tight, SETTINGS._replace(memory_factor=0.4)).workers
    more = cg.plan(1000, 10 * MB, 50_000, tight, SETTINGS._replace(memory_factor=0.9)).workers
    assert 1 <= few < more


def test_chunks_hold_every_job_once_with_large_files_first():
    sizes = random.Random(7).choices((10, 5_000, 90_000, 300_000, 3_000_000), k=500)
    jobs = [cg.Job(i, f"{i}.ts", f"{i}.ts", size) for i, size in enumerate(sizes)]
    line = cg.Chunks(jobs, workers=2)
    chunks = list(iter(lambda: line.take([]), None))
    assert sorted(job.index for chunk in chunks for job in chunk) == list(range(500))
    large = [chunk for chunk in chunks if chunk[0].size >= cg.LARGE_BYTES]
    assert chunks[: len(large)] == large
    assert [chunk[0].size for chunk in large] == sorted((s for s in sizes if s >= cg.LARGE_BYTES), reverse=True)
    assert all(sum(job.size for job in chunk) <= cg.CHUNK_BYTES for chunk in chunks[len(large) :])


@pytest.mark.parametrize(("workers", "at_once"), [(1, 1), (2, 1), (3, 1), (8, 4)])
def test_half_of_the_workers_are_in_large_files_while_there_is_anything_else(workers, at_once):
    large, others = [2 * MB] * 20, [100_000] * 60
    line = cg.Chunks([cg.Job(i, f"{i}.ts", f"{i}.ts", size) for i, size in enumerate(large + others)], workers)
    flight = [line.take([]) for _ in range(at_once)]
    assert {job.size for chunk in flight for job in chunk} == {2 * MB}
    meanwhile = [line.take(flight) for _ in range(60 // 2)]
    assert sorted(job.size for chunk in meanwhile for job in chunk) == sorted(others)
    assert [line.take(flight)[0].size for _ in range(20 - at_once)] == [2 * MB] * (20 - at_once)
    assert line.take([]) is None


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"cpu.max": "200000 100000\n"}, 2.0),
        ({"cpu.max": "max 100000\n"}, None),
        ({"cpu/cpu.cfs_quota_us": "150000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1.5),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, None),
        ({}, None),
        ({"cpu.max": "garbage\n"}, None),
    ],
)
def test_cgroup_quota(tmp_path, files, expected):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert cg.cgroup_cpus(str(tmp_path)) == expected


# ── Real runs ────────────────────────────────────────────────────────────────────────────────


def source(seed: int, functions: int) -> str:
    """A file whose numbers depend on the seed."""
    rng = random.Random(seed)
    lines = []
    for i in range(functions):
        body = " ".join(rng.choice(("if (a && b) c();", "for (const x of y) { while (x) z(); }", "q ??= a ? b : c;")) for _ in range(rng.randint(1, 6)))
        lines.append(f"export function f{seed}_{i}(a = 1, b) {{ {body} }}")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> Path:
    """About 1.5 MB in 120 files: several chunks, and seconds of work for the pure-Python scanner."""
    folder = tmp_path_factory.mktemp("many")
    folder.chmod(0o755)
    for parent in folder.parents[:3]:
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    for i in range(120):
        (folder / f"f{i:03}.ts").write_text(source(i, 90 if i % 60 else 2000))
    return folder


def report_of(out: str) -> dict:
    report = json.loads(out)
    for key in ("timestamp", "metadata"):
        report.pop(key)
    return report


@pytest.fixture(scope="module")
def expected(many) -> dict:
    return report_of(start(many, "--threads", "1").communicate(timeout=300)[0])


def start(folder: Path, *args: str, **options) -> subprocess.Popen:
    command = [*COMMAND, str(folder), "-f", "json", "--fail-on", "none", *args]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, **options)


def children_of(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def wait_for_children(process: subprocess.Popen, count: int) -> list[int]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        found = children_of(process.pid)
        if len(found) >= count:
            return found
        time.sleep(0.005)
    pytest.fail("no workers appeared")


needs_setpriv = pytest.mark.skipif(not shutil.which("setpriv") or os.getuid() != 0, reason="needs root and setpriv")


def wait_until_handled(process: subprocess.Popen, number: int) -> None:
    """Until the program, not the interpreter's start, answers the signal."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        if int(status.partition("SigCgt:\t")[2].split()[0], 16) >> (number - 1) & 1:
            return
        time.sleep(0.005)


linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc and Linux namespaces")


@pytest.mark.parametrize(
    "args", [("--threads", "2"), ("--threads", "3"), ("--threads", "8"), ("--executor", "thread", "--threads", "2"), ("--executor", "serial")]
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
        executor, method = rng.choice((("process", "fork"), ("process", "spawn"), ("thread", "fork"), ("serial", "fork")))
        args = ["--threads", str(rng.choice((1, 2, 3, 8))), "--executor", executor, "--start-method", method]
        try:
            command = [*COMMAND, *few, "-f", "json", "--fail-on", "none", *args]
            report = report_of(subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=many, check=False).stdout)
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


@linux_only
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
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]]


def run_changed(folder: Path, script: Path, change: str, *args: str) -> subprocess.CompletedProcess[str]:
    """The module's main on a folder, after `change` was done to the module `cg`."""
    head = f"import os, signal, sys, time\nsys.path.insert(0, {str(ROOT)!r})\nimport complexity_guard as cg\n"
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
cg.STALL_GRACE = 1.0
"""
    done = run_changed(many, tmp_path / "run.py", change, "--file-timeout", "2")
    report = json.loads(done.stdout)
    assert done.returncode == 4, done.stderr
    assert [entry["path"] for entry in report["skipped"]] == ["f007.ts"]
    assert report["summary"]["files_analyzed"] == 119


@linux_only
@pytest.mark.skipif(bool(BINARY), reason="needs the module's own functions")
def test_files_that_kill_take_no_descriptors(many, tmp_path):
    change = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))
real = cg.Worker.outcome
def outcome(self, job):
    if job.path.startswith("f00"):
        os.kill(os.getpid(), signal.SIGSEGV)
    return real(self, job)
cg.Worker.outcome = outcome
"""
    done = run_changed(many, tmp_path / "run.py", change, "--executor", "process")
    assert done.returncode == 4, done.stderr
    report = json.loads(done.stdout)
    assert [entry["path"] for entry in report["skipped"]] == [f"f00{i}.ts" for i in range(10)]
    assert report["summary"]["files_analyzed"] == 110


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


def test_a_file_over_its_time_limit_is_named(guard, project):
    folder = project({"a.ts": "const a = 1;", "big.ts": source(1, 60_000)})
    result = guard(".", "-f", "json", "--file-timeout", "0.05", cwd=folder)
    assert result.code == 4
    assert [entry["path"] for entry in result.json["skipped"]] == ["big.ts"]
    assert [entry["path"] for entry in result.json["files"]] == ["a.ts"]


def test_files_that_vanish_or_turn_into_folders(project):
    folder = project({"a.ts": "const a = 1;"})
    (folder / "b.ts").mkdir()
    jobs = [cg.Job(i, name, str(folder / name), 10) for i, name in enumerate(("a.ts", "b.ts", "gone.ts"))]
    found = {o.path: o.skipped for o in cg.outcomes(jobs, cg.Plan("serial", 1, "", ""), SETTINGS)}
    assert found["a.ts"] == ""
    assert "directory" in found["b.ts"] or "regular" in found["b.ts"]
    assert "no such file" in found["gone.ts"]


@linux_only
@needs_setpriv
def test_permission_denied_and_read_only_folder(many):
    folder = many.parent / "denied"
    folder.mkdir(exist_ok=True)
    (folder / "open.ts").write_text("export const a = () => 1;")
    (folder / "closed.ts").write_text("export const b = () => 1;")
    (folder / "closed.ts").chmod(0)
    folder.chmod(0o555)
    powerless = ["--bounding-set", "-dac_override,-dac_read_search"]  # even root obeys file modes then
    done = with_capabilities(powerless, [*COMMAND, ".", "-f", "json"], folder)
    report = json.loads(done.stdout)
    assert done.returncode == 4
    assert report["skipped"] == [{"path": "closed.ts", "reason": "permission denied"}]
    assert [f["path"] for f in report["files"]] == ["open.ts"]


def with_capabilities(options: list[str], command: list[str], cwd: Path) -> subprocess.CompletedProcess:
    return subprocess.run(["setpriv", *options, *command], capture_output=True, text=True, timeout=300, cwd=cwd, check=False)


@linux_only
@needs_setpriv
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
@pytest.mark.skipif(not shutil.which("unshare") or os.getuid() != 0, reason="needs root and unshare")
@pytest.mark.parametrize("mounts", ["mount -t tmpfs -o ro none /dev/shm", "mount -t tmpfs -o size=1k,ro none /tmp"])
def test_without_dev_shm_or_a_writable_tmp(many, expected, mounts, tmp_path_factory):
    if "/tmp" in mounts and (str(many).startswith("/tmp") or str(ROOT).startswith("/tmp")):
        pytest.skip("the project itself lies in /tmp")
    command = ["unshare", "-m", "sh", "-c", f'{mounts} || exit 99; exec "$@"', "sh", *COMMAND, str(many), "-f", "json", "--fail-on", "none", "--threads", "2"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=many, check=False)
    if done.returncode == 99:
        pytest.skip("mounting is not allowed here")
    assert report_of(done.stdout) == expected


@linux_only
@pytest.mark.skipif(not shutil.which("unshare") or os.getuid() != 0, reason="needs root and unshare")
def test_full_disk_leaves_nothing_half_written(many, tmp_path):
    target = tmp_path / "small"
    target.mkdir()
    script = f'mount -t tmpfs -o size=64k none {target} || exit 99; "$@"; code=$?; ls -A {target}; exit $code'
    command = ["unshare", "-m", "sh", "-c", script, "sh", *COMMAND, str(many), "-f", "json", "-o", str(target / "report.json"), "--fail-on", "none"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=many, check=False)
    if done.returncode == 99:
        pytest.skip("mounting is not allowed here")
    assert done.returncode == 4
    assert done.stdout == "", "files left behind"
    assert "No space left" in done.stderr and "Traceback" not in done.stderr


@linux_only
@pytest.mark.skipif(not shutil.which("unshare") or os.getuid() != 0, reason="needs root and unshare")
def test_a_temporary_folder_that_fills_up_costs_no_result(many, expected, tmp_path):
    """Workers keep their fragments there; what does not fit comes back with the result."""
    small = tmp_path / "small"
    small.mkdir()
    script = f'mount -t tmpfs -o size=20k none {small} || exit 99; TMPDIR={small} exec "$@"'
    options = ["-f", "json", "--fail-on", "none", "--threads", "2", "--executor", "process"]
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", *COMMAND, str(many), *options], capture_output=True, text=True, timeout=300, cwd=many, check=False
    )
    if done.returncode == 99:
        pytest.skip("mounting is not allowed here")
    assert done.stderr == ""
    assert report_of(done.stdout) == expected


def test_a_closed_pipe_is_silent(many):
    command = " ".join(map(repr, [*COMMAND, str(many), "--fail-on", "none", "-f", "json"]))
    done = subprocess.run(f"{command} | head -c 10", shell=True, capture_output=True, text=True, timeout=300, check=False)
    assert len(done.stdout) == 10
    assert done.stderr == ""


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


def test_a_mistake_of_ours_costs_one_file_and_is_named(project, monkeypatch):
    folder, real = project({"a.ts": "a();", "b.ts": "b();"}), cg.digest_of

    def mistaken(report, *rest):
        return real(report, *rest) if report.path.endswith("a.ts") else 1 / 0

    monkeypatch.setattr(cg, "digest_of", mistaken)
    found = {o.path: o.skipped for o in cg.outcomes(cg.discover([str(folder)], SETTINGS)[0], cg.Plan("serial", 1, "", ""), SETTINGS)}
    assert [*found.values()] == ["", "internal error, please report it: ZeroDivisionError: division by zero"]
