#!/usr/bin/env python3
"""Turn built binaries into what a release holds, under out/release.

    python build/release.py stamp OWNER/NAME  write the releasing repository into the tree, before anything is built
    python build/release.py archive TRIPLE    complexity-guard-VERSION-TRIPLE.tar.gz or .zip, from out/dist/TRIPLE
    python build/release.py image             out/image, the folder that build/container/Dockerfile copies from
    python build/release.py finish            the install scripts, SHA256SUMS, the bill of materials and the notes,
                                              and what Homebrew, Scoop, winget, Arch and Debian are told
    python build/release.py action            the Action and GitLab's component hold this release's version and checksums

The tree names no repository of its own, so that no copy of it downloads what someone else released; OWNER is asked for by
`stamp` alone. What `stamp` and `action` write is committed once, in the commit that the release's tag names, for what
it holds is known only after the build. Archives are reproducible: sorted entries, fixed times and owners.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import stat
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pack_systems
import sources
import targets
from steps import EPOCH

ROOT = sources.ROOT
RELEASE = ROOT / "out" / "release"

# What the program itself writes into an archive: (file, the arguments that make it say so).
ASSETS = (
    ("completions/complexity-guard.bash", ("completions", "bash")),
    ("completions/_complexity-guard", ("completions", "zsh")),
    ("completions/complexity-guard.fish", ("completions", "fish")),
    ("completions/complexity-guard.ps1", ("completions", "powershell")),
    ("man/complexity-guard.1", ("man",)),
)

# What downloads a release from the files of its tag: shell scripts with lines `own_version=''` and `checksums=''`.
PINNED = ("action.yml", "templates/complexity-guard.yml")

# Where the repository is stated: file → (what stands in the tree, what a release puts).
NAMED = ("OWNER/complexity-guard", "{}")
STAMPS = {
    targets.PROGRAMS[0].name: ('\nHOME_PAGE = ""', '\nHOME_PAGE = "https://github.com/{}"'),
    "scripts/install.sh": ("\nhome_page=\n", "\nhome_page=https://github.com/{}\n"),
    "scripts/install.ps1": ('\n$homePage = ""\n', '\n$homePage = "https://github.com/{}"\n'),
    **dict.fromkeys(("README.md", "SECURITY.md", "docs/formats.md", "docs/gates.md", "docs/security.md"), NAMED),
    **dict.fromkeys(PINNED, NAMED),
}
# The head of gzip's format: deflate, no name, no time, packed as tightly as can be, by no system in particular.
GZIP = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
INSTALLERS = ("install.sh", "install.ps1")

# What is inside a binary by its freezer: (name, version, SPDX licence). The first rows are in all of them.
INSIDE = {
    "static": (("cpython", None, None), ("zlib", None, None), ("musl", "as in ziglang 0.17.0", "MIT")),
    "pyinstaller": (
        ("python", "of the machine that builds", "PSF-2.0"),
        ("pyinstaller", "bootloader", "GPL-2.0-or-later WITH Bootloader-exception"),
    ),
}
EVERYWHERE = ("tree-sitter", "tree-sitter-typescript", "tree-sitter-javascript")


def program(*arguments: str) -> bytes:
    return subprocess.run([sys.executable, targets.PROGRAMS[0], *arguments], check=True, capture_output=True).stdout


def stamp(repository: str) -> None:
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository, re.ASCII):
        raise SystemExit(f"a repository is OWNER/NAME, not {repository!r}")
    texts = {name: (ROOT / name).read_text("utf-8") for name in STAMPS}
    for name, (before, after) in STAMPS.items():
        if before not in texts[name]:
            raise SystemExit(f"{name} states a repository already")
        texts[name] = texts[name].replace(before, after.format(repository))
    for name, text in texts.items():
        (ROOT / name).write_text(text, "utf-8", newline="\n")


def home_page() -> str:
    """The page of the repository that releases, as `stamp` wrote it; "" in a tree that belongs to none."""
    return re.search(r'^HOME_PAGE = "(.*?)"', targets.PROGRAMS[0].read_text("utf-8"), re.MULTILINE)[1]


# ── One archive ──────────────────────────────────────────────────────────────────────────────────────────────────────


def archive(triple: str) -> Path:
    target = targets.TARGETS[triple]
    top = f"complexity-guard-{targets.version()}-{triple}"
    entries = {target.binary_name: (targets.binary_of(triple).read_bytes(), 0o755)}
    for name in ("README.md", "LICENSE"):
        entries[name] = ((ROOT / name).read_bytes(), 0o644)
    entries |= licences()
    for name, arguments in ASSETS:
        entries[name] = (program(*arguments), 0o644)
    RELEASE.mkdir(parents=True, exist_ok=True)
    made = RELEASE / f"{top}.{target.archive}"
    WRITERS[target.archive](made, top, entries)
    return made


def licences() -> dict[str, tuple[bytes, int]]:
    """Those of what is inside a binary, and so of the freezers that are, but of no other."""
    unused = set(targets.FREEZERS) - {target.freezer for target in targets.ROWS}
    files = sorted([*(ROOT / "build" / "licences").iterdir(), *(ROOT / "build" / "grammar").glob("LICENSES*")])
    found = [file for file in files if file.is_file() and file.stem not in unused]
    return {f"licences/{file.name}": (file.read_bytes(), 0o644) for file in found}


Deflate = Callable[[bytes], bytes]  # content → a raw stream of deflate: zlib's, or a tighter one of the same format


def plainly(content: bytes) -> bytes:
    return zlib.compress(content, 9, -15)


def tightly(content: bytes) -> bytes:
    """As what lies packed in the binaries: three per cent less of a download, for half a minute; once for the same bytes."""
    kept = sources.CACHE / "deflated" / hashlib.sha256(content).hexdigest()
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{os.getpid()}")
        partial.write_bytes(zopfli_of(content))
        partial.replace(kept)
    return kept.read_bytes()


def zopfli_of(content: bytes) -> bytes:
    folder = str(ROOT / "build" / "static")
    if folder not in sys.path:
        sys.path.append(folder)
    import deflate

    return deflate.deflated(content, raw=True)


def write_tar(path: Path, top: str, entries: dict[str, tuple[bytes, int]], deflate: Deflate = plainly) -> None:
    with io.BytesIO() as raw, tarfile.open(fileobj=raw, mode="w") as tar:
        for name, (content, mode) in sorted(entries.items()):
            entry = tarfile.TarInfo(f"{top}/{name}")
            entry.size, entry.mode, entry.mtime = len(content), mode, EPOCH
            tar.addfile(entry, io.BytesIO(content))
        tar.close()
        content = raw.getvalue()
    ends = struct.pack("<II", zlib.crc32(content), len(content))
    path.write_bytes(GZIP + deflate(content) + ends)


def write_zip(path: Path, top: str, entries: dict[str, tuple[bytes, int]]) -> None:
    pack_zip(path, {f"{top}/{name}": entry for name, entry in sorted(entries.items())})


class Whole:
    """Stands in for zlib's compressor: packs a file when all of it is there."""

    def __init__(self, deflate: Deflate) -> None:
        self.deflate, self.content = deflate, bytearray()

    def compress(self, content: bytes) -> bytes:
        self.content += content
        return b""

    def flush(self) -> bytes:
        return self.deflate(bytes(self.content))


