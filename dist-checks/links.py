#!/usr/bin/env python3
"""The static binary asks for no library; the others ask only for what every Linux system has."""

from pathlib import Path

import _macho
from _check import Skipped, kind_of, main, require, unpacked
from _elf import machine_of, read

# glibc's own parts, and zlib, which PyInstaller's bootloader takes from the system (Debian's essential set has it).
ALLOWED = {
    "libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1", "libz.so.1",
    "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
}  # fmt: skip
MAC_ALLOWED = ("/usr/lib/", "/System/Library/Frameworks/")  # parts of macOS itself


def check(binary: Path) -> str:
    if _macho.machine_of(binary):
        return check_mac(binary)
    if machine_of(binary) is None:
        raise Skipped("not an ELF file")
    own = read(binary)
    if kind_of(binary).needs_nothing:
        require(not own.needed and not own.interpreter, f"not static: {own.interpreter} {own.needed}")
        return "none: static, no interpreter"
    with unpacked(binary) as files:
        bundled = {file.name for file in files}
        asked = {name for file in files for name in read(file).needed} - bundled
    require(asked <= ALLOWED, f"asks for {', '.join(sorted(asked - ALLOWED))}")
    return f"{', '.join(sorted(asked))} (and {len(bundled) - 1} bundled)"


def check_mac(binary: Path) -> str:
    """The outer file; what a onefile binary bundles is looked at where it can run."""
    file = _macho.read(binary)
    foreign = [library for library in file.libraries if not library.startswith(MAC_ALLOWED)]
    require(not foreign, f"asks for {', '.join(foreign)}")
    require(
        file.signature in ("ad hoc", "signed") or (file.signature, file.machine) == ("none", "x86_64"),
        f"an {file.machine} Mac refuses it: its signature is {file.signature}",
    )
    oldest = ".".join(map(str, file.minimum))
    return f"{', '.join(file.libraries)}; macOS {oldest} or later; signature: {file.signature}"


main(check)
