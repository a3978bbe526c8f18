"""What PyInstaller and Nuitka share: a private environment with pinned tools, and the kernel built for its Python."""
from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import sources

REPRODUCIBLE = {"SOURCE_DATE_EPOCH": "315532800", "PYTHONHASHSEED": "0"}


@dataclass(frozen=True, slots=True)
class Venv:
    folder: Path

    @property
    def python(self) -> str:
        return str(self.folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))

    def run(self, *arguments: str, cwd: Path = sources.ROOT, **more: str) -> None:
        """Run this environment's Python; on failure show the end of what it said."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        path = os.pathsep.join([str(Path(self.python).parent), clean.get("PATH", "")])  # the tools' own helpers lie there
        done = subprocess.run([self.python, *arguments], env={**clean, "PATH": path, **REPRODUCIBLE, **more}, cwd=cwd, text=True,
                              errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            raise SystemExit(f"{done.stdout[-4000:]}\nfailed ({done.returncode}): {' '.join(arguments)[:400]}")


def venv(tool: str) -> Venv:
    """The environment for one tool, made once from its hash-pinned requirements."""
    requirements = sources.ROOT / "build" / f"requirements-{tool}.txt"
    key = hashlib.sha256(requirements.read_bytes() + sys.version.encode() + sys.base_prefix.encode()).hexdigest()[:16]
    made = Venv(sources.CACHE / f"venv-{tool}-{key}")
    ready = made.folder / "ready"
    if not ready.exists():
        print(f"installing {tool} into {os.path.relpath(made.folder)}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", made.folder], check=True)
        made.run("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(requirements))
        ready.touch()
    return made


def build_kernel(python: str, folder: Path) -> None:
    """The kernel for this Python. A binary without it would be slow and would need py-tree-sitter, so it is no option."""
    done = subprocess.run([python, sources.ROOT / "build" / "native" / "build.py", folder], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"a binary carries the kernel, which could not be built: {done.stderr.strip()}")
