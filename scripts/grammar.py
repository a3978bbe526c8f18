#!/usr/bin/env python3
"""Make the parsers: upstream's grammar, our patches in order, the generator.

    python scripts/grammar.py               regenerate build/grammar/src
    python scripts/grammar.py --check       regenerate in out/grammar and compare with what is tracked, byte for byte
    python scripts/grammar.py --edit        a git repository in out/grammar/edit, one commit per patch, to work on
    python scripts/grammar.py --export      write that repository's commits back as build/grammar/patches

Exit code 3: no generator can be had here (it needs Node, and tree-sitter 0.22.6 on PATH or from Debian); it says so.
"""

from __future__ import annotations

import argparse
import lzma
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "build"))  # its other ways of working are started by hand

import sources  # noqa: E402

GRAMMAR = ROOT / "build" / "grammar"
PATCHES = GRAMMAR / "patches"
TRACKED = GRAMMAR / "src"
OUT = ROOT / "out" / "grammar"
DIALECTS = ("typescript", "tsx")
ABI = "14"

# Another version writes other bytes. This one is Debian's, so that it can be had for years.
GENERATOR = "0.22.6"
GENERATOR_SHA256 = "8da431afff66d67ae6fb690156a849645340ead245de141111714469f1645ab7"
UNAVAILABLE = 3


class Unavailable(Exception):
    """No generator can be had on this machine."""


# ── Sources and patches ──────────────────────────────────────────────────────────────────────────────────────────────


def lay_out(folder: Path) -> None:
    """The grammar's own sources, unpatched, where its `require` finds them."""
    shutil.rmtree(folder, ignore_errors=True)
    typescript, javascript = (sources.unpack(f"tree-sitter-{name}") for name in ("typescript", "javascript"))
    copies = {
        "javascript/grammar.js": javascript / "grammar.js",
        "common/define-grammar.js": typescript / "common/define-grammar.js",
        "common/scanner.h": typescript / "common/scanner.h",
    }
    for dialect in DIALECTS:
        copies[f"{dialect}/grammar.js"] = typescript / dialect / "grammar.js"
        copies[f"{dialect}/scanner.c"] = typescript / dialect / "src/scanner.c"
    for name, source in copies.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)
    (folder / "node_modules").mkdir()
    (folder / "node_modules" / "tree-sitter-javascript").symlink_to("../javascript")


def patches() -> list[Path]:
    return sorted(PATCHES.glob("*.patch"))


def apply(patch: Path, folder: Path) -> None:
    # Outside any repository as far as git can see, or it would silently skip paths that are not the repository's.
    surroundings = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)}
    subprocess.run(["git", "apply", "--whitespace=nowarn", patch], cwd=folder, check=True, env=surroundings)


def patched(folder: Path) -> Path:
    lay_out(folder)
    for patch in patches():
        apply(patch, folder)
    return folder


# ── The generator ────────────────────────────────────────────────────────────────────────────────────────────────────


def generator() -> list[str]:
    """The command that runs the one version of tree-sitter whose output is tracked."""
    if shutil.which("node") is None:
        raise Unavailable("the grammar is JavaScript, and there is no node here")
    for command in ([shutil.which("tree-sitter")], debian_command(OUT / "generator")):
        if command[0] and version(command) == GENERATOR:
            return command
    try:
        fetch_from_debian(OUT / "generator")
    except (OSError, subprocess.SubprocessError, sources.FetchError) as error:
        raise Unavailable(f"no tree-sitter {GENERATOR} on PATH, nor from Debian: {sources.reason(error)}") from error
    return debian_command(OUT / "generator")


def version(command: list[str]) -> str:
    try:
        said = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.split()[1]


def debian_command(folder: Path) -> list[str]:
    """Debian's program under the C library of its own release, whatever this machine's is."""
    libraries = folder / "usr/lib/x86_64-linux-gnu"
    loader = str(libraries / "ld-linux-x86-64.so.2")
    return [loader, "--library-path", str(libraries), str(folder / "usr/bin/tree-sitter")]


def fetch_from_debian(folder: Path) -> None:
    if platform.machine() != "x86_64" or not shutil.which("dpkg-deb"):
        raise sources.FetchError("not a Debian machine of the architecture known here")
    state = sources.CACHE / "apt-generator"
    for part in ("lists/partial", "archives/partial"):
        (state / part).mkdir(parents=True, exist_ok=True)
    lines = [line.replace("deb-src ", "deb ", 1) for line in sources.debian_source_lines()]
    (state / "sources.list").write_text("".join(lines))
    (state / "status").touch()
    options = [
        f"-oDir::Etc::sourcelist={state}/sources.list",
        "-oDir::Etc::sourceparts=-",
        f"-oDir::State={state}",
        f"-oDir::State::status={state}/status",
        f"-oDir::State::lists={state}/lists",
        f"-oDir::Cache={state}",
        "-oAPT::Sandbox::User=",
    ]
    sources.run("apt-get", *options, "update", cwd=state)
    sources.run("apt-get", *options, "download", "tree-sitter-cli", "libc6", "libgcc-s1", cwd=state)
    program = next(state.glob(f"tree-sitter-cli_{GENERATOR}-*.deb"))
    if sources.sha256(program) != GENERATOR_SHA256:
        raise sources.FetchError(f"{program.name} is not the file that was pinned")
    for package in state.glob("*.deb"):
        sources.run("dpkg-deb", "-x", str(package), str(folder), cwd=state)


