"""Fetch the sources on which the reference and our analyzer are compared: `python corpus.py` → out/oracle-corpus."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CORPUS = ROOT / "out" / "oracle-corpus"

SOURCES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")


@dataclass(frozen=True, slots=True)
class Package:
    """One row of corpus.json: what to fetch, and which folders of it hold hand-written sources."""

    name: str
    version: str
    licence: str
    folders: tuple[str, ...]
    without: tuple[str, ...]
    integrity: str

    @property
    def slug(self) -> str:
        return self.name.lstrip("@").replace("/", "-")


def packages() -> list[Package]:
    rows = json.loads((HERE / "corpus.json").read_text("utf-8"))
    return [Package(**{**row, "folders": tuple(row["folders"]), "without": tuple(row["without"])}) for row in rows]


def is_source(path: str) -> bool:
    return path.endswith(SOURCES) and not path.endswith(DECLARATIONS)


def wanted(package: Package, path: PurePosixPath) -> bool:
    """Is this file (named as inside the package) part of the corpus, or the licence it comes under?"""
    if len(path.parts) == 1 and path.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE")):
        return True
    inside = any(folder == "." or path.is_relative_to(folder) for folder in package.folders)
    return inside and is_source(path.name) and not any(path.is_relative_to(folder) for folder in package.without)


def check_integrity(archive: Path, integrity: str) -> None:
    algorithm, expected = integrity.split("-", 1)
    found = base64.b64encode(hashlib.new(algorithm, archive.read_bytes()).digest()).decode()
    if found != expected:
        raise SystemExit(f"{archive.name}: integrity is {algorithm}-{found}, expected {integrity}")


def members(package: Package, archive: tarfile.TarFile) -> Iterator[tuple[PurePosixPath, IO[bytes]]]:
    for member in archive:
        path = PurePosixPath(*PurePosixPath(member.name).parts[1:])  # the first part is always "package"
        if member.isfile() and ".." not in path.parts and wanted(package, path):
            content = archive.extractfile(member)
            assert content is not None
            yield path, content


def fetch(package: Package, downloads: Path) -> Path:
    """Download with the user's own npm client and registry; what arrives must have the recorded hash."""
    archive = downloads / f"{package.slug}-{package.version}.tgz"
    if not archive.exists():
        spec = f"{package.name}@{package.version}"
        subprocess.run(["npm", "pack", "--silent", "--pack-destination", str(downloads), spec], check=True)
    check_integrity(archive, package.integrity)
    return archive


def unpack(package: Package, archive: Path, target: Path) -> int:
    shutil.rmtree(target, ignore_errors=True)
    count = 0
    with tarfile.open(archive) as opened:
        for path, content in members(package, opened):
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(content.read())
            count += is_source(path.name)
    return count


def main() -> int:
    downloads = ROOT / "out" / "oracle-downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    for package in packages():
        count = unpack(package, fetch(package, downloads), CORPUS / package.slug)
        print(f"{package.name}@{package.version}: {count:,} sources")
    return 0


if __name__ == "__main__":
    sys.exit(main())
