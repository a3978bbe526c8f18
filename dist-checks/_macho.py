"""As much of the Mach-O format as the checks ask about: one 64-bit machine, as our binaries are."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"\xcf\xfa\xed\xfe"
MACHINES = {0x01000007: "x86_64", 0x0100000C: "aarch64"}
LC_SYMTAB, LC_SEGMENT_64, LC_CODE_SIGNATURE, LC_BUILD_VERSION = 0x2, 0x19, 0x1D, 0x32
LC_LOAD_DYLIB, LC_LOAD_WEAK_DYLIB, LC_REEXPORT_DYLIB = 0xC, 0x80000018, 0x8000001F
CODE_DIRECTORY, ADHOC = 0xFADE0C02, 0x2
N_STAB, N_TYPE, N_EXT = 0xE0, 0x0E, 0x01
N_WEAK_REF = 0x40


@dataclass(frozen=True, slots=True)
class MachO:
    machine: str
    minimum: tuple[int, int]  # the oldest macOS it says it runs on
    libraries: tuple[str, ...]
    segments: tuple[str, ...]
    debug_symbols: int
    symbols: int
    imports: dict[str, bool]  # name → whether it may be missing (a weak import: null on a system that lacks it)
    signature: str  # "none", "ad hoc", "signed", or what is wrong with it


def machine_of(path: Path) -> str | None:
    """The machine a Mach-O file is for; None for any other format."""
    with path.open("rb") as file:
        head = file.read(8)
    return MACHINES.get(struct.unpack_from("<I", head, 4)[0], "other") if head[:4] == MAGIC and len(head) == 8 else None


def read(path: Path) -> MachO:
    data = path.read_bytes()
    commands = list(load_commands(data))
    symbols = next((struct.unpack_from("<II", data, at + 8) for kind, at in commands if kind == LC_SYMTAB), (0, 0))
    kinds = [data[symbols[0] + 16 * i + 4] for i in range(symbols[1])]
    version = next((struct.unpack_from("<I", data, at + 12)[0] for kind, at in commands if kind == LC_BUILD_VERSION), 0)
    loads = [at for kind, at in commands if kind in (LC_LOAD_DYLIB, LC_LOAD_WEAK_DYLIB, LC_REEXPORT_DYLIB)]
    signed = [at for kind, at in commands if kind == LC_CODE_SIGNATURE]
    return MachO(
        machine=machine_of(path) or "other",
        minimum=(version >> 16, version >> 8 & 255),
        libraries=tuple(text(data, at + struct.unpack_from("<I", data, at + 8)[0]) for at in loads),
        segments=tuple(text(data[: at + 24], at + 8) for kind, at in commands if kind == LC_SEGMENT_64),
        debug_symbols=sum(kind & N_STAB != 0 for kind in kinds),
        symbols=len(kinds),
        imports=dict(imports(data, commands)),
        signature=next((signature(data, *struct.unpack_from("<II", data, at + 8)) for at in signed), "none"),
    )


def imports(data: bytes, commands: list[tuple[int, int]]):
    """(name, whether it is weak) of each symbol that others define."""
    for at in (at for kind, at in commands if kind == LC_SYMTAB):
        table, count, strings, _ = struct.unpack_from("<4I", data, at + 8)
        for name, kind, _, description, _ in struct.iter_unpack("<IBBHQ", data[table : table + 16 * count]):
            if kind & (N_STAB | N_TYPE | N_EXT) == N_EXT:
                yield text(data, strings + name), description & N_WEAK_REF != 0


def load_commands(data: bytes):
    """(kind, offset) of each load command."""
    at = 32
    for _ in range(struct.unpack_from("<I", data, 16)[0]):
        kind, size = struct.unpack_from("<II", data, at)
        yield kind, at
        at += size


def text(data: bytes, at: int) -> str:
    end = data.find(b"\0", at)
    return data[at : end if end >= 0 else len(data)].decode("utf-8", "replace")


def signature(data: bytes, start: int, size: int) -> str:
    """What the code signature says, and whether its digest of each page is that page's."""
    blob = data[start : start + size]
    count = struct.unpack_from(">I", blob, 8)[0]
    offsets = [struct.unpack_from(">II", blob, 12 + 8 * i)[1] for i in range(count)]
    directory = next((at for at in offsets if struct.unpack_from(">I", blob, at)[0] == CODE_DIRECTORY), None)
    if directory is None:
        return "without a code directory"
    flags, hashes, _, _, pages, limit = struct.unpack_from(">6I", blob, directory + 12)
    digest_size, kind, _, page_bits = blob[directory + 36 : directory + 40]
    if kind != 2:
        return f"with digests of kind {kind}"
    for page in range(pages):
        wanted = blob[directory + hashes + page * digest_size :][:digest_size]
        if hashlib.sha256(data[page << page_bits : min((page + 1) << page_bits, limit)]).digest() != wanted:
            return f"wrong in page {page}"
    return "ad hoc" if flags & ADHOC else "signed"
