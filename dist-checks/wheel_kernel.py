#!/usr/bin/env python3
"""The kernel that goes into the wheel beside this binary: a Python of its system loads it, and reports as the binary does.

That of this machine, or one that build/pythons.py has fetched, under wine or qemu. For macOS there is none here: the file is
held to what its loader asks for.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import _macho
import _wine
from _check import ROOT, Skipped, emulator, expect, is_under_wine, kind_of, main, require
from pythons import folder_of, program_in
from targets import PROGRAMS, kernel_of, native_triple

TELLS = """\
import sys, complexity_guard as cg, complexity_guard_kernel as kernel
print(kernel.__file__, cg.is_current(kernel), *sys.version_info[:2], sep="|")
"""
CORPUS = ("-f", "csv", "--no-cache", "--fail-on", "none", "--threads", "1", "tests/corpus")
PYTHONS = re.compile(r"_?_Py[A-Z_]\w+")  # names that the Python which loads it has


def check(binary: Path) -> str:
    kind = kind_of(binary)
    if not kind.is_released:
        raise Skipped("wheels hold what is released")
    kernel = binary.with_name(kernel_of(kind.triple).name)
    if not kernel.exists():
        raise Skipped(f"none is built: build/freeze_kernel.py {kind.triple}")
    size = f"{kernel.stat().st_size:,} bytes"
    if _macho.machine_of(binary) and sys.platform != "darwin":
        return f"{size}; {check_mac(kernel)}"
    python = python_for(kind.triple, binary)
    if not python:
        return f"{size}; no CPython of its system here to load it: build/pythons.py {kind.triple}"
    with tempfile.TemporaryDirectory(prefix="wheel-") as folder:
        for file in (kernel, PROGRAMS[0]):
            shutil.copy(file, folder)
        *_, name, is_current, major, minor = re.split(r"[|/\\]", asked(python, folder, "-c", TELLS).decode().strip())
        require((name, is_current) == (kernel.name, "True"), f"it is not the one that is loaded: {name} {is_current}")
        said = asked(python, folder, "-m", PROGRAMS[0].stem, *CORPUS)
    require(said == expect(0, binary, *CORPUS, cwd=ROOT), "it reports otherwise than the binary")
    how = f"{' of its system' if len(python) > 1 else ''} {major}.{minor}"
    return f"{size}; under Python{how} {len(said):,} bytes of reports are those of the binary"


def python_for(triple: str, binary: Path) -> list[str | Path]:
    """How to start a CPython of a system here, [] where there is none."""
    if triple == native_triple():
        return [sys.executable] if sys.implementation.name == "cpython" else []
    folder = folder_of(triple)
    if not folder.is_dir():
        return []
    root = [] if is_under_wine(binary) else ["-L", folder]
    return [*emulator(binary), *root, program_in(folder)]


def asked(python: list[str | Path], folder: str, *arguments: str) -> bytes:
    """Of this Python, without any other kernel that it may have."""
    alone = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
    if str(python[-1]).endswith(".exe"):
        alone = _wine.kept(alone)
    done = subprocess.run(
        [*python, "-P", "-S", *arguments], cwd=ROOT, env=alone, stdin=subprocess.DEVNULL, capture_output=True
    )
    require(done.returncode == 0, f"exit {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}")
    return done.stdout


def check_mac(kernel: Path) -> str:
    """What dyld asks of a library: nothing but macOS's own, from a system as old as the binary's, and digests that hold."""
    file = _macho.read(kernel)
    foreign = [name for name in file.libraries if not name.startswith("/usr/lib/") and name != f"@rpath/{kernel.name}"]
    require(not foreign, f"it asks for {', '.join(foreign)}")
    wanted = {name for name in file.imports if PYTHONS.fullmatch(name)}
    require(wanted and f"_PyInit_{kernel.name.partition('.')[0]}" in exported(kernel), "it is no module of Python")
    weak = [name for name, is_weak in file.imports.items() if is_weak]
    require(not weak, f"it may miss {', '.join(weak)}")
    signed = file.signature == "ad hoc" or (file.signature, file.machine) == ("none", "x86_64")
    require(signed, f"an {file.machine} Mac refuses it: its signature is {file.signature}")
    oldest = ".".join(map(str, file.minimum))
    return f"never loaded: macOS {oldest} or later, {len(wanted)} names of Python's, signature: {file.signature}"


def exported(kernel: Path) -> set[str]:
    return set(re.findall(r"_PyInit_\w+", kernel.read_bytes().decode("latin-1")))


main(check)
