"""Which file a specifier names: a small folder for each rule, with what TypeScript 5.9.3 found there.

tests/oracles/resolution.json has the folders, by the rule that each is for, and the frozen answers; `python
scripts/oracles/edges.py --freeze` asks TypeScript again. A file "-> x" is a link to x; those of `links` are what a
package manager would make, and TypeScript alone gets them."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path

import edges
import pytest

import complexity_guard as cg

CASES = json.loads((Path(__file__).parent / "oracles" / "resolution.json").read_text())
IS_SET_UP = shutil.which("node") and (edges.ROOT / "out" / "oracles" / "node_modules" / "typescript-5.9").exists()


def rows(found):
    return sorted([*row, end or ""] for (row, end), count in found.items() for _ in range(count))


@pytest.mark.parametrize("name", CASES)
def test_as_typescript_finds_it(name, tmp_path):
    names = edges.written(CASES[name]["files"], tmp_path)
    assert rows(edges.ours(str(tmp_path), names)) == CASES[name]["edges"]


@pytest.mark.skipif(not IS_SET_UP, reason="no node, or no make oracles-setup")
@pytest.mark.parametrize("name", list(CASES)[::8])
def test_the_answers_are_typescripts(name, tmp_path):
    names = edges.written(CASES[name]["files"], tmp_path)
    edges.written(CASES[name].get("links", {}), tmp_path)
    assert rows(edges.theirs(str(tmp_path), names)) == CASES[name]["edges"]


def test_every_rule_has_edges_or_says_that_there_are_none():
    assert len(CASES) >= 54
    without = [name for name, case in CASES.items() if not any(row[-1] for row in case["edges"])]
    assert without == [
        "esm needs extensions",
        "nothing there",
        "paths that lead nowhere",
        "exports are unknown to node10",
    ]


def test_the_quick_way_to_a_path_is_the_long_one(monkeypatch):
    names = ["".join(parts) for count in range(1, 5) for parts in itertools.product(PARTS, repeat=count)]
    pairs = [(folder, name) for folder in ("/a", "/a/b", "/a/b/c", "", "a/b") for name in names]
    quick = [cg.path_in(*pair) for pair in pairs]
    monkeypatch.setattr(cg, "plain_path_in", lambda folder, name: "")
    assert quick == [cg.path_in(*pair) for pair in pairs]


PARTS = ("./", "../", "a", "/", ".", "..", ".x", "b/")
