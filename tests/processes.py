"""Runs of the program as processes of their own, and what Linux tells of them."""

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
from conftest import COMMAND, WINDOWS

import complexity_guard as cg

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc and Linux namespaces")
posix_only = pytest.mark.skipif(WINDOWS, reason="accounts, signals, limits and streams of POSIX")
METHODS = ["spawn"] if WINDOWS else ["fork", "spawn"]
needs_root = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="needs root")


def source(seed: int, functions: int) -> str:
    """A file whose numbers depend on the seed."""
    rng = random.Random(seed)
    lines = []
    for i in range(functions):
        body = " ".join(
            rng.choice(("if (a && b) c();", "for (const x of y) { while (x) z(); }", "q ??= a ? b : c;"))
            for _ in range(rng.randint(1, 6))
        )
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


def answer_signals() -> None:
    """Signals that end a run have their default action, as in a terminal: `nohup make test` has SIGHUP ignored, which a
    child inherits, and a background job of sh SIGINT."""
    for number in cg.STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)


def start(folder: Path, *args: str, **options) -> subprocess.Popen:
    if os.name == "posix":
        options.setdefault("preexec_fn", answer_signals)
    command = [*COMMAND, str(folder), "-f", "json", "--fail-on", "none", *args]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, **options)


def with_readers_gone(command: list[str], *streams: str, **options) -> subprocess.CompletedProcess:
    """A run that writes into pipes whose readers went before it began."""
    reader, writer = os.pipe()
    os.close(reader)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **dict.fromkeys(streams, writer)}
    try:
        return subprocess.run(command, **pipes, timeout=60, check=False, **options)
    finally:
        os.close(writer)


def children_of(pid: int) -> list[int]:
    if WINDOWS:
        return children_under_wine(pid)
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def children_under_wine(pid: int) -> list[int]:
    """Whom wine starts is no child of ours: they are told by their program, and by the folder that they are in."""
    found = {int(path.name): program_of(path) for path in Path("/proc").glob("[0-9]*")}
    return [other for other, program in found.items() if program[0] and program == found.get(pid) and other != pid]


def program_of(process: Path) -> tuple[str, str]:
    try:
        name = process.joinpath("cmdline").read_text("utf-8", "replace").partition("\0")[0]
        return name.replace("\\", "/").rpartition("/")[2], os.readlink(process / "cwd")
    except OSError:
        return "", ""


def wait_for_children(process: subprocess.Popen, count: int) -> list[int]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        found = children_of(process.pid)
        if len(found) >= count:
            return found
        time.sleep(0.005)
    pytest.fail("no workers appeared")


def wait_until_handled(process: subprocess.Popen, number: int) -> None:
    """Until the program, not the interpreter's start, answers the signal."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        if int(status.partition("SigCgt:\t")[2].split()[0], 16) >> (number - 1) & 1:
            return
        time.sleep(0.005)


def with_capabilities(options: list[str], command: list[str], cwd: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["setpriv", *options, *command], capture_output=True, text=True, timeout=300, cwd=cwd, check=False
    )


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def gone_within(seconds: float, pids: list[int]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(map(is_there, pids)):
        time.sleep(0.02)
    return not any(map(is_there, pids))
