"""Which rules apply to a file: the configuration's, its overrides', and those of flags."""

from __future__ import annotations

from pathlib import Path

import pytest
from configurations import load as load
from configurations import settings as settings

import complexity_guard as cg


def test_overrides_apply_in_order_the_last_match_wins(settings):
    def thresholds(warning, error):
        return {"thresholds": {"cyclomatic": {"warning": warning, "error": error}}}

    loaded = settings({
        "analysis": {"thresholds": {"cyclomatic": {"warning": 5, "error": 6}}, "duplication_enabled": True},
        "overrides": [
            {"files": ["**/*.test.ts", "!keep.test.ts"], "analysis": {"metrics": ["cyclomatic"], **thresholds(50, 60)}},
            {"files": "legacy/", "analysis": {"syntax_errors": "error", **thresholds(30, 40)}},
            {"files": ["/legacy/a.*"], "analysis": {"duplication_enabled": False, **thresholds(None, 35)}},
        ],
    })  # fmt: skip

    def at(path):
        _, analysis = cg.analysis_for(loaded, path)
        return analysis.thresholds["cyclomatic"], len(analysis.metrics), analysis.syntax_errors

    assert at("src/a.ts") == ((5, 6), 5, "warning")
    assert at("src/a.test.ts") == ((50, 60), 1, "warning")
    assert at("keep.test.ts") == ((5, 6), 5, "warning")
    assert at("legacy/deep/b.ts") == ((30, 40), 5, "error")
    assert at("legacy/a.ts") == ((30, 35), 4, "error")
    assert at("deep/legacy/a.ts") == ((30, 40), 5, "error")
    assert at("legacy/a.test.ts") == ((30, 35), 1, "error")
    assert at("./legacy/../src/a.ts") == at("src/a.ts")
    keys = {cg.analysis_for(loaded, path)[0] for path in ("src/a.ts", "src/b.ts", "x/legacy/a.ts", "legacy/b.ts")}
    assert len(keys) == 2


def test_flags_stand_above_overrides(settings):
    config = {"overrides": [{"files": "*", "analysis": {"metrics": ["halstead"], "duplication_enabled": True}}]}
    assert cg.analysis_for(settings(config, ["--metrics", "cognitive"]), "a.ts")[1].metrics == {"cognitive"}
    assert cg.analysis_for(settings(config, ["--no-duplication"]), "a.ts")[1].metrics == {"halstead"}
    assert cg.analysis_for(settings(config), "a.ts")[1].metrics == {"halstead", "duplication"}


def test_overrides_reach_the_numbers(guard, project):
    many = "function f(a, b, c, d, e, f, g) {}\n"
    folder = project({
        ".git/HEAD": "", "src/a.ts": many, "src/legacy/b.ts": many,
        ".complexityguard.json": '{"overrides": [{"files": ["src/legacy/**"], "analysis":'
        ' {"thresholds": {"params_count": {"warning": 10, "error": 20}}}}]}',
    })  # fmt: skip
    for cwd, arguments in (
        (folder, ["src"]),
        (folder / "src", []),
        (folder / "src/legacy", [".."]),
        (folder, [str(folder)]),
    ):
        result = guard("-f", "json", *arguments, cwd=cwd)
        statuses = {Path(file["path"]).name: file["functions"][0]["status"] for file in result.json["files"]}
        assert statuses == {"a.ts": "error", "b.ts": "ok"}
        assert result.code == 1


# What the code of a file is
IS_TEST = """src/a.test.ts a.spec.tsx src/__tests__/a.ts test/a.ts packages/x/tests/deep/a.js e2e/a.ts cypress/a.js"""
IS_PRODUCT = """src/a.ts src/test.ts src/tests.js testing/a.ts src/latest/a.ts contest/a.ts a.tests.ts src/spec.ts"""


@pytest.mark.parametrize("name", [*IS_TEST.split(), *IS_PRODUCT.split()])
def test_test_code_is_told_by_its_path_in_the_project(settings, name):
    kinds = cg.CodeKinds(settings({"files": {}}))
    code = kinds.of(name, "", cg.DEFAULT_ANALYSIS)
    assert code == (cg.Code("test", "files.tests") if name in IS_TEST.split() else cg.Code("product", ""))


def test_what_lies_above_the_project_makes_no_test_code(project, guard):
    """The project is the folder of the configuration, or else the repository, or else what is analysed."""
    folder = project({
        "test/configured/.complexityguard.json": "{}", "test/configured/a.ts": "", "test/configured/test/b.ts": "",
        "test/cloned/.git/HEAD": "", "test/cloned/a.ts": "", "test/cloned/test/b.ts": "",
        "test/unpacked/a.ts": "", "test/unpacked/test/b.ts": "", "elsewhere/c.ts": "",
    })  # fmt: skip
    for name in ("configured", "cloned", "unpacked"):
        there = folder / "test" / name
        for cwd, path in ((there, "."), (there / "test", ".."), (folder / "elsewhere", f"../test/{name}")):
            files = guard("-f", "json", path, cwd=cwd).json["files"]
            codes = {Path(file["path"]).name: file["code"] for file in files}
            assert codes == {"a.ts": "product", "b.ts": "test"}, (name, path)


def test_a_configuration_says_what_test_code_is(settings):
    kinds = cg.CodeKinds(settings({"files": {"tests": ["checks/**", "!checks/lib/**"]}}))
    codes = [kinds.of(name, "", cg.DEFAULT_ANALYSIS).kind for name in ("checks/a.ts", "checks/lib/a.ts", "test/a.ts")]
    assert codes == ["test", "product", "product"]


IS_GENERATED = {
    "// @generated": "@generated",
    "/*\n * Copyright\n * @generated SignedSource<<0>>\n */": "* @generated",
    "// Copyright 2020\n\n// Code generated by protoc-gen-ts. DO NOT EDIT.\n": "Code generated by protoc-gen-ts. DO NOT EDIT",
    "#!/usr/bin/env node\n/* eslint-disable */\n/* This file was automatically generated. */": "This file was automatically",
}
IS_BY_HAND = (
    "let a = 1; // @generated",
    "// Tells whether a file is @generated",
    "// @generated-by-hand",
    "let a = 1\n// Code generated by x. DO NOT EDIT.",
    "const text = '// @generated'",
    "",
)


@pytest.mark.parametrize("text", [*IS_GENERATED, *IS_BY_HAND])
def test_generated_code_is_told_by_its_first_comments(text):
    options = cg.measure_options(cg.DEFAULT_ANALYSIS)
    sign = cg.measure("a.ts", f"{text}\nlet b = 2\n".encode(), options, cg.make_scanner(), 0)[0].generated
    assert bool(sign) == (text in IS_GENERATED), sign
    assert IS_GENERATED.get(text, "") in sign


def test_generated_code_is_told_by_its_name_and_is_no_test_code(settings):
    kinds = cg.CodeKinds(settings({"files": {}}))
    assert kinds.of("test/lib.min.js", "", cg.DEFAULT_ANALYSIS) == cg.Code("generated", "its name: *.min.js")
    assert kinds.of("lib.min.mjs", "", cg.DEFAULT_ANALYSIS).kind == "generated"
    assert kinds.of("admin.js", "", cg.DEFAULT_ANALYSIS).kind == "product"
    judged = cg.DEFAULT_ANALYSIS._replace(generated="judge")
    assert kinds.of("test/lib.min.js", "its first comment: @generated", judged).kind == "test"
