"""explain: which file and which function is meant, and what is said of it."""

from __future__ import annotations

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
    assert cg.split_target("none.ts:7") == ("none.ts", "7")


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
    assert guard("explain", "a.ts", cwd=root).out == "a.ts: no line adds to a cyclomatic or cognitive number\n"
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
