"""What runs on one small file do not call: in the static binary it comes with the first call of any of it.

More than half of what is left when the rooms behind doors are cut out (late.py) is for folders, workers, and what goes
wrong. needed.txt has the functions and methods that runs on one file call (`make needed` tries some). Every other
function becomes a door, and in place of every other method a step stands in its class; what lies behind those alone is
brought as a whole. A name that the list lacks costs time and nothing else, and so does one that is no more.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import late

NEEDED = Path(__file__).with_name("needed.txt")


def needed() -> frozenset[str]:
    return frozenset(NEEDED.read_text("utf-8").split())


def parts(tree: ast.Module) -> tuple[ast.Module, ast.Module, ast.Module]:
    """The program as it starts, and what comes later, in the order of late.PARTS."""
    first, rest = late.split(tree)
    first, seldom = split(first, needed())
    return late.with_threshold(first), seldom, rest


def split(statements: list[ast.stmt], names: Iterable[str]) -> tuple[list[ast.stmt], ast.Module]:
    """A program of which these functions and methods are called at once, and what else there is in it."""
    doors = [one.name for one in statements if isinstance(one, ast.FunctionDef)]
    cuts = {id(one): Cut(one, names) for one in statements if isinstance(one, ast.ClassDef)}
    first, part = late.parted(late.Plan(statements), set(doors).difference(names, late.START), 1)
    for one in part.body:
        if id(one) in cuts:
            cuts.pop(id(one)).undo()
    methods = [statement for cut in cuts.values() for statement in cut.methods()]
    return first, ast.Module([*part.body, *methods], [])


class Cut:
    """A class, in which steps stand for the methods that are seldom called."""

    def __init__(self, statement: ast.ClassDef, names: Iterable[str]) -> None:
        self.statement, self.whole = statement, statement.body
        self.seldom = [one for one in self.whole if is_plain(one) and f"{statement.name}.{one.name}" not in names]
        statement.body = [self.step(one) if one in self.seldom else one for one in self.whole]

    def step(self, method: ast.FunctionDef) -> ast.stmt:
        return ast.parse(f"{method.name} = _step({self.statement.name!r}, {method.name!r})").body[0]

    def undo(self) -> None:
        self.statement.body = self.whole

    def methods(self) -> Iterator[ast.stmt]:
        """The methods, and how they come into the class."""
        owner = self.statement.name
        for method in self.seldom:
            name, real = method.name, f"_{method.name}_of_{owner}"
            method.name = real
            yield method
            yield from ast.parse(f"{real}.__name__ = {name!r}\n{owner}.{name} = {real}\ndel {real}").body


def is_plain(statement: ast.stmt) -> bool:
    """Whether a method may come into its class later. Special ones Python does not look for in the way of others, and
    super() wants a class around it."""
    if not isinstance(statement, ast.FunctionDef) or statement.decorator_list or statement.name.startswith("__"):
        return False
    names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    return names.isdisjoint(("super", "__class__"))
