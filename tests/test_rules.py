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
    rules = cg.RuleBook(settings({"files": {}})).of(name)
    assert rules[:2] == (("test", "files.tests") if name in IS_TEST.split() else ("product", ""))


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
    book = cg.RuleBook(settings({"files": {"tests": ["checks/**", "!checks/lib/**"]}}))
    codes = [book.of(name).code for name in ("checks/a.ts", "checks/lib/a.ts", "test/a.ts")]
    assert codes == ["test", "product", "product"]


# The first comment of files, and what of it tells: each is a generator's in the packages of scripts/calibration_corpus.json.
IS_GENERATED = {
    "// @generated": "@generated",
    "/*\n * Copyright\n * @generated SignedSource<<0>>\n */": "@generated",
    "// Copyright 2020\n\n// Code generated by protoc-gen-ts. DO NOT EDIT.": "Code generated by",
    "#!/usr/bin/env node\n/* eslint-disable */\n/* This file was automatically generated. */": "This file was automatically",
    "/* This file was\n * automatically generated by x */": "This file was automatically generated",
    "/* Code generated by Microsoft (R) AutoRest Code Generator.\n * Changes are lost. */": "Code generated by",
    "// This file is generated. Edit build/generate-shaders.ts, then run it.": "This file is generated",
    "// Generated with `pnpm gen:tokenlist`. Do not modify manually.": "Do not modify",
    "// @barrel: Auto-generated exports. Do not edit manually.": "generated exports. Do not edit",
    "//This file is automatically rebuilt by the Cesium build process.": "automatically rebuilt",
    "/* Automatically generated, DO NOT EDIT */": "Automatically generated",
    "// Generated by CoffeeScript 1.12.7": "Generated by",
    "/* Jison generated parser */": "Jison generated parser",
    "// <auto-generated>": "<auto-generated",
    "// AUTOGENERATED FILE - DO NOT EDIT": "AUTOGENERATED FILE",
    "// DO NOT EDIT! It is generated by tools/x": "DO NOT EDIT! It is generated",
}
# What hands write, of the same words.
IS_BY_HAND = (
    "let a = 1; // @generated",
    "// Tells whether a file is @generated",
    "// @generated-by-hand",
    "let a = 1\n// Code generated by x. DO NOT EDIT.",
    "const text = '// @generated'",
    "// Do not change the values below, additional actions are needed",
    "/* Sends the events\n * generated by the user */",
    "// Generated by Copilot, and mended since",
    "/* The following code was generated by a script; after that, we added some manual editing. */",
    "/* @fileoverview A fuzzing JSON generator. This class generates random arrays. */",
    "/* Automatically generates names */",
    "// Generates code. Do not edit it twice.",
    "",
)


@pytest.mark.parametrize("text", [*IS_GENERATED, *IS_BY_HAND])
def test_generated_code_is_told_by_its_first_comments(text):
    options = cg.measure_options(cg.DEFAULT_ANALYSIS)
    sign = cg.measure("a.ts", f"{text}\nlet b = 2\n".encode(), options, cg.make_scanner(), cg.Bounds())[0].generated
    assert bool(sign) == (text in IS_GENERATED), sign
    assert IS_GENERATED.get(text, "") in sign


def test_generated_code_is_told_by_its_name_and_is_no_test_code(settings):
    book = cg.RuleBook(settings({"files": {}}))
    assert book.of("test/lib.min.js")[:2] == ("generated", "its name, *.min.js")
    assert book.of("lib.min.mjs").code == "generated"
    assert book.of("admin.js").code == "product"
    judging = cg.RuleBook(settings({"files": {"generated": "judge"}}))
    assert judging.of("test/lib.min.js", "a sign in its text").code == "test"


def test_minified_code_is_told_by_lines_on_which_much_happens():
    def sign(text):
        return cg.measure(
            "a.js", text.encode(), cg.measure_options(cg.DEFAULT_ANALYSIS), cg.make_scanner(), cg.Bounds()
        )[0].generated

    branch = "function f(a){if(a){return a?1:2}return a&&3}"
    assert sign(branch * 40) == "its shape, that of minified code"
    assert sign("/* a licence\n */\n" + "\n".join([branch * 20] * 3))
    assert not sign(branch * 20), "no more than a line or two"
    assert not sign("\n".join([branch] * 40))
    assert not sign(f'const path = "{"M0 0" * 500}"; {branch}')
    assert not sign("\n".join([branch * 20] + [branch] * 20))
