"""What may be extracted, what goes in and comes out, and that the program does the same afterwards: Node runs both."""

from __future__ import annotations

import json
import re
import subprocess
import time

import pytest
import tools

import complexity_guard as cg

# The run is what stands between « and », in the function `f`, and calls of it are what both programs are asked for.
# What is expected: inputs, an arrow, outputs, and words for what else the function has to be; "" where there is none.
CASES = {
    "reads": ("function f(a, b) { «g(a); g(b + a);» return 1; }", "a b ->"),
    "declares what is read later": ("function f(a) { «const x = a + 1; g(x);» return x; }", "a -> x"),
    "declares two": ("function f(a) { «const x = a, [y] = [2];» return x + y; }", "a -> x y"),
    "declares three": ("function f(a) { «const [x, y, z] = [a, 2, 3];» return x + y + z; }", ""),
    "and changes it later": ("function f(a) { «let x = a; x++;» x++; return x; }", "a -> x"),
    "declares for itself": ("function f(a) { «const x = a; g(x);» return a; }", "a ->"),
    "another of that name": ("function f(a) { const x = 1; { «const x = a; g(x);» } return x; }", "a ->"),
    "sets": ("function f(a) { let x = 1; «x = x + a;» return x; }", "x a -> x"),
    "sets without need": ("function f(a) { let x = 1; g(x); «x = a; g(x);» return 2; }", "x a ->"),
    "sets at first": ("function f(a) { let x; «if (a) x = a; else x = 5;» return x; }", "a -> x"),
    "may set at first": ("function f(a) { let x; «if (a > 1) x = a;» return x; }", "a -> x"),
    "sets two": ("function f(a) { let x = 1, y = 1; «x = a; y = a;» return x + y; }", ""),
    "sets and declares": ("function f(a) { let x = 1; «x = a; const y = 2;» return x + y; }", ""),
    "sums up": ("function f(a) { let n = 0; for (const x of [1, a]) { «n += x;» } return n; }", "n x -> n"),
    "sums up unread": ("function f(a) { let n = 0; for (const x of [1, a]) { «n += x;» } return 7; }", "n x -> n"),
    "a switch of the next round": (
        "function f(a) { let n = 0, s; for (let i = 0; i < 3; i++) { «if (s) n = i; s = a;» } return n; }", ""),
    "counts on": ("function f(a) { for (let i = 0; i < 5; i++) { «i += a; g(i);» } return 1; }", "i a -> i"),
    "a parameter": ("function f(a, b = 2) { «a = a + b;» return a; }", "a b -> a"),
    "destructures": ("function f(a) { let x = 1; «({ x = 3 } = { y: a });» return x; }", "x a -> x"),
    "destructures deeply": ("function f(a) { let x = 1; «({ p: [x] } = { p: [a] });» return x; }", "x a -> x"),
    "names of properties": ("function f(a) { const x = 1; «g({ x: a }.x); g({ a });» return x; }", "a ->"),
    "shorthand": ("function f(a) { «g({ a }.a);» return 1; }", "a ->"),
    "returns at the end": ("function f(a) { g(1); «if (a) return 2; g(3);» }", "a -> returns"),
    "returns on all ways": ("function f(a) { if (a) { «if (a > 1) return 2; else throw 3;» } return 4; }", "a -> returns"),
    "returns in the midst": ("function f(a) { «if (a) return 2;» return 4; }", ""),
    "leaves in the midst": ("function f(a) { «if (a > 1) return; g(3);» g(4); }", "a -> leaves"),
    "leaves, and has a result": ("function f(a) { let x = 1; «if (a > 1) return\n else x = 2; g(3);» g(x); }", ""),
    "leaves with and without": ("function f(a) { «if (a > 1) return; if (a) return 2;» g(4); }", ""),
    "leaves, and returns inside": ("function f(a) { «if (a > 1) { g(() => { return 2; }); return }» g(4); }", "a -> leaves"),
    "leaves at the end": ("function f(a) { «if (a > 1) return; g(3);» }", "a -> returns"),
    "returns in a function": ("function f(a) { «const h = () => { return a; }; g(h());» return 4; }", "a ->"),
    "returns from a generator": ("function* h(a) { yield 1; «return a;» } const f = (a) => [...h(a)].length;", ""),
    "breaks off": ("function f(a) { for (;;) { «if (a) break; a++;» } return a; }", ""),
    "breaks off inside": ("function f(a) { «for (;;) { if (a > 3) break; a++; }» return a; }", "a -> a"),
    "goes on": ("function f(a) { for (const x of [a]) { «if (x) continue; g(x);» g(2); } return 1; }", ""),
    "goes on inside": ("function f(a) { «for (const x of [a]) { if (x) continue; g(x); }» return 1; }", "a ->"),
    "breaks off a switch": ("function f(a) { switch (a) { case 1: «g(a); g(2);» break; } return 1; }", "a ->"),
    "breaks a switch": ("function f(a) { switch (a) { case 1: «g(a); break;» } return 1; }", ""),
    "leaves for a label": ("function f(a) { l: for (;;) { «for (;;) { a++; break l; }» } return a; }", ""),
    "leaves for a label inside": ("function f(a) { «l: for (;;) { for (;;) { a++; break l; } }» return a; }", "a -> a"),
    "this of a class": ("class A { n = 2; f(a) { «this.n += a; g(this.n);» return this.n; } } const f = (a) => new A().f(a);",
                        "a -> method"),
    "this of an arrow": ("class A { n = 2; f = (a) => { «this.n += a;» return this.n; } } const f = (a) => new A().f(a);",
                         "a -> method"),
    "this of all": ("class A { static n = 2; static f(a) { «this.n += a;» return this.n; } } const f = (a) => A.f(a);",
                    "a -> method"),
    "a private field": ("class A { #n = 2; f(a) { «this.#n += a;» return this.#n; } } const f = (a) => new A().f(a);",
                        "a -> method"),
    "this of a constructor": ("class A { constructor(a) { «this.n = a;» g(1); } } const f = (a) => new A(a).n;", ""),
    "this of anybody": ("function h(a) { «this.n = a;» g(1); } const f = (a) => { const o = { h }; o.h(a); return o.n; };", ""),
    "this of a function inside": ("function f(a) { «const h = function () { return this; }; g(h.call(a));» return 1; }",
                                  "a ->"),
    "super": ("class B { h() { return 1; } } class A extends B { f(a) { «g(super.h());» return a; } }"
              " const f = (a) => new A().f(a);", ""),
    "arguments": ("function f(a) { «g(arguments.length);» return a; }", ""),
    "new.target": ("function h(a) { «g(new.target ? 1 : a);» } const f = (a) => { h(a); return 1; };", ""),
    "a hole for names": ("function f(a) { «g(eval('a'));» return a; }", ""),
    "caught": ("function f(a) { let x = 1; try { «x = 2; g(a.b.c);» } catch { return x; } return x; }", ""),
    "caught, not set": ("function f(a) { let x = 1; try { «g(a.b.c); g(x);» } catch { return x; } return x; }", "a x ->"),
    "set by a function": ("function f(a) { let x = 1; const h = () => { x = 5; }; «h(); g(x);» return x; }", ""),
    "seen by a function": ("function f(a) { let x = 1; const h = () => x; «x = a; g(h());» return x; }", ""),
    "seen by a function, and set before": (
        "function f(a) { let x = 1; x = a + 1; const h = () => x; «g(h()); g(x);» return x; }", "h x ->"),
    "seen by a function, and set around": (
        "function f(a) { let x = 1; for (let i = 0; i < 2; i++) { x++; const h = () => x; «g(h()); g(x);» } return x; }", ""),
    "kept by a function": ("function f(a) { let x = 1; const h = []; «h.push(() => x);» x = a; return h[0](); }", ""),
    "kept and constant": ("function f(a) { const x = 1; const h = []; «h.push(() => x + a);» return h[0](); }", "h x a ->"),
    "used before": ("function f(a) { const h = () => x; «const x = a; g(h());» return x; }", ""),
    "not there yet": ("function f(a) { «const h = () => x; g(a);» const x = 1; g(h()); return x; }", ""),
    "not there yet, but a function": ("function f(a) { «g(h());» function h() { return 1; } return a; }", "h ->"),
    "a function for later": ("function f(a) { «g(a); function h() { return 1; }» return h(); }", ""),
    "a function from before": ("function f(a) { function h() { return a; } «g(h()); g(h());» return 1; }", "h ->"),
    "itself": ("function f(a) { «g(a); if (a > 0) f(a - 1);» return 1; }", "a ->"),
    "its own name": ("const f = function h(a) { «g(a); if (a > 0) h(a - 1);» return 1; };", "a h ->"),
    "what is around": ("function h(a) { const k = 3; return [1].map((x) => { «g(x); g(k + a);» return x; })[0]; }"
                       " const f = (a) => h(a);", "x ->"),
    "around in one statement": ("const h = (k) => (x) => { «g(x); g(k);» return x; }; const f = (a) => h(a)(2);", "x k ->"),
    "around and changed": ("const h = (k) => { k++; return k; }; let n = 0; function f(a) { «n = n + h(a);» return n; }",
                           "a ->"),
    "old declarations": ("function f(a) { «var x = a; g(x);» return x; }", "a -> x"),
    "old and deep": ("function f(a) { «if (a) { var x = a; }» return x; }", ""),
    "old and twice": ("function f(a) { var x = 1; «var x = a;» return x; }", ""),
    "six inputs": ("function f(a) { const [p, q, r, s, t] = [1, 2, 3, 4, 5]; «g(p, q, r, s, t, a);» return 1; }", ""),
    "no semicolons": ("function f(a) {\n  const x = a\n  «g(x)\n  const y = x + 1»\n  return y\n}", "x -> y"),
    "a catch": ("function f(a) { try { a.b.c(); } catch (e) { «g(e.name); g(1);» } return 1; }", "e ->"),
    "a class for later": ("function f(a) { «class K { n = a; }» return new K().n; }", ""),
    "a class from before": ("function f(a) { class K { n = a; } «g(new K().n);» return 1; }", "K ->"),
    "what is asked for by name": ("function f(a) { const extracted = 1; «g(a);» return extracted; }", "a ->"),
    "a template": ("function f(a) { «g(`${a} ${`${a}`}`);» return 1; }", "a ->"),
    "waits": ("async function h(a) { «await g(a); g(await a);» return 1; } const f = (a) => { h(a); return 1; };",
              "a -> async"),
    "others wait": ("function f(a) { «const h = async () => { await a; }; h();» return 1; }", "a ->"),
}  # fmt: skip
# Of types nothing runs, but their names have to mean the same where the function goes.
TYPED = {
    "type parameter": ("function f<T>(a: T) { «const x: T = a; g(x);» return 1; }", ""),
    "type from outside": ("type T = number; function f(a: T) { «const x: T = a; g(x);» return 1; }", "a ->"),
    "type for later": ("function f(a) { «type T = number; g(a);» const x: T = 1; return x; }", ""),
    "the type of a value": ("function f(a) { const k = 1; «const x: typeof k = a; g(x);» return 1; }", "k a ->"),
    "an enum": ("function f(a) { enum K { B = 1 } «g(K.B);» return 1; }", ""),
    "words of types": ("function f(a) { const k = 1; «const x = (a as (k: number) => void)!; g(x);» return k; }", "a ->"),
    "parts of a component": ("function f(a) { const div = 1; «g(<div a={a}><b.c /></div>);» return div; }", "a ->"),
    "a component": ("function f(K) { «g(<K.x />);» return 1; }", "K ->"),
}  # fmt: skip


