"""The module as a whole."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import complexity_guard as cg


def test_no_name_of_the_module_is_bound_twice():
    """One long module with many authors: a constant of one section must not replace that of another."""
    names = Counter()
    for node in ast.parse(Path(cg.__file__).read_text(encoding="utf-8")).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        names.update(part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))
        names.update([node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else [])
    assert [name for name, count in names.items() if count > 1] == []
