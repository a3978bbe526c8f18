#!/usr/bin/env python3
"""Apply the cuts that the import graph proposes, and see whether any cycle is left.

    python scripts/oracles/cuts.py FOLDER...        (make cuts FOLDERS="…")

What git tracks is copied. In the copy each import of a cut is made one of types alone, or taken
away where it takes no name, by the lines that the graph names; then the graph of the copy is made, which knows nothing of before.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

from edges import imports_in, sources, tracked

import complexity_guard as cg

KEYWORD = re.compile(r"\b(import|export)\b(?!\s*type\s*[{*\w])")
EFFECT = re.compile(r"\bimport\s*['\"]")


def copied(top: str, copy: Path) -> list[str]:
    """The sources of a folder, once all files that it has are in the copy: others empty, but for what resolving reads."""
    names = sources(top)
    for name in tracked(top):
        target = copy / name
        is_read = name in names or target.suffix in (".json", ".yaml", ".vue", ".svelte", ".astro")
        if os.path.isfile(os.path.join(top, name)):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(Path(top, name).read_bytes() if is_read or name.endswith(".d.ts") else b"")
    (copy / ".git").mkdir(exist_ok=True)
    return names


def graph_of(copy: Path, names: list[str]) -> cg.ImportGraph:
    return cg.graph_of(imports_in(str(copy), names), str(copy))


def cut(graph: cg.ImportGraph) -> int:
    """Apply all cuts; how many statements that took."""
    pairs = {pair for component in graph.components for pair in component.cut}
    places = {
        (graph.files[edge.start].path, edge.line)
        for edge in graph.edges
        if edge[:2] in pairs and edge.kind in cg.STATIC_KINDS
    }
    for path, line in sorted(places, reverse=True):
        lines = Path(path).read_bytes().decode("utf-8", "surrogateescape").splitlines(keepends=True)
        text = lines[line - 1]
        lines[line - 1] = "//" + text if EFFECT.search(text) else KEYWORD.sub(r"\1 type", text, count=1)
        if lines[line - 1] == text:
            raise SystemExit(f"{path}:{line}: no import to edit: {text!r}")
        Path(path).write_bytes("".join(lines).encode("utf-8", "surrogateescape"))
    return len(places)


def is_gone(top: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(os.path.realpath(folder))
        names = copied(top, copy)
        graph = graph_of(copy, names)
        files = sum(len(component.nodes) for component in graph.components)
        statements = cut(graph)
        left = graph_of(copy, names).components
    print(
        f"{top}: {len(graph.components)} components of {files} files, {statements} statements cut, {len(left)} components left"
    )
    return not left


if __name__ == "__main__":
    answers = [is_gone(os.path.realpath(top)) for top in sys.argv[1:]]
    sys.exit(0 if all(answers) else 1)
