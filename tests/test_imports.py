"""What a file says of others: each form of import, which names are used as values, and what a barrel is."""

from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import complexity_guard as cg

# A line of source -> what is read of it: specifier, kind, what it is for, clause; in the order of the language's manual.
FORMS = {
    'import "a";': ("a", "import", cg.VALUE, ""),
    'import d from "a"; d()': ("a", "import", cg.VALUE, "d"),
    "import d from 'a'; new d": ("a", "import", cg.VALUE, "d"),
    'import {} from "a"': ("a", "import", cg.ELIDED, "{}"),
    'import { b } from "a"; b': ("a", "import", cg.VALUE, "{ b }"),
    'import { b as c } from "a"; b': ("a", "import", cg.ELIDED, "{ b as c }"),
    'import { b as c } from "a"; c': ("a", "import", cg.VALUE, "{ b as c }"),
    'import { "b-c" as d } from "a"; d': ("a", "import", cg.VALUE, '{ "b-c" as d }'),
    'import { type b } from "a"; b': ("a", "import", cg.TYPE_ONLY, "{ type b }"),
    'import { type b, c } from "a"; c': ("a", "import", cg.VALUE, "{ type b, c }"),
    'import { type b, c } from "a"; b': ("a", "import", cg.ELIDED, "{ type b, c }"),
    'import { type } from "a"; type': ("a", "import", cg.VALUE, "{ type }"),
    'import { type as as } from "a"; as': ("a", "import", cg.VALUE, "{ type as as }"),
    'import { type as as as } from "a"; as': ("a", "import", cg.TYPE_ONLY, "{ type as as as }"),
    'import * as b from "a"; b.c': ("a", "import", cg.VALUE, "* as b"),
    'import * as b from "a"; let c: b.d': ("a", "import", cg.ELIDED, "* as b"),
    'import d, { b } from "a"; let c: d = b': ("a", "import", cg.VALUE, "d, { b }"),
    'import d, * as b from "a"; d': ("a", "import", cg.VALUE, "d, * as b"),
    'import type d from "a"': ("a", "import", cg.TYPE_ONLY, "d"),
    'import type { b } from "a"; b': ("a", "import", cg.TYPE_ONLY, "{ b }"),
    'import type * as b from "a"': ("a", "import", cg.TYPE_ONLY, "* as b"),
    'import type from "a"; type': ("a", "import", cg.VALUE, "type"),
    'import type from from "a"': ("a", "import", cg.TYPE_ONLY, "from"),
    'import from from "a"; from': ("a", "import", cg.VALUE, "from"),
    'import b from "a" with { type: "json" }; b': ("a", "import", cg.VALUE, "b"),
    'import /* "x" */ b /* from "y" */ from // z\n"a"; b': ("a", "import", cg.VALUE, "b"),
    'import {\n  b, // it\'s\n  c,\n} from "a"; c': ("a", "import", cg.VALUE, "{ b, c, }"),
    'import b = require("a"); b': ("a", "import=", cg.VALUE, "b"),
    'import b = require("a"); let c: b.d': ("a", "import=", cg.ELIDED, "b"),
    'import type b = require("a")': ("a", "import=", cg.TYPE_ONLY, "b"),
    'import type = require("a"); type': ("a", "import=", cg.VALUE, "type"),
    'export import b = require("a")': ("a", "import=", cg.VALUE, "b"),
    'export /* c */ import b = require("a"); let c: b.d': ("a", "import=", cg.VALUE, "b"),
    'export import type b = require("a"); b': ("a", "import=", cg.TYPE_ONLY, "b"),
    'export import type = require("a")': ("a", "import=", cg.VALUE, "type"),
    'export { b } from "a"': ("a", "export", cg.VALUE, "{ b }"),
    'export { default as b, type c } from "a"': ("a", "export", cg.VALUE, "{ default as b, type c }"),
    'export { type b } from "a"': ("a", "export", cg.TYPE_ONLY, "{ type b }"),
    'export type { b } from "a"': ("a", "export", cg.TYPE_ONLY, "{ b }"),
    'export * from "a"': ("a", "export", cg.VALUE, "*"),
    'export * as b from "a"': ("a", "export", cg.VALUE, "* as b"),
    'export * as "b; {" from "a"': ("a", "export", cg.VALUE, '* as "b; {"'),
    "export type * as 'from' from \"a\"": ("a", "export", cg.TYPE_ONLY, "* as 'from'"),
    'export type * from "a"': ("a", "export", cg.TYPE_ONLY, "*"),
    'require("a")': ("a", "require", cg.VALUE, ""),
    "const { b } = require(/* c */ `a`,)": ("a", "require", cg.VALUE, ""),
    'import("a")': ("a", "dynamic", cg.VALUE, ""),
    "await import(`a`, { with: {} })": ("a", "dynamic", cg.VALUE, ""),
    'let b: import("a").C<typeof d>': ("a", "import type", cg.TYPE_ONLY, ""),
    'let b: typeof import("a")': ("a", "import type", cg.TYPE_ONLY, ""),
    '/// <reference path="a" />': ("a", "reference", cg.TYPE_ONLY, ""),
    "// x\n/* y */ /// <reference types='b' path='a'/>": ("a", "reference", cg.TYPE_ONLY, ""),
    'declare module "b" { import c from "a"; let d: c }': ("a", "import", cg.ELIDED, "c"),
    'import { b } from "a\\u002fb\\/c"; b': ("au002fb/c", "import", cg.VALUE, "{ b }"),
}
NOTHING = [
    "require(a)", 'require("a", b)', 'require("a" + b)', "require(`${a}`)", 'require.resolve("a")', 'b.require("a")',
    'import("a" + b)', "import.meta.url", "import(b)", 'export { a }; "b"', 'export default "a"', 'export const b = "a"',
    'b; /// <reference path="a" />', '// <reference path="a" />', '/// <reference types="a" />', '"import b from \'a\'"',
    '`import "a"`', '/* import "a" */', "import a = b.c", 'x.import("a")',
]  # fmt: skip
USES = {  # what follows `import { b } from "a";` -> is b used as a value?
    "b": True, "b()": True, "class c extends b {}": True, "@b class c {}": True, "({ b })": True, "({ c: b })": True,
    "export { b }": True, "export { b as c }": True, "export default b": True, "export = b": True, "enum c { d = b }": True,
    "c[b]": True, "let c = b as d": True, "b<c>(d)": True, "`${b}`": True, "function c(d = b) {}": True,
    "let c: b": False, "let c = d as b": False, "c<b>()": False, "class c implements b {}": False,
    "interface c extends b {}": False, "type c = typeof b": False, "type c = { [d in b]: b }": False, "c.b": False,
    "({ b: c })": False, "export type { b }": False, "export { type b }": False, "export { b } from 'c'": False,
    "function c(this: b): asserts d is b {}": False, "declare function c(d: b): void": False, "// b": False, "'b'": False,
    "class c { b = 1 }": False, "let c = <b>d": False, "let c = d satisfies b": False, "abstract class c { abstract d: b }": False,
}  # fmt: skip


