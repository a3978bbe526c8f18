#!/usr/bin/env python3
"""No symbol table and no debugging sections, in the file or in anything it unpacks; and it is not packed by UPX."""

from pathlib import Path

import _macho
from _check import Skipped, main, require, unpacked
from _elf import SHT_SYMTAB, machine_of, read


def check(binary: Path) -> str:
    if _macho.machine_of(binary):
        file = _macho.read(binary)
        require("__DWARF" not in file.segments and not file.debug_symbols, "has debugging information")
        return f"no debugging information; {file.symbols:,} symbols, of which only some are the system's to find"
    if machine_of(binary) is None:
        raise Skipped("not an ELF file")
    require(b"UPX!" not in binary.read_bytes(), "packed by UPX")
    with unpacked(binary) as files:
        for file in files:
            left = [name for name, kind in read(file).sections if kind == SHT_SYMTAB or name.startswith(".debug")]
            require(not left, f"{file.name} has {', '.join(left)}")
        return f"no symbol table, no debugging sections, no UPX, in {len(files)} ELF file(s)"


main(check)
