"""What is taken out of a program of macOS: names of its own, and nothing that the loader reads."""

from __future__ import annotations

import importlib
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

macho = importlib.import_module("macho")
reader = importlib.import_module("_macho")

PAGE = 1 << 14
OWN, EXPORTED, HEADER, IMPORTED = (0x0E, 1, 0), (0x0F, 1, 0), (0x0F, 1, 0x10), (0x01, 0, 0x100)
SYMBOLS = (  # name and, by Apple's nlist.h: type, section, description
    ("_helper", *OWN), ("_main", *EXPORTED), ("__mh_execute_header", *HEADER), ("_printf", *IMPORTED), ("_puts", *IMPORTED),
)  # fmt: skip
BOUND = (4, 3, 0, 1, 0x80000000)  # stubs and pointers: two imports, two of the program's own, one of no name
BINDINGS = b"\x11\x40_printf\0\x51\x70\x00\x90\x00"
DYLD, STARTS, SYMTAB, DYSYMTAB, SIGNATURE = 0x80000022, 0x26, 0x2, 0xB, 0x1D


def segment(name: bytes, address: int, size: int, place: int, length: int) -> bytes:
    return struct.pack("<II16s4QiiII", 0x19, 72, name, address, size, place, length, 7, 5, 0, 0)


def program() -> bytes:
    """A page of code, and behind it all that a linker writes there, by Apple's loader.h; what was signed is not true yet."""
    texts = b"\0" + b"".join(name.encode() + b"\0" for name, *_ in SYMBOLS)
    rows, at = b"", 1
    for name, kind, section, description in SYMBOLS:
        rows += struct.pack("<IBBHQ", at, kind, section, description, 0)
        at += len(name) + 1
    parts = [BINDINGS, b"an exported name's tree", b"starts", rows, struct.pack("<5I", *BOUND), texts]
    places = []
    data = bytearray(PAGE)
    for part in parts:
        data += bytes(-len(data) % 8)
        places.append((len(data), len(part)))
        data += part
    data += bytes(-len(data) % 16)
    directory = (
        struct.pack(">9I4BI", 0xFADE0C02, 46 + 64, 0x20400, 2, 46, 44, 0, 2, len(data), 32, 2, 0, 14, 0)
        + b"x\0"
        + bytes(64)
    )
    blob = struct.pack(">5I", 0xFADE0CC0, 20 + len(directory), 1, 0, 20) + directory
    signed = (len(data), len(blob))
    bind, exports, starts, symbols, bound, names = places
    commands = [
        segment(b"__TEXT", 1 << 32, PAGE, 0, PAGE),
        segment(b"__LINKEDIT", (1 << 32) + PAGE, PAGE, PAGE, len(data) + len(blob) - PAGE),
        struct.pack("<12I", DYLD, 48, bind[0], 0, *bind, bind[0], 0, bind[0], 0, *exports),
        struct.pack("<4I", STARTS, 16, *starts),
        struct.pack("<6I", SYMTAB, 24, symbols[0], len(SYMBOLS), *names),
        struct.pack("<20I", DYSYMTAB, 80, 0, 1, 1, 2, 3, 2, *(0,) * 6, bound[0], len(BOUND), *(0,) * 4),
        struct.pack("<4I8x", 0x32, 24, 1, 13 << 16),
        struct.pack("<4I", SIGNATURE, 16, *signed),
    ]
    whole = b"".join(commands)
    head = struct.pack("<8I", 0xFEEDFACF, 0x0100000C, 0, 2, len(commands), len(whole), 0, 0) + whole
    return head + data[len(head) :] + blob


def command(data: bytes, kind: int, form: str) -> tuple[int, ...]:
    return struct.unpack_from(form, data, dict(reader.load_commands(data))[kind] + 8)


@pytest.fixture
def stripped(tmp_path: Path) -> Path:
    made = tmp_path / "aarch64-macos" / "complexity-guard"
    made.parent.mkdir()
    made.write_bytes(macho.stripped(program()))
    return made


def test_only_what_the_loader_reads_is_left(stripped):
    before, after = program(), stripped.read_bytes()
    file = reader.read(stripped)
    assert len(after) < len(before) and file.imports == {"_printf": False, "_puts": False}
    assert file.symbols == 3 and b"_helper" not in after and b"__mh_execute_header" in after
    assert file.signature == "ad hoc" and b"exported" not in after
    place, size = command(after, DYLD, "<10I")[2:4]
    assert after[place : place + size] == BINDINGS
    place, size = command(after, STARTS, "<2I")
    assert after[place : place + size] == b"starts" and command(after, DYLD, "<10I")[9] == 0


def test_stubs_lead_to_the_same_names(stripped):
    after = stripped.read_bytes()
    fields = command(after, DYSYMTAB, "<18I")
    assert fields[:6] == (0, 0, 0, 1, 1, 2)  # none of its own, one that the loader looks for, two imports
    assert struct.unpack_from("<5I", after, fields[12]) == (2, 1, 1 << 31, 1 << 31, 1 << 31)


def test_the_last_segment_ends_with_the_file(stripped):
    after = stripped.read_bytes()
    (last,) = [at for kind, at in reader.load_commands(after) if after[at + 8 :].startswith(b"__LINKEDIT")]
    place, length = struct.unpack_from("<QQ", after, last + 40)
    assert place + length == len(after) and after[4096:PAGE] == program()[4096:PAGE]


@pytest.mark.skipif(not shutil.which("llvm-nm"), reason="no llvm-nm")
def test_llvm_reads_the_same(stripped):
    said = subprocess.run(["llvm-nm", "--undefined-only", stripped], capture_output=True, text=True, check=True).stdout
    assert {"_printf", "_puts"} == {*said.split()} - {"U"}


def test_names_of_its_own_fail_the_check(stripped):
    check = [sys.executable, Path(reader.__file__).with_name("stripped.py"), stripped]
    assert b"ok" in subprocess.run(check, capture_output=True, check=True).stdout
    stripped.write_bytes(program())
    done = subprocess.run(check, capture_output=True)
    assert done.returncode == 1 and b"names 3 functions and variables of its own" in done.stdout


def test_what_is_not_known_is_not_rewritten():
    for kind, other in ((STARTS, 0x80000034), (SIGNATURE, 0x1E)):
        data = bytearray(program())
        struct.pack_into("<I", data, dict(reader.load_commands(data))[kind], other)
        with pytest.raises(SystemExit, match="we do not know"):
            macho.stripped(bytes(data))
    data = bytearray(program())
    data[command(data, SIGNATURE, "<2I")[0] + 20 + 37] = 1  # SHA-1
    with pytest.raises(SystemExit, match="signature"):
        macho.stripped(bytes(data))
