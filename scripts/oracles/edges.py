#!/usr/bin/env python3
"""Hold the edges of the import graph against TypeScript's, specifier by specifier.

    python scripts/oracles/edges.py FOLDER...
    python scripts/oracles/edges.py --names FOLDER...    which file defines each name, through files that pass it on (names.mjs)
    python scripts/oracles/edges.py --sources FOLDER...  packages that tsconfig leads to: are those the sources that we find?
    python scripts/oracles/edges.py --freeze             the answers for the small folders of tests/oracles/{resolution,names}.json

Every specifier of the sources that git tracks in a folder: TypeScript 5.9.3 parses them, and ts.resolveModuleName finds
what they name (edges.mjs). Missing is what it finds and we do not, extra the other way round; what both find in other
places is counted as both. Ends with 1 where anything differs. Needs `make oracles-setup`.

Packages of one repository that import each other by name: TypeScript gets a copy in which they are linked into
node_modules, as a package manager does it (links.mjs), and we get the repository as it is. What package.json says of
them is mostly not built; what we find in its place, where TypeScript finds nothing, is counted apart, as sources.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

import complexity_guard as cg  # noqa: E402

FROZEN = ROOT / "tests" / "oracles" / "resolution.json"
MARKUP = (".vue", ".svelte", ".astro", ".html", ".htm")  # TypeScript reads none of these
FROZEN_NAMES = ROOT / "tests" / "oracles" / "names.json"
Row = tuple[str, str, str, int]  # file, specifier, kind, line
KINDS = {"import =": "import=", "dynamic": "dynamic", "import type": "import type", "require": "require"}


def node(path: str | None) -> str | None:
    """A file that may be a node: data, and what is installed or lies elsewhere, is none."""
    is_none = path and (path.endswith(".json") or path.startswith("../") or "node_modules/" in path)
    return None if is_none else path


def tracked(top: str) -> list[str]:
    """The files that git tracks, or all where nothing is tracked."""
    listed = subprocess.run(["git", "-C", top, "ls-files", "-z"], capture_output=True, text=True)
    names = list(filter(None, listed.stdout.split("\0")))
    return names or [os.path.relpath(path, top) for path in sorted(Path(top).rglob("*")) if ".git" not in path.parts]


def sources(top: str) -> list[str]:
    """The files that are compared."""
    names = tracked(top)
    wanted = [
        name
        for name in names
        if cg.grammar_of(name) is not None and not name.endswith((".d.ts", ".d.mts", ".d.cts", *MARKUP))
    ]
    return [name for name in wanted if os.path.isfile(os.path.join(top, name)) and "/node_modules/" not in f"/{name}"]


def answers_of(name: str, top: str, names: list[str]) -> list[dict[str, Any]]:
    """The lines that a script prints of files in a folder."""
    script = str(Path(__file__).with_name(name))
    environment = os.environ | {"ORACLES": str(ROOT / "out" / "oracles")}
    answer = subprocess.run(
        ["node", "--max-old-space-size=6144", script, top],
        input="\n".join(names),
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    return list(map(json.loads, answer.stdout.splitlines()))


def theirs(top: str, names: list[str]) -> Counter[tuple[Row, str | None]]:
    found: Counter[tuple[Row, str | None]] = Counter()
    for row in answers_of("edges.mjs", top, names):
        kind = KINDS.get(row["kind"], row["kind"])
        end = node(row["to"])
        found[(row["from"], row["specifier"], kind, row["line"]), end] += 1
    return found


def imports_in(top: str, names: list[str]) -> dict[str, cg.Imports]:
    scanner, options = cg.make_scanner(), cg.measure_options(cg.DEFAULT_ANALYSIS)._replace(imports=True)
    found = {}
    for name in names:
        path = os.path.join(top, name)
        found[path] = cg.measure(name, Path(path).read_bytes(), options, scanner, cg.Bounds())[0].imports
    return found


def ours(top: str, names: list[str], **others: Any) -> Counter[tuple[Row, str | None]]:
    """What we find, where some options of the projects are others."""
    linker = cg.Linker({}, cg.Disk(top))
    options_of = linker.projects.options_of
    linker.projects.options_of = lambda folder: options_of(folder)._replace(**others)
    linker.as_it_is = lambda specifier, folder: None  # bundlers alone read that
    found: Counter[tuple[Row, str | None]] = Counter()
    for path, imports in imports_in(top, names).items():
        folder = os.path.dirname(path)
        mode = linker.mode(path, linker.projects.options_of(folder))
        for one in imports.all:
            end = linker.find((folder, one.specifier, cg.MODES.get(one.kind, mode)))
            shown = os.path.relpath(end, top) if end else None
            found[(os.path.relpath(path, top), one.specifier, one.kind, one.line), node(shown)] += 1
    return found


def our_names(top: str, names: list[str]) -> dict[Row, tuple[str, str | None]]:
    """Of each name that is taken, the file that it is taken from, and the one that defines it."""
    imports = imports_in(top, names)
    linker = cg.Linker(imports, cg.Disk(top))
    linker.link()
    paths = [os.path.relpath(real, top) for real in linker.real]
    definitions = cg.Definitions(
        linker.edges, [imports[path].exports if path in imports else "" for path in linker.paths]
    )
    found = {}
    for edge in linker.edges:
        if edge.statement in ("import", "export"):
            for there, _ in cg.bindings_in(edge.clause):
                end = definitions.find(edge.end, there)
                key = (paths[edge.start], edge.specifier, there, edge.line)
                found[key] = (paths[edge.end], paths[end[0]] if end else None)
    return found


def compared_names(top: str) -> bool:
    """Whether the same files define all names that are taken from a folder's own files; prints figures."""
    names = sources(top)
    got, nodes = our_names(top, names), set(names)
    figures, wrong = Counter(), []
    for row in answers_of("names.mjs", top, names):
        key = (row["from"], row["specifier"], row["name"], row["line"])
        if key not in got:
            continue
        via, end = got[key]
        files = nodes.intersection(row["to"])
        verdict = "other" if row["to"] else "ours alone"  # of packages that are not installed
        if end in files or (end is None and not files):
            verdict = "same"
        figures[verdict] += 1
        figures["through others"] += bool(files) and via not in files
        if verdict == "other":
            wrong.append((key, end, row["to"]))
    print(f"{top}: {sum(figures.values()) - figures['through others']:,} names; {dict(figures)}")
    for one in wrong[:12]:
        print("  ", *one)
    return not wrong


