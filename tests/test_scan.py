"""The native kernel against its definition, the pure-Python scanner: equal arrays, on every input.

Both read the kernel's grammars here (upstream's own differ from our patched ones). `CG_LONG=1` runs the long versions.
"""

from __future__ import annotations

import itertools
import os
import random
import re
import signal
import struct
import subprocess
import sys
import threading
import time
import types
from pathlib import Path
from typing import NamedTuple

import hypothesis
import pytest
import tools
from hypothesis import strategies
from programs import ALL, DIALECTS, SNIPPETS, generated, random_table, real_numbers

import complexity_guard as cg

ROOT = Path(__file__).resolve().parent.parent
kernel = tools.kernel()
LONG = os.environ.get("CG_LONG") == "1"
SANITIZED = kernel.info()["allocator"] == "checked"
WIDTHS = {"events": cg.EVENT_WIDTH, "functions": cg.FUNCTION_WIDTH, "comments": 3, "errors": 6}
TYPES = {"codes": "B", "prints": "Q"}  # the others are int32
TYPESCRIPT, TSX, WHITEPAPER = cg.Dialect(0, False), cg.Dialect(1, False), cg.Dialect(0, True)


@pytest.fixture(scope="module")
def native():
    return cg.NativeScanner()


@pytest.fixture(scope="module")
def python():
    return cg.PythonScanner()


def rows(scan: cg.Scan) -> dict[str, list]:
    """A scan's arrays as lists of rows, so that a failure shows the row that differs."""
    table = {"file_lines": scan.file_lines}
    for name in scan._fields:
        if name != "file_lines":
            width = WIDTHS.get(name, 1)
            values = memoryview(getattr(scan, name)).cast(TYPES.get(name, "i")).tolist()
            table[name] = [values[i : i + width] for i in range(0, len(values), width)]
    return table


VARIANTS = list(itertools.product(cg.CYCLOMATIC_KINDS, cg.COGNITIVE_EFFECTS))


def assert_equal(native, python, source: bytes, dialect: cg.Dialect) -> None:
    got, expected = native.scan(dialect, source, ALL, 0), python.scan(dialect, source, ALL, 0)
    if got != expected:
        assert rows(got) == rows(expected), source
    variants = VARIANTS[len(source) % len(VARIANTS)]
    tables = python.effects(*variants), python.steps(dialect.grammar)
    assert_equal_readings(native, python, got.events, *tables)


def assert_equal_readings(native, python, events: bytes, effects: bytes, steps: bytes) -> None:
    got, expected = native.reading(events, effects, steps), python.reading(events, effects, steps)
    if got != expected:
        assert reading_rows(got) == reading_rows(expected)


def reading_rows(reading: cg.Reading) -> list[list]:
    return [
        memoryview(reading.tallies).cast("q").tolist(),
        memoryview(reading.increments).cast("i").tolist(),
        memoryview(reading.reports).cast("i").tolist(),
    ]


# ── Equality ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_generator_reaches_what_it_should(native):
    """An equality test is only as good as its inputs: they hold every kind of event, errors, comments and all."""
    scans = [native.scan(DIALECTS[seed & 3], generated(seed), ALL, 0) for seed in range(2000)]
    kinds = {row[0] for scan in scans for row in rows(scan)["events"]}
    wanted = {role & 0xFF for table in (cg.NODE_ROLES, cg.TOKENS_ANYWHERE) for role in table.values()} - {
        0,
        cg.UNREFINED & cg.KIND,
    }
    assert wanted <= kinds
    broken = sum(bool(scan.errors) for scan in scans)
    assert 0.2 * len(scans) < broken < 0.8 * len(scans)
    assert any(row[4] for scan in scans for row in rows(scan)["errors"]), "no MISSING node anywhere"


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "corpus").rglob("*.ts*")), ids=lambda path: path.stem)
def test_equal_on_the_corpus(native, python, path):
    for dialect in DIALECTS:
        assert_equal(native, python, path.read_bytes(), dialect)


@pytest.mark.parametrize("start", range(0, 10_000, 250))
def test_equal_on_generated_programs(native, python, start):
    for seed in range(start, start + 250):
        assert_equal(native, python, generated(seed), DIALECTS[seed & 3])


def test_equal_on_arbitrary_bytes(native, python):
    strategies = hypothesis.strategies
    texts = (
        strategies.lists(strategies.sampled_from([*SNIPPETS, *" abc;,=1?:.", "if", "\ufeff"]))
        .map("".join)
        .map(str.encode)
    )

    @hypothesis.settings(max_examples=20_000 if LONG else 1_000, database=None)
    @hypothesis.given(strategies.binary() | texts, strategies.sampled_from(DIALECTS))
    def check(source, dialect):
        assert_equal(native, python, source, dialect)

    check()


# ── Role tables of every shape ───────────────────────────────────────────────────────────────────────────────────────


def test_equal_under_random_role_tables(python, native):
    scanner = cg.PythonScanner()
    for seed in range(400 if LONG else 40):
        dialect = (TYPESCRIPT, TSX)[seed & 1]
        table = random_table(random.Random(seed), dialect.grammar)
        kernel.configure(15, dialect.grammar, *table.packed())
        scanner._tables[dialect] = table
        for program in range(seed * 20, seed * 20 + 20):
            source = generated(program)
            got = cg.Scan(*kernel.scan(15, source, ALL, 0))
            expected = scanner.scan(dialect, source, ALL, 0)
            assert got == expected or rows(got) == rows(expected), (seed, source)


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_equal_readings_under_random_effects(python, native, start):
    """Any kind may do anything, which the program's own table never asks for, and in places that no program has."""
    for seed in range(start, start + 50):
        dice = random.Random(seed)
        events = native.scan(DIALECTS[seed & 3], generated(seed), 0, 0).events
        effects = [0, *(dice.getrandbits(20) & dice.getrandbits(20) for _ in range(cg.KIND))]
        steps = bytes(dice.choices(range(3), k=256 * 256))
        for one in (events, random_events(dice)):
            assert_equal_readings(native, python, one, struct.pack("256I", *effects), steps)


