"""The Nuitka freezer: the program compiled to C, packed into one file that unpacks itself at each start."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import packed_python
import sources
import targets
from nuitka_arguments import ARGUMENTS


def smaller() -> dict[str, str]:
    """Compile for size, which is also quicker to do; gcc and clang take the last -O of their command line."""
    return {} if sys.platform == "win32" else {"CCFLAGS": "-Os"}


def freeze(triple: str, work: Path) -> Path:
    tools = packed_python.venv("nuitka")
    stage = work / "stage"
    packed_python.build_kernel(tools.python, stage)
    for file in (*targets.PROGRAMS, sources.ROOT / "spec" / "entry.py"):
        shutil.copy(file, stage)
    modules = [f"--include-module={file.stem}" for file in targets.PROGRAMS]
    places = [f"--output-dir={work / 'made'}", "--output-filename=complexity-guard", str(stage / "entry.py")]
    variables = {
        "NUITKA_CACHE_DIR": str(sources.CACHE / "nuitka"),
        "PYTHONPATH": os.pathsep.join([str(stage), str(sources.ROOT / "spec")]),
        "LC_ALL": "C",
        "LANG": "C",  # it ends without a word where LANG names a locale that the machine lacks
    }
    # It writes a crash report where it stands.
    tools.run("-m", "nuitka", *ARGUMENTS, *modules, *places, cwd=work, **variables, **smaller())
    return work / "made" / "complexity-guard"
