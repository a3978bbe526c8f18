#!/usr/bin/env python3
"""The oldest glibc that it runs on, by every ELF file inside: the outer one alone says too little."""

from pathlib import Path

from _check import Skipped, kind_of, main, require, unpacked
from _elf import machine_of, read

MAX_GLIBC = (2, 36)  # Debian 12: a binary made here must run on the system it was made on


def dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def check(binary: Path) -> str:
    if machine_of(binary) is None:
        raise Skipped("not an ELF file")
    with unpacked(binary) as files:
        floors = {file: max(read(file).glibc, default=()) for file in files}
    if kind_of(binary).needs_nothing:
        require(not any(floors.values()) and len(floors) == 1, "a static binary asks for no glibc and unpacks nothing")
        return "none: musl is inside"
    worst = max(floors, key=lambda file: floors[file])
    require(floors[worst] <= MAX_GLIBC, f"{worst.name} needs glibc {dotted(floors[worst])}, over {dotted(MAX_GLIBC)}")
    return f"glibc {dotted(floors[worst])} ({worst.name}); the outer file alone says {dotted(floors[binary])}"


main(check)
