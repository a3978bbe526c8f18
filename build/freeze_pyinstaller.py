"""The PyInstaller freezer: this machine's Python, the program and the kernel in one file that unpacks itself at each start.

What is left out, and why, is spec/exclusions.py; how it is packed is spec/complexity-guard.spec.
"""
from __future__ import annotations

from pathlib import Path

import packed_python
import sources


def freeze(triple: str, work: Path) -> Path:
    tools = packed_python.venv("pyinstaller")
    packed_python.build_kernel(tools.python, work / "kernel")
    tools.run("-m", "PyInstaller", "--clean", "--noconfirm", "--log-level", "WARN", "--distpath", str(work / "dist"),
              "--workpath", str(work / "build"), str(sources.ROOT / "spec" / "complexity-guard.spec"),
              CG_KERNEL_DIR=str(work / "kernel"),
              PYINSTALLER_CONFIG_DIR=str(work / "config"))  # its usual place is shared, and two builds at once corrupt it
    return next((work / "dist").glob("complexity-guard*"))