def linked(top: str, folder: str) -> tuple[str, set[str]]:
    """A copy of a repository with its packages linked, and their names; the repository itself where there are none."""
    rows = answers_of("links.mjs", top, [])
    if not rows:
        return top, set()
    copy = os.path.join(folder, "copy")
    for name in tracked(top):
        if os.path.lexists(os.path.join(top, name)) and not os.path.isdir(os.path.join(top, name)):
            os.makedirs(os.path.dirname(os.path.join(copy, name)), exist_ok=True)
            shutil.copy2(os.path.join(top, name), os.path.join(copy, name), follow_symlinks=False)
    for row in rows:
        root = os.path.join(copy, row["root"])
        link = os.path.join(root, "node_modules", row["name"])
        os.makedirs(os.path.dirname(link), exist_ok=True)
        if not os.path.lexists(link):
            os.symlink(os.path.relpath(os.path.join(root, row["folder"]), os.path.dirname(link)), link)
    return os.path.realpath(copy), {row["name"] for row in rows}


def compared(top: str) -> bool:
    """Whether all answers for a folder are the same; prints figures, and the first that differ."""
    names = sources(top)
    with tempfile.TemporaryDirectory() as folder:
        copy, packages = linked(top, folder)
        expected, got = theirs(copy, names), ours(top, names)
    missing, extra = expected - got, got - expected
    by_source = {
        (row, end): count
        for (row, end), count in extra.items()
        if end and (row, None) in missing and cg.package_and_rest(row[1])[0] in packages
    }
    extra -= Counter(by_source)
    missing -= Counter({(row, None): count for (row, _), count in by_source.items()})
    edges = sum(count for (_, end), count in expected.items() if end and "node_modules" not in end)
    print(
        f"{top}: {len(names):,} files, {sum(expected.values()):,} specifiers, {edges:,} edges;"
        f" {sum(missing.values())} missing, {sum(extra.values())} extra;"
        f" {len(packages)} packages, {sum(by_source.values())} sources"
    )
    for title, rows in (("missing", missing), ("extra", extra)):
        for row, end in list(rows)[:8]:
            print(f"  {title}: {row} -> {end}")
    return not missing and not extra


def compared_sources(top: str) -> bool:
    """Whether packages lead to the same sources as `paths` and `customConditions`, which TypeScript has and we do not."""
    names = sources(top)
    with tempfile.TemporaryDirectory() as folder:
        copy, packages = linked(top, folder)
        expected = dict(theirs(copy, names).keys())
    got = dict(ours(top, names, paths=(), conditions=()).keys())
    rows = [row for row, end in expected.items() if end and cg.package_and_rest(row[1])[0] in packages]
    unknown = [row for row in rows if not got.get(row)]  # what package.json does not export, tsconfig may
    wrong = [(row, got[row], expected[row]) for row in rows if got.get(row) not in (None, expected[row])]
    print(f"{top}: {len(rows)} imports of {len(packages)} packages; {len(unknown)} not found, {len(wrong)} differ")
    for one in wrong[:12]:
        print("  ", *one)
    return not wrong


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
            names = written(case["files"], Path(top))
            written(case.get("links", {}), Path(top))
            found = theirs(top, names)
            case["edges"] = sorted([*row, end or ""] for (row, end), count in found.items() for _ in range(count))
    FROZEN.write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n")
    freeze_names()


def freeze_names() -> None:
    cases = json.loads(FROZEN_NAMES.read_text())
    for case in cases.values():
        with tempfile.TemporaryDirectory() as folder:
            top = os.path.realpath(folder)
            rows = answers_of("names.mjs", top, written(case["files"], Path(top)))
            case["names"] = [[row["from"], row["name"], *sorted(row["to"])] for row in rows]
    FROZEN_NAMES.write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--freeze"]:
        sys.exit(freeze())
    judges = {"--names": compared_names, "--sources": compared_sources}
    judge = judges.get("".join(sys.argv[1:2]), compared)
    folders = [name for name in sys.argv[1:] if name not in judges]
    answers = [judge(os.path.realpath(top)) for top in folders]
    sys.exit(0 if all(answers) else 1)