def random_events(dice: random.Random) -> bytes:
    """Events as a scan leaves them in form alone."""
    found = [[1, 0, -1, 0, 1000, 1, -1, -1, 0]]
    for number in range(1, dice.randint(2, 60)):
        parent, via = dice.randrange(number), dice.choice((0, 1, 2)) | dice.choice((0, cg.DIRECT))
        start = dice.randrange(1000)
        place = (start, start + dice.randrange(50), dice.randrange(1, 99), dice.choice((-1, number)), number + 1)
        above = found[parent][0] if via & cg.DIRECT else 0
        found.append([dice.randrange(1, 9), via, parent, *place, above])
    return struct.pack(f"{len(found) * cg.EVENT_WIDTH}i", *itertools.chain.from_iterable(found))


ROOT_EVENT, CHILD_EVENT = (1, 0, -1, 0, 1, 1, -1, -1, 0), (8, 0x101, 0, 0, 1, 1, -1, -1, 1)
WRONG_EVENTS = {
    "none": [],
    "a root below another": [CHILD_EVENT],
    "a parent that comes later": [ROOT_EVENT, (8, 0, 1, 0, 1, 1, -1, -1, 0)],
    "two roots": [ROOT_EVENT, ROOT_EVENT],
    "no kind": [(0, *ROOT_EVENT[1:])],
    "a kind above 255": [ROOT_EVENT, (256, *CHILD_EVENT[1:])],
    "a field above 255": [ROOT_EVENT, (8, 0x200, *CHILD_EVENT[2:])],
    "something unheard of above": [ROOT_EVENT, (*CHILD_EVENT[:8], 256)],
}


@pytest.mark.parametrize("events", WRONG_EVENTS.values(), ids=WRONG_EVENTS)
def test_events_that_no_scan_leaves_are_refused(events):
    packed = struct.pack(f"{len(events) * cg.EVENT_WIDTH}i", *itertools.chain.from_iterable(events))
    with pytest.raises(ValueError, match="events of a scan"):
        kernel.tally(packed, bytes(1024), bytes(65536))


@pytest.mark.parametrize("sizes", [(35, 1024, 65536), (36, 1023, 65536), (36, 1024, 65535)])
def test_tables_of_another_size_are_refused(sizes):
    events = struct.pack("9i", *ROOT_EVENT)
    assert kernel.tally(events, bytes(1024), bytes(65536))
    texts = [(text + bytes(size))[:size] for text, size in zip((events, b"", b""), sizes, strict=True)]
    with pytest.raises(ValueError, match="events of a scan"):
        kernel.tally(*texts)


def test_costs_of_deep_nests_have_64_bits(native, python):
    """100,000 loops, each in the one before, cost 5,000,050,000 together."""
    depth = 100_000
    loops = ((cg.FOR, 1 | cg.DIRECT, number, number, 2 * depth, 1, -1, -1, cg.FOR) for number in range(depth))
    packed = struct.pack(f"{(depth + 1) * 9}i", *ROOT_EVENT, *itertools.chain.from_iterable(loops))
    steps = bytearray(65536)
    steps[cg.FOR << 8 | 1] = cg.NESTS
    reading = native.reading(packed, native.effects("classic", "sonarjs"), bytes(steps))
    costs = memoryview(reading.tallies).cast("q")[2]
    assert costs == sum(range(1, depth + 1)) > 1 << 32


# ── Events, by hand ──────────────────────────────────────────────────────────────────────────────────────────────────


class Event(NamedTuple):
    """A row of `events`, by its names and texts."""

    kind: str
    via: str  # the field, with "=" behind it where the event's node is that child, and does not only lie below it
    parent: int
    start: int
    text: str
    line: int = 1
    label: str | None = None


