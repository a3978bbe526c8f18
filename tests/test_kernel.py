"""The native kernel against its definition, the pure-Python scanner: equal arrays, on every input.

Both read the kernel's grammars here (upstream's own differ from our patched ones). `CG_LONG=1` runs the long versions.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import complexity_guard as cg

ROOT = Path(__file__).resolve().parent.parent
kernel = pytest.importorskip("complexity_guard_kernel", reason="the kernel is not built (build/native/build.py)")
LONG = os.environ.get("CG_LONG") == "1"
SANITIZED = kernel.info()["allocator"] == "checked"
WIDTHS = {"events": cg.EVENT_WIDTH, "functions": cg.FUNCTION_WIDTH, "comments": 3, "errors": 6}
TYPES = {"codes": "B", "prints": "Q"}  # the others are int32
ALL = cg.WANT_TOKENS | cg.WANT_PRINTS
TYPESCRIPT, TSX, WHITEPAPER = 0, 1, 2


@pytest.fixture(scope="module")
def native():
    return cg.NativeScanner()


@pytest.fixture(scope="module")
def python():
    pytest.importorskip("tree_sitter")
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


def assert_equal(native, python, source: bytes, slot: int) -> None:
    got, expected = native.scan(slot, source, ALL, 0), python.scan(slot, source, ALL, 0)
    if got != expected:
        assert rows(got) == rows(expected), source


# ── Sources ──────────────────────────────────────────────────────────────────────────────────────────────────────────

# A grammar for small programs: <name> stands for one of that name's alternatives. The first of each ends the recursion.
GRAMMAR = {
    "program": ["<statement>", "<statement>\n<program>", "<statement> // é<name>\n<program>", "/* <name>\r\n */ <program>",
                "#!/bin/x\n<statement>", "\ufeff<statement>", "<!-- html\n<program>"],
    "statement": [
        "<name>;", "let <binding> = <value>;", "if (<value>) <statement> else <statement>", "if (<value>) { <statement> }",
        "for (let i = 0; i < <value>; i++) { <statement> }", "for (const <binding> of <value>) <statement>",
        "a: while (<value>) { if (<value>) break a; continue; }", "do { <statement> } while (<value>)",
        "switch (<value>) { case <value>: <statement> default: <statement> }", "<name> &&= <value>\n",
        "try { <statement> } catch (e) { <statement> } finally { <statement> }", "throw <value>;", "return <value>\n",
        "<export>function <name><generic>(<parameters>)<annotation> { <statement> }", "<export>async function* <name>() {}",
        "<export>class <name> extends <value> { <member> <member> }", "import { a, <name> as b } from 'm';",
        "type <name><generic> = <type>;", "interface I<generic> { <name>?: <type>; m(): <type> }", "export { <name> };",
        "declare module 'm' { <statement> }", "enum E { A = 1, B }", "namespace N { <statement> }", "{ <statement> <statement> }",
        "export default <value>;", "<name>", "x = <value> // <name>\u2028", "with (a) <statement>", "@<name> class <name> { }",
    ],
    "value": [
        "a", "<name>", "1", "'x'", '"\\u00e9\U0001f600"', "/r[/]/g", "`t${<value>}é${<value>}`", "<value> && <value>",
        "<value> || <value> && <value>", "<value> ?? <value>", "(<value>)", "<value> ? <value> : <value>", "<value> + <value>",
        "<value> < <value>", "!<value>", "typeof <value>", "a.b?.c[<value>]", "f(<value>, <value>)", "new C(<value>)",
        "(<parameters>)<annotation> => <value>", "<name> => { <statement> }", "async (<parameters>) => await <value>",
        "function <name>(<parameters>) { <statement> }", "{ <name>: <value>, m(<parameters>) { <statement> }, get g() { return 1 } }",
        "[<value>, , ...<value>]", "<name> = <value>", "<name> += <value>", "class { <member> }", "<value> as <type>", "<value>!",
        "<value> satisfies <type>", "({ a = <value>, ...r } = <value>)", "(<value>, <value>)", "<jsx>", "f(function () { <statement> })",
        "/* c */ <value> /* d */", "<value> instanceof <name>", "<value>\n  .map(x => <value>) // e\n  .b()", "a<string>(<value>)",
    ],
    "member": [
        "<name>;", "<name> = <value>;", "static #p: <type> = <value>;", "constructor(private a = <value>) { <statement> }",
        "@dec(<value>) <name>(<parameters>) { <statement> }", "static { <statement> }", "get <name>() { return <value> }",
        "abstract m(): <type>;", "declare x: <type>;", "async *[<value>]() { }", "readonly f = (<parameters>) => <value>;",
    ],
    "parameters": ["", "a", "<binding> = <value>", "a?: <type>, <binding> = <value>", "this: <type>, ...rest: <type>", "{ a, b = <value> }: T"],
    "binding": ["v", "{ a, b: c = <value> }", "[a = <value>, ...b]", "{ [<value>]: x }"],
    "annotation": ["", ": <type>", ": a is <type>"],
    "generic": ["", "<T extends <type> = <type>>"],
    "type": ["T", "string", "{ a?: <type>; (x: <type>): <type> }", "<type> | <type>", "<type>[]", "A<<type>>", "typeof a.b",
             "<type> extends <type> ? <type> : <type>", "(a?: <type>) => <type>", "`x${<type>}`", "[a: <type>, ...b: <type>]"],
    "jsx": ["<a/>", "<a b={<value>} c='d' {...e}>t &amp; é {<value>}<b/></a>", "<>{<value> && <jsx>}</>"],
    "export": ["", "export ", "export default "],
    "name": ["n", "x", "foo", "ñ", "𝒳", "of", "async", "type"],
}  # fmt: skip
SNIPPETS = ["(", ")", "{", "}", "`", "'", "/*", "*/", "//", "\n", "\r", "\u2028", "\u2029", "\u00a0", "\u3000", "<", "=>", "&&", "\0", "😀", "${"]


def expand(dice: random.Random, name: str, depth: int) -> str:
    template = dice.choice(GRAMMAR[name]) if depth > 0 else GRAMMAR[name][0]
    parts = []
    for piece in template.split("<"):
        head, found, tail = piece.partition(">")
        known = found and parts and head in GRAMMAR
        parts.append(expand(dice, head, depth - 1) + tail if known else ("<" if parts else "") + piece)
    return "".join(parts)


def generated(seed: int) -> bytes:
    """A program, in every other case with something broken in it."""
    dice = random.Random(seed)
    text = "\n".join(expand(dice, "program", dice.randint(1, 7)) for _ in range(dice.randint(1, 4)))
    for _ in range(dice.choice((0, 0, 1, 3))):
        at, length = dice.randrange(len(text) + 1), dice.choice((0, 0, 1, 5))
        text = text[:at] + dice.choice(SNIPPETS) + text[at + length :]
    return text.encode()


# ── Equality ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_generator_reaches_what_it_should(native):
    """An equality test is only as good as its inputs: they hold every kind of event, errors, comments and all."""
    scans = [native.scan(seed & 3, generated(seed), ALL, 0) for seed in range(2000)]
    kinds = {row[0] for scan in scans for row in rows(scan)["events"]}
    wanted = {role & 0xFF for table in (cg.NODE_ROLES, cg.TOKENS_ANYWHERE) for role in table.values()} - {0, cg.SOME}
    assert wanted <= kinds
    broken = sum(bool(scan.errors) for scan in scans)
    assert 0.2 * len(scans) < broken < 0.8 * len(scans)
    assert any(row[4] for scan in scans for row in rows(scan)["errors"]), "no MISSING node anywhere"


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "corpus").rglob("*.ts*")), ids=lambda path: path.stem)
def test_equal_on_the_corpus(native, python, path):
    for slot in range(4):
        assert_equal(native, python, path.read_bytes(), slot)


@pytest.mark.parametrize("start", range(0, 10_000, 250))
def test_equal_on_generated_programs(native, python, start):
    for seed in range(start, start + 250):
        assert_equal(native, python, generated(seed), seed & 3)


def test_equal_on_arbitrary_bytes(native, python):
    hypothesis = pytest.importorskip("hypothesis")
    strategies = hypothesis.strategies
    texts = strategies.lists(strategies.sampled_from([*SNIPPETS, *" abc;,=1?:.", "if", "\ufeff"])).map("".join).map(str.encode)

    @hypothesis.settings(max_examples=20_000 if LONG else 1_000, deadline=None, database=None)
    @hypothesis.given(strategies.binary() | texts, strategies.integers(0, 3))
    def check(source, slot):
        assert_equal(native, python, source, slot)

    check()


# ── Role tables of every shape ───────────────────────────────────────────────────────────────────────────────────────


def random_table(dice: random.Random, grammar: int) -> cg.RoleTable:
    """A valid table that gives any node any role: bits that the program's own table never combines."""
    symbols, fields = kernel.symbols(grammar), kernel.fields(grammar)
    classes = dice.randint(1, 4)
    flags = [cg.CONTEXT, cg.PROVISIONAL, cg.REFINES, cg.OPERATOR, cg.OPERAND, cg.TYPE, cg.LEAF, cg.NEEDS_CONTEXT, cg.NODUP, cg.COUNT, cg.AROUND]
    roles = []
    for _ in range(classes):
        for name, named in symbols:
            role = dice.choice((0, dice.randint(1, 9))) | dice.randrange(128) << cg.OPERATOR_ID_SHIFT
            for flag in flags:
                role |= flag if dice.random() < (0.03 if flag in (cg.TYPE, cg.LEAF) else 0.15) else 0
            if role & 0xFF and not role & (cg.CONTEXT | cg.PROVISIONAL | cg.REFINES | cg.TYPE) and dice.random() < 0.3:
                role |= cg.SCOPE
            roles.append(cg.COMMENT | cg.LEAF if name == "comment" else 9 | cg.SCOPE if (name, named) == ("program", True) else role)
    by_kind = [[dice.choice((0, dice.randrange(len(fields)))) for _ in range(256)] for _ in range(2)]
    by_kind[0] = [field | cg.LABEL_NAMES * (dice.random() < 0.5) for field in by_kind[0]]
    parent_class = bytes(dice.randrange(classes) for _ in symbols)
    duplication = struct.pack(f"{len(symbols)}H", *(dice.randrange(3) | cg.UNTOLD * (dice.random() < 0.2) for _ in symbols))
    return cg.RoleTable(parent_class, struct.pack(f"{len(roles)}I", *roles), *(struct.pack("256H", *row) for row in by_kind), duplication)


