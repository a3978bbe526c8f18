"""Take out of a program of macOS the names of its own functions: zig's linker keeps them, whatever it is told.

The loader reads what is imported, and nothing asks a program for what it exports. All of that stands in the last segment,
so no address changes: the segment is written anew, shorter, and with it the signature, which has a digest of each page.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass

# By Apple's loader.h: kinds of commands, and where in them stands (offset, size) of a part of the last segment.
SEGMENT, SYMBOLS, DYNAMIC, SIGNATURE, DYLD, STARTS, DATA_IN_CODE = 0x19, 0x2, 0xB, 0x1D, 0x80000022, 0x26, 0x29
COPIED = ((DYLD, 8), (DYLD, 16), (DYLD, 24), (DYLD, 32), (STARTS, 8), (DATA_IN_CODE, 8))
EXPORTS = (DYLD, 40)
OTHERS = (0x1E, 0x2B, 0x2E, 0x80000033, 0x80000034)  # commands with a part there that zig does not write
TYPE, IS_STAB, ASKED_FOR = 0x0E, 0xE0, 0x10  # of a symbol: undefined is type 0; the third has the loader look for it
IS_LOCAL = 0x80000000  # in place of a symbol, of what is bound to no name
DIRECTORY = 20  # where the directory of code begins in a signature of one part, by Apple's cs_blobs.h


@dataclass(slots=True)
class Program:
    """A program under way: all before the last segment, and of that what is written already."""

    data: bytes
    head: bytearray
    commands: dict[int, int]  # kind → offset
    end: int  # offset of the command of the last segment

    def number(self, at: int, form: str = "<I") -> int:
        return struct.unpack_from(form, self.data, at)[0]

    def add(self, kind: int, field: int, content: bytes, count: int | None = None) -> None:
        """A part of the last segment, and where it lies; `count` stands for its size where entries are counted."""
        self.head += bytes(-len(self.head) % 8)
        size = len(content) if count is None else count
        struct.pack_into("<II", self.head, self.commands[kind] + field, len(self.head), size)
        self.head += content


def stripped(data: bytes) -> bytes:
    program = opened(data)
    for kind, field in ((kind, field) for kind, field in COPIED if kind in program.commands):
        at = program.commands[kind] + field
        begin, size = program.number(at), program.number(at + 4)
        program.add(kind, field, data[begin : begin + size])
    program.add(*EXPORTS, b"")
    write_symbols(program)
    return signed(program) if SIGNATURE in program.commands else closed(program)


def opened(data: bytes) -> Program:
    commands = list(load_commands(data))
    kinds = dict(commands)
    if unknown := kinds.keys() & OTHERS:
        raise SystemExit(f"a program of macOS with commands that we do not know: {', '.join(map(hex, unknown))}")
    last = max((struct.unpack_from("<Q", data, at + 40)[0], at) for kind, at in commands if kind == SEGMENT)
    return Program(data, bytearray(data[: last[0]]), kinds, last[1])


def load_commands(data: bytes) -> Iterator[tuple[int, int]]:
    at = 32
    for _ in range(struct.unpack_from("<I", data, 16)[0]):
        kind, size = struct.unpack_from("<II", data, at)
        yield kind, at
        at += size


def write_symbols(program: Program) -> None:
    """What others define and what the loader asks for, the table of what is bound to which, and the names."""
    at = program.commands[SYMBOLS] + 8
    table, count, names, _ = struct.unpack_from("<4I", program.data, at)
    rows = [struct.unpack_from("<IBBHQ", program.data, table + 16 * i) for i in range(count)]
    defined = [i for i, row in enumerate(rows) if not row[1] & IS_STAB and row[1] & TYPE and row[3] & ASKED_FOR]
    imported = [i for i, row in enumerate(rows) if not row[1] & (IS_STAB | TYPE)]
    kept = [*defined, *imported]
    texts, entries = bytearray(b"\0"), bytearray()
    for i in kept:
        entries += struct.pack("<IBBHQ", len(texts), *rows[i][1:])
        begin = names + rows[i][0]
        texts += program.data[begin : program.data.index(b"\0", begin) + 1]
    program.add(SYMBOLS, 8, entries, len(kept))
    write_dynamic(program, {old: new for new, old in enumerate(kept)}, len(defined))
    program.add(SYMBOLS, 16, texts)


def write_dynamic(program: Program, places: dict[int, int], defined: int) -> None:
    at = program.commands[DYNAMIC]
    begin, count = program.number(at + 56), program.number(at + 60)
    bound = struct.unpack_from(f"<{count}I", program.data, begin)
    entries = [old if old & IS_LOCAL else places.get(old, IS_LOCAL) for old in bound]
    struct.pack_into("<6I", program.head, at + 8, 0, 0, 0, defined, defined, len(places) - defined)
    program.add(DYNAMIC, 56, struct.pack(f"<{count}I", *entries), count)


def closed(program: Program) -> bytes:
    """With the size of the last segment; in memory it takes whole pages, of which Apple's machines have 16 KB."""
    begin = program.number(program.end + 40, "<Q")
    size = len(program.head) - begin
    struct.pack_into("<Q", program.head, program.end + 32, size + -size % 0x4000)
    struct.pack_into("<Q", program.head, program.end + 48, size)
    return bytes(program.head)


def signed(program: Program) -> bytes:
    """The signature that the linker wrote, with digests of the pages as they are now: it names nobody."""
    at = program.commands[SIGNATURE]
    begin, size = program.number(at + 8), program.number(at + 12)
    blob = program.data[begin : begin + size]
    program.head += bytes(-len(program.head) % 16)
    limit, page = len(program.head), page_of(blob)
    places = range(0, limit, page)
    program.add(SIGNATURE, 8, with_digests(blob, limit, [bytes(32)] * len(places)))
    whole = closed(program)
    digests = [hashlib.sha256(whole[place : min(place + page, limit)]).digest() for place in places]
    return whole[:limit] + with_digests(blob, limit, digests)


def page_of(blob: bytes) -> int:
    """How much each digest is of, in a signature that is a directory of code with SHA-256 and no more."""
    count, _, directory = struct.unpack_from(">3I", blob, 8)
    special, _, _, size, digest, _, bits = struct.unpack_from(">3I4B", blob, directory + 24)
    if (count, directory, special, size, digest) != (1, 20, 0, 32, 2):
        raise SystemExit("a program of macOS with a signature that we do not know")
    return 1 << bits


def with_digests(blob: bytes, limit: int, digests: list[bytes]) -> bytes:
    """A signature that speaks of `limit` bytes by these digests."""
    hashes = struct.unpack_from(">I", blob, DIRECTORY + 16)[0]
    made = bytearray(blob[: DIRECTORY + hashes]) + b"".join(digests)
    struct.pack_into(">I", made, 4, len(made))
    struct.pack_into(">I", made, DIRECTORY + 4, len(made) - DIRECTORY)
    struct.pack_into(">II", made, DIRECTORY + 28, len(digests), limit)
    return bytes(made)
