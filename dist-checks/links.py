#!/usr/bin/env python3
"""The static binary asks for no library; the others ask only for what every Linux system has."""

from pathlib import Path

import _macho
import _pe
from _check import kind_of, main, require, unpacked
from _elf import read
from targets import version

# glibc's own parts, and zlib, which PyInstaller's bootloader takes from the system (Debian's essential set has it).
ALLOWED = {
    "libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1", "libz.so.1",
    "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
}  # fmt: skip
# Parts of Windows since 10, among them its C library, which is the sets api-ms-win-crt-….
WINDOWS_ALLOWED = {
    "advapi32.dll", "api-ms-win-core-path-l1-1-0.dll", "bcrypt.dll", "iphlpapi.dll", "kernel32.dll", "ole32.dll",
    "oleaut32.dll", "rpcrt4.dll", "shell32.dll", "user32.dll", "version.dll", "ws2_32.dll",
}  # fmt: skip
WINDOWS_C = "api-ms-win-crt-"
LONG_PATHS = b"<longPathAware"
MAC_ALLOWED = ("/usr/lib/", "/System/Library/Frameworks/")  # parts of macOS itself


def check(binary: Path) -> str:
    if _macho.machine_of(binary):
        return check_mac(binary)
    if _pe.machine_of(binary):
        return check_windows(binary)
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


def check_windows(binary: Path) -> str:
    """The outer file."""
    file = _pe.read(binary)
    names = {name.lower() for name in file.libraries}
    foreign = {name for name in names if not name.startswith(WINDOWS_C)} - WINDOWS_ALLOWED
    require(not foreign and not file.delayed, f"asks for {', '.join(sorted(foreign)) or 'something later'}")
    if kind_of(binary).freezer == "static":
        tells_windows(file)
    sets = sum(name.startswith(WINDOWS_C) for name in names)
    oldest = ".".join(map(str, file.system))
    rest = f"Windows {oldest} or later by its header; {file.unwound:,} functions with unwind tables"
    return f"{len(names) - sets} parts of Windows and {sets} of its C library; {rest}"


def tells_windows(file: _pe.Pe) -> None:
    require(file.unwound > 1000, f"has unwind tables for {file.unwound} functions")
    require(LONG_PATHS in file.resources.get(_pe.MANIFEST, b""), "its manifest does not ask for long paths")
    told = file.resources.get(_pe.VERSION, b"").decode("utf-16-le", "replace")
    require(version() in told, "it does not tell Windows its version")


main(check)
