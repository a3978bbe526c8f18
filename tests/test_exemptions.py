"""ignore_functions and treat_wrappers_as_modules: what is measured but not judged."""

from __future__ import annotations

import json

import pytest

LONG = "\n".join(f"  a{i}();" for i in range(60))  # 60 lines: an error by line_count, and by nothing else
DEEP = "if (a) { if (b) { if (c) { if (d) { if (e) { if (f) { x(); } } } } } }"  # an error by nesting_depth
WRAPPERS = {
    "iife": "(function () {\n@\n})();",
    "arrow iife": "(() => {\n@\n})();",
    "async iife": "(async () => {\n@\n})();",
    "negated iife": "!function () {\n@\n}();",
    "iife in parentheses": "(function () {\n@\n}());",
    "iife by call": "(function () {\n@\n}).call(this);",
    "umd factory": "(function (root, f) { f(root); })(this, function (exports) {\n@\n});",
    "amd": "define(['a'], function (a) {\n@\n});",
    "jquery ready": "$(document).ready(function () {\n@\n});",
    "describe": "describe('x', () => {\n@\n});",
    "it.only": "it.only('x', async function () {\n@\n});",
    "describe.each": "describe.each([1, 2])('n %s', (n) => {\n@\n});",
}
OTHERS = {
    "declaration": "function f() {\n@\n}",
    "declaration before parentheses": "function f() {\n@\n}\n(0, g)();",
    "variable": "const f = function () {\n@\n};",
    "callback": "list.forEach(function () {\n@\n});",
    "jquery callback": "$.each(list, function () {\n@\n});",
    "a method that is called it": "items.it(() => {\n@\n});",
    "parameter of a call's result": "make(1)(() => {\n@\n});",
    "method": "class A { m() {\n@\n} }",
}


def findings(guard, root, **analysis):
    (root / ".complexityguard.json").write_text(json.dumps({"analysis": analysis}))
    result = guard("-f", "json", "a.ts", cwd=root)
    return {v["metric"] for file in result.json["files"] for f in file["functions"] for v in f["violations"]}


@pytest.mark.parametrize("name", WRAPPERS)
def test_length_of_a_wrapper_is_not_judged(guard, project, name):
    root = project({"a.ts": WRAPPERS[name].replace("@", LONG)})
    assert "line_count" in findings(guard, root)
    assert "line_count" not in findings(guard, root, treat_wrappers_as_modules=True)


@pytest.mark.parametrize("name", WRAPPERS)
def test_all_else_of_a_wrapper_is_judged(guard, project, name):
    root = project({"a.ts": WRAPPERS[name].replace("@", DEEP)})
    assert "nesting_depth" in findings(guard, root, treat_wrappers_as_modules=True)


@pytest.mark.parametrize("name", OTHERS)
def test_other_functions_keep_their_length(guard, project, name):
    root = project({"a.ts": OTHERS[name].replace("@", LONG)})
    assert "line_count" in findings(guard, root, treat_wrappers_as_modules=True)


IGNORED = [
    # patterns, the functions that stay judged
    ([], ["Store.load", "load>map callback", "Symbols.[Symbol.iterator]", "loader"]),
    (["load*"], ["Store.load", "Symbols.[Symbol.iterator]"]),
    (["*.load"], ["load>map callback", "Symbols.[Symbol.iterator]", "loader"]),
    (["map callback"], ["Store.load", "Symbols.[Symbol.iterator]", "loader"]),
    (["Symbols.[Symbol.iterator]"], ["Store.load", "load>map callback", "loader"]),
    (["loade?", "Store.*"], ["load>map callback", "Symbols.[Symbol.iterator]"]),
    (["LOADER"], ["Store.load", "load>map callback", "Symbols.[Symbol.iterator]", "loader"]),
]
SOURCE = f"""
class Store {{ load() {{ {DEEP} }} }}
function load() {{ return list.map((x) => {{ {DEEP} }}); }}
class Symbols {{ [Symbol.iterator]() {{ {DEEP} }} }}
function loader() {{ {DEEP} }}
"""


