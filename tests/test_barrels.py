"""Which file defines what is imported through others, as TypeScript's checker says; and what the detour loads."""

from __future__ import annotations

import json
import time
from pathlib import Path

import edges
import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import complexity_guard as cg

CASES = json.loads((Path(__file__).parent / "oracles" / "names.json").read_text())


@pytest.mark.parametrize("name", CASES)
def test_names_are_defined_where_typescript_finds_them(name, tmp_path):
    """Frozen by `python scripts/oracles/edges.py --freeze`."""
    case = CASES[name]
    found = edges.our_names(str(tmp_path), edges.written(case["files"], tmp_path))
    got = [[file, there, *([end] if end else [])] for (file, _, there, _), (_, end) in found.items()]
    imported = [row for row in got if row[1] not in ("*", "m")]  # the checker is asked for no stars
    expected = [row for row in case["names"] if row[1] != "m"]
    assert sorted(imported) == sorted(expected)


def test_there_are_cases_of_each_kind_and_most_go_through_others():
    assert len(CASES) >= 22 and sum(len(row) > 2 for case in CASES.values() for row in case["names"]) > 50


# a barrel of x, y and z; x loads shared, y loads big, which loads huge
BARREL = {
    "index.ts": 'export * from "./x";\nexport { y } from "./y";\nexport { default as z } from "./z";\n',
    "x.ts": 'import "./shared";\nexport const x = 1;\nexport type X = 1;\n',
    "y.ts": 'import "./big";\nexport const y = 1;\n',
    "z.ts": 'import "./shared";\nexport default 1;\n',
    "big.ts": 'import "./huge";\n',
    "huge.ts": "",
    "shared.ts": "",
    "one.ts": 'import { x } from ".";\nx;\n',  # of index, x, y, z, big, huge, shared it needs x and shared
    "two.ts": 'import { x as a, z } from "./index";\nexport const b = [a, z];\n',  # x, z, shared
    "types.ts": 'import type { X } from ".";\nexport let a: X;\n',  # loads nothing
    "all.ts": 'import * as all from ".";\nall;\n',
    "effect.ts": 'import ".";\n',
    "unknown.ts": 'import { q } from ".";\nq;\n',
}


def test_what_a_barrel_costs_by_hand(guard, project):
    folder = project(BARREL)
    (row,) = guard("graph", "--barrels", "-f", "json", cwd=folder).json["barrels"]
    assert (row["path"], row["is_barrel"], row["load"], row["barrel_cost"]) == ("index.ts", True, 6, 5 + 4)
    wasted = {one["from"]: one["wasted"] for one in row["imports"]}
    assert wasted == {"one.ts": 5, "two.ts": 4, "types.ts": 0, "all.ts": 0, "effect.ts": 0, "unknown.ts": 0}
    instead = {one["from"]: one["instead"] for one in row["imports"]}
    assert instead["two.ts"] == [{"path": "x.ts", "names": ["x as a"]}, {"path": "z.ts", "names": ["default as z"]}]
    shown = guard("graph", "--barrels", cwd=folder).out
    assert shown.startswith("\nindex.ts: it loads 6, and 9 in vain over all imports of it; imports that do: 2\n")
    assert "  one.ts:1  5 in vain; instead { x } from x.ts\n" in shown and "all.ts" not in shown
    files = guard("graph", "-f", "json", cwd=folder).json["files"]
    assert [(file["path"], file["barrel_cost"]) for file in files if file["is_barrel"]] == [("index.ts", 9)]


def test_imports_of_barrels_as_imports_of_what_defines_the_names(guard, project):
    found = guard("graph", "--direct", "-f", "json", cwd=project(BARREL)).json
    ends = {}
    for edge in found["edges"]:
        ends.setdefault(edge["from"], []).append((edge["to"], edge["names"]))
    assert ends["one.ts"] == [("x.ts", ["x"])] and ends["types.ts"] == [("x.ts", ["X"])]
    assert ends["two.ts"] == [("x.ts", ["x as a"]), ("z.ts", ["default as z"])]
    assert ends["all.ts"] == [("index.ts", ["* as all"])] and ends["unknown.ts"] == [("index.ts", ["q"])]
    loads = {file["path"]: file["load"] for file in found["files"]}
    assert (loads["one.ts"], loads["two.ts"], loads["all.ts"]) == (2, 3, 7)


def test_a_limit_of_what_barrels_cost(guard, project):
    limits = '{"analysis": {"thresholds": {"barrel_cost": {"warning": 8, "error": 10}}}}'
    shown = guard("--graph", ".", cwd=project(BARREL | {".complexityguard.json": limits}))
    assert "the file has barrel cost 9 (warning above 8)" in shown.out


def test_a_project_without_barrels(guard, project):
    folder = project({"a.ts": 'import "./b";', "b.ts": "export const b = 1;"})
    assert guard("graph", "--barrels", cwd=folder).out.startswith("No file does little else")


PAIRS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40)
WANTED = st.lists(st.tuples(st.integers(0, 11), st.lists(st.integers(0, 11), max_size=3)), max_size=5)


@given(PAIRS, WANTED, st.sampled_from([3, 8192]))
def test_what_is_wasted_is_what_networkx_reaches_from_one_and_not_from_others(pairs, wanted, block):
    theirs = networkx.DiGraph(pairs)
    theirs.add_nodes_from(range(12))
    reached = {node: networkx.descendants(theirs, node) | {node} for node in theirs}
    expected = [len(reached[node].difference(*map(reached.get, others))) for node, others in wanted]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cg, "REACH_BLOCK", block)
        assert cg.Graph(12, pairs).wasted(wanted) == expected


def test_a_long_chain_of_exports_needs_no_recursion():
    count = 50_000
    chain = [cg.GraphEdge(node, node + 1, "value", "", 1, "*", "export") for node in range(count)]
    definitions = cg.Definitions(chain, [""] * count + ["a"])
    assert definitions.find(0, "a") == (count, "a") and definitions.find(0, "b") is None


def test_statements_of_hostile_text_are_read_in_time():
    scanner, options = cg.make_scanner(), cg.measure_options(cg.DEFAULT_ANALYSIS)._replace(imports=True)
    for text in (
        "export const a = " + "x, y = 1, " * 20_000 + "z = 2;",
        "export const { " + "a: b = 1, " * 20_000 + "c } = d;",
        "export default " + "a" * 200_000 + " ;;",
        "export let a" + " " * 100_000 + ",b;",
        "export let a : " + "b" * 100_000 + ", c, d, e;",
        "export let a" + ",b='x'" * 30_000 + "+1",
        "export " + "/**/" * 50 + "const a = 1",
        "export " + "declare " * 50_000 + "const a",
    ):
        before = time.process_time()
        measured, _ = cg.measure("a.ts", text.encode(), options, scanner, cg.Bounds())
        assert measured.imports.exports or "declare" in text
        assert time.process_time() - before < 2  # it takes 0.1 s
