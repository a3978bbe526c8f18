#!/usr/bin/env python3
"""Hostile surroundings change no report: variables of Python and the loader, locale, limits, closed or odd streams."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from _check import CLEAN, emulator, expect, kind_of, main, project, require, run, system_of

MEMORY = 256 << 20


def report(binary: Path, *paths: object, **how) -> bytes:
    """The JSON report, without what differs from run to run."""
    text = expect(0, binary, "--format", "json", "--threads", "1", *map(os.fspath, paths), **how)
    return re.sub(rb'"(timestamp|elapsed_ms)":\s*("[^"]*"|[\d.]+)', b"", text)


def variables(trap: Path) -> dict[str, dict[str, str]]:
    """Settings of the environment, each of which would break a Python that listens to it."""
    return {
        "PYTHONPATH": {"PYTHONPATH": str(trap)},
        "PYTHONHOME": {"PYTHONHOME": str(trap)},
        "PYTHON…": {
            "PYTHONSTARTUP": str(trap / "json.py"),
            "PYTHONINSPECT": "1",
            "PYTHONVERBOSE": "1",
            "PYTHONDEBUG": "1",
            "PYTHONWARNINGS": "error",
            "PYTHONIOENCODING": "utf-16",
            "PYTHONOPTIMIZE": "0",
            "PYTHONUTF8": "0",
        },
        "LD_LIBRARY_PATH": {"LD_LIBRARY_PATH": str(trap)},
        "a locale that is not installed": {"LANG": "xx_XX.UTF-8", "LC_ALL": "xx_XX.UTF-8"},
        "LC_ALL=C": {"LC_ALL": "C"},
        "TZ": {"TZ": "Nowhere/None"},
    }


def check(binary: Path) -> str:
    held, left = [], []
    with project() as folder, tempfile.TemporaryDirectory(prefix="trap-") as trap_name:
        trap = Path(trap_name)
        for name in ("json", "re", "argparse", "encodings", "sitecustomize", "complexity_guard"):
            (trap / f"{name}.py").write_text("raise SystemExit('a module of the outside was imported')\n")
        expected = report(binary, folder)
        for name, more in variables(trap).items():
            if name == "PYTHON…" and kind_of(binary).freezer == "nuitka":
                left.append(f"{name} (Nuitka's start listens to them, and has no option not to)")
                continue
            require(report(binary, folder, env={**os.environ, **more}) == expected, f"{name} changes the report")
            held.append(name)
        require(report(binary, folder, cwd=trap) == expected, "modules in the working directory are imported")
        bare = {name: value for name, value in os.environ.items() if name not in ("HOME", "USER", "LOGNAME", "TERM")}
        require(report(binary, folder, env=bare) == expected, "no HOME changes the report")
        held += ["modules in the working directory", "no HOME"]
        for name, function in KINDS.items():
            missing = function(binary, folder)
            (left if missing else held).append(f"{name} ({missing})" if missing else name)
    return f"{len(held)} kinds hold: {', '.join(held)}" + (f"; not tried: {', '.join(left)}" if left else "")


# Each of these checks one kind, or says what this machine lacks for it.


def check_streams(binary: Path, folder: Path) -> str:
    if system_of(binary) == "windows":
        return "streams are closed by a POSIX shell"
    for closed in ("<&-", "2>&-", "<&- 2>&-"):
        done = in_shell(binary, folder, closed)
        require(done.returncode == 0 and b'"functions"' in done.stdout, f"with {closed}: exit {done.returncode}")
    return ""


def check_full_disk(binary: Path, folder: Path) -> str:
    if not os.path.exists("/dev/full") or system_of(binary) == "windows":
        return "no /dev/full"
    done = in_shell(binary, folder, ">/dev/full")
    require(
        done.returncode not in (0, 120) and b"Traceback" not in done.stderr,
        f"a full disk: exit {done.returncode}: {done.stderr[-200:]}",
    )
    return ""


def in_shell(binary: Path, folder: Path, redirection: str) -> subprocess.CompletedProcess:
    command = [*emulator(binary), binary, "--format", "json", folder]
    return subprocess.run(["sh", "-c", f'exec "$@" {redirection}', "sh", *command], capture_output=True, timeout=60)


def check_memory(binary: Path, folder: Path) -> str:
    if sys.platform != "linux" or emulator(binary):
        return "only Linux keeps to such a limit" if sys.platform != "linux" else "an emulator needs more"
    import resource  # Windows has none

    limit = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))}
    require(report(binary, folder, **limit) == report(binary, folder), f"{MEMORY >> 20} MB of memory are not enough")
    return ""


def check_names(binary: Path, _: Path) -> str:
    """Names that are no UTF-8: in the arguments, and found in a folder."""
    if system_of(binary) == "windows":
        return "names are UTF-16 here"
    with project(**{"add.ts": CLEAN}) as folder:
        name = os.fsencode(folder) + b"/caf\xe9\xff.ts"
        try:
            Path(os.fsdecode(name)).write_text(CLEAN)
        except OSError as error:  # APFS
            return f"the file system takes none: {error.strerror}"
        for path in (name, os.fsencode(folder)):
            text = expect(0, binary, "--format", "json", path)
            require(b'"add"' in text, "a function is lost")
            text.decode("utf-8")
        done = run(binary, b"--no-such-option-\xff")
        require(
            done.returncode == 3 and b"Traceback" not in done.stderr,
            f"an option that is no UTF-8: exit {done.returncode}",
        )
    return ""


KINDS = {
    "closed streams": check_streams,
    "a full disk": check_full_disk,
    "names that are no UTF-8": check_names,
    f"{MEMORY >> 20} MB of address space": check_memory,
}

main(check)