def test_equal_under_random_role_tables(python, native):
    scanner = cg.PythonScanner()
    for seed in range(400 if LONG else 40):
        grammar = seed & 1
        table = random_table(random.Random(seed), grammar)
        kernel.configure(15, grammar, *table)
        scanner._tables[grammar] = scanner._unpacked(table, kernel.symbols(grammar))
        for program in range(seed * 20, seed * 20 + 20):
            source = generated(program)
            got = cg.Scan(*kernel.scan(15, source, ALL, 0))
            expected = scanner.scan(grammar, source, ALL, 0)
            assert got == expected or rows(got) == rows(expected), (seed, source)


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


@pytest.mark.parametrize("source", [b"(" + b"\n" * 40 + b"]", b"[" + b"\n" * 40 + b")", b"let a = (b && " + b"-->" * 800 + b"\n" * 40 + b"]"])
def test_recovery_from_what_no_token_mends_comes_to_an_end(native, source):
    """As published, tree-sitter goes on inserting missing tokens here: for ever, or for minutes."""
    for grammar in (0, 1):
        assert native.scan(grammar, source, 0, 10_000).errors


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
scanner.scan(0, b"a", 0, 0)
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
source = b"a(b);" * 1_000_000
resource.setrlimit(resource.RLIMIT_AS, (used + (64 << 20), -1))
for _ in range(3):
    try:
        scanner.scan(0, source, cg.WANT_TOKENS | cg.WANT_PRINTS, 0)
    except MemoryError:
        print("refused")
