"""Versions: a version that is read beside another one is what it is when it is read alone."""

from __future__ import annotations

import random

import programs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import complexity_guard as cg

SETTINGS = cg.Settings(analysis=cg.DEFAULT_ANALYSIS)

CLASS = """\
export class Shop {
    private items = new Map<string, number>()
    price(name: string, count: number): number {
        if (count > 10) { return this.items.get(name)! * count * 0.9 } else if (count > 100) { return 0 }
        return [1, 2, 3].map((one) => { if (one > count) { return one } return count }).length
    }
    async *lines() { for (const [name, price] of this.items) { if (price) { yield `${name}: ${price} ${this.price(name, 2)}` } } }
    static { if (globalThis.x) { console.log("static block of a shop", globalThis.x, globalThis.y, globalThis.zzzz) } }
    get total() { let sum = 0; for (const price of this.items.values()) { sum += price ?? 0 } return sum || undefined }
}
const outer = function () {
    const inner = async (a, b = 3) => { if (a && b) { return await fetch(a) } return a ?? b ?? "something quite long" }
    return debounce(function named(x) { while (x) { x-- } return inner(x, outer) + "and so on, until it is long enough" })
}
"""
EDITS = [
    # what is edited, from, to, whether stubs serve
    ("nothing", "", "", True),
    ("a remark above", "export class", "// so\nexport class", True),
    ("one method", "count > 10)", "count > 11)", True),
    ("an import above", "export class", 'import { a } from "b"\nexport class', True),
    ("the name of the class", "class Shop", "class Store", True),
    ("the name of what is around", "const outer", "const around", True),
    ("a name of its own", "price(name: string", "cost(name: string", True),
    ("a callback", "one > count", "one < count", True),
    ("a comment opens and nothing closes it", "    get total", "    /* get total", False),
    ("a comment swallows a method", "    get total() {", "    /*\n    get total() {", False),
    ("a template swallows the rest", "const outer", "const t = `\nconst outer", False),
    ("a brace too many", "export class", "{ export class", False),
    ("a string around a function", "const outer = function", "const s = '", False),
    ("all of it twice", "export class Shop", CLASS + "export class Shop2", True),
]


def read(text: str, known: cg.Version | None = None) -> tuple[cg.Version, int]:
    reader = cg.VersionReader(SETTINGS)
    return reader.version("a.ts", text.encode("utf-8", "surrogateescape"), known), reader.bytes_read


@pytest.mark.parametrize(("what", "old", "new", "serves"), EDITS, ids=[row[0] for row in EDITS])
def test_an_edited_text_is_what_it_is_alone(what, old, new, serves):
    edited = CLASS.replace(old, new, 1) if old else CLASS
    alone, whole = read(edited)
    beside, less = read(edited, read(CLASS)[0])
    assert beside == alone
    assert len(alone.units) > 5 or not serves
    assert (less < whole) is serves  # else nothing was saved, and the test would show nothing


def test_a_unit_is_what_is_measured():
    """Names, numbers and bodies are those of a report, and places those of the functions in the text."""
    scanner = cg.make_scanner()
    options = cg.measure_options(cg.DEFAULT_ANALYSIS)._replace(bodies=True)
    measured, _ = cg.measure("a.ts", CLASS.encode(), options, scanner, cg.Bounds())
    version, _ = read(CLASS.replace("count > 10)", "count > 11)"))
    version, _ = read(CLASS, version)
    found = [(unit.name, unit.cyclomatic, unit.cognitive, unit.body) for unit in version.units]
    functions = [(f.qualified_name, f.cyclomatic, f.cognitive) for f in measured.units]
    assert found[1:] == [(*row, body) for row, body in zip(functions, measured.bodies[1:], strict=True)][1:]
    texts = {unit.name: CLASS.encode()[unit.start : unit.end].decode() for unit in version.units}
    assert texts["Shop.price>map callback"] == "(one) => { if (one > count) { return one } return count }"
    assert texts["Shop.lines"].startswith("async *lines() {") and texts["Shop.lines"].endswith("} } }")


@given(st.integers(0, 2**32))
def test_programs_made_by_chance(seed):
    """Two programs that share most of their text, whatever stands in them."""
    chance = random.Random(seed)
    parts = [
        programs.generated(chance.randrange(2**32)).decode("utf-8", "surrogateescape")
        for _ in range(chance.randint(2, 6))
    ]
    before = "\n".join([*parts, CLASS])
    parts[chance.randrange(len(parts))] = programs.generated(chance.randrange(2**32)).decode("utf-8", "surrogateescape")
    if chance.random() < 0.3:
        parts.insert(chance.randrange(len(parts)), chance.choice(programs.SNIPPETS))
    after = "\n".join([*parts, CLASS.replace("count > 10)", chance.choice(["count > 10)", "count)"]))])
    assert read(after, read(before)[0])[0] == read(after)[0]


def test_what_cannot_be_measured_says_why():
    version, _ = read("ab\0" * 5000 + "\udcff")
    assert version.words and not version.units
    reader = cg.VersionReader(SETTINGS)
    assert reader.version("a.ts", b"x" * (cg.MOST_VERSION + 1)).words == "too large"
    assert reader.version("a.ts", CLASS.encode(), version) == read(CLASS)[0]
