"""What Homebrew, Scoop, winget, Arch and Debian are told of a release, from build/systems, with the archives' checksums.

`python build/release.py finish` packs it: the packages of Debian, and one archive with all the other files. What speaks of an
archive that was not made is not made either.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import tarfile
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

import sources
import targets
from steps import EPOCH

FOLDER = sources.ROOT / "build" / "systems"

# The file that a release holds, and the one in build/systems that it is made from.
FILES = {
    "homebrew/complexity-guard.rb": "homebrew.rb",
    "scoop/complexity-guard.json": "scoop.json",
    "winget/@owner@.ComplexityGuard.yaml": "winget/version.yaml",
    "winget/@owner@.ComplexityGuard.installer.yaml": "winget/installer.yaml",
    "winget/@owner@.ComplexityGuard.locale.en-US.yaml": "winget/locale.en-US.yaml",
    "aur/PKGBUILD": "PKGBUILD",
    "aur/.SRCINFO": "SRCINFO",
}

# Debian's name of a machine, and the archive that the package is made from.
DEBIAN = {architecture: f"{machine}-linux-musl" for architecture, machine in targets.MACHINES.items()}

# Where a Debian package has what an archive holds. Papers that Debian wants compressed are, at the highest level.
SHARE = "usr/share"
PLACES = {
    "complexity-guard": "usr/bin/complexity-guard",
    "completions/complexity-guard.bash": f"{SHARE}/bash-completion/completions/complexity-guard",
    "completions/_complexity-guard": f"{SHARE}/zsh/vendor-completions/_complexity-guard",
    "completions/complexity-guard.fish": f"{SHARE}/fish/vendor_completions.d/complexity-guard.fish",
    "man/complexity-guard.1": f"{SHARE}/man/man1/complexity-guard.1.gz",
}

Words = dict[str, str]  # what stands between two @ -> what is put there
Files = dict[str, tuple[bytes, int]]  # path -> content and mode


@dataclass(frozen=True, slots=True)
class Release:
    home: str  # the page of the repository
    folder: Path  # where its files are
    paths: tuple[Path, ...]  # of the archives

    @property
    def archives(self) -> dict[str, Path]:
        return {triple: path for triple in targets.TARGETS for path in self.paths if f"-{triple}." in path.name}

    @property
    def owner(self) -> str:
        return self.home.split("/")[-2]

    def words(self) -> Words:
        plain = {"version": targets.version(), "home": self.home, "owner": self.owner}
        return plain | {name: value for triple in self.archives for name, value in self.of_archive(triple).items()}

    def of_archive(self, triple: str) -> Words:
        path = self.archives[triple]
        digest = sources.sha256(path)
        return {
            f"{triple}.url": f"{self.home}/releases/download/v{targets.version()}/{path.name}",
            f"{triple}.sha256": digest,
            f"{triple}.SHA256": digest.upper(),
            f"{triple}.top": f"complexity-guard-{targets.version()}-{triple}",
        }


def texts(made: Release) -> Files:
    """Those of which every archive is there."""
    words = made.words()
    read = {name: (FOLDER / source).read_text("utf-8") for name, source in FILES.items()}
    return {
        filled(name, words): (filled(text, words).encode(), 0o644)
        for name, text in read.items()
        if wanted(text) <= set(words)
    }


def wanted(text: str) -> set[str]:
    return set(re.findall(r"@([\w.-]+)@", text))


def filled(text: str, words: Words) -> str:
    return re.sub(r"@([\w.-]+)@", lambda found: words[found[1]], text)


# ── A package of Debian ──────────────────────────────────────────────────────────────────────────────────────────────


def debian(made: Release) -> list[Path]:
    """A package for each machine whose archive is there."""
    return [debian_package(made, architecture) for architecture, triple in DEBIAN.items() if triple in made.archives]


def debian_package(made: Release, architecture: str) -> Path:
    """An archive of `ar`: the format's version, the control files, the files."""
    files = debian_files(made, DEBIAN[architecture])
    size = sum(-(-len(content) // 1024) for content, _ in files.values())
    words = made.words() | {"architecture": architecture, "kilobytes": str(size)}
    sums = "".join(f"{md5(content)}  {name}\n" for name, (content, _) in sorted(files.items()))
    control = {"control": (of_debian("control", words), 0o644), "md5sums": (sums.encode(), 0o644)}
    members = {"debian-binary": b"2.0\n", "control.tar.gz": tar_of(control), "data.tar.gz": tar_of(files)}
    path = made.folder / f"complexity-guard_{targets.version()}-1_{architecture}.deb"
    path.write_bytes(b"!<arch>\n" + b"".join(ar_member(name, content) for name, content in members.items()))
    return path


def of_debian(name: str, words: Words) -> bytes:
    return filled((FOLDER / "debian" / name).read_text("utf-8"), words).encode()


def debian_files(made: Release, triple: str) -> Files:
    held = archive_files(made.archives[triple])
    files = {place: held[name] for name, place in PLACES.items()}
    manual = PLACES["man/complexity-guard.1"]
    files[manual] = (compressed(files[manual][0]), 0o644)
    changes = of_debian("changelog", made.words() | {"date": formatdate(EPOCH)})
    papers = f"{SHARE}/doc/complexity-guard"
    files[f"{papers}/changelog.Debian.gz"] = (compressed(changes), 0o644)
    files[f"{papers}/copyright"] = (copyright_of(held["LICENSE"][0]), 0o644)
    files |= {f"{papers}/{name}": file for name, file in held.items() if name.startswith("licences/")}
    files[f"{SHARE}/lintian/overrides/complexity-guard"] = (of_debian("overrides", {}), 0o644)
    return files


def archive_files(path: Path) -> Files:
    with tarfile.open(path) as tar:
        return {entry.name.partition("/")[2]: (tar.extractfile(entry).read(), entry.mode) for entry in tar}


def copyright_of(licence: bytes) -> bytes:
    return (
        licence
        + b"\nWhat is inside the binary has licences of its own, which stand in the folder licences beside this file.\n"
    )


def compressed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def md5(content: bytes) -> str:
    """Debian's own sums of files, against bad disks; SHA256SUMS is what vouches for the package."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def tar_of(files: Files) -> bytes:
    """With the folders on the way, which a package has to have."""
    folders = {"/".join(name.split("/")[:depth]) for name in files for depth in range(1, name.count("/") + 1)}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name in ["", *sorted(folders | set(files))]:
            tar.addfile(*entry(name, files.get(name)))
    return compressed(packed.getvalue())


def entry(name: str, file: tuple[bytes, int] | None) -> tuple[tarfile.TarInfo, io.BytesIO]:
    """A file, or a folder where there is none."""
    content, mode = file or (b"", 0o755)
    item = tarfile.TarInfo(f"./{name}" if file or not name else f"./{name}/")
    item.type = tarfile.REGTYPE if file else tarfile.DIRTYPE
    item.size, item.mode, item.mtime = len(content), mode, EPOCH
    item.uname = item.gname = "root"
    return item, io.BytesIO(content)


def ar_member(name: str, content: bytes) -> bytes:
    head = f"{name:<16}{EPOCH:<12}{0:<6}{0:<6}{0o100644:<8o}{len(content):<10}`\n"
    return head.encode() + content + b"\n" * (len(content) % 2)
