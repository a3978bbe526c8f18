#!/usr/bin/env python3
"""Hold the verdicts of boundaries against dependency-cruiser's, from the same rules.

    python scripts/oracles/boundaries.py FOLDER...
    python scripts/oracles/boundaries.py --freeze      the answers for tests/oracles/boundaries.json

Of each folder three kinds of rules are made of its own folders: each inner folder may not import the next one, the folders are
layers, and they are features. A glob like a/b/** is the same as the expression ^a/b/ there. Needs `make oracles-setup`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import edges

import complexity_guard as cg

FROZEN = edges.ROOT / "tests" / "oracles" / "boundaries.json"
Rule = dict[str, Any]


def expressions(globs: str | list[str]) -> list[str]:
    """dependency-cruiser's expressions for globs of the form a/b/** or a/b.ts."""
    listed = [globs] if isinstance(globs, str) else globs
    return [f"^{re.escape(glob.removesuffix('**'))}{'' if glob.endswith('**') else '$'}" for glob in listed]


def their_rules(entry: Rule) -> list[Rule]:
    """An entry of boundaries as rules of theirs."""
    types = {} if entry.get("types", True) else {"dependencyTypesNot": ["type-only"]}
    if "layers" in entry:
        layers = entry["layers"]
        return [
            their_rule(layer, {"path": expressions(layers[:place]), **types})
            for place, layer in enumerate(layers)
            if place
        ]
    if "features" in entry:
        folder = f"^{re.escape(entry['features'].removesuffix('*'))}([^/]+)/"
        own = folder.replace("([^/]+)", "$1")
        return [{"severity": "error", "from": {"path": folder}, "to": {"path": folder, "pathNot": own, **types}}]
    said = entry.get("allow") or entry["deny"]
    listed = [said] if isinstance(said, str) else said
    files = [name for name in listed if not name.startswith("external:")]
    packages = [name.removeprefix("external:") for name in listed if name.startswith("external:")]
    rules = []
    if packages:
        names = [f"^(node_modules/)?{re.escape(name)}(/|$)" for name in packages]
        rules.append(their_rule(entry["from"], {"path": names, **types}))
    if files and "deny" in entry:
        rules.append(their_rule(entry["from"], {"path": expressions(files), **types}))
    if files and "allow" in entry:
        own = expressions(entry["from"])
        kinds = {"dependencyTypes": ["local", "localmodule", "aliased", "undetermined"]}
        rules.append(
            their_rule(entry["from"], {"pathNot": [*expressions(files), *own, "node_modules"], **kinds, **types})
        )
    return rules


def their_rule(source: str | list[str], target: Rule) -> Rule:
    return {"severity": "error", "from": {"path": expressions(source)}, "to": target}


def theirs(top: str, entry: Rule, paths: list[str]) -> set[tuple[str, str]]:
    """The imports that dependency-cruiser forbids; packages go by where they would be installed."""
    options = {"tsPreCompilationDeps": True, "doNotFollow": {"path": "(^|/)node_modules/"}}
    if os.path.exists(os.path.join(top, "tsconfig.json")):
        options["tsConfig"] = {"fileName": "tsconfig.json"}
    program = Path(os.environ.get("ORACLES", edges.ROOT / "out" / "oracles"), "node_modules", ".bin", "depcruise")
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(json.dumps({"forbidden": their_rules(entry), "options": options}))
        file.flush()
        command = [str(program), "--config", file.name, "--output-type", "json", *paths]
        answer = subprocess.run(command, cwd=top, capture_output=True, text=True)
    try:
        output = json.loads(answer.stdout)
    except ValueError:
        raise SystemExit(answer.stderr or answer.stdout) from None
    rows = [(row["from"], row["to"]) for row in output["summary"]["violations"]]
    return {
        (one, cg.package_and_rest(other.removeprefix("node_modules/"))[0] if "node_modules/" in other else other)
        for one, other in rows
    }


def ours(top: str, entry: Rule, imports: dict[str, cg.Imports]) -> set[tuple[str, str]]:
    graph = cg.graph_of(imports, top)
    settings = cg.library_settings(None)._replace(boundaries=(entry,), base=top)
    crossings = cg.crossings_of(graph, settings)
    found = set()
    for path, rows in crossings.items():
        found |= {
            (os.path.relpath(path, top), os.path.relpath(name, top) if os.path.isabs(name) else name)
            for _, name, _ in rows
        }
    return found


def rules_for(names: list[str]) -> list[Rule]:
    """Rules of the folders that most files are in."""
    folders = Counter("/".join(name.split("/")[:2]) for name in names if name.count("/") > 1)
    most = sorted(folder for folder, _ in folders.most_common(6))
    globs = [f"{folder}/**" for folder in most]
    denied = [{"from": one, "deny": other} for one, other in zip(globs, [*globs[1:], globs[0]])]
    outer = Counter(folder.partition("/")[0] for folder in folders).most_common(1)[0][0]
    return [
        *denied, *({**rule, "types": False} for rule in denied), {"layers": globs}, {"layers": globs[::-1], "types": False},
        {"features": f"{outer}/*"}, {"from": globs[0], "allow": [globs[0], globs[-1]]},
    ]  # fmt: skip


def compared(top: str) -> bool:
    """Whether verdicts are the same for all rules that are made for a folder."""
    names = edges.sources(top)
    imports = edges.imports_in(top, names)
    is_same = True
    for entry in rules_for(names):
        expected, got = theirs(top, entry, sorted({name.split("/")[0] for name in names})), ours(top, entry, imports)
        tracked = set(names)
        expected = {row for row in expected if row[0] in tracked and (row[1] in tracked)}
        print(
            f"{top} {json.dumps(entry)}: {len(expected)} forbidden; {len(expected - got)} missing, {len(got - expected)} extra"
        )
        for row in [*sorted(expected - got)[:5], *sorted(got - expected)[:5]]:
            print("  ", row)
        is_same &= expected == got
    return is_same


def freeze() -> None:
    cases = json.loads(FROZEN.read_text())
    for case in cases.values():
        with tempfile.TemporaryDirectory() as folder:
            top = os.path.realpath(folder)
            edges.written(case["files"], Path(top))
            case["forbidden"] = sorted(theirs(top, case["rule"], ["src"]))
    FROZEN.write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--freeze"]:
        sys.exit(freeze())
    answers = [compared(os.path.realpath(top)) for top in sys.argv[1:]]
    sys.exit(0 if all(answers) else 1)
