#!/usr/bin/env python3
"""What Windows does otherwise: drives, backslashes, names that are devices, letters of either case, long paths, files that
somebody holds, readers that have gone, lines' ends, Ctrl-C. Under wine too, which follows Windows in all of these.
"""

import contextlib
import csv
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from _check import CLEAN, COMPLEX, emulator, expect, is_under_wine, last_line, main, project, require, run

LONG = 300  # characters: more than the 260 that a path had until Windows 10
FILES = 40
BEGUN = 20_000  # KB of a process that runs our program


def check(binary: Path) -> str:
    held = []
    for words, function in WAYS.items():
        with project(**{"add.ts": CLEAN}) as folder:
            missing = function(binary, folder)
        held.append(f"{words} ({missing})" if missing else words)
    return f"{len(held)} hold: {', '.join(held)}"


def on_drive(folder: Path) -> str:
    """A path as Windows has it. wine shows the whole system as drive Z:."""
    return str(folder) if os.name == "nt" else "Z:" + str(folder).replace("/", "\\")


def names(report: bytes) -> int:
    return report.count(b'"qualified_name": "add"')


def paths(binary: Path, folder: Path) -> str:
    """Forward and backward, with a drive and without, from another folder; reports have slashes."""
    (folder / "deep").mkdir()
    (folder / "deep" / "two.ts").write_text(CLEAN)
    for argument in (
        on_drive(folder),
        ".\\",
        "deep\\two.ts",
        "deep/two.ts",
        ".\\deep\\..\\deep",
        on_drive(folder) + "\\deep",
    ):
        report = expect(0, binary, "--format", "json", argument, cwd=folder)
        require(names(report) and b"\\\\" not in report, f"{argument}: {report[-200:]!r}")
    report = expect(0, binary, "--format", "json", "--exclude", "deep/**", on_drive(folder), cwd=folder)
    require(names(report) == 1, "--exclude deep/** finds another number of files")
    done = run(binary, "--exclude", "deep\\two.ts", ".", cwd=folder)
    require(done.returncode == 3 and b"with / between folders" in done.stderr, f"a \\ in a glob: {done.stderr!r}")
    return ""


def shares(binary: Path, folder: Path) -> str:
    """\\\\server\\share, by the machine's own name for its first drive."""
    if os.name != "nt":
        done = run(binary, "\\\\nowhere\\share\\a.ts")
        require(done.returncode == 3 and b"Traceback" not in done.stderr, f"a share: {done.stderr!r}")
        return "one that is not there"
    drive, rest = os.path.splitdrive(folder)
    report = expect(0, binary, "--format", "json", f"\\\\localhost\\{drive[0]}${rest}")
    require(names(report) == 1, "a share")
    return ""


def devices(binary: Path, folder: Path) -> str:
    """NUL is there in every folder, and nothing can be kept in it; a report to it goes nowhere."""
    expect(0, binary, "--output", "NUL", ".", cwd=folder)
    for name in ("NUL", "CON", "COM1", "aux.ts", "nul.ts"):
        done = run(binary, name, cwd=folder, timeout=30)
        require(done.returncode in (0, 3, 4) and b"Traceback" not in done.stderr, f"{name}: exit {done.returncode}")
    return ""


def cases(binary: Path, folder: Path) -> str:
    """One file by names of either case is one file."""
    report = expect(0, binary, "--format", "json", "ADD.TS", "add.ts", "Add.ts", cwd=folder)
    require(names(report) == 1, f"one file is analysed {names(report)} times")
    return ""


def long_paths(binary: Path, folder: Path) -> str:
    deep = folder
    while len(str(deep)) < LONG:
        deep /= "x" * 50
    deep.mkdir(parents=True)
    (deep / "two.ts").write_text(CLEAN)
    report = expect(0, binary, "--format", "json", folder)
    require(names(report) == 2, "a file at the end of a long path is lost")
    found = f"{len(str(deep / 'two.ts'))} characters"
    if is_under_wine(binary):
        return f"{found}, found in a folder: wine does not tell the real name of longer ones than 260"
    report = expect(0, binary, "--format", "json", "--output", str(deep / "report.json"), deep / "two.ts")
    require(not report and names((deep / "report.json").read_bytes()) == 1, "a long path is not written to")
    return f"{found}, found, named, and written to"


def held_files(binary: Path, folder: Path) -> str:
    """A report is not written over a file that somebody has open; what was there stays, and nothing else."""
    if os.name != "nt":
        return "on Windows alone: what a program of Linux holds, wine does not know"
    with (folder / "report.json").open("wb") as file:
        file.write(b"before")
        file.flush()
        done = run(binary, "--format", "json", "--output", "report.json", ".", cwd=folder)
    require(done.returncode == 4 and b"cannot write" in done.stderr, f"exit {done.returncode}: {done.stderr!r}")
    left = sorted(path.name for path in folder.iterdir())
    require(left == ["add.ts", "report.json"] and (folder / "report.json").read_bytes() == b"before", f"left: {left}")
    return ""


def gone_readers(binary: Path, folder: Path) -> str:
    """Who reads has heard enough, which is no fault."""
    for i in range(FILES):
        (folder / f"{i}.ts").write_text(COMPLEX)
    command = [*emulator(binary), binary, "--format", "json", "--fail-on", "none", "."]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder) as process:
        process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read()
    require(process.returncode == 0 and not said, f"exit {process.returncode}: {said!r}")
    return ""


