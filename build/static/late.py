"""The rooms of the program that most runs do not enter: in the static binary they come late, packed, when one is entered.

A door is a function, or a class that is only ever called, and what lies behind doors is whatever no way from the start
reaches but through one. It is cut out of the program; each door becomes a function that brings all of it and goes on
to the real one. So a third of the program is neither read nor run at each start, and takes a third of its place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from names import bare, defined_names, used_names

START = ("leave", "main", "run_command_line")  # what others call: everything they reach without a door is early
DOORS = (
    # Commands, and options that are commands
    "init", "print_config", "print_explanation", "print_graph", "print_ranked", "print_trend", "help_text",
    "show_cache", "watch", "write_baseline",
    # Analyses that somebody asks for, and kinds of files
    "code_in_markup", "comments_of_markup", "with_sources", "logic_in", "with_template",
    "coverage_from", "tests_of_units", "find_duplication", "graph_of_run", "graphs_of", "graph_for_page",
    "imports_of", "judged_graph", "linked_graph", "versions_of",
    # What a run is compared with
    "against_baseline", "against_versions", "Comparer", "ShareComparer", "GraphComparer",
    "adoptions", "_graph_csv", "_graph_dot", "_graph_graphml", "_graph_mermaid",
    # Workers of somebody else, and parts of a project
    "ThreadedPool", "plan_at_distance", "plan_at_address", "ShardFinder", "check_jobs", "write_shard", "merge",
    # Texts that lie packed in the program, and what there is to scan and to pack by where there is no kernel
    "unpacked", "Packing", "PythonScanner",
)  # fmt: skip

# Stands in front of the rest of the program, of which parts come later, one after the other. Threads may come to doors at
# the same time, and a door that was replaced leads to names that are there: so doors are replaced last. A name that
# others ask the module for may be a late one.
PARTS = ("complexity_guard_seldom", "complexity_guard_late")
THRESHOLD = f"""
import _thread
_PARTS, _PARTS_LOCK, _parts_here = {PARTS!r}, _thread.RLock(), []

def _bring(number):
    with _PARTS_LOCK:
        while len(_parts_here) < number:
            import _imp, marshal, zlib
            name = _PARTS[len(_parts_here)]
            _parts_here.append(name)
            data = _imp.find_frozen(name, withdata=True)[0]
            try:
                exec(marshal.loads(zlib.decompress(data)), globals())
            except BaseException:  # a signal: whoever comes next begins again
                _parts_here.pop()
                raise

def _door(number, name):
    def enter(*values, **named):
        _bring(number)
        return globals()[name](*values, **named)
    return enter

def _step(owner, name):
    def enter(*values, **named):
        _bring(1)
        return globals()[owner].__dict__[name](*values, **named)
    return enter

def __getattr__(name):
    if not name.startswith("__"):
        _bring(len(_PARTS))
        if name in globals():
            return globals()[name]
    raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
"""
BEHIND = "_behind_{}"  # what a door leads to, until all of it is there


class Plan:
    """The top level of a module: which statements define what, and what each of them needs."""

    def __init__(self, statements: list[ast.stmt]) -> None:
        self.statements = statements
        self.defined = [set() if is_import(one) else defined_names(one) for one in statements]
        self.used = [used_names(one) for one in statements]
        self.places: dict[str, list[int]] = {}
        for number, names in enumerate(self.defined):
            for name in names:
                self.places.setdefault(name, []).append(number)

    def early(self, doors: Iterable[str]) -> set[int]:
        """What is reached without a door, or runs whatever anybody needs."""
        closed = {number for door in doors for number in self.places[door]}
        waiting = [number for name in START for number in self.places.get(name, ())]
        waiting += [number for number, names in enumerate(self.defined) if not names]
        waiting += [n for n, one in enumerate(self.statements) if isinstance(one, ast.If) or is_number(one)]
        found: set[int] = set()
        while waiting:
            number = waiting.pop()
            if number in found or number in closed:
                continue
            found.add(number)
            waiting += [place for name in self.used[number] for place in self.places.get(name, ())]
        return found


def is_number(statement: ast.stmt) -> bool:
    """The kernel asks for its numbers by their names, and no statement uses them."""
    value = getattr(statement, "value", None)
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or value is None:
        return False
    parts = [node for node in ast.walk(value) if isinstance(node, ast.expr)]
    return all(isinstance(node, (ast.BinOp, ast.Tuple, ast.UnaryOp)) or is_integer(node) for node in parts)


def is_integer(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, (ast.Import, ast.ImportFrom))


def split(tree: ast.Module, doors: tuple[str, ...] = DOORS) -> tuple[list[ast.stmt], ast.Module]:
    """The program with doors that are closed, and what lies behind them."""
    plan = Plan(tree.body)
    missing = [door for door in doors if len(plan.places.get(door, ())) != 1]
    if missing:
        raise SystemExit(f"no function or class of the program: {', '.join(missing)}")
    check_doors([tree.body[number] for number in plan.early(doors)], doors, tree)
    return parted(plan, doors, len(PARTS))


def parted(plan: Plan, doors: Iterable[str], number: int) -> tuple[list[ast.stmt], ast.Module]:
    """What is reached without a door, with the doors to the part of this number, and that part."""
    early = plan.early(doors)
    first, behind = [], []
    for place, statement in enumerate(plan.statements):
        if place in early:
            first.append(statement)
        else:
            behind.append(statement)
            first += [closed_door(number, name) for name in sorted(plan.defined[place].intersection(doors))]
    return first, ast.Module([*opened(behind, doors)], [])


def check_doors(early: Iterable[ast.stmt], doors: Iterable[str], tree: ast.Module) -> None:
    """A class is a door if it is only called: who asks it for anything else would ask the function in its place."""
    classes = {one.name for one in tree.body if isinstance(one, ast.ClassDef)}.intersection(doors)
    for statement in early:
        nodes = list(ast.walk(bare(statement)))
        called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
        for node in nodes:
            if isinstance(node, ast.Name) and node.id in classes and id(node) not in called:
                raise SystemExit(f"line {statement.lineno}: {node.id} is a door, and this does not call it")


def closed_door(number: int, name: str) -> ast.stmt:
    return ast.parse(f"{name} = _door({number}, {name!r})").body[0]


def with_threshold(statements: list[ast.stmt]) -> ast.Module:
    """The threshold stands behind the docstring and `from __future__`."""
    place = 1 + next(n for n, one in enumerate(statements) if getattr(one, "module", "") == "__future__")
    return ast.Module([*statements[:place], *ast.parse(THRESHOLD).body, *statements[place:]], [])


def opened(behind: Iterable[ast.stmt], doors: Iterable[str]) -> Iterator[ast.stmt]:
    """What lies behind doors, as the statements of a part; the doors are replaced at its end."""
    yield ast.parse("from __future__ import annotations").body[0]
    names = []
    for statement in behind:
        name = getattr(statement, "name", "")
        if name in doors:
            statement.name = BEHIND.format(name)
            names.append(name)
        yield statement
    for name in names:
        real = BEHIND.format(name)
        yield from ast.parse(f"{real}.__name__ = {real}.__qualname__ = {name!r}\n{name} = {real}\ndel {real}").body
