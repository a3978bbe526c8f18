#!/usr/bin/env python3
"""Build the kernel as a module for every CPython since 3.11, by its stable ABI: what a wheel has beside the binary.

    python build/freeze_kernel.py [TRIPLE...]     (default: each release target whose binary is in out/dist)

It lies beside the binary then, where build/pack_pypi.py finds it. Cross-built with zig, from the CPython that the static
freezer has made for the target, for its headers. On Linux it names no C library: the process that loads it has one, glibc
or musl, and it asks for nothing in which they differ.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import freeze  # noqa: F401  (which puts the folders of freezers on the path)
import freeze_static
import sources
import targets

STABLE = "-DPy_LIMITED_API=0x030B0000"
# What a library is compiled with in place of what a program is: machine code for any address; and on Windows names that
# another library has.
UNFIT = ("-fno-pie", "-DPy_NO_ENABLE_SHARED")
LINKS = {
    "linux-musl": ("-shared", "-nostdlib", "-Wl,--gc-sections", "-s"),
    "macos": ("-shared", "-Wl,-undefined,dynamic_lookup", "-Wl,-dead_strip", "-s"),
    "windows": ("-shared", "-Wl,--gc-sections", "-s"),
}


def build(triple: str, work: Path) -> Path:
    tools, python = freeze_static.Toolchain(triple), freeze_static.cpython(triple)
    grammar = work / "grammar"
    freeze_static.unpack.unpack(grammar)
    position = [] if triple.endswith("windows") else ["-fPIC"]
    options = [STABLE, *position, *freeze_static.kernel_options(python, grammar)]
    flags = [freeze_static.FAST, *(flag for flag in tools.system.compile if flag not in UNFIT)]
    objects = []
    for file in freeze_static.kernel.c_files(grammar):
        objects.append(f"{file.parent.name}_{file.stem}.o")
        freeze_static.run([*tools.cc, *flags, *options, "-c", file.name, "-o", str(work / objects[-1])], file.parent)
    made = work / targets.kernel_of(triple).name
    system = triple.partition("-")[2]
    more = [import_library(tools, objects, work)] if system == "windows" else []
    freeze_static.run([*tools.cc, *objects, *more, *LINKS[system], "-o", made.name], work)
    return made


def import_library(tools: freeze_static.Toolchain, objects: list[str], work: Path) -> str:
    """What tells the linker that Python's names are in python3.dll, which passes them on to each version's own."""
    names = "".join(f"  {name}\n" for name in sorted({name for file in objects for name in undefined(work / file)}))
    (work / "python3.def").write_text(f"LIBRARY python3.dll\nEXPORTS\n{names}")
    freeze_static.run([tools.zig, "dlltool", "-m", "i386:x86-64", "-d", "python3.def", "-l", "libpython3.a"], work)
    return "libpython3.a"


def undefined(file: Path) -> set[str]:
    """Python's names that an object asks for: they stand in it as they are, with what marks a name of a DLL."""
    return {found.decode() for found in re.findall(rb"\0(?:__imp_)?(_?Py[A-Z_]\w+)(?=\0)", file.read_bytes())}


def main(triples: list[str]) -> None:
    for triple in triples or targets.built():
        final = targets.kernel_of(triple)
        final.parent.mkdir(parents=True, exist_ok=True)
        scratch = sources.ROOT / "out" / "work"
        scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=scratch, prefix="kernel-") as work:
            build(triple, Path(work)).replace(final)
        print(f"{final.stat().st_size:,} bytes: {final.relative_to(sources.ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
