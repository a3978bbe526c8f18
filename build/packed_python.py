"""What PyInstaller and Nuitka share: a private environment with pinned tools, and the kernel built for its Python.

On Linux there is a second kind of environment: a CPython for Windows under wine, for PyInstaller to pack (pythons.py).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pythons
import sources
import steps

INSTALL = ("install", "--quiet", "--disable-pip-version-check", "--require-hashes")


@dataclass(frozen=True, slots=True)
class Venv:
    folder: Path
    wine: tuple[str, ...] = ()  # what starts its Python, where that is one of another system

    @property
    def python(self) -> str:
        own = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
        return str(self.folder / ("python.exe" if self.wine else own))

    @property
    def separator(self) -> str:
        """Between the folders of PYTHONPATH."""
        return ";" if self.wine else os.pathsep

    @property
    def ready(self) -> Path:
        """There once all is installed."""
        return self.folder / "ready"

    def tell(self, what: str) -> None:
        print(f"installing {what} into {os.path.relpath(self.folder)}", flush=True)

    def run(self, *arguments: str, cwd: Path = sources.ROOT, **more: str) -> None:
        """Run this environment's Python."""
        helpers = str(Path(self.python).parent)  # the tools start each other
        path = os.pathsep.join([helpers, os.environ.get("PATH", "")])
        steps.run([*self.wine, self.python, *arguments], cwd, steps.environment(**{"PATH": path, **more}))


def venv(tool: str) -> Venv:
    """The environment for one tool, made once from its hash-pinned requirements."""
    pinned = requirements(tool)
    key = digest(pinned.read_bytes() + sys.version.encode() + sys.base_prefix.encode())
    made = Venv(sources.CACHE / f"venv-{tool}-{key}")
    if not made.ready.exists():
        made.tell(tool)
        subprocess.run([sys.executable, "-m", "venv", "--clear", made.folder], check=True)
        made.run("-m", "pip", *INSTALL, "-r", str(pinned))
        made.ready.touch()
    return made


def under_wine(tool: str, wine: list[str]) -> Venv:
    """The same for Windows, its packages put beside a CPython of that system by the pip of this one."""
    pinned = requirements(tool)
    python = pythons.python_of("x86_64-windows").parent
    made = Venv(sources.CACHE / f"wine-{tool}-{digest(pinned.read_bytes())}", tuple(wine))
    if not made.ready.exists():
        made.tell(f"{tool} for Windows")
        shutil.rmtree(made.folder, ignore_errors=True)
        shutil.copytree(python, made.folder)
        kind = ("--platform", "win_amd64", "--python-version", "3.13", "--only-binary", ":all:", "--no-deps")
        to = made.folder / "Lib" / "site-packages"
        subprocess.run([sys.executable, "-m", "pip", *INSTALL, *kind, "--target", to, "-r", pinned], check=True)
        made.ready.touch()
    return made


def requirements(tool: str) -> Path:
    return sources.ROOT / "build" / f"requirements-{tool}.txt"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def build_kernel(python: str, folder: Path) -> None:
    """The kernel for this Python. A binary without it would be slow and need py-tree-sitter, so it is no option."""
    script = sources.ROOT / "build" / "native" / "compile.py"
    # On Linux the compiler is gcc, which would arrange the kernel by what it counts in a run here. One build in four came
    # out differently, and what is released for Linux is the static binary.
    plainly = ["--plain"] if sys.platform == "linux" else []
    done = subprocess.run([python, script, *plainly, folder], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"a binary carries the kernel, which could not be built: {done.stderr.strip()}")
