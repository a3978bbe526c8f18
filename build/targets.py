"""The machines we release for: one row each. `python build/targets.py` prints the release matrix as JSON."""
from __future__ import annotations

import json
import platform
import re
import sys
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent.parent / "complexity_guard.py"

MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}  # other names that platform.machine() gives
SYSTEMS = {"linux": "linux-musl", "darwin": "macos", "win32": "windows"}


@dataclass(frozen=True, slots=True)
class Target:
    triple: str    # our name: of the folder under out/dist and of the release archive
    freezer: str   # that makes the binary we release
    runner: str    # the GitHub runner that builds and checks it natively
    archive: str   # "tar.gz" or "zip"

    @property
    def machine(self) -> str:
        return self.triple.partition("-")[0]

    @property
    def binary_name(self) -> str:
        return "complexity-guard.exe" if self.triple.endswith("windows") else "complexity-guard"


TARGETS: dict[str, Target] = {target.triple: target for target in (
    Target("x86_64-linux-musl", "static", "ubuntu-24.04", "tar.gz"),
    Target("aarch64-linux-musl", "static", "ubuntu-24.04-arm", "tar.gz"),
    Target("x86_64-macos", "pyinstaller", "macos-15-intel", "tar.gz"),
    Target("aarch64-macos", "pyinstaller", "macos-15", "tar.gz"),
    Target("x86_64-windows", "pyinstaller", "windows-2022", "zip"),
)}


def machine() -> str:
    name = platform.machine().lower()
    return MACHINES.get(name, name)


def version() -> str:
    """The program's version, from the one place that states it."""
    return re.search(r'^__version__ = "([^"]+)"$', PROGRAM.read_text("utf-8"), re.MULTILINE)[1]


def native_triple() -> str:
    """The release target that this machine is."""
    return f"{machine()}-{SYSTEMS.get(sys.platform, sys.platform)}"


def native_folder(freezer: str) -> str:
    """Where under out/dist a freezer that packs this machine's own Python puts its binary.

    On Linux that binary needs glibc, so it is not the release and must not lie where the static one does.
    """
    triple = native_triple().replace("linux-musl", "linux-gnu")
    return triple if freezer == "pyinstaller" else f"{triple}-{freezer}"


if __name__ == "__main__":
    rows = [{"triple": t.triple, "freezer": t.freezer, "runner": t.runner, "archive": t.archive} for t in TARGETS.values()]
    json.dump({"include": rows}, sys.stdout)
