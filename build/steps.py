"""How a freezer runs its steps: in an environment that leaves no trace in the binary, quietly until one fails."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

EPOCH = 315532800  # 1980-01-01, the earliest time that a zip file can state


def environment(*unwanted: str, **more: str) -> dict[str, str]:
    """This process's variables without those of Python and those whose names begin with one of `unwanted`.

    The time and the hash seed are fixed, so that two builds give the same bytes.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", *unwanted))}
    epoch = os.environ.get("SOURCE_DATE_EPOCH", str(EPOCH))
    return {**kept, "SOURCE_DATE_EPOCH": epoch, "PYTHONHASHSEED": "0", **more}


def run(command: list[str], cwd: Path, variables: dict[str, str], log: Path | None = None) -> None:
    """Run one step; on failure show the end of what it said."""
    done = subprocess.run(
        command, cwd=cwd, env=variables, text=True, errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if log:
        log.write_text(done.stdout)
    if done.returncode:
        raise SystemExit(f"{done.stdout[-4000:]}\nfailed ({done.returncode}): {' '.join(command)[:400]}")
