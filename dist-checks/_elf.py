"""As much of the ELF format as the checks ask about."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path

MACHINES = {62: "x86_64", 183: "aarch64"}
PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
DT_NEEDED, DT_STRTAB = 1, 5
SHT_SYMTAB = 2
GLIBC = re.compile(rb"\0GLIBC_(\d+(?:\.\d+)+)\0")  # the name of a version of its symbols


@dataclass(frozen=True, slots=True)
class Elf:
    machine: str
    interpreter: str | None
    needed: tuple[str, ...]
    sections: tuple[tuple[str, int], ...]  # (name, type)
    glibc: tuple[tuple[int, ...], ...]  # versions of GLIBC symbols asked for


def machine_of(path: Path) -> str | None:
    """The machine an ELF file is for; None for any other format."""
    with path.open("rb") as file:
        head = file.read(20)
    return MACHINES.get(struct.unpack_from("<H", head, 18)[0], "other") if head[:5] == b"\x7fELF\x02" else None


def read(path: Path) -> Elf:
    data = path.read_bytes()
    phoff, shoff = struct.unpack_from("<QQ", data, 32)
    phsize, phcount, shsize, shcount, shnames = struct.unpack_from("<5H", data, 54)
    # A segment: type, flags, offset, vaddr, paddr, size. A section's header: name, type, flags, addr, offset, size.
    segments = [struct.unpack_from("<IIQQQQ", data, phoff + i * phsize) for i in range(phcount)]
    headers = [struct.unpack_from("<IIQQQQ", data, shoff + i * shsize) for i in range(shcount)]
    names = headers[shnames][4] if headers else 0
    return Elf(
        machine=machine_of(path) or "other",
        interpreter=next((text(data, offset) for kind, _, offset, *_ in segments if kind == PT_INTERP), None),
        needed=needed(data, segments),
        sections=tuple((text(data, names + header[0]), header[1]) for header in headers),
        glibc=tuple(sorted({tuple(map(int, version.split(b"."))) for version in GLIBC.findall(data)})),
    )


def text(data: bytes, offset: int) -> str:
    return data[offset : data.index(b"\0", offset)].decode("utf-8", "replace")


def needed(data: bytes, segments: list[tuple]) -> tuple[str, ...]:
    dynamic = next((segment for segment in segments if segment[0] == PT_DYNAMIC), None)
    if dynamic is None:
        return ()
    entries = [struct.unpack_from("<qQ", data, dynamic[2] + i) for i in range(0, dynamic[5] - 15, 16)]
    strings = next(value for tag, value in entries if tag == DT_STRTAB)
    loaded = [(vaddr, offset, size) for kind, _, offset, vaddr, _, size in segments if kind == PT_LOAD]
    base = next(offset - vaddr for vaddr, offset, size in loaded if vaddr <= strings < vaddr + size)
    return tuple(text(data, base + strings + value) for tag, value in entries if tag == DT_NEEDED)