def marked(text):
    """The source without its marks, and where the run begins and ends."""
    before, run, after = re.split("[«»]", text)
    return before + run + after, len(before), len(before + run)


def flow_of(text, suffix):
    """The source, who operates on the function around the run, the run, and what flows."""
    source, start, end = marked(text)
    view = cg.explained_file(f"a{suffix}", source.encode(), cg.library_settings(None))
    f = cg.functions_at(view.file.functions, *view.source.position(start))[0]
    surgeon = cg.surgeon_for(view, f)
    blocks = ("statement_block", "switch_case")
    first = next(n for n in surgeon.tree.nodes if n.start == start and n.parent.kind in blocks)
    run = cg.Cut([n for n in first.parent.children if start <= n.start < end])
    return source, surgeon, run, surgeon.flow_of(run)


def words_of(flow):
    if flow is None:
        return ""
    words = [*map(bytes.decode, flow.inputs), "->", *map(bytes.decode, flow.outputs)]
    words += (
        ["method"] * flow.is_method + ["async"] * flow.awaits + ["returns"] * flow.returns + ["leaves"] * flow.leaves
    )
    return " ".join(words)


@pytest.mark.parametrize("name", CASES)
def test_what_goes_in_and_comes_out(name):
    text, expected = CASES[name]
    assert words_of(flow_of(text, ".js")[-1]) == expected


