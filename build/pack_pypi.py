#!/usr/bin/env python3
"""Pack the binaries that were built as Python wheels, and the checkout as an sdist, under out/release/pypi.

    python build/pack_pypi.py [TRIPLE...]     (default: each release target whose binary is in out/dist)

A wheel holds the binary as the command `complexity-guard`, which needs no Python, and the module complexity_guard, for
programs that import it, with the kernel for any CPython where build/freeze_kernel.py has made it; other Pythons scan in pure
Python. What the module needs comes from pyproject.toml, as for `pip install .`. Two builds give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

import release
import targets

ROOT = targets.ROOT
PACKED = release.RELEASE / "pypi"
NAME = "complexity_guard"

# Which systems run a binary, in the words of PEP 425: the static one asks nothing of a Linux but the kernel of its day.
TAGS = {
    "x86_64-linux-musl": "manylinux2014_x86_64.musllinux_1_1_x86_64",
    "aarch64-linux-musl": "manylinux2014_aarch64.musllinux_1_1_aarch64",
    "x86_64-macos": "macosx_13_0_x86_64",
    "aarch64-macos": "macosx_13_0_arm64",
    "x86_64-windows": "win_amd64",
}

Entries = dict[str, tuple[bytes, int]]  # name in the archive -> content and mode


def metadata() -> bytes:
    """PEP 566's headers, from pyproject.toml, then the README."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    home = release.home_page()
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {project['name']}",
        f"Version: {targets.version()}",
        f"Summary: {project['description']}",
        f"License-Expression: {project['license']}",
        *(f"License-File: {name}" for name in licence_files()),
        f"Requires-Python: {project['requires-python']}",
        *(f"Requires-Dist: {requirement}" for requirement in project["dependencies"]),
        *([f"Project-URL: Source, {home}"] if home else []),
        "Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM",
    ]
    return "\n".join([*lines, "", (ROOT / "README.md").read_text("utf-8")]).encode()


def licence_files() -> Entries:
    return {"LICENSE": ((ROOT / "LICENSE").read_bytes(), 0o644), **release.licences()}


def wheel(triple: str, deflate: release.Deflate = release.plainly) -> Path:
    """PEP 427: the module, the binary among the scripts of the wheel's data, and what pip reads."""
    target, tag = targets.TARGETS[triple], TAGS[triple]
    top = f"{NAME}-{targets.version()}"
    info = f"{top}.dist-info"
    tags = "".join(f"Tag: py3-none-{one}\n" for one in tag.split("."))
    entries: Entries = {f"{path.name}": (path.read_bytes(), 0o644) for path in (*targets.PROGRAMS, *targets.LIBRARY)}
    if (kernel := targets.kernel_of(triple)).exists():
        entries[kernel.name] = (kernel.read_bytes(), 0o755)
    entries[f"{top}.data/scripts/{target.binary_name}"] = (targets.binary_of(triple).read_bytes(), 0o755)
    entries[f"{info}/METADATA"] = (metadata(), 0o644)
    entries[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: pack_pypi\nRoot-Is-Purelib: false\n{tags}".encode(),
        0o644,
    )
    entries |= {f"{info}/licenses/{name}": entry for name, entry in licence_files().items()}
    record = f"{info}/RECORD"
    entries[record] = (recorded(entries, record).encode(), 0o644)
    path = PACKED / f"{top}-py3-none-{tag}.whl"
    # What pip reads last stands last, as PEP 427 recommends.
    in_order = sorted(entries.items(), key=lambda entry: (".dist-info/" in entry[0], entry[0]))
    release.pack_zip(path, dict(in_order), deflate)
    return path


def recorded(entries: Entries, own_name: str) -> str:
    """The checksum and size of every file, but of the list itself."""
    rows = [f"{name},sha256={digest_of(content)},{len(content)}\n" for name, (content, _) in sorted(entries.items())]
    return "".join([*rows, f"{own_name},,\n"])


def digest_of(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")


def sdist() -> Path:
    """What git tracks, but for the tests' data: enough to build the module, the kernel and the binary again."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name and not name.startswith("tests/")]
    entries: Entries = {"PKG-INFO": (metadata(), 0o644)}
    for file in files:
        mode = 0o755 if file.stat().st_mode & 0o100 else 0o644
        entries[file.relative_to(ROOT).as_posix()] = (file.read_bytes(), mode)
    top = f"{NAME}-{targets.version()}"
    path = PACKED / f"{top}.tar.gz"
    release.write_tar(path, top, entries)
    return path


def main(triples: list[str]) -> None:
    PACKED.mkdir(parents=True, exist_ok=True)
    for triple in triples or targets.built():
        print(wheel(triple, release.tightly))
    print(sdist())


if __name__ == "__main__":
    main(sys.argv[1:])
