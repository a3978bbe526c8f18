"""Which global names a statement of a module defines and uses, by its syntax. Annotations do not count as use."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator


class WithoutAnnotations(ast.NodeTransformer):
    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign([node.target], self.visit(node.value)), node)


def bare(node: ast.stmt) -> ast.stmt:
    """A copy without annotations."""
    copy = ast.parse(ast.unparse(node)).body[0]
    return ast.fix_missing_locations(WithoutAnnotations().visit(copy))


def defined_names(statement: ast.stmt) -> set[str]:
    """What a statement at the top level binds."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, ast.If):
        return {name for inner in (*statement.body, *statement.orelse) for name in defined_names(inner)}
    targets = getattr(statement, "targets", [getattr(statement, "target", None)])
    return {node.id for target in targets if target for node in ast.walk(target) if isinstance(node, ast.Name)}


def used_names(statement: ast.stmt) -> set[str]:
    """The global names that a statement, or a function in it, reads; names that are local there do not count."""
    table = symtable.symtable(ast.unparse(bare(statement)), "module", "exec")
    own = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    return own | {name for child in table.get_children() for name in global_names(child)}


def global_names(table: symtable.SymbolTable) -> Iterator[str]:
    yield from (symbol.get_name() for symbol in table.get_symbols() if symbol.is_global())
    for child in table.get_children():
        yield from global_names(child)