print(scanner.scan(0, b"a", 0, 0).file_lines)
"""


@pytest.mark.skipif(sys.platform != "linux" or SANITIZED, reason="needs an address-space limit")
def test_out_of_memory_is_an_exception_and_the_next_scan_works():
    done = subprocess.run([sys.executable, "-c", OUT_OF_MEMORY], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout.split(), done.returncode) == (["refused"] * 3 + ["1"], 0), done.stderr


def test_threads_scan_at_once_with_the_same_results(native):
    sources = [generated(seed) for seed in range(200)]
    expected = [native.scan(TYPESCRIPT, source, ALL, 0) for source in sources]
    answers: dict[int, list] = {}

    def work(number: int) -> None:
        answers[number] = [native.scan(TYPESCRIPT, source, ALL, 0) for source in sources]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(24)]  # more than the kernel keeps ready
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(answers[number] == expected for number in range(24))


@pytest.mark.skipif(not hasattr(kernel, "fail_after"), reason="only a checked kernel runs out of memory on demand: make sanitize")
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


# ── Wrong arguments ──────────────────────────────────────────────────────────────────────────────────────────────────


def good_table() -> cg.RoleTable:
    return cg.role_table(kernel.symbols(0), kernel.fields(0), keep_calls=False)


def with_role(role: int) -> bytes:
    return struct.pack("I", role) + good_table().roles[4:]


WRONG_TABLES = {
    "a class per symbol": {"parent_class": b"\0"},
    "a class without roles": {"parent_class": b"\xff" * len(kernel.symbols(0))},
    "roles for whole classes": {"roles": b"\0" * 4},
    "no roles": {"roles": b""},
    "an unknown bit": {"roles": with_role(1 << 28)},
    "a function without a kind": {"roles": with_role(cg.SCOPE)},
    "a function that may be dropped": {"roles": with_role(cg.SCOPE | cg.CONTEXT | 1)},
    "a root that is no function": {"roles": bytes(4 * len(kernel.symbols(0))), "parent_class": bytes(len(kernel.symbols(0)))},
    "an unknown field": {"label_fields": b"\xff" * 512},
    "too few fields": {"body_fields": b"\0" * 510},
    "duplication by symbol": {"duplication": b"\0"},
    "a code of ten bits": {"duplication": b"\0\2" * len(kernel.symbols(0))},
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_TABLES.values(), ids=WRONG_TABLES)
def test_a_wrong_table_is_refused_and_the_old_one_stays(wrong):
    kernel.configure(14, 0, *good_table())
    before = kernel.scan(14, b"a && b", 1, 0)
    with pytest.raises(ValueError):
        kernel.configure(14, 0, *good_table()._replace(**wrong))
    assert kernel.scan(14, b"a && b", 1, 0) == before


@pytest.mark.parametrize(("slot", "grammar"), [(-1, 0), (16, 0), (0, 2), (0, -1)])
def test_slots_and_grammars_have_bounds(slot, grammar):
    with pytest.raises(ValueError):
        kernel.configure(slot, grammar, *good_table())


@pytest.mark.parametrize("arguments", [(13, b"", 0, 0), (-1, b"", 0, 0), (16, b"", 0, 0), (14, b"", 4, 0), (14, b"", 0, -1)])
def test_a_scan_refuses_what_it_does_not_know(arguments):
    kernel.configure(14, 0, *good_table())
    with pytest.raises(ValueError):
        kernel.scan(*arguments)


def test_what_it_says_of_itself():
    info = kernel.info()
    assert kernel.grammars() == ("typescript", "tsx") == tuple(info["grammars"])
    assert ("program", True) in kernel.symbols(1) and ("&&", False) in kernel.symbols(1)
    assert kernel.fields(0)[0] == "" and "body" in kernel.fields(0)
