"""The language: what each token of the grammars is to us."""

from __future__ import annotations

import re

import tools

import complexity_guard as cg

kernel = tools.kernel()


def test_every_token_has_a_code_of_its_own_in_both_grammars():
    """All but what only the grammar's own rules name: "_x", "x_repeat1", and groups such as "pattern"."""
    groups = {
        "declaration",
        "end",
        "expression",
        "formal_parameters",
        "pattern",
        "primary_expression",
        "primary_type",
        "statement",
    }
    codes = {}
    for grammar in (0, 1):
        names = {
            name for name, named in kernel.symbols(grammar) if not named and not re.search(r"^_\w|_repeat\d$", name)
        } - groups
        codes |= {name: cg.duplication_code(name, False) & 0xFF for name in names}
    shared = {name for name, code in codes.items() if code == 255}
    assert shared <= {"unique symbol", "implements_clause", "extends_type_clause"}, "types only: never in the stream"
    counted = [code for code in codes.values() if 0 < code < 255]
    assert len(counted) == len(set(counted)) and min(counted) > 2
