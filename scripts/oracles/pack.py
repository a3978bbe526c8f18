"""Freeze the reference's answers, and a sample of the sources they are about: `pack.py ANSWERS` → tests/oracles."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import sys
import tarfile
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from compare import ANSWERS, CORPUS, SAMPLE
from corpus import is_source, packages

# Enough for every package to show its style, small enough to be carried by the repository (about 500 kB).
SAMPLE_FILES = 320
LARGEST = 24_000
RARE_KINDS = {"i", "s"}  # field initializers and static blocks: seldom seen, so never left out

XZ = {"preset": 9 | lzma.PRESET_EXTREME, "format": lzma.FORMAT_XZ}


def chosen(answers: list[dict[str, Any]]) -> list[str]:
    """Files with functions, in turn from each package, in the order of their hashes; rare kinds first."""
    by_package: dict[str, list[tuple[bool, str, str]]] = {}
    for answer in answers:
        functions = answer.get("functions", [])
        if functions and (CORPUS / answer["path"]).stat().st_size <= LARGEST:
            common = RARE_KINDS.isdisjoint(row[0] for row in functions)
            by_package.setdefault(answer["path"].split("/")[0], []).append((common, answer["sha256"], answer["path"]))
    rounds = zip_longest(*(sorted(rows) for _, rows in sorted(by_package.items())))
    paths = [row[-1] for turn in rounds for row in turn if row]
    return sorted(paths[:SAMPLE_FILES])


def licences() -> Iterator[str]:
    for package in packages():
        for path in sorted((CORPUS / package.slug).iterdir()):
            if path.is_file() and not is_source(path.name):
                yield path.relative_to(CORPUS).as_posix()


def archive_of(paths: list[str], folder: Path = CORPUS) -> bytes:
    """A tar file that depends on nothing but its contents."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in paths:
            content = (folder / path).read_bytes()
            member = tarfile.TarInfo(path)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def write(target: Path, content: bytes) -> None:
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(lzma.compress(content, **XZ))
    digest = hashlib.sha256(content).hexdigest()[:16]
    print(f"{target.name}: {target.stat().st_size:,} bytes, {len(content):,} unpacked, sha256 {digest}…")


def main() -> int:
    frozen = Path(sys.argv[1]).read_bytes()
    write(ANSWERS, frozen)
    paths = chosen([json.loads(line) for line in frozen.splitlines()])
    write(SAMPLE, archive_of([*licences(), *paths]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
