#!/usr/bin/env python3
"""No symbol table and no debugging sections, in the file or in anything it unpacks; and it is not packed by UPX."""

from pathlib import Path

import _macho
import _pe
from _check import kind_of, main, require, unpacked
from _elf import SHT_SYMTAB, read


def check(binary: Path) -> str:
    if _macho.machine_of(binary):
        file = _macho.read(binary)
        require("__DWARF" not in file.segments and not file.debug_symbols, "has debugging information")
        own = file.symbols - len(file.imports)
        # The loader looks for one of ours, that of the header.
        require(kind_of(binary).freezer != "static" or own <= 1, f"names {own:,} functions and variables of its own")
        return f"no debugging information; {len(file.imports):,} symbols are the system's to find, {own:,} its own"
    require(b"UPX!" not in binary.read_bytes(), "packed by UPX")
    if _pe.machine_of(binary):
        file = _pe.read(binary)
        left = [
            name for name in file.sections if name.startswith(("/", ".debug"))
        ]  # a "/" and a number: too long a name
        require(not left and not file.symbols, f"has {', '.join(left) or 'symbols'}")
        require(b".pdb\0" not in binary.read_bytes(), "names a file of debugging information")
        return "no symbols, no debugging information, no UPX"
    with unpacked(binary) as files:
        for file in files:
            left = [name for name, kind in read(file).sections if kind == SHT_SYMTAB or name.startswith(".debug")]
            require(not left, f"{file.name} has {', '.join(left)}")
        return f"no symbol table, no debugging sections, no UPX, in {len(files)} ELF file(s)"


main(check)