@pytest.mark.parametrize("name", TYPED)
def test_types_mean_the_same_elsewhere(name):
    text, expected = TYPED[name]
    assert words_of(flow_of(text, ".tsx")[-1]) == expected


RUNNER = """
const vm = require("node:vm");
const ask = (source) => [0, 1, 2, 7].map((a) => {
  const seen = [];
  const g = (...values) => { seen.push(JSON.stringify(values)); return values.length; };
  let result;
  try {
    result = vm.runInNewContext(`${source}\\nf(${a})`, { g });
  } catch (error) {
    result = `throws ${error.name ?? error}`;
  }
  return JSON.stringify([result, seen]);
});
const pairs = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(pairs.map((pair) => pair.map(ask))));
"""


@pytest.mark.needs("node")
def test_programs_do_the_same_afterwards():
    names, pairs = [], []
    for name, (text, expected) in CASES.items():
        if expected:
            source, surgeon, run, flow = flow_of(text, ".js")
            edited = surgeon.operated(run, flow).inside(source.encode()).decode()
            assert "extracted" in edited
            names.append(name)
            pairs.append((source, edited))
    done = subprocess.run([tools.tool("node"), "-e", RUNNER], input=json.dumps(pairs), capture_output=True, text=True)
    results = dict(zip(names, json.loads(done.stdout), strict=True))
    assert {name: after for name, (_, after) in results.items()} == {name: one for name, (one, _) in results.items()}