@pytest.fixture(params=["kernel", "python"], scope="module")
def read(request):
    if request.param == "kernel" and not cg.kernel_module():
        pytest.skip("the kernel is not built")
    scanner = cg.NativeScanner() if request.param == "kernel" else cg.PythonScanner()
    options = cg.measure_options(cg.DEFAULT_ANALYSIS)._replace(imports=True)

    def imports(source, path="a.ts"):
        with pytest.MonkeyPatch.context() as patch:  # no longer than that: other tests ask the kernel
            if request.param == "python":
                patch.setattr(cg.ImportReader, "plain_imports", lambda reader: None)
            return cg.measure(path, source.encode(), options, scanner, cg.Bounds())[0].imports

    return imports


@pytest.mark.parametrize("source", FORMS)
def test_forms(read, source):
    found = [one for one in read(source).all if one.specifier != "c"]
    specifier, kind, use, clause = FORMS[source]
    assert [(one.specifier, one.kind, one.use, one.clause) for one in found] == [(specifier, kind, use, clause)]


def test_what_names_no_file(read):
    for source in NOTHING:
        assert read(source).all == (), source


@pytest.mark.parametrize("source", USES)
def test_uses(read, source):
    found = read(f'import {{ b }} from "a";\n{source}').all[0]
    assert found.use == (cg.VALUE if USES[source] else cg.ELIDED)


