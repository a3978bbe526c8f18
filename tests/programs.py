"""Programs to scan, made by chance, and role tables to scan them by: for tests, and for scripts/kernel_fuzz.py."""

from __future__ import annotations

import math
import random
import struct

import complexity_guard as cg

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
SNIPPETS = [
    "(",
    ")",
    "{",
    "}",
    "`",
    "'",
    "/*",
    "*/",
    "//",
    "\n",
    "\r",
    "\u2028",
    "\u2029",
    "\u00a0",
    "\u3000",
    "<",
    "=>",
    "&&",
    "\0",
    "😀",
    "${",
]
ALL = cg.WANT_TOKENS | cg.WANT_PRINTS | cg.WANT_IMPORTS
DIALECTS = [cg.Dialect(grammar, keep_calls) for grammar in (0, 1) for keep_calls in (False, True)]


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


def random_table(dice: random.Random, grammar: int) -> cg.RoleTable:
    """A valid table that gives any node any role: bits that the program's own table never combines."""
    import complexity_guard_kernel as kernel  # which is not built everywhere

    symbols, fields = kernel.symbols(grammar), kernel.fields(grammar)
    classes = range(dice.randint(1, 4))
    names = "CONTEXT PROVISIONAL REFINES OPERATOR OPERAND TYPE LEAF NEEDS_CONTEXT BARRIER PARAMETER OUTER_SCOPE"
    names += " NAMES_FILE NAME"
    flags = [getattr(cg, name) for name in names.split()]

    def role(name: str, named: bool) -> int:
        found = dice.choice((0, dice.randint(1, 9))) | dice.randrange(128) << cg.OPERATOR_SHIFT
        for flag in flags:
            found |= flag if dice.random() < (0.03 if flag in (cg.TYPE, cg.LEAF) else 0.15) else 0
        is_plain = found & cg.KIND and not found & (cg.CONTEXT | cg.PROVISIONAL | cg.REFINES | cg.TYPE)
        if is_plain and dice.random() < 0.3:
            found |= cg.SCOPE
        if name == "comment":
            return cg.COMMENT | cg.LEAF
        return 9 | cg.SCOPE if (name, named) == ("program", True) else found

    roles = [[role(*symbol) for symbol in symbols] for _ in classes]
    labels, bodies = ([dice.choice((0, dice.randrange(len(fields)))) for _ in range(256)] for _ in range(2))
    return cg.RoleTable(
        classes=[dice.choice(classes) for _ in symbols],
        roles=roles,
        label_fields=[field | cg.LABEL_IS_NAME * (dice.random() < 0.5) for field in labels],
        body_fields=bodies,
        token_codes=[dice.randrange(3) | cg.NOT_IN_PRINTS * (dice.random() < 0.2) for _ in symbols],
    )


def real_numbers(dice: random.Random) -> list[float]:
    """Numbers that are hard to round to a few digits: halves, those beside them, very large and very small ones."""
    half = (dice.randrange(10 ** dice.randrange(1, 12)) + 0.5) / 10 ** dice.randrange(8)
    exact = dice.randrange(-(1 << 50), 1 << 50) / (1 << dice.randrange(60))
    any_bits = struct.unpack("d", dice.randbytes(8))[0]
    edges = (0.0, -0.0, math.inf, -math.inf, math.nan, 1e12, 5e-324, 0.99999995, -0.0000004)
    return [
        half,
        math.nextafter(half, 0),
        -half,
        exact,
        any_bits,
        dice.random(),
        10.0 ** dice.randrange(-8, 15),
        dice.choice(edges),
    ]
