#!/usr/bin/env python3
"""Build the binary: one file, at out/dist/<triple>/complexity-guard.

    python build/freeze.py                                   the release for this machine
    python build/freeze.py --target aarch64-linux-musl       cross-built, from any Linux machine
    python build/freeze.py --freezer pyinstaller             packs this machine's own Python

static      everything linked into one file: the release, cross-built for every target from Linux
pyinstaller unpacks itself at each start: the check on static, and what macOS and Windows can build themselves (Linux
            builds that of Windows, too: with a CPython of Windows, under wine)
nuitka      the alternative to PyInstaller, kept working
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

import sources
import targets

# What the freezers are made of lies in folders that are no packages, for other interpreters start those files as well.
sys.path += [str(sources.ROOT / folder) for folder in ("build/static", "build/native", "build/grammar", "spec")]


def options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = targets.native_triple()
    parser.add_argument("--target", choices=targets.TARGETS, default=here, help="(default: this machine)")
    parser.add_argument(
        "--freezer", choices=targets.FREEZERS, help="(default: that of the target's release, where this machine can)"
    )
    parser.add_argument("--out", type=Path, help="where to put the binary instead (for comparing two builds)")
    chosen = parser.parse_args(argv)
    released = targets.TARGETS[chosen.target].freezer
    chosen.freezer = chosen.freezer or (released if sys.platform == "linux" else "pyinstaller")
    under_wine = (chosen.freezer, chosen.target, sys.platform) == ("pyinstaller", "x86_64-windows", "linux")
    if chosen.freezer != "static" and chosen.target != here and not (under_wine and shutil.which("wine")):
        parser.error(f"{chosen.freezer} packs this machine's own Python; it cannot build for {chosen.target}")
    if chosen.freezer == "static" and sys.platform != "linux":
        parser.error("the static binary is built on Linux, for every target")
    return chosen


def destination(freezer: str, triple: str) -> Path:
    return targets.DIST / targets.Kind(freezer, triple).folder / targets.TARGETS[triple].binary_name


def build(freezer: str, triple: str, final: Path) -> None:
    """The binary appears at `final` whole, or not at all: an older one is removed first."""
    final.unlink(missing_ok=True)
    final.parent.mkdir(parents=True, exist_ok=True)
    scratch = sources.ROOT / "out" / "work"
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch, prefix=f"{freezer}-", ignore_cleanup_errors=True) as work:
        made = importlib.import_module(f"freeze_{freezer}").freeze(triple, Path(work))
        made.chmod(0o755)
        staged = final.with_name(f".{final.name}.{os.getpid()}")
        try:
            shutil.move(made, staged)
            staged.replace(final)
        finally:
            staged.unlink(missing_ok=True)


def main(argv: list[str] | None = None) -> int:
    chosen = options(argv)
    final = (chosen.out or destination(chosen.freezer, chosen.target)).resolve()
    try:
        build(chosen.freezer, chosen.target, final)
    except sources.FetchError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{final.stat().st_size:,} bytes: {os.path.relpath(final)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