def line_ends(binary: Path, folder: Path) -> str:
    """The same bytes as elsewhere, of reports and of messages."""
    (folder / "bad.ts").write_text(COMPLEX)
    done = run(binary, "--verbose", ".", cwd=folder)
    require(done.stderr and b"\r" not in done.stdout + done.stderr, f"ends of lines: {done.stderr!r}")
    return ""


def servers(binary: Path, folder: Path) -> str:
    """A message comes whole and alone, with the ends of lines that its protocol wants."""
    asked = b'{"jsonrpc": "2.0", "id": 7, "method": "ping"}'
    line = run(binary, "mcp", cwd=folder, input=asked + b"\n", stdin=None).stdout
    require(line.endswith(b"\n") and json.loads(line)["id"] == 7 and b"\r" not in line, f"mcp answers {line!r}")
    framed = b"Content-Length: %d\r\n\r\n%b" % (len(asked), asked)
    said = run(binary, "lsp", cwd=folder, input=framed, stdin=None).stdout
    head, _, body = said.partition(b"\r\n\r\n")
    require(head == b"Content-Length: %d" % len(body) and json.loads(body)["id"] == 7, f"lsp answers {said!r}")
    return ""


def no_fork(binary: Path, folder: Path) -> str:
    done = run(binary, "--start-method", "fork", "--threads", "2", ".", cwd=folder)
    require(done.returncode == 3 and b"cannot fork" in done.stderr, f"exit {done.returncode}: {done.stderr!r}")
    return ""


def long_run(binary: Path, folder: Path) -> list[str | Path]:
    """A command that takes some seconds, by two workers: of a tenth of this code, it was over before the signal came."""
    for i in range(FILES):
        (folder / f"{i}.ts").write_text(COMPLEX * 400)
    flags = "--format json --threads 2 --executor process --no-cache"
    return [*emulator(binary), binary, *flags.split(), "."]


def keys(binary: Path, folder: Path) -> str:
    """Ctrl-C ends a run with 130 and Ctrl-Break with 149, without a traceback; wine makes the first of SIGINT."""
    windows = os.name == "nt"
    command = long_run(binary, folder)
    flags = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if windows else {"start_new_session": True}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, **flags)
    time.sleep(1.5)
    if process.poll() is not None:
        process.communicate()
        return "the run was over too soon"
    started = time.monotonic()
    process.send_signal(signal.CTRL_BREAK_EVENT if windows else signal.SIGINT)
    try:
        _, said = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        require(False, "it does not end")
    took = time.monotonic() - started
    require(b"Traceback" not in said, f"traceback: {last_line(said.decode(errors='replace'))}")
    require(process.returncode == (149 if windows else 130), f"exit {process.returncode}: {said[-200:]!r}")
    return f"{'Ctrl-Break' if windows else 'Ctrl-C'}, after {took:.1f} s"


def processes(binary: Path, least: int = 0) -> set[int]:
    """Those that run this file, and take so many KB; wine's are Linux's as well, with the file's name in either system's
    form."""
    if os.name == "nt":
        command = ["tasklist", "/FI", f"IMAGENAME eq {binary.name}", "/FO", "CSV", "/NH"]
        rows = csv.reader(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines())
        sizes = {int(row[1]): int("".join(filter(str.isdigit, row[4]))) for row in rows if len(row) > 4}
        return {process for process, size in sizes.items() if size >= least}
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = process.joinpath("cmdline").read_bytes().replace(b"\\", b"/")
            size = int(process.joinpath("statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 10
            found |= {int(process.name)} if bytes(binary) in words and size >= least else set()
    return found


def killed_parents(binary: Path, folder: Path) -> str:
    """Workers end with their parent, also where it had no time to tell them: nobody puts them into a job object."""
    command = long_run(binary, folder)
    before = processes(binary)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder)
    # wine leaves a process behind whose parent is killed while it makes it; one that has begun takes some 40 MB.
    count = len(waited(lambda: processes(binary, BEGUN) - before, lambda found: len(found) > 2))
    process.kill()
    killed = time.monotonic()
    left = waited(lambda: processes(binary) - before, lambda found: not found)
    process.stdout.close()  # not read to its end: what wine starts beside the program may hold it open
    process.stderr.close()
    process.wait()
    require(not left, f"{len(left)} of {count} processes are left")
    return f"{count} processes, the last after {time.monotonic() - killed:.1f} s"


def waited(look: Callable[[], set[int]], is_enough: Callable[[set[int]], bool]) -> set[int]:
    until = time.monotonic() + 30
    while not is_enough(found := look()) and time.monotonic() < until:
        time.sleep(0.05)
    return found


WAYS = {
    "drives and backslashes": paths,
    "shares": shares,
    "names of devices": devices,
    "letters of either case": cases,
    "long paths": long_paths,
    "files that are held": held_files,
    "readers that have gone": gone_readers,
    "ends of lines": line_ends,
    "servers": servers,
    "no fork": no_fork,
    "keys": keys,
    "killed parents": killed_parents,
}

if __name__ == "__main__":
    main(check)
