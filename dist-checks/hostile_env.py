#!/usr/bin/env python3
"""A hostile surrounding changes no report: variables of Python and the loader, locale, limits, closed or odd streams."""
import os
import re
import resource
import subprocess
import tempfile
from pathlib import Path

from _check import CLEAN, emulator, expect, main, project, require, run

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
        "PYTHON…": {"PYTHONSTARTUP": str(trap / "json.py"), "PYTHONINSPECT": "1", "PYTHONVERBOSE": "1", "PYTHONDEBUG": "1",
                    "PYTHONWARNINGS": "error", "PYTHONIOENCODING": "utf-16", "PYTHONOPTIMIZE": "0", "PYTHONUTF8": "0"},
        "LD_LIBRARY_PATH": {"LD_LIBRARY_PATH": str(trap)},
        "a locale that is not installed": {"LANG": "xx_XX.UTF-8", "LC_ALL": "xx_XX.UTF-8"},
        "LC_ALL=C": {"LC_ALL": "C"},
        "TZ": {"TZ": "Nowhere/None"},
    }


def check(binary: Path) -> str:
    held = []
    with project() as folder, tempfile.TemporaryDirectory(prefix="trap-") as trap_name:
        trap = Path(trap_name)
        for name in ("json", "re", "argparse", "encodings", "sitecustomize", "complexity_guard"):
            (trap / f"{name}.py").write_text("raise SystemExit('a module of the outside was imported')\n")
        expected = report(binary, folder)
        for name, more in variables(trap).items():
            require(report(binary, folder, env={**os.environ, **more}) == expected, f"{name} changes the report")
            held.append(name)
        require(report(binary, folder, cwd=trap) == expected, "modules in the working directory are imported")
        bare = {name: value for name, value in os.environ.items() if name not in ("HOME", "USER", "LOGNAME", "TERM")}
        require(report(binary, folder, env=bare) == expected, "no HOME changes the report")
        held += ["modules in the working directory", "no HOME"]
        held += [check_streams(binary, folder), check_names(binary)]
        if not emulator(binary):
            limit = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))}
            require(report(binary, folder, **limit) == expected, "256 MB of memory are not enough")
            held.append("256 MB of address space")
    return f"{len(held)} kinds hold: {', '.join(held)}"


def check_streams(binary: Path, folder: Path) -> str:
    command = [*emulator(binary), binary, "--format", "json", folder]
    for closed in ("<&-", "2>&-", "<&- 2>&-"):
        done = subprocess.run(["sh", "-c", f'exec "$@" {closed}', "sh", *command], capture_output=True, timeout=60)
        require(done.returncode == 0 and b'"functions"' in done.stdout, f"with {closed}: exit {done.returncode}")
    full = subprocess.run(["sh", "-c", 'exec "$@" >/dev/full', "sh", *command], capture_output=True, text=True, timeout=60)
    require(full.returncode not in (0, 120) and "Traceback" not in full.stderr, f"a full disk: exit {full.returncode}: {full.stderr[-200:]}")
    return "closed streams and a full disk"


def check_names(binary: Path) -> str:
    """Names that are no UTF-8: in the arguments, and found in a folder."""
    with project(**{"add.ts": CLEAN}) as folder:
        name = os.fsencode(folder) + b"/caf\xe9\xff.ts"
        Path(os.fsdecode(name)).write_text(CLEAN)
        for path in (name, os.fsencode(folder)):
            text = expect(0, binary, "--format", "json", path)
            require(b'"add"' in text, "a function is lost")
            text.decode("utf-8")
        done = run(binary, b"--no-such-option-\xff")
        require(done.returncode == 3 and b"Traceback" not in done.stderr, f"an option that is no UTF-8: exit {done.returncode}")
    return "names that are no UTF-8"


main(check)
