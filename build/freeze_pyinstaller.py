"""The PyInstaller freezer: Python, the program and the kernel in one file that unpacks itself at each start.

It packs for the system that it runs on. Under wine that is Windows, with the kernel of the wheel, which is cross-built.

What is left out, and why, is spec/exclusions.py; how it is packed is spec/complexity-guard.spec.
"""

from __future__ import annotations

import sys
from pathlib import Path

import packed_python
import sources
import targets


def freeze(triple: str, work: Path) -> Path:
    tools = prepare(triple, work / "kernel")
    spec = str(sources.ROOT / "spec" / "complexity-guard.spec")
    places = ["--distpath", str(work / "dist"), "--workpath", str(work / "build")]
    variables = {
        "CG_KERNEL_DIR": str(work / "kernel"),
        "PYTHONPATH": tools.separator.join(str(sources.ROOT / name) for name in ("build", "spec")),
        "PYINSTALLER_CONFIG_DIR": str(work / "config"),  # its usual place is shared, and two builds at once corrupt it
    }
    tools.run("-m", "PyInstaller", "--clean", "--noconfirm", "--log-level", "WARN", *places, spec, **variables)
    return next((work / "dist").glob("complexity-guard*"))


def prepare(triple: str, kernel: Path) -> packed_python.Venv:
    """PyInstaller for a system, and in a folder the kernel for the Python that it packs."""
    if triple == targets.native_triple():
        tools = packed_python.venv("pyinstaller")
        packed_python.build_kernel(tools.python, kernel)
        return tools
    import freeze_kernel

    kernel.mkdir()
    freeze_kernel.build(triple, kernel)
    return packed_python.under_wine("pyinstaller", wine())


def wine() -> list[str]:
    """How dist-checks/ start programs of Windows."""
    sys.path.append(str(sources.ROOT / "dist-checks"))
    import _wine

    return _wine.command()
