#!/usr/bin/env python3
"""Hold fan-in, fan-out and instability against `depcruise --metrics`.

    python scripts/oracles/instability.py FOLDER...        (make instability FOLDERS="…")

dependency-cruiser resolves by its own way and the root's tsconfig, so the pairs of files that import each other are compared first. Of
files all of whose imports both know, numbers have to be the same: fan-in and fan-out, and the instability that it prints where a file
imports no package, and none twice, once for values and once for types, which dependency-cruiser counts. Needs `make oracles-setup`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import edges

import complexity_guard as cg

Pairs = set[tuple[str, str]]


def modules(top: str, names: list[str]) -> dict[str, Any]:
    """What dependency-cruiser knows of each module, by its path."""
    program = Path(os.environ.get("ORACLES", edges.ROOT / "out" / "oracles"), "node_modules", ".bin", "depcruise")
    flags = ["--ts-pre-compilation-deps", "--do-not-follow", "node_modules", "--metrics", "--no-config"]
    if os.path.exists(os.path.join(top, "tsconfig.json")):
        flags += ["--ts-config", "tsconfig.json"]
    folders = sorted({name.split("/")[0] for name in names})
    answer = subprocess.run([program, *flags, "-T", "json", *folders], cwd=top, capture_output=True, text=True)
    try:
        return {row["source"]: row for row in json.loads(answer.stdout)["modules"]}
    except ValueError:
        raise SystemExit(answer.stderr or answer.stdout) from None


def pairs_of(graph: cg.ImportGraph, top: str) -> Pairs:
    names = [os.path.relpath(file.path, top) for file in graph.files]
    return {(names[edge.start], names[edge.end]) for edge in graph.edges if edge.start != edge.end}


def compared(top: str) -> bool:
    """Whether numbers are the same wherever imports are."""
    names = edges.sources(top)
    graph = cg.graph_of(edges.imports_in(top, names), top)
    files = {os.path.relpath(file.path, top): file for file in graph.files}
    theirs = modules(top, names)
    ours = pairs_of(graph, top)
    found = {(name, one["resolved"]) for name, row in theirs.items() for one in row["dependencies"]}
    known = {(start, end) for start, end in found if start in files and end in files and start != end}
    unlike = {name for pair in ours ^ known for name in pair}
    alike = [name for name in files if name in theirs and name not in unlike]
    others = [name for name in alike if fans(files[name]) != fans_among(known, name)]
    pure = [name for name in alike if is_plain(theirs[name]["dependencies"], files)]
    others += [name for name in pure if abs(files[name].instability - theirs[name]["instability"]) > 1e-9]
    print(
        f"{top}: {len(known):,} pairs, {len(known - ours)} missing, {len(ours - known)} extra; fan-in and fan-out of "
        f"{len(alike):,} files, instability of {len(pure):,}: {len(others)} differ"
    )
    for title, rows in (("missing", known - ours), ("extra", ours - known), ("differs", others)):
        for row in sorted(rows)[:6]:
            print(f"  {title}: {row}")
    return not others


def is_plain(dependencies: list[dict[str, Any]], files: dict[str, cg.GraphFile]) -> bool:
    """Whether they are sources alone, each named once."""
    named = {one["resolved"] for one in dependencies}
    return len(named) == len(dependencies) and named <= files.keys()


def fans(file: cg.GraphFile) -> tuple[int, int]:
    return file.fan_in, file.fan_out


def fans_among(pairs: Pairs, name: str) -> tuple[int, int]:
    return sum(end == name for _, end in pairs), sum(start == name for start, _ in pairs)


if __name__ == "__main__":
    answers = [compared(os.path.realpath(top)) for top in sys.argv[1:]]
    sys.exit(0 if all(answers) else 1)
