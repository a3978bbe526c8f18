#!/usr/bin/env python3
"""Each thing it does, once: version, help, clean and failing projects, every format, every way to run in parallel."""

import json
import shutil
import subprocess
from pathlib import Path

from _check import CLEAN, COMPLEX, TSX, expect, is_under_wine, last_line, main, project, require, run, system_of

START_METHODS = {"windows": ["spawn"]}  # elsewhere both
GRID = [
    ["--threads", "1"],
    ["--threads", "2"],
    ["--threads", "2", "--executor", "thread"],
    ["--threads", "2", "--executor", "serial"],
]
FILES = 24


def check(binary: Path) -> str:
    version = expect(0, binary, "--version").decode().strip()
    require(version.startswith("complexity-guard "), f"--version says {version!r}")
    require(b"--format" in expect(0, binary, "--help"), "--help does not name --format")
    with project() as clean, project(**{"bad.ts": COMPLEX}) as bad, project() as empty:
        for file in empty.iterdir():
            file.unlink()
        expect(0, binary, clean)
        require(b"tangle" in expect(1, binary, bad), "the failing function is not named")
        expect(3, binary, empty)
        expect(3, binary, "--no-such-option")
        expect(3, binary, clean / "missing.ts")
    report = expect(0, binary, "--format", "json", "-", input=CLEAN.encode(), stdin=None)
    require(functions(report) == ["add"], "standard input")
    return f"{version}; {check_engines(binary)}; {check_git(binary)}"


def check_git(binary: Path) -> str:
    """What asks git, in a repository with one change."""
    if not shutil.which("git") or is_under_wine(binary):
        return "no git here for --since"
    with project(**{"add.ts": CLEAN}) as folder:
        author = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        for command in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "x"]):
            subprocess.run(["git", *command], cwd=folder, check=True)
        (folder / "view.tsx").write_text(TSX)
        report = expect(0, binary, "--format", "json", "--since", "HEAD", ".", cwd=folder)
    require(functions(report) == ["View"], f"--since HEAD reports {functions(report)}, not the one new function")
    return "--since asks git"


def check_engines(binary: Path) -> str:
    """All executors give the same functions."""
    wanted = START_METHODS.get(system_of(binary), ["fork", "spawn"])
    methods = wanted if starts_itself(binary) else ["fork"]
    grid = [*GRID, *(["--threads", "2", "--executor", "process", "--start-method", method] for method in methods)]
    with project(**{f"f{i}.ts": CLEAN for i in range(FILES)}, **{f"v{i}.tsx": TSX for i in range(FILES)}) as folder:
        answers = [functions(run_as_told(binary, args, folder)) for args in grid]
    require(all(answer == answers[0] for answer in answers) and len(answers[0]) == 2 * FILES, "the executors differ")
    untried = "; not tried: spawn, for this system does not know how to start the emulator"
    ways = f"{len(grid)} ways of running (processes by {' and '.join(methods)})"
    return f"{ways} agree on {len(answers[0])} functions{untried if methods != wanted else ''}"


def starts_itself(binary: Path) -> bool:
    """Whether the system starts it by its name alone, as a worker that is spawned is. wine does, being a system to it."""
    if is_under_wine(binary):
        return True
    try:
        return subprocess.run([binary, "--version"], capture_output=True, timeout=60).returncode == 0
    except OSError:
        return False


def run_as_told(binary: Path, args: list[str], folder: Path) -> bytes:
    """The report of a run that really used the executor it was told, and did not fall back to another."""
    done = run(binary, "--format", "json", "--verbose", *args, folder)
    wanted = args[args.index("--executor") + 1] if "--executor" in args else ""
    said = done.stderr.decode("utf-8", "replace")
    fell_back = "using threads" in said or "going on with one worker" in said
    as_told = done.returncode == 0 and f"({wanted}" in said and not fell_back
    require(as_told, f"{' '.join(args)}: exit {done.returncode}: {last_line(said)}")
    return done.stdout


def functions(report: bytes) -> list[str]:
    names = [function["name"] for file in json.loads(report)["files"] for function in file["functions"]]
    return [name for name in names if name != "module"]


main(check)