@pytest.mark.parametrize(("patterns", "judged"), IGNORED, ids=lambda value: " ".join(value) or "none")
def test_ignored_functions_are_listed_but_not_judged(guard, project, patterns, judged):
    root = project({"a.ts": SOURCE, ".complexityguard.json": json.dumps({"analysis": {"ignore_functions": patterns}})})
    (file,) = guard("-f", "json", "a.ts", cwd=root).json["files"]
    assert len(file["functions"]) == 5
    assert [f["qualified_name"] for f in file["functions"] if f["violations"]] == judged
    assert all(f["nesting_depth"] == 6 for f in file["functions"] if f["qualified_name"] != "load")


def test_ignored_functions_have_no_share_in_health(guard, project):
    ignore_all = json.dumps({"analysis": {"ignore_functions": ["*"]}})
    root = project({"a.ts": SOURCE, ".complexityguard.json": ignore_all})
    assert guard("-f", "json", "a.ts", cwd=root).json["files"][0]["health_score"] == 100


def test_overrides_ignore_for_some_files_only(guard, project):
    config = {"overrides": [{"files": ["gen/**"], "analysis": {"ignore_functions": ["*"]}}]}
    root = project({"src/a.ts": SOURCE, "gen/a.ts": SOURCE, ".complexityguard.json": json.dumps(config)})
    files = guard("-f", "json", ".", cwd=root).json["files"]
    assert {file["path"]: file["status"] for file in files} == {"src/a.ts": "error", "gen/a.ts": "ok"}


def test_a_pattern_of_many_stars_takes_no_time(guard, project):
    config = json.dumps({"analysis": {"ignore_functions": ["*a" * 30 + "*b"]}})
    root = project({"a.ts": f"function {'a' * 5000}() {{ {DEEP} }}", ".complexityguard.json": config})
    assert guard("-f", "json", "a.ts", cwd=root, timeout=20).code == 1


# ------------------------------------------------------------------------------------- suppressions that do nothing

MANY = "export function f(a, b, c, d) {}\n"
USELESS = {
    "for another metric": (
        "// complexity-guard-ignore-next-line cognitive\n" + MANY,
        "this suppression matches no finding",
    ),
    "above nothing": (MANY + "// complexity-guard-ignore-next-line\n", "this suppression matches no finding"),
    "duplication": (
        "// complexity-guard-ignore-file duplication\n" + MANY,
        "duplication is of several files: overrides in the configuration switch it off for some",
    ),
    "a metric that is none": (
        "// complexity-guard-ignore-next-line cognitve\n" + MANY,
        "no metric is called 'cognitve'",
    ),
    "a word that is none": (
        "// complexity-guard-ignore-nextline\n" + MANY,
        "there is no complexity-guard-ignore-nextline",
    ),
    "half a word": ("// complexity-guard-ignore params_count\n" + MANY, "there is no complexity-guard-ignore"),
    "the file's below code": (
        MANY + "// complexity-guard-ignore-file\n" + MANY,
        "complexity-guard-ignore-file holds only above all code",
    ),
}


@pytest.mark.parametrize(("source", "message"), USELESS.values(), ids=USELESS)
def test_a_suppression_that_does_nothing_is_a_warning(guard, project, source, message):
    file = guard("-f", "json", cwd=project({"a.ts": source})).json["files"][0]
    assert [(notice["rule"], notice["message"]) for notice in file["notices"]] == [("unused-suppression", message)]
    assert file["suppressed"] == []
    assert file["functions"][0]["violations"]


@pytest.mark.parametrize(
    "comment",
    [
        "// complexity-guard-ignored: no",
        "// see complexity-guard-ignore-next-line",
        "const a = '// complexity-guard-ignore-file'",
    ],
)
def test_what_only_looks_like_a_suppression_is_none(guard, project, comment):
    file = guard("-f", "json", cwd=project({"a.ts": f"{comment}\n{MANY}"})).json["files"][0]
    assert file["notices"] == []
    assert file["suppressed"] == []


def test_a_hundred_thousand_suppressions_take_linear_time(guard, project):
    """Each looked for its line through all of the lines before it: minutes."""
    source = "// complexity-guard-ignore-next-line\n" * 100_000 + "function f() {}"
    assert guard("a.ts", "--fail-on", "none", cwd=project({"a.ts": source}), timeout=40).code == 0