EXPORTS = {  # what a file exports itself, as the language's manual has it
    "export { /* export const b = 1 */ a };": "a",
    "export {\n  // export class B {}\n  a, c as d,\n};": "a, c as d",
    "export type { /* export type B = 1 */ A };": "A",
    '@a("export const b") export class C {}': "C",
    "@a(() => { const export_ = 1; }) @b /* export class D */ export default class C {}": "default",
    "@a @b.c() export abstract class C<T> extends D {}": "C",
    "@a(`export ${b}`)\nexport class C {}\nexport const d = 1;": "C, d",
    "export const { a, b: c } = d;": "a, c",
    "export const [a, , b] = c;": "a, b",
    "export let { a: b, ...c } = d, e = 1": "b, c, e",
    "export = a; // export const b = 1": "",
}  # fmt: skip


@pytest.mark.parametrize("source", EXPORTS)
def test_exports(read, source):
    assert read(source).exports == EXPORTS[source]


def test_in_jsx(read):
    assert read('import { B } from "a"; <B c={1} />', "a.tsx").all[0].use == cg.VALUE
    assert read('import { B } from "a"; <B.C></B.C>', "a.tsx").all[0].use == cg.VALUE


def test_metadata_of_decorators_may_want_a_type(read):
    found = read('import { B } from "a"; class C { @d() e: B }').all[0]
    assert found.use == cg.ELIDED_BUT_FOR_METADATA


def test_they_come_in_the_order_of_the_text_with_their_lines(read):
    found = read('import "a";\nrequire("b");\nlet c: import("c").D;\nimport\n  "d";').all
    assert [(one.specifier, one.line) for one in found] == [("a", 1), ("b", 2), ("c", 3), ("d", 4)]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("d", ["default as d"]),
        ("d, { a, b as c }", ["default as d", "a", "b as c"]),
        ("{ type a, default as b, }", ["type a", "default as b"]),
        ("d, * as e", ["default as d", "* as e"]),
        ("*", ["*"]),
        ("*as e", ["* as e"]),
        ("defer * as e", ["* as e"]),
        ("{}", []),
        ("", []),
    ],
)
def test_names(source, names):
    assert cg.names_in(source) == names


@given(
    st.lists(
        st.sampled_from(
            ["a", "$b", "type ", "type", "as", " as ", "default", "*", "* as ", "{", "}", ",", ", ", " ", "ë"]
        ),
        max_size=12,
    )
)
def test_what_the_kernel_reads_of_a_clause_is_what_we_read(words):
    kernel = cg.kernel_module() or pytest.skip("the kernel is not built")
    clause = " ".join("".join(words).split())  # blanks are one each there, and braces one pair at most
    if clause.count("{") > 1 or clause.count("}") > 1:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cg, "forms", cg.PlainForms)
        ours = [cg.names_in(clause), cg.bindings_in(clause, True), cg.bindings_in(clause, False)]
    theirs = [kernel.names(clause), kernel.bindings(clause, True), kernel.bindings(clause, False)]
    assert [one if other is not None else None for one, other in zip(ours, theirs)] == theirs


@pytest.mark.parametrize("clause", ["a", "* as a", "{ a, b as c, type d, type e as f }", "a, { b }", "{}", "*", ""])
def test_the_kernel_reads_plain_clauses(clause):
    kernel = cg.kernel_module() or pytest.skip("the kernel is not built")
    assert kernel.names(clause) is not None and kernel.bindings(clause, True) is not None


def test_barrels(read):
    assert read('export * from "a";\nexport { b } from "c";').is_barrel
    assert read('import a from "a";\nexport { b } from "c";\nexport { a };').is_barrel
    assert (
        read('export * from "a";\n' * 4 + "f();").is_barrel and not read('export * from "a";\n' * 3 + "f();").is_barrel
    )
    assert not read('export * from "a";\nexport function b() {\n  return 1;\n}\n').is_barrel
    assert not read('import "a";').is_barrel and not read("").is_barrel


