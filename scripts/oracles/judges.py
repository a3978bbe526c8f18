#!/usr/bin/env python3
"""Hold the import graph against two more judges: the native TypeScript 7, and oxlint.

    python scripts/oracles/judges.py FOLDER...

`tsc --noCheck --explainFiles` says of each file of the program in a folder's tsconfig.json who imports it: pairs of
files that it has and we have not are missing; those that we have are extra where it knows the importing file and the
one imported. `oxlint import/no-cycle` names files in cycles of imports that do not say `type`: we leave out those too
whose names stand in types alone, and so are counted here without that. Needs `make oracles-setup`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from edges import ROOT, imports_in, sources

import complexity_guard as cg

BIN = ROOT / "out" / "oracles" / "node_modules"
IMPORTED = re.compile(r"   (?:Imported|Referenced) via .* from file '(.*?)'")
Pairs = set[tuple[str, str]]


def ran(command: list[str], top: str) -> str:
    return subprocess.run(command, cwd=top, capture_output=True, text=True).stdout


def of_program(top: str) -> tuple[Pairs, set[str]]:
    """Who imports whom in a program, and its files."""
    said = ran(["node", f"{BIN}/typescript-7/bin/tsc", "--noCheck", "--noEmit", "--explainFiles", "-p", "."], top)
    pairs, files, here = set(), set(), ""
    for line in said.splitlines():
        if not line.startswith(" "):
            here = line
            files.add(here)
        elif found := IMPORTED.match(line):
            pairs.add((found[1], here))
    return pairs, files


def judged_by_tsc(top: str, linker: cg.Linker) -> bool:
    theirs, files = of_program(top)
    names = [os.path.relpath(real, top) for real in linker.real]
    ours = {(names[edge.start], names[edge.end]) for edge in linker.edges if edge.statement != "require"}
    nodes = set(names)
    theirs = {pair for pair in theirs if nodes.issuperset(pair)}
    ours = {pair for pair in ours if files.issuperset(pair) and pair[0].endswith((".ts", ".tsx", ".mts", ".cts"))}
    print(f"{top}: tsc 7 {len(theirs):,} pairs, {len(theirs - ours)} missing, {len(ours - theirs)} extra")
    for title, rows in (("missing", theirs - ours), ("extra", ours - theirs)):
        for row in sorted(rows)[:8]:
            print(f"  {title}: {row}")
    return theirs == ours


def judged_by_oxlint(top: str, linker: cg.Linker) -> bool:
    command = [f"{BIN}/.bin/oxlint", "--import-plugin", "-A", "all", "-D", "import/no-cycle", "-f", "json", "."]
    theirs = {os.path.normpath(row["filename"]) for row in json.loads(ran(command, top))["diagnostics"]}
    names = [os.path.relpath(real, top) for real in linker.real]
    plain = [edge[:2] for edge in linker.edges if edge.kind in (*cg.STATIC_KINDS, "elided")]
    groups = cg.Graph(len(names), plain).groups
    ours = {names[node] for group in groups if len(group) > 1 for node in group}
    print(f"{top}: oxlint {len(theirs):,} files in cycles, {len(theirs - ours)} missing, {len(ours - theirs)} extra")
    for title, rows in (("missing", theirs - ours), ("extra", ours - theirs)):
        for row in sorted(rows)[:8]:
            print(f"  {title}: {row}")
    return theirs == ours


def linked(top: str) -> cg.Linker:
    """The linker of a folder's files, in which an import is elided only where it says so."""
    linker = cg.Linker(imports_in(top, sources(top)), cg.Disk(top))
    linker.link()
    uses = {}
    for path, imports in linker.imports.items():
        uses |= {(path, one.line, one.specifier, one.clause): one.use for one in imports.all}
    for place, edge in enumerate(linker.edges):
        use = uses.get((linker.paths[edge.start], edge.line, edge.specifier, edge.clause))
        if edge.kind == "type" and use in (cg.ELIDED, cg.ELIDED_BUT_FOR_METADATA):
            linker.edges[place] = edge._replace(kind="elided")
    return linker


if __name__ == "__main__":
    folders = [os.path.realpath(top) for top in sys.argv[1:]]
    verdicts = []
    for folder in folders:
        found = linked(folder)
        if Path(folder, "tsconfig.json").exists():
            verdicts.append(judged_by_tsc(folder, found))
        verdicts.append(judged_by_oxlint(folder, found))
    sys.exit(0 if all(verdicts) else 1)
