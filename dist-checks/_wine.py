"""wine, which runs programs of Windows here: without a screen, and in a home of its own that lies in out/.

Its services outlive what starts them and hold the pipes that they inherit, so they are started first, with none of ours, and
end when nothing has run for a minute. It writes to pipes and terminals; standard output that is a file it cannot write.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path

PREFIX = Path(__file__).resolve().parent.parent / "out" / "cache" / "wine"
# No message boxes for want of a screen, no browser and no .NET, which it would offer to install; and no messages of its own.
VARIABLES = {
    "WINEPREFIX": str(PREFIX),
    "WINEDEBUG": "-all",
    "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d",
}
LONGEST_START = 300


@functools.cache
def command() -> list[str]:
    """How to start a program of Windows, [] where there is no wine; its variables are set for whatever this process starts."""
    wine = shutil.which("wine")
    if not wine:
        return []
    os.environ.update(VARIABLES)
    begin(wine)
    return [wine]


def begin(wine: str) -> None:
    PREFIX.mkdir(parents=True, exist_ok=True)
    apart = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    steps = [[wine, "cmd", "/c", "exit"]]
    if server := shutil.which("wineserver"):
        steps.insert(0, [server, "-p60"])
    if not (PREFIX / "system.reg").exists():
        steps.append([wine, "winecfg", "-v", "win10"])
    for step in steps:
        subprocess.run(step, **apart, timeout=LONGEST_START, start_new_session=True)


def kept(variables: dict[str, str]) -> dict[str, str]:
    """An environment of a check with what wine itself needs."""
    return {**variables, **VARIABLES}
