"""explain: which file and which function is meant, and what is said of it."""

from __future__ import annotations

import json
import math
import re

import pytest

import complexity_guard as cg


def test_explain_finds_the_file_in_its_target(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.ts", "b:1.ts"):
        (tmp_path / name).write_text("")
    assert cg.split_target("a.ts") == ("a.ts", "")
    assert cg.split_target("a.ts:12") == ("a.ts", "12")
    assert cg.split_target("a.ts:on:click handler") == ("a.ts", "on:click handler")
    assert cg.split_target("b:1.ts:7") == ("b:1.ts", "7")
    assert cg.split_target("-:7") == ("-", "7")
    for target in (
        "a.ts:12:5",
        "b:1.ts:12:5:",
        "-:12:5",
        "none.ts:12:5",
        "none.ts:12:5:",
        "none.ts:7",
        "none.ts:f",
        "x:y.ts",
    ):
        path, _, wanted = target.partition(".ts:") if ".ts:" in target else target.partition(":")
        assert cg.split_target(target) == (path + ".ts" * (".ts:" in target), wanted)
    assert cg.split_target("none.ts") == ("none.ts", "")


@pytest.mark.parametrize("wanted", ["99", "9" * 5000, "0", "²", "٣", "zzz", "[", "\x1b"])
def test_explain_names_what_it_does_not_find(guard, project, wanted):
    result = guard("explain", f"a.ts:{wanted}", cwd=project({"a.ts": "function f() {}\n"}))
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("complexity-guard: error: a.ts has no ") and result.err.endswith(
        " (its functions: f)\n"
    )


@pytest.mark.parametrize(("flags", "cognitive"), [([], 2), (["--stdin-filename", "a.tsx"], 1)])  # && before JSX is free
@pytest.mark.parametrize("target", ["-", "-:A", "-:1"])
def test_explain_takes_standard_input_for_what_it_is_called(guard, tmp_path, flags, cognitive, target):
    result = guard(
        "explain", target, *flags, cwd=tmp_path, stdin=b"const A = () => { if (x) { return <div>{a && b}</div> } }"
    )
    assert f"A  cyclomatic 3, cognitive {cognitive}  {flags[-1] if flags else 'stdin.ts'}:1:10" in result.out


def test_explain_says_so_where_there_is_nothing_to_explain(guard, project):
    root = project({"a.ts": "export const one = () => 1\n"})
    shown = guard("explain", "a.ts", cwd=root).out
    assert shown.startswith("a.ts: no line adds to a cyclomatic or cognitive number\n\nthe file  a.ts\n")
    assert (
        guard("explain", "a.ts:99", cwd=root).err
        == "complexity-guard: error: a.ts has no line 99 (its functions: one)\n"
    )
    assert (
        guard("explain", "a.ts:two", cwd=root).err
        == "complexity-guard: error: a.ts has no function 'two' (its functions: one)\n"
    )


def test_explain_ends_as_a_run_does_where_a_file_cannot_be_analysed(guard, project):
    root = project({"a.ts": "f();\n" * 200_000, "b.ts": b"\xff\0\1\2" * 50})
    late = guard("explain", "a.ts", "--file-timeout", "0.001", cwd=root)
    assert (late.code, late.err) == (4, "complexity-guard: error: a.ts: not finished within 0.001 s\n")
    assert guard("explain", "b.ts", cwd=root).code == guard("b.ts", cwd=root).code == 4


PAIR = "function outer() {\n  return [() => a ? 1 : 2, () => b && c && d];\n}\nif (e) f();\n"
PLACES = {
    "2:10": "outer><anonymous>  cyclomatic 2, cognitive 1  a.ts:2:10",  # as the console prints a function's place
    "2:11": "outer><anonymous>  cyclomatic 2, cognitive 1  a.ts:2:10",  # and as editors do, from 1
    "2:27": "outer><anonymous> 2  cyclomatic 3, cognitive 1  a.ts:2:27",
    "2:27:": "outer><anonymous> 2  cyclomatic 3, cognitive 1  a.ts:2:27",  # copied from a compact report
    "2": "outer><anonymous> 2  cyclomatic 3, cognitive 1  a.ts:2:27",  # the last that begins there
    "2:2": "outer  cyclomatic 1, cognitive 0  a.ts:1:0",
    "4:4": "<module>  cyclomatic 2, cognitive 1  a.ts:1:0",
}


@pytest.mark.parametrize(("place", "function"), PLACES.items())
def test_explain_takes_a_place_as_the_program_prints_it(guard, project, place, function):
    result = guard("explain", f"a.ts:{place}", cwd=project({"a.ts": PAIR}))
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(function + "\n")


def test_every_place_that_the_console_prints_can_be_explained(guard, project):
    root = project({"a.ts": PAIR, "b.ts": "export const g = () => { class A { m() { return () => x || y } } }\n"})
    listed = json.loads(guard("-f", "json", cwd=root).out)["files"]
    for file in listed:
        for f in file["functions"]:
            place = f"{file['path']}:{f['start_line']}:{f['start_col']}"
            assert place in guard("explain", place, cwd=root).out.splitlines()[0]


def test_explain_suggests_and_counts_what_it_does_not_list(guard, project):
    root = project({"a.ts": "".join(f"function name{i}() {{}}\n" for i in range(495)) + "function mutateElement() {}"})
    listed = f"{', '.join(f'name{i}' for i in range(10))} and 486 more"
    assert guard("explain", "a.ts:mutateElemnet", cwd=root).err == (
        "complexity-guard: error: a.ts has no function 'mutateElemnet'; did you mean mutateElement?"
        f" (its functions: {listed})\n"
    )
    assert f"'nothing like it' (its functions: {listed})" in guard("explain", "a.ts:nothing like it", cwd=root).err


def test_explain_of_a_file_and_a_colon_lists_its_functions(guard, project):
    """Completions offer them."""
    root = project(
        {"a.ts": "function f() { return () => 1 }\nclass A { f() {} f() {} '\\x1b' () {} }\n", "b.ts": "f();\n"}
    )
    assert guard("explain", "a.ts:", cwd=root).out == "f\nf><anonymous>\nA.f\nA.\\x1b\n"
    assert guard("explain", "b.ts:", cwd=root).out == ""
    assert guard("explain", "-:", cwd=root, stdin=b"function g() {}").out == "g\n"


def test_explain_says_that_it_could_not_read_everything(guard, project):
    """A .ts file of JSX: the numbers of what could be read stood there as if they were all."""
    root = project({"a.ts": "function g() {}\nfunction f(a) { return <p>{a}</p>; }\n"})
    words = (
        "complexity-guard: warning: a.ts:2: unexpected 'function f(a) { return <p>{a}…'; the numbers are of what could"
    )
    for name, code in (("g", 0), ("f", 3)):
        result = guard("explain", f"a.ts:{name}", cwd=root)
        assert (result.code, result.err.splitlines()[0]) == (code, f"{words} be read")


def test_jsx_on_standard_input_is_told_how_it_is_read(guard, project):
    """A .tsx file in a pipe has syntax errors, for nothing says that it is one."""
    source, root = b"const e = <p>{a}</p>;\n", project({})
    said = "complexity-guard: standard input is read as stdin.ts; --stdin-filename NAME says what else it is\n"
    assert guard("-", cwd=root, stdin=source).err == said
    assert guard("-", "--stdin-filename", "a.tsx", cwd=root, stdin=source).err == ""


REFUSED = {
    "README.md:3": "README.md: not a TypeScript or JavaScript file (.ts .mts .cts .tsx .js .jsx .mjs .cjs .vue .svelte .astro .html .htm)",
    "README.md": "README.md: not a TypeScript or JavaScript file (.ts .mts .cts .tsx .js .jsx .mjs .cjs .vue .svelte .astro .html .htm)",
    ".": ".: a folder; explain takes a file",
    "none.ts:3:4": "none.ts: no such file or folder",
    "none.ts:f": "none.ts: no such file or folder",
}


@pytest.mark.parametrize(("target", "message"), REFUSED.items())
def test_explain_refuses_what_is_no_source(guard, project, target, message):
    result = guard("explain", target, cwd=project({"README.md": "# if\n\nif (you) like\n"}))
    assert (result.code, result.out, result.err) == (3, "", f"complexity-guard: error: {message}\n")


def test_explain_says_what_most_of_a_number_is(guard, project):
    """Splitting does not help a function whose number is mostly ?. and ??, as in JSX."""
    root = project({"a.tsx": "export const A = (a) => <p>{a?.b?.c ?? a?.d}{a ? 1 : 2}</p>;\nf();\n"})
    assert "  1 + 5 (?. 3, ?: 1, ?? 1)\n" in guard("explain", "a.tsx:A", cwd=root).out
    assert re.search(r"cyclomatic +1 .* 1 \+ 0\n", guard("explain", "a.tsx:2", cwd=root).out)
    assert "splitting only moves them" in cg.METRIC["cyclomatic"].advice


COSTLY = """function f(a, b, c, d, e, f, g) {

  // of 6 lines, 4 are code
  if (a && b) { return c + d }
  return e * f;
}
"""
ROWS = {  # by hand. Operators: if && return + return *; operands: a b c d e f
    "cyclomatic": ("3", "1 + 2 (&& 1, if 1)"),
    "cognitive": ("2", "1 + 1 (&& 1, if 1)"),
    "halstead_volume": ("41.5", "(N1 6 + N2 6) × log2(n1 5 + n2 6)"),
    "halstead_difficulty": ("2.5", "n1 5 ÷ 2 × N2 6 ÷ n2 6"),
    "halstead_effort": ("104", "volume × difficulty"),
    "halstead_bugs": ("0.01", "expected defects, volume ÷ 3,000"),
    "line_count": ("4", "of 6 lines: without blank lines and comments"),
    "params_count": ("7", "runtime parameters; higher than 99 % of functions, 98 % of lines in 285 reference packages"),
    "nesting_depth": ("1", "deepest block"),
    "file_length": ("4", "lines of code per file"),
    "export_count": ("0", "export statements per file"),
    "duplication": ("", "what other files share: a run with --duplication finds it, and lists every place"),
}


def test_explain_has_headings_and_says_of_every_metric_how_it_comes_about(guard, project):
    elsewhere = {metric.name for metric in (*cg.GRAPH_METRICS, *cg.TESTED_METRICS)} | {"template_complexity"}
    assert {metric.name for metric in cg.ALL_METRICS} - {cg.PROJECT_SHARE} - elsewhere == set(ROWS)
    shown = guard("explain", "a.ts", "--duplication", cwd=project({"a.ts": COSTLY})).out
    rows = re.findall(r"^  (\w+) +([\d.,]*)  (?:ok|error|warning|not|limits) .*?  +(\S.*)$", shown, re.M)
    assert {name: (value, way) for name, value, way in rows} == ROWS
    assert "  line  cyc  cog │ cyc: what a line adds to cyclomatic, cog: to cognitive\n" in shown
    assert len(re.findall("^  metric +value  judged +how it comes about$", shown, re.M)) == 2


@pytest.mark.parametrize(("costs", "words"), [
    ([], "0"),
    ([1, 2, 1], "1 + 2 + 1"),
    ([1] * 12, " + ".join("1" * 12)),
    ([3, *[1] * 30, 2, 3], "30 × 1 + 1 × 2 + 2 × 3"),
])  # fmt: skip
def test_a_sum_of_many_terms_is_shortened_and_still_adds_up(costs, words):
    assert cg.sum_words([cg.Point(1, 0, cost, "if", 0) for cost in costs]) == words
    assert sum(math.prod(map(int, term.split(" × "))) for term in words.split(" + ")) == sum(costs)


JUDGED = {  # what is explained -> the judged column of its cyclomatic and params_count rows, and the remark below them
    "a.ts:plain": ("error > 3", "ok up to 4", ""),
    "a.ts:hushed": ("suppressed", "ok up to 4", ""),
    "a.ts:named": ("not judged", "not judged", "ignore_functions names it"),
    "a.ts:1": ("not judged", "not judged", "code outside functions, unless analysis.module_code is on"),
    "made.ts:plain": ("not judged", "not judged", "generated code"),
    "a.test.ts:it": ("not judged", "not judged", "a wrapper in test code"),
    "a.test.ts:plain": ("error > 3", "ok up to 4", ""),
}
BRANCHES = "a && b && c && d && e"


@pytest.mark.parametrize("target", JUDGED)
def test_explain_says_how_each_number_is_judged(guard, project, target):
    """As the run judges it: what is above a limit there is a finding, and all else is none."""
    plain = f"function plain() {{ {BRANCHES} }}\n"
    hushed = f"// complexity-guard-ignore-next-line -- as it is\nfunction hushed() {{ {BRANCHES} }}\n"
    root = project({
        "a.ts": f"{BRANCHES};\n{plain}{hushed}function named() {{ {BRANCHES} }}\n",
        "made.ts": f"// Code generated by hand. DO NOT EDIT.\n{plain}",
        "a.test.ts": f'it("adds", () => {{ {BRANCHES} }})\n{plain}',
        ".complexityguard.json": '{"preset": "recommended", "analysis": {"ignore_functions": ["named"]}}',
    })  # fmt: skip
    path, _, wanted = target.partition(":")
    limit = ("--threshold", "cyclomatic=3")
    shown = guard("explain", target.replace(":it", ':it "adds"'), *limit, cwd=root).out
    rows = dict(re.findall(r"^  (cyclomatic|params_count) +[\d.,]+  (.*?)  ", shown, re.M))
    remark = "".join(re.findall("^  not judged: (.*)$", shown, re.M))
    assert (rows["cyclomatic"], rows["params_count"], remark) == JUDGED[target]
    (file,) = guard("-f", "json", *limit, path, cwd=root).json["files"]
    flagged = {f["name"] for f in file["functions"] if f["violations"]}
    assert (wanted in flagged) == ("error" in rows["cyclomatic"])


SPARED = {  # flags -> the judged column of cyclomatic and of cognitive, and the remark below them
    (): ("not judged", "ok up to 15", "cyclomatic 13 > 10, for cognitive 7 with the functions in it, below least_cognitive 16"),
    ("--least-cognitive", "8"): ("not judged", "ok up to 15", "cyclomatic 13 > 10, for cognitive 7 with the functions in it, below least_cognitive 8"),
    ("--least-cognitive", "7"): ("not judged", "ok up to 15", (
        "cyclomatic 13 > 10, for a burden of 0.21 (cognitive 1 / 25 + 0 own lines / 100 + depth 1 / 6), "
        "below least_burden 2.25"
    )),
    ("--least-cognitive", "7", "--least-burden", "0.2"): ("warning > 10", "ok up to 15", ""),
    ("--threshold", "cyclomatic=10/21"): ("warning > 10", "ok up to 15", ""),
    ("--preset", "strict"): ("warning > 10", "ok up to 15", ""),
}  # fmt: skip


@pytest.mark.parametrize("flags", SPARED)
def test_explain_says_why_what_is_past_a_limit_is_no_finding(guard, project, flags):
    cases = "".join(f"case {n}: return {n}; " for n in range(12))
    inner = "const h = () => { if (a) { if (b) { if (c) d(); } } };"  # 1 + 2 + 3, and the switch
    root = project({"a.ts": f"function f(x) {{ {inner} switch (x) {{ {cases}}} }}\n"})
    shown = guard("explain", "a.ts:f", *flags, cwd=root).out
    rows = dict(re.findall(r"^  (cyclomatic|cognitive) +[\d.,]+  (.*?)  ", shown, re.M))
    remark = "".join(re.findall("^  not judged: (.*)$", shown, re.M))
    assert (rows["cyclomatic"], rows["cognitive"], remark) == SPARED[flags]


STANDINGS = {  # variants -> of a function with these numbers
    (): {"cyclomatic": "99.5 %", "cognitive": "98 %"},
    ("cyclomatic_variant", "modified"): {"cognitive": "98 %"},
    ("cognitive_variant", "whitepaper"): {"cyclomatic": "99.5 %"},
}


@pytest.mark.parametrize("variant", STANDINGS)
def test_explain_says_where_a_number_stands_among_the_reference_packages(guard, project, variant):
    """docs/calibration.md has the quantiles: 0.5 % of the functions have more than 30 paths, 1 % above 29 in cognitive."""
    source = "function f() {\n" + "  if (a) b();\n" * 28 + "  c?.d?.e;\n}\n"
    configuration = {"preset": "recommended", "analysis": dict([variant] if variant else [])}
    root = project({"a.ts": source, ".complexityguard.json": json.dumps(configuration)})
    shown = guard("explain", "a.ts:f", cwd=root).out
    found = re.findall(r"^  (\w+) .*; higher than ([\d.]+ %) of functions, [\d.]+ % of lines in 285 ref", shown, re.M)
    known = {name: share for name, share in found if name.startswith("c")}
    assert known == STANDINGS[variant]