@pytest.mark.needs("kernel")
def test_both_scanners_make_the_same_trees():
    kernel, python = cg.NativeScanner(), cg.PythonScanner()
    for text, suffix in [(marked(text)[0], 1) for text, _ in {**CASES, **TYPED}.values()] + [
        ("let a: { b?: 1 } = /c/", 0)
    ]:
        dialect = cg.Dialect(suffix, keep_calls=False, has_all=True)
        one, other = (scanner.scan(dialect, text.encode(), 0, 0) for scanner in (kernel, python))
        assert one.events == other.events and one.comments == other.comments, text


@pytest.mark.parametrize(
    "text",
    [
        "function f(a) { return " + "(" * 3000 + "a" + ")" * 3000 + "; }",
        "function f(a) {" + "if (a) {" * 2000 + "}" * 2000 + "}",
        "function f(a) {" + "if (a && b) c();" * 2000 + "}",
        "function f(a) {" + "\nif (a && b) { c() ;" * 30 + "}" * 29,
        "const f = " + "(a) => " * 3000 + "{ if (a) { b(); } }",
    ],
)
def test_hostile_functions_take_no_time(text):
    """Nesting without end, thousands of runs, and text that is no program."""
    view = cg.explained_file("a.ts", text.encode(), cg.library_settings(None))
    started = time.process_time()
    for f in view.file.functions[:3]:
        cg.extraction_of(view, f)
    assert time.process_time() - started < 10