def pack_zip(path: Path, entries: dict[str, tuple[bytes, int]], deflate: Deflate = plainly) -> None:
    """In the order given."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, (content, mode) in entries.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr, entry.compress_type = (stat.S_IFREG | mode) << 16, zipfile.ZIP_DEFLATED
            entry.file_size = len(content)
            with packed.open(entry, "w") as file:
                file._compressor = Whole(deflate)  # zipfile has no other way for one of ours
                file.write(content)


WRITERS = {"tar.gz": write_tar, "zip": write_zip}


# ── The container image ─────────────────────────────────────────────────────────────────────────────────────────────


def image() -> Path:
    """The static binaries of Linux, each in a folder of the name that container builders have for its machine."""
    folder = ROOT / "out" / "image"
    shutil.rmtree(folder, ignore_errors=True)
    for architecture, machine in targets.MACHINES.items():
        (folder / architecture).mkdir(parents=True)
        copy = Path(shutil.copy(targets.binary_of(f"{machine}-linux-musl"), folder / architecture))
        copy.chmod(0o755)  # artifacts lose the permission on their way between the jobs of a release
    return folder


# ── The release as a whole ───────────────────────────────────────────────────────────────────────────────────────────


def archives() -> list[Path]:
    found = sorted(path for path in RELEASE.glob("complexity-guard-*") if path.name.endswith(tuple(WRITERS)))
    if not found:
        raise SystemExit(f"no archives in {RELEASE}: make them first")
    return found


def finish() -> None:
    (RELEASE / "complexity-guard.spdx.json").write_text(json.dumps(bill_of_materials(), indent=1) + "\n")
    (RELEASE / "notes.md").write_text(notes())
    for name in INSTALLERS:
        shutil.copy(ROOT / "scripts" / name, RELEASE)
    extensions = sorted(RELEASE.glob("complexity-guard-vscode-*.vsix"))
    copied = [RELEASE / name for name in INSTALLERS]
    packages = packages_of_systems()
    listed = [*archives(), *packages, *extensions, RELEASE / "complexity-guard.spdx.json", *copied]
    (RELEASE / "SHA256SUMS").write_text("".join(f"{sources.sha256(path)}  {path.name}\n" for path in listed))


def packages_of_systems() -> list[Path]:
    """The packages of Debian, and what Homebrew, Scoop, winget and Arch are told, in one archive."""
    home = home_page() or f"https://github.com/{NAMED[0]}"
    made = pack_systems.Release(home, RELEASE, tuple(archives()))
    told = RELEASE / f"complexity-guard_{targets.version()}_systems.zip"
    pack_zip(told, pack_systems.texts(made))
    return [*pack_systems.debian(made), told]


def pin() -> None:
    """The Action and the component at this release's tag download this release, whatever a server says of it later."""
    sums = [f"{sources.sha256(path)}  {path.name}" for path in archives()]
    missing = [triple for triple in targets.TARGETS if not any(f"-{triple}." in line for line in sums)]
    if missing:
        raise SystemExit(f"no archive for {', '.join(missing)}: a release has one for each machine")
    texts = {name: (ROOT / name).read_text("utf-8") for name in PINNED}
    for name, text in texts.items():
        if NAMED[0] in text:
            raise SystemExit(f"{name} states no repository yet: stamp it first")
        for constant, lines in (("own_version", [targets.version()]), ("checksums", sums)):
            texts[name] = with_constant(texts[name], constant, lines)
    for name, text in texts.items():
        (ROOT / name).write_text(text, "utf-8", newline="\n")


