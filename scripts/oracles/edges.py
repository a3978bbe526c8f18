#!/usr/bin/env python3
"""Hold the edges of the import graph against TypeScript's, specifier by specifier.

    python scripts/oracles/edges.py FOLDER...
    python scripts/oracles/edges.py --freeze     the answers for the small folders of tests/oracles/resolution.json

Every specifier of the sources that git tracks in a folder: TypeScript 5.9.3 parses them, and ts.resolveModuleName finds
what they name (edges.mjs). Missing is what it finds and we do not, extra the other way round; what both find in other
places is counted as both. Ends with 1 where anything differs. Needs `make oracles-setup`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

import complexity_guard as cg  # noqa: E402

FROZEN = ROOT / "tests" / "oracles" / "resolution.json"
Row = tuple[str, str, str, int]  # file, specifier, kind, line
KINDS = {"import =": "import=", "dynamic": "dynamic", "import type": "import type", "require": "require"}


def node(path: str | None) -> str | None:
    """A file that may be a node: data, and what is installed or lies elsewhere, is none."""
    is_none = path and (path.endswith(".json") or path.startswith("../") or "node_modules/" in path)
    return None if is_none else path


def sources(top: str) -> list[str]:
    """The files that are compared: those that git tracks, or all where nothing is tracked."""
    listed = subprocess.run(["git", "-C", top, "ls-files", "-z"], capture_output=True, text=True)
    names = list(filter(None, listed.stdout.split("\0")))
    names = names or [os.path.relpath(path, top) for path in sorted(Path(top).rglob("*"))]
    wanted = [
        name for name in names if cg.grammar_of(name) is not None and not name.endswith((".d.ts", ".d.mts", ".d.cts"))
    ]
    return [name for name in wanted if os.path.isfile(os.path.join(top, name)) and "/node_modules/" not in f"/{name}"]


def theirs(top: str, names: list[str]) -> Counter[tuple[Row, str | None]]:
    script = str(Path(__file__).with_name("edges.mjs"))
    environment = os.environ | {"ORACLES": str(ROOT / "out" / "oracles")}
    answer = subprocess.run(
        ["node", "--max-old-space-size=6144", script, top],
        input="\n".join(names),
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    found: Counter[tuple[Row, str | None]] = Counter()
    for line in answer.stdout.splitlines():
        row = json.loads(line)
        kind = KINDS.get(row["kind"], row["kind"])
        end = node(row["to"])
        found[(row["from"], row["specifier"], kind, row["line"]), end] += 1
    return found


def ours(top: str, names: list[str]) -> Counter[tuple[Row, str | None]]:
    scanner, options = cg.make_scanner(), cg.measure_options(cg.DEFAULT_ANALYSIS)._replace(imports=True)
    linker = cg.Linker({}, top)
    found: Counter[tuple[Row, str | None]] = Counter()
    for name in names:
        path = os.path.join(top, name)
        folder = os.path.dirname(path)
        measured, _ = cg.measure(name, Path(path).read_bytes(), options, scanner, cg.Bounds())
        settings = linker.projects.options_of(folder)
        for one in measured.imports.all:
            end = linker.end_of(one, path, settings)
            shown = os.path.relpath(end, top) if end else None
            found[(name, one.specifier, one.kind, one.line), node(shown)] += 1
    return found


def compared(top: str) -> bool:
    """Whether all answers for a folder are the same; prints figures, and the first that differ."""
    names = sources(top)
    expected, got = theirs(top, names), ours(top, names)
    missing, extra = expected - got, got - expected
    edges = sum(count for (_, end), count in expected.items() if end and "node_modules" not in end)
    print(
        f"{top}: {len(names):,} files, {sum(expected.values()):,} specifiers, {edges:,} edges;"
        f" {sum(missing.values())} missing, {sum(extra.values())} extra"
    )
    for title, rows in (("missing", missing), ("extra", extra)):
        for row, end in list(rows)[:8]:
            print(f"  {title}: {row} -> {end}")
    return not missing and not extra


def written(files: dict[str, str], folder: Path) -> list[str]:
    """The files of a case in a folder, and the names of those that are sources of its own."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text.startswith("-> "):
            path.symlink_to(text.removeprefix("-> "), target_is_directory=True)
        else:
            path.write_text(text)
    names = [name for name in files if cg.grammar_of(name) is not None and not name.startswith("node_modules/")]
    return sorted(name for name in names if ".d." not in name)


def freeze() -> None:
    cases = json.loads(FROZEN.read_text())
    for case in cases.values():
        with tempfile.TemporaryDirectory() as folder:
            top = os.path.realpath(folder)
            found = theirs(top, written(case["files"], Path(top)))
            case["edges"] = sorted([*row, end or ""] for (row, end), count in found.items() for _ in range(count))
    FROZEN.write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--freeze"]:
        sys.exit(freeze())
    answers = [compared(os.path.realpath(top)) for top in sys.argv[1:]]
    sys.exit(0 if all(answers) else 1)