def generate(folder: Path, command: list[str]) -> None:
    """Both parsers at once: each takes one core for some ten seconds."""
    running = []
    for dialect in DIALECTS:
        (folder / dialect / "package.json").write_text("{}\n")  # without one, the generator asks to write its own
        running.append(
            subprocess.Popen(
                [*command, "generate", "--no-bindings", "--abi", ABI],
                cwd=folder / dialect,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
    said = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        sys.exit("\n".join(said))


# ── What is tracked ──────────────────────────────────────────────────────────────────────────────────────────────────


def results(folder: Path) -> dict[str, bytes]:
    """Every file of build/grammar/src, by its name once unpacked."""
    headers = folder / DIALECTS[0] / "src/tree_sitter"
    made = {f"tree_sitter/{header.name}": header.read_bytes() for header in headers.glob("*.h")}
    made["common/scanner.h"] = (folder / "common/scanner.h").read_bytes()
    for dialect in DIALECTS:
        scanner = (folder / dialect / "scanner.c").read_bytes()
        made[f"{dialect}/scanner.c"] = scanner.replace(b'"../../common/', b'"common/')
        made[f"{dialect}/parser.c"] = (folder / dialect / "src/parser.c").read_bytes()
    return made


def tracked() -> dict[str, bytes]:
    found = {}
    for path in TRACKED.rglob("*"):
        if path.is_file():
            name, content = path.relative_to(TRACKED).as_posix(), path.read_bytes()
            found[name.removesuffix(".xz")] = lzma.decompress(content) if name.endswith(".xz") else content
    return found


def install(made: dict[str, bytes]) -> None:
    for name, content in made.items():
        place = TRACKED / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("parser.c"):
            place, content = place.with_suffix(".c.xz"), lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)
        place.write_bytes(content)


def differing(made: dict[str, bytes], kept: dict[str, bytes]) -> list[str]:
    return sorted(name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name))


# ── Working on the patches ───────────────────────────────────────────────────────────────────────────────────────────


def git(folder: Path, *arguments: str) -> str:
    author = ["-c", "user.name=grammar", "-c", "user.email=grammar@localhost"]
    return subprocess.run(["git", *author, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def edit(folder: Path) -> None:
    lay_out(folder)
    git(folder, "init", "--quiet")
    (folder / ".git/info/exclude").write_text("node_modules\nsrc\npackage.json\n")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "Upstream's grammar")
    for patch in patches():
        git(folder, "apply", "--whitespace=nowarn", str(patch))
        head = patch.read_text().split("\ndiff --git")[0]
        git(folder, "commit", "--quiet", "--all", "--message", f"{patch.stem[3:]}\n\n{head}")


def export(folder: Path) -> None:
    for patch in patches():
        patch.unlink()
    PATCHES.mkdir(exist_ok=True)
    commits = git(folder, "rev-list", "--reverse", "HEAD").split()[1:]
    for number, commit in enumerate(commits, 1):
        name, _, why = git(folder, "show", "--no-patch", "--format=%B", commit).strip().partition("\n")
        difference = git(folder, "show", "--format=", "--abbrev=7", commit)
        # Object names say nothing outside this repository.
        difference = re.sub(r"^index .*\n", "", difference, flags=re.M)
        (PATCHES / f"{number:02}-{name}.patch").write_text(f"{why.strip()}\n\n{difference}")


# ── The program ──────────────────────────────────────────────────────────────────────────────────────────────────────


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for flag in ("--check", "--edit", "--export"):
        options.add_argument(flag, action="store_true")
    chosen = options.parse_args()
    if chosen.edit or chosen.export:
        (edit if chosen.edit else export)(OUT / "edit")
        return 0
    try:
        command = generator()
        folder = patched(OUT / "work")
    except (Unavailable, sources.FetchError) as error:
        print(f"grammar: {error}", file=sys.stderr)
        return UNAVAILABLE
    generate(folder, command)
    made = results(OUT / "work")
    if not chosen.check:
        install(made)
        return 0
    wrong = differing(made, tracked())
    print("\n".join(f"differs: {name}" for name in wrong) or f"{len(made)} files, all as tracked")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
