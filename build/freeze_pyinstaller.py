"""The PyInstaller freezer: Python, the program and the kernel in one file that unpacks itself at each start.

What is left out, and why, is spec/exclusions.py; how it is packed is spec/complexity-guard.spec.
"""

from __future__ import annotations

import os
from pathlib import Path

import packed_python
import sources


def freeze(triple: str, work: Path) -> Path:
    tools = packed_python.venv("pyinstaller")
    packed_python.build_kernel(tools.python, work / "kernel")
    spec = str(sources.ROOT / "spec" / "complexity-guard.spec")
    places = ["--distpath", str(work / "dist"), "--workpath", str(work / "build")]
    variables = {
        "CG_KERNEL_DIR": str(work / "kernel"),
        "PYTHONPATH": os.pathsep.join(str(sources.ROOT / name) for name in ("build", "spec")),
        "PYINSTALLER_CONFIG_DIR": str(work / "config"),  # its usual place is shared, and two builds at once corrupt it
    }
    tools.run("-m", "PyInstaller", "--clean", "--noconfirm", "--log-level", "WARN", *places, spec, **variables)
    return next((work / "dist").glob("complexity-guard*"))