WORDS = [
    *"import export type from as default const let enum function class namespace async declare require a b $c d_1".split(),
    *'{ } { } [ ] ... @ * , , ; = : ( ) < > / // /* */ " \' "./x" \'y\' ë ` \\'.split(), *" \n\t\r\f",
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(["", " ", " ", "\n  ", "  "])), max_size=24))
def test_what_the_kernel_reads_of_a_statement_is_what_expressions_read(words):
    """Of any text that begins like one, as of all that is written: it reads what is plain, and passes the rest on."""
    if not cg.kernel_module():
        pytest.skip("the kernel is not built")
    for first in (
        b"import ",
        b"export ",
        b"export {",
        b"export type ",
        b"export const {",
        b"import type {",
        b"import {",
    ):
        text = first + "".join(map("".join, words)).encode()
        rows = struct.pack("8i", cg.VALUE_PLACE, 0, len(text), 1, cg.VALUE_PLACE, len(text) // 2, len(text), 1)
        scan = (
            cg.NativeScanner().scan(cg.Dialect(0, False), text, cg.WANT_IMPORTS, 0)._replace(imports=rows, comments=b"")
        )
        source = cg.SourceText(text, scan.line_starts)
        plain, thorough = cg.ImportReader(source, scan, ()).plain_imports(), cg.ImportReader(source, scan, ()).imports()
        assert plain in (None, thorough), text


PLAIN = """/// <reference types="node" />
import a, { type b, c as d } from "a";
import type { E } from "e"; import {} from 'f';
import * as g from "./g";
import "h";
export { a, d as default, type b as B };
export type { E };
export const one = "1, 2";
export const three = "4, 5";
export default g;
export async function* four() { d(require("i"), import("j")); }
@q("export const r") export class Q {}
export const { r, s: t } = g;
export declare namespace K { export type L = import("l").L; }
export * from "m";
declare module "n" { import o from "o"; export const p: o; }
"""


def test_the_kernel_reads_whole_files_that_are_plainly_written():
    for text, is_plain in ((PLAIN, True), (PLAIN + "export const p = 1, q = 2;\n", False)):
        scan = cg.make_scanner().scan(cg.Dialect(0, False), text.encode(), cg.WANT_IMPORTS, 0)
        source = cg.SourceText(text.encode(), scan.line_starts)
        found, said = cg.ImportReader(source, scan, ()).plain_imports(), cg.ImportReader(source, scan, ()).imports()
        assert found == (said if is_plain and cg.kernel_module() else None)
        assert "".join(one.specifier for one in said.all) == "aef./ghijlmo"
        assert said.exports.startswith("a, d as default, b as B, E, one, three, g as default, four, Q, r, t, K")


HOSTILE = {
    "comments": lambda n: "require" + "/**/" * n + "x",
    "an open comment": lambda n: "require /* " * n,
    "braces": lambda n: "import " + "{" * n,
    "blanks": lambda n: "import" + " " * n + "x",
    "froms": lambda n: "import " + "from " * n,
    "names": lambda n: "import {" + "a," * n + '} from "b"',
    "exports": lambda n: "export {" + "a," * n + "}",
    "namespaces": lambda n: "export namespace a {" * n + "}" * n,
    "strings": lambda n: 'export * from "' + "\\" * n + '"',
    "references": lambda n: "/// <reference " + "path = " * n,
    "equals": lambda n: "import a " + "= require " * n,
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_time_is_linear_in_hostile_texts(shape):
    """A quadratic way through one of these would take minutes."""
    if not cg.kernel_module():
        pytest.skip("the kernel is not built")
    scanner, source = cg.NativeScanner(), HOSTILE[shape](50_000).encode()
    options = cg.measure_options(cg.DEFAULT_ANALYSIS)._replace(imports=True)
    scan = cg.scanned(source, 0, options, scanner, cg.Bounds())
    text, kinds = cg.SourceText(source, scan.line_starts), cg.columns_of(scan.events).kinds
    started = time.thread_time()
    cg.imports_of(text, scan, kinds)
    assert time.thread_time() - started < 3
