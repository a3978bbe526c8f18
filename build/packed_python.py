"""What PyInstaller and Nuitka share: a private environment with pinned tools, and the kernel built for its Python."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import sources
import steps


@dataclass(frozen=True, slots=True)
class Venv:
    folder: Path

    @property
    def python(self) -> str:
        return str(self.folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))

    def run(self, *arguments: str, cwd: Path = sources.ROOT, **more: str) -> None:
        """Run this environment's Python."""
        helpers = str(Path(self.python).parent)  # the tools start each other
        path = os.pathsep.join([helpers, os.environ.get("PATH", "")])
        steps.run([self.python, *arguments], cwd, steps.environment(**{"PATH": path, **more}))


def venv(tool: str) -> Venv:
    """The environment for one tool, made once from its hash-pinned requirements."""
    requirements = sources.ROOT / "build" / f"requirements-{tool}.txt"
    key = hashlib.sha256(requirements.read_bytes() + sys.version.encode() + sys.base_prefix.encode()).hexdigest()[:16]
    made = Venv(sources.CACHE / f"venv-{tool}-{key}")
    ready = made.folder / "ready"
    if not ready.exists():
        print(f"installing {tool} into {os.path.relpath(made.folder)}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", made.folder], check=True)
        quietly = ("--quiet", "--disable-pip-version-check")
        made.run("-m", "pip", "install", *quietly, "--require-hashes", "-r", str(requirements))
        ready.touch()
    return made


def build_kernel(python: str, folder: Path) -> None:
    """The kernel for this Python. A binary without it would be slow and need py-tree-sitter, so it is no option."""
    script = sources.ROOT / "build" / "native" / "compile.py"
    # On Linux the compiler is gcc, which would arrange the kernel by what it counts in a run here. One build in four came
    # out differently, and what is released for Linux is the static binary.
    plainly = ["--plain"] if sys.platform == "linux" else []
    done = subprocess.run([python, script, *plainly, folder], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"a binary carries the kernel, which could not be built: {done.stderr.strip()}")