# Written down from build/native/README.md and the tables of the language, not from what a scanner said:
# dialect, source, events, and for each function: event, n1, n2, N1, N2, parameters.
BY_HAND: dict[str, tuple[int, str, list[Event], list[list[int]]]] = {
    "nothing": (TYPESCRIPT, "", [Event("MODULE", "", -1, 0, "")], [[0, 0, 0, 0, 0, 0]]),
    "parentheses stay around an operator that may need them": (
        TYPESCRIPT,
        "if (a && b) c();",
        [
            Event("MODULE", "", -1, 0, "if (a && b) c();"),
            Event("IF", "=", 0, 0, "if (a && b) c();"),
            Event("PARENTHESES", "condition=", 1, 3, "(a && b)"),
            Event("AND", "=", 2, 4, "a && b", label="&&"),
        ],
        [[0, 2, 3, 2, 3, 0]],
    ),
    "only a default value makes an event of a parameter, and both are counted": (
        TYPESCRIPT,
        "function f(a, b = 1) { return a; }",
        [
            Event("MODULE", "", -1, 0, "function f(a, b = 1) { return a; }"),
            Event("FUNCTION", "=", 0, 0, "function f(a, b = 1) { return a; }", label="f"),
            Event("DEFAULT_PARAMETER", "parameters", 1, 14, "b = 1", label="b"),
        ],
        [[0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 2]],
    ),
    "a declarator stays around a function, and names it": (
        TYPESCRIPT,
        "const f = a => a ? 1 : 2;",
        [
            Event("MODULE", "", -1, 0, "const f = a => a ? 1 : 2;"),
            Event("DECLARATOR", "", 0, 6, "f = a => a ? 1 : 2", label="f"),
            Event("ARROW", "value=", 1, 10, "a => a ? 1 : 2", label="a"),
            Event("TERNARY", "body=", 2, 15, "a ? 1 : 2", label="?"),
        ],
        [[0, 1, 1, 1, 1, 0], [2, 1, 3, 1, 3, 0]],
    ),
    "a field is a function, and the function in it another": (
        TYPESCRIPT,
        "class A { get x() { return 1; } y = () => 2; }",
        [
            Event("MODULE", "", -1, 0, "class A { get x() { return 1; } y = () => 2; }"),
            Event("CLASS", "=", 0, 0, "class A { get x() { return 1; } y = () => 2; }", label="A"),
            Event("CLASS_BODY", "body=", 1, 8, "{ get x() { return 1; } y = () => 2; }"),
            Event("METHOD", "=", 2, 10, "get x() { return 1; }", label="x"),
            Event("FIELD", "=", 2, 32, "y = () => 2", label="y"),
            Event("INITIALIZER", "=", 4, 34, "="),
            Event("ARROW", "value=", 4, 36, "() => 2"),
        ],
        [[0, 0, 0, 0, 0, 0], [3, 1, 1, 1, 1, 0], [4, 0, 0, 0, 0, 0], [6, 0, 1, 0, 1, 0]],
    ),
    "a jump is one with a label alone": (
        TYPESCRIPT,
        "outer: for (;;) { break outer; break; }",
        [
            Event("MODULE", "", -1, 0, "outer: for (;;) { break outer; break; }"),
            Event("FOR", "", 0, 7, "for (;;) { break outer; break; }"),
            Event("JUMP", "body", 1, 18, "break outer;", label="outer"),
        ],
        [[0, 2, 1, 3, 2, 0]],
    ),
    "cases lie in the body of their switch": (
        TYPESCRIPT,
        "switch (x) { case 1: y; default: z; }",
        [
            Event("MODULE", "", -1, 0, "switch (x) { case 1: y; default: z; }"),
            Event("SWITCH", "=", 0, 0, "switch (x) { case 1: y; default: z; }"),
            Event("CASE", "body", 1, 13, "case 1: y;"),
            Event("DEFAULT_CASE", "body", 1, 24, "default: z;"),
        ],
        [[0, 3, 4, 3, 4, 0]],
    ),
    "an assignment is logical by its operator": (
        TYPESCRIPT,
        "a.b ??= c?.d;",
        [
            Event("MODULE", "", -1, 0, "a.b ??= c?.d;"),
            Event("LOGICAL_ASSIGNMENT", "", 0, 0, "a.b ??= c?.d", label="a.b"),
            Event("OPTIONAL", "right", 1, 9, "?."),
        ],
        [[0, 2, 4, 2, 4, 0]],
    ),
    "types leave nothing, nor do wrappers around no function": (
        TYPESCRIPT,
        "interface I { a?: string }\n// why\nlet x: A | B = (y as C)!;",
        [Event("MODULE", "", -1, 0, "interface I { a?: string }\n// why\nlet x: A | B = (y as C)!;")],
        [[0, 1, 2, 1, 2, 0]],
    ),
    "an attribute stays around an operator": (
        TSX,
        "const A = () => <b c={d && e}>{f}</b>;",
        [
            Event("MODULE", "", -1, 0, "const A = () => <b c={d && e}>{f}</b>;"),
            Event("DECLARATOR", "", 0, 6, "A = () => <b c={d && e}>{f}</b>", label="A"),
            Event("ARROW", "value=", 1, 10, "() => <b c={d && e}>{f}</b>"),
            Event("JSX_ATTRIBUTE", "body", 2, 19, "c={d && e}"),
            Event("JSX_EXPRESSION", "=", 3, 21, "{d && e}"),
            Event("AND", "=", 4, 22, "d && e", label="&&"),
        ],
        [[0, 1, 1, 1, 1, 0], [2, 1, 5, 1, 6, 0]],
    ),
    "functions in functions have numbers of their own": (
        TYPESCRIPT,
        "export function g() { return x => { }; }",
        [
            Event("MODULE", "", -1, 0, "export function g() { return x => { }; }"),
            Event("EXPORT", "=", 0, 0, "export function g() { return x => { }; }"),
            Event("FUNCTION", "declaration=", 1, 7, "function g() { return x => { }; }", label="g"),
            Event("ARROW", "body", 2, 29, "x => { }", label="x"),
        ],
        [[0, 0, 0, 0, 0, 0], [2, 1, 0, 1, 0, 0], [3, 0, 0, 0, 0, 0]],
    ),
    "what lies in a finally lies in no catch": (
        TYPESCRIPT,
        "try { a(); } catch { } finally { do b(); while (c); }",
        [
            Event("MODULE", "", -1, 0, "try { a(); } catch { } finally { do b(); while (c); }"),
            Event("TRY", "=", 0, 0, "try { a(); } catch { } finally { do b(); while (c); }"),
            Event("CATCH", "handler=", 1, 13, "catch { }"),
            Event("DO", "finalizer", 1, 33, "do b(); while (c);"),
        ],
        [[0, 5, 3, 5, 3, 0]],
    ),
    "a call stays around a function": (
        TYPESCRIPT,
        "f(1), list.map(function () {});",
        [
            Event("MODULE", "", -1, 0, "f(1), list.map(function () {});"),
            Event("CALL", "", 0, 6, "list.map(function () {})", label="list.map"),
            Event("ARGUMENTS", "arguments=", 1, 14, "(function () {})"),
            Event("FUNCTION", "=", 2, 15, "function () {}"),
        ],
        [[0, 1, 4, 1, 4, 0], [3, 0, 0, 0, 0, 0]],
    ),
    "the white paper sees every call": (
        WHITEPAPER,
        "f(1);",
        [Event("MODULE", "", -1, 0, "f(1);"), Event("CALL", "", 0, 0, "f(1)", label="f")],
        [[0, 0, 2, 0, 2, 0]],
    ),
    "lines are counted, and bytes": (
        TYPESCRIPT,
        "'é';\nasync function* ñ() {\n  yield a || '😀';\n}",
        [
            Event("MODULE", "", -1, 0, "'é';\nasync function* ñ() {\n  yield a || '😀';\n}"),
            Event("GENERATOR", "=", 0, 6, "async function* ñ() {\n  yield a || '😀';\n}", line=2, label="ñ"),
            Event("OR", "body", 1, 37, "a || '😀'", line=3, label="||"),
        ],
        [[0, 0, 1, 0, 1, 0], [1, 2, 2, 2, 2, 0]],
    ),
    "a root that is one large error is the program": (
        TYPESCRIPT,
        "(",
        [Event("MODULE", "", -1, 0, "(")],
        [[0, 0, 0, 0, 0, 0]],
    ),
}


def spelled(source: bytes, fields: list[str], row: list[int]) -> Event:
    kind, via, parent, start, end, line, label, label_end, _ = row
    way = fields[via & ~cg.DIRECT] + "=" * bool(via & cg.DIRECT)
    text = source[start:end].decode()
    return Event(KINDS[kind], way, parent, start, text, line, None if label < 0 else source[label:label_end].decode())