def with_constant(text: str, constant: str, lines: list[str]) -> str:
    """A script, indented as it stands in YAML, whose constant holds these lines."""
    found = re.findall(rf"^( *){constant}=''$", text, re.MULTILINE)
    if len(found) != 1:
        raise SystemExit(f"the line {constant}='' stands in it {len(found)} times: is it of a release already?")
    value = f"\n{found[0]}".join(lines)
    return text.replace(f"\n{found[0]}{constant}=''\n", f"\n{found[0]}{constant}='{value}'\n")


def bill_of_materials() -> dict:
    """SPDX 2.3: the archives of this release, and what each holds, from the very table that the build fetches by."""
    parts = {
        name: package(name, source.version, source.licence, source.homepage, source.places[0].sha256)
        for name, source in sources.SOURCES.items()
    }
    for rows in INSIDE.values():
        parts |= {name: package(name, version, licence) for name, version, licence in rows if version}
    shipped, relations = [], []
    for path in archives():
        triple = next(triple for triple in targets.TARGETS if triple in path.name)
        item = package(path.name, targets.version(), "MIT", digest=sources.sha256(path))
        shipped.append(item)
        relations.append(relation("SPDXRef-DOCUMENT", "DESCRIBES", item["SPDXID"]))
        held = [*EVERYWHERE, *(name for name, _, _ in INSIDE[targets.TARGETS[triple].freezer])]
        relations += [relation(item["SPDXID"], "CONTAINS", parts[name]["SPDXID"]) for name in held]
        if targets.TARGETS[triple].freezer == "static":
            relations.append(relation(parts["ziglang"]["SPDXID"], "BUILD_TOOL_OF", item["SPDXID"]))
    names = hashlib.sha256("".join(item["checksums"][0]["checksumValue"] for item in shipped).encode()).hexdigest()
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"complexity-guard-{targets.version()}",
        "documentNamespace": f"https://spdx.org/spdxdocs/complexity-guard-{targets.version()}-{names[:16]}",
        "creationInfo": {"created": "1980-01-01T00:00:00Z", "creators": ["Tool: build/release.py"]},
        "packages": [*shipped, *parts.values()],
        "relationships": relations,
    }


def package(name: str, version: str, licence: str, homepage: str = "", digest: str = "") -> dict:
    row = {
        "SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name), "name": name, "versionInfo": version,
        "downloadLocation": homepage or "NOASSERTION", "filesAnalyzed": False,
        "licenseConcluded": licence, "licenseDeclared": licence, "copyrightText": "NOASSERTION",
    }  # fmt: skip
    return row | ({"checksums": [{"algorithm": "SHA256", "checksumValue": digest}]} if digest else {})


def relation(one: str, kind: str, other: str) -> dict:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}


def notes() -> str:
    """The changelog's newest part, and what each archive and the binary in it weigh."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    changes = re.search(r"^## .*?\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    rows = "".join(f"| `{path.name}` | {binary_bytes(path):,} | {path.stat().st_size:,} |\n" for path in archives())
    head = "| archive | binary, bytes | archive, bytes |\n|---|---:|---:|\n"
    return f"{changes[1].strip() if changes else ''}\n\n{head}{rows}"


def binary_bytes(path: Path) -> int:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as packed:
            sizes = {entry.filename.rpartition("/")[2]: entry.file_size for entry in packed.infolist()}
            return sizes["complexity-guard.exe"]
    with tarfile.open(path) as tar:
        return next(entry.size for entry in tar if entry.name.endswith("/complexity-guard"))


STEPS = {"finish": finish, "image": image, "action": pin}

if __name__ == "__main__":
    if len(sys.argv) == 2 and sys.argv[1] in STEPS:
        if made := STEPS[sys.argv[1]]():
            print(made)
    elif len(sys.argv) == 3 and sys.argv[1] == "stamp":
        stamp(sys.argv[2])
    elif len(sys.argv) == 3 and sys.argv[1] == "archive" and sys.argv[2] in targets.TARGETS:
        print(archive(sys.argv[2]))
    else:
        sys.exit(__doc__)
