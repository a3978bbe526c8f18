"""A record is what was measured of a file, as bytes: it comes back equal, and damage never passes for measures."""

import binascii
import json
import random
import struct
import sys
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies
from programs import generated

import complexity_guard as cg

CORPUS = sorted(
    path for path in (Path(__file__).parent / "corpus").rglob("*.*") if cg.grammar_of(path.name) is not None
)
RICH = """
import ä, { type b as c } from './größe'; export * as d from "e"; let t: import('f').G = require('h')
// complexity-guard-ignore-file params_count, nonsense -- a sample
export class Größe<T> {
  @logged("é") @traced
  // complexity-guard-ignore-next-line
  "ver kaufen"(a: T, { b = 1 }, ...c) { if (a && b || c) { for (const x of c) { d(x) } } else if (c) { return () => d ?? (() => c) } }
  x = a ? 1 : 2
}
export const 𝒳 = (items) => items.map((x) => x.price ?? 0) ; "𝒳𝒳" || f(function () { while (1) {} })
(((
""".encode()
SCANNER = []


def measured(source: bytes, name: str = "a.tsx", wanted: cg.MeasureOptions | None = None) -> cg.MeasuredFile:
    SCANNER[:] = SCANNER or [cg.make_scanner()]
    everything = cg.measure_options(cg.DEFAULT_ANALYSIS)._replace(wrappers=True, tokens=True, bodies=True, imports=True)
    return cg.measure(name, source, wanted or everything, SCANNER[0], cg.Bounds())[0]


def plain(file: cg.MeasuredFile) -> cg.MeasuredFile:
    """The same with all points located, so that it can be compared."""
    return file._replace(points=[file.points.of(unit) for unit in range(len(file.units))])


def assert_comes_back(file: cg.MeasuredFile) -> None:
    record = cg.record_of(file)
    back = cg.measured_of(record)
    assert plain(back) == plain(file)
    assert cg.record_of(back) == record
    judge = cg.Judge(cg.DEFAULT_ANALYSIS._replace(module_code=True), "all")
    assert judge.file("a.tsx", back) == judge.file("a.tsx", file)


@pytest.mark.parametrize("wrappers", [False, True])
def test_the_corpus_comes_back_equal(wrappers):
    for path in CORPUS:
        for analysis in (
            cg.DEFAULT_ANALYSIS,
            cg.DEFAULT_ANALYSIS._replace(cognitive_variant="whitepaper", cyclomatic_variant="modified"),
        ):
            wanted = cg.measure_options(analysis)._replace(wrappers=wrappers, tokens=wrappers, bodies=wrappers)
            assert_comes_back(measured(path.read_bytes(), path.name, wanted))


@pytest.mark.parametrize("start", range(0, 400, 100))
def test_generated_programs_come_back_equal(start):
    for seed in range(start, start + 100):
        assert_comes_back(measured(generated(seed)))


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(RICH, id="a little of everything"),
        pytest.param(b"\n" * 70_000 + b"a && b; function f() { return a || b }", id="lines of more than two bytes"),
        pytest.param(b'"' + b" " * 70_000 + b'"; function f() { return a || b }', id="columns of more than two bytes"),
        pytest.param(b"function f() {" * 300 + b"}" * 300, id="functions in functions: longer prefixes than are kept"),
        pytest.param(b"if (a) {" * 70_000 + b"}" * 70_000, id="nesting of more than two bytes"),
        pytest.param("/* 𝒳 */ é ?? b\u2028 && ü; ((ß) => ß)()".encode(), id="characters of two, three and four bytes"),
    ],
)
def test_what_is_seldom_comes_back_equal(source):
    assert_comes_back(measured(source))


def test_points_are_where_the_rules_saw_them():
    """Where the column of an increment is counted from its line alone, in all of a file and far into a long line."""
    source = (RICH.decode() + "// é" + "é" * 5000 + "\n" + "f('é" + "ü" * 6000 + "', a && b, 𝒳 ? 1 : 2)").encode()
    text = cg.SourceText(source, cg.make_scanner().scan(cg.Dialect(0, False), source, 0, 0).line_starts)
    for offset in range(0, len(source), 7):
        line, column = text.position(offset)
        start = sum(map(len, source.splitlines(keepends=True)[: line - 1]))
        assert (
            column == len(source[start:offset].decode(errors="ignore").encode("utf-16-le")) // 2
            or source[offset] & 0xC0 == 0x80
        )


