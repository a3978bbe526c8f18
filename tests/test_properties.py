"""What must hold for every source, tried on the sample of real ones: changes of the text that change the numbers so
and not otherwise."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import Any

import compare
import pytest
import tree_sitter
import tree_sitter_typescript
from samples import measure_file

import complexity_guard as cg

NESTING = {"if", "for", "for-in/of", "while", "do-while", "switch", "catch", "?:"}  # one deeper, one more
FUNCTIONS = {
    "function_declaration", "function_expression", "generator_function", "generator_function_declaration",
    "arrow_function", "method_definition",
}  # fmt: skip


@cache
def tools() -> tuple[Any, Any]:
    return cg.make_scanner(), cg.Judge(cg.DEFAULT_ANALYSIS, "all")


def functions_of(name: str, source: bytes) -> list[cg.FunctionReport]:
    scanner, judge = tools()
    return list(measure_file(name, source, judge, scanner)[0].functions)


def bodies(name: str, source: bytes) -> list[tuple[int, int]]:
    """Start and end of each function's block, braces included."""
    language = (
        tree_sitter_typescript.language_typescript() if name.endswith(".ts") else tree_sitter_typescript.language_tsx()
    )
    tree = tree_sitter.Parser(tree_sitter.Language(language)).parse(source)
    return [] if tree.root_node.has_error else sorted(found_bodies(tree.root_node))


def found_bodies(root: Any) -> Iterator[tuple[int, int]]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        body = node.child_by_field_name("body") if node.type in FUNCTIONS else None
        if body is not None and body.type == "statement_block":
            closing = next(child for child in reversed(body.children) if child.type == "}")
            yield body.start_byte, closing.end_byte


def names_of(name: str, source: bytes) -> list[tuple[int, int]]:
    """Start and end of each name that a programmer chose."""
    language = (
        tree_sitter_typescript.language_typescript() if name.endswith(".ts") else tree_sitter_typescript.language_tsx()
    )
    waiting, found = [tree_sitter.Parser(tree_sitter.Language(language)).parse(source).root_node], []
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if node.type == "identifier" or node.type.endswith("_identifier") and not node.children:
            found.append((node.start_byte, node.end_byte))
    return found


def spliced(source: bytes, edits: list[tuple[int, bytes]]) -> bytes:
    for offset, text in sorted(edits, reverse=True):
        source = source[:offset] + text + source[offset:]
    return source


class SourcePlaces:
    """Lines and columns of the byte offsets of a text in ASCII."""

    def __init__(self, source: bytes) -> None:
        self.starts = [0, *(match.end() for match in re.finditer(rb"\r\n|[\r\n]", source))]

    def of(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1]


def control_flow(function: cg.FunctionReport) -> tuple:
    return (
        function.name,
        function.kind,
        function.cyclomatic,
        function.cognitive,
        function.nesting_depth,
        function.params_count,
    )


def halstead(function: cg.FunctionReport) -> tuple:
    return (function.halstead.n1, function.halstead.n2, function.halstead.N1, function.halstead.N2)


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every third of the sample's sources, if in ASCII and with functions."""
    folder = compare.unpacked_sample(tmp_path_factory.mktemp("sources"))
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and cg.grammar_of(path.name) is not None)[::3]
    texts = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return {name: text for name, text in texts.items() if text.isascii() and bodies(name, text)}


def test_the_sources_are_enough(sources: dict[str, bytes]) -> None:
    assert len(sources) > 60
    assert sum(len(bodies(name, source)) for name, source in sources.items()) > 400


def test_the_increments_sum_to_the_numbers(sources: dict[str, bytes]) -> None:
    for name, source in sources.items():
        for f in functions_of(name, source):
            assert f.cyclomatic == 1 + sum(point.cost for point in f.cyclomatic_points), (name, f.name)
            assert f.cognitive == sum(point.cost for point in f.cognitive_points), (name, f.name)


def test_comments_and_white_space_change_no_number_but_lines(sources: dict[str, bytes]) -> None:
    for name, source in sources.items():
        edits = [(start + 1, b" /* a && b ? c : d */\n\n\t// if (x) {\n") for start, _ in bodies(name, source)]
        before, after = functions_of(name, source), functions_of(name, spliced(source, edits))
        assert [control_flow(f) + halstead(f) for f in after] == [control_flow(f) + halstead(f) for f in before], name


def test_other_names_change_no_number(sources: dict[str, bytes]) -> None:
    """Nor do they change how often operators and operands stand there; how many differ may: a piece of a template can be
    spelled like a name."""
    renamed = 0
    for name, source in sources.items():
        edits = [
            (end, b"_renamed")
            for start, end in names_of(name, source)
            if source[start:end] not in (b"undefined", b"arguments")
        ]
        before, after = functions_of(name, source), functions_of(name, spliced(source, edits))
        numbers = [
            [(*control_flow(f)[2:], f.line_count, f.halstead.n1, f.halstead.N1, f.halstead.N2) for f in both]
            for both in (before, after)
        ]
        assert numbers[0] == numbers[1], name
        renamed += len(edits)
    assert renamed > 10_000


def test_an_if_around_a_body_adds_one_path_and_one_level(sources: dict[str, bytes]) -> None:
    """Cyclomatic +1, depth +1; cognitive +1 for the `if` and +1 for each construct that is nested one deeper now."""
    for name, source in sources.items():
        places = SourcePlaces(source)
        braces = {places.of(end): places.of(start) for start, end in bodies(name, source)}
        edits = [
            edit for start, end in bodies(name, source) for edit in ((start + 1, b"if (wrapped) {"), (end - 1, b"}"))
        ]
        before, after = functions_of(name, source), functions_of(name, spliced(source, edits))
        assert len(before) == len(after), name
        # Of functions that end at one place, as in `a => b => { … }`, the block is the innermost one's.
        innermost = {
            (one.end_line, one.end_col): index for index, one in enumerate(before) if one.kind != "field_initializer"
        }
        wrapped = 0
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            end = one.end_line, one.end_col
            body = braces.get(end) if innermost.get(end) == index else None
            if body is None:  # an expression as a body: nothing was put around it
                assert control_flow(one) == control_flow(other), (name, one.name)
                continue
            wrapped += 1
            deeper = sum(
                point.reason in NESTING and (point.line, point.column) > body for point in one.cognitive_points
            )
            assert other.cyclomatic == one.cyclomatic + 1, (name, one.name)
            assert other.nesting_depth == one.nesting_depth + 1, (name, one.name)
            assert other.cognitive == one.cognitive + 1 + deeper, (name, one.name)
        assert wrapped == len(braces), name


def test_a_file_in_a_function_keeps_every_number(sources: dict[str, bytes]) -> None:
    """Nesting starts again in each function, so that what encloses it does not matter."""
    for name, source in sources.items():
        if b"import " in source or b"export " in source or b"await" in source:
            continue
        before, after = functions_of(name, source), functions_of(name, b"function outermost() {\n" + source + b"\n}")
        assert [control_flow(f) + halstead(f) for f in after[1:]] == [control_flow(f) + halstead(f) for f in before], (
            name
        )