KINDS = {getattr(cg, name): name for name in {event.kind for _, _, events, _ in BY_HAND.values() for event in events}}


@pytest.mark.parametrize("scanner", ["native", "python"])
@pytest.mark.parametrize(("dialect", "source", "events", "counts"), BY_HAND.values(), ids=BY_HAND)
def test_events_and_counts_as_written_by_hand(request, scanner, dialect, source, events, counts):
    """Equal scanners may be equally wrong."""
    found = rows(request.getfixturevalue(scanner).scan(dialect, source.encode(), ALL, 0))
    fields = kernel.fields(dialect.grammar)
    assert [spelled(source.encode(), fields, row) for row in found["events"]] == events
    assert [row[:6] for row in found["functions"]] == counts
    assert [row[:2] for row in found["errors"]] == ([[0, 1]] if source == "(" else [])


# ── Lines and columns, by hand ───────────────────────────────────────────────────────────────────────────────────────

LINES = [  # source, line starts, 1 for each line of code, file_lines
    ("", [0], [0], 0),
    ("a", [0], [1], 1),
    ("a\n", [0, 2], [1, 0], 1),
    ("a\r\nb\rc\n\nd", [0, 3, 5, 7, 8], [1, 1, 1, 0, 1], 4),
    ("a\u2028b\u2029c", [0, 4, 8], [1, 1, 1], 3),
    ("\ufeff\na", [0, 4], [0, 1], 1),
    ("\t\v\f \u00a0\u1680\u2000\u200a\u202f\u205f\u3000\na", [0, 25], [0, 1], 1),
    ("\u200b;\na", [0, 5], [1, 1], 2),
    ("a // c\n// d\nb", [0, 7, 12], [1, 0, 1], 2),
    ("/* c */ a", [0], [1], 1),
    ("/* c */ /* d */\na", [0, 16], [1, 1], 1),  # the last comment does not start its line: ESLint counts the line
    ("a /* c\n\nd */ b", [0, 7, 8], [1, 0, 1], 2),
    ("/*\n*/ a /*\n*/", [0, 3, 11], [0, 1, 0], 1),
    ("#!/bin/x\na", [0, 9], [0, 1], 1),
]


@pytest.mark.parametrize(("text", "starts", "code", "file_lines"), LINES)
def test_lines(native, text, starts, code, file_lines):
    scan = native.scan(TYPESCRIPT, text.encode(), 0, 0)
    prefix = memoryview(scan.code_prefix).cast("i").tolist()
    assert memoryview(scan.line_starts).cast("i").tolist() == starts
    assert [after - before for before, after in itertools.pairwise(prefix)] == code
    assert scan.file_lines == file_lines


@pytest.mark.parametrize("filler", ["a", "é", "語", "😀", "é" * 5000, "😀a" * 4000])
def test_columns_are_utf16_units(native, filler):
    text = f'x = "{filler}"; function f() {{}} /* {filler} */ () => 1'
    functions = rows(native.scan(TYPESCRIPT, text.encode(), 0, 0))["functions"]
    units = lambda part: len(part.encode("utf-16-le")) // 2  # noqa: E731
    starts = [units(text[: text.index(mark)]) for mark in ("function", "() => 1")]
    assert [row[6] for row in functions] == [0, *starts]
    assert [row[8] for row in functions] == [units(text), starts[0] + len("function f() {}"), units(text)]


# ── Hostile input ────────────────────────────────────────────────────────────────────────────────────────────────────


def deep(opening: str, middle: str, closing: str, depth: int) -> bytes:
    return (opening * depth + middle + closing * depth).encode()


HOSTILE = {
    "a sum of 200,000 terms": "+".join(["a"] * 200_000).encode(),
    "a chain of 200,000 &&": "&&".join(["a"] * 200_000).encode(),
    "10,000 parentheses": deep("(", "a", ")", 10_000),
    "10,000 open parentheses": b"(" * 10_000,
    "10,000 brackets": deep("[", "", "]", 10_000),
    "10,000 blocks": deep("{", "", "}", 10_000),
    "10,000 functions": deep("function f(){", "", "}", 10_000),
    "20,000 arrows": b"a=>" * 20_000 + b"1",
    "20,000 else ifs": b"if(a){}else " * 20_000 + b"{}",
    "10,000 templates": deep("`${", "a", "}`", 10_000),
    "10,000 type arguments": b"type A=" + deep("B<", "C", ">", 10_000),
    "white space, then comments": b" " * 1_000_000 + b"/**/" * 200_000,
    "one long line": '(function(){"é"});'.encode() * 50_000,
    "no text at all": bytes(range(256)) * 100,
    "quotes": b"\"'`" * 5_000,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_sources_take_linear_time_and_no_stack(native, source):
    """In a thread with 256 KB of stack: a recursion per level of nesting would end the process."""
    answers = []
    before = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=lambda: answers.append(native.scan(TYPESCRIPT, source, ALL, 60_000)))
        thread.start()
    finally:
        threading.stack_size(before)
    started = time.process_time()
    thread.join()
    assert rows(answers[0])["events"]
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    "source", [b"(" + b"\n" * 40 + b"]", b"[" + b"\n" * 40 + b")", b"let a = (b && " + b"-->" * 800 + b"\n" * 40 + b"]"]
)
def test_recovery_from_what_no_token_mends_comes_to_an_end(native, source):
    """As published, tree-sitter goes on inserting missing tokens here: for ever, or for minutes."""
    for dialect in (TYPESCRIPT, TSX):
        assert native.scan(dialect, source, 0, 10_000).errors


STUBBORN = {  # the second: tree-sitter gathers all stacks at the end of the file, in one step that took minutes
    "much": b"a(b, c);" * 500_000,
    "one step": b"x<y<" * 20_000,
    "no end": b"(" + b"\n" * 40 + b"]",  # as published
}


