#!/usr/bin/env python3
"""Pack the extension for VS Code, under out/release: a .vsix a platform, with the binary inside, and one without any.

    python build/pack_vscode.py [TRIPLE...]     (default: each release target whose binary is in out/dist)
    python build/pack_vscode.py --check         hold the client against the types of VS Code, and pack nothing

The client is bundled into one file; what it is made of, and vsce, comes from npm as build/vscode/package-lock.json pins it,
and no script of a package is run. Needs Node 20 or later, with npm.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pack_npm
import release
import targets

ROOT = targets.ROOT
SOURCES = ROOT / "build" / "vscode"
WORK = ROOT / "out" / "vscode"  # node_modules, and what is packed
LOCKED = ("package.json", "package-lock.json")

# What VS Code calls a machine: those that a binary runs on. The static one of Linux needs no C library, so Alpine's
# machines get it as well, which VS Code tells from others.
ALSO = {"linux-x64": ("alpine-x64",), "linux-arm64": ("alpine-arm64",)}
BESIDE = ("README.md", "walkthrough")


def platforms_of(triple: str) -> list[str]:
    """The platforms that a target's binary runs on."""
    system, processor = pack_npm.platform_of(triple)
    name = f"{system}-{processor}"
    more = [f"{system}-{one}" for one in pack_npm.RUNS_TOO.get(name, ())]
    return [name, *ALSO.get(name, ()), *more]


def manifest() -> dict:
    """The package.json that is packed: with the program's version, without what only builds it."""
    found = json.loads((SOURCES / "package.json").read_text("utf-8"))
    for name in ("private", "devDependencies"):
        del found[name]
    home = release.home_page()
    stated = {"repository": {"type": "git", "url": f"{home}.git"}, "homepage": f"{home}#readme"} if home else {}
    return found | {"version": targets.version()} | stated


def install() -> Path:
    """The modules that are pinned; the folder that they are in."""
    WORK.mkdir(parents=True, exist_ok=True)
    stamp = WORK / "ready"
    wanted = "".join((SOURCES / name).read_text("utf-8") for name in LOCKED)
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        for name in LOCKED:
            shutil.copy(SOURCES / name, WORK)
        node("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", folder=WORK)
        stamp.write_text(wanted, "utf-8")
    return WORK / "node_modules"


def node(*command: str | Path, folder: Path) -> None:
    times = {"SOURCE_DATE_EPOCH": str(release.EPOCH)}  # by which vsce packs the same bytes each time
    words = [shutil.which(command[0]) or command[0], *command[1:]]
    subprocess.run(words, cwd=folder, check=True, env=os.environ | times)


def stage() -> Path:
    """All that is packed but the binary."""
    modules, folder = install(), WORK / "stage"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SOURCES / "src", WORK / "src", dirs_exist_ok=True)
    (folder / "dist").mkdir(parents=True)
    asked = ("--bundle", "--platform=node", "--format=cjs", "--target=node18", "--external:vscode", "--minify")
    made = folder / "dist" / "extension.js"
    meta = WORK / "meta.json"
    program = modules / ".bin" / "esbuild"
    results = (f"--outfile={made}", f"--metafile={meta}", "--log-level=warning")
    node(program, "src/extension.js", *asked, *results, folder=WORK)
    for name in BESIDE:
        copy = shutil.copytree if (SOURCES / name).is_dir() else shutil.copy
        copy(SOURCES / name, folder / name)
    (folder / ".vscodeignore").write_text("# All that is here is meant to be packed.\n", "utf-8")
    (folder / "LICENSE").write_bytes((ROOT / "LICENSE").read_bytes())
    (folder / "schema.json").write_bytes(release.program("schema", "config"))
    (folder / "package.json").write_text(json.dumps(manifest(), indent=2) + "\n", "utf-8")
    for name, (content, _) in (release.licences() | licences_of(meta)).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def licences_of(meta: Path) -> dict[str, tuple[bytes, int]]:
    """Those of the packages that the bundle is made of."""
    inputs = json.loads(meta.read_text("utf-8"))["inputs"]
    parts = [name.split("/") for name in inputs if name.startswith("node_modules/")]
    packages = {"/".join(part[1:3] if part[1].startswith("@") else part[1:2]) for part in parts}
    found = {}
    for name in sorted(packages):
        texts = sorted(path for path in (WORK / "node_modules" / name).iterdir() if path.stem.lower() in NAMES)
        if not texts:
            raise SystemExit(f"{name} states no licence")
        found[f"licences/{name.replace('/', '-')}.txt"] = texts[0].read_bytes(), 0o644
    return found


NAMES = {"license", "licence", "license-mit"}


def pack(folder: Path, platform: str, binary: Path | None) -> Path:
    """One .vsix; without a binary it is for every platform."""
    shutil.rmtree(folder / "bin", ignore_errors=True)
    if binary:
        (folder / "bin").mkdir()
        copy = Path(shutil.copy(binary, folder / "bin"))
        copy.chmod(0o755)  # artifacts lose the permission on their way between the jobs of a release
    release.RELEASE.mkdir(parents=True, exist_ok=True)
    name = f"complexity-guard-vscode-{targets.version()}{platform and '-'}{platform}.vsix"
    made = release.RELEASE / name
    asked = ["--no-dependencies", "--out", str(made), *(("--target", platform) if platform else ())]
    if not release.home_page():
        asked.append("--allow-missing-repository")
    node(WORK / "node_modules" / ".bin" / "vsce", "package", *asked, folder=folder)
    return made


def check() -> None:
    """TypeScript's word on the client."""
    program = install() / ".bin" / "tsc"
    shutil.copytree(SOURCES / "src", WORK / "src", dirs_exist_ok=True)
    shutil.copy(SOURCES / "jsconfig.json", WORK)
    node(program, "-p", "jsconfig.json", folder=WORK)


def main(triples: list[str]) -> None:
    folder = stage()
    print(pack(folder, "", None))
    for triple in triples or targets.built():
        for platform in platforms_of(triple):
            print(pack(folder, platform, targets.binary_of(triple)))


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        check()
    else:
        main(sys.argv[1:])
