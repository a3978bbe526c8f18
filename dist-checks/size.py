#!/usr/bin/env python3
"""The file is under five million bytes, if it is one that is shipped."""

from pathlib import Path

from _check import kind_of, main, require

MAX_BYTES = 5_000_000


def check(binary: Path) -> str:
    size = binary.stat().st_size
    if not kind_of(binary).is_released:
        return f"{size:,} bytes, and not shipped"
    require(size <= MAX_BYTES, f"{size:,} bytes, {size - MAX_BYTES:,} over the limit")
    return f"{size:,} bytes, {MAX_BYTES - size:,} below the limit"


main(check)
