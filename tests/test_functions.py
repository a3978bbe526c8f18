"""Functions: what they are called."""

from __future__ import annotations

import json
import time

import pytest
from samples import LIMITS, measure_file

import complexity_guard as cg


def test_functions_in_functions_in_functions(guard, project):
    """Qualified names of 20,000 of them took 800 MB, and their time."""
    source = "function f(){" * 20_000 + "}" * 20_000
    found = guard("a.ts", "-f", "json", "--fail-on", "none", cwd=project({"a.ts": source})).json["files"][0][
        "functions"
    ]
    assert len(found) == 20_000
    assert max(len(function["qualified_name"]) for function in found) < 1_100
    assert found[-1]["qualified_name"].startswith("f>f>") and found[-1]["qualified_name"].endswith(">f>f")


HOSTILE = {
    # sources of a size, and how many functions there are in one of 1,000
    "a title": (lambda n: f'it("{"x" * 10 * n}", () => {{}})', 1),
    "signs of control, and from right to left": (lambda n: 'it("\\x1b[2J\\u202e\\x07", () => {});' * n, 1_000),
    "classes": (lambda n: "".join(f"class C{i} {{ m() {{ " for i in range(n)) + "}" * 2 * n, 1_000),
    "namespaces": (lambda n: "".join(f"namespace n{i} {{ " for i in range(n)) + "function f() {}" + "}" * n, 1),
    "objects": (lambda n: "x = " + "".join(f"{{ k{i}: " for i in range(n)) + "() => 1" + "}" * n, 1),
    "a chain of calls": (lambda n: "a" + ".then(() => 1)" * n, 1_000),
    "calls of calls": (lambda n: "const x = " + "f(" * n + "() => 1" + ")" * n, 1),
    "one call": (lambda n: "f(" + ", ".join(["() => 1"] * n) + ")", 1_000),
    "tests in tests": (lambda n: "".join(f'it("{"t" * 60}{i}", () => {{ ' for i in range(n)) + "})" * n, 1_000),
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_names_of_hostile_sources_are_short_and_quickly_found(shape):
    made, count = HOSTILE[shape]
    judge, scanner = cg.Judge(cg.DEFAULT_ANALYSIS, "none"), cg.make_scanner()
    report, _ = measure_file("a.ts", made(1_000).encode(), judge, scanner)
    assert len(report.functions) == count
    seconds = []
    for size in (2_500, 10_000):
        source = made(size).encode()
        start = time.process_time()
        report, _ = measure_file("a.ts", source, judge, scanner)
        seconds.append(time.process_time() - start)
        assert max(len(f.qualified_name) for f in report.functions) <= 300 + len('>it "" callback 10000') + 80
    assert seconds[1] < 12 * seconds[0] + 0.2  # four times the source; what is quadratic takes 16 times as long


@pytest.mark.parametrize("format_name", cg.FORMATS)
def test_titles_steer_no_terminal_and_no_report(guard, project, format_name):
    title = "\x1b[2J\u202e\x07<script>`]]>"
    source = f'it("{title}", () => {{ {"if (a) b();" * 40} }});\n'
    out = guard("a.ts", "-f", format_name, "--fail-on", "none", cwd=project({"a.ts": source})).out
    assert "\x1b" not in out and "\u202e" not in out and "\x07" not in out


def test_names_with_titles_can_be_ignored(guard, project):
    limits = {"thresholds": LIMITS, "ignore_functions": ['it "adds*', '*>it "a > b"']}
    body = "() => { " + "if (a) b();" * 12 + " }"
    source = f"""describe("x", () => {{ it("adds $(two)", {body}); it("a > b", {body}); it('says `c`', {body}) }});"""
    files = {".complexityguard.json": json.dumps({"preset": "recommended", "analysis": limits}), "a.ts": source}
    functions = guard("a.ts", "-f", "json", cwd=project(files)).json["files"][0]["functions"]
    assert [f["name"] for f in functions if f["status"] == "error"] == ['it "says `c`"']
