#!/usr/bin/env python3
"""A second build, in another folder, gives the same bytes.

The CPython inside comes from the cache in both; CI makes it afresh on each machine that has no cache, and the digest
printed here is what two such machines compare.
"""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from _check import ROOT, Skipped, kind_of, main, require
from targets import native_triple


def check(binary: Path) -> str:
    kind = kind_of(binary)
    if kind.freezer == "nuitka":
        raise Skipped("a second build takes Nuitka minutes; it is the alternative, not a release")
    if kind.freezer == "static" and native_triple() != "x86_64-linux-musl":
        raise Skipped("the static binary is built on x86-64 Linux: on others it is packed less tightly")
    with tempfile.TemporaryDirectory(prefix="again-") as again:
        second = Path(again) / binary.name
        wanted = ("--freezer", kind.freezer, "--target", kind.triple)
        command = [sys.executable, ROOT / "build" / "freeze.py", *wanted, "--out", second]
        built = subprocess.run(command, capture_output=True, text=True)
        require(built.returncode == 0, f"the second build failed: {(built.stdout + built.stderr)[-300:]}")
        digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (binary, second)]
    require(digests[0] == digests[1], f"two builds differ: {digests[0][:16]}… and {digests[1][:16]}…")
    return f"two builds, SHA-256 {digests[0]}"


main(check)
