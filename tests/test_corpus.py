"""The annotated cases in tests/corpus: each states its totals, and marks each line that costs.

    // expect: cyclomatic=3 cognitive=4     the n-th such comment is about the n-th function of the file
    // expect module: cyclomatic=2          about the code outside every function
    // expect file: export_count=1          about the file
    // +2 if, nested 1; +1 &&               at the end of a line: what it costs, and why; in cyclomatic/,
                                            cognitive/ and whitepaper/ every line that costs is marked
    // +1 if [+2]                           in brackets: what it costs to SonarJS 4.2, where that is another cost

`scripts/oracles/check_cases.mjs` holds the same totals and lines against ESLint and SonarJS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from samples import measure_file
from tools import needs

import complexity_guard as cg

CASES = Path(__file__).parent / "corpus"
EXPECT = re.compile(r"(?://|/\*)\s*expect( module| file)?:\s*(.*?)\s*(?:\*/\}?)?$")
LINE_END = re.compile("\r\n|[\n\r\u2028\u2029]")
WORD = re.compile(r'(\w+)=(?:"([^"]*)"|`([^`]*)`|(\S+))')
MARK = re.compile(r"(?://|/\*)\s*(\+\d.*?)\s*(?:\*/\}?)?$")
POINT = re.compile(r"\+(\d+) (.+?)(?:, nested (\d+))?(?: \[\+(\d+)\])?$")

# What the published grammar gets wrong, which is in use where there is no kernel.
MENDED_GRAMMAR = {"cognitive/casts.ts", "halstead/types.ts", "lines/modifiers.ts"}

# Which points the marks of a folder are about; other folders have none.
MARKED = {
    "cyclomatic": "cyclomatic_points",
    "module": "cyclomatic_points",
    "cognitive": "cognitive_points",
    "whitepaper": "cognitive_points",
}


@dataclass
class Case:
    """What the comments of one file say."""

    functions: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # of the expectations, to point at in failures
    scopes: dict[str, dict[str, str]] = field(default_factory=lambda: {"module": {}, "file": {}})
    marks: list[tuple[int, int, str, int]] = field(default_factory=list)  # line, cost, reason, nesting
    deeper: list[tuple[int, int]] = field(default_factory=list)  # line, cost to SonarJS 4.2, where that is another


@dataclass(frozen=True)
class Measured:
    """What the program says: one dictionary of words per function, in the order of their starts."""

    functions: list[dict[str, Any]]
    module: dict[str, Any]
    file: dict[str, Any]
    points: list[tuple[int, int, str, int]]
    deeper: list[tuple[int, int]]


def case_files() -> list[Path]:
    return sorted(path for path in CASES.rglob("*") if cg.grammar_of(path.name) is not None)


def read_case(path: Path) -> Case:
    case = Case()
    for number, line in enumerate(LINE_END.split(path.read_bytes().decode("utf-8-sig")), 1):
        if expected := EXPECT.search(line):
            words = {key: quoted or ticked or plain for key, quoted, ticked, plain in WORD.findall(expected[2])}
            if "cognitive" in words:
                words.setdefault("sonarjs_4_2", words["cognitive"])
            if expected[1]:
                case.scopes[expected[1].strip()].update(words)
            else:
                case.functions.append(words)
                case.lines.append(number)
        elif marked := MARK.search(line):
            points = points_of(marked[1], number)
            case.marks += [(number, int(point[1]), point[2], int(point[3] or 0)) for point in points]
            case.deeper += [(number, int(point[4])) for point in points if point[4]]
    return case


def points_of(text: str, line: int) -> list[re.Match[str]]:
    points = [POINT.fullmatch(mark.strip()) for mark in text.split("; ")]
    assert all(points), f"line {line}: {text!r} is not a mark"
    return points


@cache
def scanner() -> Any:
    return cg.make_scanner()


def report_on(path: Path, **analysis: str) -> cg.FileReport:
    judge = cg.Judge(cg.DEFAULT_ANALYSIS._replace(**analysis), "all")
    return measure_file(path.name, path.read_bytes(), judge, scanner())[0]


def measure(path: Path) -> Measured:
    reports = {
        "classic": report_on(path),
        "modified": report_on(path, cyclomatic_variant="modified"),
        "whitepaper": report_on(path, cognitive_variant="whitepaper"),
        "sonarjs-4.2": report_on(path, cognitive_variant="sonarjs-4.2"),
    }
    rows = zip(*(report.functions for report in reports.values()), strict=True)
    functions = sorted(
        (words_of(*row) for row in rows),
        key=lambda words: (words["line"], words["col"], words["kind"] != "field_initializer"),
    )
    classic = reports["classic"]
    points_from = reports["whitepaper" if path.parent.name == "whitepaper" else "classic"]
    attribute = MARKED.get(path.parent.name)
    points = [
        point
        for function in (*points_from.functions, points_from.module)
        for point in (getattr(function, attribute) if attribute else ())
    ]
    return Measured(
        functions,
        words_of(*(report.module for report in reports.values())),
        {"file_length": classic.file_length, "export_count": classic.export_count, "functions": len(classic.functions)},
        sorted((point.line, point.cost, point.reason, point.nesting) for point in points),
        sorted((point.line, point.cost) for point in points_by_fault(reports["sonarjs-4.2"])),
    )


def points_by_fault(report: cg.FileReport) -> Iterator[cg.Point]:
    for function in (*report.functions, report.module):
        yield from (point for point in function.cognitive_points if point.reason.endswith(cg.BY_FAULT))


def words_of(
    classic: cg.FunctionReport,
    modified: cg.FunctionReport,
    whitepaper: cg.FunctionReport,
    sonarjs_4_2: cg.FunctionReport,
) -> dict[str, Any]:
    halstead = classic.halstead
    return {
        "name": classic.name, "qualified": classic.qualified_name, "kind": classic.kind,
        "line": classic.start_line, "col": classic.start_col, "end_line": classic.end_line, "end_col": classic.end_col,
        "cyclomatic": classic.cyclomatic, "modified": modified.cyclomatic,
        "cognitive": classic.cognitive, "whitepaper": whitepaper.cognitive,
        "sonarjs_4_2": sonarjs_4_2.cognitive,
        "lines": classic.line_count, "params": classic.params_count, "depth": classic.nesting_depth,
        "n1": halstead.n1, "n2": halstead.n2, "N1": halstead.N1, "N2": halstead.N2,
        "volume": f"{halstead.volume:.2f}", "difficulty": f"{halstead.difficulty:.2f}", "effort": f"{halstead.effort:.2f}",
        "time": f"{halstead.time:.2f}", "bugs": f"{halstead.bugs:.4f}",
    }  # fmt: skip


def unequal(expected: dict[str, str], found: dict[str, Any]) -> list[str]:
    return [f"{key}={value}, found {found[key]}" for key, value in expected.items() if str(found[key]) != value]


def case_parameters() -> Iterator[Any]:
    for path in case_files():
        name = path.relative_to(CASES).as_posix()
        marks = []
        if name in MENDED_GRAMMAR:
            marks.append(needs("kernel"))
        yield pytest.param(path, id=name, marks=marks)


@pytest.mark.parametrize("path", list(case_parameters()))
def test_case(path: Path) -> None:
    case, found = read_case(path), measure(path)
    assert case.functions or any(case.scopes.values()), "a case without an expectation proves nothing"
    assert len(case.functions) == len(found.functions), [
        f"{words['line']}: {words['name']}" for words in found.functions
    ]
    problems = [
        f"line {line}: {problem}"
        for line, expected, words in zip(case.lines, case.functions, found.functions, strict=True)
        for problem in unequal(expected, words)
    ]
    problems += [f"module: {problem}" for problem in unequal(case.scopes["module"], found.module)]
    problems += [f"file: {problem}" for problem in unequal(case.scopes["file"], found.file)]
    assert not problems
    assert sorted(case.marks) == found.points
    if path.parent.name == "cognitive":
        assert sorted(case.deeper) == found.deeper


@pytest.mark.parametrize("path", case_files(), ids=lambda path: path.relative_to(CASES).as_posix())
def test_points_sum_to_the_number(path: Path) -> None:
    for variant in ("sonarjs", "sonarjs-4.2", "whitepaper"):
        report = report_on(path, cognitive_variant=variant)
        for function in (*report.functions, report.module):
            assert function.cyclomatic == 1 + sum(point.cost for point in function.cyclomatic_points)
            assert function.cognitive == sum(point.cost for point in function.cognitive_points)


def test_there_are_cases_for_every_metric() -> None:
    folders = {path.parent.name for path in case_files()}
    assert folders == {
        "cyclomatic",
        "cognitive",
        "whitepaper",
        "halstead",
        "lines",
        "file",
        "params",
        "nesting",
        "functions",
        "module",
    }
