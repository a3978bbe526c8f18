"""What is frozen, and the machines we release for, one row each.

`python build/targets.py` prints the release matrix as JSON.
"""

from __future__ import annotations

import dataclasses
import json
import platform
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "out" / "dist"  # what was built: a folder of each target's name, and in it the binary

# The modules that a binary holds beside the kernel and the standard library. The first one is the program: it is
# started, and states the version. The others are imported when an option asks for them, so the static binary stores
# them packed.
PROGRAMS = (ROOT / "complexity_guard.py", ROOT / "complexity_guard_server.py")
# And what pip installs beside them, wherever it lies here: for programs in Python, so no binary holds it.
LIBRARY = (ROOT / "scripts" / "complexity_guard_survey.py",)

MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}  # other names that platform.machine() gives
SYSTEMS = {"linux": "linux-musl", "darwin": "macos", "win32": "windows"}


@dataclass(frozen=True, slots=True)
class Target:
    triple: str  # our name: of the folder under out/dist and of the release archive
    freezer: str  # that makes the binary we release
    builder: str  # the GitHub runner that builds it: of x86-64, for which there is what packs most tightly; and
    runner: str  # the one of its own kind, which checks it
    archive: str  # "tar.gz" or "zip"

    @property
    def machine(self) -> str:
        return self.triple.partition("-")[0]

    @property
    def binary_name(self) -> str:
        return "complexity-guard.exe" if self.triple.endswith("windows") else "complexity-guard"


FREEZERS = ("static", "pyinstaller", "nuitka")  # each is build/freeze_<name>.py, with freeze(triple, work) -> Path

ROWS = (
    Target("x86_64-linux-musl", "static", "ubuntu-24.04", "ubuntu-24.04", "tar.gz"),
    Target("aarch64-linux-musl", "static", "ubuntu-24.04", "ubuntu-24.04-arm", "tar.gz"),
    Target("x86_64-macos", "static", "ubuntu-24.04", "macos-15-intel", "tar.gz"),
    Target("aarch64-macos", "static", "ubuntu-24.04", "macos-15", "tar.gz"),
    Target("x86_64-windows", "static", "ubuntu-24.04", "windows-2022", "zip"),
)
TARGETS: dict[str, Target] = {target.triple: target for target in ROWS}


def machine() -> str:
    name = platform.machine().lower()
    return MACHINES.get(name, name)


def version() -> str:
    """The program's version, from the one place that states it."""
    return re.search(r'^__version__ = "([^"]+)"$', PROGRAMS[0].read_text("utf-8"), re.MULTILINE)[1]


def native_triple() -> str:
    """The release target that this machine is."""
    return f"{machine()}-{SYSTEMS.get(sys.platform, sys.platform)}"


def built() -> list[str]:
    """The release targets whose binary is in out/dist."""
    return [triple for triple in TARGETS if binary_of(triple).exists()]


def binary_of(triple: str) -> Path:
    """Where the binary lies that is released for a target."""
    return DIST / triple / TARGETS[triple].binary_name


def kernel_of(triple: str) -> Path:
    """Where the kernel lies that a wheel for a target has: beside the binary (freeze_kernel.py)."""
    suffix = ".pyd" if triple.endswith("windows") else ".abi3.so"
    return binary_of(triple).with_name(f"complexity_guard_kernel{suffix}")


# ── Folders of out/dist ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Kind:
    """How a binary was made. Its folder is named after its target if it is what we release for it."""

    freezer: str
    triple: str

    @property
    def is_released(self) -> bool:
        return self.triple in TARGETS and TARGETS[self.triple].freezer == self.freezer

    @property
    def needs_nothing(self) -> bool:
        """Whether it runs on a Linux system that holds no other file."""
        return self.freezer == "static" and self.triple.endswith("linux-musl")

    @property
    def folder(self) -> str:
        """PyInstaller and Nuitka pack this machine's own Python, which on Linux needs glibc."""
        if self.is_released or self.freezer == "static":
            return self.triple if self.is_released else f"{self.triple}-static"
        triple = self.triple.replace("linux-musl", "linux-gnu")
        is_alone = triple != self.triple and self.freezer == "pyinstaller"
        return triple if is_alone else f"{triple}-{self.freezer}"


def kind_of(folder: str) -> Kind:
    """How the binary in a folder of this name was made; what we do not know was made by PyInstaller."""
    kinds = (Kind(freezer, triple) for triple in TARGETS for freezer in FREEZERS)
    return next((kind for kind in kinds if kind.folder == folder), Kind("pyinstaller", folder))


if __name__ == "__main__":
    json.dump({"include": [dataclasses.asdict(target) for target in TARGETS.values()]}, sys.stdout)
