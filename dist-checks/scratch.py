#!/usr/bin/env python3
"""It runs in an empty, read-only root file system that holds only the binary and the project: `FROM scratch`.

With and without /dev/shm, /proc and /tmp; on one worker and on two (which then fall back to threads where processes
cannot talk). Needs root or user namespaces.
"""

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from _check import CLEAN, Skipped, emulator, kind_of, last_line, main, require

MOUNTS = {"dev/shm": "mount -t tmpfs none {}", "proc": "mount --rbind /proc {}", "tmp": "mount -t tmpfs none {}"}
FILES = 30
GRID = ((), ("dev/shm",), ("proc",), ("tmp",), tuple(MOUNTS))


def check(binary: Path) -> str:
    if not kind_of(binary).needs_nothing:
        raise Skipped("only the static binary needs nothing: a onefile one unpacks itself and needs the system's libc")
    if emulator(binary):
        raise Skipped("an emulator is not static: it cannot enter an empty root")
    if subprocess.run(unshare("true"), capture_output=True).returncode:
        raise Skipped("this needs root or user namespaces")
    for mounts in GRID:
        for threads in ("1", "2"):
            run_in_empty_root(binary, mounts, threads)
    return f"{len(GRID)} roots × 1 and 2 workers: an empty read-only root, with and without {', '.join(MOUNTS)}"


def run_in_empty_root(binary: Path, mounts: tuple[str, ...], threads: str) -> None:
    with tempfile.TemporaryDirectory(prefix="root-") as folder:
        root = Path(folder)
        shutil.copy(binary, root / "complexity-guard")
        (root / "src").mkdir()
        for i in range(FILES):
            (root / "src" / f"f{i}.ts").write_text(CLEAN)
        for mount in mounts:
            (root / mount).mkdir(parents=True)
        name = shlex.quote(folder)
        steps = [
            f"mount --bind {name} {name}",
            f"mount -o remount,ro,bind {name}",
            *(MOUNTS[mount].format(f"{name}/{mount}") for mount in mounts),
            f"exec chroot {name} /complexity-guard --format json --threads {threads} /src",
        ]
        script = " && ".join(steps)
        done = subprocess.run(unshare(script), capture_output=True, timeout=60, stdin=subprocess.DEVNULL, cwd="/")
    where = f"with {', '.join(mounts) or 'nothing'}, {threads} worker(s)"
    require(done.returncode == 0, f"{where}: exit {done.returncode}: {last_line(done.stderr.decode(errors='replace'))}")
    require(done.stdout.count(b'"add"') >= FILES, f"{where}: not every function is in the report")


def unshare(script: str) -> list[str]:
    """Run a shell script in a mount namespace of its own, so that no mount outlives it."""
    return ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"]), "sh", "-c", script]


main(check)
