#!/usr/bin/env python3
"""The static binary asks for no library; the others ask only for what every Linux system has."""
from pathlib import Path

from _check import Skipped, main, require, unpacked
from _elf import machine_of, read

# glibc's own parts, and zlib, which PyInstaller's bootloader takes from the system (Debian's essential set has it).
ALLOWED = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1", "libz.so.1",
           "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}


def check(binary: Path) -> str:
    if machine_of(binary) is None:
        raise Skipped("not an ELF file")
    own = read(binary)
    if "musl" in binary.parent.name:
        require(not own.needed and not own.interpreter, f"not static: {own.interpreter} {own.needed}")
        return "none: static, no interpreter"
    with unpacked(binary) as files:
        bundled = {file.name for file in files}
        asked = {name for file in files for name in read(file).needed} - bundled
    require(asked <= ALLOWED, f"asks for {', '.join(sorted(asked - ALLOWED))}")
    return f"{', '.join(sorted(asked))} (and {len(bundled) - 1} bundled)"


main(check)