def damaged(record: bytes) -> cg.MeasuredFile | None:
    """What a record says that may be damaged; None where it is refused as it should be."""
    try:
        return cg.measured_of(record)
    except cg.BadRecord:
        return None


def test_every_truncation_and_every_longer_record_is_refused():
    record = cg.record_of(measured(RICH))
    assert [size for size in range(len(record)) if damaged(record[:size])] == []
    assert damaged(record + b"\0") is None


def test_mutations_are_refused_or_change_nothing():
    file, chance = plain(measured(RICH)), random.Random(7)
    record = cg.record_of(measured(RICH))
    for _ in range(5000):
        changed = bytearray(record)
        for _ in range(chance.randrange(1, 5)):
            changed[chance.randrange(len(changed))] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))
        found = damaged(bytes(changed))
        assert found is None or plain(found) == file


def resealed(record: bytes) -> bytes:
    """The record as somebody sends it who knows how to make checksums."""
    return record[:5] + struct.pack("<I", binascii.crc32(record[9:])) + record[9:]


def assert_harmless(record: bytes) -> None:
    """A forged record is refused, or is a file that can be judged."""
    file = damaged(record)
    if file is not None:
        plain(file)
        cg.Judge(cg.DEFAULT_ANALYSIS._replace(module_code=True, syntax_errors="error"), "all").file("a.ts", file)
        assert sum(len(function.qualified_name) for function in file.units) <= (len(record) + 1000) * len(file.units)


@pytest.mark.parametrize("source", [b"", b"a && b", RICH])
def test_forged_records_do_no_harm(source):
    record, chance = cg.record_of(measured(source)), random.Random(len(source))
    for _ in range(4000):
        changed = bytearray(record)
        for _ in range(chance.randrange(1, 4)):
            changed[chance.randrange(9, len(changed))] = chance.choice(
                (0, 1, 2, 127, 192, 196, 255, chance.randrange(256))
            )
        if not chance.randrange(8):
            del changed[chance.randrange(9, len(changed)) :]
        assert_harmless(resealed(bytes(changed)))


@hypothesis.given(strategies.binary(max_size=300))
def test_arbitrary_bytes_do_no_harm(data):
    assert damaged(data) is None
    assert_harmless(resealed(cg.RECORD_MAGIC + bytes(4) + data))


CONTENTS = [
    b"[" * 100_000, b"{}", b"[]", b"[1,2,3]", b"\xff", b"", b"null", b'"ab"', b"[1,2,3,4,5,6,7,8,9,10]", b"{" * 10 + b"}" * 10,
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(cg.RECORD_PARTS)))
@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: content[:20].decode(errors="replace"))
def test_what_is_no_part_is_refused(content, number, monkeypatch):
    """Each part of a record in turn: nothing is a part that says that there is nothing."""
    parts = list(cg.RECORD_PARTS)
    parts[number] = parts[number]._replace(write=lambda file: content)
    monkeypatch.setattr(cg, "RECORD_PARTS", tuple(parts))
    may_be_nothing = parts[number].read in (cg.read_points, cg.read_bodies, cg.read_tokens, cg.read_imports)
    found = damaged(cg.record_of(measured(b"a && b")))
    assert found is None or (content == b"" and may_be_nothing)


FILE = measured(b"a && b && c; f()")
NINES = int("9" * 18)


def unit(**changes):
    return {"module": FILE.module._replace(**changes)}


def points(*lists):
    return {"points": cg.RecordedPoints([lists])}


