"""What every check shares: its command line, its verdict in one line, a sample project, and ways to run the binary."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "build"))  # a check is started by hand too, and what it asks of the build stands there once

import _elf  # noqa: E402
import _macho  # noqa: E402
import _pe  # noqa: E402
import _wine  # noqa: E402
import targets  # noqa: E402

# Checks that have no meaning for a system's binaries, and why.
_LINUX = "containers and mounts are Linux's"
_WINDOWS = "it is for binaries of Windows"
NOT_FOR: dict[str, dict[str, str]] = {
    "linux-musl": {"windows_ways": _WINDOWS},
    "linux-gnu": {"windows_ways": _WINDOWS},
    "macos": {
        "container": _LINUX,
        "minimal_roots": _LINUX,
        "scratch": _LINUX,
        "windows_ways": _WINDOWS,
    },
    "windows": {
        "container": _LINUX,
        "libc_floor": "asks for no glibc: `links` tells the oldest Windows",
        "minimal_roots": _LINUX,
        "scratch": _LINUX,
    },
}


class Failed(Exception):
    """The binary does not meet the check."""


class Skipped(Exception):
    """The check cannot be made here; the message says why."""


def main(check: Callable[[Path], str]) -> None:
    """Run `check BINARY`: exit 0 and one line of figures when it holds or cannot be made here, 1 when it fails."""
    name = Path(sys.argv[0]).stem
    if len(sys.argv) != 2:
        sys.exit(f"usage: {name} BINARY")
    binary = Path(sys.argv[1]).resolve()
    try:
        if not binary.is_file():
            raise Failed(f"no such file: {binary}")
        if reason := NOT_FOR.get(system_of(binary), {}).get(name):
            raise Skipped(reason)
        print(f"ok    {name}: {check(binary)}")
    except Skipped as reason:
        print(f"skip  {name}: {reason}")
    except Failed as reason:
        print(f"FAIL  {name}: {reason}")
        sys.exit(1)


def kind_of(binary: Path) -> targets.Kind:
    """How the binary was made, by the folder that it lies in."""
    return targets.kind_of(binary.parent.name)


def system_of(binary: Path) -> str:
    return kind_of(binary).triple.partition("-")[2]


def require(condition: object, message: str) -> None:
    if not condition:
        raise Failed(message)


# ── Running it ───────────────────────────────────────────────────────────────────────────────────────────────────────


def run(binary: Path, *args: str | bytes, timeout: float = 120, **how) -> subprocess.CompletedProcess:
    """Run to the end, with bytes for output; a hang is a failure."""
    how.setdefault("stdin", subprocess.DEVNULL)
    command = [*emulator(binary), binary, *args]
    if "env" in how and is_under_wine(binary):
        how["env"] = _wine.kept(how["env"])
    try:
        return subprocess.run(command, capture_output=True, timeout=timeout, **how)
    except subprocess.TimeoutExpired:
        raise Failed(f"{shown(args)}: no end within {timeout:.0f} s") from None


def expect(code: int, binary: Path, *args: str | bytes, **how) -> bytes:
    """Standard output of a run that must end with this code and without a traceback."""
    done = run(binary, *args, **how)
    said = done.stderr.decode("utf-8", "replace")
    require(done.returncode == code, f"{shown(args)}: exit {done.returncode}, not {code}: {last_line(said)}")
    require("Traceback" not in said, f"{shown(args)}: traceback: {last_line(said)}")
    return done.stdout


def emulator(binary: Path) -> list[str]:
    """How to start the binary here: as it is, under wine, or under qemu's user mode when it is for another machine."""
    if is_under_wine(binary):
        if command := _wine.command():
            return command
        promised = "wine" in os.environ.get("COMPLEXITY_GUARD_EXPECT", "").split(",")
        raise (Failed if promised else Skipped)("built for Windows, and no wine here")
    if _macho.machine_of(binary) and sys.platform != "darwin":
        raise Skipped("built for macOS, and nothing here runs that")
    machine = _elf.machine_of(binary)
    if machine in (None, os.uname().machine if hasattr(os, "uname") else None):
        return []
    here = shutil.which(f"qemu-{machine}-static") or shutil.which(f"qemu-{machine}")
    found = os.environ.get(f"QEMU_{machine.upper()}") or here
    if not found:
        raise Skipped(f"built for {machine}, and no qemu-{machine} here")
    return [found]


def is_under_wine(binary: Path) -> bool:
    return os.name != "nt" and _pe.machine_of(binary) is not None


def shown(args: tuple) -> str:
    return " ".join(["complexity-guard", *(os.fsdecode(arg) for arg in args)])


def last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:300] if lines else "nothing on standard error"


def timed(command: list, runs: int) -> tuple[float, float]:
    """Median wall time and least CPU time of a command in ms, after one run to warm up.

    Where the system does not add up the CPU time of finished children (Windows), the least wall time stands for it.
    """
    walls, cpus = [], []
    for _ in range(runs + 1):
        start, spent = time.perf_counter(), cpu_of_children()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        require(done.returncode == 0, f"exit {done.returncode}, not 0")
        walls.append(1000 * (time.perf_counter() - start))
        cpus.append(1000 * (cpu_of_children() - spent) if COUNTS_CHILDREN else walls[-1])
    return sorted(walls[1:])[runs // 2], min(cpus[1:])


COUNTS_CHILDREN = os.name == "posix"


def cpu_of_children() -> float:
    """Seconds, in microseconds' steps where the system tells them so; os.times counts in hundredths."""
    if not COUNTS_CHILDREN:
        return 0
    import resource

    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


# ── What to run it on ────────────────────────────────────────────────────────────────────────────────────────────────

CLEAN = "export function add(a: number, b: number): number {\n  return a + b;\n}\n"
BRANCHES = "".join(
    f"  if (a > {i}) {{ if (b > {i}) {{ while (c < {i}) {{ c += a && b || c; }} }} }}\n" for i in range(30)
)
COMPLEX = f"export function tangle(a: number, b: number, c: number): number {{\n{BRANCHES}  return c;\n}}\n"
TSX = "export const View = (p: { on: boolean }) => <div>{p.on ? <b>yes</b> : null}</div>;\n"


@contextlib.contextmanager
def project(**files: str) -> Iterator[Path]:
    """A folder with these files; without any, a small clean project of both languages."""
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        for name, text in (files or {"add.ts": CLEAN, "view.tsx": TSX}).items():
            (Path(folder) / name).write_text(text, "utf-8", newline="\n")
        yield Path(folder)


@contextlib.contextmanager
def unpacked(binary: Path) -> Iterator[list[Path]]:
    """Every ELF that the binary puts on disk while it runs, itself first.

    It runs on a project whose report does not fit a pipe, so it is alive and fully unpacked while we look.
    """
    with tempfile.TemporaryDirectory(prefix="unpack-") as place, project(**{"many.ts": many()}) as source:
        process = subprocess.Popen(
            [*emulator(binary), binary, "--format", "json", "--threads", "1", source],
            env={**os.environ, "TMPDIR": place},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            require(process.stdout.read(1), "no report to read")
            files = sorted(path for path in Path(place).rglob("*") if path.is_file())
            yield [binary, *(path for path in files if path.read_bytes()[:4] == b"\x7fELF")]
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            process.stdout.close()


def many() -> str:
    return "".join(CLEAN.replace("add", f"add{i}") for i in range(2000))
