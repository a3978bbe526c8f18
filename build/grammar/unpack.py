#!/usr/bin/env python3
"""Write the C sources of our two parsers, ready to compile, into a folder.

    python build/grammar/unpack.py OUTDIR

`src/` is copied as it is, `*.xz` inflated. Compile with `-I OUTDIR`:

    OUTDIR/typescript/parser.c   OUTDIR/typescript/scanner.c   -> tree_sitter_typescript()
    OUTDIR/tsx/parser.c          OUTDIR/tsx/scanner.c          -> tree_sitter_tsx()

A file whose content is already right is left alone, so that `make` does not compile it again.
"""

import lzma
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parent / "src"


def unpack(target: Path) -> list[Path]:
    """Write every source under `target`; return what was written or found, in a fixed order."""
    return [_place(source, target) for source in sorted(SOURCES.rglob("*")) if source.is_file()]


def _place(source: Path, target: Path) -> Path:
    place = target / source.relative_to(SOURCES)
    content = source.read_bytes()
    if source.suffix == ".xz":
        place, content = place.with_suffix(""), lzma.decompress(content)
    if not place.exists() or place.read_bytes() != content:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return place


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    for written in unpack(Path(sys.argv[1])):
        print(written)