POINT = FILE.points.of(0)[0][0]
CHANGES = [
    {"suppressions": [[1, 0, 0, b"x", "", ""]]}, {"suppressions": [[1, 0, 0, None, "", ""]]},
    {"suppressions": [[True, 0, 0, 0, "", ""]]}, {"suppressions": [[1, 0, 0, [], "", ""]]}, {"suppressions": None},
    {"suppressions": [[1, 0, 0, 0, "", 7]]}, {"suppressions": [[1, 2, 3, 4, "x"]]}, {"suppressions": 7},
    {"suppressions": [[1, 0, -2, 0, "", ""]]}, {"suppressions": [[1, 0, 0, -2, "", ""]]}, {"suppressions": ["abcdef"]},
    {"syntax_errors": [[1, 2, 3, 4, 5]]}, {"syntax_errors": [[4294967296, -1, 1, 2, "x"]]},
    {"syntax_errors": [["9", 0, 1, 2, "x"]]}, {"file_length": -1}, {"file_length": "1"}, {"export_count": None},
    {"generated": 7}, {"bodies": (1,)}, {"bodies": (1, 2, 3)}, unit(cyclomatic=0), unit(cyclomatic=2), unit(cyclomatic=9),
    unit(is_wrapper=2), unit(n1=-1), unit(outer=1), unit(outer=NINES), points(), points(()),
    points((), ()), points((), (), ()), points((POINT, POINT._replace(line=-1)), ()),
]  # fmt: skip


@pytest.mark.parametrize("changes", CHANGES, ids=lambda value: str(value)[:60])
def test_what_contradicts_itself_is_refused(changes):
    assert damaged(cg.record_of(FILE._replace(**changes))) is None


@pytest.mark.parametrize("place", range(5))
def test_numbers_for_words_that_are_none_are_refused(place, monkeypatch):
    """Kinds of functions and reasons of increments are numbers: one behind the last word, and one before the first."""
    for words in ("KIND_PLACES", "REASON_PLACES"):
        wrong = dict.fromkeys(getattr(cg, words), (99, -1, 1 << 40, -(1 << 40), 127)[place])
        monkeypatch.setattr(cg, words, wrong)
        assert damaged(cg.record_of(FILE)) is None


def test_a_record_without_increments_says_so():
    """It serves whoever does not ask for them, and takes a tenth of the time."""
    file = measured(RICH)
    back = cg.measured_of(cg.record_of(file, with_points=False))
    assert back._replace(points=None) == file._replace(points=None)
    with pytest.raises(cg.Unlocated):
        back.points.of(0)
    assert cg.record_of(back) == cg.record_of(file, with_points=False)


def test_records_are_the_same_without_a_kernel(monkeypatch):
    file = measured(RICH)
    record = cg.record_of(file)
    monkeypatch.setattr(cg, "packing", cg.Packing)
    assert cg.record_of(file) == record
    assert plain(cg.measured_of(record)) == plain(file)


def test_names_may_hold_any_letter():
    for name in ("\0", "\0\0", "a\nb", "𝒳", "", "é" * 1000):
        for qualified in (name, f"x.{name}", f"\0{name}", f"{name}x", "", "\0"):
            assert_comes_back(FILE._replace(module=FILE.module._replace(name=name, qualified_name=qualified)))


def test_numbers_take_as_many_bytes_as_they_need():
    for value in (0, 2**16 - 1, 2**16, 2**31 - 1, 2**31, 2**62):
        assert_comes_back(FILE._replace(module=FILE.module._replace(cognitive=value)))


def test_tokens_whose_lines_run_backwards_are_refused():
    file = measured(b"a && b\nc")
    for lines in ((0, 9), (2, 1), (-1, 0)):
        assert (
            damaged(cg.record_of(file._replace(tokens=file.tokens._replace(lines=struct.pack("2i", *lines))))) is None
        )


def test_records_of_machines_with_another_order_of_bytes_are_refused():
    record = cg.record_of(measured(RICH))
    assert record[4:5] == sys.byteorder[:1].encode()
    assert damaged(record[:4] + b"bl"[record[4:5] == b"b" :][:1] + record[5:]) is None


def test_who_changes_the_fields_of_records_changes_their_magic():
    """A record has its values in the order of these fields: one that was written before must not be read with others."""
    of_parts = (cg.Point, cg.SuppressionComment, cg.SyntaxProblem, cg.TokenColumns, cg.Import, cg.Imports)
    values = (cg.MeasuredFile, cg.MeasuredFunction, *of_parts)
    fields = json.dumps([value._fields for value in values])
    assert (cg.RECORD_MAGIC[:4], binascii.crc32(fields.encode())) == (b"CGM\x0e", 3157647900)
