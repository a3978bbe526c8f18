"""As much of the format of Windows' programs as the checks ask about: one 64-bit machine, as our binaries are."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MACHINES = {0x8664: "x86_64", 0xAA64: "aarch64"}
IMPORTS, RESOURCES, EXCEPTIONS, DELAYED = 1, 2, 3, 13  # directories, by their place
VERSION, MANIFEST = 16, 24  # kinds of resources


@dataclass(frozen=True, slots=True)
class Pe:
    machine: str
    system: tuple[int, int]  # the oldest Windows that it says it runs on
    symbols: int
    sections: tuple[str, ...]
    libraries: tuple[str, ...]
    delayed: int
    unwound: int  # functions with unwind tables
    resources: dict[int, bytes]


@dataclass(frozen=True, slots=True)
class Sections:
    data: bytes
    rows: tuple[tuple[str, int, int, int], ...]  # (name, address, size, place in the file)

    def place(self, address: int) -> int:
        return next(place + address - start for _, start, size, place in self.rows if start <= address < start + size)

    def text(self, address: int) -> str:
        place = self.place(address)
        return self.data[place : self.data.index(b"\0", place)].decode("ascii", "replace")


def machine_of(path: Path) -> str | None:
    """The machine a program of Windows is for; None for any other format."""
    with path.open("rb") as file:
        head = file.read(4096)
    at = struct.unpack_from("<I", head, 60)[0] if head[:2] == b"MZ" and len(head) > 64 else len(head)
    if head[at : at + 4] != b"PE\0\0":
        return None
    return MACHINES.get(struct.unpack_from("<H", head, at + 4)[0], "other")


def read(path: Path) -> Pe:
    data = path.read_bytes()
    at = struct.unpack_from("<I", data, 60)[0] + 4
    count, _, _, symbols, size = struct.unpack_from("<HIIIH", data, at + 2)
    optional = at + 20
    places = [struct.unpack_from("<II", data, optional + 112 + 8 * i) for i in range(16)]
    sections = Sections(data, tuple(section_rows(data, optional + size, count)))
    resources = places[RESOURCES][0]
    return Pe(
        machine=machine_of(path) or "other",
        system=struct.unpack_from("<HH", data, optional + 48),
        symbols=symbols,
        sections=tuple(row[0] for row in sections.rows),
        libraries=tuple(libraries(sections, places[IMPORTS][0])),
        delayed=places[DELAYED][1],
        unwound=places[EXCEPTIONS][1] // 12,
        resources=dict(first_resources(sections, sections.place(resources))) if resources else {},
    )


def section_rows(data: bytes, at: int, count: int) -> Iterator[tuple[str, int, int, int]]:
    for start in range(at, at + 40 * count, 40):
        name, virtual, address, raw, place = struct.unpack_from("<8sIIII", data, start)
        yield name.rstrip(b"\0").decode("ascii", "replace"), address, max(virtual, raw), place


def libraries(sections: Sections, address: int) -> Iterator[str]:
    place = sections.place(address)
    while name := struct.unpack_from("<I", sections.data, place + 12)[0]:
        yield sections.text(name)
        place += 20


def first_resources(sections: Sections, root: int) -> Iterator[tuple[int, bytes]]:
    """Of each kind the first one: below a kind lie names, below a name languages."""
    for kind, below in entries(sections.data, root, 0):
        _, languages = next(entries(sections.data, root, below & 0x7FFFFFFF))
        _, leaf = next(entries(sections.data, root, languages & 0x7FFFFFFF))
        address, size = struct.unpack_from("<II", sections.data, root + leaf)
        place = sections.place(address)
        yield kind, sections.data[place : place + size]


def entries(data: bytes, root: int, folder: int) -> Iterator[tuple[int, int]]:
    named, numbered = struct.unpack_from("<HH", data, root + folder + 12)
    for i in range(named + numbered):
        yield struct.unpack_from("<II", data, root + folder + 16 + 8 * i)
