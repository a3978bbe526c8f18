"""Imports that the configuration forbids: the same ones that dependency-cruiser forbids by the same rules."""

from __future__ import annotations

import json
from pathlib import Path

import boundaries
import edges
import pytest
from repository import Repo

import complexity_guard as cg

CASES = json.loads((Path(__file__).parent / "oracles" / "boundaries.json").read_text())


@pytest.mark.parametrize("name", CASES)
def test_the_verdicts_are_dependency_cruisers(name, tmp_path):
    """Frozen by `python scripts/oracles/boundaries.py --freeze`."""
    case = CASES[name]
    edges.written(case["files"], tmp_path)
    top = str(tmp_path)
    imports = edges.imports_in(top, [name for name in edges.sources(top) if name.startswith("src/")])
    assert sorted(map(list, boundaries.ours(top, case["rule"], imports))) == case["forbidden"]


FILES = {
    "src/ui/a.ts": '// who\nimport "../db/x";\nimport _ from "lodash/fp";\nimport type { S } from "../service";\n',
    "src/db/x.ts": 'import "react";\n',
    "src/service.ts": "export type S = 1;\n",
}
RULE = {"from": "src/ui/**", "deny": ["src/db/**", "external:lod*"], "reason": "go through the service"}


def configured(*rules, **more):
    return {".complexityguard.json": json.dumps({"boundaries": rules, **more})}


def found(guard, folder, *arguments):
    rows = guard("-f", "json", *arguments, ".", cwd=folder).json["graph"]["violations"]
    return [(row["file"], row["line"], row["message"]) for row in rows if row["metric"] == "import_boundaries"]


def test_each_import_is_an_error_on_its_line(guard, project):
    folder = project(FILES | configured(RULE))
    shown = guard(".", cwd=folder)
    assert shown.code == 1 and "4 files" not in shown.out
    words = "is not to be imported here: go through the service"
    assert f"src/ui/a.ts:2  src/db/x.ts {words}\n" in shown.out and f"src/ui/a.ts:3  lodash {words}\n" in shown.out
    assert found(guard, folder) == [("src/ui/a.ts", 2, f"src/db/x.ts {words}"), ("src/ui/a.ts", 3, f"lodash {words}")]
    result = guard("-f", "sarif", ".", cwd=folder).json["runs"][0]["results"][0]
    assert result["ruleId"] == "import_boundaries" and result["level"] == "error"
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 2


@pytest.mark.parametrize(
    "name", ["ndjson", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown", "csv", "compact"]
)
def test_in_every_format(guard, project, name):
    shown = guard("-f", name, ".", cwd=project(FILES | configured(RULE)))
    assert "import_boundaries" in shown.out or "not to be imported here" in shown.out


def test_packages_that_are_allowed(guard, project):
    folder = project(FILES | configured({"from": "src/**", "allow": ["external:lodash"]}))
    assert found(guard, folder) == [("src/db/x.ts", 1, "react is not to be imported here")]


@pytest.mark.parametrize(
    ("more", "arguments", "has_graph"),
    [
        ({}, (), True),
        ({"analysis": {"graph": False}}, (), False),
        ({"analysis": {"metrics": ["cyclomatic"]}}, (), True),
        ({}, ("--no-graph",), False),
        ({}, ("--metrics", "cyclomatic"), False),
    ],
)
def test_boundaries_switch_the_graph_on(guard, project, more, arguments, has_graph):
    shown = guard("-f", "json", *arguments, ".", cwd=project(FILES | configured(RULE, **more))).json
    assert shown["graph"]["enabled"] is has_graph


def test_limits_say_of_what_level_they_are_and_where(guard, project):
    warned = {"analysis": {"thresholds": {"import_boundaries": {"warning": 0, "error": "off"}}}}
    assert guard(".", cwd=project(FILES | configured(RULE, **warned))).code == 0
    left = {"overrides": [{"files": ["src/ui/**"], "analysis": {"thresholds": {"import_boundaries": {"error": 2}}}}]}
    assert guard(".", cwd=project(FILES | configured(RULE, **left))).code == 0
    assert (
        guard(".", cwd=project(FILES | configured(RULE, **left) | {"src/ui/a.ts": 'import "../db/x";' * 3})).code == 1
    )


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"from": "a"}, '{"from": "a"}'),
        ({"from": "a", "deny": []}, '{"deny": []}'),
        ({"from": "a", "deny": "b", "allow": "c"}, "not {"),
        ({"layers": ["a"], "typs": True}, "not {"),
        ({"features": "a", "types": 1}, '{"types": 1}'),
        ({"from": "a", "deny": "b", "reason": 3}, '{"reason": 3}'),
        ({"from": [1], "deny": "b"}, "boundaries must be a list"),
        (3, "not 3"),
    ],
)
def test_what_is_no_boundary(guard, project, rule, says):
    shown = guard(".", cwd=project(FILES | configured(rule)))
    assert shown.code == 3 and "boundaries must be a list of" in shown.err and says in shown.err


def test_a_change_fails_for_the_import_that_it_adds(guard, tmp_path):
    repo = Repo(guard, tmp_path / "r").commit(FILES | configured(RULE))
    repo.write({"src/ui/a.ts": FILES["src/ui/a.ts"] + "f();\n"})
    assert repo.run("--changed", ".").code == 0
    repo.write({"src/ui/b.ts": 'import "../db/x";\n'})
    result = repo.run("--changed", ".")
    assert result.code == 1 and [row["file"] for row in result.json["graph"]["violations"]] == ["src/ui/b.ts"]
    repo.guard("--write-baseline", "base.jsonl", ".", cwd=repo.root)
    assert repo.run("--baseline", "base.jsonl", ".").code == 0
    repo.write({"src/ui/b.ts": 'import "../db/x";\nimport "lodash";\n'})
    assert repo.run("--baseline", "base.jsonl", ".").code == 1


def test_globs_are_of_the_folder_of_the_configuration(guard, tmp_path):
    """One file suffices: what it imports need not be analysed."""
    root = Repo(guard, tmp_path / "r").commit(FILES | configured(RULE)).root
    for folder, path in (("src", "."), ("src/ui", "a.ts"), (".", "src/ui/a.ts")):
        shown = guard(path, cwd=root / folder)
        assert shown.code == 1 and "db/x.ts is not to be imported" in shown.out and "2 errors" in shown.out


def test_words_of_rules_cannot_drive_a_terminal(guard, project):
    shown = guard(".", cwd=project(FILES | configured(RULE | {"reason": "\x1b[31mred\n::add-mask::x"})))
    assert shown.code == 1 and "\x1b" not in shown.out and "\n::" not in shown.out


def test_features_are_the_outermost_folders():
    rules = cg.BoundaryRules([{"features": "f/*"}], "/top")
    assert rules.reason("/top/f/a/x.ts", "/top/f/b/y.ts", False, False) == "features do not see each other"
    for pair in (("f/a/x.ts", "f/a/in/y.ts"), ("f/x.ts", "f/a/y.ts"), ("f/a/x.ts", "f/y.ts"), ("x.ts", "f/a/y.ts")):
        assert rules.reason(*(f"/top/{path}" for path in pair), False, False) is None