@pytest.mark.parametrize("scanner", ["native", "python"])
@pytest.mark.parametrize("source", STUBBORN.values(), ids=STUBBORN)
def test_a_time_limit_ends_a_parse(request, scanner, source):
    scanner = request.getfixturevalue(scanner)
    started = time.thread_time()
    try:
        scanner.scan(TSX, source, 0, 50)
        assert len(source) < 100
    except TimeoutError:
        pass
    assert time.thread_time() - started < 2
    assert rows(scanner.scan(TYPESCRIPT, b"a", 0, 5000))["line_starts"] == [[0]]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer signals here")
def test_signal_handlers_run_while_it_parses_and_may_scan_and_raise(native):
    calls = []

    class Enough(Exception):
        pass

    def handler(*_):
        if len(calls) == 3:
            return  # one more, before the timer is off
        calls.append(native.scan(TYPESCRIPT, b"a(b);" * 100, ALL, 0))
        if len(calls) == 3:
            raise Enough

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.1)
    started = time.monotonic()
    try:
        with pytest.raises(Enough):
            native.scan(TSX, b"x<y<" * 100_000, ALL, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - started < 5
    assert calls == [native.scan(TYPESCRIPT, b"a(b);" * 100, ALL, 0)] * 3


@pytest.mark.skipif(sys.platform != "linux" or SANITIZED, reason="reads /proc, and a sanitizer keeps freed memory")
def test_memory_goes_back_after_a_huge_file(native):
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    native.scan(TYPESCRIPT, b"a(b);" * 1000, 0, 0)
    before = resident()
    assert rows(native.scan(TYPESCRIPT, b"a(b);" * 400_000, 0, 0))["line_starts"] == [[0]]
    assert resident() - before < 48 << 20  # its tree alone takes three times that


OUT_OF_MEMORY = """
import resource, complexity_guard as cg
scanner = cg.NativeScanner()
typescript = cg.Dialect(0, False)
scanner.scan(typescript, b"a", 0, 0)
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
source = b"a(b);" * 1_000_000
resource.setrlimit(resource.RLIMIT_AS, (used + (64 << 20), -1))
for _ in range(3):
    try:
        scanner.scan(typescript, source, cg.WANT_TOKENS | cg.WANT_PRINTS, 0)
    except MemoryError:
        print("refused")
print(scanner.scan(typescript, b"a", 0, 0).file_lines)
"""


@pytest.mark.skipif(sys.platform != "linux" or SANITIZED, reason="needs an address-space limit")
def test_out_of_memory_is_an_exception_and_the_next_scan_works():
    done = subprocess.run(
        [sys.executable, "-c", OUT_OF_MEMORY], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout.split(), done.returncode) == (["refused"] * 3 + ["1"], 0), done.stderr


def test_threads_scan_at_once_with_the_same_results(native):
    sources = [generated(seed) for seed in range(200)]
    expected = [native.scan(TYPESCRIPT, source, ALL, 0) for source in sources]
    answers: dict[int, list] = {}

    def work(number: int) -> None:
        answers[number] = [native.scan(TYPESCRIPT, source, ALL, 0) for source in sources]

    threads = [
        threading.Thread(target=work, args=(number,)) for number in range(24)
    ]  # more than the kernel keeps ready
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(answers[number] == expected for number in range(24))


@pytest.mark.skipif(
    not hasattr(kernel, "fail_after"), reason="only a checked kernel runs out of memory on demand: make sanitize"
)
def test_memory_may_end_at_any_block(native):
    for source in (b"a(b);", generated(7), b"(" * 300, b"x<y<" * 40):
        expected, refused = native.scan(TYPESCRIPT, source, ALL, 0), 0
        for blocks in range(3_000):
            kernel.fail_after(blocks)
            try:
                got = native.scan(TYPESCRIPT, source, ALL, 0)
            except MemoryError:
                refused += 1
                continue
            finally:
                kernel.fail_after(-1)
            assert got == expected
            break
        assert refused > 20 and native.scan(TYPESCRIPT, source, ALL, 0) == expected


# ── What repeats itself ──────────────────────────────────────────────────────────────────────────────────────────────


def pattern(count: int) -> bytes:
    dice = random.Random(7)
    rows = [
        f'{{"name": "f{dice.randrange(99)}", "line": {dice.randrange(10 ** dice.randrange(1, 9))}}},\n'
        for _ in range(count)
    ]
    return "".join(rows).encode()


REPEATING = {
    "nothing": b"", "one byte": b"a", "shorter than a repeat": b"abcab", "one byte, often": b"a" * 100_000,
    "a number at the end": b'"line": 12, "line": 345', "numbers alone": b"1234567890" * 50, "zeros": bytes(9_999),
    "rows": pattern(2_000), "no pattern": random.Random(7).randbytes(20_000), "far back": pattern(9) + bytes(range(256)) * 400 + pattern(9),
}  # fmt: skip


@pytest.mark.parametrize("text", REPEATING.values(), ids=REPEATING)
def test_what_was_squeezed_comes_back(text):
    squeezed = kernel.squeezed(text)
    assert kernel.unsqueezed(squeezed, len(text)) == text
    assert len(squeezed) <= len(text) + 18
    for most in range(max(0, len(text) - 2), len(text)):
        with pytest.raises(ValueError):
            kernel.unsqueezed(squeezed, most)


def test_a_pattern_is_squeezed_to_its_numbers():
    text = pattern(2_000)
    assert len(kernel.squeezed(text)) * 2.5 < len(text)


# The size of the text, those of the steps, of what follows of them, of the fresh bytes and of what follows of those;
# steps: fresh and miss, longer ones, repeat - 6; the fresh bytes. Where something follows: 128 bytes of lengths, the codes.
ONE_CODE, TWO_CODES = bytes([0x10, *[0] * 127]), bytes([0x11, *[0] * 127])  # of the byte 1; of 0 and 1; one bit each
UNSQUEEZABLE = {
    "empty": b"", "no sizes": b"\x05", "a size without an end": b"\xff" * 12, "steps beyond the end": b"\x05\x05\0\x00\0ab",
    "fresh bytes that are not there": b"\x14\x02\0\x03\0\xe7\x00abc", "too few at the end": b"\x05\x00\0\x04\0abcd",
    "too many": b"\x05\x00\0\x06\0abcdef", "a byte behind all": b"\x05\x00\0\x05\0abcdef",
    "a repeat of what is not there yet": b"\x08\x02\0\x02\0\x28\x00ab", "a repeat before the beginning": b"\x08\x02\0\x02\0\x20\x00ab",
    "a repeat beyond the size": b"\x08\x02\0\x02\0\x22\x7fab", "a miss without its number": b"\x08\x01\0\x02\0\x2fab",
    "a miss too long to add": b"\x0b\x0b\0\x02\0\x2f" + b"\xff" * 8 + b"\x7f\x00ab",
    "more fresh than there can be": b"\x0b\x0b\0\x02\0\xf7" + b"\xff" * 8 + b"\x7f\x00ab", "4 GB": b"\xff\xff\xff\xff\x0f\x00\0\0\0",
    "no room for lengths": b"\x08\0\0\x08\x7f" + bytes(127), "lengths, and no codes": b"\x08\0\0\x08\x80\x01" + TWO_CODES,
    "too few codes": b"\x09\0\0\x09\x81\x01" + TWO_CODES + b"\0", "a byte of codes too many": b"\x08\0\0\x08\x82\x01" + TWO_CODES + b"\0\0",
    "a code that is none": b"\x08\0\0\x08\x81\x01" + ONE_CODE + b"\x01", "more codes than there are": b"\x08\0\0\x08\x81\x01" + b"\x11" * 128 + b"\0",
    "codes that are too long": b"\x08\0\0\x08\x81\x01" + b"\xff" * 128 + b"\0",
}  # fmt: skip


@pytest.mark.parametrize("data", UNSQUEEZABLE.values(), ids=UNSQUEEZABLE)
def test_what_nobody_squeezed_is_refused(data):
    with pytest.raises(ValueError):
        kernel.unsqueezed(data, 1 << 40)


def test_steps_and_codes_are_read_as_they_are_described():
    assert kernel.unsqueezed(b"\x0a\x02\0\x04\0\x25\x00abcd", 10) == b"abababab" + b"cd"
    assert kernel.unsqueezed(b"\x08\0\0\x08\x81\x01" + ONE_CODE + b"\0", 8) == b"\1" * 8
    assert kernel.unsqueezed(b"\x08\0\0\x08\x81\x01" + TWO_CODES + b"\x5a", 8) == bytes([0, 1, 0, 1, 1, 0, 1, 0])
    lengths = {97: 1, 98: 2, 99: 3, 100: 3}  # codes 0, 10, 110, 111
    table = bytes([lengths.get(byte, 0) | lengths.get(byte + 1, 0) << 4 for byte in range(0, 256, 2)])
    assert kernel.unsqueezed(b"\x04\0\0\x04\x82\x01" + table + bytes([0b01011011, 0b10000000]), 4) == b"abcd"


def fibonacci(count: int) -> bytes:
    """Bytes so unlike in number that the code of the least is one longer than there are others."""
    sizes = [1, 1]
    while len(sizes) < count:
        sizes.append(sizes[-1] + sizes[-2])
    text = bytearray(b"".join(bytes([byte]) * size for byte, size in enumerate(sizes)))
    random.Random(7).shuffle(text)
    return bytes(text)


@pytest.mark.parametrize("count", [2, 3, 12, 13, 14, 20])
def test_no_code_is_longer_than_can_be_read(count):
    text = fibonacci(count)
    squeezed = kernel.squeezed(text)
    assert kernel.unsqueezed(squeezed, len(text)) == text


# ── Plain values as bytes ────────────────────────────────────────────────────────────────────────────────────────────

PLAIN = [
    None, True, False, 0, 1, 127, 128, 191, 192, 255, 256, 1 << 32, (1 << 63) - 1, 1 << 63, (1 << 64) - 1, -1, -128, -129,
    -(1 << 63), "", "a", "x" * 31, "x" * 32, "é" * 15, "é" * 16, "𝒳" * 999, "\0", b"", b"\xff" * 300, (), ((),), (1, ("a", (None, ()))),
    0.0, -1.5, 1e300, float("inf"), 2**-1074,
]  # fmt: skip
LEAVES = strategies.one_of(
    strategies.none(),
    strategies.floats(allow_nan=False),
    strategies.booleans(),
    strategies.integers(-(1 << 63), (1 << 64) - 1),
    strategies.text(),
    strategies.binary(),
)
VALUES = strategies.recursive(LEAVES, lambda values: strategies.lists(values).map(tuple), max_leaves=60)


def unpacked(packing, data):
    try:
        return packing.unpacked(data)
    except ValueError:
        return "refused"


@hypothesis.given(VALUES)
def test_the_kernel_packs_as_python_does(value):
    for plain in (value, *PLAIN):
        packed = kernel.packed(plain)
        assert packed == cg.Packing.packed(plain)
        for back in (kernel.unpacked(packed), cg.Packing.unpacked(packed)):
            assert back == plain and repr(back) == repr(plain)


@hypothesis.given(VALUES, strategies.randoms(use_true_random=False))
def test_what_nobody_packed_is_refused_by_both(value, chance):
    packed = kernel.packed((value, *PLAIN[:6]))
    for size in range(len(packed)):
        assert unpacked(kernel, packed[:size]) == unpacked(cg.Packing, packed[:size]) == "refused"
    assert unpacked(kernel, packed + b"\0") == unpacked(cg.Packing, packed + b"\0") == "refused"
    damaged = bytearray(packed)
    for _ in range(chance.randrange(1, 4)):
        damaged[chance.randrange(len(damaged))] = chance.choice((196, 255, chance.randrange(256)))
    assert repr(unpacked(kernel, bytes(damaged))) == repr(unpacked(cg.Packing, bytes(damaged)))


@pytest.mark.parametrize("value", [1 << 64, -(1 << 63) - 1, 1.5j, {}, "\ud800", ..., [[]] * 2 + [1j]], ids=repr)
def test_what_is_not_plain_is_not_packed(value):
    errors = []
    for packing in (kernel, cg.Packing):
        with pytest.raises((TypeError, OverflowError, UnicodeEncodeError)) as error:
            packing.packed(value)
        errors.append(error.type)
    assert errors[0] is errors[1]


def test_rows_in_rows_have_an_end():
    deep = ()
    for _ in range(15):
        deep = (deep,)
    for packing in (kernel, cg.Packing):
        assert packing.unpacked(packing.packed(deep)) == deep
        for call, value in ((packing.packed, (deep,)), (packing.unpacked, b"\xc4\1" * 100_000 + b"\0")):
            with pytest.raises(ValueError):
                call(value)


def test_what_claims_to_be_large_takes_no_memory():
    for word in (b"\xc2", b"\xc3", b"\xc4"):
        for size in (b"\xff\xff\xff\xff\x0f", b"\xff" * 9 + b"\x01", b"\x7f"):
            assert unpacked(kernel, word + size + b"\0") == unpacked(cg.Packing, word + size + b"\0") == "refused"


# ── Columns and rows ─────────────────────────────────────────────────────────────────────────────────────────────────


class Line(cg.NamedTuple):
    name: str
    number: int
    is_so: bool
    other: int


LARGE = strategies.integers(-(1 << 70), 1 << 70)
LINES = strategies.lists(strategies.tuples(strategies.text(), LARGE, strategies.booleans(), LARGE))


def made(packing, columns, types="sibi", least=0):
    try:
        return packing.rows(Line, types, columns, least)
    except (ValueError, TypeError):
        return "refused"


@hypothesis.given(LINES, strategies.integers(-2, 2))
def test_columns_are_the_rows_that_they_were(lines, least):
    for packing in (kernel, cg.Packing):
        assert packing.columns(lines) == tuple(zip(*lines))
        found = made(packing, packing.columns(lines) or [()] * 4, least=least)
        is_less = any(number < least for _, *numbers, _, other in lines for number in (*numbers, other))
        assert found == ("refused" if is_less else lines)
        assert found == "refused" or set(map(type, found)) <= {Line}


NAMES, NUMBERS, TRUTHS = ("a", "b"), (1, 2), (True, False)


@pytest.mark.parametrize(
    "columns",
    [
        (), (NAMES, NUMBERS, TRUTHS), (NAMES, NUMBERS, TRUTHS, NUMBERS, NUMBERS), (NUMBERS, NUMBERS, TRUTHS, NUMBERS),
        (NAMES, NUMBERS, NUMBERS, NUMBERS), (NAMES, TRUTHS, TRUTHS, NUMBERS), (NAMES, NUMBERS, TRUTHS, NUMBERS * 2),
        (list(NAMES), NUMBERS, TRUTHS, NUMBERS), ("ab", NUMBERS, TRUTHS, NUMBERS), (NAMES, NUMBERS, TRUTHS, None),
        (NAMES, (1, 2.0), TRUTHS, NUMBERS), (NAMES, (1, None), TRUTHS, NUMBERS), 7, None, "sibi",
    ],
    ids=repr,
)  # fmt: skip
def test_columns_of_other_types_are_refused(columns):
    assert made(kernel, columns) == made(cg.Packing, columns) == "refused"


@pytest.mark.parametrize("rows", [[(1, 2), (1,)], [(1,), [1]], [7], 7], ids=repr)
def test_rows_of_unlike_sizes_have_no_columns(rows):
    with pytest.raises((ValueError, TypeError)):
        kernel.columns(rows)


@pytest.mark.parametrize("kind", [int, dict, "Line"], ids=repr)
def test_rows_are_tuples(kind):
    with pytest.raises(TypeError):
        kernel.rows(kind, "s", (NAMES,), 0)


# ── What a content goes by ───────────────────────────────────────────────────────────────────────────────────────────


def sip(key, data, *, rounds=(1, 3)):
    """SipHash of 128 bits, as its paper has it."""
    mask = (1 << 64) - 1
    low, high = (int.from_bytes(key[at : at + 8], sys.byteorder) for at in (0, 8))
    v = [
        low ^ 0x736F6D6570736575,
        high ^ 0x646F72616E646F6D ^ 0xEE,
        low ^ 0x6C7967656E657261,
        high ^ 0x7465646279746573,
    ]

    def mix(a, b, bits, half):
        v[a] = (v[a] + v[b]) & mask
        v[b] = ((v[b] << bits | v[b] >> 64 - bits) & mask) ^ v[a]
        if half:
            v[a] = (v[a] << 32 | v[a] >> 32) & mask

    def rounded(count):
        for _ in range(count):
            for step in ((0, 1, 13, True), (2, 3, 16, False), (2, 1, 17, True), (0, 3, 21, False)):
                mix(*step)

    def end(place, mark):
        v[place] ^= mark
        rounded(rounds[1])
        return (v[0] ^ v[1] ^ v[2] ^ v[3]).to_bytes(8, sys.byteorder)

    padded = data + bytes(7 - len(data) % 8) + bytes([len(data) & 255])
    for at in range(0, len(padded), 8):
        block = int.from_bytes(padded[at : at + 8], "little")
        v[3] ^= block
        rounded(rounds[0])
        v[0] ^= block
    return end(2, 0xEE) + end(1, 0xDD)


def test_a_digest_is_siphash():
    key, data = bytes(range(16)), random.Random(7).randbytes(100)
    published = ["a3817f04ba25a8e66df67214c7550293", "da87c1d86b99af44347659119b22fc45"]  # SipHash-2-4 of b"" and b"\0"
    assert [sip(key, bytes(size), rounds=(2, 4)).hex() for size in range(2)] == published
    for size in range(len(data)):
        assert kernel.digest(key + b"more", data[:size]) == sip(key, data[:size])
    with pytest.raises(ValueError):
        kernel.digest(key[:15], data)


# ── Wrong arguments ──────────────────────────────────────────────────────────────────────────────────────────────────


PARTS = ("classes", "roles", "label_fields", "body_fields", "token_codes")


def good_table() -> dict[str, bytes]:
    return dict(zip(PARTS, cg.NativeScanner().table(TYPESCRIPT).packed(), strict=True))


def with_role(role: int) -> bytes:
    return struct.pack("I", role) + good_table()["roles"][4:]


WRONG_TABLES = {
    "a class per symbol": {"classes": b"\0"},
    "a class without roles": {"classes": b"\xff" * len(kernel.symbols(0))},
    "roles for whole classes": {"roles": b"\0" * 4},
    "no roles": {"roles": b""},
    "an unknown bit": {"roles": with_role(1 << 30)},
    "a function without a kind": {"roles": with_role(cg.SCOPE)},
    "a function that may be dropped": {"roles": with_role(cg.SCOPE | cg.CONTEXT | 1)},
    "a root that is no function": {"roles": bytes(4 * len(kernel.symbols(0))), "classes": bytes(len(kernel.symbols(0)))},
    "an unknown field": {"label_fields": b"\xff" * 512},
    "too few fields": {"body_fields": b"\0" * 510},
    "codes by symbol": {"token_codes": b"\0"},
    "a code of ten bits": {"token_codes": b"\0\2" * len(kernel.symbols(0))},
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_TABLES.values(), ids=WRONG_TABLES)
def test_a_wrong_table_is_refused_and_the_old_one_stays(wrong):
    kernel.configure(14, 0, *good_table().values())
    before = kernel.scan(14, b"a && b", 1, 0)
    with pytest.raises(ValueError):
        kernel.configure(14, 0, *(good_table() | wrong).values())
    assert kernel.scan(14, b"a && b", 1, 0) == before


@pytest.mark.parametrize(("slot", "grammar"), [(-1, 0), (16, 0), (0, 2), (0, -1)])
def test_slots_and_grammars_have_bounds(slot, grammar):
    with pytest.raises(ValueError):
        kernel.configure(slot, grammar, *good_table().values())


@pytest.mark.parametrize(
    "arguments", [(13, b"", 0, 0), (-1, b"", 0, 0), (16, b"", 0, 0), (14, b"", 8, 0), (14, b"", 0, -1)]
)
def test_a_scan_refuses_what_it_does_not_know(arguments):
    kernel.configure(14, 0, *good_table().values())
    with pytest.raises(ValueError):
        kernel.scan(*arguments)


def test_what_it_says_of_itself():
    info = kernel.info()
    assert kernel.grammars() == ("typescript", "tsx") == tuple(info["grammars"])
    assert ("program", True) in kernel.symbols(1) and ("&&", False) in kernel.symbols(1)
    assert kernel.fields(0)[0] == "" and "body" in kernel.fields(0)


# ── One vocabulary ───────────────────────────────────────────────────────────────────────────────────────────────────

EFFECT_NAMES = frozenset(
    "TALLIED COUNTS COSTS NESTED OPENS JOINS JOINED CONTINUED CHAINED SPOILS FREES TRANSPARENT ARMED PASSES_ON SETS_MARK "
    "HOLDS_MARKS TAKES_MARK HAS_PARAMETER LEAVES REPORTED".split()
)
needs_constants = pytest.mark.skipif(not hasattr(kernel, "constants"), reason="this kernel is older than the check")


@needs_constants
def test_the_kernel_goes_by_the_numbers_of_the_program():
    """Each flag of a role, and each limit and width that both have."""
    ours = {name: value for name, value in vars(cg).items() if name in kernel.constants()}
    assert ours == kernel.constants()
    names = ours.keys() - EFFECT_NAMES
    flags = [ours[name] for name in names if ours[name] & (ours[name] - 1) == 0 and 1 << 8 <= ours[name] < 1 << 30]
    assert sorted(ours[name] for name in EFFECT_NAMES) == [1 << bit for bit in range(len(EFFECT_NAMES))]
    assert {1 << bit for bit in (*range(8, 16), *range(23, 30))} == set(flags)


@needs_constants
@pytest.mark.parametrize("name", ["SCOPE", "MOST_TYPE_TOKENS", "EVENT_WIDTH"])
def test_a_kernel_of_another_version_does_not_scan(monkeypatch, name):
    monkeypatch.setattr(cg, name, getattr(cg, name) * 2)
    with pytest.raises(ImportError, match="of another version"):
        cg.NativeScanner()
    assert cg.scanner_words().startswith("pure-Python scanner")


def test_a_kernel_that_lacks_a_call_is_as_good_as_none(monkeypatch):
    """Numbers alone do not tell one that was built before the cache asked for more."""
    old = {name: value for name, value in vars(kernel).items() if name != "graph"}
    monkeypatch.setitem(sys.modules, "complexity_guard_kernel", types.SimpleNamespace(**old))
    assert cg.kernel_module() is None
    assert cg.scanner_words().startswith("pure-Python scanner")
    text = b'{"name": 1},' * 50
    assert cg.unfolded(cg.folded(text)) == text


def test_the_numbers_of_slots_differ():
    assert len({cg.kernel_slot(dialect) for dialect in DIALECTS}) == len(DIALECTS)


@pytest.mark.parametrize("form", ["%.0f", "%.1f", "%.2f", "%.4f", "%.6f", "%.7f"])
def test_the_kernel_writes_real_numbers_as_python_does(form):
    """Rounded to the nearest, and halves to what is even."""
    dice = random.Random(form)
    for _ in range(2_000):
        values = real_numbers(dice)
        pattern = ", ".join([form] * len(values))
        assert kernel.filled(pattern, tuple(values)) == pattern % tuple(values)


FILLED = [
    ("%d, %d %d", (-(1 << 63), (1 << 64) - 1, 1 << 70)), ("%d", (True,)), ("%d", (1.5,)), ("%s", (None,)), ("%s", ("\ud800é",)),
    ('{"a%%": "%s"}', ("x" * 5_000,)), ("é%d", (7,)), ("%5d%-3s|", (1, "x")), ("plain", ()),
]  # fmt: skip


@pytest.mark.parametrize("pattern, values", FILLED)
def test_the_kernel_fills_patterns_as_python_does(pattern, values):
    assert kernel.filled(pattern, values) == pattern % values


@pytest.mark.parametrize(
    "pattern, values", [("%d", ()), ("%d", (1, 2)), ("%d", ("x",)), ("%", (1,)), ("%.", (1.0,)), ("%.4f", ("x",))]
)
def test_a_pattern_that_does_not_fit_its_values_is_refused_as_by_python(pattern, values):
    with pytest.raises((TypeError, ValueError)) as expected:
        pattern % values
    with pytest.raises(expected.type, match=f"^{re.escape(str(expected.value))}$"):
        kernel.filled(pattern, values)
