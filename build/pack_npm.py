#!/usr/bin/env python3
"""Pack the binaries that were built as npm packages, under out/release/npm.

    python build/pack_npm.py [TRIPLE...]     (default: each release target whose binary is in out/dist)

One package holds the command and the API, plain JavaScript; it depends, optionally and on exactly this version, on one
package for each kind of machine, which holds the binary. So a package manager downloads one binary, no code runs at
installation, and a registry that lacks a package for some machine hinders nobody else. The types of the JSON report are
written from its schema.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import release
import targets

ROOT = targets.ROOT
SCRIPTS = ROOT / "build" / "npm"
PACKED = release.RELEASE / "npm"
NAME = "complexity-guard"
SCOPE = f"@{NAME}"

# What npm calls a machine: our name of it -> `os` and `cpu`. Windows on ARM runs what was built for x64.
SYSTEMS = {"linux-musl": "linux", "macos": "darwin", "windows": "win32"}
PROCESSORS = {"x86_64": "x64", "aarch64": "arm64"}
RUNS_TOO = {"win32-x64": ["arm64"]}

DESCRIPTION = "Complexity of TypeScript and JavaScript, function by function"

Entries = dict[str, tuple[bytes, int]]  # name in the package -> content and mode


def platform_of(triple: str) -> tuple[str, str]:
    machine, _, system = triple.partition("-")
    return SYSTEMS[system], PROCESSORS[machine]


def platform_package(triple: str) -> str:
    return f"{SCOPE}/{'-'.join(platform_of(triple))}"


def manifest(name: str, **fields: Any) -> bytes:
    """A package.json; where the release states its repository, that too, for the registry proves by it who built this."""
    home = release.home_page()
    stated = {"repository": {"type": "git", "url": f"git+{home}.git"}, "homepage": f"{home}#readme"} if home else {}
    common = {"name": name, "version": targets.version(), "description": DESCRIPTION, "license": "MIT", **stated}
    return (json.dumps({**common, **fields}, indent=2) + "\n").encode()


def main_package() -> Entries:
    entries = {path.name: (path.read_bytes(), 0o644) for path in sorted(SCRIPTS.glob("*.*"))}
    entries["cli.js"] = (entries["cli.js"][0], 0o755)
    entries["index.d.ts"] = (entries["index.d.ts"][0] + types_of_report().encode(), 0o644)
    entries["LICENSE"] = ((ROOT / "LICENSE").read_bytes(), 0o644)
    entries["package.json"] = (
        manifest(
            name=NAME,
            keywords=["complexity", "cognitive", "cyclomatic", "typescript", "javascript", "lint", "quality"],
            bin={NAME: "cli.js"},
            main="index.js",
            types="index.d.ts",
            exports={".": {"types": "./index.d.ts", "default": "./index.js"}, "./package.json": "./package.json"},
            engines={"node": ">=16"},
            optionalDependencies={platform_package(triple): targets.version() for triple in targets.TARGETS},
        ),
        0o644,
    )
    return entries


def binary_package(triple: str) -> Entries:
    target = targets.TARGETS[triple]
    system, processor = platform_of(triple)
    readme = f"The binary of the package {NAME} for {system}-{processor}.\n"
    return {
        target.binary_name: (targets.binary_of(triple).read_bytes(), 0o755),
        "README.md": (readme.encode(), 0o644),
        "LICENSE": ((ROOT / "LICENSE").read_bytes(), 0o644),
        **release.licences(),
        "package.json": (
            manifest(
                name=platform_package(triple),
                os=[system],
                cpu=[processor, *RUNS_TOO.get(f"{system}-{processor}", ())],
                preferUnplugged=True,  # Yarn's PnP keeps packages zipped, and no system runs a file inside a zip
                engines={"node": ">=16"},
            ),
            0o644,
        ),
    }


# ── Types out of the schema of the report ────────────────────────────────────────────────────────────────────────────


TAKEN = {"Function": "FunctionReport", "File": "FileReport"}  # JavaScript has these names for other things


def types_of_report() -> str:
    schema = json.loads(
        subprocess.run(
            [sys.executable, targets.PROGRAMS[0], "schema", "report"], check=True, capture_output=True
        ).stdout
    )
    parts = {**schema["definitions"], "Report": {key: schema[key] for key in ("type", "properties", "required")}}
    return "".join(f"\n{text}" for name, part in parts.items() for text in declaration(TAKEN.get(name, name), part))


def declaration(name: str, schema: dict[str, Any]) -> Iterator[str]:
    if schema.get("type") == "object" and "properties" in schema:
        yield f"export interface {name} {type_of(schema)}\n"
    else:
        yield f"export type {name} = {type_of(schema)};\n"


PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def type_of(schema: dict[str, Any], indent: str = "") -> str:
    """The TypeScript type of what a schema allows."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return TAKEN.get(name, name)
    if "const" in schema or "enum" in schema:
        return " | ".join(map(json.dumps, schema.get("enum") or [schema["const"]]))
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return " | ".join(type_of(one, indent) for one in schema[key])
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return " | ".join(type_of_kind(kind, schema, indent) for kind in kinds) or "unknown"


def type_of_kind(kind: str, schema: dict[str, Any], indent: str) -> str:
    if kind == "array":
        return f"Array<{type_of(schema['items'], indent)}>"
    if kind != "object":
        return PLAIN[kind]
    if "properties" not in schema:
        rest = schema.get("additionalProperties", True)
        return f"Record<string, {type_of(rest, indent) if isinstance(rest, dict) else 'unknown'}>"
    deeper, required = indent + "  ", schema.get("required", ())
    lines = [
        f"{deeper}{name}{'' if name in required else '?'}: {type_of(part, deeper)};\n"
        for name, part in schema["properties"].items()
    ]
    return f"{{\n{''.join(lines)}{indent}}}"


# ── Tarballs ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def tarball(entries: Entries, deflate: release.Deflate = release.plainly) -> Path:
    """As `npm pack` makes them: everything in a folder package/, and named by name and version."""
    name = json.loads(entries["package.json"][0])["name"].removeprefix("@").replace("/", "-")
    path = PACKED / f"{name}-{targets.version()}.tgz"
    PACKED.mkdir(parents=True, exist_ok=True)
    release.write_tar(path, "package", entries, deflate)
    return path


def main(triples: list[str]) -> None:
    for triple in triples or targets.built():
        print(tarball(binary_package(triple), release.tightly))
    print(tarball(main_package()))


if __name__ == "__main__":
    main(sys.argv[1:])
